//! `import_field_mappings`: Which column of an import is which field.

use landfall_domain::{ClientAccountId, EngagementId, ImportId, MappingStatus, MasterFlowId, MatchType};
use sea_orm::entity::prelude::*;

/// A row of `import_field_mappings`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "import_field_mappings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub data_import_id: ImportId,
    pub master_flow_id: Option<MasterFlowId>,
    pub source_field: String,
    pub target_field: Option<String>,
    pub match_type: MatchType,
    pub confidence_score: Option<f64>,
    pub status: MappingStatus,
    pub reason: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub alternatives: Json,
    pub suggested_by: Option<String>,
    pub approved_by: Option<String>,
    pub approved_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "JsonBinary")]
    pub transformation_rules: Json,
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
        belongs_to = "super::data_imports::Entity",
        from = "(Column::ClientAccountId, Column::DataImportId)",
        to = "(super::data_imports::Column::ClientAccountId, super::data_imports::Column::Id)",
        on_delete = "Cascade"
    )]
    DataImport,
    #[sea_orm(
        belongs_to = "super::master_flows::Entity",
        from = "(Column::ClientAccountId, Column::MasterFlowId)",
        to = "(super::master_flows::Column::ClientAccountId, super::master_flows::Column::FlowId)"
    )]
    MasterFlow,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
