//! Connections to PostgreSQL, and what a database says about its tables.

use crate::Error;
use serde_json::Value;
use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, Row};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::str::FromStr;
use std::time::Duration;

/// One value per session: times are read and written in UTC and all values as the same texts in every database, plans are made for
/// each batch, and compiling them would cost more than they do.
const SESSION: &str = "SET timezone = 'UTC'; SET datestyle = 'ISO, MDY'; SET intervalstyle = 'postgres'; \
    SET bytea_output = 'hex'; SET search_path = landfall, public; SET jit = off; SET work_mem = '64MB'; \
    SET maintenance_work_mem = '128MB'; SET plan_cache_mode = 'force_custom_plan'; SET statement_timeout = 0; \
    SET idle_in_transaction_session_timeout = 0; SET extra_float_digits = 3; SET client_min_messages = warning";

/// Whoever is killed leaves a server process that works on and keeps the lock, unless it looks now and then whether we are there.
const WATCHED: &str = "SET client_connection_check_interval = '200ms'";

/// A network that is cut tells nobody: the server finds out within a minute that nobody answers any more, and lets the lock go.
const KEPT_ALIVE: &str =
    "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3";

/// Whether the session is still set up.
const SET_UP: &str =
    "current_setting('timezone') = 'UTC' AND current_setting('search_path') = 'landfall, public'";

/// Connects, and sets the session up. Refuses a pool that forgets that.
pub(crate) async fn connect(url: &str) -> Result<PgConnection, Error> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| Error::usage(format_args!("the address {} cannot be read: {error}", shown(url))))?
        .application_name("landfall consolidate")
        .statement_cache_capacity(16)
        .disable_statement_logging();
    let mut connection = PgConnection::connect_with(&options)
        .await
        .map_err(|source| Error::Database {
            context: format!("{} cannot be reached", shown(url)),
            source,
        })?;
    execute(&mut connection, SESSION).await?;
    // A server that cannot watch its connections notices at the end of a statement that we are gone.
    for setting in [WATCHED, KEPT_ALIVE] {
        if let Err(error) = execute(&mut connection, setting).await {
            tracing::debug!(%error, "the server does not watch its connections");
        }
    }
    // Without a prepared statement, which such a pool forgets, too.
    let query = format!("SELECT {SET_UP}");
    let kept: bool = sqlx::raw_sql(AssertSqlSafe(query.clone()))
        .fetch_one(&mut connection)
        .await
        .and_then(|row| row.try_get(0))
        .map_err(|source| failed(&query, source))?;
    if kept { Ok(connection) } else { Err(pooled(url)) }
}

fn pooled(url: &str) -> Error {
    Error::Refused(format!(
        "{} is reached through a pool that gives each transaction another session; connect to the server itself",
        shown(url)
    ))
}

/// Runs statements without parameters.
pub(crate) async fn execute(connection: &mut PgConnection, sql: &str) -> Result<u64, Error> {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(connection)
        .await
        .map(|done| done.rows_affected())
        .map_err(|source| failed(sql, source))
}

/// All rows of a query without parameters.
pub(crate) async fn rows(connection: &mut PgConnection, sql: &str) -> Result<Vec<PgRow>, Error> {
    sqlx::query(AssertSqlSafe(sql.to_owned()))
        .fetch_all(connection)
        .await
        .map_err(|source| failed(sql, source))
}

/// The first column of the only row of a query without parameters.
pub(crate) async fn scalar<T>(connection: &mut PgConnection, sql: &str) -> Result<T, Error>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    sqlx::query(AssertSqlSafe(sql.to_owned()))
        .fetch_one(connection)
        .await
        .and_then(|row| row.try_get(0))
        .map_err(|source| failed(sql, source))
}

/// The error with the beginning of what was asked.
pub(crate) fn failed(sql: &str, source: sqlx::Error) -> Error {
    tracing::debug!(sql, %source, "a statement failed");
    let begin: String = sql.split_whitespace().take(8).collect::<Vec<_>>().join(" ");
    Error::Database {
        context: format!("while running '{begin} …'"),
        source,
    }
}

/// An address as it may be shown: without password.
pub(crate) fn shown(url: &str) -> String {
    migration::run::Target::from(url).to_string()
}

/// A text column of a row.
pub(crate) fn text(row: &PgRow, column: usize) -> Result<String, Error> {
    Ok(row.try_get(column)?)
}

