//! `landfall api-key`: keys for programs.

use super::user::place;
use crate::config::Config;
use crate::failure::Failure;
use crate::installation::{IfMissing, open};
use crate::output::{json, line, say, table};
use crate::tenancy;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use clap::{Args, Subcommand};
use landfall_domain::Role;
use landfall_services::Services;
use landfall_services::access::{ApiKey, Identity, KeyTerms, Origin};
use serde_json::json;

/// Flags of `api-key`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a key; it is shown once
    Create(Create),
    /// List keys
    List {
        /// Those of this client account, by id or name
        #[arg(long, value_name = "ID|NAME")]
        client_account: Option<String>,
        /// Write them as JSON
        #[arg(long)]
        json: bool,
    },
    /// End a key at once
    Revoke {
        /// Its id, or how it begins
        key: String,
    },
}

#[derive(Debug, Args)]
struct Create {
    /// What it is for
    name: String,
    /// The client account in which it works, by id or name
    #[arg(long, value_name = "ID|NAME", required_unless_present = "platform")]
    client_account: Option<String>,
    /// The one engagement in which it works, by id or name
    #[arg(long, value_name = "ID|NAME", requires = "client_account")]
    engagement: Option<String>,
    /// It works in every client account
    #[arg(long, conflicts_with = "client_account")]
    platform: bool,
    /// What it may do: viewer, editor, approver or admin
    #[arg(long, default_value_t = Role::Viewer)]
    role: Role,
    /// A resource that it may ask for, such as `imports` or `metrics`; all if none is named
    #[arg(long = "resource", value_name = "NAME")]
    resources: Vec<String>,
    /// The user for whom it stands: then it may do no more than he may
    #[arg(long, value_name = "EMAIL|ID")]
    user: Option<String>,
    /// When it ends: in so many days, such as `90d`, or on a day, such as `2027-06-30`; never if absent
    #[arg(long, value_name = "WHEN")]
    expires: Option<String>,
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    let services = open(config, IfMissing::Refuse).await?;
    let by = Identity::program("cli");
    match &arguments.action {
        Action::Create(create) => self::create(&services, &by, create).await,
        Action::List { client_account, json } => {
            let client = match client_account {
                Some(given) => Some(tenancy::client_account(&services, given, false).await?.id),
                None => None,
            };
            list(services.api_keys(client).await?, *json)
        }
        Action::Revoke { key } => {
            let keys = services.api_keys(None).await?;
            let found = keys
                .iter()
                .find(|known| known.id.to_string() == *key || known.prefix == *key)
                .ok_or_else(|| Failure::usage(format_args!("there is no API key '{key}'")))?;
            if found.revoked_at.is_some() {
                return Err(Failure::usage(format_args!(
                    "the API key \"{}\" was revoked already",
                    found.name
                )));
            }
            services
                .revoke_api_key(&by, found.id, None, &Origin::default())
                .await?;
            line(format_args!(
                "Revoked the API key \"{}\". A server notices within seconds.",
                found.name
            ))
        }
    }
}

async fn create(services: &Services, by: &Identity, new: &Create) -> Result<(), Failure> {
    let (client, engagement) = match &new.client_account {
        Some(client) => {
            let (client, engagement) = place(services, client, new.engagement.as_deref()).await?;
            (Some(client), engagement)
        }
        None => (None, None),
    };
    let user_id = match &new.user {
        Some(user) => Some(services.find_user(user).await?.id),
        None => None,
    };
    let expires_at = new
        .expires
        .as_deref()
        .map(|when| end(when, services.now()))
        .transpose()?;
    let terms = KeyTerms {
        name: new.name.clone(),
        client_account_id: client,
        engagement_id: engagement,
        user_id,
        role: new.role,
        scopes: new.resources.clone(),
        expires_at,
    };
    let made = services.create_api_key(by, terms, &Origin::default()).await?;
    say(format_args!(
        "Made the API key \"{}\" with the id {}. The key, shown only now:",
        made.key.name, made.key.id
    ));
    line(made.secret.expose())
}

/// A number of days from now, or the beginning of a day.
fn end(when: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, Failure> {
    let in_days = when.strip_suffix('d').and_then(|days| days.parse::<u16>().ok());
    if let Some(days) = in_days {
        return Ok(now + TimeDelta::days(days.into()));
    }
    let day = when
        .parse::<NaiveDate>()
        .ok()
        .and_then(|day| day.and_hms_opt(0, 0, 0));
    day.map(|day| day.and_utc()).ok_or_else(|| {
        Failure::usage(format_args!(
            "'{when}' is no time to end: write 90d for ninety days from now, or a day such as 2027-06-30"
        ))
    })
}

fn list(keys: Vec<ApiKey>, as_json: bool) -> Result<(), Failure> {
    if as_json {
        let row = |key: &ApiKey| {
            json!({
                "id": key.id, "name": key.name, "prefix": key.prefix, "role": key.role, "scopes": key.scopes,
                "client_account_id": key.client_account_id, "engagement_id": key.engagement_id,
                "expires_at": key.expires_at, "last_used_at": key.last_used_at, "revoked_at": key.revoked_at,
            })
        };
        return json(&keys.iter().map(row).collect::<Vec<_>>());
    }
    let day = |at: Option<DateTime<Utc>>| at.map(|at| at.format("%F").to_string()).unwrap_or_default();
    let mut rows = table(&["Begins with", "Name", "Role", "Ends", "Last used", "Revoked"]);
    for key in keys {
        rows.add_row([
            key.prefix,
            key.name,
            key.role,
            day(key.expires_at),
            day(key.last_used_at),
            day(key.revoked_at),
        ]);
    }
    line(rows)
}

#[cfg(test)]
mod tests {
    use super::end;
    use chrono::{TimeZone, Utc};

    #[test]
    fn a_key_ends_after_days_or_on_a_day() {
        let now = Utc.with_ymd_and_hms(2026, 7, 1, 12, 0, 0).unwrap();
        assert_eq!(end("90d", now).unwrap().to_string(), "2026-09-29 12:00:00 UTC");
        assert_eq!(
            end("2027-06-30", now).unwrap().to_string(),
            "2027-06-30 00:00:00 UTC"
        );
        for wrong in ["90", "soon", "-1d", "2027-13-01"] {
            assert!(end(wrong, now).is_err(), "{wrong}");
        }
    }
}
