//! SQLite: a file, and `.import` of the program `sqlite3`.
//!
//! `.import` knows texts only: it can write neither NULL nor a BLOB. So it loads into tables with the same columns, keys and
//! indexes that are not STRICT, with checks and foreign keys off. Ids are texts of 16 characters there, as long as the BLOBs
//! that they stand for, and where a partial index holds no row of the import it is left out, since it would hold all of the
//! empty texts. All this makes `.import` faster than it would be on the tables themselves, so the comparison is the stricter.

use super::Work;
use super::baseline::{Baseline, TABLES};
use super::report::BackendReport;
use crate::Result;
use crate::workspace::output;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// The settings of Landfall's own connections, but for what `.import` cannot do.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384; \
                       PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;";

pub(super) fn bench(work: &Work<'_>) -> Result<BackendReport> {
    let imported = Shell {
        file: work.folder.join("imported.db"),
    };
    let url = format!("sqlite://{}", imported.file.display());
    let mut report = work.served("sqlite", &url, || Ok(()))?;
    eprintln!("sqlite: loads the same rows with .import");
    report.baseline = load(work.folder, &imported)?;
    Ok(report)
}

fn load(folder: &Path, imported: &Shell) -> Result<Baseline> {
    let loaded = Shell {
        file: folder.join("loaded.db"),
    };
    let file = folder.join("rows.csv");
    let tool = "sqlite3 .import (tables of the same columns, keys and indexes; checks and foreign keys off)";
    let mut baseline = Baseline {
        tool: tool.to_owned(),
        ..Baseline::default()
    };
    for table in TABLES {
        let rows: u64 = imported
            .ask(&[&format!("SELECT count(*) FROM {table}")])?
            .trim()
            .parse()?;
        if rows == 0 {
            continue;
        }
        loaded.ask(&[
            "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL",
            &imported.schema_of(table)?,
        ])?;
        let columns = imported.columns_of(table)?;
        let select = format!("SELECT {columns} FROM {table} ORDER BY rowid");
        imported.ask(&[".mode csv", &format!(".output '{}'", file.display()), &select])?;
        let start = Instant::now();
        loaded.ask(&[PRAGMAS, &format!(".import --csv '{}' {table}", file.display())])?;
        let took = start.elapsed();
        let kept: u64 = loaded
            .ask(&[&format!("SELECT count(*) FROM {table}")])?
            .trim()
            .parse()?;
        if kept != rows {
            return Err(format!(".import kept {kept} of {rows} rows of {table}").into());
        }
        baseline.add(table, rows, took, &file)?;
    }
    Ok(baseline)
}

/// The program sqlite3 on a file.
struct Shell {
    file: PathBuf,
}

impl Shell {
    /// Runs statements and dot commands one after another.
    fn ask(&self, lines: &[&str]) -> Result<String> {
        let mut command = Command::new("sqlite3");
        command.args(["-batch", "-bail"]).arg(&self.file);
        for line in lines {
            command.args(["-cmd", line]);
        }
        // Without a statement of its own the program would read its standard input.
        command.arg("");
        output(&mut command)
            .map_err(|error| format!("{error} (apt-get install sqlite3, if it is not there)").into())
    }

    /// The statements that make the table and its indexes in the form that `.import` can fill.
    fn schema_of(&self, table: &str) -> Result<String> {
        let of_table = format!("FROM sqlite_master WHERE tbl_name = '{table}' AND sql IS NOT NULL");
        let listed = self.ask(&[&format!(
            "SELECT json_group_array(json_array(type, sql)) {of_table} ORDER BY type DESC"
        )])?;
        let statements: Vec<(String, String)> = serde_json::from_str(listed.trim())?;
        let mut schema = String::new();
        for (kind, sql) in statements {
            let sql = sql.trim();
            if kind == "index" && !self.has_rows_for(table, sql)? {
                continue;
            }
            schema.push_str(sql.strip_suffix("STRICT").unwrap_or(sql));
            schema.push_str(";\n");
        }
        Ok(schema)
    }

    fn has_rows_for(&self, table: &str, index: &str) -> Result<bool> {
        let Some((_, condition)) = index.split_once(" WHERE ") else {
            return Ok(true);
        };
        let found = self.ask(&[&format!(
            "SELECT EXISTS (SELECT 1 FROM {table} WHERE {condition})"
        )])?;
        Ok(found.trim() == "1")
    }

    /// The columns as expressions of text. Of an id there remain the part of the time that changes and the end, which chance
    /// made: 16 hexadecimal digits that are as good as unique, and sort as the ids do.
    fn columns_of(&self, table: &str) -> Result<String> {
        let question =
            format!("SELECT json_group_array(json_array(name, type)) FROM pragma_table_info('{table}')");
        let columns: Vec<(String, String)> = serde_json::from_str(self.ask(&[&question])?.trim())?;
        let expressions = columns.iter().map(|(name, kind)| match kind.as_str() {
            "BLOB" => format!("substr(hex(\"{name}\"), 6, 7) || substr(hex(\"{name}\"), 24, 9)"),
            _ => format!("\"{name}\""),
        });
        Ok(expressions.collect::<Vec<_>>().join(", "))
    }
}
