//! `role_change_approvals`: Requests for another role, and their approval.

use sea_orm::entity::prelude::*;

/// A row of `role_change_approvals`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role_change_approvals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub requested_by: String,
    pub target_user_id: String,
    pub current_role: String,
    pub requested_role: String,
    pub justification: Option<String>,
    pub status: String,
    pub approved_by: Option<String>,
    pub approval_notes: Option<String>,
    pub requested_at: DateTimeUtc,
    pub approved_at: Option<DateTimeUtc>,
    pub expires_at: Option<DateTimeUtc>,
}

/// Foreign keys: none.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
