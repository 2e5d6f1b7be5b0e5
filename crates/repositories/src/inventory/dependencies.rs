//! Dependencies that imports observe, and what of them goes when an import is undone.

use super::write::active;
use crate::StoreResult;
use crate::bulk::{Bulk, Conflict};
use landfall_domain::ImportId;
use landfall_entities::asset_dependencies;
use sea_orm::Set;
use serde_json::json;

impl Bulk {
    /// Adds dependencies that an import observed; an observation of a known one adds its weight. The import's share is kept
    /// under `attributes`, so that undoing it can take the share away again.
    pub async fn observe_dependencies(
        &mut self,
        import: ImportId,
        rows: Vec<asset_dependencies::Model>,
    ) -> StoreResult<u64> {
        let share = share_key(import);
        let (is_hard, attributes) = if self.is_sqlite() {
            let path = format!("'$.\"{share}\"'");
            (
                "max(asset_dependencies.is_hard, excluded.is_hard)",
                format!(
                    "json_set(asset_dependencies.attributes, {path}, \
                     COALESCE(json_extract(asset_dependencies.attributes, {path}), 0) + excluded.weight)"
                ),
            )
        } else {
            (
                "asset_dependencies.is_hard OR excluded.is_hard",
                format!(
                    "asset_dependencies.attributes || jsonb_build_object('{share}', \
                     COALESCE((asset_dependencies.attributes ->> '{share}')::double precision, 0) + excluded.weight)"
                ),
            )
        };
        let assignments = format!(
            "weight = asset_dependencies.weight + excluded.weight, is_hard = {is_hard}, attributes = {attributes}, \
             version = asset_dependencies.version + 1, updated_at = excluded.updated_at"
        );
        let mut rows = active(rows).collect::<Vec<_>>();
        for row in &mut rows {
            row.attributes = Set(json!({ &share: *row.weight.as_ref() }));
        }
        let key = &[
            "client_account_id",
            "asset_id",
            "depends_on_asset_id",
            "port",
            "dependency_type",
        ];
        self.insert(rows, &Conflict::Set { key, assignments }).await
    }

    /// Takes one import's share out of the dependencies that it observed, and removes those that nothing else states.
    pub async fn withdraw_dependencies(&mut self, import: ImportId) -> StoreResult<u64> {
        let key = share_key(import);
        let (share, rest, empty) = if self.is_sqlite() {
            (
                format!("json_extract(attributes, '$.\"{key}\"')"),
                format!("json_remove(attributes, '$.\"{key}\"')"),
                "attributes = '{}'",
            )
        } else {
            (
                format!("(attributes ->> '{key}')::double precision"),
                format!("attributes - '{key}'"),
                "attributes = '{}'::jsonb",
            )
        };
        let scope = self.scope().clone();
        let tenant = || vec![scope.client_account_id.into(), scope.engagement_id.into()];
        let lower = format!(
            "UPDATE asset_dependencies SET weight = CASE WHEN weight > {share} THEN weight - {share} ELSE 0 END, \
             attributes = {rest} WHERE client_account_id = $1 AND engagement_id = $2 AND {share} IS NOT NULL"
        );
        self.execute(&lower, tenant()).await?;
        let remove = format!(
            "DELETE FROM asset_dependencies WHERE client_account_id = $1 AND engagement_id = $2 \
             AND {empty} AND source <> 'manual'"
        );
        self.execute(&remove, tenant()).await
    }
}

/// Key under which a dependency's attributes keep an import's share of its weight.
fn share_key(import: ImportId) -> String {
    format!("import:{import}")
}
