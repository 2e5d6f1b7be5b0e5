//! `landfall restore`: brings back what a backup holds.

use super::backup::kind;
use crate::backup_file::{self, Description, UPLOADS};
use crate::config::Config;
use crate::failure::Failure;
use crate::output::{count, line};
use clap::Args;
use migration::run;
use std::path::{Path, PathBuf};

/// Flags of `restore`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The file that `landfall backup` has made
    input: PathBuf,
    /// Go on although the database holds rows, which will be lost
    #[arg(long)]
    yes: bool,
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    let description = backup_file::describe(&arguments.input)
        .map_err(|failure| failure.while_doing(arguments.input.display()))?;
    refuse_other_kind(config, &description)?;
    let target = config.owner_url().to_migrate();
    let filled = run::tables_with_rows(target.clone()).await? as u64;
    if filled > 0 && !arguments.yes {
        return Err(Failure::usage(format_args!(
            "{} is not empty: {} would lose their rows; nothing was changed; stop the server and add --yes if that is meant",
            config.database_url,
            count(filled, "table")
        )));
    }
    std::fs::create_dir_all(&config.data_dir)?;
    let folder = tempfile::tempdir_in(&config.data_dir)?;
    let (input, copy, uploads) = (
        arguments.input.clone(),
        folder.path().join("database"),
        config.data_dir.join(UPLOADS),
    );
    let database = copy.clone();
    let restored =
        tokio::task::spawn_blocking(move || backup_file::unpack(&input, &database, &uploads)).await??;
    if let Some(file) = config.database_url.file() {
        put_file(&copy, &file)?;
    } else {
        put_server(config, &copy).await?;
    }
    line(format_args!(
        "Restored {} and {} from the backup of {}.",
        config.database_url,
        count(restored.uploads, "upload"),
        restored.description.made_at
    ))
}

fn refuse_other_kind(config: &Config, description: &Description) -> Result<(), Failure> {
    let wanted = kind(&config.database_url);
    if description.database == wanted {
        return Ok(());
    }
    Err(Failure::usage(format_args!(
        "the backup is of a {} database, and {} is a {wanted} database: name one of the same kind with --database-url",
        description.database, config.database_url
    )))
}

/// Puts the copy in the place of the database, without the logs that belong to the one that was there.
fn put_file(copy: &Path, file: &Path) -> Result<(), Failure> {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    for log in ["-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(log);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    // A copy and not a move: the data directory may be on another disk.
    std::fs::copy(copy, file)?;
    Ok(())
}

/// Puts the dump in the place of the tables. Roles and the schema are not taken from it, since the owner may lack the right to
/// make a schema: migrating makes them where they are missing.
async fn put_server(config: &Config, copy: &Path) -> Result<(), Failure> {
    let owner = config.owner_url();
    run::up(owner.to_migrate()).await?;
    let entries = config.postgres_programs().entries(copy).await?;
    let wanted: Vec<&str> = entries.lines().filter(|entry| !is_of_schema(entry)).collect();
    let list = copy.with_extension("list");
    std::fs::write(&list, wanted.join("\n"))?;
    let (list, file) = (
        format!("--use-list={}", list.display()),
        copy.display().to_string(),
    );
    let arguments = [
        "--clean",
        "--if-exists",
        "--single-transaction",
        "--exit-on-error",
        &list,
        &file,
    ];
    Ok(config
        .postgres_programs()
        .run("pg_restore", owner.as_str(), &arguments)
        .await?)
}

/// Whether an entry of a dump is the schema itself or the rights on it: `6; 2615 16 SCHEMA - landfall owner`.
fn is_of_schema(entry: &str) -> bool {
    entry.contains(" SCHEMA - ") || entry.contains(" ACL - SCHEMA ") || entry.contains(" DEFAULT ACL ")
}

#[cfg(test)]
mod tests {
    use super::is_of_schema;

    #[test]
    fn the_schema_and_its_rights_are_told_from_its_tables() {
        assert!(is_of_schema("6; 2615 16386 SCHEMA - landfall landfall_owner"));
        assert!(is_of_schema("4210; 0 0 ACL - SCHEMA landfall landfall_owner"));
        assert!(!is_of_schema(
            "215; 1259 16400 TABLE landfall assets landfall_owner"
        ));
        assert!(!is_of_schema(
            "4300; 0 0 ACL landfall TABLE assets landfall_owner"
        ));
    }
}
