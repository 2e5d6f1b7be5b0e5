//! `assets`: The inventory.

use landfall_domain::{
    AssetId, AssetStatus, AssetType, ClientAccountId, DiscoveryFlowId, EngagementId, ImportId, MasterFlowId,
    SixrStrategy, UserId,
};
use sea_orm::entity::prelude::*;

/// A row of `assets`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "assets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AssetId,
    pub engagement_id: EngagementId,
    pub name: String,
    pub asset_type: AssetType,
    pub description: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub master_flow_id: Option<MasterFlowId>,
    pub discovery_flow_id: Option<DiscoveryFlowId>,
    pub assessment_flow_id: Option<Uuid>,
    pub planning_flow_id: Option<Uuid>,
    pub execution_flow_id: Option<Uuid>,
    pub source_phase: Option<String>,
    pub current_phase: Option<String>,
    pub session_id: Option<Uuid>,
    pub migration_id: Option<Uuid>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub phase_context: Option<Json>,
    pub asset_name: Option<String>,
    pub hostname: Option<String>,
    pub ip_address: Option<String>,
    pub fqdn: Option<String>,
    pub mac_address: Option<String>,
    pub environment: Option<String>,
    pub location: Option<String>,
    pub datacenter: Option<String>,
    pub rack_location: Option<String>,
    pub availability_zone: Option<String>,
    pub operating_system: Option<String>,
    pub os_version: Option<String>,
    pub cpu_cores: Option<i32>,
    pub memory_gb: Option<f64>,
    pub storage_gb: Option<f64>,
    pub business_owner: Option<String>,
    pub technical_owner: Option<String>,
    pub department: Option<String>,
    pub application_name: Option<String>,
    pub technology_stack: Option<String>,
    pub criticality: Option<String>,
    pub business_criticality: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub custom_attributes: Json,
    pub six_r_strategy: Option<SixrStrategy>,
    pub mapping_status: Option<String>,
    pub migration_priority: Option<i32>,
    pub migration_complexity: Option<String>,
    pub migration_wave: Option<i32>,
    pub sixr_ready: Option<String>,
    pub status: Option<String>,
    pub migration_status: Option<AssetStatus>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub dependencies: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub related_assets: Option<Json>,
    pub discovery_method: Option<String>,
    pub discovery_source: Option<String>,
    pub discovery_timestamp: Option<DateTimeUtc>,
    pub cpu_utilization_percent: Option<f64>,
    pub memory_utilization_percent: Option<f64>,
    pub disk_iops: Option<f64>,
    pub network_throughput_mbps: Option<f64>,
    pub completeness_score: Option<f64>,
    pub quality_score: Option<f64>,
    pub current_monthly_cost: Option<i64>,
    pub estimated_cloud_cost: Option<i64>,
    pub imported_by: Option<UserId>,
    pub imported_at: Option<DateTimeUtc>,
    pub source_filename: Option<String>,
    pub created_by: Option<UserId>,
    pub updated_by: Option<UserId>,
    pub serial_number: Option<String>,
    pub system_uuid: Option<String>,
    pub os_architecture: Option<String>,
    pub cpu_sockets: Option<i32>,
    pub storage_used_gb: Option<f64>,
    pub power_state: Option<String>,
    pub boot_type: Option<String>,
    pub manufacturer: Option<String>,
    pub model: Option<String>,
    pub is_virtual: Option<bool>,
    pub hypervisor_host: Option<String>,
    pub cluster_name: Option<String>,
    pub created_by_import_id: Option<ImportId>,
    pub version: i64,
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
        belongs_to = "super::discovery_flows::Entity",
        from = "(Column::ClientAccountId, Column::DiscoveryFlowId)",
        to = "(super::discovery_flows::Column::ClientAccountId, super::discovery_flows::Column::FlowId)"
    )]
    DiscoveryFlow,
    #[sea_orm(
        belongs_to = "super::data_import_sessions::Entity",
        from = "(Column::ClientAccountId, Column::SessionId)",
        to = "(super::data_import_sessions::Column::ClientAccountId, super::data_import_sessions::Column::Id)"
    )]
    Session,
    #[sea_orm(
        belongs_to = "super::migrations::Entity",
        from = "(Column::ClientAccountId, Column::MigrationId)",
        to = "(super::migrations::Column::ClientAccountId, super::migrations::Column::Id)"
    )]
    Migration,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
