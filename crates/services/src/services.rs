//! Everything that use cases need, in one cheap handle.

use crate::access::{AccessState, IdentityProvider};
use crate::files::FileStore;
use chrono::{DateTime, TimeDelta, Utc};
use landfall_repositories::Store;
use std::sync::Arc;

/// The use cases of Landfall. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Services {
    store: Store,
    files: FileStore,
    settings: Arc<Settings>,
    access: Arc<AccessState>,
}

/// What an operator can change.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Largest upload in bytes.
    pub upload_limit: u64,
    /// Rows of one batch.
    pub batch_rows: usize,
    /// Confidence from which a suggested mapping is approved by itself.
    pub approval_threshold: f64,
    /// How long a worker may be silent before another takes its job: so long waits the work of a worker that was killed.
    pub job_lease: TimeDelta,
    /// Whose tokens are taken beside our own.
    pub identity_providers: Vec<IdentityProvider>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            upload_limit: 4 * 1024 * 1024 * 1024,
            batch_rows: 1_000,
            approval_threshold: crate::mappings::APPROVAL_THRESHOLD,
            job_lease: TimeDelta::seconds(60),
            identity_providers: Vec::new(),
        }
    }
}

impl Services {
    /// Use cases over a database and a place for files.
    pub fn new(store: Store, files: FileStore, settings: Settings) -> Self {
        Self {
            store,
            files,
            access: Arc::new(AccessState::new(&settings.identity_providers)),
            settings: Arc::new(settings),
        }
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The uploads.
    pub fn files(&self) -> &FileStore {
        &self.files
    }

    /// What the operator set.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What is shared about access.
    pub(crate) fn access(&self) -> &AccessState {
        &self.access
    }

    /// The time now.
    pub fn now(&self) -> DateTime<Utc> {
        self.store.clock().now()
    }
}
