//! The statements that move rows, made from the map.
//!
//! For each legacy table there is one query: its rows, where they are placed, and for each column of the target the value `f_…`.
//! The load inserts what it gives, the proof compares what it gives, and the triggers of the views insert it for a single row.

mod archive;
mod joins;
mod load;
mod placed;

pub(crate) use archive::{archived, archived_part, archived_whole, archives};
pub(crate) use load::load;
pub(crate) use placed::target_id;

use crate::map::{
    Column, LegacyColumn, LegacyTable, LegacyType, Rule, Tenant, legacy_columns, legacy_table, sql_type,
    target_column, target_columns,
};
use crate::options::Words;
use joins::joins;
use migration::schema::ColumnType;
use placed::{outcome, placed_client, placed_engagement};

/// Where things are while statements run.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// Schema of the legacy tables.
    pub(crate) source: String,
    /// Schema of the tables of placements.
    pub(crate) work: String,
    /// What words mean, as the operator says.
    pub(crate) words: Words,
}

/// Which rows of a legacy table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    /// All.
    All,
    /// The first ones by key, at most `$1`.
    First,
    /// Those up to the key `$1`.
    UpTo,
    /// Those after the key `$2` up to the key `$1`.
    Between,
    /// Those with the keys `$1`.
    Keys,
}

/// Quotes a name.
pub(crate) fn name(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Quotes a text.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The SQL type of a table's key.
pub(crate) fn key_type(table: &LegacyTable) -> &'static str {
    match LegacyType::of(table.name, table.key) {
        LegacyType::Uuid => "uuid",
        LegacyType::Integer => "integer",
        _ => "text",
    }
}

impl Site {
    /// The legacy rows, their placement and their values for the target:
    ///
    /// all legacy columns, `row_key`, `client`, `engagement`, `target_id`, `outcome`, `rule`, `whole` and the `f_…` of
    /// [`targets`].
    pub(crate) fn rows(&self, table: &'static LegacyTable, rows: Rows) -> String {
        let alias = table.alias();
        let target_id = target_id(table);
        let (outcome, rule, whole) = outcome(table);
        let mut given = vec![
            format!("{alias}.*"),
            format!("{alias}.{} AS row_key", name(table.key)),
            format!("{} AS client", placed_client(table)),
            format!("{} AS engagement", placed_engagement(table)),
            format!("{target_id} AS target_id"),
            format!("{outcome} AS outcome"),
            format!("{rule} AS rule"),
            format!("{whole} AS whole"),
        ];
        for target in targets(table) {
            given.push(format!("{} AS f_{target}", self.value(table, target)));
        }
        format!(
            "SELECT {}\nFROM ({}) {alias}\n{}\nOFFSET 0",
            given.join(",\n  "),
            self.picked(table, rows),
            joins(self, table)
        )
    }

    /// What stands beside the rows of a table.
    pub(crate) fn joins(&self, table: &'static LegacyTable) -> String {
        joins(self, table)
    }

    /// The legacy rows, and for each of the columns whether the row that it names is missing, as `r_…_missing`.
    pub(crate) fn references(&self, table: &'static LegacyTable, columns: &[(&str, &str)]) -> String {
        let missing: Vec<_> = columns
            .iter()
            .map(|(column, _)| {
                let reference = joins::reference(table, column);
                format!("{reference}.target IS NULL AS {reference}_missing")
            })
            .collect();
        let alias = table.alias();
        format!(
            "SELECT {alias}.*, {} FROM {}.{} {alias}\n{}",
            missing.join(", "),
            name(&self.source),
            name(table.name),
            joins(self, table)
        )
    }

