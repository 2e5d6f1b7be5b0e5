//! `landfall engagement`: engagements of a client account.

use super::tenant::{delete_uploads, tell_erased, uploads};
use crate::config::Config;
use crate::failure::Failure;
use crate::installation::{IfMissing, open};
use crate::output::{count, json, line, table};
use crate::tenancy::{self, new_engagement};
use clap::{Args, Subcommand};
use landfall_repositories::ImportFilter;
use landfall_services::Services;
use landfall_services::assets::AssetFilter;
use landfall_services::tenants::{ClientAccount, Engagement, NewEngagement};
use serde_json::{Value, json};

/// Flags of `engagement`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Args)]
struct Owner {
    /// The client account, by id or name
    #[arg(long, value_name = "ID|NAME")]
    client_account: String,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make an engagement
    Create {
        /// Its name
        name: String,
        /// Currency of all its money, an ISO 4217 code [default: USD]
        #[arg(long)]
        currency: Option<String>,
        #[command(flatten)]
        owner: Owner,
    },
    /// List engagements
    List {
        /// Write them as JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        owner: Owner,
    },
    /// Remove an engagement with everything that it has, and say what that was
    Delete {
        /// Its id or name
        engagement: String,
        #[command(flatten)]
        owner: Owner,
        /// Go on although its data will be lost
        #[arg(long)]
        yes: bool,
    },
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    let services = open(config, IfMissing::Refuse).await?;
    let (Action::Create { owner, .. } | Action::List { owner, .. } | Action::Delete { owner, .. }) =
        &arguments.action;
    let client = tenancy::client_account(&services, &owner.client_account, false).await?;
    match &arguments.action {
        Action::Create { name, currency, .. } => {
            let new = NewEngagement {
                currency: currency.clone(),
                ..new_engagement(name)
            };
            let made = services.create_engagement(client.id, new).await?;
            line(format_args!(
                "Made the engagement \"{}\" of \"{}\" with the id {}.",
                made.name, client.name, made.id
            ))
        }
        Action::List { json, .. } => list(&services.engagements(client.id).await?, *json),
        Action::Delete { engagement, yes, .. } => delete(&services, &client, engagement, *yes).await,
    }
}

fn list(engagements: &[Engagement], as_json: bool) -> Result<(), Failure> {
    if as_json {
        let row = |row: &Engagement| json!({ "id": row.id, "name": row.name, "currency": row.currency });
        return json(&engagements.iter().map(row).collect::<Vec<Value>>());
    }
    let mut rows = table(&["Engagement", "Name", "Currency"]);
    for engagement in engagements {
        rows.add_row([
            engagement.id.to_string(),
            engagement.name.clone(),
            engagement.currency.clone(),
        ]);
    }
    line(rows)
}

async fn delete(services: &Services, client: &ClientAccount, given: &str, yes: bool) -> Result<(), Failure> {
    let engagement = tenancy::engagement(services, client, given, false).await?;
    let scope = tenancy::scope(client.id, engagement.id);
    let uow = services.store().begin_read(&scope).await?;
    let imports = uow.imports().count(&ImportFilter::default()).await?;
    let assets = uow.assets().count(&AssetFilter::all()).await?;
    drop(uow);
    if !yes && imports + assets > 0 {
        return Err(Failure::usage(format_args!(
            "engagement '{}' has {} and {}, which would be lost: nothing was changed; add --yes if that is meant",
            engagement.name,
            count(imports, "import"),
            count(assets, "asset")
        )));
    }
    let files = uploads(services, &scope).await?;
    let uow = services.store().begin_system("delete an engagement").await?;
    let erased = uow.tenants().erase_engagement(client.id, engagement.id).await?;
    uow.commit().await?;
    delete_uploads(services, &files).await?;
    line(format_args!(
        "Deleted the engagement \"{}\" of \"{}\":",
        engagement.name, client.name
    ))?;
    tell_erased(&erased, files.len() as u64)
}
