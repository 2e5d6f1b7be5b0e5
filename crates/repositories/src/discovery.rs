//! Discovery flows: flags, results and state of the phases of discovery.

mod phases;

use crate::keyset::{self, Sort};
use crate::scoped::{ScopedWrites, conflict, insert};
use crate::{StoreError, StoreResult, Uow};
use discovery_flows::Column;
use landfall_domain::{DiscoveryFlowId, FlowStatus, ImportId, MasterFlowId, Page, PageRequest, Phase, Scope, ids};
use landfall_entities::{TenantScoped, discovery_flows};
use phases::Phases;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Map, Value};

/// Discovery flows of the unit of work's scope.
#[derive(Debug)]
pub struct DiscoveryFlowRepository<'u> {
    uow: &'u Uow,
}

/// A discovery flow to be made.
#[derive(Clone, Debug)]
pub struct NewDiscoveryFlow {
    /// The master flow that it hangs on.
    pub master_flow_id: MasterFlowId,
    /// The import that it works on.
    pub data_import_id: Option<ImportId>,
    /// A name for a person.
    pub flow_name: String,
    /// Settings and whatever else the caller wants to find again, a JSON object.
    pub flow_state: Map<String, Value>,
}

/// Which discovery flows are listed.
#[derive(Clone, Debug, Default)]
pub struct DiscoveryFilter {
    /// In one of these states; in any if empty.
    pub statuses: Vec<FlowStatus>,
    /// In this phase.
    pub current_phase: Option<Phase>,
    /// Of this master flow.
    pub master_flow_id: Option<MasterFlowId>,
    /// Of this import.
    pub data_import_id: Option<ImportId>,
}

/// A new state of a flow, with what is worth knowing about it.
#[derive(Clone, Debug, PartialEq)]
pub enum FlowChange {
    /// Work goes on. Takes an earlier error away.
    Running,
    /// A person must decide something.
    Waiting {
        /// What, such as `field_mapping approval`.
        waiting_for: String,
    },
    /// A person stopped it for a while.
    Paused {
        /// Why.
        reason: Option<String>,
    },
    /// An error stopped it.
    Failed {
        /// A sentence a person can act on.
        message: String,
        /// The phase that failed.
        phase: Option<Phase>,
        /// More facts, a JSON object.
        details: Value,
    },
    /// A person stopped it for good.
    Cancelled {
        /// Why.
        reason: Option<String>,
    },
    /// All is done.
    Completed,
}

impl FlowChange {
    /// The state that the flow has then.
    pub const fn status(&self) -> FlowStatus {
        match self {
            Self::Running => FlowStatus::Running,
            Self::Waiting { .. } => FlowStatus::Waiting,
            Self::Paused { .. } => FlowStatus::Paused,
            Self::Failed { .. } => FlowStatus::Failed,
            Self::Cancelled { .. } => FlowStatus::Cancelled,
            Self::Completed => FlowStatus::Completed,
        }
    }
}

impl Uow {
    /// Discovery flows.
    pub fn discovery(&self) -> DiscoveryFlowRepository<'_> {
        DiscoveryFlowRepository { uow: self }
    }
}

