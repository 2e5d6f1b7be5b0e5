//! Who may see and do what on PostgreSQL.

use crate::rows::{STRANGER, TENANT, insert, number, one_row_in_every_table, run, table};
use landfall_testkit::{Backend, Role, TestDatabase};
use migration::expected_tables;
use migration::validate::read_shape;
use sea_orm_migration::sea_orm::{DatabaseConnection, DatabaseTransaction, TransactionTrait};

async fn as_tenant(connection: &DatabaseConnection, tenant: &str) -> DatabaseTransaction {
    let transaction = connection.begin().await.unwrap();
    run(
        &transaction,
        &format!("SET LOCAL app.client_account_id = '{tenant}'"),
    )
    .await
    .unwrap();
    transaction
}

async fn count(connection: &impl sea_orm_migration::sea_orm::ConnectionTrait, table: &str) -> i64 {
    number(connection, &format!("SELECT count(*) FROM {table}"))
        .await
        .unwrap()
}

#[tokio::test]
async fn every_tenant_table_has_forced_row_level_security_and_one_policy() {
    let database = TestDatabase::postgres().await;
    let shape = read_shape(&database.url()).await.unwrap();
    let mut protected = 0;
    for table in expected_tables() {
        let found = &shape.tables[table.name];
        let is_protected = found.row_level_security == Some("forced") && found.policies.len() == 1;
        assert_eq!(
            is_protected,
            found.columns.contains_key("engagement_id") && table.tenant_column().is_some()
                || matches!(
                    table.name,
                    "client_accounts" | "engagements" | "client_access" | "legacy_archive" | "sixr_policies"
                ),
            "{}",
            table.name
        );
        protected += usize::from(is_protected);
    }
    assert!(protected >= 40, "{protected}");
}

#[tokio::test]
async fn only_a_tenants_own_rows_are_seen_and_none_without_a_tenant() {
    let database = TestDatabase::postgres().await;
    one_row_in_every_table(&database).await;
    let app = database.connect_as(Role::App).await;
    let own = as_tenant(&app, TENANT).await;
    let foreign = as_tenant(&app, STRANGER).await;
    let nobody = as_tenant(&app, "").await;
    for table in expected_tables()
        .iter()
        .filter(|table| table.tenant_column().is_some())
    {
        assert_eq!(count(&own, table.name).await, 1, "{} as its tenant", table.name);
        assert_eq!(
            count(&foreign, table.name).await,
            0,
            "{} as another tenant",
            table.name
        );
        assert_eq!(
            count(&nobody, table.name).await,
            0,
            "{} after a tenant was reset",
            table.name
        );
        assert_eq!(
            count(&app, table.name).await,
            0,
            "{} without a tenant",
            table.name
        );
    }
}

#[tokio::test]
async fn no_row_can_be_written_without_a_tenant_or_for_another() {
    let database = TestDatabase::postgres().await;
    let app = database.connect_as(Role::App).await;
    for table in expected_tables()
        .iter()
        .filter(|table| table.tenant_column().is_some())
    {
        let statement = insert(Backend::Postgres, table, TENANT, &[]);
        let refused = run(&app, &statement).await.unwrap_err().to_string();
        assert!(
            refused.contains("row-level security"),
            "{}: {refused}",
            table.name
        );
        let foreign = as_tenant(&app, STRANGER).await;
        let refused = run(&foreign, &statement).await.unwrap_err().to_string();
        assert!(
            refused.contains("row-level security"),
            "{}: {refused}",
            table.name
        );
    }
}

#[tokio::test]
async fn row_level_security_binds_the_owner_and_spares_the_system_role() {
    let database = TestDatabase::postgres().await;
    one_row_in_every_table(&database).await;
    let owner = database.connect_as(Role::Owner).await;
    let system = database.connect_as(Role::System).await;
    for table in expected_tables()
        .iter()
        .filter(|table| table.tenant_column().is_some())
    {
        assert_eq!(count(&owner, table.name).await, 0, "{}", table.name);
        assert_eq!(count(&system, table.name).await, 1, "{}", table.name);
    }
}

#[tokio::test]
async fn audit_logs_can_only_be_written_by_the_server() {
    let database = TestDatabase::postgres().await;
    let app = database.connect_as(Role::App).await;
    for name in ["access_audit_log", "security_audit_logs"] {
        run(&app, &insert(Backend::Postgres, &table(name), TENANT, &[]))
            .await
            .unwrap();
        for statement in [
            format!("SELECT * FROM {name}"),
            format!("DELETE FROM {name}"),
            format!("UPDATE {name} SET client_account_id = NULL"),
            format!("TRUNCATE {name}"),
        ] {
            let refused = run(&app, &statement).await.unwrap_err().to_string();
            assert!(refused.contains("permission denied"), "{statement}: {refused}");
        }
        let system = database.connect_as(Role::System).await;
        assert_eq!(count(&system, name).await, 1);
        run(&system, &format!("UPDATE {name} SET client_account_id = NULL"))
            .await
            .unwrap_err();
    }
}

#[tokio::test]
async fn the_server_cannot_change_the_schema_or_the_record_of_migrations() {
    let database = TestDatabase::postgres().await;
    let app = database.connect_as(Role::App).await;
    assert_eq!(count(&app, "seaql_migrations").await, 1);
    for statement in [
        "CREATE TABLE landfall.extra (id integer)",
        "ALTER TABLE assets ADD COLUMN extra integer",
        "ALTER TABLE assets DISABLE ROW LEVEL SECURITY",
        "DROP POLICY tenant ON assets",
        "DELETE FROM seaql_migrations",
        "SET ROLE landfall_owner",
        "SET ROLE landfall_system",
    ] {
        assert!(run(&app, statement).await.is_err(), "{statement}");
    }
}
