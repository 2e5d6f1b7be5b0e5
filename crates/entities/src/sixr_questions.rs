//! `sixr_questions`: Questions that a 6R analysis may ask.

use landfall_domain::{ClientAccountId, EngagementId, QuestionType};
use sea_orm::entity::prelude::*;

/// A row of `sixr_questions`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sixr_questions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_account_id: ClientAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub engagement_id: EngagementId,
    pub question_id: String,
    pub question_text: String,
    pub question_type: QuestionType,
    pub category: String,
    pub priority: Option<i32>,
    pub required: bool,
    pub active: bool,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub options: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub validation_rules: Option<Json>,
    pub help_text: Option<String>,
    pub depends_on: Option<String>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub show_conditions: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub skip_conditions: Option<Json>,
    pub created_by: Option<String>,
    pub updated_by: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub version: Option<String>,
    pub parent_question_id: Option<String>,
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
}

impl ActiveModelBehavior for ActiveModel {}

crate::tenant_scoped!(Some(Column::EngagementId));
