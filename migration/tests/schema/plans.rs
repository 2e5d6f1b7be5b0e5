//! At 100,000 rows per table, each question that the API asks is answered with the index made for it.

use crate::rows::{STRANGER, TENANT, column_of, run, table, uuid, without_foreign_keys};
use landfall_testkit::{Backend, Role};
use migration::schema::{ColumnType, Index, LabelType};
use sea_orm_migration::sea_orm::TransactionTrait;

const ROWS: u32 = 100_000;
/// Every fourth row is the tenant's, and a tenth of those the engagement's: 2,500 rows.
const TENANT_ROW: &str = "n % 4 = 0";
/// Number of the engagement, import and flow of row `n`.
const GROUP: &str = "(n / 4) % 10";

/// A UUID made of a number.
fn numbered(backend: Backend, number: &str) -> String {
    match backend {
        Backend::Sqlite => format!("unhex(printf('%032x', {number}))"),
        Backend::Postgres => format!("lpad(to_hex({number}), 32, '0')::uuid"),
    }
}

fn moment(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "strftime('%Y-%m-%dT%H:%M:%fZ', 1767225600 + n, 'unixepoch')",
        Backend::Postgres => "timestamptz '2026-01-01' + n * interval '1 second'",
    }
}

/// Each label in turn.
fn label(kind: LabelType) -> String {
    let cases: Vec<_> = kind
        .labels
        .iter()
        .enumerate()
        .map(|(number, word)| format!("WHEN {number} THEN '{word}'"))
        .collect();
    format!("CASE (n / 40) % {} {} END", kind.labels.len(), cases.join(" "))
}

/// The value of a column in row `n`.
fn value(backend: Backend, column: &str, kind: ColumnType) -> String {
    match (column, kind) {
        ("client_account_id", _) => {
            format!(
                "CASE WHEN {TENANT_ROW} THEN {} ELSE {} END",
                uuid(backend, TENANT),
                uuid(backend, STRANGER)
            )
        }
        ("engagement_id" | "data_import_id", _) => numbered(backend, GROUP),
        ("discovery_flow_id", _) => numbered(backend, "(n / 40) % 100"),
        ("depends_on_asset_id", _) => numbered(backend, "(n / 4) % 5000"),
        ("environment", _) => "'environment ' || CAST((n / 40) % 20 AS text)".to_owned(),
        ("migration_wave", _) => "(n / 40) % 50".to_owned(),
        ("record_index", _) => "n".to_owned(),
        (_, ColumnType::Uuid) => numbered(backend, "n"),
        (_, ColumnType::Text) => format!("'{column} ' || CAST(n AS text)"),
        (_, ColumnType::Int | ColumnType::BigInt) => "1".to_owned(),
        (_, ColumnType::Float) => "0.5".to_owned(),
        (_, ColumnType::Boolean) => "true".to_owned(),
        (_, ColumnType::Timestamp) => moment(backend).to_owned(),
        (_, ColumnType::Json) => "'{}'".to_owned(),
        (_, ColumnType::Label(kind)) => label(kind),
    }
}

/// `INSERT … SELECT` of all rows: required columns and those in an index.
fn fill(backend: Backend, name: &str) -> String {
    let table = table(name);
    let columns = table.columns.iter().filter(|column| {
        let indexed = table
            .indexes
            .iter()
            .any(|index| index.columns.contains(&column.name));
        let must = !column.nullable && column.default.is_none();
        must || indexed && !matches!(column.name, "session_id" | "migration_id" | "parent_flow_id")
    });
    let pairs = columns.map(|column| {
        (
            format!("\"{}\"", column.name),
            value(backend, column.name, column.kind),
        )
    });
    let (names, values): (Vec<_>, Vec<_>) = pairs.unzip();
    format!(
        "INSERT INTO {name} ({}) WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ROWS}) \
         SELECT {} FROM numbers",
        names.join(", "),
        values.join(", ")
    )
}

