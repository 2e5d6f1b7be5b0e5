//! Dumps of legacy tables, made before anything is changed or dropped, and read back to their end.

use crate::postgres_programs::PostgresPrograms;
use crate::{Error, Options};
use std::path::{Path, PathBuf};

/// Dumps a schema, and makes sure that the data of each of the tables is in the dump and can be read again. Answers the file.
pub(crate) async fn dump(
    options: &Options,
    url: &str,
    schema: &str,
    tables: &[String],
    directory: &Path,
    file_name: &str,
) -> Result<PathBuf, Error> {
    std::fs::create_dir_all(directory)
        .map_err(|error| Error::Failed(format!("{} cannot be made: {error}", directory.display())))?;
    let file = directory.join(format!("{file_name}.dump"));
    let programs = PostgresPrograms {
        directory: options.pg_bin_dir.clone(),
    };
    let (only, to) = (format!("--schema={schema}"), format!("--file={}", file.display()));
    programs
        .run("pg_dump", url, &["--format=custom", "--compress=1", &only, &to])
        .await?;
    let entries = programs.entries(&file).await?;
    let missing: Vec<_> = tables
        .iter()
        .filter(|table| !entries.contains(&format!(" TABLE DATA {schema} {table} ")))
        .map(String::as_str)
        .collect();
    if !missing.is_empty() {
        return Err(Error::Failed(format!(
            "the dump {} has no data of {}; nothing was changed",
            file.display(),
            missing.join(", ")
        )));
    }
    // The list of entries is at the beginning of the file, and is there if all the rest is not.
    match programs.read_back(&file).await {
        Ok(()) => Ok(file),
        Err(error) => Err(Error::Failed(format!(
            "the dump {} cannot be read back, so nothing was changed: {error}",
            file.display()
        ))),
    }
}
