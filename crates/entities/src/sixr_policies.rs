//! `sixr_policies`: Versions of a client account's 6R policy; the newest counts.

use landfall_domain::ClientAccountId;
use sea_orm::entity::prelude::*;

/// A row of `sixr_policies`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sixr_policies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub policy_version: i32,
    pub name: String,
    pub body: String,
    pub digest: String,
    pub comment: Option<String>,
    pub created_by: Option<String>,
    pub created_at: DateTimeUtc,
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
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(None);
