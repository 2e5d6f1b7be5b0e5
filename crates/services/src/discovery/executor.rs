//! What does a phase: Landfall itself, or somebody outside who hands in the result.

use super::facts::RecordReader;
use crate::files::FileError;
use crate::imports::options::ImportOptions;
use crate::imports::readers::FileFault;
use crate::services::Services;
use async_trait::async_trait;
use landfall_domain::{Phase, Scope};
use landfall_repositories::entities::{data_imports, discovery_flows, jobs};
use landfall_repositories::{Bulk, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Why a phase could not be done.
#[derive(Debug, thiserror::Error)]
pub enum DiscoveryError {
    /// The database failed; the phase goes on where it was when it is tried again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The kept file could not be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The kept file is not what it was when it was accepted.
    #[error("the file can no longer be read: {0}")]
    Faulty(#[from] FileFault),
    /// What was handed in is not a result of the phase; the sentence says why.
    #[error("this is no result of the phase {phase}: {reason}")]
    NotAResult {
        /// The phase.
        phase: Phase,
        /// What is wrong with it.
        reason: String,
    },
    /// A task of this process ended early.
    #[error("the work was interrupted: {0}")]
    Interrupted(String),
}

impl DiscoveryError {
    /// Whether trying again may help.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Store(error) => {
                matches!(
                    error,
                    StoreError::Retryable(_) | StoreError::Database(_) | StoreError::LeaseLost { .. }
                )
            }
            Self::File(_) | Self::Interrupted(_) => true,
            Self::Faulty(_) | Self::NotAResult { .. } => false,
        }
    }

    /// One word for `error_details.type`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Store(_) => "database",
            Self::File(_) => "storage",
            Self::Faulty(_) => "file",
            Self::NotAResult { .. } => "phase_output",
            Self::Interrupted(_) => "interrupted",
        }
    }
}

/// How a phase ended.
#[derive(Clone, Debug, PartialEq)]
pub enum PhaseOutcome {
    /// It is done; the value is kept with the flow.
    Completed(Value),
    /// A person or an outside executor must act first. The words say what is waited for.
    Waiting {
        /// One word: `mapping_approval`, `phase_output`.
        waiting_for: &'static str,
        /// What the phase found so far.
        output: Value,
    },
}

/// Does one phase of a discovery flow.
///
/// An executor may be stopped at any moment and is then called again: it goes on from [`PhaseContext::cursor`], and commits
/// rows and cursor together through [`PhaseContext::commit`].
#[async_trait]
pub trait PhaseExecutor: Send + Sync {
    /// Which phase it does.
    fn phase(&self) -> Phase;

    /// Does the phase, or what is left of it.
    async fn execute(&self, context: &mut PhaseContext) -> Result<PhaseOutcome, DiscoveryError>;

    /// Takes a result that somebody else worked out, after checking it whole. Says [`DiscoveryError::NotAResult`] about what is
    /// none, and then has changed nothing.
    async fn accept(&self, context: &mut PhaseContext, output: Value)
    -> Result<PhaseOutcome, DiscoveryError>;
}

/// What an executor works with.
#[derive(Debug)]
pub struct PhaseContext {
    /// The use cases' handle.
    pub services: Services,
    /// Whose flow it is.
    pub scope: Scope,
    /// The flow, as it was when the phase began.
    pub flow: discovery_flows::Model,
    /// Its import.
    pub import: data_imports::Model,
    job: Option<jobs::Model>,
    cursor: Option<Value>,
}

impl PhaseContext {
    /// A context for the job that drives the flow; without a job nothing is kept of how far a phase has come.
    pub fn new(
        services: Services,
        scope: Scope,
        flow: discovery_flows::Model,
        import: data_imports::Model,
        job: Option<jobs::Model>,
    ) -> Self {
        // A resumed flow is driven by a new job, which carries on where the one before it stopped.
        let cursor = job
            .as_ref()
            .and_then(|job| job.cursor.clone().or_else(|| job.payload.get("cursor").cloned()));
        Self {
            services,
            scope,
            flow,
            import,
            job,
            cursor,
        }
    }

    /// How far the phase has come; the default if it has not begun.
    pub fn cursor<T: DeserializeOwned + Default>(&self, phase: Phase) -> T {
        self.cursor
            .as_ref()
            .filter(|cursor| cursor.get("phase").and_then(Value::as_str) == Some(phase.as_str()))
            .and_then(|cursor| T::deserialize(cursor.get("position")?).ok())
            .unwrap_or_default()
    }

    /// Commits a batch together with how far the phase has come with it.
    pub async fn commit<T: Serialize + Sync>(
        &mut self,
        mut bulk: Bulk,
        phase: Phase,
        position: &T,
    ) -> Result<(), DiscoveryError> {
        let cursor = json!({ "phase": phase.as_str(), "position": position });
        if let Some(job) = &self.job {
            let now = self.services.now();
            let lease = self.services.settings().job_lease;
            bulk.save_cursor(job, cursor.clone(), now, now + lease).await?;
        }
        bulk.commit().await?;
        self.cursor = Some(cursor);
        if let Err(error) = self.services.store().refresh_statistics().await {
            // The work is done, and goes on without.
            tracing::warn!(%error, "the statistics of the database could not be refreshed");
        }
        Ok(())
    }

    /// A reader of the import's rows under its accepted mappings.
    pub async fn record_reader(&self, phase: Phase) -> Result<RecordReader, DiscoveryError> {
        let uow = self.services.store().begin_read(&self.scope).await?;
        let mappings = uow.mappings().list(self.import.id).await?;
        let engagement = uow.engagements().current().await?;
        drop(uow);
        let mappings = super::facts::column_mappings(&mappings);
        let format = super::facts::format_of(&self.import);
        let options = self.options();
        let reader = RecordReader::new(format, &mappings, options.include, &engagement.currency).map_err(
            |unknown| {
                let reason = format!(
                    "column '{}' is mapped to '{}', which is no field",
                    unknown.source_field, unknown.target
                );
                DiscoveryError::NotAResult { phase, reason }
            },
        )?;
        Ok(reader.with_rules(options.cleansing))
    }

    /// How the import is treated.
    pub fn options(&self) -> ImportOptions {
        serde_json::from_value(self.import.options.clone()).unwrap_or_default()
    }
}
