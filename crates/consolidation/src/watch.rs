//! Old clients that go on writing while rows are moved: triggers note the keys that they change, and those rows are moved again.

mod affected;

use crate::database::{Catalog, execute, failed, rows, scalar, text};
use crate::expand::{SHARED, WORK};
use crate::map::{LegacyTable, Tenant, legacy_table, legacy_tables};
use crate::moving::{made, site};
use crate::place::{Placing, record};
use crate::source::SOURCE;
use crate::state::Run;
use crate::statement::{Rows, key_type, load, name, target_id};
use crate::{Error, Options};
use sqlx::{AssertSqlSafe, PgConnection};

/// Placements before they were decided again.
const BEFORE: &str = "consolidation_before";

/// Puts a trigger on every legacy table.
pub(crate) async fn install(
    connection: &mut PgConnection,
    schema: &str,
    found: &Catalog,
) -> Result<(), Error> {
    execute(
        connection,
        &format!(
            "CREATE TABLE IF NOT EXISTS {SHARED}.dirty (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
             table_name text NOT NULL, key text NOT NULL); \
             CREATE OR REPLACE FUNCTION {SHARED}.note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER \
             SET search_path = pg_catalog AS $$ BEGIN \
             IF TG_OP <> 'INSERT' THEN INSERT INTO {SHARED}.dirty (table_name, key) VALUES (TG_TABLE_NAME, to_jsonb(OLD) ->> TG_ARGV[0]); END IF; \
             IF TG_OP <> 'DELETE' THEN INSERT INTO {SHARED}.dirty (table_name, key) VALUES (TG_TABLE_NAME, to_jsonb(NEW) ->> TG_ARGV[0]); END IF; \
             RETURN NULL; END $$"
        ),
    )
    .await?;
    for table in found.keys() {
        if let Some(known) = legacy_table(table) {
            execute(
                connection,
                &format!(
                    "CREATE TRIGGER consolidation_note_change AFTER INSERT OR UPDATE OR DELETE ON {}.{} FOR EACH ROW \
                     EXECUTE FUNCTION {SHARED}.note_change('{}')",
                    name(schema),
                    name(table),
                    known.key
                ),
            )
            .await?;
        }
    }
    Ok(())
}

/// Takes the triggers off again.
pub(crate) async fn remove(connection: &mut PgConnection, schema: &str) -> Result<(), Error> {
    let found = sqlx::query(
        "SELECT c.relname::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE t.tgname = 'consolidation_note_change' AND n.nspname = $1",
    )
    .bind(schema)
    .fetch_all(&mut *connection)
    .await?;
    for row in &found {
        execute(
            connection,
            &format!(
                "DROP TRIGGER consolidation_note_change ON {}.{}",
                name(schema),
                name(&text(row, 0)?)
            ),
        )
        .await?;
    }
    Ok(())
}

/// Lets old clients read and not write until the end of the transaction.
pub(crate) async fn hold(connection: &mut PgConnection, schema: &str) -> Result<(), Error> {
    let found = crate::database::catalog(connection, schema).await?;
    let tables: Vec<_> = found
        .keys()
        .filter(|table| legacy_table(table).is_some())
        .map(|table| format!("{}.{}", name(schema), name(table)))
        .collect();
    execute(
        connection,
        &format!("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", tables.join(", ")),
    )
    .await
    .map(drop)
}

/// Changes that were noted and not moved yet.
pub(crate) async fn pending(connection: &mut PgConnection) -> Result<i64, Error> {
    if !scalar::<bool>(
        connection,
        &format!("SELECT to_regclass('{SHARED}.dirty') IS NOT NULL"),
    )
    .await?
    {
        return Ok(0);
    }
    scalar(connection, &format!("SELECT count(*) FROM {SHARED}.dirty")).await
}

