//! The shapes of both sides: the predecessor's columns as its own migrations made them, and the target's as ours do.

use migration::schema::{Column, ColumnType, Table};
use std::sync::LazyLock;

/// The predecessor's columns: table, column, type, and `null` where it may be NULL.
const COLUMNS: &str = include_str!("legacy_columns.txt");

/// A column of the predecessor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LegacyColumn {
    /// Its table.
    pub(crate) table: &'static str,
    /// Its name.
    pub(crate) name: &'static str,
    /// Its type, in PostgreSQL's words.
    pub(crate) sql_type: &'static str,
    /// Whether it may be NULL.
    pub(crate) nullable: bool,
}

impl LegacyColumn {
    /// What kind of value it holds.
    pub(crate) fn kind(&self) -> LegacyType {
        match self.sql_type {
            "uuid" => LegacyType::Uuid,
            "text" | "varchar" => LegacyType::Text,
            "integer" => LegacyType::Integer,
            "bigint" => LegacyType::BigInt,
            "numeric" => LegacyType::Numeric,
            "float8" => LegacyType::Float,
            "boolean" => LegacyType::Boolean,
            "timestamptz" => LegacyType::Timestamp,
            "timestamp" => LegacyType::NaiveTimestamp,
            "json" => LegacyType::Json,
            "jsonb" => LegacyType::JsonBinary,
            "vector" => LegacyType::Other,
            _ => LegacyType::Enum,
        }
    }
}

/// What kind of value a legacy column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LegacyType {
    /// UUID.
    Uuid,
    /// Text.
    Text,
    /// 32-bit integer.
    Integer,
    /// 64-bit integer.
    BigInt,
    /// Decimal number.
    Numeric,
    /// Double precision.
    Float,
    /// Yes or no.
    Boolean,
    /// Point in time.
    Timestamp,
    /// Point in time without zone, which the predecessor wrote in UTC.
    NaiveTimestamp,
    /// JSON as text.
    Json,
    /// JSON in binary form.
    JsonBinary,
    /// A label of an enumeration, in capitals.
    Enum,
    /// A type of an extension; handled as its text.
    Other,
}

impl LegacyType {
    /// The type of a column of the predecessor; text if it has no such column.
    pub(crate) fn of(table: &str, column: &str) -> Self {
        legacy_columns(table)
            .find(|known| known.name == column)
            .map_or(Self::Text, LegacyColumn::kind)
    }

    /// Whether it holds a JSON document.
    pub(crate) const fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::JsonBinary)
    }
}

/// Every column of the predecessor.
fn all_columns() -> &'static [LegacyColumn] {
    static ALL: LazyLock<Vec<LegacyColumn>> = LazyLock::new(|| {
        let parse = |line: &'static str| {
            let mut words = line.split(' ');
            Some(LegacyColumn {
                table: words.next()?,
                name: words.next()?,
                sql_type: words.next()?,
                nullable: words.next().is_some(),
            })
        };
        COLUMNS.lines().filter_map(parse).collect()
    });
    &ALL
}

/// The columns of a table of the predecessor, in order; none if it has no such table.
pub(crate) fn legacy_columns(table: &str) -> impl Iterator<Item = &'static LegacyColumn> {
    all_columns().iter().filter(move |column| column.table == table)
}

/// A column of the target.
pub(crate) type TargetColumn = Column;

/// Every table of the target.
pub(crate) fn target_tables() -> &'static [Table] {
    static TABLES: LazyLock<Vec<Table>> = LazyLock::new(migration::expected_tables);
    &TABLES
}

/// The columns of a table of the target.
pub(crate) fn target_columns(table: &str) -> &'static [TargetColumn] {
    target_tables()
        .iter()
        .find(|known| known.name == table)
        .map_or(&[], |known| known.columns.as_slice())
}

/// A column of the target.
pub(crate) fn target_column(table: &str, column: &str) -> Option<&'static TargetColumn> {
    target_columns(table).iter().find(|known| known.name == column)
}

/// The SQL type of a column of the target, for casts.
pub(crate) fn sql_type(column: &TargetColumn) -> &'static str {
    match column.kind {
        ColumnType::Uuid => "uuid",
        ColumnType::Text | ColumnType::Label(_) => "text",
        ColumnType::Int => "integer",
        ColumnType::BigInt => "bigint",
        ColumnType::Float => "float8",
        ColumnType::Boolean => "boolean",
        ColumnType::Timestamp => "timestamptz",
        ColumnType::Json => "jsonb",
    }
}
