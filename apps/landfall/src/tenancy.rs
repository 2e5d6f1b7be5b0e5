//! Whose data a command is about: client accounts and engagements, by id or name.

use crate::arguments::TenantFlags;
use crate::config::Config;
use crate::failure::Failure;
use crate::output::say;
use landfall_domain::{Actor, ClientAccountId, EngagementId, Scope};
use landfall_services::tenants::{ClientAccount, Engagement, NewClientAccount, NewEngagement};
use landfall_services::{Services, StoreError};
use serde::Serialize;

/// Name of the client account and of the engagement that an empty embedded database begins with.
pub(crate) const DEFAULT_NAME: &str = "Default";
/// Names less alike than this are not offered (Jaro-Winkler, 0 to 1).
const LIKENESS: f64 = 0.75;
/// Names that are offered at most.
const OFFERED: usize = 3;

/// A client account and its engagement, as a command names them.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Selected {
    /// The client account's id.
    pub(crate) client_account_id: ClientAccountId,
    /// Its name.
    pub(crate) client_account: String,
    /// The engagement's id.
    pub(crate) engagement_id: EngagementId,
    /// Its name.
    pub(crate) engagement: String,
}

impl Selected {
    /// The scope in which the command works.
    pub(crate) fn scope(&self) -> Scope {
        scope(self.client_account_id, self.engagement_id)
    }

    pub(crate) fn of(client: &ClientAccount, engagement: &Engagement) -> Self {
        Self {
            client_account_id: client.id,
            client_account: client.name.clone(),
            engagement_id: engagement.id,
            engagement: engagement.name.clone(),
        }
    }
}

/// The scope of the command line's work in an engagement.
pub(crate) fn scope(client: ClientAccountId, engagement: EngagementId) -> Scope {
    Scope {
        client_account_id: client,
        engagement_id: engagement,
        actor: Actor::system("cli"),
    }
}

/// The client account and engagement that the flags name. An embedded database needs no flags while there is one choice.
///
/// # Errors
/// A usage failure with the names that are near, or with those that there are.
pub(crate) async fn select(
    services: &Services,
    config: &Config,
    flags: &TenantFlags,
) -> Result<Selected, Failure> {
    let embedded = config.database_url.is_embedded();
    let (client, engagement) = match (&flags.client_account, &flags.engagement) {
        (Some(client), Some(engagement)) => (client, engagement),
        _ if !embedded => {
            return Err(Failure::usage(
                "say whose data it is: --client-account and --engagement, by id or name",
            ));
        }
        (None, None) => return only_choice(services).await,
        (Some(client), None) => {
            let client = client_account(services, client, false).await?;
            let engagement = only_engagement(services, &client).await?;
            return Ok(Selected::of(&client, &engagement));
        }
        (None, Some(_)) => return Err(Failure::usage("--engagement needs --client-account")),
    };
    let client = client_account(services, client, false).await?;
    let engagement = self::engagement(services, &client, engagement, false).await?;
    Ok(Selected::of(&client, &engagement))
}

/// As [`select`], but makes what is missing: everything where `create` is set; else the client account and engagement
/// "Default" of an embedded database without any, if no flags name others.
pub(crate) async fn select_or_create(
    services: &Services,
    config: &Config,
    flags: &TenantFlags,
    create: bool,
) -> Result<Selected, Failure> {
    let is_unnamed = flags.client_account.is_none() && flags.engagement.is_none();
    if is_unnamed && config.database_url.is_embedded() && services.client_accounts().await?.is_empty() {
        say(
            "The database has no client accounts: made the client account \"Default\" with the engagement \"Default\".",
        );
        return default_tenant(services).await;
    }
    let (Some(client), Some(engagement)) = (&flags.client_account, &flags.engagement) else {
        if create {
            return Err(Failure::usage(
                "--create needs the names to make: --client-account and --engagement",
            ));
        }
        return select(services, config, flags).await;
    };
    let client = client_account(services, client, create).await?;
    let engagement = self::engagement(services, &client, engagement, create).await?;
    Ok(Selected::of(&client, &engagement))
}

/// Makes the client account and engagement "Default".
pub(crate) async fn default_tenant(services: &Services) -> Result<Selected, Failure> {
    let client = services
        .create_client_account(new_client_account(DEFAULT_NAME))
        .await?;
    let engagement = services
        .create_engagement(client.id, new_engagement(DEFAULT_NAME))
        .await?;
    Ok(Selected::of(&client, &engagement))
}

