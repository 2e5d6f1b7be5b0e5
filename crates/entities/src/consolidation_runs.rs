//! `consolidation_runs`: Runs of the consolidation.

use sea_orm::entity::prelude::*;

/// A row of `consolidation_runs`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consolidation_runs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub source_url_hash: String,
    pub source_fingerprint: String,
    pub state: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub options: Json,
    pub started_at: DateTimeUtc,
    pub heartbeat_at: Option<DateTimeUtc>,
    pub completed_at: Option<DateTimeUtc>,
    pub error_message: Option<String>,
}

/// Foreign keys: none.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
