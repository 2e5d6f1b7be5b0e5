//! Taking away what an import brought.

use super::write::IDS_PER_STATEMENT;
use crate::StoreResult;
use crate::bulk::Bulk;
use landfall_domain::{AssetId, ImportId};
use sea_orm::Value;

/// Tables of what hangs on an asset and names the import that stated it first.
const DETAILS: [&str; 6] = [
    "asset_identities",
    "asset_disks",
    "asset_networks",
    "asset_metrics",
    "asset_tags",
    "application_assets",
];

impl Bulk {
    /// Deletes assets with all that hangs on them; raw records keep their rows and lose the link.
    pub async fn delete_assets(&mut self, ids: &[AssetId]) -> StoreResult<u64> {
        let mut deleted = 0;
        for chunk in ids.chunks(IDS_PER_STATEMENT) {
            let list: Vec<String> = (2..chunk.len() + 2).map(|number| format!("${number}")).collect();
            let list = list.join(", ");
            let values = || {
                let client = Value::from(self.scope().client_account_id);
                std::iter::once(client)
                    .chain(chunk.iter().map(|id| Value::from(*id)))
                    .collect::<Vec<_>>()
            };
            let (unlink, sized, delete) = (values(), values(), values());
            let unlinking = format!(
                "UPDATE raw_import_records SET asset_id = NULL, is_processed = false \
                 WHERE client_account_id = $1 AND asset_id IN ({list})"
            );
            self.execute(&unlinking, unlink).await?;
            let sizes = format!(
                "DELETE FROM assessments WHERE client_account_id = $1 AND assessment_type = 'technical_assessment' \
                 AND asset_id IN ({list})"
            );
            self.execute(&sizes, sized).await?;
            let deleting = format!("DELETE FROM assets WHERE client_account_id = $1 AND id IN ({list})");
            deleted += self.execute(&deleting, delete).await?;
        }
        Ok(deleted)
    }

    /// Forgets everything but the statements that an import made about these assets: identities, disks, adapters,
    /// measurements, tags, memberships.
    pub async fn forget_details(&mut self, import: ImportId, ids: &[AssetId]) -> StoreResult<()> {
        for chunk in ids.chunks(IDS_PER_STATEMENT) {
            let list: Vec<String> = (3..chunk.len() + 3).map(|number| format!("${number}")).collect();
            let fixed = [Value::from(self.scope().client_account_id), Value::from(import)];
            let values: Vec<Value> = fixed
                .into_iter()
                .chain(chunk.iter().map(|id| Value::from(*id)))
                .collect();
            for table in DETAILS {
                let sql = format!(
                    "DELETE FROM {table} WHERE client_account_id = $1 AND data_import_id = $2 AND asset_id IN ({})",
                    list.join(", ")
                );
                self.execute(&sql, values.clone()).await?;
            }
        }
        Ok(())
    }

    /// Forgets what an import said about assets, except about those in `kept`: sources, identities, disks, adapters,
    /// measurements, tags, memberships, and the links of its records.
    pub async fn forget_import(&mut self, import: ImportId, kept: &[AssetId]) -> StoreResult<()> {
        let list: Vec<String> = (3..kept.len() + 3).map(|number| format!("${number}")).collect();
        let except = if kept.is_empty() {
            String::new()
        } else {
            format!(" AND asset_id NOT IN ({})", list.join(", "))
        };
        let fixed = [Value::from(self.scope().client_account_id), Value::from(import)];
        let values: Vec<Value> = fixed
            .into_iter()
            .chain(kept.iter().map(|id| Value::from(*id)))
            .collect();
        for table in DETAILS.into_iter().chain(["asset_field_sources"]) {
            let sql =
                format!("DELETE FROM {table} WHERE client_account_id = $1 AND data_import_id = $2{except}");
            self.execute(&sql, values.clone()).await?;
        }
        let unlink = format!(
            "UPDATE raw_import_records SET asset_id = NULL, is_processed = false \
             WHERE client_account_id = $1 AND data_import_id = $2 AND asset_id IS NOT NULL{except}"
        );
        self.execute(&unlink, values.clone()).await?;
        let orphans = "DELETE FROM applications WHERE client_account_id = $1 AND created_by_import_id = $2 \
                       AND NOT EXISTS (SELECT 1 FROM application_assets m \
                       WHERE m.client_account_id = applications.client_account_id AND m.application_id = applications.id) \
                       AND NOT EXISTS (SELECT 1 FROM assessments s \
                       WHERE s.client_account_id = applications.client_account_id AND s.application_id = applications.id) \
                       AND NOT EXISTS (SELECT 1 FROM sixr_analyses s \
                       WHERE s.client_account_id = applications.client_account_id AND s.application_id = applications.id) \
                       AND NOT EXISTS (SELECT 1 FROM reviews r \
                       WHERE r.client_account_id = applications.client_account_id AND r.application_id = applications.id)";
        self.execute(orphans, values.into_iter().take(2).collect())
            .await
            .map(|_| ())
    }
}
