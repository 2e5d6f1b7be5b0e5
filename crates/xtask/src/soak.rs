//! `cargo xtask soak`: the long forms of tests that run in a short form with all others, and what runs in a long form only.

mod api;

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
    /// Kill a consolidation in the middle, and change values by force that its proof must find
    Consolidate {
        /// Kills
        #[arg(long, default_value_t = 100)]
        kills: u32,
        /// Values changed
        #[arg(long, default_value_t = 200)]
        corruptions: u32,
    },
    /// Send the API what its description allows and what it does not, and compare each answer with the description
    Api {
        /// Requests at least
        #[arg(long, default_value_t = api::CASES)]
        cases: u64,
    },
}

/// Runs one of them, or all with their full counts.
pub(crate) fn run(soak: Option<&Soak>) -> Result {
    if let Some(Soak::Api { cases }) = soak {
        return api::run(*cases);
    }
    setup::postgres()?;
    let runner = setup::runner()?;
    let outcome = match soak {
        Some(Soak::Kills { number }) => kills(&runner, *number),
        Some(Soak::Consolidate { kills, corruptions }) => consolidate(&runner, *kills, *corruptions),
        Some(Soak::Api { .. }) | None => kills(&runner, 50)
            .and(consolidate(&runner, 100, 200))
            .and(api::run(api::CASES)),
    };
    Home::of_checkout()?.release()?;
    outcome
}

fn kills(runner: &setup::Runner, number: u32) -> Result {
    let mut command = runner.endurance("a_server_killed_at_any_moment");
    succeed(command.env("LANDFALL_SOAK_KILLS", number.to_string()))
}

fn consolidate(runner: &setup::Runner, kills: u32, corruptions: u32) -> Result {
    let mut command = runner.endurance("consolidate");
    succeed(
        command
            .env("LANDFALL_SOAK_KILLS", kills.to_string())
            .env("LANDFALL_SOAK_CORRUPTIONS", corruptions.to_string()),
    )
}
