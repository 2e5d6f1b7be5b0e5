//! `rollback`: the database as it was before the run.

use crate::copy::STAGING;
use crate::cutover::{RETIRED, unwatch_target};
use crate::database::{catalog, check_rights, connect, execute, has_schema, lock, rows, scalar, text};
use crate::expand::{SHARED, WORK, drop_made_schema, filled_tables, noted_key, schema_made};
use crate::map::{LegacyTable, legacy_table, legacy_tables, target_tables};
use crate::outcome::{Change, RolledBack, RunState};
use crate::place::DISCOVERED;
use crate::source::SOURCE;
use crate::state::{self, Run};
use crate::statement::{known_columns, literal, name};
use crate::{Error, Options, Writes, deliver, index};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

/// Takes a run back, as far as it came. Rows written since the cut-over are refused, kept or lost, as asked.
///
/// # Errors
/// [`Error::Refused`] if there is no run, if it is finished, or if rows were written since the cut-over and nothing says what to
/// do with them; [`Error::Busy`] if somebody else is at work; else what failed. Nothing is changed then.
pub async fn rollback(options: &Options, writes: Writes) -> Result<RolledBack, Error> {
    if deliver::is_file(&options.target) {
        return deliver::rollback(options).await;
    }
    let mut connection = connect(&options.target).await?;
    check_rights(&mut connection, &options.target).await?;
    lock(&mut connection, &options.target).await?;
    let run = state::current(&mut connection).await?;
    if let Some(run) = &run
        && run.state == RunState::Finished
    {
        return Err(Error::Refused(
            "the run is finished and the legacy tables are gone; restore the dump that `finish` made"
                .to_owned(),
        ));
    }
    if run.is_none() && !has_schema(&mut connection, SHARED).await? {
        return Err(Error::Refused(
            "there is no run to take back in this database".to_owned(),
        ));
    }
    let mut done = RolledBack {
        run_id: run.as_ref().map_or(Uuid::nil(), |run| run.id),
        writes: Vec::new(),
        writes_kept: false,
    };
    let existed = scalar(
        &mut connection,
        &format!("SELECT landfall_existed FROM {SHARED}.origin"),
    )
    .await?;
    let mut transaction = connection.begin().await?;
    execute(
        &mut transaction,
        &format!(
            "SET LOCAL lock_timeout = '{}ms'",
            options.lock_timeout.as_millis()
        ),
    )
    .await?;
    if let Some(run) = &run {
        if run.state == RunState::CutOver {
            done.writes = written(&mut transaction).await?;
            if !done.writes.is_empty() {
                decide(&mut transaction, run, writes, &done.writes).await?;
                done.writes_kept = writes == Writes::Keep;
            }
            restore_tables(&mut transaction, run).await?;
            if schema_made(&mut transaction).await? {
                drop_made_schema(&mut transaction, &run.settings.source_schema).await?;
            }
        } else {
            crate::watch::remove(&mut transaction, crate::cutover::legacy_schema(run)).await?;
        }
    }
    remove(&mut transaction, existed, run.is_some()).await?;
    transaction.commit().await?;
    Ok(done)
}

/// What was written since the cut-over, the last operation on each row. Rows that Landfall had before are not among them: no
/// rollback touches them.
pub(crate) async fn written(connection: &mut PgConnection) -> Result<Vec<Change>, Error> {
    let found = rows(
        connection,
        "SELECT table_name, key, CASE WHEN first = 'INSERT' AND last <> 'DELETE' THEN 'INSERT' ELSE last END FROM (\
         SELECT table_name, key, (array_agg(operation ORDER BY seq))[1] AS first, (array_agg(operation ORDER BY seq DESC))[1] AS last \
         FROM consolidation.written GROUP BY 1, 2) w WHERE NOT (first = 'INSERT' AND last = 'DELETE') \
         AND NOT EXISTS (SELECT FROM consolidation.own o WHERE o.table_name = w.table_name AND o.key = w.key) ORDER BY 1, 2",
    )
    .await?;
    found
        .iter()
        .map(|row| {
            Ok(Change {
                table: text(row, 0)?,
                key: text(row, 1)?,
                operation: text(row, 2)?,
            })
        })
        .collect()
}

