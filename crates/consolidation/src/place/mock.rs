//! Invented rows inside a real client account: they move to the test tenant, unless they and a real row refer to each other.

use super::Placing;
use sqlx::{AssertSqlSafe, PgConnection};

/// Tables whose rows say that they are invented and can move by themselves.
const MOVABLE: [&str; 7] = [
    "data_import_sessions",
    "assets",
    "cmdb_sixr_analyses",
    "migration_waves",
    "data_imports",
    "discovery_flows",
    "tags",
];

/// References between rows, of which at least one can be invented: the table, and the query of `a_key`, `b_table`, `b_key`.
/// Rows without a mark of their own stand for the row that they belong to.
const REFERENCES: [(&str, &str, &str); 12] = [
    (
        "data_import_sessions",
        "data_import_sessions",
        "SELECT id, parent_session_id FROM {s}.data_import_sessions",
    ),
    (
        "data_imports",
        "crewai_flow_state_extensions",
        "SELECT o.id, m.key FROM {s}.data_imports o JOIN {w}.placed_crewai_flow_state_extensions m ON o.master_flow_id IN (m.key, m.target)",
    ),
    (
        "discovery_flows",
        "crewai_flow_state_extensions",
        "SELECT o.id, m.key FROM {s}.discovery_flows o JOIN {w}.placed_crewai_flow_state_extensions m ON o.master_flow_id IN (m.key, m.target)",
    ),
    (
        "assets",
        "crewai_flow_state_extensions",
        "SELECT o.id, m.key FROM {s}.assets o JOIN {w}.placed_assets a ON a.key = o.id AND a.mock JOIN {w}.placed_crewai_flow_state_extensions m ON o.master_flow_id IN (m.key, m.target)",
    ),
    (
        "discovery_flows",
        "data_imports",
        "SELECT id, data_import_id FROM {s}.discovery_flows",
    ),
    (
        "discovery_flows",
        "data_imports",
        "SELECT id, import_session_id FROM {s}.discovery_flows",
    ),
    (
        "assets",
        "data_import_sessions",
        "SELECT id, session_id FROM {s}.assets",
    ),
    (
        "assets",
        "discovery_flows",
        "SELECT o.id, f.id FROM {s}.assets o JOIN {s}.discovery_flows f ON f.id = o.discovery_flow_id UNION SELECT o.id, f.id FROM {s}.assets o JOIN {s}.discovery_flows f ON f.flow_id = o.discovery_flow_id UNION SELECT o.id, f.id FROM {s}.assets o JOIN {s}.discovery_flows f ON f.flow_id = o.flow_id",
    ),
    (
        "data_imports",
        "assets",
        "SELECT data_import_id, asset_id FROM {s}.raw_import_records WHERE asset_id IS NOT NULL",
    ),
    (
        "assets",
        "assets",
        "SELECT asset_id, depends_on_asset_id FROM {s}.asset_dependencies",
    ),
    ("assets", "tags", "SELECT asset_id, tag_id FROM {s}.asset_tags"),
    (
        "assessments",
        "assets",
        "SELECT id, asset_id FROM {s}.assessments",
    ),
];

impl Placing {
    /// Moves what can be moved. Rows that stay are listed in `stays`.
    pub(super) async fn mock_rows(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        self.execute(
            connection,
            "CREATE TABLE {w}.mock (source_table text, key uuid, PRIMARY KEY (source_table, key)); \
             CREATE TABLE {w}.stays (source_table text, key uuid, PRIMARY KEY (source_table, key)); \
             CREATE TABLE {w}.crossing (a_table text, a_key uuid, b_table text, b_key uuid)",
        )
        .await?;
        if !self.move_mock {
            return Ok(());
        }
        for table in MOVABLE {
            self.execute(
                connection,
                &format!(
                    "INSERT INTO {{w}}.mock SELECT '{table}', key FROM {{w}}.placed_{table} \
                     WHERE mock AND client NOT IN ({{test}}, {{quarantine}})"
                ),
            )
            .await?;
        }
        self.execute(connection, "ANALYZE {w}.mock").await?;
        for (a, b, pairs) in REFERENCES {
            let filled = self
                .count(
                    connection,
                    &format!("SELECT count(*) FROM {{w}}.mock WHERE source_table IN ('{a}', '{b}')"),
                )
                .await?;
            if filled > 0 {
                self.execute(connection, &crossing(a, b, pairs)).await?;
            }
        }
        self.execute(connection, "CREATE INDEX ON {w}.crossing (a_table, a_key); CREATE INDEX ON {w}.crossing (b_table, b_key); ANALYZE {w}.crossing").await?;
        // A row that stays may make others stay.
        while self.count(connection, STAY).await? > 0 {}
        for table in MOVABLE {
            self.execute(
                connection,
                &format!(
                    "UPDATE {{w}}.placed_{table} p SET client = {{test}}, engagement = {{test_engagement}}, rule = 'mock_row' \
                     FROM {{w}}.mock m WHERE m.source_table = '{table}' AND m.key = p.key; \
                     UPDATE {{w}}.placed_{table} p SET rule = COALESCE(p.rule, 'mock_row_stays') \
                     FROM {{w}}.stays m WHERE m.source_table = '{table}' AND m.key = p.key"
                ),
            )
            .await?;
        }
        Ok(())
    }

    async fn count(&self, connection: &mut PgConnection, template: &str) -> Result<i64, sqlx::Error> {
        sqlx::query_scalar(AssertSqlSafe(self.sql(template)))
            .fetch_one(connection)
            .await
    }
}

/// The references of one kind in which an invented row takes part.
fn crossing(a: &str, b: &str, pairs: &str) -> String {
    format!(
        "INSERT INTO {{w}}.crossing SELECT DISTINCT '{a}', r.a, '{b}', r.b FROM ({pairs}) r (a, b) \
         JOIN {{w}}.placed_{a} pa ON pa.key = r.a JOIN {{w}}.placed_{b} pb ON pb.key = r.b \
         WHERE (pa.mock OR pb.mock) AND pa.client = pb.client AND pa.client NOT IN ({{test}}, {{quarantine}})"
    )
}

/// Takes rows off the list of those that move if the other end of a reference does not.
const STAY: &str = "WITH real AS (SELECT a_table AS source_table, a_key AS key FROM {w}.crossing c \
    WHERE NOT EXISTS (SELECT FROM {w}.mock m WHERE m.source_table = c.b_table AND m.key = c.b_key) \
    UNION SELECT b_table, b_key FROM {w}.crossing c \
    WHERE NOT EXISTS (SELECT FROM {w}.mock m WHERE m.source_table = c.a_table AND m.key = c.a_key)), \
    gone AS (DELETE FROM {w}.mock m USING real r WHERE m.source_table = r.source_table AND m.key = r.key \
    RETURNING m.source_table, m.key), listed AS (INSERT INTO {w}.stays SELECT * FROM gone ON CONFLICT DO NOTHING) \
    SELECT count(*) FROM gone";
