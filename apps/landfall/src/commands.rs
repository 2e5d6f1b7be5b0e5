//! The commands, one module each.

pub(crate) mod api_key;
pub(crate) mod applications;
pub(crate) mod assess;
pub(crate) mod assets;
pub(crate) mod backup;
pub(crate) mod consolidate;
pub(crate) mod dependencies;
pub(crate) mod engagement;
pub(crate) mod export;
pub(crate) mod flows;
pub(crate) mod import;
pub(crate) mod migrate;
mod openapi;
pub(crate) mod plan;
pub(crate) mod report;
pub(crate) mod restore;
pub(crate) mod seed;
pub(crate) mod serve;
pub(crate) mod sixr;
pub(crate) mod tenant;
pub(crate) mod undo;
pub(crate) mod user;
pub(crate) mod validate_schema;
pub(crate) mod worker;

use crate::arguments::Command;
use crate::config::Config;
use crate::failure::Failure;

/// Does what was asked for.
pub(crate) async fn run(command: Command, config: &Config) -> Result<(), Failure> {
    match command {
        Command::Serve(_) => serve::run(config).await,
        Command::Worker(arguments) => worker::run(config, &arguments).await,
        Command::Import(arguments) => import::run(config, &arguments).await,
        Command::Undo(arguments) => undo::run(config, &arguments).await,
        Command::Applications(arguments) => applications::run(config, &arguments).await,
        Command::Assess(arguments) => assess::run(config, &arguments).await,
        Command::Assets(arguments) => assets::run(config, &arguments).await,
        Command::Dependencies(arguments) => dependencies::run(config, &arguments).await,
        Command::Export(arguments) => export::run(config, &arguments).await,
        Command::Sixr(arguments) => sixr::run(config, &arguments).await,
        Command::Flows(arguments) => flows::run(config, &arguments).await,
        Command::Tenant(arguments) => tenant::run(config, &arguments).await,
        Command::Engagement(arguments) => engagement::run(config, &arguments).await,
        Command::User(arguments) => user::run(config, &arguments).await,
        Command::ApiKey(arguments) => api_key::run(config, &arguments).await,
        Command::Plan(arguments) => plan::run(config, &arguments).await,
        Command::Report(arguments) => report::run(config, &arguments).await,
        Command::Seed(arguments) => seed::run(config, &arguments).await,
        Command::Migrate(arguments) => migrate::run(config, &arguments).await,
        Command::ValidateSchema(arguments) => validate_schema::run(config, &arguments).await,
        Command::Backup(arguments) => backup::run(config, &arguments).await,
        Command::Restore(arguments) => restore::run(config, &arguments).await,
        Command::Consolidate(arguments) => consolidate::run(config, &arguments).await,
        Command::Openapi => openapi::run(),
    }
}
