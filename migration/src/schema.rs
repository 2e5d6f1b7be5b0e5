//! How a table is described: once, for SQLite, PostgreSQL and Citus. The DDL of each backend, the row-level security and what
//! `validate-schema` expects are all read off these descriptions.

mod ddl;

pub use ddl::Dialect;
pub(crate) use ddl::sqlite_check;

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

impl Table {
    fn new(
        name: &'static str,
        description: &'static str,
        ownership: Ownership,
        primary_key: &[&'static str],
    ) -> Self {
        Self {
            name,
            description,
            ownership,
            columns: Vec::new(),
            primary_key: primary_key.to_vec(),
            foreign_keys: Vec::new(),
            indexes: Vec::new(),
            checks: Vec::new(),
            append_only: false,
        }
    }

    /// A table of rows that belong to an engagement; both tenant columns are its first.
    pub(crate) fn tenant(name: &'static str, description: &'static str) -> Self {
        Self::new(name, description, Ownership::Tenant, &["client_account_id", "id"])
            .columns([uuid("client_account_id"), uuid("engagement_id")])
    }

    /// A table of rows that belong to a client account as a whole.
    pub(crate) fn client(name: &'static str, description: &'static str) -> Self {
        Self::new(name, description, Ownership::Client, &["client_account_id", "id"])
            .columns([uuid("client_account_id")])
    }

    /// A table of rows that belong to no tenant.
    pub(crate) fn global(name: &'static str, description: &'static str) -> Self {
        Self::new(name, description, Ownership::Global, &["id"])
    }

    pub(crate) fn columns<const N: usize>(mut self, columns: [Column; N]) -> Self {
        self.columns.extend(columns);
        self
    }

    pub(crate) fn primary_key<const N: usize>(mut self, columns: [&'static str; N]) -> Self {
        self.primary_key = columns.to_vec();
        self
    }

    /// The engagement must exist.
    pub(crate) fn in_engagement(self) -> Self {
        self.foreign_key(
            vec!["client_account_id", "engagement_id"],
            "engagements",
            vec!["client_account_id", "id"],
            OnDelete::NoAction,
        )
    }

    /// `column` refers to a row of the same client account, which cannot be deleted meanwhile.
    pub(crate) fn belongs_to(
        self,
        column: &'static str,
        table: &'static str,
        reference: &'static str,
    ) -> Self {
        let (columns, references) = (
            vec!["client_account_id", column],
            vec!["client_account_id", reference],
        );
        self.foreign_key(columns, table, references, OnDelete::NoAction)
    }

    /// `column` refers to a row of the same client account, with which this row is deleted.
    pub(crate) fn owned_by(self, column: &'static str, table: &'static str, reference: &'static str) -> Self {
        let (columns, references) = (
            vec!["client_account_id", column],
            vec!["client_account_id", reference],
        );
        self.foreign_key(columns, table, references, OnDelete::Cascade)
    }

    /// `column` refers to a row of a table without tenant.
    pub(crate) fn references(
        self,
        column: &'static str,
        table: &'static str,
        reference: &'static str,
        on_delete: OnDelete,
    ) -> Self {
        self.foreign_key(vec![column], table, vec![reference], on_delete)
    }

    fn foreign_key(
        mut self,
        columns: Vec<&'static str>,
        table: &'static str,
        references: Vec<&'static str>,
        on_delete: OnDelete,
    ) -> Self {
        self.foreign_keys.push(ForeignKey {
            columns,
            table,
            references,
            on_delete,
        });
        self
    }

    pub(crate) fn unique<const N: usize>(self, columns: [&'static str; N]) -> Self {
        self.add_index(&columns, true, None)
    }

    pub(crate) fn unique_where<const N: usize>(self, columns: [&'static str; N], rows: &'static str) -> Self {
        self.add_index(&columns, true, Some(rows))
    }

    pub(crate) fn index<const N: usize>(self, columns: [&'static str; N]) -> Self {
        self.add_index(&columns, false, None)
    }

    pub(crate) fn index_where<const N: usize>(self, columns: [&'static str; N], rows: &'static str) -> Self {
        self.add_index(&columns, false, Some(rows))
    }

    fn add_index(mut self, columns: &[&'static str], unique: bool, predicate: Option<&'static str>) -> Self {
        self.indexes.push(Index {
            columns: columns.to_vec(),
            unique,
            predicate,
        });
        self
    }

    pub(crate) fn check(mut self, condition: &'static str) -> Self {
        self.checks.push(condition);
        self
    }

    /// The server may add rows, never read, change or delete them.
    pub(crate) fn append_only(mut self) -> Self {
        self.append_only = true;
        self
    }

    /// The column that says whose row it is, for tables under row-level security.
    pub fn tenant_column(&self) -> Option<&'static str> {
        match (self.ownership, self.name) {
            (_, "client_accounts") => Some("id"),
            (Ownership::Global, _) => None,
            _ => Some("client_account_id"),
        }
    }

    /// What row-level security demands of every row, as PostgreSQL prints it.
    pub(crate) fn tenant_rule(&self) -> Option<String> {
        // Never in a sub-select: Citus refuses that in a policy.
        self.tenant_column()
            .map(|column| format!("({column} = app_client_account())"))
    }

    /// Which role may do what with the table.
    pub(crate) fn grants(&self) -> [(&'static str, &'static [&'static str]); 2] {
        const ALL: &[&str] = &["SELECT", "INSERT", "UPDATE", "DELETE"];
        if self.append_only {
            // Only the retention of logs, which works across tenants, may delete.
            return [
                ("landfall_app", &["INSERT"]),
                ("landfall_system", &["SELECT", "INSERT", "DELETE"]),
            ];
        }
        [("landfall_app", ALL), ("landfall_system", ALL)]
    }

    /// Name of an index of this table, at most 63 bytes as PostgreSQL allows.
    pub fn index_name(&self, index: &Index) -> String {
        let prefix = if index.unique { "uq" } else { "ix" };
        let (columns, tenant) = match (self.ownership, index.columns.split_first()) {
            (Ownership::Global, _) | (_, None) => (index.columns.as_slice(), ""),
            (_, Some((&"client_account_id", rest))) => (rest, ""),
            _ => (index.columns.as_slice(), "_any_tenant"),
        };
        let rows = if index.predicate.is_some() { "_part" } else { "" };
        short_name(&format!(
            "{prefix}_{}_{}{tenant}{rows}",
            self.name,
            columns.join("_")
        ))
    }

    /// Name of a foreign key of this table.
    pub fn foreign_key_name(&self, key: &ForeignKey) -> String {
        short_name(&format!(
            "fk_{}_{}",
            self.name,
            key.columns.last().unwrap_or(&key.table)
        ))
    }
}

/// Cuts a name to PostgreSQL's 63 bytes; the cut-off part is replaced by its checksum, so that names stay apart.
fn short_name(name: &str) -> String {
    const LIMIT: usize = 63;
    if name.len() <= LIMIT {
        return name.to_owned();
    }
    let checksum = name.bytes().fold(0x811c_9dc5_u32, |sum, byte| {
        (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    format!("{}_{checksum:08x}", &name[..LIMIT - 9])
}

/// The tables in an order in which each comes after those that it refers to.
pub fn creation_order(mut tables: Vec<Table>) -> Vec<Table> {
    let mut ordered: Vec<Table> = Vec::with_capacity(tables.len());
    while !tables.is_empty() {
        let ready = tables.iter().position(|table| {
            table
                .foreign_keys
                .iter()
                .all(|key| key.table == table.name || ordered.iter().any(|other| other.name == key.table))
        });
        // A cycle cannot be created in one statement each: keep declaration order and let the database say so.
        ordered.push(tables.remove(ready.unwrap_or(0)));
    }
    ordered
}
