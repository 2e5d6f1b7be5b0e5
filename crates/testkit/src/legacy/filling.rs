//! The statements that fill the predecessor's tables: one `INSERT … SELECT … FROM generate_series` for each.
//!
//! `values/*.txt` say for each table how many rows it has (`A` assets, `R` raw records, `I` imports, each with `/` or `*` and
//! a number, or a number), and for columns either `= expression` over the row's number `n`, or `: words` that follow each
//! other, where `~` is NULL. In expressions `key(table, number)` is the key of a row, `ref(table)` the key of the row with
//! which row `n` goes together, and `rows(table)` the number of rows. A column without an entry is filled by its name and type,
//! every seventh value of a nullable one with NULL.
//!
//! Numbers of rows are multiples of six, so that rows that go together are of one client account (the remainder by three)
//! and of one engagement (the remainder by six).

use super::definition::quoted;
use super::schema::{LegacyColumn, LegacyTable, enumerations};
use std::collections::HashMap;
use std::fmt::Write as _;

/// What the expressions call.
pub(super) const FUNCTIONS: &str = include_str!("functions.sql");

const VALUES: [&str; 3] = [
    include_str!("values/accounts.txt"),
    include_str!("values/discovery.txt"),
    include_str!("values/planning.txt"),
];
/// Imports of a small database; a large one has one for so many assets.
const IMPORTS: u64 = 72;
const ASSETS_PER_IMPORT: u64 = 2_000;

/// How much is filled in, and with what.
pub(super) struct Filling {
    rows: HashMap<&'static str, u64>,
    entries: HashMap<(&'static str, &'static str), Entry>,
}

