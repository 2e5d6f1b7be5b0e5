//! `cargo xtask bench plan`: how long it takes to plan a large estate, how much memory it needs, and how the cost of an asset
//! grows with their number. No database: what is measured is the planning itself.
//!
//! The figures are those of a release build, so xtask builds itself for release and measures there.

mod estate;
mod sixr;
mod waves;

use super::environment::Environment;
use crate::Result;
use crate::workspace::{Metadata, cargo, root, succeed};
use clap::Args;
use estate::Estate;
use serde::Serialize;
use std::path::PathBuf;
use std::process::Command;

/// Longest time for the strategies of the whole estate, in seconds.
const SIXR_SECONDS: f64 = 10.0;
/// Longest time for a whole plan of waves, in seconds.
const WAVES_SECONDS: f64 = 10.0;
/// Most memory, in bytes.
const PEAK_MEMORY: u64 = 1_000_000_000;
/// Sizes at which the cost of an asset is compared, the smallest first.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
/// Applications and dependencies of an estate, per asset.
const ASSETS_PER_APPLICATION: usize = 10;
const DEPENDENCIES_PER_ASSET: usize = 5;
/// Runs of which the one in the middle counts: the smallest estate is planned in milliseconds.
const RUNS: usize = 5;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Assets of the largest estate; a tenth as many applications, five times as many dependencies
    #[arg(long, default_value_t = 100_000)]
    assets: usize,
    /// Write the figures to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Everything that was measured.
#[derive(Serialize)]
struct Report {
    environment: Environment,
    estates: Vec<EstateFigures>,
    peak_memory_bytes: u64,
}

/// What was measured on one estate.
#[derive(Serialize)]
struct EstateFigures {
    assets: usize,
    applications: usize,
    dependencies: usize,
    sixr: sixr::Figures,
    waves: waves::Figures,
}

/// A promise and what came of it.
struct Check {
    name: &'static str,
    is_kept: bool,
    figures: String,
}

pub(crate) fn run(arguments: &Arguments) -> Result {
    if cfg!(debug_assertions) {
        return in_release(arguments);
    }
    let mut sizes: Vec<usize> = SIZES
        .into_iter()
        .filter(|size| *size < arguments.assets)
        .collect();
    sizes.push(arguments.assets);
    let mut report = Report {
        environment: Environment::of_this_machine(),
        estates: Vec::new(),
        peak_memory_bytes: 0,
    };
    for assets in sizes {
        eprintln!("plans {assets} assets");
        let estate = Estate::generate(
            assets,
            (assets / ASSETS_PER_APPLICATION).max(1),
            assets * DEPENDENCIES_PER_ASSET,
        );
        report.estates.push(EstateFigures {
            assets,
            applications: estate.applications,
            dependencies: estate.dependencies.len(),
            sixr: median(|| sixr::measure(&estate), |figures| figures.seconds)?,
            waves: median(|| Ok(waves::measure(&estate)), |figures| figures.seconds)?,
        });
    }
    report.peak_memory_bytes = peak_memory()?;
    report.print();
    if let Some(file) = &arguments.json {
        std::fs::write(file, serde_json::to_string_pretty(&report)?)?;
    }
    report.verdict()
}

/// The run in the middle of several.
fn median<F>(measure: impl Fn() -> Result<F>, seconds: impl Fn(&F) -> f64) -> Result<F> {
    let mut runs = (0..RUNS).map(|_| measure()).collect::<Result<Vec<F>>>()?;
    runs.sort_unstable_by(|one, other| seconds(one).total_cmp(&seconds(other)));
    Ok(runs.swap_remove(RUNS / 2))
}

/// Builds xtask for release, and measures there.
fn in_release(arguments: &Arguments) -> Result {
    eprintln!("builds xtask for release");
    succeed(&mut cargo(&[
        "build",
        "--quiet",
        "--release",
        "--package",
        "xtask",
    ]))?;
    let program = Metadata::of_workspace()?.target_directory.join("release/xtask");
    let mut command = Command::new(program);
    command
        .current_dir(root())
        .args(["bench", "plan", "--assets", &arguments.assets.to_string()]);
    if let Some(file) = &arguments.json {
        command.arg("--json").arg(std::path::absolute(file)?);
    }
    if command.status()?.success() {
        Ok(())
    } else {
        Err("the plan benchmark has not kept its promises".into())
    }
}

impl Report {
    #[expect(clippy::print_stdout, reason = "the result of the command")]
    fn print(&self) {
        for line in self.environment.lines() {
            println!("{line}");
        }
        for estate in &self.estates {
            println!(
                "\n{} assets, {} applications, {} dependencies",
                estate.assets, estate.applications, estate.dependencies
            );
            let waves = estate.waves.lines(estate.assets);
            for line in estate.sixr.lines(estate.assets).into_iter().chain(waves) {
                println!("  {line}");
            }
        }
        println!();
        for check in self.checks() {
            let verdict = if check.is_kept { "PASS" } else { "FAIL" };
            println!("{verdict}  {}: {}", check.name, check.figures);
        }
    }

    fn verdict(&self) -> Result {
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
        let mut checks = vec![Check {
            name: "peak memory",
            is_kept: self.peak_memory_bytes <= PEAK_MEMORY,
            figures: format!(
                "{} MB of at most {}",
                self.peak_memory_bytes / 1_000_000,
                PEAK_MEMORY / 1_000_000
            ),
        }];
        let (Some(smallest), Some(largest)) = (self.estates.first(), self.estates.last()) else {
            return checks;
        };
        checks.push(Check {
            name: "6R of the largest estate",
            is_kept: largest.sixr.seconds <= SIXR_SECONDS,
            figures: format!("{:.2} s of at most {SIXR_SECONDS}", largest.sixr.seconds),
        });
        checks.push(Check {
            name: "waves of the largest estate",
            is_kept: largest.waves.seconds <= WAVES_SECONDS,
            figures: format!("{:.2} s of at most {WAVES_SECONDS}", largest.waves.seconds),
        });
        checks.push(growth("cost of 6R per asset", smallest, largest, |estate| {
            estate.sixr.seconds
        }));
        checks.push(growth("cost of waves per asset", smallest, largest, |estate| {
            estate.waves.seconds
        }));
        checks
    }
}

/// Whether the cost of an asset grows no faster than the logarithm of their number.
fn growth(
    name: &'static str,
    smallest: &EstateFigures,
    largest: &EstateFigures,
    seconds: impl Fn(&EstateFigures) -> f64,
) -> Check {
    let per_asset = |estate: &EstateFigures| seconds(estate) / number(estate.assets);
    let grown = per_asset(largest) / per_asset(smallest);
    let allowed = number(largest.assets).ln() / number(smallest.assets).ln();
    Check {
        name,
        is_kept: grown <= allowed,
        figures: format!(
            "{:.1} µs at {}, {:.1} µs at {}: {grown:.2} times, at most {allowed:.2}",
            per_asset(smallest) * 1e6,
            smallest.assets,
            per_asset(largest) * 1e6,
            largest.assets
        ),
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of assets")]
fn number(of: usize) -> f64 {
    of as f64
}

/// The most memory that this process has held, in bytes.
fn peak_memory() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .ok_or("the system does not tell the peak of the memory")?;
    let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kibibytes * 1024)
}
