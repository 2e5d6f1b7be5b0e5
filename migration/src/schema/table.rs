//! How a table is described and what follows from a description: names, the tenant rule, grants, the order of creation.

use super::{Column, ForeignKey, Index, OnDelete, Ownership, Table, uuid};

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
