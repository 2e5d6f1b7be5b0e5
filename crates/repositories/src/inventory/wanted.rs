//! A list of texts as a table that indexes are asked by.

use sea_orm::DbBackend;

/// The head of a statement that makes the JSON list of lists in the parameter `$1` the table `wanted` with these columns.
///
/// It is worked out first and then joined as plain columns. On PostgreSQL a condition on `->>` itself is no condition of an
/// index under row-level security, since that operator is not leakproof. On SQLite `wanted` must be the outer table of a
/// `CROSS JOIN`, which keeps that order: the planner takes the list for the longer one otherwise, and reads the whole tenant.
pub(super) fn wanted(backend: DbBackend, columns: &[&str]) -> String {
    let (list, part): (_, fn(usize) -> String) = match backend {
        DbBackend::Sqlite => ("json_each($1) w", |at| {
            format!("json_extract(w.value, '$[{at}]')")
        }),
        _ => ("jsonb_array_elements($1::jsonb) AS w(value)", |at| {
            format!("w.value ->> {at}")
        }),
    };
    let parts: Vec<_> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| format!("{} AS {column}", part(at)))
        .collect();
    format!(
        "WITH wanted AS MATERIALIZED (SELECT {} FROM {list})",
        parts.join(", ")
    )
}
