//! Dumps of legacy tables, made before anything is changed or dropped, and proved: a dump is restored into a scratch database
//! and compared with what it is of, value by value.

mod manifest;
mod restore;

use crate::database::{catalog, connect, execute, scalar};
use crate::outcome::Backup;
use crate::postgres_programs::PostgresPrograms;
use crate::progress::Progress;
use crate::statement::name;
use crate::{Error, Options, sums};
use landfall_domain::{Clock, SystemClock};
use manifest::{DumpedTable, Manifest};
use sqlx::Connection;
use std::path::Path;

/// What is dumped.
pub(crate) struct Dump<'a> {
    /// Address of the database.
    pub(crate) url: &'a str,
    /// Schema of the tables.
    pub(crate) schema: &'a str,
    /// Schema of which types and functions are needed as well, without its tables and views.
    pub(crate) types_of: Option<&'a str>,
    /// Name of the file, without its ending.
    pub(crate) file_name: &'a str,
}

impl Dump<'_> {
    /// Writes the dump into the options' directory with its manifest beside it, and proves it.
    ///
    /// Counts and checksums are of the very snapshot that is dumped, so old clients may go on writing.
    pub(crate) async fn make(
        &self,
        options: &Options,
        directory: &Path,
        progress: &dyn Progress,
    ) -> Result<Backup, Error> {
        if !options.skip_test_restore {
            restore::check_rights(&options.target).await?;
        }
        let directory = std::fs::create_dir_all(directory)
            .and_then(|()| std::path::absolute(directory))
            .map_err(|error| Error::Failed(format!("{} cannot be made: {error}", directory.display())))?;
        let file = directory.join(format!("{}.dump", self.file_name));
        let mut source = connect(self.url).await?;
        let mut snapshot = source.begin().await?;
        execute(
            &mut snapshot,
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
        )
        .await?;
        let named: String = scalar(&mut snapshot, "SELECT pg_export_snapshot()").await?;
        progress.at("pg_dump");
        self.write(options, &file, &named).await?;
        let found = catalog(&mut snapshot, self.schema).await?;
        self.check_entries(options, &file, found.keys().map(String::as_str))
            .await?;
        let mut tables = Vec::with_capacity(found.len());
        for (table, columns) in &found {
            progress.at(table);
            let columns: Vec<_> = columns.iter().map(|column| column.name.as_str()).collect();
            tables.push(DumpedTable {
                table: table.clone(),
                sums: sums::of_table(&mut snapshot, self.schema, table, &columns).await?,
            });
        }
        let structure = restore::structure(&mut snapshot, self.schema).await?;
        snapshot.rollback().await?;
        let refused = |error: &Error| {
            Error::Failed(format!(
                "the dump {} is no backup, so nothing was changed: {error}",
                file.display()
            ))
        };
        if options.skip_test_restore {
            // The list of entries is at the beginning of the file, and is there if all the rest is not.
            progress.at("pg_restore");
            programs(options)
                .read_back(&file)
                .await
                .map_err(|error| refused(&error))?;
        } else {
            progress.at("test restore");
            restore::prove(options, self, &file, &tables, &structure, progress)
                .await
                .map_err(|error| refused(&error))?;
        }
        progress.at("sha256");
        let manifest = Manifest {
            made_at: SystemClock.now(),
            source: crate::database::shown(self.url),
            schema: self.schema.to_owned(),
            restored: !options.skip_test_restore,
            tables,
        };
        manifest.write(&file)
    }

    async fn write(&self, options: &Options, file: &Path, snapshot: &str) -> Result<(), Error> {
        let mut arguments = vec![
            "--format=custom".to_owned(),
            "--compress=1".to_owned(),
            // Defaults and indexes of the tables use them.
            "--extension=*".to_owned(),
            format!("--snapshot={snapshot}"),
            format!("--schema={}", name(self.schema)),
            format!("--file={}", file.display()),
        ];
        if let Some(types_of) = self.types_of {
            arguments.push(format!("--schema={}", name(types_of)));
            arguments.push(format!("--exclude-table={}.*", name(types_of)));
        }
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        programs(options).run("pg_dump", self.url, &arguments).await
    }

    async fn check_entries(
        &self,
        options: &Options,
        file: &Path,
        tables: impl Iterator<Item = &str>,
    ) -> Result<(), Error> {
        let entries = programs(options).entries(file).await.map_err(|error| {
            Error::Failed(format!(
                "the dump {} cannot be read, so nothing was changed: {error}",
                file.display()
            ))
        })?;
        let missing: Vec<_> = tables
            .filter(|table| !entries.contains(&format!(" TABLE DATA {} {table} ", self.schema)))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(Error::Failed(format!(
            "the dump {} has no data of {}; nothing was changed",
            file.display(),
            missing.join(", ")
        )))
    }
}

/// Refuses to go on with a run whose backup is not what was proved when it was made.
pub(crate) fn check(backup: &Backup) -> Result<(), Error> {
    manifest::check(backup).map_err(|reason| {
        Error::Refused(format!(
            "{reason}: bring the backup back to where it was, or say --skip-backup to go on without it"
        ))
    })
}

fn programs(options: &Options) -> PostgresPrograms {
    PostgresPrograms {
        directory: options.pg_bin_dir.clone(),
    }
}
