//! `cargo xtask soak`: the long forms of tests that run in a short form with all others.

use crate::workspace::succeed;
use crate::{Result, setup};
use clap::Subcommand;
use landfall_testkit::Home;

/// What is tried for long.
#[derive(Subcommand)]
pub(crate) enum Soak {
    /// Kill the server in the middle of imports, and compare the inventories with one of an undisturbed import
    Kills {
        /// How often, on each database
        #[arg(long, default_value_t = 50)]
        number: u32,
    },
}

/// Runs one of them, or all with their full counts.
pub(crate) fn run(soak: Option<&Soak>) -> Result {
    let number = match soak {
        Some(Soak::Kills { number }) => *number,
        None => 50,
    };
    setup::postgres()?;
    let runner = setup::runner()?;
    let mut command = runner.command(&["a_server_killed_at_any_moment".to_owned()]);
    if matches!(runner, setup::Runner::Nextest(_)) {
        // The figures are what it is run for.
        command.args(["--profile", "soak", "--success-output", "immediate"]);
    }
    let outcome = succeed(command.env("LANDFALL_SOAK_KILLS", number.to_string()));
    Home::of_checkout()?.release()?;
    outcome
}
