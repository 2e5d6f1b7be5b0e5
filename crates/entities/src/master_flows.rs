//! `crewai_flow_state_extensions`: Master flows: one per programme of work; every phase hangs on one.

use landfall_domain::{ClientAccountId, EngagementId, FlowStatus, FlowType, MasterFlowId};
use sea_orm::entity::prelude::*;

/// A row of `crewai_flow_state_extensions`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "crewai_flow_state_extensions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    pub engagement_id: EngagementId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub flow_id: MasterFlowId,
    pub flow_type: FlowType,
    pub flow_name: Option<String>,
    pub flow_status: FlowStatus,
    pub current_phase: Option<String>,
    pub parent_flow_id: Option<MasterFlowId>,
    pub user_id: String,
    pub retry_count: i32,
    #[sea_orm(column_type = "JsonBinary")]
    pub master_state: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub flow_configuration: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub phase_transitions: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub error_history: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub flow_persistence_data: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub agent_collaboration_log: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub memory_usage_metrics: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub knowledge_base_analytics: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub phase_execution_times: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub agent_performance_metrics: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub crew_coordination_analytics: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub learning_patterns: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub user_feedback_history: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub adaptation_metrics: Json,
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
        belongs_to = "Entity",
        from = "(Column::ClientAccountId, Column::ParentFlowId)",
        to = "(Column::ClientAccountId, Column::FlowId)"
    )]
    ParentFlow,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
