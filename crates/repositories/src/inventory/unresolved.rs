//! Dependencies whose ends the inventory does not have yet.

use super::InventoryReader;
use super::write::{IDS_PER_STATEMENT, active};
use crate::StoreResult;
use crate::bulk::{Bulk, Conflict};
use landfall_domain::ImportId;
use landfall_entities::{TenantScoped, unresolved_dependencies};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Value};
use uuid::Uuid;

impl InventoryReader<'_> {
    /// The next dependencies that wait for their assets, of all imports of the engagement, in the order in which they were
    /// kept, at most `limit`.
    pub async fn unresolved_after(
        &self,
        after: Option<Uuid>,
        limit: u64,
    ) -> StoreResult<Vec<unresolved_dependencies::Model>> {
        use unresolved_dependencies::Column;
        let mut rows = unresolved_dependencies::Entity::of(self.uow.scope())
            .order_by_asc(Column::Id)
            .limit(limit);
        if let Some(after) = after {
            rows = rows.filter(Column::Id.gt(after));
        }
        Ok(rows.all(&self.uow.connection).await?)
    }
}

impl Bulk {
    /// Keeps dependencies until their assets come.
    pub async fn keep_unresolved(&mut self, rows: Vec<unresolved_dependencies::Model>) -> StoreResult<u64> {
        self.insert(active(rows), &Conflict::Keep).await
    }

    /// Forgets dependencies that wait no longer.
    pub async fn forget_unresolved(&mut self, ids: &[Uuid]) -> StoreResult<()> {
        for chunk in ids.chunks(IDS_PER_STATEMENT) {
            let list: Vec<String> = (2..chunk.len() + 2).map(|number| format!("${number}")).collect();
            let sql = format!(
                "DELETE FROM unresolved_dependencies WHERE client_account_id = $1 AND id IN ({})",
                list.join(", ")
            );
            let client = Value::from(self.scope().client_account_id);
            let values = std::iter::once(client).chain(chunk.iter().map(|id| Value::from(*id)));
            self.execute(&sql, values.collect()).await?;
        }
        Ok(())
    }

    /// Forgets all that one import has waiting.
    pub async fn forget_unresolved_of(&mut self, import: ImportId) -> StoreResult<u64> {
        let sql = "DELETE FROM unresolved_dependencies WHERE client_account_id = $1 AND data_import_id = $2";
        let values = vec![Value::from(self.scope().client_account_id), Value::from(import)];
        self.execute(sql, values).await
    }
}
