//! `consolidation_quarantine`: Legacy rows whose tenant is missing or unknown.

use landfall_domain::{ClientAccountId, EngagementId};
use sea_orm::entity::prelude::*;

/// A row of `consolidation_quarantine`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consolidation_quarantine")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub run_id: Uuid,
    pub source_table: String,
    pub source_key: String,
    pub reason: String,
    pub client_account_id: Option<ClientAccountId>,
    pub engagement_id: Option<EngagementId>,
}

/// Foreign keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::consolidation_runs::Entity",
        from = "Column::RunId",
        to = "super::consolidation_runs::Column::Id",
        on_delete = "Cascade"
    )]
    Run,
}

impl ActiveModelBehavior for ActiveModel {}
