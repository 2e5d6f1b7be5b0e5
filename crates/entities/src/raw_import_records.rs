//! `raw_import_records`: Every row of every import as it came.

use landfall_domain::{AssetId, ClientAccountId, EngagementId, ImportId, MasterFlowId};
use sea_orm::entity::prelude::*;

/// A row of `raw_import_records`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "raw_import_records")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub data_import_id: ImportId,
    pub master_flow_id: Option<MasterFlowId>,
    pub record_index: i64,
    pub row_number: Option<i64>,
    #[sea_orm(column_type = "JsonBinary")]
    pub raw_data: Json,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub cleansed_data: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub validation_errors: Option<Json>,
    pub is_processed: bool,
    pub is_valid: bool,
    pub processing_notes: Option<String>,
    pub asset_id: Option<AssetId>,
    pub created_at: DateTimeUtc,
    pub processed_at: Option<DateTimeUtc>,
}

/// Foreign keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::data_imports::Entity",
        from = "(Column::ClientAccountId, Column::DataImportId)",
        to = "(super::data_imports::Column::ClientAccountId, super::data_imports::Column::Id)",
        on_delete = "Cascade"
    )]
    DataImport,
    #[sea_orm(
        belongs_to = "super::assets::Entity",
        from = "(Column::ClientAccountId, Column::AssetId)",
        to = "(super::assets::Column::ClientAccountId, super::assets::Column::Id)"
    )]
    Asset,
    #[sea_orm(
        belongs_to = "super::master_flows::Entity",
        from = "(Column::ClientAccountId, Column::MasterFlowId)",
        to = "(super::master_flows::Column::ClientAccountId, super::master_flows::Column::FlowId)"
    )]
    MasterFlow,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
