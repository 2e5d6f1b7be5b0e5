//! Opening the database and the folder of uploads that the settings name.

use crate::config::Config;
use crate::database::DatabaseUrl;
use crate::failure::Failure;
use crate::output::{count, say};
use landfall_domain::SystemClock;
use landfall_repositories::{Store, StoreOptions};
use landfall_services::{FileStore, Services};
use migration::run;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

/// What to do where an embedded database does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IfMissing {
    /// Make it.
    Create,
    /// Say that there is none.
    Refuse,
}

/// The use cases over the database of the settings. The schema is brought up to date where that is allowed, and a database
/// in which tenants could see each other is refused.
pub(crate) async fn open(config: &Config, if_missing: IfMissing) -> Result<Services, Failure> {
    if config.database_url.is_embedded() {
        prepare_file(config, if_missing).await?;
    } else {
        prepare_server(config).await?;
    }
    let store = connect(config, &config.database_url).await?;
    store.check_security().await?;
    for notice in store.notices() {
        say(format_args!("note: {notice}"));
    }
    let files = FileStore::local(&config.data_dir).map_err(|error| {
        Failure::from(error).while_doing(format_args!("in {}", config.data_dir.display()))
    })?;
    Ok(Services::new(store, files, config.service_settings()))
}

/// An empty installation that is gone when the second value is dropped.
pub(crate) async fn throwaway(config: &Config) -> Result<(Services, TempDir), Failure> {
    let folder = tempfile::tempdir()?;
    let url = DatabaseUrl::from(format!(
        "sqlite://{}",
        folder.path().join("landfall.db").display()
    ));
    run::up(url.to_migrate()).await?;
    let store = connect(config, &url).await?;
    let files = FileStore::local(folder.path())?;
    Ok((Services::new(store, files, config.service_settings()), folder))
}

async fn connect(config: &Config, url: &DatabaseUrl) -> Result<Store, Failure> {
    let options = StoreOptions {
        url: url.as_str().to_owned(),
        system_url: config
            .system_database_url
            .as_ref()
            .map(|url| url.as_str().to_owned()),
        max_connections: config.max_connections,
        clock: Arc::new(SystemClock),
    };
    Store::connect(&options)
        .await
        .map_err(|error| Failure::from(error).while_doing(format_args!("opening {url}")))
}

async fn prepare_file(config: &Config, if_missing: IfMissing) -> Result<(), Failure> {
    let url = &config.database_url;
    let Some(file) = url.file() else {
        return Err(Failure::usage(
            "an embedded database needs a file: give --database-url sqlite://FILE",
        ));
    };
    let is_new = !file.exists();
    if is_new && if_missing == IfMissing::Refuse {
        return Err(Failure::new(format_args!(
            "there is no database {} yet: `landfall import FILE` makes it, or name another one with --database-url",
            file.display()
        )));
    }
    if config.auto_migrate == Some(false) {
        return refuse_pending(config).await;
    }
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let changes = run::up(url.to_migrate()).await?;
    if is_new {
        say(format_args!("Made the database {}.", shown(&file)));
    } else if !changes.applied.is_empty() {
        say(format_args!("Brought the database {} up to date.", shown(&file)));
    }
    Ok(())
}

async fn prepare_server(config: &Config) -> Result<(), Failure> {
    if config.auto_migrate != Some(true) {
        return refuse_pending(config).await;
    }
    if config.migration_database_url.is_none() {
        say(
            "note: the database is migrated as the user who serves. That is for development: in production, give the \
             owner's address with --migration-database-url.",
        );
    }
    let changes = run::up(config.owner_url().to_migrate()).await?;
    for name in &changes.applied {
        say(format_args!("Applied the migration {name}."));
    }
    Ok(())
}

/// Serving a schema of another version would fail later and worse.
async fn refuse_pending(config: &Config) -> Result<(), Failure> {
    let states = run::status(config.database_url.to_migrate()).await?;
    let pending = states.iter().filter(|state| !state.applied).count() as u64;
    if pending == 0 {
        return Ok(());
    }
    Err(Failure::new(format_args!(
        "the database {} lacks {}: run `landfall migrate up` with the owner's address as --migration-database-url, or \
         start with --auto-migrate",
        config.database_url,
        count(pending, "migration")
    )))
}

/// The file with its whole path, if that can be told.
fn shown(file: &Path) -> String {
    file.canonicalize()
        .unwrap_or_else(|_| file.to_owned())
        .display()
        .to_string()
}
