//! Discovery flows: flags, results and state of the phases of discovery.

mod change;
mod find;
mod new;
mod phases;

use crate::keyset::{self, Sort};
use crate::scoped::{ScopedWrites, conflict, delete, insert, one};
use crate::{StoreError, StoreResult, Uow};
pub use change::FlowChange;
use change::status_values;
use chrono::{DateTime, Utc};
use discovery_flows::Column;
use find::condition;
use landfall_domain::{DiscoveryFlowId, FlowStatus, ImportId, MasterFlowId, Page, PageRequest, Phase};
use landfall_entities::{TenantScoped, discovery_flows};
pub use new::NewDiscoveryFlow;
use new::new_row;
use phases::Phases;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Map, Value};

/// Discovery flows of the unit of work's scope.
#[derive(Debug)]
pub struct DiscoveryFlowRepository<'u> {
    uow: &'u Uow,
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
    /// Whether values were read with their mappings.
    pub mappings_applied: Option<bool>,
    /// Made at this time or later.
    pub created_after: Option<DateTime<Utc>>,
    /// Made before this time.
    pub created_before: Option<DateTime<Utc>>,
    /// Changed at this time or later.
    pub updated_after: Option<DateTime<Utc>>,
    /// Changed before this time.
    pub updated_before: Option<DateTime<Utc>>,
    /// Asked to be done in this way; flows that say nothing are `hybrid`.
    pub execution_mode: Option<String>,
}

/// By what a numbered list of flows is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DiscoverySort {
    /// When they were made.
    #[default]
    CreatedAt,
    /// When they were changed last.
    UpdatedAt,
    /// Their names.
    Name,
    /// Their state.
    Status,
    /// Their phase.
    CurrentPhase,
    /// How far they are.
    Progress,
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
        one::<discovery_flows::Entity>(self.uow, Column::FlowId.eq(flow_id), "discovery flow", flow_id).await
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
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by(Column::CreatedAt, Column::FlowId, true),
            request,
        )
        .await
    }

    /// How many flows the filter finds.
    pub async fn count(&self, filter: &DiscoveryFilter) -> StoreResult<u64> {
        Ok(discovery_flows::Entity::of(self.uow.scope())
            .filter(condition(filter))
            .count(&self.uow.connection)
            .await?)
    }

    /// Says that a phase is done. The phase's flag, the list of completed phases, the current phase and the progress change
    /// in one statement, so that they always agree: the list holds the phases whose flag is set in the order in which they
    /// were completed, the current phase is the first one to be done (the last one when none is left), progress is the
    /// share of completed phases. Outputs are kept under the phase's name and where the phase has a column of its own;
    /// `null` keeps the outputs that are there.
    pub async fn update_phase_completion(
        &self,
        flow_id: DiscoveryFlowId,
        phase: Phase,
        outputs: Value,
    ) -> StoreResult<discovery_flows::Model> {
        self.complete(flow_id, phase, true, outputs).await
    }

    /// Says that a phase is to be done again; all else as in [`DiscoveryFlowRepository::update_phase_completion`].
    pub async fn reopen_phase(
        &self,
        flow_id: DiscoveryFlowId,
        phase: Phase,
    ) -> StoreResult<discovery_flows::Model> {
        self.complete(flow_id, phase, false, Value::Null).await
    }

    /// Says that these phases are to be done again, as [`DiscoveryFlowRepository::reopen_phase`] does of one.
    pub async fn reopen_phases(
        &self,
        flow_id: DiscoveryFlowId,
        again: &[Phase],
    ) -> StoreResult<discovery_flows::Model> {
        let flow = self.lock(flow_id).await?;
        let mut phases = Phases::of(&flow);
        for phase in again {
            phases.set(*phase, false);
        }
        self.write(&flow, phases.values()).await
    }

    /// Gives a flow that has none its import.
    pub async fn attach_import(
        &self,
        flow_id: DiscoveryFlowId,
        import: ImportId,
        flow_state: Map<String, Value>,
    ) -> StoreResult<discovery_flows::Model> {
        let flow = self.lock(flow_id).await?;
        let values = vec![
            (Column::DataImportId, import.into()),
            (Column::FlowState, Value::Object(flow_state).into()),
        ];
        self.write(&flow, values).await
    }

    async fn complete(
        &self,
        flow_id: DiscoveryFlowId,
        phase: Phase,
        completed: bool,
        outputs: Value,
    ) -> StoreResult<discovery_flows::Model> {
        let flow = self.lock(flow_id).await?;
        let mut phases = Phases::of(&flow);
        phases.set(phase, completed);
        let mut values = phases.values();
        values.extend(output_values(&flow, phase, outputs));
        self.write(&flow, values).await
    }

    /// Says that work on a phase begins: the flow runs, in this phase.
    pub async fn begin_phase(
        &self,
        flow_id: DiscoveryFlowId,
        phase: Phase,
    ) -> StoreResult<discovery_flows::Model> {
        let flow = self.lock(flow_id).await?;
        let mut values = status_values(&flow, &FlowChange::Running, self.uow.now());
        values.push((Column::CurrentPhase, phase.as_str().into()));
        self.write(&flow, values).await
    }

    /// Says that a phase waits for a person, and keeps what it has worked out so far.
    pub async fn wait(
        &self,
        flow_id: DiscoveryFlowId,
        phase: Phase,
        waiting_for: &str,
        outputs: Value,
    ) -> StoreResult<discovery_flows::Model> {
        let flow = self.lock(flow_id).await?;
        let change = FlowChange::Waiting {
            waiting_for: waiting_for.to_owned(),
        };
        let mut values = status_values(&flow, &change, self.uow.now());
        values.push((Column::CurrentPhase, phase.as_str().into()));
        values.extend(output_values(&flow, phase, outputs));
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

    /// Takes the import away from the flows that worked on it, before it is deleted.
    pub async fn forget_import(&self, import: ImportId) -> StoreResult<()> {
        discovery_flows::Entity::update_of(self.uow.scope())
            .filter(Column::DataImportId.eq(import))
            .col_expr(Column::DataImportId, Expr::val(Option::<ImportId>::None))
            .exec(&self.uow.connection)
            .await?;
        Ok(())
    }

    /// Deletes the flow.
    ///
    /// # Errors
    /// [`StoreError::MissingReference`] while assets refer to it.
    pub async fn delete(&self, flow_id: DiscoveryFlowId) -> StoreResult<()> {
        delete::<discovery_flows::Entity>(self.uow, Column::FlowId.eq(flow_id), "discovery flow", flow_id)
            .await
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
        if let Some(row) = update.exec_with_returning(&self.uow.connection).await?.pop() {
            return Ok(row);
        }
        let actual = self.get(flow.flow_id).await?.version;
        Err(conflict("discovery flow", flow.flow_id, flow.version, actual))
    }
}

/// Outputs by phase, and in the column that the phase has of its own.
fn output_values(
    flow: &discovery_flows::Model,
    phase: Phase,
    outputs: Value,
) -> Vec<(Column, sea_orm::Value)> {
    if outputs.is_null() {
        return Vec::new();
    }
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
