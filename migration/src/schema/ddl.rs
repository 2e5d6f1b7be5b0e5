//! The statements that make and drop a table on each backend.

use super::{Column, ColumnType, OnDelete, Ownership, POLICY, Table};
use sea_orm_migration::sea_query::{
    Alias, ColumnDef, ColumnType as SqlType, ConditionalStatement, Expr, ForeignKey, ForeignKeyAction, Index,
    PostgresQueryBuilder, SqliteQueryBuilder, Table as SqlTable,
};

/// Where the schema is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite: STRICT tables, no row-level security.
    Sqlite,
    /// PostgreSQL on one machine.
    Postgres,
    /// PostgreSQL with Citus: tables are distributed by client account as they are created.
    Citus,
}

impl Dialect {
    pub(crate) fn is_sqlite(self) -> bool {
        self == Self::Sqlite
    }

    /// Name of the type of a column.
    pub(crate) fn column_type(self, kind: ColumnType) -> &'static str {
        match (self, kind) {
            (Self::Sqlite, ColumnType::Uuid) => "BLOB",
            (Self::Sqlite, ColumnType::Int | ColumnType::BigInt | ColumnType::Boolean) => "INTEGER",
            (Self::Sqlite, ColumnType::Float) => "REAL",
            (Self::Sqlite, _) => "TEXT",
            (_, ColumnType::Uuid) => "uuid",
            // Bytewise order: the same as SQLite's, and prefixes of it are ranges of an index under any locale.
            (_, ColumnType::Text) => "text COLLATE \"C\"",
            (_, ColumnType::Int) => "integer",
            (_, ColumnType::BigInt) => "bigint",
            (_, ColumnType::Float) => "double precision",
            (_, ColumnType::Boolean) => "boolean",
            (_, ColumnType::Timestamp) => "timestamp with time zone",
            (_, ColumnType::Json) => "jsonb",
            (_, ColumnType::Label(label)) => label.name,
        }
    }

    fn column(self, column: &Column) -> ColumnDef {
        let sql_type = SqlType::custom(self.column_type(column.kind));
        let mut definition = ColumnDef::new_with_type(Alias::new(column.name), sql_type);
        if !column.nullable {
            definition.not_null();
        }
        if let Some(default) = column.default {
            definition.default(Expr::cust(default));
        }
        if self.is_sqlite()
            && let Some(check) = sqlite_check(column)
        {
            definition.check(Expr::cust(check));
        }
        definition
    }

    /// All statements that make the tables, in order. One statement each: Citus refuses several in one call.
    pub fn create_tables(self, tables: &[Table]) -> Vec<String> {
        let mut statements = Vec::new();
        if self == Self::Citus {
            // Tables with foreign keys between them are distributed in one transaction, so one shard at a time.
            statements.push("SET LOCAL citus.multi_shard_modify_mode TO 'sequential'".to_owned());
        }
        for table in tables {
            statements.push(self.create_table(table));
            statements.extend(self.finish_table(table));
        }
        statements
    }

    /// `CREATE TABLE`. Foreign keys are part of it, except on Citus, where they follow once the table is distributed.
    fn create_table(self, table: &Table) -> String {
        let mut statement = SqlTable::create();
        statement.table(Alias::new(table.name));
        for column in &table.columns {
            statement.col(self.column(column));
        }
        let mut key = Index::create();
        key.primary().name(format!("pk_{}", table.name));
        for column in &table.primary_key {
            key.col(Alias::new(*column));
        }
        statement.primary_key(&mut key);
        for check in &table.checks {
            statement.check(Expr::cust(*check));
        }
        if self != Self::Citus {
            for foreign_key in &table.foreign_keys {
                statement.foreign_key(&mut foreign_key_definition(table, foreign_key));
            }
        }
        if self.is_sqlite() {
            statement.extra("STRICT");
            return statement.to_string(SqliteQueryBuilder);
        }
        statement.to_string(PostgresQueryBuilder)
    }

    /// Statements that follow `CREATE TABLE`: distribution and foreign keys on Citus, indexes, row-level security, grants.
    fn finish_table(self, table: &Table) -> Vec<String> {
        let mut statements = Vec::new();
        if self == Self::Citus {
            statements.extend(distribution(table));
            for key in &table.foreign_keys {
                statements.push(foreign_key_definition(table, key).to_string(PostgresQueryBuilder));
            }
        }
        statements.extend(table.indexes.iter().map(|index| self.create_index(table, index)));
        if !self.is_sqlite() {
            statements.extend(row_level_security(table));
            statements.extend(grants(table));
        }
        statements
    }

    /// Whether the index makes its columns unique. Citus cannot look across nodes: there, a unique index without the column by
    /// which the table is distributed is an ordinary one.
    pub(crate) fn enforces(self, table: &Table, index: &super::Index) -> bool {
        let local = table
            .tenant_column()
            .is_none_or(|column| index.columns.contains(&column));
        index.unique && (self != Self::Citus || local)
    }

    fn create_index(self, table: &Table, index: &super::Index) -> String {
        let mut statement = Index::create();
        statement
            .name(table.index_name(index))
            .table(Alias::new(table.name));
        if self.enforces(table, index) {
            statement.unique();
        }
        for column in &index.columns {
            statement.col(Alias::new(*column));
        }
        if let Some(predicate) = index.predicate {
            statement.and_where(Expr::cust(predicate));
        }
        if self.is_sqlite() {
            statement.to_string(SqliteQueryBuilder)
        } else {
            statement.to_string(PostgresQueryBuilder)
        }
    }
}