    /// The columns of the target that both an original and a v3 table tell, with the value of each.
    pub(crate) fn contested(&self, table: &'static LegacyTable) -> Vec<(&'static str, String, String)> {
        let (Some(original), Some(v3)) = sides(table) else {
            return Vec::new();
        };
        targets(table)
            .into_iter()
            .filter(|target| {
                !matches!(
                    *target,
                    "id" | "client_account_id" | "engagement_id" | "updated_at"
                )
            })
            .filter_map(|target| {
                Some((
                    target,
                    self.value_of(original, target)?,
                    self.value_of(v3, target)?,
                ))
            })
            .collect()
    }

    /// The condition under which an original row `o` and a v3 row `v` say different things, as far as that is seen before it is
    /// decided where rows go.
    pub(crate) fn differ(&self, table: &'static LegacyTable) -> String {
        let (Some(original), Some(v3)) = sides(table) else {
            return "false".to_owned();
        };
        let says = |side: &'static LegacyTable, target: &str| {
            let column = side.columns.iter().find(|column| column.target == Some(target))?;
            let alone = matches!(
                column.rule,
                Rule::Keep
                    | Rule::Label(_)
                    | Rule::Confidence
                    | Rule::Percentage
                    | Rule::NotNegative
                    | Rule::Cents
            );
            (alone && !matches!(target, "created_at" | "updated_at")).then(|| self.forward(side, column))
        };
        let differing: Vec<_> = targets(table)
            .into_iter()
            .filter_map(|target| {
                Some(format!(
                    "({})::text <> ({})::text",
                    says(original, target)?,
                    says(v3, target)?
                ))
            })
            .map(|differs| format!("COALESCE({differs}, false)"))
            .collect();
        if differing.is_empty() {
            "false".to_owned()
        } else {
            differing.join(" OR ")
        }
    }

    fn picked(&self, table: &LegacyTable, rows: Rows) -> String {
        let (from, key) = (
            format!("SELECT * FROM {}.{}", name(&self.source), name(table.name)),
            name(table.key),
        );
        let kind = key_type(table);
        match rows {
            Rows::All => from,
            Rows::First => format!("{from} ORDER BY {key} LIMIT $1"),
            Rows::UpTo => format!("{from} WHERE {key} <= $1::{kind}"),
            Rows::Between => format!("{from} WHERE {key} > $2::{kind} AND {key} <= $1::{kind}"),
            Rows::Keys => format!("{from} WHERE {key} = ANY ($1::text[]::{kind}[])"),
        }
    }

    /// The value of a column of the target, from this table and from the other one that holds the same thing.
    pub(crate) fn value(&self, table: &'static LegacyTable, target: &str) -> String {
        if target == table.target_key && table.column(target).is_none_or(|own| own.rule.is_new_id()) {
            return target_id(table);
        }
        let (original, v3) = sides(table);
        let of = |side: Option<&'static LegacyTable>| side.and_then(|side| self.value_of(side, target));
        let merged = match (of(original), of(v3)) {
            (Some(o), Some(v)) => {
                let wins = if target == "status" {
                    "pr.v3_status"
                } else {
                    "pr.v3_wins"
                };
                format!("CASE WHEN {wins} THEN COALESCE({v}, {o}) ELSE COALESCE({o}, {v}) END")
            }
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) if !fallbacks(table, target).is_empty() => "NULL".to_owned(),
            (None, None) => match target {
                "client_account_id" => return placed_client(table),
                "engagement_id" => return placed_engagement(table),
                _ => "NULL".to_owned(),
            },
        };
        let Some(column) = table.target.and_then(|into| target_column(into, target)) else {
            return merged;
        };
        let mut choices = vec![merged];
        choices.extend(fallbacks(table, target).into_iter().map(str::to_owned));
        match (column.nullable, target) {
            (true, _) => {}
            (false, "created_at" | "updated_at") => choices.push(time(table)),
            (false, _) => {
                choices.extend(column.default.map(str::to_owned));
                // There must be a number where the legacy table has none that is one.
                if column.kind == ColumnType::Float {
                    choices.push("0".to_owned());
                }
            }
        }
        format!("COALESCE({})::{}", choices.join(", "), sql_type(column))
    }

    /// The value of a column of the target as one legacy table tells it; none if it does not.
    fn value_of(&self, table: &'static LegacyTable, target: &str) -> Option<String> {
        let mapped = table
            .columns
            .iter()
            .find(|column| column.target == Some(target))
            .map(|column| self.forward(table, column));
        let derived = table
            .derived
            .iter()
            .find(|derived| derived.target == target && !derived.fallback)
            .map(|derived| derived.sql.to_owned());
        mapped.or(derived)
    }

    /// The value of a legacy column for the target.
    pub(crate) fn forward(&self, table: &'static LegacyTable, column: &Column) -> String {
        let source = format!("{}.{}", table.alias(), name(column.name));
        let words: Vec<_> = self
            .words
            .of(table.name, column.name)
            .map(|(old, new)| (old.to_owned(), new.to_owned()))
            .collect();
        let reference = format!("{}.target", joins::reference(table, column.name));
        column.rule.forward(
            &source,
            LegacyType::of(table.name, column.name),
            &reference,
            &words,
        )
    }
}

