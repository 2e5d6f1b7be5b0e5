//! The command line.

use crate::commands::{
    api_key, applications, assess, assets, backup, consolidate, dependencies, engagement, export, flows,
    import, migrate, plan, report, restore, seed, serve, sixr, tenant, undo, user, validate_schema, worker,
};
use crate::config::LogFormat;
use crate::database::DatabaseUrl;
use clap::{Args, Parser, Subcommand};
use serde::Serialize;
use std::path::PathBuf;

/// Turn messy inventory exports into an asset inventory, then into a migration plan.
#[derive(Debug, Parser)]
#[command(
    name = "landfall",
    version,
    after_help = "Without a command, `landfall` serves.\n\
        Settings come from landfall.toml, over it from the environment (LANDFALL_DATABASE_URL …), over it from flags."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// Flags of every command. Each is the setting of the same name.
#[derive(Debug, Args, Serialize)]
#[command(next_help_heading = "Settings")]
pub(crate) struct Settings {
    #[arg(
        long,
        global = true,
        value_name = "URL",
        help = "The database: sqlite://FILE or postgres://USER@HOST/DATABASE [default: sqlite://./landfall.db]"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    database_url: Option<DatabaseUrl>,
    /// The same database as its owner, to migrate it (PostgreSQL)
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    migration_database_url: Option<DatabaseUrl>,
    /// The same database as a member of `landfall_system`, to work across tenants (PostgreSQL)
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    system_database_url: Option<DatabaseUrl>,
    /// Apply pending migrations first [default: on an embedded database only]
    #[arg(long, global = true, value_name = "YES", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[serde(skip_serializing_if = "Option::is_none")]
    auto_migrate: Option<bool>,
    /// Where uploads are kept [default: ./landfall-data]
    #[arg(long, global = true, value_name = "DIRECTORY")]
    #[serde(skip_serializing_if = "Option::is_none")]
    data_dir: Option<PathBuf>,
    /// Read settings from this file [default: landfall.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE", env = "LANDFALL_CONFIG")]
    #[serde(skip)]
    pub(crate) config: Option<PathBuf>,
    /// How logs are written [default: text]
    #[arg(long, global = true, value_name = "FORMAT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    log_format: Option<LogFormat>,
    /// What is logged, such as `debug` or `warn,landfall_services=debug` [default: `RUST_LOG`]
    #[arg(long, global = true, value_name = "FILTER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<String>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the API, and work on imports
    Serve(serve::Arguments),
    /// Work on imports without serving
    Worker(worker::Arguments),
    /// Import an inventory export, and say what became of it
    Import(import::Arguments),
    /// Take away what an import brought into the inventory
    Undo(undo::Arguments),
    /// Look at the inventory
    Assets(assets::Arguments),
    /// Group assets into applications, by hand or from proposals
    Applications(applications::Arguments),
    /// Assess applications by questionnaire, and size and price machines
    Assess(assess::Arguments),
    /// Look at what needs what: cycles, blast radius, the graph as a file
    Dependencies(dependencies::Arguments),
    /// Write the inventory to a file that can be imported again
    Export(export::Arguments),
    /// Recommend strategies (6R), say why, and keep what persons decide
    Sixr(sixr::Arguments),
    /// List flows, and pause, resume, retry or cancel one
    Flows(flows::Arguments),
    /// Make, list, delete and erase client accounts
    Tenant(tenant::Arguments),
    /// Make, list and delete engagements of a client account
    Engagement(engagement::Arguments),
    /// Make, list and keep out users, and say what they may do
    User(user::Arguments),
    /// Make, list and revoke API keys
    ApiKey(api_key::Arguments),
    /// Plan waves: what moves when, why, and what is wrong with it
    Plan(plan::Arguments),
    /// Write a report on an engagement: portfolio, strategies, risks, waves
    Report(report::Arguments),
    /// Make the demo and test client accounts with their inventories
    Seed(seed::Arguments),
    /// Apply, take back and list migrations of the database
    Migrate(migrate::Arguments),
    /// Compare the database with the schema that this version expects
    ValidateSchema(validate_schema::Arguments),
    /// Copy database and uploads into one file, also while they are in use
    Backup(backup::Arguments),
    /// Bring back what a backup holds
    Restore(restore::Arguments),
    /// Take the predecessor's database over, prove that nothing was lost, and be able to go back
    Consolidate(consolidate::Arguments),
    /// Write the description of the API
    Openapi,
}

impl Default for Command {
    fn default() -> Self {
        Self::Serve(serve::Arguments::default())
    }
}

impl Command {
    /// Whether it runs until it is told to stop.
    pub(crate) const fn is_service(&self) -> bool {
        matches!(self, Self::Serve(_) | Self::Worker(_))
    }
}

/// Whose data a command is about.
#[derive(Clone, Debug, Args)]
pub(crate) struct TenantFlags {
    /// The client account, by id or name
    #[arg(long, global = true, value_name = "ID|NAME")]
    pub(crate) client_account: Option<String>,
    /// Its engagement, by id or name
    #[arg(long, global = true, value_name = "ID|NAME")]
    pub(crate) engagement: Option<String>,
}
