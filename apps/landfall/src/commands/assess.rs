//! `landfall assess`: risk by questionnaire; readiness, size and cost of machines.

mod questionnaires;
mod sizes;

use crate::arguments::TenantFlags;
use crate::config::Config;
use crate::failure::Failure;
use crate::installation::{IfMissing, open};
use crate::tenancy;
use clap::{Args, Subcommand};

/// Flags of `assess`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    tenant: TenantFlags,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Judge, size and price every machine of the engagement
    Sizes(sizes::Run),
    /// Add a price catalogue, or write the sample to begin with
    Prices(sizes::Prices),
    /// Add a questionnaire in Konveyor's form, YAML or JSON; without a file the one that ships
    Questionnaire(questionnaires::Import),
    /// Begin an assessment of an application
    Begin(questionnaires::Begin),
    /// Answer a question of an assessment
    Answer(questionnaires::GiveAnswer),
    /// Show an assessment: questions, answers, risk and confidence
    Show(questionnaires::Show),
    /// List assessments by questionnaire
    List(questionnaires::List),
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    if let Action::Prices(prices) = &arguments.action
        && prices.is_sample()
    {
        return sizes::sample();
    }
    let services = open(config, IfMissing::Refuse).await?;
    let selected = tenancy::select(&services, config, &arguments.tenant).await?;
    let scope = selected.scope();
    match &arguments.action {
        Action::Sizes(flags) => flags.run(&services, &scope).await,
        Action::Prices(flags) => flags.run(&services, &scope).await,
        Action::Questionnaire(flags) => flags.run(&services, &scope).await,
        Action::Begin(flags) => flags.run(&services, &scope).await,
        Action::Answer(flags) => flags.run(&services, &scope).await,
        Action::Show(flags) => flags.run(&services, &scope).await,
        Action::List(flags) => flags.run(&services, &scope).await,
    }
}
