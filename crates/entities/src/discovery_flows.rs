//! `discovery_flows`: The discovery part of a master flow: flags, results and state of its phases.

use landfall_domain::{ClientAccountId, DiscoveryFlowId, EngagementId, FlowStatus, ImportId, MasterFlowId};
use sea_orm::entity::prelude::*;

/// A row of `discovery_flows`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one column per phase, as clients read them"
)]
#[sea_orm(table_name = "discovery_flows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub flow_id: DiscoveryFlowId,
    pub master_flow_id: MasterFlowId,
    pub data_import_id: Option<ImportId>,
    pub flow_name: String,
    pub flow_type: String,
    pub user_id: String,
    pub status: FlowStatus,
    pub current_phase: Option<String>,
    pub progress_percentage: f64,
    pub data_validation_completed: bool,
    pub field_mapping_completed: bool,
    pub data_cleansing_completed: bool,
    pub asset_inventory_completed: bool,
    pub dependency_analysis_completed: bool,
    pub tech_debt_assessment_completed: bool,
    #[sea_orm(column_type = "JsonBinary")]
    pub phases_completed: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub crew_outputs: Json,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub field_mappings: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub discovered_assets: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub dependencies: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub tech_debt_analysis: Option<Json>,
    #[sea_orm(column_type = "JsonBinary")]
    pub flow_state: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub crewai_state_data: Json,
    pub error_message: Option<String>,
    pub error_phase: Option<String>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub error_details: Option<Json>,
    pub crewai_persistence_id: Option<Uuid>,
    pub import_session_id: Option<Uuid>,
    pub learning_scope: String,
    pub memory_isolation_level: String,
    pub assessment_ready: bool,
    pub started_at: Option<DateTimeUtc>,
    pub completed_at: Option<DateTimeUtc>,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// Foreign keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::engagements::Entity",
        from = "(Column::ClientAccountId, Column::EngagementId)",
        to = "(super::engagements::Column::ClientAccountId, super::engagements::Column::Id)"
    )]
    Engagement,
    #[sea_orm(
        belongs_to = "super::master_flows::Entity",
        from = "(Column::ClientAccountId, Column::MasterFlowId)",
        to = "(super::master_flows::Column::ClientAccountId, super::master_flows::Column::FlowId)"
    )]
    MasterFlow,
    #[sea_orm(
        belongs_to = "super::data_imports::Entity",
        from = "(Column::ClientAccountId, Column::DataImportId)",
        to = "(super::data_imports::Column::ClientAccountId, super::data_imports::Column::Id)"
    )]
    DataImport,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
