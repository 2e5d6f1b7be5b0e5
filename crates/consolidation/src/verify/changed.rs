//! Rows that were written since the cut-over: both sides leave them out.

use crate::Error;
use crate::database::{execute, scalar};
use crate::map::{LegacyTable, Tenant, legacy_tables};
use crate::statement::name;
use sqlx::PgConnection;

/// Collects the keys on both sides in temporary tables of the transaction. Answers how many rows were written.
pub(super) async fn collect(connection: &mut PgConnection, work: &str) -> Result<i64, Error> {
    execute(
        connection,
        "CREATE TEMPORARY TABLE changed_target (table_name text, key text, PRIMARY KEY (table_name, key)) ON COMMIT DROP; \
         CREATE TEMPORARY TABLE changed_legacy (table_name text, key text, PRIMARY KEY (table_name, key)) ON COMMIT DROP",
    )
    .await?;
    // Rows that Landfall had before have nothing to do with the legacy tables.
    execute(
        connection,
        "INSERT INTO changed_target SELECT table_name, key FROM consolidation.own",
    )
    .await?;
    if !scalar::<bool>(
        connection,
        "SELECT to_regclass('consolidation.written') IS NOT NULL",
    )
    .await?
    {
        return Ok(0);
    }
    let written: i64 = scalar(
        connection,
        "SELECT count(*) FROM (SELECT table_name, key FROM consolidation.written EXCEPT SELECT table_name, key FROM consolidation.own) w",
    )
    .await?;
    if written == 0 {
        return Ok(0);
    }
    execute(
        connection,
        "INSERT INTO changed_target SELECT DISTINCT table_name, key FROM consolidation.written WHERE table_name <> 'legacy_archive' ON CONFLICT DO NOTHING; \
         INSERT INTO changed_legacy SELECT DISTINCT split_part(key, ' ', 1), substr(key, position(' ' IN key) + 1) \
         FROM consolidation.written WHERE table_name = 'legacy_archive'",
    )
    .await?;
    // A row that is told by two legacy rows makes both of them changed.
    for _ in 0..2 {
        for table in legacy_tables() {
            let Some(target) = table.target else { continue };
            let pairs = pairs(table, work);
            execute(
                connection,
                &format!(
                    "INSERT INTO changed_legacy SELECT DISTINCT '{0}', p.key FROM ({pairs}) p (key, target) JOIN changed_target c \
                     ON c.table_name = '{target}' AND c.key = p.target ON CONFLICT DO NOTHING; \
                     INSERT INTO changed_target SELECT DISTINCT '{target}', p.target FROM ({pairs}) p (key, target) JOIN changed_legacy c \
                     ON c.table_name = '{0}' AND c.key = p.key ON CONFLICT DO NOTHING",
                    table.name
                ),
            )
            .await?;
        }
    }
    execute(connection, "ANALYZE changed_target, changed_legacy").await?;
    Ok(written)
}

/// The keys of a legacy table and of the target that belong together.
fn pairs(table: &LegacyTable, work: &str) -> String {
    match table.tenant {
        Tenant::Placed => format!("SELECT key::text, target::text FROM {work}.placed_{}", table.name),
        _ => "SELECT key, key FROM (SELECT key FROM changed_target UNION SELECT key FROM changed_legacy) k"
            .to_owned(),
    }
}

/// The condition that leaves changed rows of a legacy table out.
pub(super) fn legacy(table: &LegacyTable, key: &str) -> String {
    format!(
        "NOT EXISTS (SELECT FROM changed_legacy c WHERE c.table_name = '{}' AND c.key = ({key})::text)",
        table.name
    )
}

/// The condition that leaves changed rows of a table of the target out.
pub(super) fn target(table: &str, key: &str) -> String {
    format!(
        "NOT EXISTS (SELECT FROM changed_target c WHERE c.table_name = '{table}' AND c.key = {key}::text)"
    )
}

/// The column of a row of the target by which it is noted.
pub(super) fn noted_key(table: &str) -> String {
    name(crate::expand::noted_key(table))
}
