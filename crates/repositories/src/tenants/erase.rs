//! Removing all that a client account or engagement has.

use super::TenantDirectory;
use crate::tenant_tables::tenant_tables;
use crate::{StoreError, StoreResult};
use landfall_domain::{ClientAccountId, EngagementId};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, Value};
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
    /// Removes a client account with all that it has, everywhere. Users stay, without it. Gives the tables that had rows.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if there is no such client account.
    pub async fn erase(&self, client: ClientAccountId) -> StoreResult<Vec<ErasedRows>> {
        let mut erased = Vec::new();
        for table in tenant_tables() {
            self.delete(&mut erased, table.name, &[(table.tenant_column, client.into())])
                .await?;
        }
        if !erased.iter().any(|rows| rows.table == "client_accounts") {
            return Err(StoreError::not_found("client account", client));
        }
        for (table, column) in BY_CLIENT {
            self.delete(&mut erased, table, &[(column, client.into())])
                .await?;
        }
        self.forget_default("default_client_id", client.into()).await?;
        Ok(erased)
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
