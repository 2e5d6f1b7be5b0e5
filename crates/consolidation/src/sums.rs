//! What a table holds, as numbers that do not depend on the order of its rows: equal wherever the same values are.

use crate::Error;
use crate::database::rows;
use crate::map::legacy_table;
use crate::statement::name;
use sqlx::{PgConnection, Row};

/// The number of rows as `rows`, then each column with the sum over its values.
pub(crate) type Sums = Vec<(String, String)>;

/// Counts the rows of a table, and adds a checksum of each value up, by column. Each is salted with the key of its row, or with
/// the whole row where the map knows no key, so that values that changed places are seen.
pub(crate) async fn of_table(
    connection: &mut PgConnection,
    schema: &str,
    table: &str,
    columns: &[&str],
) -> Result<Sums, Error> {
    let salt = legacy_table(table)
        .map(|known| known.key)
        .filter(|key| columns.contains(key))
        .map_or_else(|| "s".to_owned(), |key| format!("s.{}", name(key)));
    let mut names = vec!["rows".to_owned()];
    let mut selected = vec!["count(*)::text".to_owned()];
    for column in columns {
        names.push((*column).to_owned());
        selected.push(format!(
            "COALESCE(sum(hashtextextended(s.{}::text, k.salt)), 0)::text",
            name(column)
        ));
    }
    let found = rows(
        connection,
        &format!(
            "SELECT {} FROM {}.{} s CROSS JOIN LATERAL (SELECT hashtextextended({salt}::text, 0) AS salt OFFSET 0) k",
            selected.join(", "),
            name(schema),
            name(table),
        ),
    )
    .await?;
    let row = found
        .first()
        .ok_or_else(|| Error::Failed("a sum has no row".to_owned()))?;
    names
        .into_iter()
        .enumerate()
        .map(|(place, name)| Ok((name, row.try_get(place)?)))
        .collect()
}

/// The columns in which two tables differ; `rows` among them if their numbers of rows do.
pub(crate) fn differing<'a>(one: &'a Sums, other: &Sums) -> Vec<&'a str> {
    one.iter()
        .zip(other)
        .filter(|((_, was), (_, is))| was != is)
        .map(|((column, _), _)| column.as_str())
        .collect()
}