async fn decide(
    connection: &mut PgConnection,
    run: &Run,
    writes: Writes,
    changes: &[Change],
) -> Result<(), Error> {
    match writes {
        Writes::Discard => Ok(()),
        Writes::Keep => keep(connection, run).await,
        Writes::Refuse => {
            let shown: Vec<_> = changes
                .iter()
                .take(5)
                .map(|change| format!("{} {} ({})", change.table, change.key, change.operation))
                .collect();
            let more = if changes.len() > shown.len() { ", …" } else { "" };
            Err(Error::Refused(format!(
                "{} rows were written since the cut-over: {}{more}. Say --keep-writes to write them back into the legacy tables, or \
                 --discard-writes to lose them",
                changes.len(),
                shown.join(", ")
            )))
        }
    }
}

/// Writes what the views show of rows that were written into the legacy tables.
async fn keep(connection: &mut PgConnection, run: &Run) -> Result<(), Error> {
    let found = catalog(connection, RETIRED).await?;
    execute(
        connection,
        "CREATE TEMPORARY TABLE changed ON COMMIT DROP AS SELECT table_name, key FROM consolidation.written \
         EXCEPT SELECT table_name, key FROM consolidation.own; \
         ANALYZE changed; SET LOCAL session_replication_role = replica",
    )
    .await?;
    for table in legacy_tables() {
        if let Some(columns) = found.get(table.name) {
            for statement in write_back(table, run, columns) {
                execute(connection, &statement).await.map_err(|error| {
                    Error::Refused(format!(
                        "rows written since the cut-over do not fit into the legacy table {}: {error}. Nothing was changed",
                        table.name
                    ))
                })?;
            }
        }
    }
    execute(connection, "SET LOCAL session_replication_role = origin")
        .await
        .map(drop)
}

/// The statements that bring a legacy table up to what its view shows.
fn write_back(
    table: &'static LegacyTable,
    run: &Run,
    columns: &[crate::database::FoundColumn],
) -> Vec<String> {
    let key = name(table.key);
    let legacy = format!("{RETIRED}.{}", name(table.name));
    let view = format!("{}.{}", name(&run.settings.source_schema), name(table.name));
    let mut keys = format!(
        "SELECT substr(c.key, length('{0}') + 2) AS key FROM changed c WHERE c.table_name = 'legacy_archive' \
         AND c.key LIKE '{0} %'",
        table.name
    );
    if let Some(target) = table.target {
        // The key of a flow's row is not the flow's id.
        let by_flow = if table.name == "crewai_flow_state_extensions" {
            format!(
                " UNION SELECT w.id::text FROM changed c JOIN {view} w ON w.flow_id::text = c.key WHERE c.table_name = '{target}' \
                 UNION SELECT w.id::text FROM changed c JOIN {legacy} w ON w.flow_id::text = c.key WHERE c.table_name = '{target}'"
            )
        } else {
            format!(
                " UNION SELECT COALESCE(m.source_key, c.key) FROM changed c LEFT JOIN landfall.consolidation_map m \
                 ON m.run_id = {} AND m.source_table = '{}' AND m.target_key = c.key WHERE c.table_name = '{target}'",
                literal(&run.id.to_string()),
                table.name
            )
        };
        keys.push_str(&by_flow);
    }
    let known: Vec<_> = known_columns(table)
        .filter(|(_, known)| columns.iter().any(|column| column.name == known.name))
        .filter_map(|(_, known)| {
            let found = columns.iter().find(|column| column.name == known.name)?;
            Some((known.name, found.sql_type.clone(), found.default.clone()))
        })
        .collect();
    let names: Vec<_> = known.iter().map(|(column, ..)| name(column)).collect();
    let values: Vec<_> = known
        .iter()
        .map(|(column, kind, _)| format!("w.{}::text::{kind}", name(column)))
        .collect();
    let set: Vec<_> = known
        .iter()
        .filter(|(column, ..)| *column != table.key)
        .map(|(column, ..)| format!("{0} = EXCLUDED.{0}", name(column)))
        .collect();
    // A row that was v3's alone, or the original's alone, stays so; a new one becomes the original's.
    let fits = if table.original.is_some() {
        format!("EXISTS (SELECT FROM {legacy} old WHERE old.{key} = w.{key})")
    } else {
        format!(
            "(EXISTS (SELECT FROM {legacy} old WHERE old.{key} = w.{key}) OR NOT EXISTS (SELECT FROM landfall.consolidation_map m \
             WHERE m.run_id = {} AND m.target_table = '{}' AND m.target_key = w.{key}::text AND m.outcome IN ('kept', 'made') AND m.rule IS DISTINCT FROM '{DISCOVERED}'))",
            literal(&run.id.to_string()),
            table.target.unwrap_or_default()
        )
    };
    vec![
        format!(
            "DELETE FROM {legacy} w WHERE w.{key}::text IN ({keys}) AND NOT EXISTS (SELECT FROM {view} v WHERE v.{key} = w.{key})"
        ),
        format!(
            "INSERT INTO {legacy} ({}) SELECT {} FROM {view} w WHERE w.{key}::text IN ({keys}) AND {fits} \
             ON CONFLICT ({key}) DO UPDATE SET {}",
            names.join(", "),
            values.join(", "),
            if set.is_empty() {
                format!("{key} = EXCLUDED.{key}")
            } else {
                set.join(", ")
            }
        ),
    ]
}

