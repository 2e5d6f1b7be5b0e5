//! `landfall migrate`: the migrations of the database.

use crate::config::Config;
use crate::failure::Failure;
use crate::output::{count, line};
use clap::{Args, Subcommand};
use migration::run::{self, Target};

/// Flags of `migrate`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Apply pending migrations
    Up {
        /// At most this many
        #[arg(short, long)]
        number: Option<u32>,
    },
    /// Take back migrations, newest first; their data is lost
    Down {
        /// How many
        #[arg(short, long, default_value_t = 1)]
        number: u32,
        #[command(flatten)]
        consent: Consent,
    },
    /// Take back all migrations; their data is lost
    Reset(Consent),
    /// Take back all migrations and apply them again; their data is lost
    Refresh(Consent),
    /// Drop Landfall's tables whatever state they are in, and apply all migrations
    Fresh(Consent),
    /// List the migrations and whether they are applied
    Status,
}

#[derive(Debug, Args)]
struct Consent {
    /// Go on although data will be lost
    #[arg(long)]
    yes: bool,
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    let target = config.owner_url().to_migrate();
    let changes = match &arguments.action {
        Action::Status => return list(target).await,
        Action::Up { number: None } => run::up(target).await?,
        Action::Up { number: Some(number) } => run::up_steps(target, *number).await?,
        Action::Down { number, consent } => run::down(consent.given(target).await?, *number).await?,
        Action::Reset(consent) => run::reset(consent.given(target).await?).await?,
        Action::Refresh(consent) => run::refresh(consent.given(target).await?).await?,
        Action::Fresh(consent) => run::fresh(consent.given(target).await?).await?,
    };
    line(changes.to_string().trim_end())
}

async fn list(target: Target) -> Result<(), Failure> {
    for state in run::status(target).await? {
        line(format_args!(
            "{}  {}",
            if state.applied { "applied" } else { "pending" },
            state.name
        ))?;
    }
    Ok(())
}

impl Consent {
    /// The database, if nothing would be lost or that is meant.
    async fn given(&self, target: Target) -> Result<Target, Failure> {
        if self.yes {
            return Ok(target);
        }
        match run::tables_with_rows(target.clone()).await? as u64 {
            0 => Ok(target),
            tables => Err(Failure::usage(format_args!(
                "{target} is not empty: {} would lose their rows; nothing was changed; add --yes if that is meant",
                count(tables, "table")
            ))),
        }
    }
}