/// What is asked of a table, and the columns of the index that must answer, after the tenant.
fn questions(backend: Backend) -> Vec<(&'static str, String, &'static [&'static str])> {
    let engagement = format!("engagement_id = {}", numbered(backend, "3"));
    let within = |condition: &str| format!("{engagement} AND {condition}");
    let id = |column: &str, number: &str| format!("{column} = {}", numbered(backend, number));
    let page = |columns: &str, id: &str| {
        let after = numbered(backend, "50000");
        let last = if columns.is_empty() {
            format!("{id} > {after}")
        } else {
            format!("({columns}, {id}) > ('2026-01-01T10:00:00.000Z', {after})")
        };
        let order = if columns.is_empty() {
            id.to_owned()
        } else {
            format!("{columns}, {id}")
        };
        format!("{engagement} AND {last} ORDER BY {order} LIMIT 100")
    };
    vec![
        (
            "data_imports",
            within("status = 'failed' ORDER BY created_at DESC LIMIT 100"),
            &["engagement_id", "status", "created_at"],
        ),
        (
            "data_imports",
            page("created_at", "id"),
            &["engagement_id", "created_at", "id"],
        ),
        ("data_imports", id("master_flow_id", "400"), &["master_flow_id"]),
        (
            "crewai_flow_state_extensions",
            within("flow_status = 'failed'"),
            &["engagement_id", "flow_status"],
        ),
        (
            "crewai_flow_state_extensions",
            page("created_at", "flow_id"),
            &["engagement_id", "created_at", "flow_id"],
        ),
        (
            "discovery_flows",
            within("status = 'failed'"),
            &["engagement_id", "status"],
        ),
        (
            "discovery_flows",
            id("master_flow_id", "400"),
            &["master_flow_id"],
        ),
        ("discovery_flows", id("flow_id", "400"), &["flow_id"]),
        ("assets", page("", "id"), &["engagement_id", "id"]),
        (
            "assets",
            within("asset_type = 'database'"),
            &["engagement_id", "asset_type"],
        ),
        (
            "assets",
            within("environment = 'environment 7'"),
            &["engagement_id", "environment"],
        ),
        (
            "assets",
            within("six_r_strategy = 'retire'"),
            &["engagement_id", "six_r_strategy"],
        ),
        (
            "assets",
            within("hostname = 'hostname 400'"),
            &["engagement_id", "hostname"],
        ),
        (
            "assets",
            within("migration_wave = 7"),
            &["engagement_id", "migration_wave"],
        ),
        ("assets", id("master_flow_id", "400"), &["master_flow_id"]),
        ("assets", id("discovery_flow_id", "7"), &["discovery_flow_id"]),
        (
            "asset_dependencies",
            id("asset_id", "400"),
            &["asset_id", "depends_on_asset_id", "port", "dependency_type"],
        ),
        (
            "asset_dependencies",
            id("depends_on_asset_id", "7"),
            &["depends_on_asset_id"],
        ),
        (
            "raw_import_records",
            format!(
                "{} AND record_index > 1000 ORDER BY record_index LIMIT 1000",
                id("data_import_id", "3")
            ),
            &["data_import_id", "record_index"],
        ),
    ]
}

fn index_name(name: &str, columns: &[&str]) -> String {
    let table = table(name);
    let made_for_it = |index: &&Index| index.columns[1..] == *columns && index.predicate.is_none();
    table.index_name(
        table
            .indexes
            .iter()
            .find(made_for_it)
            .unwrap_or_else(|| panic!("{name} has no index on {columns:?}")),
    )
}

landfall_testkit::both_backends! {
    async fn each_question_of_the_api_uses_its_index(database: TestDatabase) {
        let backend = database.backend();
        let owner = database.connect_as(Role::Superuser).await;
        let transaction = without_foreign_keys(&owner).await;
        let asked: std::collections::BTreeSet<_> = questions(backend).into_iter().map(|(table, _, _)| table).collect();
        for table in &asked {
            let statement = fill(backend, table);
            run(&transaction, &statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
        run(&transaction, "ANALYZE").await.unwrap();

        let (asking, explain) = match backend {
            // The rows refer to nothing, so SQLite would not commit them.
            Backend::Sqlite => (transaction, "EXPLAIN QUERY PLAN"),
            // As the server asks: its role, under row-level security.
            Backend::Postgres => {
                transaction.commit().await.unwrap();
                let asking = database.connect_as(Role::App).await.begin().await.unwrap();
                run(&asking, &format!("SET LOCAL app.client_account_id = '{TENANT}'")).await.unwrap();
                (asking, "EXPLAIN")
            }
        };
        let column = if backend == Backend::Sqlite { 3 } else { 0 };
        for (table, condition, columns) in questions(backend) {
            let tenant = uuid(backend, TENANT);
            let question = format!("{explain} SELECT * FROM {table} WHERE client_account_id = {tenant} AND {condition}");
            let plan = column_of(&asking, &question, column).await.join("\n");
            let index = index_name(table, columns);
            assert!(plan.contains(&index), "{question}\ndoes not use {index}:\n{plan}");
            assert!(!plan.contains("Seq Scan") && !plan.contains("SCAN "), "{question}\n{plan}");
        }
    }
}