/// A time for rows without one: any other of the row, else the beginning of time.
fn time(table: &'static LegacyTable) -> String {
    let (original, v3) = sides(table);
    let mut times = Vec::new();
    for side in [original, v3].into_iter().flatten() {
        for wanted in [
            "created_at",
            "updated_at",
            "started_at",
            "completed_at",
            "assessment_date",
        ] {
            if let Some(known) = legacy_columns(side.name).find(|known| known.name == wanted) {
                let source = format!("{}.{}", side.alias(), name(wanted));
                times.push(Rule::Keep.forward(&source, known.kind(), "", &[]));
            }
        }
    }
    times.push("'epoch'::timestamptz".to_owned());
    format!("COALESCE({})", times.join(", "))
}

/// The original and the v3 table that hold the same things; one of them is the table itself.
pub(crate) fn sides(
    table: &'static LegacyTable,
) -> (Option<&'static LegacyTable>, Option<&'static LegacyTable>) {
    match table.original {
        Some(original) => (legacy_table(original), Some(table)),
        None => (Some(table), table.successor()),
    }
}

/// What a column of the target is where no legacy column says anything: as the original table has it, else as the v3 table has.
fn fallbacks(table: &'static LegacyTable, target: &str) -> Vec<&'static str> {
    let (original, v3) = sides(table);
    [original, v3]
        .into_iter()
        .flatten()
        .flat_map(|side| &side.derived)
        .filter(|derived| derived.target == target && derived.fallback)
        .map(|derived| derived.sql)
        .collect()
}

/// Whether two legacy tables hold the same things as this one.
pub(crate) fn is_paired(table: &'static LegacyTable) -> bool {
    table.original.is_some() || table.successor().is_some()
}

/// The columns of the target that a legacy table gives values for, in the order of the target.
pub(crate) fn targets(table: &'static LegacyTable) -> Vec<&'static str> {
    let (original, v3) = sides(table);
    let gives = |name: &str| {
        matches!(name, "client_account_id" | "engagement_id") && table.tenant != Tenant::None
            || matches!(name, "created_at" | "updated_at")
            || [original, v3].into_iter().flatten().any(|side| {
                side.columns.iter().any(|column| column.target == Some(name))
                    || side.derived.iter().any(|derived| derived.target == name)
            })
    };
    table
        .target
        .map(target_columns)
        .unwrap_or_default()
        .iter()
        .map(|column| column.name)
        .filter(|name| gives(name))
        .collect()
}

/// The legacy columns of a table with their types.
pub(crate) fn known_columns(
    table: &'static LegacyTable,
) -> impl Iterator<Item = (&'static Column, &'static LegacyColumn)> {
    legacy_columns(table.name).filter_map(|known| Some((table.column(known.name)?, known)))
}
