//! Opening PostgreSQL: one pool in the serving role, a small one in the role that sees all tenants.

use super::{Inner, SqlxPool, StoreOptions};
use crate::{StoreError, StoreResult};
use sea_orm::SqlxPostgresConnector;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool};
use std::sync::Arc;
use tokio::sync::Notify;

/// The role that serves: bound by row-level security, may not change the schema.
pub(super) const APP_ROLE: &str = "landfall_app";
/// The role for work across tenants.
const SYSTEM_ROLE: &str = "landfall_system";
/// The schema in which Landfall lives. Pinned, because a legacy database may set another default.
const SEARCH_PATH: &str = "SET search_path = landfall";
/// Work across tenants is rare: administration and start-up.
const SYSTEM_CONNECTIONS: u32 = 2;

pub(super) async fn connect(options: &StoreOptions) -> StoreResult<Inner> {
    let settings: PgConnectOptions = options.url.parse()?;
    let mut first = PgConnection::connect_with(&settings).await?;
    let login = Login::of(&mut first, APP_ROLE).await?;
    if login.user != APP_ROLE && !login.is_member {
        return Err(StoreError::Unfit(format!(
            "the database user {} may not take the role {APP_ROLE}: migrate the database, then GRANT {APP_ROLE} TO {}",
            login.user, login.user
        )));
    }
    let is_citus = sqlx::query("SELECT FROM pg_extension WHERE extname = 'citus'")
        .fetch_optional(&mut first)
        .await?
        .is_some();
    let system = system_pool(options, &mut first).await?;
    first.close().await?;

    let mut notices = Vec::new();
    if login.is_powerful {
        notices.push(format!(
            "one URL is used for serving and migrating: the user {} is more than {APP_ROLE}, so each connection takes the \
             role {APP_ROLE}; give the server a user of its own in production",
            login.user
        ));
    }
    let pool = pool(
        settings,
        options.max_connections.max(1),
        login.role_to_take(APP_ROLE),
    )
    .await?;
    Ok(Inner {
        serving: SqlxPostgresConnector::from_sqlx_postgres_pool(pool.clone()),
        system: system.map(SqlxPostgresConnector::from_sqlx_postgres_pool),
        pool: SqlxPool::Postgres(pool),
        is_citus,
        clock: options.clock.clone(),
        notices,
        jobs: Arc::new(Notify::new()),
    })
}

/// The pool for work across tenants, if a URL for it is given or the serving user may take its role.
async fn system_pool(options: &StoreOptions, first: &mut PgConnection) -> StoreResult<Option<PgPool>> {
    let (settings, login) = if let Some(url) = &options.system_url {
        let settings: PgConnectOptions = url.parse()?;
        let mut connection = PgConnection::connect_with(&settings).await?;
        let login = Login::of(&mut connection, SYSTEM_ROLE).await?;
        connection.close().await?;
        if login.user != SYSTEM_ROLE && !login.is_member {
            return Err(StoreError::Unfit(format!(
                "the user {} of the system URL may not take the role {SYSTEM_ROLE}: GRANT {SYSTEM_ROLE} TO {}",
                login.user, login.user
            )));
        }
        (settings, login)
    } else {
        let login = Login::of(first, SYSTEM_ROLE).await?;
        if login.user != SYSTEM_ROLE && !login.is_member {
            return Ok(None);
        }
        (options.url.parse()?, login)
    };
    let role = login.role_to_take(SYSTEM_ROLE);
    Ok(Some(pool(settings, SYSTEM_CONNECTIONS, role).await?))
}

/// Who logs in, and what that user may become.
struct Login {
    user: String,
    is_member: bool,
    /// Superuser, above row-level security, or owner of the tables.
    is_powerful: bool,
}

impl Login {
    async fn of(connection: &mut PgConnection, role: &str) -> StoreResult<Self> {
        let (user, is_member, is_powerful) = sqlx::query_as(
            "SELECT login.rolname::text,
                    COALESCE((SELECT pg_has_role(login.oid, wanted.oid, 'MEMBER') FROM pg_roles wanted WHERE wanted.rolname = $1), false),
                    login.rolsuper OR login.rolbypassrls
                        OR EXISTS (SELECT FROM pg_roles owner WHERE owner.rolname = 'landfall_owner'
                                   AND pg_has_role(login.oid, owner.oid, 'MEMBER'))
             FROM pg_roles login WHERE login.rolname = session_user",
        )
        .bind(role)
        .fetch_one(connection)
        .await?;
        Ok(Self {
            user,
            is_member,
            is_powerful,
        })
    }

    fn role_to_take(&self, role: &'static str) -> Option<&'static str> {
        (self.user != role).then_some(role)
    }
}

async fn pool(
    settings: PgConnectOptions,
    connections: u32,
    role: Option<&'static str>,
) -> StoreResult<PgPool> {
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                connection.execute(SEARCH_PATH).await?;
                if let Some(role) = role {
                    connection
                        .execute(AssertSqlSafe(format!("SET ROLE {role}")))
                        .await?;
                }
                Ok(())
            })
        })
        .connect_with(settings.application_name("landfall"))
        .await?;
    Ok(pool)
}