async fn only_choice(services: &Services) -> Result<Selected, Failure> {
    let clients = services.client_accounts().await?;
    let chosen = match clients.as_slice() {
        [only] => only,
        [] => {
            return Err(Failure::usage(
                "the database has no client accounts yet: `landfall import FILE` makes one",
            ));
        }
        several => match several.iter().find(|client| client.name == DEFAULT_NAME) {
            Some(default) => default,
            None => {
                return Err(Failure::usage(format_args!(
                    "there are several client accounts: choose with --client-account and --engagement. Known: {}",
                    listed(several.iter().map(|client| client.name.as_str()))
                )));
            }
        },
    };
    let engagement = only_engagement(services, chosen).await?;
    Ok(Selected::of(chosen, &engagement))
}

async fn only_engagement(services: &Services, client: &ClientAccount) -> Result<Engagement, Failure> {
    let mut engagements = services.engagements(client.id).await?;
    match engagements.len() {
        1 => Ok(engagements.remove(0)),
        0 => Err(Failure::usage(format_args!(
            "client account '{0}' has no engagement: make one with `landfall engagement create --client-account '{0}' NAME`",
            client.name
        ))),
        _ => Err(Failure::usage(format_args!(
            "client account '{}' has several engagements: choose with --engagement. Known: {}",
            client.name,
            listed(engagements.iter().map(|engagement| engagement.name.as_str()))
        ))),
    }
}

/// The client account with this id or name.
pub(crate) async fn client_account(
    services: &Services,
    given: &str,
    create: bool,
) -> Result<ClientAccount, Failure> {
    if let Ok(id) = given.parse::<ClientAccountId>() {
        // By its id it is found without looking across tenants.
        return match services.client_account(id).await {
            Err(StoreError::NotFound { .. }) => {
                Err(Failure::usage(format_args!("there is no client account {id}")))
            }
            found => Ok(found?),
        };
    }
    let uow = services
        .store()
        .begin_system("find a client account by name")
        .await?;
    let found = uow
        .tenants()
        .find_client_account(given)
        .await
        .map_err(Failure::usage)?;
    drop(uow);
    match found {
        Some(client) => Ok(client),
        None if create => {
            let client = services.create_client_account(new_client_account(given)).await?;
            say(format_args!("Made the client account \"{given}\"."));
            Ok(client)
        }
        None => {
            let known = services.client_accounts().await?;
            Err(unknown(
                "client account",
                given,
                known.iter().map(|client| client.name.as_str()),
            ))
        }
    }
}

/// The engagement of a client account with this id or name.
pub(crate) async fn engagement(
    services: &Services,
    client: &ClientAccount,
    given: &str,
    create: bool,
) -> Result<Engagement, Failure> {
    let known = services.engagements(client.id).await?;
    let id = given.parse::<EngagementId>().ok();
    if let Some(found) = known
        .iter()
        .find(|engagement| engagement.name == given || Some(engagement.id) == id)
    {
        return Ok(found.clone());
    }
    if create && id.is_none() {
        let made = services
            .create_engagement(client.id, new_engagement(given))
            .await?;
        say(format_args!(
            "Made the engagement \"{given}\" of \"{}\".",
            client.name
        ));
        return Ok(made);
    }
    Err(unknown(
        "engagement",
        given,
        known.iter().map(|engagement| engagement.name.as_str()),
    ))
}

/// A client account of this name.
pub(crate) fn new_client_account(name: &str) -> NewClientAccount {
    NewClientAccount {
        name: name.to_owned(),
        ..NewClientAccount::default()
    }
}

/// An engagement of this name.
pub(crate) fn new_engagement(name: &str) -> NewEngagement {
    NewEngagement {
        name: name.to_owned(),
        ..NewEngagement::default()
    }
}

fn unknown<'n>(what: &str, given: &str, known: impl Iterator<Item = &'n str> + Clone) -> Failure {
    let near = nearest(given, known.clone());
    let hint = if !near.is_empty() {
        format!("; did you mean {}?", listed(near.into_iter()))
    } else if known.clone().next().is_some() {
        format!("; known: {}.", listed(known))
    } else {
        "; there is none yet.".to_owned()
    };
    Failure::usage(format_args!(
        "there is no {what} '{given}'{hint} With --create, `landfall import` makes it."
    ))
}

/// The names most like the given one, most alike first.
fn nearest<'n>(given: &str, known: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let given = given.to_lowercase();
    let mut near: Vec<(f64, &str)> = known
        .map(|name| (strsim::jaro_winkler(&given, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= LIKENESS)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    near.into_iter().take(OFFERED).map(|(_, name)| name).collect()
}

/// The first names in quotes.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut names = names.map(|name| format!("'{name}'"));
    let mut shown: Vec<String> = names.by_ref().take(8).collect();
    if names.next().is_some() {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn names_that_are_spelt_alike_are_offered_in_order_of_likeness() {
        let known = ["Harbour Foods", "Harbour Boats", "Quarry Bank"];
        assert_eq!(nearest("harbor foods", known.into_iter())[0], "Harbour Foods");
        assert!(nearest("zzz", known.into_iter()).is_empty());
    }
}
