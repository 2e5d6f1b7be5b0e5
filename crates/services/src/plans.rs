//! Plans of waves: made by a job, changed by persons, judged after every change, kept version by version, committed.

mod commit;
mod edit;
mod export;
mod import;
mod portfolio;
mod run;
mod versions;
mod write;

pub use commit::WAVE_STATUSES;
pub use edit::{Move, PlanEdit};
pub use export::{PlanFormat, PlanTarget};
pub use import::{ImportedPlan, PlanRowFault};
pub use landfall_planning::waves::{
    Comparison, Evaluation, InvalidSettings, Pin, RULES, Rule, Wave, WaveSettings,
};
pub use landfall_repositories::entities::migration_waves::Model as MigrationWave;
pub use landfall_repositories::entities::plan_versions::Model as PlanVersion;
pub use landfall_repositories::entities::plan_violations::Model as PlanViolation;
pub use landfall_repositories::entities::plans::Model as Plan;
pub use landfall_repositories::entities::wave_plans::Model as PlannedWave;
pub use landfall_repositories::{ViolationFilter, WavePatch};
pub(crate) use portfolio::load_portfolio;
pub(crate) use run::{PLAN_JOB, fail_plan, run_plan};

use crate::Services;
use landfall_domain::{AssetId, FlowStatus, FlowType, Page, PageRequest, Scope};
use landfall_planning::waves::next_monday;
use landfall_repositories::{
    Change, NewJob, NewMasterFlow, NewPlan, PlanPatch, StoreError, StoreResult, Transient, retry,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// The state of a plan whose job has not ended.
const PLANNING: &str = "planning";
/// The state of a plan that can be read and changed.
const READY: &str = "ready";
/// The state of the plan that is carried out.
const COMMITTED: &str = "committed";

/// Why a plan was not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// Settings that cannot be used, all of them.
    #[error("the settings cannot be used: {}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Settings {
        /// What is wrong with each.
        faults: Vec<InvalidSettings>,
    },
    /// Something in the request cannot be used.
    #[error("{message}")]
    Input {
        /// The property.
        field: &'static str,
        /// A sentence.
        message: String,
    },
    /// The plan is in a state in which this cannot be done; the sentence says what to do first.
    #[error("{0}")]
    State(String),
    /// Rows of a file that cannot be used, all of them. Nothing was changed.
    #[error("{} rows of the file cannot be used; the first: {}", faults.len(), faults.first().map_or("", |fault| fault.message.as_str()))]
    Rows {
        /// What is wrong with each.
        faults: Vec<PlanRowFault>,
    },
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] crate::imports::readers::FileFault),
    /// A file could not be written.
    #[error("the file could not be written: {0}")]
    Write(String),
    /// The database refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Transient for PlanError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}

impl PlanError {
    /// Whether the same work may succeed later: the database was busy or away, or the plan was changed meanwhile.
    pub(crate) fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Store(StoreError::Conflict { .. } | StoreError::Retryable(_) | StoreError::Database(_))
        )
    }
}

/// A plan that a person asks for.
#[derive(Clone, Debug, Default)]
pub struct PlanRequest {
    /// Its name.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// Settings that differ from the defaults.
    pub settings: Map<String, Value>,
}

/// What a person may change of a plan; `None` leaves a value.
#[derive(Clone, Debug, Default)]
pub struct PlanChange {
    /// Its name.
    pub name: Option<String>,
    /// Free text; `Some(None)` takes it away.
    pub description: Option<Option<String>>,
    /// Settings to be changed, by name. The plan is judged by them at once; its waves stay until it is generated again.
    pub settings: Option<Map<String, Value>>,
}

