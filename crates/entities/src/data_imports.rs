//! `data_imports`: Files and record sets that were handed in.

use landfall_domain::{ClientAccountId, EngagementId, ImportId, ImportStatus, MasterFlowId, UserId};
use sea_orm::entity::prelude::*;

/// A row of `data_imports`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "data_imports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ImportId,
    pub engagement_id: EngagementId,
    pub master_flow_id: Option<MasterFlowId>,
    pub import_name: String,
    pub import_type: String,
    pub description: Option<String>,
    pub filename: String,
    pub file_size: Option<i64>,
    pub mime_type: Option<String>,
    pub source_system: Option<String>,
    pub source_format: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub source_columns: Json,
    pub header_fingerprint: Option<String>,
    pub object_key: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub options: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub summary: Json,
    pub status: ImportStatus,
    pub progress_percentage: f64,
    pub total_records: Option<i64>,
    pub processed_records: i64,
    pub failed_records: i64,
    pub error_message: Option<String>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub error_details: Option<Json>,
    pub imported_by: Option<UserId>,
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
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