/// Refuses a connection with which the work would silently see less than there is, or cannot be done.
pub(crate) async fn check_rights(connection: &mut PgConnection, url: &str) -> Result<(), Error> {
    let row = rows(
        connection,
        "SELECT rolsuper OR rolbypassrls, rolname::text, pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean, \
         has_database_privilege(current_database(), 'CREATE'), current_setting('server_version_num')::integer \
         FROM pg_roles WHERE rolname = current_user",
    )
    .await?;
    let Some(row) = row.first() else {
        return Err(Error::Refused(
            "the connected role is not known to the server".to_owned(),
        ));
    };
    let (sees_all, role, read_only, may_create, version): (bool, String, bool, bool, i32) = (
        row.try_get(0)?,
        row.try_get(1)?,
        row.try_get(2)?,
        row.try_get(3)?,
        row.try_get(4)?,
    );
    if version < 150_000 {
        return Err(Error::Refused(format!(
            "{} is older than PostgreSQL 15, whose views cannot keep tenants apart; upgrade it first",
            shown(url)
        )));
    }
    if read_only {
        return Err(Error::Refused(format!(
            "{} is read-only and takes no writes; connect to the primary",
            shown(url)
        )));
    }
    if !sees_all {
        return Err(Error::Refused(format!(
            "the role {role} is bound by row-level security and would not see all rows; connect as a superuser or as a role with \
             BYPASSRLS that owns the tables"
        )));
    }
    if !may_create {
        return Err(Error::Refused(format!(
            "the role {role} may not create schemas in {}",
            shown(url)
        )));
    }
    Ok(())
}

/// Refuses a role from which row-level security keeps some of the legacy rows: it would take those that it sees for all.
pub(crate) async fn check_sight(connection: &mut PgConnection, url: &str, schema: &str) -> Result<(), Error> {
    let hidden = rows(
        connection,
        &format!(
            "SELECT current_user::text, c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = {} AND c.relkind IN ('r', 'p') AND row_security_active(c.oid) ORDER BY 2",
            crate::statement::literal(schema)
        ),
    )
    .await?;
    let Some(first) = hidden.first() else {
        return Ok(());
    };
    Err(Error::Refused(format!(
        "the role {} would not see all rows of {} tables in {}, of which {} is the first, since row-level security holds for it; \
         connect as a superuser or as a role with BYPASSRLS",
        text(first, 0)?,
        hidden.len(),
        shown(url),
        text(first, 1)?
    )))
}

/// What makes one runner at a time: a lock of the session, which ends with it.
const LOCK: &str = "hashtextextended('landfall consolidation', 0)";

/// The condition that a row of `pg_locks` is this lock.
const THE_LOCK: &str =
    "((classid::bigint << 32) | objid::bigint) = hashtextextended('landfall consolidation', 0)";

/// Takes the lock, or fails within a second: so long the server may take to notice that who had it was killed.
pub(crate) async fn lock(connection: &mut PgConnection, url: &str) -> Result<(), Error> {
    let mut tries = 0;
    while !scalar::<bool>(connection, &format!("SELECT pg_try_advisory_lock({LOCK})")).await? {
        tries += 1;
        if tries == 7 {
            return Err(Error::Busy(shown(url)));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    for _ in 0..3 {
        check_lock(connection, url).await?;
    }
    Ok(())
}

/// Refuses to go on where the lock is not this session's any more. A pool between us and the server gives each transaction another
/// session, or sweeps it in between: neither the lock nor the settings of a session are ours then.
pub(crate) async fn check_lock(connection: &mut PgConnection, url: &str) -> Result<(), Error> {
    let ours = scalar::<bool>(
        connection,
        &format!(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND {THE_LOCK}) \
             AND {SET_UP}"
        ),
    )
    .await?;
    if ours { Ok(()) } else { Err(pooled(url)) }
}

/// Whether somebody has the lock.
pub(crate) async fn is_locked(connection: &mut PgConnection) -> Result<bool, Error> {
    scalar(
        connection,
        &format!(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database \
             WHERE datname = current_database()) AND {THE_LOCK})"
        ),
    )
    .await
}

/// A column as the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundColumn {
    /// Its name.
    pub(crate) name: String,
    /// Its type, in the words of the server.
    pub(crate) sql_type: String,
    /// Its default, as SQL.
    pub(crate) default: Option<String>,
}

/// The tables of a schema with their columns in order.
pub(crate) type Catalog = BTreeMap<String, Vec<FoundColumn>>;

/// What a schema holds.
pub(crate) async fn catalog(connection: &mut PgConnection, schema: &str) -> Result<Catalog, Error> {
    let found = sqlx::query(
        "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), pg_get_expr(d.adbin, d.adrelid) \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
         LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum \
         WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') ORDER BY c.relname, a.attnum",
    )
    .bind(schema)
    .fetch_all(connection)
    .await?;
    let mut catalog = Catalog::new();
    for row in &found {
        catalog.entry(text(row, 0)?).or_default().push(FoundColumn {
            name: text(row, 1)?,
            sql_type: text(row, 2)?,
            default: row.try_get(3)?,
        });
    }
    Ok(catalog)
}

/// A checksum as text.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether there is such a schema.
pub(crate) async fn has_schema(connection: &mut PgConnection, schema: &str) -> Result<bool, Error> {
    Ok(
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)")
            .bind(schema)
            .fetch_one(connection)
            .await?,
    )
}

/// An option as it is stored with a run.
pub(crate) fn stored(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