/// What STRICT does not check: SQLite has neither named types nor types for these.
pub(crate) fn sqlite_check(column: &Column) -> Option<String> {
    match column.kind {
        ColumnType::Label(label) => {
            let labels: Vec<_> = label.labels.iter().map(|word| format!("'{word}'")).collect();
            Some(format!("\"{}\" IN ({})", column.name, labels.join(", ")))
        }
        ColumnType::Json => Some(format!("json_valid(\"{}\")", column.name)),
        ColumnType::Boolean => Some(format!("\"{}\" IN (0, 1)", column.name)),
        ColumnType::Uuid => Some(format!("length(\"{}\") = 16", column.name)),
        _ => None,
    }
}

fn foreign_key_definition(
    table: &Table,
    key: &super::ForeignKey,
) -> sea_orm_migration::sea_query::ForeignKeyCreateStatement {
    let mut statement = ForeignKey::create();
    statement
        .name(table.foreign_key_name(key))
        .from_tbl(Alias::new(table.name))
        .to_tbl(Alias::new(key.table));
    for column in &key.columns {
        statement.from_col(Alias::new(*column));
    }
    for column in &key.references {
        statement.to_col(Alias::new(*column));
    }
    if key.on_delete == OnDelete::Cascade {
        statement.on_delete(ForeignKeyAction::Cascade);
    }
    statement
}

/// Tables without tenant that tenant tables refer to are copied to every node; the other tables without tenant stay on the
/// coordinator, where a job can be claimed with `SKIP LOCKED`.
fn distribution(table: &Table) -> Option<String> {
    if table.name == "client_accounts" {
        return Some("SELECT create_distributed_table('client_accounts', 'id')".to_owned());
    }
    if matches!(table.name, "users" | "consolidation_runs") {
        return Some(format!("SELECT create_reference_table('{}')", table.name));
    }
    (table.ownership != Ownership::Global).then(|| {
        format!(
            "SELECT create_distributed_table('{}', 'client_account_id', colocate_with => 'client_accounts')",
            table.name
        )
    })
}

fn row_level_security(table: &Table) -> Vec<String> {
    let Some(rule) = table.tenant_rule() else {
        return Vec::new();
    };
    let name = table.name;
    vec![
        format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"),
        // Also for the owner: whoever migrates does not see tenants' rows by accident.
        format!("ALTER TABLE {name} FORCE ROW LEVEL SECURITY"),
        format!("CREATE POLICY {POLICY} ON {name} USING {rule} WITH CHECK {rule}"),
    ]
}

fn grants(table: &Table) -> Vec<String> {
    let grant = |(role, privileges): &(&str, &[&str])| {
        format!("GRANT {} ON {} TO {role}", privileges.join(", "), table.name)
    };
    table.grants().iter().map(grant).collect()
}

#[cfg(test)]
mod tests;
