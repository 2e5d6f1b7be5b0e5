//! The figures, and whether they are what is promised.

use super::baseline::Baseline;
use super::environment::Environment;
use super::import::ImportFigures;
use super::pages::PageFigures;
use crate::Result;
use serde::Serialize;

/// Most memory of the server, in bytes.
const PEAK_MEMORY: u64 = 200_000_000;
/// Least share of the rows per second of the first tenth that the last tenth has.
const FLATNESS: f64 = 0.8;
/// Least share of the rows per second of the database's own tool.
const RATIO: f64 = 0.4;
/// Longest median for a page, in milliseconds.
const PAGE_P50: f64 = 3.0;
/// Most by which the last page may take longer than the first.
const LAST_PAGE: f64 = 1.2;

/// Everything that was measured.
#[derive(Serialize)]
pub(super) struct Report {
    environment: Environment,
    rows: u64,
    file_bytes: u64,
    backends: Vec<BackendReport>,
}

/// What was measured on one backend.
#[derive(Serialize)]
pub(super) struct BackendReport {
    backend: &'static str,
    import: ImportFigures,
    peak_memory_bytes: u64,
    pages: PageFigures,
    pub(super) baseline: Baseline,
}

/// A promise and what came of it.
struct Check {
    name: &'static str,
    is_kept: bool,
    figures: String,
}

impl Report {
    pub(super) fn new(rows: u64, file_bytes: u64) -> Self {
        Self {
            environment: Environment::of_this_machine(),
            rows,
            file_bytes,
            backends: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, report: BackendReport) {
        self.backends.push(report);
    }

    #[expect(clippy::print_stdout, reason = "the result of the command")]
    pub(super) fn print(&self) {
        for line in self.environment.lines() {
            println!("{line}");
        }
        println!(
            "{} rows of {} columns, {} MB",
            self.rows,
            super::rows::COLUMNS.len(),
            self.file_bytes / 1_000_000
        );
        for backend in &self.backends {
            println!("\n{}", backend.backend);
            for line in backend.lines(self.rows) {
                println!("  {line}");
            }
            for check in backend.checks() {
                println!(
                    "  {}  {}: {}",
                    if check.is_kept { "PASS" } else { "FAIL" },
                    check.name,
                    check.figures
                );
            }
        }
    }

    /// An error that names every promise that is not kept.
    pub(super) fn verdict(&self) -> Result {
        let of = |backend: &BackendReport| {
            let broken = backend.checks().into_iter().filter(|check| !check.is_kept);
            broken
                .map(|check| format!("{} on {}", check.name, backend.backend))
                .collect::<Vec<_>>()
        };
        let broken: Vec<String> = self.backends.iter().flat_map(of).collect();
        if broken.is_empty() {
            Ok(())
        } else {
            Err(format!("not as promised: {}", broken.join(", ")).into())
        }
    }
}

impl BackendReport {
    pub(super) fn new(
        backend: &'static str,
        import: ImportFigures,
        pages: PageFigures,
        peak_memory_bytes: u64,
    ) -> Self {
        Self {
            backend,
            import,
            peak_memory_bytes,
            pages,
            baseline: Baseline::default(),
        }
    }

    fn lines(&self, rows: u64) -> Vec<String> {
        let import = &self.import;
        let phases = import
            .phases
            .iter()
            .map(|phase| format!("{} {:.1} s", phase.phase, phase.seconds));
        let rates = import.rates_by_tenth.iter().map(|rate| format!("{rate:.0}"));
        let mut lines = vec![
            format!(
                "import    {:.1} s, {:.0} rows/s ({})",
                import.seconds,
                per_second(rows, import.seconds),
                phases.collect::<Vec<_>>().join(", ")
            ),
            format!(
                "          upload before it {:.1} s, phases after it {:.1} s",
                import.upload_seconds, import.afterwards_seconds
            ),
            format!(
                "          rows/s by tenths of the rows: {}",
                rates.collect::<Vec<_>>().join(" ")
            ),
            format!(
                "baseline  {:.1} s, {:.0} rows/s: {}",
                self.baseline.seconds(),
                per_second(rows, self.baseline.seconds()),
                self.baseline.tool
            ),
        ];
        for table in &self.baseline.tables {
            let megabytes = table.bytes / 1_000_000;
            lines.push(format!(
                "          {:<20} {:>9} rows {megabytes:>6} MB {:>7.1} s",
                table.table, table.rows, table.seconds
            ));
        }
        let (first, last) = (&self.pages.first, &self.pages.last);
        lines.push(format!(
            "pages     first p50 {:.2} ms p99 {:.2} ms, last p50 {:.2} ms p99 {:.2} ms",
            first.p50, first.p99, last.p50, last.p99
        ));
        lines
    }

    fn checks(&self) -> Vec<Check> {
        let rates = &self.import.rates_by_tenth;
        let flatness = rates
            .last()
            .zip(rates.first())
            .map_or(f64::NAN, |(last, first)| last / first);
        let ratio = self.baseline.seconds() / self.import.seconds;
        let (first, last) = (self.pages.first.p50, self.pages.last.p50);
        let check = |name, is_kept, figures| Check {
            name,
            is_kept,
            figures,
        };
        vec![
            check(
                "peak memory",
                self.peak_memory_bytes <= PEAK_MEMORY,
                format!(
                    "{} MB of at most {}",
                    self.peak_memory_bytes / 1_000_000,
                    PEAK_MEMORY / 1_000_000
                ),
            ),
            check(
                "flat",
                flatness >= FLATNESS,
                format!("last tenth {flatness:.2} of the first, at least {FLATNESS}"),
            ),
            check(
                "speed",
                ratio >= RATIO,
                format!("{ratio:.2} of the baseline's rows/s, at least {RATIO}"),
            ),
            check(
                "page",
                first.max(last) <= PAGE_P50,
                format!("p50 {:.2} ms, at most {PAGE_P50}", first.max(last)),
            ),
            check(
                "last page",
                last <= first * LAST_PAGE,
                format!("{:.2} of the first, at most {LAST_PAGE}", last / first),
            ),
        ]
    }
}

#[expect(clippy::cast_precision_loss, reason = "rows of a benchmark")]
fn per_second(rows: u64, seconds: f64) -> f64 {
    rows as f64 / seconds
}
