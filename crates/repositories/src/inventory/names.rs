//! Finding assets by what others call them.

use super::InventoryReader;
use super::wanted::wanted;
use crate::StoreResult;
use landfall_domain::{AssetId, AssetType};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

/// A name of an asset to be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameWanted {
    /// In lowercase.
    pub lower: String,
    /// As the source writes it.
    pub as_written: String,
    /// In uppercase.
    pub upper: String,
}

impl NameWanted {
    /// A name as a source writes it.
    pub fn new(name: &str) -> Self {
        let name = name.trim();
        Self {
            lower: name.to_lowercase(),
            as_written: name.to_owned(),
            upper: name.to_uppercase(),
        }
    }
}

/// An asset that is called by a name.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct NameHit {
    /// The name, in lowercase.
    pub name: String,
    /// The asset.
    pub asset_id: AssetId,
    /// By what: `source_id`, `fqdn`, `hostname`, `name`, `ip_address`.
    pub how: String,
    /// What the asset is.
    pub asset_type: AssetType,
}

impl InventoryReader<'_> {
    /// The assets that are called by any of the names: by id in the source, FQDN, host name, display name or IP address.
    /// `source` is what ids are unique in. One statement with one parameter for the names.
    pub async fn find_by_names(&self, names: &[NameWanted], source: &str) -> StoreResult<Vec<NameHit>> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let backend = self.uow.connection.get_database_backend();
        let wanted = wanted(backend, &["lower_name", "as_written", "upper_name", "source_key"]);
        let identity = |how: &str, value: &str| {
            format!(
                "SELECT w.lower_name AS name, i.asset_id, '{how}' AS how FROM wanted w CROSS JOIN asset_identities i \
                 WHERE i.client_account_id = $2 AND i.engagement_id = $3 AND i.kind = '{how}' AND i.value = {value}"
            )
        };
        let column = |how: &str, column: &str, value: &str| {
            format!(
                "SELECT w.lower_name AS name, a.id AS asset_id, '{how}' AS how FROM wanted w CROSS JOIN assets a \
                 WHERE a.client_account_id = $2 AND a.engagement_id = $3 AND a.{column} = {value}"
            )
        };
        let arms = [
            identity("source_id", "w.source_key"),
            identity("fqdn", "w.lower_name"),
            column("hostname", "hostname", "w.lower_name"),
            column("name", "name", "w.as_written"),
            column("name", "name", "w.lower_name"),
            column("name", "name", "w.upper_name"),
            column("ip_address", "ip_address", "w.lower_name"),
        ];
        let sql = format!(
            "{wanted} SELECT h.name, h.asset_id, h.how, t.asset_type FROM ({}) h \
             CROSS JOIN assets t WHERE t.client_account_id = $2 AND t.id = h.asset_id",
            arms.join(" UNION ")
        );
        let scope = self.uow.scope();
        let list: Vec<_> = names
            .iter()
            .map(|name| {
                [
                    name.lower.clone(),
                    name.as_written.clone(),
                    name.upper.clone(),
                    format!("{source}|{}", name.lower),
                ]
            })
            .collect();
        let values = [
            serde_json::to_string(&list)?.into(),
            scope.client_account_id.into(),
            scope.engagement_id.into(),
        ];
        let statement = Statement::from_sql_and_values(backend, sql, values);
        Ok(NameHit::find_by_statement(statement)
            .all(&self.uow.connection)
            .await?)
    }
}
