//! Requests that must not be done twice: who does one first holds its key, and leaves the answer there for the others.

use crate::scoped::{ScopedWrites, insert_rows};
use crate::{StoreResult, Uow};
use chrono::{DateTime, Utc};
use idempotency_keys::{Column, Entity, Model};
use landfall_entities::{TenantScoped, idempotency_keys};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, Condition, QueryFilter};
use serde_json::Value;
use uuid::Uuid;

/// Keys of the unit of work's scope.
#[derive(Debug)]
pub struct IdempotencyRepository<'u> {
    uow: &'u Uow,
}

/// What a key stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum KeyState {
    /// Nobody has done the request: whoever asked holds the key now.
    Held,
    /// Somebody does it at this moment.
    Busy,
    /// It was done, with this answer.
    Done(KeptAnswer),
}

/// The answer to a request, kept for its repetitions.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptAnswer {
    /// What the request was, so that another one under the same key is recognised.
    pub request_hash: String,
    /// HTTP status.
    pub status: u16,
    /// Headers by name.
    pub headers: Value,
    /// Body; absent if it was too large to be kept.
    pub body: Option<String>,
}

impl Uow {
    /// Requests that must not be done twice.
    pub fn idempotency(&self) -> IdempotencyRepository<'_> {
        IdempotencyRepository { uow: self }
    }
}

impl IdempotencyRepository<'_> {
    /// Takes the key if nobody holds it, or if whoever held it did not come back until `locked_until`. Keys of the scope
    /// that have expired are forgotten first.
    pub async fn claim(
        &self,
        id: Uuid,
        locked_until: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> StoreResult<KeyState> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let unanswered = Condition::all()
            .add(Column::Status.is_null())
            .add(Column::LockedUntil.lt(now));
        Entity::delete_of(scope)
            .filter(Condition::any().add(Column::ExpiresAt.lt(now)).add(unanswered))
            .exec(&self.uow.connection)
            .await?;
        let row = Model {
            client_account_id: scope.client_account_id,
            id,
            engagement_id: scope.engagement_id,
            request_hash: None,
            status: None,
            headers: None,
            body: None,
            locked_until,
            expires_at,
            created_at: now,
        };
        let keep = OnConflict::new().do_nothing().to_owned();
        if insert_rows(&self.uow.connection, vec![row], Some(keep)).await? == 1 {
            return Ok(KeyState::Held);
        }
        let known = Entity::of(scope)
            .filter(Column::Id.eq(id))
            .one(&self.uow.connection)
            .await?;
        Ok(known.map_or(KeyState::Busy, state_of))
    }

    /// What the key stands for, without taking it; `None` if nobody has it.
    pub async fn look(&self, id: Uuid) -> StoreResult<Option<KeyState>> {
        let known = Entity::of(self.uow.scope())
            .filter(Column::Id.eq(id))
            .one(&self.uow.connection)
            .await?;
        Ok(known.map(state_of))
    }

    /// Leaves the answer under a key that is held.
    pub async fn keep(&self, id: Uuid, answer: KeptAnswer) -> StoreResult<()> {
        Entity::update_of(self.uow.scope())
            .filter(Column::Id.eq(id))
            .col_expr(Column::RequestHash, Expr::val(answer.request_hash))
            .col_expr(Column::Status, Expr::val(i32::from(answer.status)))
            .col_expr(Column::Headers, Expr::val(answer.headers))
            .col_expr(Column::Body, Expr::val(answer.body))
            .exec(&self.uow.connection)
            .await
            .map(drop)
            .map_err(Into::into)
    }

    /// Gives a held key back: the request came to nothing and may be tried again.
    pub async fn release(&self, id: Uuid) -> StoreResult<()> {
        Entity::delete_of(self.uow.scope())
            .filter(Column::Id.eq(id))
            .filter(Column::Status.is_null())
            .exec(&self.uow.connection)
            .await
            .map(drop)
            .map_err(Into::into)
    }
}

fn state_of(row: Model) -> KeyState {
    let status = row.status.and_then(|status| u16::try_from(status).ok());
    match (status, row.request_hash) {
        (Some(status), Some(request_hash)) => KeyState::Done(KeptAnswer {
            request_hash,
            status,
            headers: row.headers.unwrap_or_default(),
            body: row.body,
        }),
        _ => KeyState::Busy,
    }
}
