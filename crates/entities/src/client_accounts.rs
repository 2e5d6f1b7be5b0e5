//! `client_accounts`: Client accounts: the tenants.

use landfall_domain::{ClientAccountId, UserId};
use sea_orm::entity::prelude::*;

/// A row of `client_accounts`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "client_accounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ClientAccountId,
    pub name: String,
    pub description: Option<String>,
    pub is_active: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub slug: String,
    pub industry: Option<String>,
    pub company_size: Option<String>,
    pub headquarters_location: Option<String>,
    pub primary_contact_name: Option<String>,
    pub primary_contact_email: Option<String>,
    pub primary_contact_phone: Option<String>,
    pub subscription_tier: Option<String>,
    pub billing_contact_email: Option<String>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub settings: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub branding: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub business_objectives: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub it_guidelines: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub decision_criteria: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub agent_preferences: Option<Json>,
    pub created_by: Option<UserId>,
    pub version: i64,
}

/// Foreign keys: none.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
