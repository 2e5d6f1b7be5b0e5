//! How a table is described: once, for SQLite, PostgreSQL and Citus. The DDL of each backend, the row-level security and what
//! `validate-schema` expects are all read off these descriptions.

mod ddl;
mod table;

pub use ddl::Dialect;
pub(crate) use ddl::sqlite_check;
pub use table::creation_order;

/// Name of the row-level security policy of every table under it.
pub(crate) const POLICY: &str = "tenant";

/// A named type: text that may only be one of its labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabelType {
    /// Name of the type; a DOMAIN on PostgreSQL.
    pub name: &'static str,
    /// Its labels.
    pub labels: &'static [&'static str],
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// UUID.
    Uuid,
    /// Text of any length.
    Text,
    /// 32-bit integer.
    Int,
    /// 64-bit integer.
    BigInt,
    /// Double precision.
    Float,
    /// Yes or no.
    Boolean,
    /// Point in time, UTC, microseconds.
    Timestamp,
    /// JSON document.
    Json,
    /// One of the labels of a named type.
    Label(LabelType),
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnType,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// Default, as an SQL expression that every backend understands.
    pub default: Option<&'static str>,
}

impl Column {
    const fn new(name: &'static str, kind: ColumnType) -> Self {
        Self {
            name,
            kind,
            nullable: false,
            default: None,
        }
    }

    /// Allows NULL.
    pub(crate) const fn null(mut self) -> Self {
        self.nullable = true;
        self
    }

    /// Sets the default.
    pub(crate) const fn default(mut self, expression: &'static str) -> Self {
        self.default = Some(expression);
        self
    }
}

macro_rules! column_kinds {
    ($($function:ident = $kind:ident,)+) => {
        $(pub(crate) const fn $function(name: &'static str) -> Column {
            Column::new(name, ColumnType::$kind)
        })+
    };
}

column_kinds!(
    uuid = Uuid,
    text = Text,
    int = Int,
    bigint = BigInt,
    float = Float,
    boolean = Boolean,
    timestamp = Timestamp,
    json = Json,
);

pub(crate) const fn label(name: &'static str, kind: LabelType) -> Column {
    Column::new(name, ColumnType::Label(kind))
}

/// Whose rows a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// Rows of an engagement of a client account; row-level security.
    Tenant,
    /// Rows of a client account as a whole; row-level security.
    Client,
    /// Rows that belong to no tenant.
    Global,
}

/// What happens to a row when the row that it refers to is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDelete {
    /// The deletion is refused.
    NoAction,
    /// The row goes too.
    Cascade,
}

/// A foreign key.
#[derive(Clone, Debug)]
pub struct ForeignKey {
    /// Columns here.
    pub columns: Vec<&'static str>,
    /// The other table.
    pub table: &'static str,
    /// Columns there.
    pub references: Vec<&'static str>,
    /// What a deletion there does here.
    pub on_delete: OnDelete,
}

/// An index or unique constraint.
#[derive(Clone, Debug)]
pub struct Index {
    /// Columns in order.
    pub columns: Vec<&'static str>,
    /// Whether the columns identify a row.
    pub unique: bool,
    /// Which rows it covers; all if absent.
    pub predicate: Option<&'static str>,
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// One sentence for a person.
    pub description: &'static str,
    /// Whose rows it holds.
    pub ownership: Ownership,
    /// Columns in order.
    pub columns: Vec<Column>,
    /// Primary key.
    pub primary_key: Vec<&'static str>,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Indexes and unique constraints.
    pub indexes: Vec<Index>,
    /// Conditions that every row fulfils.
    pub checks: Vec<&'static str>,
    /// Whether the server may only add rows.
    pub append_only: bool,
}
