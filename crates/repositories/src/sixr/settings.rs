//! What is said for a whole engagement: values of inputs, and the questions that are open in it.

use super::SixrRepository;
use crate::StoreResult;
use crate::scoped::{ScopedWrites, delete, insert_rows};
use landfall_domain::{QuestionType, ids};
use landfall_entities::{TenantScoped, sixr_parameters, sixr_questions};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use serde_json::Value;

/// A question that is open in an engagement.
#[derive(Clone, Debug, PartialEq)]
pub struct AskedQuestion {
    /// The input that the answer gives.
    pub question_id: String,
    /// What is asked.
    pub text: String,
    /// Kind of answer.
    pub kind: QuestionType,
    /// Words to choose from.
    pub options: Option<Value>,
    /// What it is worth, for people.
    pub help_text: Option<String>,
    /// Place in the list of what to ask; 1 comes first.
    pub priority: i32,
}

impl SixrRepository<'_> {
    /// What is said for the whole engagement, by input.
    pub async fn settings(&self) -> StoreResult<Vec<sixr_parameters::Model>> {
        use sixr_parameters::Column;
        Ok(sixr_parameters::Entity::of(self.uow.scope())
            .order_by_asc(Column::ParameterKey)
            .all(&self.uow.connection)
            .await?)
    }

    /// Says something for the whole engagement, in place of what was said before.
    pub async fn put_setting(&self, key: &str, value: Value, description: Option<String>) -> StoreResult<()> {
        use sixr_parameters::Column;
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let row = sixr_parameters::Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            parameter_key: key.to_owned(),
            value,
            description,
            created_at: now,
            updated_at: now,
        };
        let replace = OnConflict::columns([
            Column::ClientAccountId,
            Column::EngagementId,
            Column::ParameterKey,
        ])
        .update_columns([Column::Value, Column::Description, Column::UpdatedAt])
        .to_owned();
        insert_rows(&self.uow.connection, vec![row], Some(replace)).await?;
        Ok(())
    }

    /// Takes back what was said.
    pub async fn remove_setting(&self, key: &str) -> StoreResult<()> {
        delete::<sixr_parameters::Entity>(
            self.uow,
            sixr_parameters::Column::ParameterKey.eq(key),
            "6R setting",
            key,
        )
        .await
    }

    /// Keeps what is open in the engagement in the order in which to ask; what was open before and no longer is stays, not
    /// active.
    pub async fn put_questions(&self, asked: Vec<AskedQuestion>) -> StoreResult<()> {
        use sixr_questions::Column;
        let (scope, now) = (self.uow.scope(), self.uow.now());
        sixr_questions::Entity::update_of(scope)
            .filter(Column::Active.eq(true))
            .col_expr(Column::Active, Expr::val(false))
            .col_expr(Column::UpdatedAt, Expr::val(now))
            .exec(&self.uow.connection)
            .await?;
        let row = |asked: AskedQuestion| sixr_questions::Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            question_id: asked.question_id,
            question_text: asked.text,
            question_type: asked.kind,
            category: "6r".to_owned(),
            priority: Some(asked.priority),
            required: false,
            active: true,
            options: asked.options,
            validation_rules: None,
            help_text: asked.help_text,
            depends_on: None,
            show_conditions: None,
            skip_conditions: None,
            created_by: Some(scope.actor.name.clone()),
            updated_by: Some(scope.actor.name.clone()),
            created_at: now,
            updated_at: now,
            version: None,
            parent_question_id: None,
        };
        let replace =
            OnConflict::columns([Column::ClientAccountId, Column::EngagementId, Column::QuestionId])
                .update_columns([
                    Column::QuestionText,
                    Column::Priority,
                    Column::Active,
                    Column::Options,
                    Column::HelpText,
                    Column::UpdatedAt,
                    Column::UpdatedBy,
                ])
                .to_owned();
        let rows: Vec<_> = asked.into_iter().map(row).collect();
        insert_rows(&self.uow.connection, rows, Some(replace)).await?;
        Ok(())
    }

    /// The questions that are open in the engagement, the first to ask first.
    pub async fn questions(&self) -> StoreResult<Vec<sixr_questions::Model>> {
        use sixr_questions::Column;
        Ok(sixr_questions::Entity::of(self.uow.scope())
            .filter(Column::Active.eq(true))
            .order_by_asc(Column::Priority)
            .order_by_asc(Column::QuestionId)
            .all(&self.uow.connection)
            .await?)
    }
}
