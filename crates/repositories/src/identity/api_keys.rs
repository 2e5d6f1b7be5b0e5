//! API keys.

use super::IdentityUow;
use crate::scoped::insert;
use crate::{StoreError, StoreResult};
use api_keys::Column;
use chrono::{DateTime, Utc};
use landfall_domain::{ClientAccountId, EngagementId, Role, UserId, ids};
use landfall_entities::api_keys;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, UpdateMany};
use serde_json::json;
use uuid::Uuid;

/// Every API key.
#[derive(Debug)]
pub struct ApiKeyRepository<'u> {
    uow: &'u IdentityUow,
}

/// A key to be made.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// What it is for.
    pub name: String,
    /// How it begins; found by that.
    pub prefix: String,
    /// Hash of the whole.
    pub key_hash: String,
    /// The client account in which it works; absent for a key that works in all of them.
    pub client_account_id: Option<ClientAccountId>,
    /// The one engagement in which it works; absent for all of the client account.
    pub engagement_id: Option<EngagementId>,
    /// The user it stands for; it may never do more than he may.
    pub user_id: Option<UserId>,
    /// What it may do there.
    pub role: Role,
    /// Resources it may ask for, such as `imports`; empty for all.
    pub scopes: Vec<String>,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
    /// Who made it.
    pub created_by: Option<UserId>,
}

impl IdentityUow {
    /// API keys.
    pub fn api_keys(&self) -> ApiKeyRepository<'_> {
        ApiKeyRepository { uow: self }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "keys are looked up before there is a tenant"
)]
impl ApiKeyRepository<'_> {
    /// Keeps a key.
    pub async fn create(&self, new: NewApiKey) -> StoreResult<api_keys::Model> {
        let now = self.uow.now();
        let row = api_keys::Model {
            id: ids::new_uuid(),
            user_id: new.user_id,
            client_account_id: new.client_account_id,
            engagement_id: new.engagement_id,
            name: new.name,
            prefix: new.prefix,
            key_hash: new.key_hash,
            role: new.role.as_str().to_owned(),
            scopes: json!(new.scopes),
            expires_at: new.expires_at,
            last_used_at: None,
            revoked_at: None,
            created_by: new.created_by,
            created_at: now,
            updated_at: now,
        };
        insert(&self.uow.connection, row.clone()).await?;
        Ok(row)
    }

    /// The key that begins like this, if there is one.
    pub async fn by_prefix(&self, prefix: &str) -> StoreResult<Option<api_keys::Model>> {
        Ok(api_keys::Entity::find()
            .filter(Column::Prefix.eq(prefix))
            .one(&self.uow.connection)
            .await?)
    }

    /// The key with this id.
    pub async fn get(&self, id: Uuid) -> StoreResult<api_keys::Model> {
        api_keys::Entity::find_by_id(id)
            .one(&self.uow.connection)
            .await?
            .ok_or_else(|| StoreError::not_found("API key", id))
    }

    /// The keys of a client account, or without one all keys, newest first.
    pub async fn list(&self, client: Option<ClientAccountId>) -> StoreResult<Vec<api_keys::Model>> {
        let mut rows = api_keys::Entity::find();
        if let Some(client) = client {
            rows = rows.filter(Column::ClientAccountId.eq(client));
        }
        Ok(rows.order_by_desc(Column::Id).all(&self.uow.connection).await?)
    }

    /// Ends a key, of one client account if that is given.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if there is no such key, or it was ended before.
    pub async fn revoke(&self, id: Uuid, client: Option<ClientAccountId>) -> StoreResult<()> {
        let mut update = self
            .update()
            .col_expr(Column::RevokedAt, Expr::val(self.uow.now()))
            .filter(Column::Id.eq(id))
            .filter(Column::RevokedAt.is_null());
        if let Some(client) = client {
            update = update.filter(Column::ClientAccountId.eq(client));
        }
        if update.exec(&self.uow.connection).await?.rows_affected == 0 {
            return Err(StoreError::not_found("API key", id));
        }
        Ok(())
    }

    /// Remembers that a key was used.
    pub async fn used(&self, id: Uuid) -> StoreResult<()> {
        self.update()
            .col_expr(Column::LastUsedAt, Expr::val(self.uow.now()))
            .filter(Column::Id.eq(id))
            .exec(&self.uow.connection)
            .await?;
        Ok(())
    }

    fn update(&self) -> UpdateMany<api_keys::Entity> {
        api_keys::Entity::update_many().col_expr(Column::UpdatedAt, Expr::val(self.uow.now()))
    }
}
