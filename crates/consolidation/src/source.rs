//! The legacy tables under names that do not change while tables move: views in a schema of our own, one for each table of the
//! map. A table or column that this database does not have is there too, empty.

use crate::Error;
use crate::database::{Catalog, execute};
use crate::map::{LegacyType, legacy_columns, legacy_tables};
use crate::statement::name;
use sqlx::PgConnection;

/// Schema of the views.
pub(crate) const SOURCE: &str = "consolidation_source";

/// Makes the views over the tables of `schema`, in the transaction of the connection.
pub(crate) async fn make(
    connection: &mut PgConnection,
    schema: &str,
    catalog: &Catalog,
) -> Result<(), Error> {
    execute(
        connection,
        &format!("DROP SCHEMA IF EXISTS {SOURCE} CASCADE; CREATE SCHEMA {SOURCE}"),
    )
    .await?;
    for table in legacy_tables() {
        let found = catalog.get(table.name);
        let columns: Vec<_> = legacy_columns(table.name)
            .map(|column| {
                let quoted = name(column.name);
                let there =
                    found.is_some_and(|columns| columns.iter().any(|known| known.name == column.name));
                match (there, column.kind()) {
                    (true, LegacyType::Other) => format!("{quoted}::text AS {quoted}"),
                    (true, _) => quoted,
                    (false, LegacyType::Enum | LegacyType::Other) => format!("NULL::text AS {quoted}"),
                    (false, _) => format!("NULL::{} AS {quoted}", column.sql_type),
                }
            })
            .collect();
        let from = match found {
            Some(_) => format!(" FROM {}.{}", name(schema), name(table.name)),
            None => " WHERE false".to_owned(),
        };
        execute(
            connection,
            &format!(
                "CREATE VIEW {SOURCE}.{} AS SELECT {}{from}",
                name(table.name),
                columns.join(", ")
            ),
        )
        .await?;
    }
    Ok(())
}