/// Drops the views and moves the legacy tables back.
async fn restore_tables(connection: &mut PgConnection, run: &Run) -> Result<(), Error> {
    for statement in unwatch_target() {
        execute(connection, &statement).await?;
    }
    drop_views(connection, run).await?;
    let back = crate::cutover::legacy_schema(run);
    for table in catalog(connection, RETIRED).await?.keys() {
        execute(
            connection,
            &format!("ALTER TABLE {RETIRED}.{} SET SCHEMA {}", name(table), name(back)),
        )
        .await?;
    }
    execute(connection, &format!("DROP SCHEMA {RETIRED}")).await?;
    Ok(())
}

/// Drops the views under the old names.
pub(crate) async fn drop_views(connection: &mut PgConnection, run: &Run) -> Result<i64, Error> {
    let schema = &run.settings.source_schema;
    let found = rows(
        connection,
        &format!(
            "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = {} AND c.relkind = 'v'",
            literal(schema)
        ),
    )
    .await?;
    let mut dropped = 0;
    for row in &found {
        let view = text(row, 0)?;
        if legacy_table(&view).is_some() {
            execute(connection, &format!("DROP VIEW {}.{}", name(schema), name(&view))).await?;
            dropped += 1;
        }
    }
    Ok(dropped)
}

/// Takes away what the run made. Without a run, no row was moved yet.
async fn remove(connection: &mut PgConnection, existed: bool, begun: bool) -> Result<(), Error> {
    for schema in [SOURCE, WORK, STAGING] {
        execute(connection, &format!("DROP SCHEMA IF EXISTS {schema} CASCADE")).await?;
    }
    if existed {
        if begun {
            remove_rows(connection).await?;
        }
        index::restore(connection).await?;
    } else {
        execute(connection, "DROP SCHEMA IF EXISTS landfall CASCADE").await?;
    }
    execute(connection, &format!("DROP SCHEMA {SHARED} CASCADE"))
        .await
        .map(drop)
}

/// Takes the rows of the run out of tables in which Landfall may have rows of its own. What else refers to them goes with them or
/// stops the rollback, as the foreign keys of the schema say.
async fn remove_rows(connection: &mut PgConnection) -> Result<(), Error> {
    let filled = filled_tables();
    // Each table comes after those that it refers to.
    for table in target_tables().iter().rev() {
        if filled.contains(table.name) {
            let delete = format!(
                "DELETE FROM landfall.{0} t WHERE NOT EXISTS (SELECT FROM {SHARED}.own o WHERE o.table_name = '{0}' AND o.key = t.{1}::text)",
                table.name,
                name(noted_key(table.name))
            );
            execute(connection, &delete).await?;
        } else if table.name.starts_with("consolidation_") {
            execute(connection, &format!("DELETE FROM landfall.{}", table.name)).await?;
        }
    }
    Ok(())
}
