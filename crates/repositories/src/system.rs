//! Units of work across tenants.

use crate::{Store, StoreResult};
use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;

/// One transaction that may see every tenant. It comes from [`Store::begin_system`], which logs each use.
#[derive(Debug)]
pub struct SystemUow {
    pub(crate) connection: DatabaseTransaction,
    store: Store,
}

impl SystemUow {
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