/// Moves again what was changed, in the transaction of the connection. Answers how many rows that were.
pub(crate) async fn drain(connection: &mut PgConnection, options: &Options, run: &Run) -> Result<i64, Error> {
    if pending(connection).await? == 0 {
        return Ok(0);
    }
    execute(
        connection,
        &format!(
            "DROP SCHEMA IF EXISTS {BEFORE} CASCADE; ALTER SCHEMA {WORK} RENAME TO {BEFORE}; CREATE SCHEMA {WORK}; \
             CREATE TEMPORARY TABLE taken ON COMMIT DROP AS SELECT * FROM {SHARED}.dirty; \
             CREATE TEMPORARY TABLE again (table_name text, key text, PRIMARY KEY (table_name, key)) ON COMMIT DROP; \
             INSERT INTO again SELECT DISTINCT table_name, key FROM taken WHERE key IS NOT NULL"
        ),
    )
    .await?;
    let placing = Placing::new(options, SOURCE, WORK);
    placing.decide(connection).await?;
    let site = site(run);
    record(connection, &placing, &site, &run.id.to_string()).await?;
    // Rows are told anew where they go otherwise, then with them those that they take along or that name them.
    for find in [
        affected::placed_otherwise,
        affected::with_others,
        affected::referring,
    ] {
        for table in legacy_tables() {
            for statement in find(table) {
                execute(connection, &statement).await?;
            }
        }
        execute(connection, "ANALYZE again").await?;
    }
    for table in legacy_tables().iter().rev() {
        for statement in removed(table) {
            execute(connection, &statement).await?;
        }
    }
    for (table, made, target, key) in [
        ("assets", "made_assets", "id", "client_account_id"),
        ("asset_field_sources", "made_sources", "id", "client_account_id"),
    ] {
        execute(
            connection,
            &format!(
                "DELETE FROM landfall.{table} t USING (SELECT * FROM {BEFORE}.{made} EXCEPT SELECT * FROM {WORK}.{made}) b \
                 WHERE t.{target} = b.id AND t.{key} = b.client"
            ),
        )
        .await?;
    }
    made(connection, run).await?;
    let (id, at) = (run.id.to_string(), run.at());
    for table in legacy_tables() {
        let keys = rows(
            connection,
            &format!(
                "SELECT key FROM again WHERE table_name = '{}' ORDER BY key",
                table.name
            ),
        )
        .await?;
        let keys: Vec<_> = keys.iter().map(|row| text(row, 0)).collect::<Result<_, _>>()?;
        let statement = load(&site, table, Rows::Keys, &id, &at);
        for batch in keys.chunks(usize::try_from(options.batch_rows.max(1)).unwrap_or(5_000)) {
            sqlx::query(AssertSqlSafe(statement.clone()))
                .bind(batch)
                .fetch_one(&mut *connection)
                .await
                .map_err(|source| failed(&format!("move {} again", table.name), source))?;
        }
    }
    let moved = scalar(connection, "SELECT count(*) FROM again").await?;
    execute(
        connection,
        &format!(
            "DELETE FROM landfall.crewai_flow_state_extensions t USING {BEFORE}.made_flows b WHERE b.flow_id = t.flow_id \
             AND b.client = t.client_account_id AND NOT EXISTS (SELECT FROM {WORK}.made_flows m WHERE m.flow_id = b.flow_id AND m.client = b.client); \
             DELETE FROM {SHARED}.dirty d USING taken t WHERE d.seq = t.seq; DROP SCHEMA {BEFORE} CASCADE; DROP TABLE taken, again"
        ),
    )
    .await?;
    Ok(moved)
}

/// Takes away what a row became that it does not become any more.
fn removed(table: &'static LegacyTable) -> Vec<String> {
    let keys = format!("SELECT key FROM again WHERE table_name = '{}'", table.name);
    let mut statements = vec![format!(
        "DELETE FROM landfall.legacy_archive a WHERE a.source_table = '{}' AND a.reason <> 'unknown' AND a.source_key ->> '{}' IN ({keys})",
        table.name, table.key
    )];
    let Some(target) = table.target else {
        return statements;
    };
    let target_key = name(table.target_key);
    let gone = match table.tenant {
        Tenant::Placed => format!(
            "DELETE FROM landfall.{target} t USING {BEFORE}.placed_{0} b WHERE b.key::text IN ({keys}) AND t.{target_key} = b.target \
             AND b.outcome = 'kept'{same} AND NOT EXISTS (SELECT FROM {WORK}.placed_{0} w WHERE w.target = b.target AND w.outcome = 'kept' \
             AND w.client = b.client{also})",
            table.name,
            same = if crate::map::target_column(target, "client_account_id").is_some()
                && target != "user_account_associations"
            {
                " AND t.client_account_id = b.client"
            } else {
                ""
            },
            // The id may have become the original's.
            also = "",
        ),
        // A row may be another tenant's now, or nobody's: it is made again where it belongs.
        Tenant::Via { .. } => format!(
            "DELETE FROM landfall.{target} t WHERE t.{target_key} IN ({})",
            target_keys(table, "true")
        ),
        _ => format!(
            "DELETE FROM landfall.{target} t WHERE t.{target_key} IN ({})",
            target_keys(
                table,
                &format!(
                    "NOT EXISTS (SELECT FROM {SOURCE}.{0} s WHERE s.{key} = a.key::{kind}) \
                     OR EXISTS (SELECT FROM {WORK}.special sp WHERE sp.source_table = '{0}' AND sp.key = a.key)",
                    table.name,
                    key = name(table.key),
                    kind = key_type(table),
                )
            )
        ),
    };
    statements.push(gone);
    statements
}

/// The keys in the target of the rows that are moved again and for which the condition holds.
fn target_keys(table: &'static LegacyTable, condition: &str) -> String {
    format!(
        "SELECT {} FROM (SELECT a.key::{} AS {} FROM again a WHERE a.table_name = '{}' AND ({condition})) {}",
        target_id(table),
        key_type(table),
        name(table.key),
        table.name,
        table.alias(),
    )
}
