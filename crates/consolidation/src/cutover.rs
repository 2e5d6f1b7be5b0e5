//! The cut-over: in one short transaction the legacy tables move aside and views take their place, or nothing happens.

use crate::database::{Catalog, catalog, execute, has_schema, rows, scalar, text};
use crate::expand::{SHARED, filled_tables, noted_key};
use crate::map::{legacy_table, legacy_tables};
use crate::options::Options;
use crate::state::{self, Run};
use crate::statement::{literal, name};
use crate::{Error, Step, views};
use sqlx::{Connection, PgConnection};
use std::time::Duration;

/// Schema of the legacy tables after the cut-over.
pub(crate) const RETIRED: &str = "legacy_retired";
/// How often the cut-over tries to get the tables to itself.
const TRIES: u32 = 5;

/// Where the legacy tables of a run are before the cut-over.
pub(crate) fn legacy_schema(run: &Run) -> &str {
    if run.settings.copied {
        crate::copy::STAGING
    } else {
        &run.settings.source_schema
    }
}

/// Moves the legacy tables aside and puts views in their place.
pub(crate) async fn cut_over(
    connection: &mut PgConnection,
    options: &Options,
    run: &Run,
) -> Result<(), Error> {
    let mut tried = 0;
    loop {
        match attempt(connection, options, run).await {
            Err(error) if crate::moving::may_pass(&error) && tried < TRIES => {
                tried += 1;
                // Whoever holds a table gets time to end; meanwhile nobody waits behind us.
                tokio::time::sleep(Duration::from_millis(200 * u64::from(tried))).await;
            }
            Err(error) if crate::moving::may_pass(&error) => {
                return Err(Error::Refused(format!(
                    "the legacy tables are in use and could not be taken within {:?}; nothing was changed, try again when old \
                     clients are quieter ({error})",
                    options.lock_timeout
                )));
            }
            other => return other,
        }
    }
}

async fn attempt(connection: &mut PgConnection, options: &Options, run: &Run) -> Result<(), Error> {
    let from = legacy_schema(run).to_owned();
    let mut transaction = connection.begin().await?;
    execute(
        &mut transaction,
        &format!(
            "SET LOCAL lock_timeout = '{}ms'",
            options.lock_timeout.as_millis()
        ),
    )
    .await?;
    let found = catalog(&mut transaction, &from).await?;
    let known: Vec<_> = found
        .keys()
        .filter(|table| legacy_table(table).is_some())
        .collect();
    let locked: Vec<_> = known
        .iter()
        .map(|table| format!("{}.{}", name(&from), name(table)))
        .collect();
    execute(
        &mut transaction,
        &format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", locked.join(", ")),
    )
    .await?;
    crate::unknown::check(&mut transaction, run).await?;
    crate::unknown::catch_up(&mut transaction, run).await?;
    crate::watch::drain(&mut transaction, options, run).await?;
    crate::watch::remove(&mut transaction, &from).await?;
    let privileges = privileges(&mut transaction, &from).await?;
    execute(&mut transaction, &format!("CREATE SCHEMA {RETIRED}")).await?;
    for table in &known {
        execute(
            &mut transaction,
            &format!("ALTER TABLE {}.{} SET SCHEMA {RETIRED}", name(&from), name(table)),
        )
        .await?;
    }
    if !has_schema(&mut transaction, &run.settings.source_schema).await? {
        execute(
            &mut transaction,
            &format!(
                "CREATE SCHEMA {}; UPDATE {SHARED}.origin SET schema_made = true",
                name(&run.settings.source_schema)
            ),
        )
        .await?;
    }
    make_views(&mut transaction, run, &found).await?;
    for (table, role, privilege) in privileges {
        execute(
            &mut transaction,
            &format!(
                "GRANT {privilege} ON {}.{} TO {role}",
                name(&run.settings.source_schema),
                name(&table)
            ),
        )
        .await?;
    }
    watch_target(&mut transaction).await?;
    state::end_step(&mut transaction, run, Step::CutOver).await?;
    state::set_state(&mut transaction, run, "cut_over").await?;
    transaction.commit().await?;
    Ok(())
}

async fn make_views(connection: &mut PgConnection, run: &Run, found: &Catalog) -> Result<(), Error> {
    let id = run.id.to_string();
    execute(connection, &views::functions(&id)).await?;
    for table in legacy_tables() {
        let Some(columns) = found.get(table.name) else {
            continue;
        };
        for statement in views::statements(table, &run.settings.source_schema, columns) {
            execute(connection, &statement).await?;
        }
    }
    Ok(())
}

/// Who may do what with the legacy tables: the same is granted on the views.
async fn privileges(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<Vec<(String, String, String)>, Error> {
    let found = rows(
        connection,
        &format!(
            "SELECT c.relname::text, CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END, g.privilege_type \
             FROM pg_class c, aclexplode(c.relacl) g WHERE c.relnamespace = {}::regnamespace AND c.relkind IN ('r', 'p') \
             AND g.grantee <> c.relowner AND g.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')",
            literal(&name(schema))
        ),
    )
    .await?;
    let mut privileges = Vec::new();
    for row in &found {
        let table = text(row, 0)?;
        if legacy_table(&table).is_some() {
            privileges.push((table, text(row, 1)?, text(row, 2)?));
        }
    }
    Ok(privileges)
}

/// From now on, what is written to the target is listed, so that a rollback can say what it would lose. Citus has no triggers on
/// distributed tables: there nothing is listed.
async fn watch_target(connection: &mut PgConnection) -> Result<(), Error> {
    execute(
        connection,
        "CREATE TABLE consolidation.written (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, table_name text NOT NULL, \
         key text NOT NULL, operation text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp()); \
         CREATE FUNCTION consolidation.note_write() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER \
         SET search_path = pg_catalog AS $$ DECLARE changed jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END; \
         BEGIN INSERT INTO consolidation.written (table_name, key, operation) VALUES (TG_TABLE_NAME, \
         CASE TG_TABLE_NAME WHEN 'legacy_archive' THEN (changed ->> 'source_table') || ' ' || (SELECT value FROM jsonb_each_text(changed -> 'source_key') LIMIT 1) \
         ELSE changed ->> TG_ARGV[0] END, TG_OP); RETURN NULL; END $$",
    )
    .await?;
    if scalar::<bool>(
        connection,
        "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')",
    )
    .await?
    {
        return Ok(());
    }
    for table in filled_tables() {
        let key = noted_key(table);
        execute(
            connection,
            &format!(
                "CREATE TRIGGER consolidation_note_write AFTER INSERT OR UPDATE OR DELETE ON landfall.{table} FOR EACH ROW \
                 EXECUTE FUNCTION consolidation.note_write('{key}')"
            ),
        )
        .await?;
    }
    Ok(())
}

/// The statements that take the triggers off again.
pub(crate) fn unwatch_target() -> Vec<String> {
    filled_tables()
        .into_iter()
        .map(|table| format!("DROP TRIGGER IF EXISTS consolidation_note_write ON landfall.{table}"))
        .collect()
}
