//! What changed, before and after, who did it and in which request.

use crate::keyset::{self, Sort};
use crate::scoped::{insert, insert_rows};
use crate::{StoreResult, Uow};
use chrono::{DateTime, Utc};
use landfall_domain::{Page, PageRequest, UserId, ids};
use landfall_entities::{TenantScoped, change_log};
use sea_orm::{ColumnTrait, Condition, QueryFilter};
use serde_json::Value;

/// The change log of the unit of work's scope.
#[derive(Debug)]
pub struct ChangeLogRepository<'u> {
    uow: &'u Uow,
}

/// One change to be written down.
#[derive(Clone, Debug)]
pub struct Change<'c> {
    /// What was changed, such as `asset`.
    pub entity_type: &'c str,
    /// Its id.
    pub entity_id: String,
    /// What was done, such as `updated`.
    pub action: &'c str,
    /// The changed fields as they were.
    pub before: Option<Value>,
    /// The changed fields as they are.
    pub after: Option<Value>,
}

/// Which changes are listed. What is absent does not restrict.
#[derive(Clone, Debug, Default)]
pub struct ChangeFilter {
    /// Of things of this kind, such as `asset`.
    pub entity_type: Option<String>,
    /// Of the thing with this id.
    pub entity_id: Option<String>,
    /// Of this kind, such as `updated`.
    pub action: Option<String>,
    /// Made by whoever has this name.
    pub actor_name: Option<String>,
    /// Made by this user.
    pub actor_user_id: Option<UserId>,
    /// Made in this request.
    pub request_id: Option<String>,
    /// Made at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Made before this time.
    pub until: Option<DateTime<Utc>>,
}

impl ChangeFilter {
    /// Changes of one thing.
    pub fn of(entity_type: &str, entity_id: &impl ToString) -> Self {
        Self {
            entity_type: Some(entity_type.to_owned()),
            entity_id: Some(entity_id.to_string()),
            ..Self::default()
        }
    }

    fn condition(&self) -> Condition {
        use change_log::Column;
        let is = |column: Column, value: &Option<String>| value.as_ref().map(|value| column.eq(value));
        Condition::all()
            .add_option(is(Column::EntityType, &self.entity_type))
            .add_option(is(Column::EntityId, &self.entity_id))
            .add_option(is(Column::Action, &self.action))
            .add_option(is(Column::ActorName, &self.actor_name))
            .add_option(self.actor_user_id.map(|user| Column::ActorUserId.eq(user)))
            .add_option(is(Column::RequestId, &self.request_id))
            .add_option(self.since.map(|since| Column::CreatedAt.gte(since)))
            .add_option(self.until.map(|until| Column::CreatedAt.lt(until)))
    }
}

impl Uow {
    /// What changed in the scope.
    pub fn change_log(&self) -> ChangeLogRepository<'_> {
        ChangeLogRepository { uow: self }
    }
}

impl ChangeLogRepository<'_> {
    /// Writes a change down, with the scope's actor.
    pub async fn record(&self, change: Change<'_>) -> StoreResult<()> {
        insert(&self.uow.connection, self.row(change)).await
    }

    /// Writes many changes down, up to a thousand.
    pub async fn record_all(&self, changes: Vec<Change<'_>>) -> StoreResult<()> {
        let rows: Vec<_> = changes.into_iter().map(|change| self.row(change)).collect();
        insert_rows(&self.uow.connection, rows, None).await.map(drop)
    }

    fn row(&self, change: Change<'_>) -> change_log::Model {
        let scope = self.uow.scope();
        change_log::Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            entity_type: change.entity_type.to_owned(),
            entity_id: change.entity_id,
            action: change.action.to_owned(),
            before: change.before,
            after: change.after,
            actor_user_id: scope.actor.user_id,
            actor_name: scope.actor.name.clone(),
            request_id: scope.actor.request_id.clone(),
            created_at: self.uow.now(),
        }
    }

    /// Changes that the filter finds, newest first.
    pub async fn page(
        &self,
        filter: &ChangeFilter,
        request: &PageRequest,
    ) -> StoreResult<Page<change_log::Model>> {
        use change_log::Column;
        let rows = change_log::Entity::of(self.uow.scope()).filter(filter.condition());
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by(Column::CreatedAt, Column::Id, true),
            request,
        )
        .await
    }
}
