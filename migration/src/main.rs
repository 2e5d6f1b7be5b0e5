//! Migrates a database: `cargo run -p migration -- up`.

use clap::{Parser, Subcommand};
use migration::run::{self, MigrateError};
use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Migrate a Landfall database.
#[derive(Parser)]
#[command(name = "migration", version)]
struct Arguments {
    #[arg(
        long,
        global = true,
        env = "LANDFALL_DATABASE_URL",
        hide_env_values = true,
        help = "The database: sqlite://FILE?mode=rwc or postgres://USER@HOST/DATABASE",
        default_value = "sqlite://./landfall.db?mode=rwc"
    )]
    database_url: String,
    /// Go on although data will be lost
    #[arg(long, global = true)]
    yes: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
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
    },
    /// Drop Landfall's tables and types, and apply all migrations
    Fresh,
    /// Take back all migrations and apply them again
    Refresh,
    /// Take back all migrations
    Reset,
    /// List the migrations and whether they are applied
    Status,
    /// Compare the database with what this version expects
    Validate,
    /// Write the description of the schema as Markdown
    #[command(hide = true)]
    Docs,
}

impl Command {
    fn is_destructive(&self) -> bool {
        matches!(
            self,
            Self::Down { .. } | Self::Fresh | Self::Refresh | Self::Reset
        )
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,migration=info")),
        )
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    match execute(&arguments).await {
        Ok(text) => print(&text),
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

async fn execute(arguments: &Arguments) -> Result<String, Failure> {
    let url = arguments.database_url.as_str();
    if arguments.command.is_destructive() && !arguments.yes {
        ask_for_yes(url).await?;
    }
    let changes = match arguments.command {
        Command::Up { number: None } => run::up(url).await?,
        Command::Up { number: Some(steps) } => run::up_steps(url, steps).await?,
        Command::Down { number } => run::down(url, number).await?,
        Command::Fresh => run::fresh(url).await?,
        Command::Refresh => run::refresh(url).await?,
        Command::Reset => run::reset(url).await?,
        Command::Status => return Ok(listed(&run::status(url).await?)),
        Command::Validate => return reported(&migration::validate::validate(url).await?),
        Command::Docs => return Ok(migration::schema_markdown()),
    };
    Ok(changes.to_string())
}

/// Data may be lost without being asked only at a terminal and in an embedded database, or where there is none.
async fn ask_for_yes(url: &str) -> Result<(), Failure> {
    let embedded = url.starts_with("sqlite:");
    if embedded && std::io::stdin().is_terminal() {
        return Ok(());
    }
    match run::tables_with_rows(url).await? {
        0 => Ok(()),
        tables => Err(Failure::Unconfirmed { tables }),
    }
}

fn listed(states: &[run::MigrationState]) -> String {
    let line = |state: &run::MigrationState| {
        format!(
            "{}  {}\n",
            if state.applied { "applied" } else { "pending" },
            state.name
        )
    };
    states.iter().map(line).collect()
}

fn reported(report: &migration::validate::Report) -> Result<String, Failure> {
    if report.is_ok() {
        Ok(report.to_string())
    } else {
        Err(Failure::Different {
            report: report.to_string(),
        })
    }
}

fn print(text: &str) -> ExitCode {
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn complain(message: &str) {
    // Nobody is left to tell when the error output is closed.
    let _ = writeln!(std::io::stderr(), "error: {message}");
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Migration(#[from] MigrateError),
    #[error(
        "{tables} tables hold rows, which would be lost: nothing was changed; add --yes if that is meant"
    )]
    Unconfirmed { tables: usize },
    #[error("the schema is not as expected\n{report}")]
    Different { report: String },
}