#[derive(Clone, Copy)]
enum Entry {
    Expression(&'static str),
    Words(&'static str),
}

impl Filling {
    pub(super) fn new(assets: u64, records: u64) -> Self {
        let imports = IMPORTS.max(assets / ASSETS_PER_IMPORT);
        let mut filling = Self {
            rows: HashMap::new(),
            entries: HashMap::new(),
        };
        let mut table = "";
        for line in VALUES.iter().flat_map(|text| text.lines()) {
            if let Some((name, rows)) = line
                .strip_prefix("table ")
                .and_then(|rest| rest.split_once(" rows "))
            {
                table = name;
                filling.rows.insert(name, count(rows, assets, records, imports));
            } else if let Some((column, expression)) = line.trim_start().split_once(" = ")
                && !column.contains(':')
            {
                filling
                    .entries
                    .insert((table, column), Entry::Expression(expression));
            } else if let Some((column, words)) = line.trim_start().split_once(": ") {
                filling.entries.insert((table, column), Entry::Words(words));
            }
        }
        filling
    }

    fn rows_of(&self, table: &str) -> u64 {
        self.rows.get(table).copied().unwrap_or(6)
    }

    /// The statement that fills a table.
    pub(super) fn insert(&self, table: &LegacyTable) -> String {
        let names: Vec<String> = table.columns.iter().map(|column| quoted(column.name)).collect();
        let mut statement = format!("INSERT INTO {} ({}) SELECT ", table.name, names.join(", "));
        for (place, column) in (1_u64..).zip(&table.columns) {
            if place > 1 {
                statement.push_str(", ");
            }
            statement.push_str(&self.value(table, column, place));
        }
        let _ = write!(
            statement,
            " FROM generate_series(1, {}) AS n",
            self.rows_of(table.name)
        );
        statement
    }

    fn value(&self, table: &LegacyTable, column: &LegacyColumn, place: u64) -> String {
        match self.entries.get(&(table.name, column.name)) {
            Some(Entry::Expression(expression)) => self.expand(expression),
            Some(Entry::Words(words)) => {
                let words: Vec<String> = words.split(", ").map(literal).collect();
                format!("{}::{}", turn(&words, "text", place), column.data_type)
            }
            None => self.usual_value(table, column, place),
        }
    }

    /// By name and type.
    fn usual_value(&self, table: &LegacyTable, column: &LegacyColumn, place: u64) -> String {
        let name = column.name;
        if name == "client_account_id" {
            return self.expand("ref(client_accounts)");
        }
        if name == "engagement_id" {
            return self.expand("ref(engagements)");
        }
        if name == "is_mock" {
            return "(n % 3 = 0 OR n % 41 = 0)".to_owned();
        }
        if column.is_key {
            return match column.data_type {
                "uuid" => format!("pg_temp.key('{}', n)", table.name),
                _ => "n".to_owned(),
            };
        }
        let value = match &column.reference {
            Some(reference) => self.expand(&format!("ref({})", reference.table)),
            None => by_type(name, column.data_type, place),
        };
        if column.is_nullable {
            format!("CASE WHEN (n + {place}) % 7 <> 3 THEN {value} END")
        } else {
            value
        }
    }

    /// The text with `key(…)`, `ref(…)` and `rows(…)` as SQL has them.
    pub(super) fn expand(&self, text: &str) -> String {
        let mut result = String::with_capacity(text.len() * 2);
        let mut rest = text;
        while let Some(open) = rest.find('(') {
            let (before, after) = (&rest[..open], &rest[open + 1..]);
            let word_begin = before
                .rfind(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '_' | '.'))
                .map_or(0, |place| place + 1);
            let name_end = after.find([',', ')']).unwrap_or(0);
            let name = &after[..name_end];
            match &before[word_begin..] {
                "ref" => {
                    let _ = write!(
                        result,
                        "{}pg_temp.key('{name}', 1 + (n - 1) % {})",
                        &before[..word_begin],
                        self.rows_of(referred(name))
                    );
                    rest = &after[name_end + 1..];
                }
                "rows" => {
                    let _ = write!(result, "{}{}", &before[..word_begin], self.rows_of(name));
                    rest = &after[name_end + 1..];
                }
                "key" => {
                    let _ = write!(result, "{}pg_temp.key('{name}'", &before[..word_begin]);
                    rest = &after[name_end..];
                }
                _ => {
                    let _ = write!(result, "{before}(");
                    rest = after;
                }
            }
        }
        result.push_str(rest);
        result
    }
}

/// Some keys are not primary: the flow ids of master flows and of discovery flows.
fn referred(name: &str) -> &str {
    match name {
        "master" => "crewai_flow_state_extensions",
        "discovery_flow" => "discovery_flows",
        table => table,
    }
}

fn count(text: &str, assets: u64, records: u64, imports: u64) -> u64 {
    let of = |letter: &str| match letter {
        "A" => assets,
        "R" => records,
        "I" => imports,
        number => number.parse().unwrap_or(6),
    };
    let number = |text: &str| text.parse::<u64>().unwrap_or(1);
    let rows = match (text.split_once('/'), text.split_once('*')) {
        (Some((letter, by)), _) => of(letter) / number(by),
        (_, Some((letter, by))) => of(letter) * number(by),
        _ => of(text),
    };
    // The few tables with less than six rows are those that the remainders are taken by.
    if rows < 6 && text.parse::<u64>().is_ok() {
        rows
    } else {
        rows.next_multiple_of(6).max(6)
    }
}

fn literal(word: &str) -> String {
    match word {
        "~" => "NULL".to_owned(),
        word => format!("'{}'", word.replace('\'', "''")),
    }
}

/// One after the other, so that neither client accounts nor engagements all have the same.
fn turn(values: &[String], data_type: &str, place: u64) -> String {
    format!(
        "(ARRAY[{}]::{data_type}[])[1 + ((n - 1) / 6 + n + {place}) % {}]",
        values.join(", "),
        values.len()
    )
}

fn by_type(name: &str, data_type: &str, place: u64) -> String {
    let seconds = format!("((n % 100000) * 311 + {place} * 60) * interval '1.000001 seconds'");
    match data_type {
        "uuid" => format!("pg_temp.key('{name}', n)"),
        "json" | "jsonb" => {
            format!("('{{\"{name}\": ' || n || ', \"list\": [1, null, \"é\"]}}')::{data_type}")
        }
        "bool" => format!("((n + {place}) % 2 = 0)"),
        "int" | "bigint" => format!("((n * 7 + {place}) % 1000)::{data_type}"),
        "float" if name.contains("confidence") => "(n % 101) / 100.0".to_owned(),
        "float" => format!("((n * 37 + {place}) % 1000) / 10.0"),
        "timestamptz" => format!("timestamptz '2025-01-01 00:00+00' + {seconds}"),
        "timestamp" => format!("timestamp '2025-01-01 00:00' + {seconds}"),
        "text" | "varchar" => format!("'{name} ' || n || (ARRAY['', ' é', ' 山', ''])[1 + n % 4]"),
        other if other.starts_with("numeric") => format!("((n * 37 + {place}) % 1000) / 1000.0"),
        other if other.starts_with("varchar(") => {
            let length = other.trim_start_matches("varchar(").trim_end_matches(')');
            format!("left(n || ' {name} ö', {length})")
        }
        enumeration => {
            let labels: Vec<String> = enumerations()
                .filter(|candidate| candidate.name == enumeration)
                .flat_map(|candidate| candidate.labels)
                .map(literal)
                .collect();
            turn(&labels, enumeration, place)
        }
    }
}
