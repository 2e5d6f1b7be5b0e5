//! `cargo xtask bench consolidate`: speed and memory of taking a legacy database over, at three sizes.
//!
//! Each size: a generated legacy database, `landfall consolidate run` and `verify` as operators run them, watched from
//! outside. Then what any loader would have to do at least: the rows that ended up in the tables of the schema, without
//! archive and bookkeeping, by one bare `INSERT … SELECT` per table into an empty copy of the schema with the same keys and
//! indexes, in the same database. Speeds are legacy rows per second for all of these.

mod report;
mod watched;

use super::postgres::{Psql, SETTINGS};
use crate::Result;
use crate::workspace::succeed;
use clap::Args;
use landfall_testkit::{Home, LegacyDatabase, legacy_tables};
use report::{Report, SizeReport};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use watched::Watched;

/// Steps of a run that are not its work: the backup is not asked for, and the proof is measured as a command of its own.
const NOT_THE_LOAD: [&str; 2] = ["backup", "verify"];
/// The smaller sizes, as shares of the largest.
const SHARES: [u64; 3] = [100, 10, 1];
/// Sizes below this tell of starting, not of moving rows.
const LEAST_ASSETS: u64 = 1_000;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Assets of the largest database
    #[arg(long, default_value_t = 1_000_000)]
    assets: u64,
    /// Its raw records
    #[arg(long, default_value_t = 5_000_000)]
    records: u64,
    /// Measure this program instead of a release build of the checkout
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// Write the figures to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result {
    let program = match &arguments.program {
        Some(program) => std::path::absolute(program)?,
        None => super::release_build()?,
    };
    let folder = super::folder()?;
    let home = Home::at(&folder.path().join("postgres"), Duration::from_secs(5))?.with_settings(SETTINGS);
    let work = Work {
        program: &program,
        folder: folder.path(),
        server: Psql::on(home.cluster()?)?,
    };
    let mut report = Report::new();
    for share in SHARES {
        let (assets, records) = (arguments.assets / share, arguments.records / share);
        if assets >= LEAST_ASSETS || share == 1 {
            report.add(work.measure(assets, records)?);
        }
    }
    home.release()?;
    report.print();
    if let Some(file) = &arguments.json {
        std::fs::write(file, serde_json::to_string_pretty(&report)?)?;
    }
    report.verdict()
}

struct Work<'a> {
    program: &'a Path,
    folder: &'a Path,
    server: Psql,
}

