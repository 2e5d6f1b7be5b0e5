//! `landfall tenant`: client accounts.

use crate::config::Config;
use crate::failure::Failure;
use crate::installation::{IfMissing, open};
use crate::output::{count, json, line, table};
use crate::tenancy::{self, new_client_account};
use clap::{Args, Subcommand};
use landfall_domain::{PageRequest, Scope};
use landfall_repositories::{ErasedRows, ImportFilter};
use landfall_services::Services;
use landfall_services::access::{Identity, Origin};
use landfall_services::tenants::{ClientAccount, NewClientAccount};
use serde_json::{Value, json};

/// Flags of `tenant`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a client account
    Create {
        /// Its name
        name: String,
        /// Its branch of business
        #[arg(long)]
        industry: Option<String>,
    },
    /// List client accounts
    List {
        /// Write them as JSON
        #[arg(long)]
        json: bool,
    },
    /// Delete a client account that has no engagement
    Delete {
        /// Its id or name
        client_account: String,
    },
    /// Remove a client account with everything that it has, and say what that was
    Erase {
        /// Its id or name
        client_account: String,
        /// Go on although all of its data will be lost
        #[arg(long)]
        yes: bool,
    },
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    let if_missing = if matches!(arguments.action, Action::Create { .. }) {
        IfMissing::Create
    } else {
        IfMissing::Refuse
    };
    let services = open(config, if_missing).await?;
    match &arguments.action {
        Action::Create { name, industry } => {
            let new = NewClientAccount {
                industry: industry.clone(),
                ..new_client_account(name)
            };
            let made = services.create_client_account(new).await?;
            line(format_args!(
                "Made the client account \"{}\" with the id {}.",
                made.name, made.id
            ))
        }
        Action::List { json } => list(&services.client_accounts().await?, *json),
        Action::Delete { client_account } => delete(&services, client_account).await,
        Action::Erase { client_account, yes } => erase(&services, client_account, *yes).await,
    }
}

fn list(clients: &[ClientAccount], as_json: bool) -> Result<(), Failure> {
    if as_json {
        let row = |client: &ClientAccount| json!({ "id": client.id, "name": client.name, "industry": client.industry });
        return json(&clients.iter().map(row).collect::<Vec<Value>>());
    }
    let mut rows = table(&["Client account", "Name", "Industry"]);
    for client in clients {
        rows.add_row([
            client.id.to_string(),
            client.name.clone(),
            client.industry.clone().unwrap_or_default(),
        ]);
    }
    line(rows)
}

async fn delete(services: &Services, given: &str) -> Result<(), Failure> {
    let client = tenancy::client_account(services, given, false).await?;
    let engagements = services.engagements(client.id).await?.len() as u64;
    if engagements > 0 {
        return Err(Failure::usage(format_args!(
            "client account '{0}' has {1}: `landfall tenant erase '{0}'` removes it with everything that it has",
            client.name,
            count(engagements, "engagement")
        )));
    }
    services
        .erase_client_account(&Identity::program("cli"), client.id, &Origin::default())
        .await?;
    line(format_args!("Deleted the client account \"{}\".", client.name))
}

async fn erase(services: &Services, given: &str, yes: bool) -> Result<(), Failure> {
    let client = tenancy::client_account(services, given, false).await?;
    if !yes {
        return Err(Failure::usage(format_args!(
            "everything that client account '{}' has would be lost: nothing was changed; add --yes if that is meant",
            client.name
        )));
    }
    let erased = services
        .erase_client_account(&Identity::program("cli"), client.id, &Origin::default())
        .await?;
    line(format_args!("Erased the client account \"{}\":", client.name))?;
    tell_erased(&erased.tables, erased.files)
}

/// The keys of the files that an engagement has uploaded.
pub(crate) async fn uploads(services: &Services, scope: &Scope) -> Result<Vec<String>, Failure> {
    let (mut keys, mut request) = (Vec::new(), PageRequest::first(PageRequest::MAX));
    loop {
        let uow = services.store().begin_read(scope).await?;
        let page = uow.imports().list(&ImportFilter::default(), &request).await?;
        keys.extend(page.items.into_iter().filter_map(|import| import.object_key));
        let Some(next) = page.next else { return Ok(keys) };
        request.after = Some(next);
    }
}

/// Deletes uploads whose imports are gone.
pub(crate) async fn delete_uploads(services: &Services, keys: &[String]) -> Result<(), Failure> {
    for key in keys {
        services.files().delete(key).await?;
    }
    Ok(())
}

/// Says which rows and files were removed.
pub(crate) fn tell_erased(erased: &[ErasedRows], files: u64) -> Result<(), Failure> {
    let mut rows = table(&["Removed from", "Rows"]);
    for table in erased {
        rows.add_row([table.table.to_owned(), table.rows.to_string()]);
    }
    rows.add_row(["uploaded files".to_owned(), files.to_string()]);
    line(rows)
}
