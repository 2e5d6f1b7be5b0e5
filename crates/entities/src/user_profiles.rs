//! `user_profiles`: Approval state and contact data of users.

use landfall_domain::UserId;
use sea_orm::entity::prelude::*;

/// A row of `user_profiles`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "user_profiles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    pub status: String,
    pub approval_requested_at: Option<DateTimeUtc>,
    pub approved_at: Option<DateTimeUtc>,
    pub approved_by: Option<UserId>,
    pub registration_reason: Option<String>,
    pub organization: Option<String>,
    pub role_description: Option<String>,
    pub requested_access_level: Option<String>,
    pub phone_number: Option<String>,
    pub manager_email: Option<String>,
    pub linkedin_profile: Option<String>,
    pub last_login_at: Option<DateTimeUtc>,
    pub login_count: Option<i32>,
    pub failed_login_attempts: Option<i32>,
    pub last_failed_login: Option<DateTimeUtc>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub notification_preferences: Option<Json>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// Foreign keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::users::Entity",
        from = "Column::UserId",
        to = "super::users::Column::Id",
        on_delete = "Cascade"
    )]
    User,
}

impl ActiveModelBehavior for ActiveModel {}