impl DiscoveryFlowRepository<'_> {
    /// Makes a pending flow at the start of its first phase.
    pub async fn create(&self, new: NewDiscoveryFlow) -> StoreResult<discovery_flows::Model> {
        let row = new_row(self.uow.scope(), self.uow.now(), new);
        insert(&self.uow.connection, row.clone()).await?;
        Ok(row)
    }

    /// The flow with this id.
    pub async fn get(&self, flow_id: DiscoveryFlowId) -> StoreResult<discovery_flows::Model> {
        discovery_flows::Entity::of(self.uow.scope())
            .filter(Column::FlowId.eq(flow_id))
            .one(&self.uow.connection)
            .await?
            .ok_or_else(|| StoreError::not_found("discovery flow", flow_id))
    }

    /// The newest flow that works on an import.
    pub async fn get_by_import(&self, import: ImportId) -> StoreResult<discovery_flows::Model> {
        discovery_flows::Entity::of(self.uow.scope())
            .filter(Column::DataImportId.eq(import))
            .order_by_desc(Column::CreatedAt)
            .order_by_desc(Column::FlowId)
            .one(&self.uow.connection)
            .await?
            .ok_or_else(|| StoreError::not_found("discovery flow of import", import))
    }

    /// Flows, newest first.
    pub async fn list(
        &self,
        filter: &DiscoveryFilter,
        request: &PageRequest,
    ) -> StoreResult<Page<discovery_flows::Model>> {
        let rows = discovery_flows::Entity::of(self.uow.scope()).filter(condition(filter));
        keyset::page(&self.uow.connection, rows, &Sort::by(Column::CreatedAt, Column::FlowId, true), request).await
    }

    /// How many flows the filter finds.
    pub async fn count(&self, filter: &DiscoveryFilter) -> StoreResult<u64> {
        Ok(discovery_flows::Entity::of(self.uow.scope()).filter(condition(filter)).count(&self.uow.connection).await?)
    }

    /// Says that a phase is done, or is to be done again. The phase's flag, the list of completed phases, the current
    /// phase and the progress change in one statement, so that they always agree: the list holds the phases whose flag is
    /// set in the order in which they were completed, the current phase is the first one to be done (the last one when
    /// none is left), progress is the share of completed phases. Outputs are kept under the phase's name and where the
    /// phase has a column of its own.
    pub async fn update_phase_completion(
        &self,
        flow_id: DiscoveryFlowId,
        phase: Phase,
        completed: bool,
        outputs: Option<Value>,
    ) -> StoreResult<discovery_flows::Model> {
        let flow = self.lock(flow_id).await?;
        let mut phases = Phases::of(&flow);
        phases.set(phase, completed);
        let mut values = phases.values();
        values.extend(outputs.map_or_else(Vec::new, |outputs| output_values(&flow, phase, outputs)));
        self.write(&flow, values).await
    }

    /// Keeps a phase's outputs without completing it.
    pub async fn save_output(
        &self,
        flow_id: DiscoveryFlowId,
        phase: Phase,
        outputs: Value,
    ) -> StoreResult<discovery_flows::Model> {
        let flow = self.lock(flow_id).await?;
        let values = output_values(&flow, phase, outputs);
        self.write(&flow, values).await
    }

    /// Changes the flow's state with its error, reason or what it waits for.
    pub async fn set_status(
        &self,
        flow_id: DiscoveryFlowId,
        change: &FlowChange,
    ) -> StoreResult<discovery_flows::Model> {
        let flow = self.lock(flow_id).await?;
        let values = status_values(&flow, change, self.uow.now());
        self.write(&flow, values).await
    }

    /// Renames the flow, and replaces its state document, if it still has the version that the caller saw.
    pub async fn describe(
        &self,
        flow_id: DiscoveryFlowId,
        expected: i64,
        flow_name: Option<String>,
        flow_state: Option<Map<String, Value>>,
    ) -> StoreResult<discovery_flows::Model> {
        let flow = self.lock(flow_id).await?;
        if flow.version != expected {
            return Err(conflict("discovery flow", flow_id, expected, flow.version));
        }
        let mut values = Vec::new();
        values.extend(flow_name.map(|name| (Column::FlowName, name.into())));
        values.extend(flow_state.map(|state| (Column::FlowState, Value::Object(state).into())));
        self.write(&flow, values).await
    }

    /// Deletes the flow.
    ///
    /// # Errors
    /// [`StoreError::MissingReference`] while assets refer to it.
    pub async fn delete(&self, flow_id: DiscoveryFlowId) -> StoreResult<()> {
        let deleted = discovery_flows::Entity::delete_of(self.uow.scope())
            .filter(Column::FlowId.eq(flow_id))
            .exec(&self.uow.connection)
            .await?;
        if deleted.rows_affected == 0 { Err(StoreError::not_found("discovery flow", flow_id)) } else { Ok(()) }
    }

    /// The flow, kept from others until the unit of work ends.
    async fn lock(&self, flow_id: DiscoveryFlowId) -> StoreResult<discovery_flows::Model> {
        discovery_flows::Entity::of(self.uow.scope())
            .filter(Column::FlowId.eq(flow_id))
            .lock_exclusive()
            .one(&self.uow.connection)
            .await?
            .ok_or_else(|| StoreError::not_found("discovery flow", flow_id))
    }

    async fn write(
        &self,
        flow: &discovery_flows::Model,
        values: Vec<(Column, sea_orm::Value)>,
    ) -> StoreResult<discovery_flows::Model> {
        let mut update = discovery_flows::Entity::update_of(self.uow.scope())
            .filter(Column::FlowId.eq(flow.flow_id))
            .filter(Column::Version.eq(flow.version))
            .col_expr(Column::Version, Expr::val(flow.version + 1))
            .col_expr(Column::UpdatedAt, Expr::val(self.uow.now()));
        for (column, value) in values {
            update = update.col_expr(column, Expr::val(value));
        }
        match update.exec_with_returning(&self.uow.connection).await?.pop() {
            Some(row) => Ok(row),
            None => {
                let actual = self.get(flow.flow_id).await?.version;
                Err(conflict("discovery flow", flow.flow_id, flow.version, actual))
            }
        }
    }
}

