//! The old names, after the cut-over: a view for each legacy table, readable and writable, under the same row-level security as
//! the tables below it.

mod live;
mod trigger;

use crate::database::FoundColumn;
use crate::map::{LegacyColumn, LegacyTable, LegacyType};
use crate::rebuild::{archived, joined, target_rows, value};
use crate::statement::{known_columns, literal, name};

/// Functions that the triggers share. `{run}` is the run whose map tells where legacy rows went.
const FUNCTIONS: &str = include_str!("sql/view_functions.sql");

/// The statements that make the shared functions.
pub(crate) fn functions(run: &str) -> String {
    FUNCTIONS.replace(":run", &literal(run)).replace(
        ":quarantine_client",
        &format!("'{}'", landfall_domain::ids::fixed::QUARANTINE_CLIENT_ACCOUNT),
    )
}

/// The statements that make the view of a legacy table in `schema`, with its trigger. `found` is the table as it was.
pub(crate) fn statements(table: &'static LegacyTable, schema: &str, found: &[FoundColumn]) -> Vec<String> {
    let view = format!("{}.{}", name(schema), name(table.name));
    let mut statements = vec![format!(
        "CREATE VIEW {view} WITH (security_invoker = true) AS {}",
        query(table)
    )];
    for column in found {
        if table.column(&column.name).is_none() {
            continue;
        }
        // A sequence goes with its table; numbers go on from the highest.
        if let Some(default) = &column.default
            && !default.contains("nextval")
        {
            statements.push(format!(
                "ALTER VIEW {view} ALTER COLUMN {} SET DEFAULT {default}",
                name(&column.name)
            ));
        }
    }
    statements.push(trigger::function(table));
    statements.push(format!(
        "CREATE TRIGGER write_through INSTEAD OF INSERT OR UPDATE OR DELETE ON {view} FOR EACH ROW \
         EXECUTE FUNCTION consolidation.write_{}()",
        table.name
    ));
    statements
}

/// What the view shows: rows of the target with their part of the archive, and whole rows of the archive.
fn query(table: &'static LegacyTable) -> String {
    let columns = |told: &dyn Fn(&'static crate::map::Column, &'static LegacyColumn) -> String| {
        let columns: Vec<_> = known_columns(table)
            .map(|(column, known)| {
                format!(
                    "({})::{} AS {}",
                    told(column, known),
                    shown_type(known),
                    name(known.name)
                )
            })
            .collect();
        columns.join(", ")
    };
    let whole = format!(
        "SELECT {} FROM landfall.legacy_archive a WHERE a.source_table = '{}' AND a.reason NOT IN ('no_column', 'unknown')",
        columns(&|_, known| archived(known)),
        table.name
    );
    if table.target.is_none() {
        return whole;
    }
    format!(
        "SELECT {} FROM {} UNION ALL {whole}",
        columns(&|column, known| value(table, column, known)),
        joined(table, &target_rows(table))
    )
}

/// The type under which a column is shown. Labels are text, since the target knows labels that the old types did not; text is of
/// any length.
fn shown_type(known: &LegacyColumn) -> &'static str {
    match known.kind() {
        LegacyType::Enum | LegacyType::Other => "text",
        _ => known.sql_type,
    }
}