impl Work<'_> {
    fn measure(&self, assets: u64, records: u64) -> Result<SizeReport> {
        let database = format!("legacy_{assets}");
        eprintln!("{assets} assets, {records} records: makes the legacy database");
        self.make(&database, assets, records)?;
        let rows = self.legacy_rows(&database)?;
        self.server.run(&database, "CHECKPOINT")?;
        eprintln!("  takes {rows} rows over");
        let run = self.consolidate(&database, &["run"])?;
        let steps = self.steps(&database)?;
        self.server.run(&database, "VACUUM (ANALYZE)")?;
        eprintln!("  verifies, after {:.1} s", run.seconds);
        let verify = self.consolidate(&database, &["verify"])?;
        eprintln!("  loads the same tables bare, after {:.1} s", verify.seconds);
        let baseline = self.baseline(&database)?;
        self.server
            .run("postgres", &format!("DROP DATABASE {database} WITH (FORCE)"))?;
        Ok(SizeReport {
            assets,
            records,
            rows,
            run_seconds: steps
                .iter()
                .filter(|(step, _)| !NOT_THE_LOAD.contains(&step.as_str()))
                .map(|(_, seconds)| seconds)
                .sum(),
            whole_seconds: run.seconds,
            steps,
            verify_seconds: verify.seconds,
            baseline,
            peak_memory_bytes: run.peak_memory.max(verify.peak_memory),
        })
    }

    fn make(&self, database: &str, assets: u64, records: u64) -> Result {
        self.server
            .run("postgres", &format!("CREATE DATABASE {database}"))?;
        let file = self.folder.join("legacy.sql");
        std::fs::write(&file, LegacyDatabase::sized(assets, records).script())?;
        self.server.run_file(database, &file)?;
        // What autovacuum has done long ago in a database that has grown.
        self.server.run(database, "VACUUM (ANALYZE)")
    }

    fn legacy_rows(&self, database: &str) -> Result<u64> {
        let counts: Vec<String> = legacy_tables()
            .iter()
            .map(|table| format!("(SELECT count(*) FROM migration.{})", table.name))
            .collect();
        let answer = self
            .server
            .ask(database, &format!("SELECT {}", counts.join(" + ")))?;
        Ok(answer.trim().parse()?)
    }

    fn consolidate(&self, database: &str, arguments: &[&str]) -> Result<Watched> {
        let mut command = self.landfall(database);
        watched::run(command.arg("consolidate").args(arguments))
    }

    fn landfall(&self, database: &str) -> Command {
        let mut command = Command::new(self.program);
        command
            .current_dir(self.folder)
            .env("LANDFALL_DATABASE_URL", self.server.url(database))
            .env("LANDFALL_LOG", "warn");
        command
    }

    /// The steps of the run and what each took.
    fn steps(&self, database: &str) -> Result<Vec<(String, f64)>> {
        let mut command = self.landfall(database);
        let answer = crate::workspace::output(command.args(["consolidate", "status", "--json"]))?;
        let status: Value = serde_json::from_str(&answer)?;
        let steps = status["run"]["steps"]
            .as_array()
            .ok_or("the status names no steps")?;
        let question = |step: &Value| -> Option<String> {
            let (begun, done) = (step["started_at"].as_str()?, step["completed_at"].as_str()?);
            Some(format!(
                "SELECT extract(epoch FROM timestamptz '{done}' - timestamptz '{begun}')"
            ))
        };
        let mut seconds = Vec::new();
        for step in steps {
            // A step that was not needed has no times.
            let (Some(name), Some(question)) = (step["step"].as_str(), question(step)) else {
                continue;
            };
            seconds.push((
                name.to_owned(),
                self.server.ask(database, &question)?.trim().parse()?,
            ));
        }
        Ok(seconds)
    }

    /// One bare `INSERT … SELECT` per table that holds rows, referred tables first, into an empty copy of the schema.
    fn baseline(&self, database: &str) -> Result<f64> {
        self.server
            .run(database, "ALTER SCHEMA landfall RENAME TO consolidated")?;
        // The types stay where the tables are that use them, and the new schema makes its own.
        succeed(self.landfall(database).args(["migrate", "up"]))?;
        let tables = self.server.ask(
            database,
            "SELECT string_agg(relname::text, ' ') FROM pg_class WHERE relnamespace = 'consolidated'::regnamespace \
             AND relkind = 'r' AND relname NOT LIKE 'consolidation%' AND relname NOT IN ('legacy_archive', 'seaql_migrations')",
        )?;
        let references = self.server.ask(
            database,
            "SELECT DISTINCT c.relname || ' ' || r.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid \
             JOIN pg_class r ON r.oid = k.confrelid WHERE k.contype = 'f' AND c.relnamespace = 'landfall'::regnamespace \
             AND c.oid <> r.oid",
        )?;
        let references: Vec<(&str, &str)> = references
            .lines()
            .filter_map(|line| line.split_once(' '))
            .collect();
        self.server.run(database, "CHECKPOINT")?;
        let mut seconds = 0.0;
        for table in in_order(tables.split_whitespace().collect(), &references) {
            let begin = Instant::now();
            self.server.run(database, &self.bare_insert(database, table)?)?;
            seconds += begin.elapsed().as_secs_f64();
        }
        Ok(seconds)
    }

    /// By name, since columns may have been added in another order; labels are of another schema's types.
    fn bare_insert(&self, database: &str, table: &str) -> Result<String> {
        let columns = self.server.ask(
            database,
            &format!(
                "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute \
                 WHERE attrelid = 'landfall.{table}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
            ),
        )?;
        let columns = columns.trim();
        Ok(format!(
            "INSERT INTO landfall.{table} ({columns}) SELECT {columns} FROM consolidated.{table}"
        ))
    }
}

/// Tables, each after those that it refers to.
fn in_order<'a>(mut tables: Vec<&'a str>, references: &[(&str, &str)]) -> Vec<&'a str> {
    let mut ordered = Vec::new();
    while !tables.is_empty() {
        let (waiting, free): (Vec<&str>, Vec<&str>) = tables.iter().partition(|table| {
            references
                .iter()
                .any(|(one, other)| one == *table && tables.contains(other))
        });
        if free.is_empty() {
            // They refer to each other; nothing can be said about their order.
            ordered.extend(waiting);
            break;
        }
        ordered.extend(free);
        tables = waiting;
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn tables_come_after_those_that_they_refer_to() {
        let references = [
            ("assets", "engagements"),
            ("engagements", "clients"),
            ("tags", "clients"),
        ];
        let order = in_order(vec!["assets", "tags", "engagements", "clients"], &references);
        let place = |table| order.iter().position(|other| *other == table).unwrap();
        for (one, other) in references {
            assert!(place(other) < place(one), "{order:?}");
        }
        assert_eq!(in_order(vec!["a", "b"], &[("a", "b"), ("b", "a")]).len(), 2);
    }
}