fn condition(filter: &DiscoveryFilter) -> Condition {
    let mut condition = Condition::all();
    if !filter.statuses.is_empty() {
        condition = condition.add(Column::Status.is_in(filter.statuses.iter().copied()));
    }
    condition
        .add_option(filter.current_phase.map(|phase| Column::CurrentPhase.eq(phase.as_str())))
        .add_option(filter.master_flow_id.map(|flow| Column::MasterFlowId.eq(flow)))
        .add_option(filter.data_import_id.map(|import| Column::DataImportId.eq(import)))
}

/// Outputs by phase, and in the column that the phase has of its own.
fn output_values(
    flow: &discovery_flows::Model,
    phase: Phase,
    outputs: Value,
) -> Vec<(Column, sea_orm::Value)> {
    let mut all = flow.crew_outputs.as_object().cloned().unwrap_or_default();
    all.insert(phase.as_str().to_owned(), outputs.clone());
    let mut values = vec![(Column::CrewOutputs, Value::Object(all).into())];
    let own = match phase {
        Phase::FieldMapping => Some(Column::FieldMappings),
        Phase::AssetInventory => Some(Column::DiscoveredAssets),
        Phase::DependencyAnalysis => Some(Column::Dependencies),
        Phase::TechDebtAssessment => Some(Column::TechDebtAnalysis),
        Phase::DataValidation | Phase::DataCleansing => None,
    };
    values.extend(own.map(|column| (column, outputs.into())));
    values
}

fn status_values(
    flow: &discovery_flows::Model,
    change: &FlowChange,
    now: chrono::DateTime<chrono::Utc>,
) -> Vec<(Column, sea_orm::Value)> {
    let mut state = flow.flow_state.as_object().cloned().unwrap_or_default();
    state.remove("waiting_for");
    state.remove("reason");
    let (mut message, mut error_phase, mut details) =
        (flow.error_message.clone(), flow.error_phase.clone(), flow.error_details.clone());
    let mut completed_at = None;
    match change {
        FlowChange::Running => (message, error_phase, details) = (None, None, None),
        FlowChange::Waiting { waiting_for } => {
            state.insert("waiting_for".to_owned(), waiting_for.clone().into());
        }
        FlowChange::Paused { reason } | FlowChange::Cancelled { reason } => {
            state.extend(reason.clone().map(|reason| ("reason".to_owned(), reason.into())));
        }
        FlowChange::Failed { message: why, phase, details: facts } => {
            (message, details) = (Some(why.clone()), Some(facts.clone()));
            error_phase = phase.map(|phase| phase.as_str().to_owned()).or_else(|| flow.current_phase.clone());
        }
        FlowChange::Completed => (message, error_phase, details) = (None, None, None),
    }
    if change.status().is_final() {
        completed_at = Some(now);
    }
    let started_at = flow.started_at.or((change.status() == FlowStatus::Running).then_some(now));
    vec![
        (Column::Status, change.status().into()),
        (Column::FlowState, Value::Object(state).into()),
        (Column::ErrorMessage, message.into()),
        (Column::ErrorPhase, error_phase.into()),
        (Column::ErrorDetails, details.into()),
        (Column::StartedAt, started_at.into()),
        (Column::CompletedAt, completed_at.into()),
    ]
}

fn new_row(
    scope: &Scope,
    now: chrono::DateTime<chrono::Utc>,
    new: NewDiscoveryFlow,
) -> discovery_flows::Model {
    let object = || Value::Object(Map::new());
    discovery_flows::Model {
        client_account_id: scope.client_account_id,
        id: ids::new_uuid(),
        engagement_id: scope.engagement_id,
        flow_id: DiscoveryFlowId::new(),
        master_flow_id: new.master_flow_id,
        data_import_id: new.data_import_id,
        flow_name: new.flow_name,
        flow_type: "discovery".to_owned(),
        user_id: scope.actor.user_id.map_or_else(|| scope.actor.name.clone(), |id| id.to_string()),
        status: FlowStatus::Pending,
        current_phase: Some(Phase::ALL[0].as_str().to_owned()),
        progress_percentage: 0.0,
        data_validation_completed: false,
        field_mapping_completed: false,
        data_cleansing_completed: false,
        asset_inventory_completed: false,
        dependency_analysis_completed: false,
        tech_debt_assessment_completed: false,
        phases_completed: Value::Array(Vec::new()),
        crew_outputs: object(),
        field_mappings: None,
        discovered_assets: None,
        dependencies: None,
        tech_debt_analysis: None,
        flow_state: Value::Object(new.flow_state),
        crewai_state_data: object(),
        error_message: None,
        error_phase: None,
        error_details: None,
        crewai_persistence_id: None,
        import_session_id: None,
        learning_scope: "engagement".to_owned(),
        memory_isolation_level: "strict".to_owned(),
        assessment_ready: false,
        started_at: None,
        completed_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}
