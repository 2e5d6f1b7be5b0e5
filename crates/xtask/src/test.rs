//! Every check, in the order in which they are cheap.

use crate::Result;
use crate::generated::Mode;
use crate::workspace::{cargo, succeed};
use crate::{arrows, dependencies, docs, openapi, setup};
use landfall_testkit::Home;
use std::time::Instant;

/// Prepares the machine and runs all checks, or only the tests that the filters name. Every check runs even if one before
/// it failed; the error names all that failed.
pub(crate) fn run(filters: &[String]) -> Result {
    setup::postgres()?;
    let runner = setup::runner()?;
    let outcome = if filters.is_empty() {
        all(&runner)
    } else {
        succeed(&mut runner.command(filters))
    };
    // The server of the tests would end by itself a little later; a build machine should be left as it was.
    Home::of_checkout()?.release()?;
    outcome
}

type Check<'a> = (&'static str, Box<dyn Fn() -> Result + 'a>);

fn all(runner: &setup::Runner) -> Result {
    let mut checks: Vec<Check> = vec![
        (
            "format",
            Box::new(|| succeed(&mut cargo(&["fmt", "--all", "--check"]))),
        ),
        ("arrows", Box::new(arrows::check)),
        ("dependencies", Box::new(dependencies::check)),
        ("docs", Box::new(|| docs::run(Mode::Check))),
        (
            "lints",
            Box::new(|| {
                succeed(&mut cargo(&[
                    "clippy",
                    "--workspace",
                    "--all-targets",
                    "--",
                    "-D",
                    "warnings",
                ]))
            }),
        ),
        ("tests", Box::new(|| succeed(&mut runner.command(&[])))),
        (
            "examples in documentation",
            Box::new(|| succeed(&mut cargo(&["test", "--quiet", "--workspace", "--doc"]))),
        ),
        ("openapi", Box::new(|| openapi::run(Mode::Check))),
    ];
    let failed: Vec<_> = checks
        .drain(..)
        .filter(|check| !passes(check))
        .map(|(name, _)| name)
        .collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("failed: {}", failed.join(", ")).into())
    }
}

fn passes((name, check): &Check) -> bool {
    eprintln!("── {name}");
    let start = Instant::now();
    let outcome = check();
    let seconds = start.elapsed().as_secs();
    match outcome {
        Ok(()) => {
            eprintln!("── {name}: ok, {seconds} s");
            true
        }
        Err(error) => {
            eprintln!("── {name}: failed, {seconds} s\n{error}");
            false
        }
    }
}
