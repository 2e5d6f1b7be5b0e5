//! `client_access`: What a user may do in a client account.

use landfall_domain::{ClientAccountId, UserId};
use sea_orm::entity::prelude::*;

/// A row of `client_access`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "client_access")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_profile_id: UserId,
    pub access_level: String,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub permissions: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub restricted_environments: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub restricted_data_types: Option<Json>,
    pub granted_at: Option<DateTimeUtc>,
    pub granted_by: UserId,
    pub expires_at: Option<DateTimeUtc>,
    pub is_active: bool,
    pub last_accessed_at: Option<DateTimeUtc>,
    pub access_count: Option<i32>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// Foreign keys.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::client_accounts::Entity",
        from = "Column::ClientAccountId",
        to = "super::client_accounts::Column::Id"
    )]
    ClientAccount,
    #[sea_orm(
        belongs_to = "super::users::Entity",
        from = "Column::UserProfileId",
        to = "super::users::Column::Id",
        on_delete = "Cascade"
    )]
    UserProfile,
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(None);
