//! The figures, and whether they are what is promised.

use crate::Result;
use crate::bench::environment::Environment;
use serde::Serialize;

/// Least share of the rows per second of the bare load.
const RATIO: f64 = 0.6;
/// Most memory of the program, in bytes.
const PEAK_MEMORY: u64 = 200_000_000;
/// Least share of the rows per second of the smallest size that the largest has.
const FLATNESS: f64 = 0.8;

/// Everything that was measured.
#[derive(Serialize)]
pub(super) struct Report {
    environment: Environment,
    sizes: Vec<SizeReport>,
}

/// What was measured at one size.
#[derive(Serialize)]
pub(super) struct SizeReport {
    pub(super) assets: u64,
    pub(super) records: u64,
    /// Rows of all legacy tables.
    pub(super) rows: u64,
    /// All steps of the run but backup and proof.
    pub(super) run_seconds: f64,
    /// The command from its start to its end, with the proof.
    pub(super) whole_seconds: f64,
    pub(super) steps: Vec<(String, f64)>,
    pub(super) verify_seconds: f64,
    /// The bare load.
    pub(super) baseline: f64,
    pub(super) peak_memory_bytes: u64,
}

/// A promise and what came of it.
struct Check {
    name: &'static str,
    is_kept: bool,
    figures: String,
}

impl SizeReport {
    fn lines(&self) -> Vec<String> {
        let steps = self
            .steps
            .iter()
            .map(|(step, seconds)| format!("{step} {seconds:.1} s"));
        vec![
            format!(
                "{} assets, {} raw records, {} rows in all",
                self.assets, self.records, self.rows
            ),
            format!(
                "  run       {:.1} s, {:.0} rows/s ({})",
                self.run_seconds,
                per_second(self.rows, self.run_seconds),
                steps.collect::<Vec<_>>().join(", ")
            ),
            format!(
                "            the command with its proof {:.1} s",
                self.whole_seconds
            ),
            format!(
                "  verify    {:.1} s, {:.0} rows/s",
                self.verify_seconds,
                per_second(self.rows, self.verify_seconds)
            ),
            format!(
                "  baseline  {:.1} s, {:.0} rows/s: bare INSERT … SELECT per table, without archive and ledger",
                self.baseline,
                per_second(self.rows, self.baseline)
            ),
            format!("  memory    {} MB at most", self.peak_memory_bytes / 1_000_000),
        ]
    }
}

impl Report {
    pub(super) fn new() -> Self {
        Self {
            environment: Environment::of_this_machine(),
            sizes: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, size: SizeReport) {
        self.sizes.push(size);
    }

    #[expect(clippy::print_stdout, reason = "the result of the command")]
    pub(super) fn print(&self) {
        let lines = self.environment.lines();
        for line in lines
            .into_iter()
            .chain(self.sizes.iter().flat_map(SizeReport::lines))
        {
            println!("{line}");
        }
        for check in self.checks() {
            let word = if check.is_kept { "PASS" } else { "FAIL" };
            println!("{word}  {}: {}", check.name, check.figures);
        }
    }

    /// An error that names every promise that is not kept.
    pub(super) fn verdict(&self) -> Result {
        let broken: Vec<&str> = self
            .checks()
            .iter()
            .filter(|check| !check.is_kept)
            .map(|check| check.name)
            .collect();
        if broken.is_empty() {
            Ok(())
        } else {
            Err(format!("not as promised: {}", broken.join(", ")).into())
        }
    }

    fn checks(&self) -> Vec<Check> {
        let (Some(smallest), Some(largest)) = (self.sizes.first(), self.sizes.last()) else {
            return Vec::new();
        };
        let ratio = largest.baseline / largest.run_seconds;
        let flatness =
            per_second(largest.rows, largest.run_seconds) / per_second(smallest.rows, smallest.run_seconds);
        let peak = self
            .sizes
            .iter()
            .map(|size| size.peak_memory_bytes)
            .max()
            .unwrap_or(0);
        let check = |name, is_kept, figures| Check {
            name,
            is_kept,
            figures,
        };
        vec![
            check(
                "speed",
                ratio >= RATIO,
                format!("{ratio:.2} of the baseline's rows/s, at least {RATIO}"),
            ),
            check(
                "verify",
                largest.verify_seconds <= largest.run_seconds,
                format!(
                    "{:.2} of the run's time, at most 1",
                    largest.verify_seconds / largest.run_seconds
                ),
            ),
            check(
                "peak memory",
                peak <= PEAK_MEMORY,
                format!("{} MB of at most {}", peak / 1_000_000, PEAK_MEMORY / 1_000_000),
            ),
            check(
                "flat",
                flatness >= FLATNESS,
                format!(
                    "the largest size has {flatness:.2} of the smallest one's rows/s, at least {FLATNESS}"
                ),
            ),
        ]
    }
}

#[expect(clippy::cast_precision_loss, reason = "rows of a benchmark")]
fn per_second(rows: u64, seconds: f64) -> f64 {
    rows as f64 / seconds
}
