//! How far a flow is, in few columns: for whoever asks often.

use super::MasterFlowRepository;
use crate::{StoreError, StoreResult};
use chrono::{DateTime, Utc};
use landfall_domain::{DiscoveryFlowId, FlowStatus, FlowType, ImportId, MasterFlowId};
use landfall_entities::{TenantScoped, discovery_flows, master_flows};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};

/// How far a flow is.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowProgress {
    /// The master flow.
    pub flow: MasterFlowProgress,
    /// The newest discovery flow under it, if there is one.
    pub discovery: Option<DiscoveryProgress>,
}

/// Where a master flow stands.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct MasterFlowProgress {
    /// The flow.
    pub flow_id: MasterFlowId,
    /// Kind of its current work.
    pub flow_type: FlowType,
    /// Its state.
    pub flow_status: FlowStatus,
    /// The phase it is in.
    pub current_phase: Option<String>,
    /// Grows with each change.
    pub version: i64,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
}

/// Where a discovery flow stands.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct DiscoveryProgress {
    /// The flow.
    pub flow_id: DiscoveryFlowId,
    /// The import it works on.
    pub data_import_id: Option<ImportId>,
    /// Its state.
    pub status: FlowStatus,
    /// The phase it is in.
    pub current_phase: Option<String>,
    /// 0 to 100.
    pub progress_percentage: f64,
    /// Why it failed, if it did.
    pub error_message: Option<String>,
    /// The phase in which it failed.
    pub error_phase: Option<String>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
}

impl MasterFlowRepository<'_> {
    /// How far a flow is.
    pub async fn progress(&self, flow_id: MasterFlowId) -> StoreResult<FlowProgress> {
        use discovery_flows::Column;
        let scope = self.uow.scope();
        let flow = {
            use master_flows::Column;
            master_flows::Entity::of(scope)
                .filter(Column::FlowId.eq(flow_id))
                .select_only()
                .columns([
                    Column::FlowId,
                    Column::FlowType,
                    Column::FlowStatus,
                    Column::CurrentPhase,
                    Column::Version,
                    Column::UpdatedAt,
                ])
                .into_model::<MasterFlowProgress>()
                .one(&self.uow.connection)
                .await?
                .ok_or_else(|| StoreError::not_found("master flow", flow_id))?
        };
        let discovery = discovery_flows::Entity::of(scope)
            .filter(Column::MasterFlowId.eq(flow_id))
            .order_by_desc(Column::CreatedAt)
            .order_by_desc(Column::FlowId)
            .select_only()
            .columns([
                Column::FlowId,
                Column::DataImportId,
                Column::Status,
                Column::CurrentPhase,
                Column::ProgressPercentage,
                Column::ErrorMessage,
                Column::ErrorPhase,
                Column::UpdatedAt,
            ])
            .limit(1)
            .into_model::<DiscoveryProgress>()
            .one(&self.uow.connection)
            .await?;
        Ok(FlowProgress { flow, discovery })
    }
}
