//! A prepared database that copies are made from: migrating takes a second, copying some milliseconds.

use crate::cluster::{Cluster, Home};
use crate::database::{Role, admin, blocking, connect, failure};
use crate::legacy::LegacyDatabase;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How databases are prepared. The first test that needs one prepares it, and every process of this checkout copies it.
#[derive(Clone, Debug)]
pub struct Template<F> {
    name: String,
    prepare: F,
}

impl Template<()> {
    /// Nothing in it: for tests of what makes the schema.
    pub fn empty() -> Template<impl AsyncFn(&str) -> io::Result<()>> {
        Template::new("empty", async |_: &str| Ok(()))
    }

    /// Every migration applied; on PostgreSQL the three roles may log in.
    pub fn migrated() -> Template<impl AsyncFn(&str) -> io::Result<()>> {
        let name = concat!("migrated_", env!("MIGRATION_FINGERPRINT"));
        Template::new(name, async |url: &str| {
            migration::run::up(url).await.map_err(io::Error::other)?;
            if url.starts_with("postgres") {
                let_roles_log_in(url).await
            } else {
                Ok(())
            }
        })
    }
}

impl Template<()> {
    /// A database of the predecessor's, on PostgreSQL, without anything of Landfall's.
    pub fn legacy(legacy: LegacyDatabase) -> Template<impl AsyncFn(&str) -> io::Result<()>> {
        let name = format!("legacy_{}", legacy.fingerprint());
        Template::new(name, async move |url: &str| {
            let database = connect(url).await?;
            database
                .execute_unprepared(&legacy.script())
                .await
                .map_err(failure("cannot make the predecessor's database"))?;
            database
                .close()
                .await
                .map_err(failure("cannot make the predecessor's database"))
        })
    }
}

impl<F, E> Template<F>
where
    F: AsyncFn(&str) -> Result<(), E>,
    E: Display,
{
    /// A template that `prepare` fills, given the URL of an empty database (as superuser on PostgreSQL).
    ///
    /// `name` consists of lowercase letters, digits and underscores, at most 40, and must change when what is prepared
    /// changes: a template of this name that exists is taken as it is.
    pub fn new(name: impl Into<String>, prepare: F) -> Self {
        Self {
            name: name.into(),
            prepare,
        }
    }

    /// Copies the SQLite template to `target`.
    pub(crate) async fn copy_file(&self, home: &Home, target: &Path) -> io::Result<()> {
        let template = home.directory().join(format!("{}.db", self.name));
        if !template.exists() {
            let _alone = alone(home).await?;
            if !template.exists() {
                remove_old_files(home)?;
                self.prepare_file(&template).await?;
            }
        }
        std::fs::copy(&template, target).map(drop)
    }

    async fn prepare_file(&self, template: &Path) -> io::Result<()> {
        let unfinished = template.with_extension("unfinished");
        for left in ["", "-wal", "-shm", "-journal"] {
            let mut path = unfinished.clone().into_os_string();
            path.push(left);
            let path = PathBuf::from(path);
            if path.exists() {
                std::fs::remove_file(path)?;
            }
        }
        // An empty file is an empty database.
        std::fs::File::create(&unfinished)?;
        self.prepare(&format!("sqlite://{}", unfinished.display()))
            .await?;
        std::fs::rename(unfinished, template)
    }

    async fn prepare(&self, url: &str) -> io::Result<()> {
        let prepared = (self.prepare)(url).await;
        prepared
            .map_err(|error| io::Error::other(format!("cannot prepare the template {}: {error}", self.name)))
    }

    /// Makes the database `name` on the server as a copy.
    pub(crate) async fn copy_database(&self, home: &Home, cluster: &Cluster, name: &str) -> io::Result<()> {
        let server = admin(cluster, "postgres").await?;
        let copy = format!("CREATE DATABASE {name} TEMPLATE {}", self.database());
        if server.execute_unprepared(&copy).await.is_ok() {
            return Ok(());
        }
        let _alone = alone(home).await?;
        if !exists(&server, &self.database()).await? {
            self.prepare_database(cluster, &server).await?;
        }
        server
            .execute_unprepared(&copy)
            .await
            .map_err(failure("cannot copy the template database"))?;
        Ok(())
    }

    fn database(&self) -> String {
        format!("template_{}", self.name)
    }

    async fn prepare_database(&self, cluster: &Cluster, server: &DatabaseConnection) -> io::Result<()> {
        let unfinished = format!("unfinished_{}", self.name);
        let run = async |sql: String| {
            server
                .execute_unprepared(&sql)
                .await
                .map_err(failure("cannot prepare the template database"))
        };
        run(format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")).await?;
        run(format!("CREATE DATABASE {unfinished}")).await?;
        self.prepare(&cluster.url(Role::Superuser.as_str(), &unfinished))
            .await?;
        run(format!(
            "ALTER DATABASE {unfinished} RENAME TO {}",
            self.database()
        ))
        .await?;
        // A connection to it would stand in the way of copying it.
        run(format!(
            "ALTER DATABASE {} ALLOW_CONNECTIONS false",
            self.database()
        ))
        .await?;
        Ok(())
    }
}

/// Templates of former migrations. The server's end removes them on PostgreSQL; a file has no such end.
fn remove_old_files(home: &Home) -> io::Result<()> {
    const A_DAY: Duration = Duration::from_hours(24);
    for entry in std::fs::read_dir(home.directory())? {
        let path = entry?.path();
        let is_template = path.extension().is_some_and(|extension| extension == "db");
        if is_template
            && path
                .metadata()?
                .modified()?
                .elapsed()
                .is_ok_and(|age| age > A_DAY)
        {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Operators give passwords; the tests' server trusts everyone who reaches its socket.
async fn let_roles_log_in(url: &str) -> io::Result<()> {
    let database = connect(url).await?;
    for role in [Role::Owner, Role::App, Role::System] {
        let statement = format!("ALTER ROLE {} LOGIN", role.as_str());
        database
            .execute_unprepared(&statement)
            .await
            .map_err(failure("cannot let the roles log in"))?;
    }
    database
        .close()
        .await
        .map_err(failure("cannot let the roles log in"))
}

async fn alone(home: &Home) -> io::Result<std::fs::File> {
    let home = home.clone();
    blocking(move || home.lock("templates")).await
}

async fn exists(server: &DatabaseConnection, name: &str) -> io::Result<bool> {
    let question = format!("SELECT 1 FROM pg_database WHERE datname = '{name}'");
    let found = server
        .query_one_raw(Statement::from_string(DbBackend::Postgres, question))
        .await
        .map_err(failure("cannot look for the template database"))?;
    Ok(found.is_some())
}
