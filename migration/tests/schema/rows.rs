//! Rows and statements for tests, made from the descriptions of the tables.

use landfall_testkit::{Backend, Role, TestDatabase};
use migration::expected_tables;
use migration::schema::{Column, ColumnType, Table};
use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, Statement, TransactionTrait,
};

/// The tenant whose rows the tests write.
pub(crate) const TENANT: &str = "11111111-1111-7111-8111-111111111111";
/// A tenant that has no rows.
pub(crate) const STRANGER: &str = "22222222-2222-7222-8222-222222222222";
/// The id of everything else.
pub(crate) const ID: &str = "33333333-3333-7333-8333-333333333333";

/// A UUID as a literal.
pub(crate) fn uuid(backend: Backend, text: &str) -> String {
    match backend {
        Backend::Sqlite => format!("x'{}'", text.replace('-', "")),
        Backend::Postgres => format!("'{text}'::uuid"),
    }
}

/// A value that the column takes.
fn value(backend: Backend, table: &Table, column: &Column, tenant: &str) -> String {
    match column.kind {
        ColumnType::Uuid
            if Some(column.name) == table.tenant_column() || column.name == "client_account_id" =>
        {
            uuid(backend, tenant)
        }
        ColumnType::Uuid => uuid(backend, ID),
        ColumnType::Text => word(table, column).unwrap_or("'x'").to_owned(),
        ColumnType::Int | ColumnType::BigInt => "1".to_owned(),
        ColumnType::Float => "0.5".to_owned(),
        ColumnType::Boolean => "true".to_owned(),
        ColumnType::Timestamp => "'2026-01-02T03:04:05.000006Z'".to_owned(),
        ColumnType::Json => "'{}'".to_owned(),
        ColumnType::Label(label) => format!("'{}'", label.labels[0]),
    }
}

/// The last word that a text may be, where a check of the table names its words.
fn word(table: &Table, column: &Column) -> Option<&'static str> {
    let words = table.checks.iter().find_map(|check| {
        let words = check.strip_prefix(column.name)?.strip_prefix(" IN (")?;
        words.strip_suffix(')')
    })?;
    words.rsplit(", ").next()
}

/// A row of a tenant with the columns that must be given and those that `given` names, with their values.
pub(crate) fn insert(backend: Backend, table: &Table, tenant: &str, given: &[(&str, &str)]) -> String {
    let named = |column: &Column| {
        given
            .iter()
            .find(|(name, _)| *name == column.name)
            .map(|(_, value)| (*value).to_owned())
    };
    let columns = table.columns.iter().filter_map(|column| {
        // A row that is of one of several things is of an application.
        let is_subject = column.name == "application_id"
            && table
                .checks
                .iter()
                .any(|check| check.contains("application_id IS NULL"));
        let must = is_subject || !column.nullable && column.default.is_none();
        let value = named(column).or_else(|| must.then(|| value(backend, table, column, tenant)))?;
        Some((format!("\"{}\"", column.name), value))
    });
    let (names, values): (Vec<_>, Vec<_>) = columns.unzip();
    format!(
        "INSERT INTO {} ({}) VALUES ({})",
        table.name,
        names.join(", "),
        values.join(", ")
    )
}

/// The description of a table.
pub(crate) fn table(name: &str) -> Table {
    expected_tables()
        .into_iter()
        .find(|table| table.name == name)
        .unwrap()
}

/// Lets `INSERT` statements of this transaction go before the rows that they refer to.
pub(crate) async fn without_foreign_keys(connection: &DatabaseConnection) -> DatabaseTransaction {
    let transaction = connection.begin().await.unwrap();
    let statement = match connection.get_database_backend() {
        sea_orm_migration::sea_orm::DbBackend::Postgres => "SET LOCAL session_replication_role = replica",
        _ => "PRAGMA defer_foreign_keys = ON",
    };
    transaction.execute_unprepared(statement).await.unwrap();
    transaction
}

/// One row in every table, all of the same tenant and all referring to each other.
pub(crate) async fn one_row_in_every_table(database: &TestDatabase) {
    let connection = database.connect_as(Role::Superuser).await;
    let transaction = without_foreign_keys(&connection).await;
    for table in expected_tables() {
        let statement = insert(database.backend(), &table, TENANT, &[]);
        run(&transaction, &statement)
            .await
            .unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    transaction.commit().await.unwrap();
}

/// Runs a statement.
pub(crate) async fn run<C: ConnectionTrait>(connection: &C, sql: &str) -> Result<(), DbErr> {
    connection.execute_unprepared(sql).await.map(drop)
}

/// The one number that a question answers.
pub(crate) async fn number<C: ConnectionTrait>(connection: &C, sql: &str) -> Result<i64, DbErr> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection
        .query_one_raw(statement)
        .await?
        .unwrap()
        .try_get_by_index(0)
}

/// The texts in the first column of the answer.
pub(crate) async fn texts<C: ConnectionTrait>(connection: &C, sql: &str) -> Vec<String> {
    column_of(connection, sql, 0).await
}

/// The texts in a column of the answer.
pub(crate) async fn column_of<C: ConnectionTrait>(connection: &C, sql: &str, column: usize) -> Vec<String> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection
        .query_all_raw(statement)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter()
        .map(|row| row.try_get_by_index(column).unwrap())
        .collect()
}
