//! What changed, before and after, who did it and in which request.

use crate::keyset::{self, Sort};
use crate::scoped::insert;
use crate::{StoreResult, Uow};
use landfall_domain::{Page, PageRequest, ids};
use landfall_entities::{TenantScoped, change_log};
use sea_orm::{ColumnTrait, QueryFilter};
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

impl Uow {
    /// What changed in the scope.
    pub fn change_log(&self) -> ChangeLogRepository<'_> {
        ChangeLogRepository { uow: self }
    }
}

impl ChangeLogRepository<'_> {
    /// Writes a change down, with the scope's actor.
    pub async fn record(&self, change: Change<'_>) -> StoreResult<()> {
        let scope = self.uow.scope();
        let row = change_log::Model {
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
        };
        insert(&self.uow.connection, row).await
    }

    /// Changes of the engagement, or of one thing in it, newest first.
    pub async fn page(
        &self,
        of: Option<(&str, &str)>,
        request: &PageRequest,
    ) -> StoreResult<Page<change_log::Model>> {
        use change_log::Column;
        let mut rows = change_log::Entity::of(self.uow.scope());
        if let Some((entity_type, entity_id)) = of {
            rows = rows
                .filter(Column::EntityType.eq(entity_type))
                .filter(Column::EntityId.eq(entity_id));
        }
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by(Column::CreatedAt, Column::Id, true),
            request,
        )
        .await
    }
}
