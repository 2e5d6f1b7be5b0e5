//! People, keys and tokens: what must be read to learn who asks, before there is a tenant.

mod api_keys;
mod events;
mod tokens;
mod users;

use crate::{Store, StoreResult};
pub use api_keys::{ApiKeyRepository, NewApiKey};
use chrono::{DateTime, Utc};
pub use events::{AccessDecision, EventRepository, SecurityEvent, Severity};
use sea_orm::DatabaseTransaction;
pub use tokens::{NewToken, TokenKind, TokenRepository};
pub use users::{NewUser, UserRepository};

/// One transaction about people, keys and tokens. It has no tenant and sees no tenant's rows. Dropping it undoes everything.
#[derive(Debug)]
pub struct IdentityUow {
    pub(crate) connection: DatabaseTransaction,
    store: Store,
}

impl IdentityUow {
    pub(crate) fn new(connection: DatabaseTransaction, store: Store) -> Self {
        Self { connection, store }
    }

    /// The time now, by the store's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.store.clock().now()
    }

    /// Keeps what was done.
    pub async fn commit(self) -> StoreResult<()> {
        Ok(self.connection.commit().await?)
    }
}