impl Services {
    /// Makes a plan; a job fills it with waves.
    ///
    /// # Errors
    /// [`PlanError::Settings`] with everything that is wrong with the settings.
    pub async fn create_plan(&self, scope: &Scope, request: PlanRequest) -> Result<Plan, PlanError> {
        let defaults = WaveSettings::starting(next_monday(self.now().date_naive()));
        let settings = changed_settings(&defaults, &request.settings)?;
        let settings = stored(&settings)?;
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let flow = uow
                .flows()
                .create(NewMasterFlow {
                    flow_type: FlowType::Planning,
                    flow_name: Some(request.name.clone()),
                    parent_flow_id: None,
                    configuration: settings.clone(),
                })
                .await?;
            let plan = uow
                .plans()
                .create(NewPlan {
                    name: request.name.clone(),
                    description: request.description.clone(),
                    settings: settings.clone(),
                    pins: json!([]),
                    based_on_plan_id: None,
                    master_flow_id: flow.flow_id,
                })
                .await?;
            uow.jobs().enqueue(job(plan.id)).await?;
            uow.change_log().record(change("created", &plan, None)).await?;
            uow.commit().await?;
            Ok(plan)
        })
        .await
    }

    /// Plans, newest first; with this state, if one is given.
    pub async fn plans(
        &self,
        scope: &Scope,
        status: Option<&str>,
        page: &PageRequest,
    ) -> StoreResult<Page<Plan>> {
        self.store()
            .begin_read(scope)
            .await?
            .plans()
            .list(status, page)
            .await
    }

    /// One plan.
    pub async fn plan(&self, scope: &Scope, id: Uuid) -> StoreResult<Plan> {
        self.store().begin_read(scope).await?.plans().get(id).await
    }

    /// Waves of a plan, by number.
    pub async fn plan_waves(
        &self,
        scope: &Scope,
        id: Uuid,
        page: &PageRequest,
    ) -> StoreResult<Page<PlannedWave>> {
        let uow = self.store().begin_read(scope).await?;
        uow.plans().get(id).await?;
        uow.plans().waves(id, page).await
    }

    /// Assets of a wave of a plan, with their names; of wave 0 those that do not move.
    pub async fn plan_wave_assets(
        &self,
        scope: &Scope,
        id: Uuid,
        wave: i32,
        page: &PageRequest,
    ) -> StoreResult<Page<WaveAsset>> {
        let uow = self.store().begin_read(scope).await?;
        uow.plans().get(id).await?;
        let wave = uow.plans().wave(id, wave).await?;
        let rows = uow.plans().wave_assets(wave.id, page).await?;
        let ids: Vec<AssetId> = rows.items.iter().map(|row| row.asset_id).collect();
        let mut names = uow.plans().names(&ids).await?;
        Ok(rows.map(|row| WaveAsset {
            name: names.remove(&row.asset_id).unwrap_or_default(),
            asset_id: row.asset_id,
            is_pinned: row.is_pinned,
            reason: row.reason,
        }))
    }

    /// Violations of a plan, the worst first.
    pub async fn plan_violations(
        &self,
        scope: &Scope,
        id: Uuid,
        filter: &ViolationFilter,
        page: &PageRequest,
    ) -> StoreResult<Page<PlanViolation>> {
        let uow = self.store().begin_read(scope).await?;
        uow.plans().get(id).await?;
        uow.plans().violations(id, filter, page).await
    }

    /// Makes the waves of a plan anew, by a job, keeping its pins.
    ///
    /// # Errors
    /// [`PlanError::State`] for a committed plan.
    pub async fn regenerate_plan(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
    ) -> Result<Plan, PlanError> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let plan = uow.plans().get(id).await?;
            if plan.status == COMMITTED {
                return Err(is_committed());
            }
            let patch = PlanPatch {
                status: Some(PLANNING.to_owned()),
                error_message: Some(None),
                ..PlanPatch::default()
            };
            let plan = uow
                .plans()
                .update(id, expected.unwrap_or(plan.version), patch)
                .await?;
            uow.jobs().enqueue(job(id)).await?;
            uow.change_log()
                .record(change("asked for anew", &plan, None))
                .await?;
            uow.commit().await?;
            Ok(plan)
        })
        .await
    }

    /// Deletes a plan with its versions.
    ///
    /// # Errors
    /// [`PlanError::State`] for a committed plan.
    pub async fn delete_plan(&self, scope: &Scope, id: Uuid) -> Result<(), PlanError> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let plan = uow.plans().get(id).await?;
            if plan.status == COMMITTED {
                return Err(is_committed());
            }
            uow.plans().delete(id).await?;
            uow.flows()
                .set_status(plan.master_flow_id, FlowStatus::Cancelled)
                .await?;
            uow.change_log().record(change("deleted", &plan, None)).await?;
            uow.commit().await?;
            Ok(())
        })
        .await
    }
}

/// An asset in a wave.
#[derive(Clone, Debug)]
pub struct WaveAsset {
    /// The asset.
    pub asset_id: AssetId,
    /// Its name.
    pub name: String,
    /// Whether a person put it there.
    pub is_pinned: bool,
    /// Why it is there.
    pub reason: Option<String>,
}

/// The settings with changes, if all of it can be used.
fn changed_settings(
    settings: &WaveSettings,
    changes: &Map<String, Value>,
) -> Result<WaveSettings, PlanError> {
    let mut all = stored(settings)?;
    if let Value::Object(all) = &mut all {
        for (name, value) in changes {
            let nested = all.get_mut(name).and_then(Value::as_object_mut);
            match (nested, value) {
                // Maps such as lead times are changed entry by entry.
                (Some(known), Value::Object(entries)) => known.extend(entries.clone()),
                _ => {
                    all.insert(name.clone(), value.clone());
                }
            }
        }
    }
    let changed: WaveSettings = serde_json::from_value(all).map_err(|error| PlanError::Input {
        field: "settings",
        message: format!("the settings cannot be read: {error}"),
    })?;
    let faults = changed.faults();
    if faults.is_empty() {
        Ok(changed)
    } else {
        Err(PlanError::Settings { faults })
    }
}

fn stored(of: &impl serde::Serialize) -> Result<Value, PlanError> {
    serde_json::to_value(of).map_err(|error| PlanError::Write(error.to_string()))
}

/// The settings that a plan was stored with.
fn settings_of(plan: &Plan) -> Result<WaveSettings, PlanError> {
    serde_json::from_value(plan.settings.clone()).map_err(|error| PlanError::Store(error.into()))
}

fn pins_of(plan: &Plan) -> Result<Vec<Pin>, PlanError> {
    serde_json::from_value(plan.pins.clone()).map_err(|error| PlanError::Store(error.into()))
}

fn is_committed() -> PlanError {
    PlanError::State("the plan is committed: take its commit back first, or change a copy of it".to_owned())
}

fn job(plan: Uuid) -> NewJob {
    NewJob::new(PLAN_JOB, json!({ "plan_id": plan })).once(format!("plan:{plan}"))
}

fn change<'c>(action: &'c str, plan: &Plan, after: Option<Value>) -> Change<'c> {
    Change {
        entity_type: "plan",
        entity_id: plan.id.to_string(),
        action,
        before: None,
        after: after.or_else(|| Some(json!({ "name": plan.name, "plan_version": plan.plan_version }))),
    }
}
