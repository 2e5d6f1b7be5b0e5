//! A database of its own for one test.

use crate::cluster::{Cluster, Home};
use crate::legacy::{LEGACY_SCHEMA, LegacyDatabase};
use crate::template::Template;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr};
use std::fmt::Display;
use std::io;
use std::time::Duration;
use tempfile::TempDir;

/// The databases that Landfall runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// The embedded one.
    Sqlite,
    /// The server.
    Postgres,
}

/// Whom a connection to PostgreSQL speaks as. SQLite knows no roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Serves requests, under row-level security.
    App,
    /// Owns the schema and migrates.
    Owner,
    /// Works across tenants.
    System,
    /// The test itself, to look behind the curtain: nothing is hidden from it.
    Superuser,
}

impl Role {
    /// Its name on the server.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::App => "landfall_app",
            Self::Owner => "landfall_owner",
            Self::System => "landfall_system",
            Self::Superuser => "postgres",
        }
    }
}

/// A database that belongs to one test and is removed with it.
#[derive(Debug)]
pub struct TestDatabase {
    place: Place,
}

#[derive(Debug)]
enum Place {
    Sqlite(TempDir),
    Postgres { cluster: Cluster, name: String },
}

impl TestDatabase {
    /// A migrated database.
    ///
    /// # Panics
    /// If it cannot be made, with a sentence that says why and what to do. A test without its database has failed; it is
    /// never skipped.
    pub async fn new(backend: Backend) -> Self {
        Self::from_template(backend, &Template::migrated()).await
    }

    /// A migrated database on SQLite. Panics as [`TestDatabase::new`].
    pub async fn sqlite() -> Self {
        Self::new(Backend::Sqlite).await
    }

    /// A migrated database on PostgreSQL. Panics as [`TestDatabase::new`].
    pub async fn postgres() -> Self {
        Self::new(Backend::Postgres).await
    }

    /// A database without any table. Panics as [`TestDatabase::new`].
    pub async fn empty(backend: Backend) -> Self {
        Self::from_template(backend, &Template::empty()).await
    }

    /// A database of the predecessor's on PostgreSQL, in whose schema unqualified names are looked for, as it was.
    ///
    /// # Panics
    /// As [`TestDatabase::new`].
    pub async fn legacy(legacy: LegacyDatabase) -> Self {
        let database = Self::from_template(Backend::Postgres, &Template::legacy(legacy)).await;
        let connection = database.connect_as(Role::Superuser).await;
        // The only part that is not copied with a template.
        let set = format!(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path TO {LEGACY_SCHEMA}, public', current_database()); \
             END $$"
        );
        if let Err(error) = connection.execute_unprepared(&set).await {
            #[expect(clippy::panic, reason = "a test cannot go on without its database")]
            {
                panic!("the legacy schema is not the database's own: {error}")
            }
        }
        // An open connection would be seen as somebody else at work.
        drop(connection.close().await);
        database
    }

    /// A copy of a template of the test's own.
    ///
    /// # Panics
    /// As [`TestDatabase::new`].
    pub async fn from_template<F, E>(backend: Backend, template: &Template<F>) -> Self
    where
        F: AsyncFn(&str) -> Result<(), E>,
        E: Display,
    {
        match Self::copy(backend, template).await {
            Ok(database) => database,
            #[expect(clippy::panic, reason = "a test cannot go on without its database")]
            Err(error) => panic!("no test database on {backend:?}: {error}"),
        }
    }

    async fn copy<F, E>(backend: Backend, template: &Template<F>) -> io::Result<Self>
    where
        F: AsyncFn(&str) -> Result<(), E>,
        E: Display,
    {
        let home = blocking(Home::of_checkout).await?;
        if backend == Backend::Sqlite {
            let directory = tempfile::Builder::new().prefix("landfall-test-").tempdir()?;
            template.copy_file(&home, &directory.path().join(FILE)).await?;
            return Ok(Self {
                place: Place::Sqlite(directory),
            });
        }
        // The server may end between two tests of which neither used it; the next attempt starts another.
        let mut last = None;
        for _ in 0..3 {
            let cluster = blocking({
                let home = home.clone();
                move || home.cluster()
            })
            .await?;
            let name = format!("test_{}", landfall_domain::ids::new_uuid().simple());
            match template.copy_database(&home, &cluster, &name).await {
                Ok(()) => {
                    return Ok(Self {
                        place: Place::Postgres { cluster, name },
                    });
                }
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| io::Error::other("no attempt was made")))
    }

    /// Which backend it is on.
    pub fn backend(&self) -> Backend {
        match self.place {
            Place::Sqlite(_) => Backend::Sqlite,
            Place::Postgres { .. } => Backend::Postgres,
        }
    }

    /// The URL that serves requests (`--database-url`).
    pub fn url(&self) -> String {
        self.url_as(Role::App)
    }

    /// The URL for one role; the same for each on SQLite.
    pub fn url_as(&self, role: Role) -> String {
        match &self.place {
            Place::Sqlite(directory) => {
                format!("sqlite://{}?mode=rwc", directory.path().join(FILE).display())
            }
            Place::Postgres { cluster, name } => cluster.url(role.as_str(), name),
        }
    }

    /// A pool of connections as one role, in Landfall's schema.
    ///
    /// # Panics
    /// As [`TestDatabase::new`].
    pub async fn connect_as(&self, role: Role) -> DatabaseConnection {
        match connect(&self.url_as(role)).await {
            Ok(connection) => connection,
            #[expect(clippy::panic, reason = "a test cannot go on without its database")]
            Err(error) => panic!("no connection as {role:?}: {error}"),
        }
    }
}

const FILE: &str = "landfall.db";

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Place::Postgres { cluster, name } = &self.place else {
            return;
        };
        let (cluster, statement) = (
            cluster.clone(),
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        );
        // The test's runtime cannot wait for a future here, so another does. If it fails, the server's end removes the
        // database: a test that passed must not fail for that.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let server = admin(&cluster, "postgres").await?;
                server
                    .execute_unprepared(&statement)
                    .await
                    .map_err(failure("cannot drop the database"))
            })
        });
        drop(dropping.join());
    }
}

/// A connection as superuser.
pub(crate) async fn admin(cluster: &Cluster, database: &str) -> io::Result<DatabaseConnection> {
    connect(&cluster.url(Role::Superuser.as_str(), database)).await
}

/// A small pool on the URL, in Landfall's schema, without statement logging.
pub(crate) async fn connect(url: &str) -> io::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(4)
        .acquire_timeout(Duration::from_secs(10))
        .set_schema_search_path(migration::POSTGRES_SCHEMA)
        .sqlx_logging(false);
    Database::connect(options)
        .await
        .map_err(failure("cannot connect"))
}

/// Runs what waits on files and processes where it holds nobody up.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
}

/// Says what was attempted when the database refused.
pub(crate) fn failure(what: &'static str) -> impl Fn(DbErr) -> io::Error {
    move |error| io::Error::other(format!("{what}: {error}"))
}
