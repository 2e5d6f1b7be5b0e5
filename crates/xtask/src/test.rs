//! Every check, in the order in which they are cheap.

use crate::Result;
use crate::generated::Mode;
use crate::workspace::{cargo, succeed};
use crate::{arrows, dependencies, docs, openapi, schema, setup, web};
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

fn all(runner: &setup::Runner) -> Result {
    let checks: [(&str, &dyn Fn() -> Result); 10] = [
        ("format", &|| run_cargo("fmt --all --check")),
        ("arrows", &arrows::check),
        ("dependencies", &dependencies::check),
        ("docs", &|| docs::run(Mode::Check)),
        ("lints", &|| {
            run_cargo("clippy --workspace --all-targets -- -D warnings")
        }),
        ("tests", &|| succeed(&mut runner.command(&[]))),
        ("examples in documentation", &|| {
            run_cargo("test --quiet --workspace --doc")
        }),
        ("schema", &|| schema::run(Mode::Check)),
        ("openapi", &|| openapi::run(Mode::Check)),
        ("web", &|| web::run(Mode::Check)),
    ];
    let failed: Vec<_> = checks
        .into_iter()
        .filter(|(name, check)| !passes(name, check))
        .map(|(name, _)| name)
        .collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("failed: {}", failed.join(", ")).into())
    }
}

fn run_cargo(arguments: &str) -> Result {
    succeed(&mut cargo(&arguments.split(' ').collect::<Vec<_>>()))
}

fn passes(name: &str, check: &dyn Fn() -> Result) -> bool {
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
