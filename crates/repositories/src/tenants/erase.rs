//! Removing all that a client account or engagement has.

use super::TenantDirectory;
use crate::tenant_tables::tenant_tables;
use crate::{StoreError, StoreResult};
use landfall_domain::{ClientAccountId, EngagementId};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DbBackend, Value};
use uuid::Uuid;

/// Tables without tenant that say something about one, with the column that names it.
const BY_CLIENT: [(&str, &str); 7] = [
    ("jobs", "client_account_id"),
    ("auth_tokens", "client_account_id"),
    ("api_keys", "client_account_id"),
    ("user_account_associations", "client_account_id"),
    ("user_roles", "scope_client_id"),
    ("access_audit_log", "client_account_id"),
    ("security_audit_logs", "client_account_id"),
];
/// The same for an engagement.
const BY_ENGAGEMENT: [(&str, &str); 5] = [
    ("jobs", "engagement_id"),
    ("auth_tokens", "engagement_id"),
    ("api_keys", "engagement_id"),
    ("user_roles", "scope_engagement_id"),
    ("access_audit_log", "engagement_id"),
];

/// How many rows were removed from a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasedRows {
    /// The table.
    pub table: &'static str,
    /// The rows.
    pub rows: u64,
}

impl TenantDirectory<'_> {
    /// Removes up to `limit` rows of a client account, what lets people and jobs in first, then rows before those that they
    /// refer to. Gives what was removed, and nothing once nothing is left. Users stay, without it. To be called until then, a
    /// unit of work each: no lock is held for long, and what was begun goes on where it stopped.
    ///
    /// # Errors
    /// [`StoreError::MissingReference`] if somebody has written a row meanwhile that refers to a removed one: the next call
    /// removes that too.
    pub async fn erase_batch(&self, client: ClientAccountId, limit: u64) -> StoreResult<Vec<ErasedRows>> {
        let (mut erased, mut left) = (Vec::new(), limit);
        let shared = BY_CLIENT.into_iter();
        let own = tenant_tables()
            .into_iter()
            .map(|table| (table.name, table.tenant_column));
        for (table, column) in shared.chain(own) {
            if left == 0 {
                return Ok(erased);
            }
            left -= self
                .delete_some(&mut erased, table, (column, client.into()), left)
                .await?;
        }
        self.forget_default("default_client_id", client.into()).await?;
        Ok(erased)
    }

    async fn delete_some(
        &self,
        erased: &mut Vec<ErasedRows>,
        table: &'static str,
        (column, id): (&'static str, Uuid),
        limit: u64,
    ) -> StoreResult<u64> {
        // Where a row lies: every table has it, whatever its key is.
        let place = match self.uow.connection.get_database_backend() {
            DbBackend::Sqlite => "rowid",
            _ => "ctid",
        };
        let (table_name, column, place) = (Alias::new(table), Alias::new(column), Alias::new(place));
        let mut some = Query::select();
        some.column(place.clone())
            .from(table_name.clone())
            .and_where(Expr::col(column.clone()).eq(id))
            .limit(limit);
        let mut statement = Query::delete();
        statement
            .from_table(table_name)
            .and_where(Expr::col(column).eq(id))
            .and_where(Expr::col(place).in_subquery(some));
        let rows = self.uow.connection.execute(&statement).await?.rows_affected();
        if rows > 0 {
            erased.push(ErasedRows { table, rows });
        }
        Ok(rows)
    }

    /// Removes an engagement with all that it has. Gives the tables that had rows.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if there is no such engagement.
    pub async fn erase_engagement(
        &self,
        client: ClientAccountId,
        engagement: EngagementId,
    ) -> StoreResult<Vec<ErasedRows>> {
        let mut erased = Vec::new();
        for table in tenant_tables() {
            let Some(column) = table.engagement_column else {
                continue;
            };
            let row = [(table.tenant_column, client.into()), (column, engagement.into())];
            self.delete(&mut erased, table.name, &row).await?;
        }
        if !erased.iter().any(|rows| rows.table == "engagements") {
            return Err(StoreError::not_found("engagement", engagement));
        }
        for (table, column) in BY_ENGAGEMENT {
            self.delete(&mut erased, table, &[(column, engagement.into())])
                .await?;
        }
        self.forget_default("default_engagement_id", engagement.into())
            .await?;
        Ok(erased)
    }

    async fn delete(
        &self,
        erased: &mut Vec<ErasedRows>,
        table: &'static str,
        key: &[(&'static str, Uuid)],
    ) -> StoreResult<()> {
        let mut statement = Query::delete();
        statement.from_table(Alias::new(table));
        for (column, id) in key {
            statement.and_where(Expr::col(Alias::new(*column)).eq(*id));
        }
        let rows = self.uow.connection.execute(&statement).await?.rows_affected();
        if rows > 0 {
            erased.push(ErasedRows { table, rows });
        }
        Ok(())
    }

    /// Users may have had it as their default.
    async fn forget_default(&self, column: &'static str, id: Uuid) -> StoreResult<()> {
        let mut statement = Query::update();
        statement
            .table(Alias::new("users"))
            .value(Alias::new(column), Value::Uuid(None))
            .and_where(Expr::col(Alias::new(column)).eq(id));
        self.uow.connection.execute(&statement).await?;
        Ok(())
    }
}
