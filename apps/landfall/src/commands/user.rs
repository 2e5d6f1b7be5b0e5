//! `landfall user`: who may log in, and what they may do where.

use crate::config::Config;
use crate::failure::Failure;
use crate::installation::{IfMissing, open};
use crate::output::{json, line, say, table};
use crate::tenancy;
use clap::{Args, Subcommand};
use landfall_domain::{ClientAccountId, EngagementId, PageRequest, Role};
use landfall_services::Services;
use landfall_services::access::{Identity, NewPassword, NewPerson, Origin, User};
use serde_json::json;
use std::io::Read;

/// Flags of `user`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a user; a random password is shown once
    Create(Create),
    /// List users
    List {
        /// Write them as JSON
        #[arg(long)]
        json: bool,
    },
    /// Give a user a role in a client account, or in one engagement of it
    Grant {
        /// The user's e-mail address or id
        user: String,
        #[command(flatten)]
        place: Place,
        /// What he may do there: viewer, editor, approver or admin
        #[arg(long, default_value_t = Role::Viewer)]
        role: Role,
    },
    /// Take a user's role in an engagement away, or all his roles in a client account
    Revoke {
        /// The user's e-mail address or id
        user: String,
        #[command(flatten)]
        place: Place,
    },
    /// Let a user do things across client accounts, or with --revoke no longer
    PlatformAdmin {
        /// The user's e-mail address or id
        user: String,
        /// Take it away
        #[arg(long)]
        revoke: bool,
    },
    /// Give a user a new random password, shown once, and end all his logins
    ResetPassword {
        /// The user's e-mail address or id
        user: String,
    },
    /// Keep a user out, and end all his logins
    Deactivate {
        /// The user's e-mail address or id
        user: String,
    },
    /// Let a user in again
    Activate {
        /// The user's e-mail address or id
        user: String,
    },
    /// Remove a user with all his roles
    Delete {
        /// The user's e-mail address or id
        user: String,
    },
}

#[derive(Debug, Args)]
struct Create {
    /// E-mail address
    email: String,
    /// Given name
    #[arg(long)]
    first_name: Option<String>,
    /// Family name
    #[arg(long)]
    last_name: Option<String>,
    /// Read the password from the standard input instead of making one
    #[arg(long)]
    password_stdin: bool,
    /// Without password: the user comes through an identity provider
    #[arg(long, conflicts_with = "password_stdin")]
    no_password: bool,
    /// He may do things across client accounts
    #[arg(long)]
    platform_admin: bool,
    /// A role there, in this client account, by id or name
    #[arg(long, value_name = "ID|NAME")]
    client_account: Option<String>,
    /// In this engagement alone
    #[arg(long, value_name = "ID|NAME", requires = "client_account")]
    engagement: Option<String>,
    /// What he may do there: viewer, editor, approver or admin
    #[arg(long, default_value_t = Role::Viewer, requires = "client_account")]
    role: Role,
}

#[derive(Debug, Args)]
struct Place {
    /// The client account, by id or name
    #[arg(long, value_name = "ID|NAME")]
    client_account: String,
    /// One engagement of it, by id or name
    #[arg(long, value_name = "ID|NAME")]
    engagement: Option<String>,
}

/// The client account and engagement that flags name.
pub(super) async fn place(
    services: &Services,
    client: &str,
    engagement: Option<&str>,
) -> Result<(ClientAccountId, Option<EngagementId>), Failure> {
    let client = tenancy::client_account(services, client, false).await?;
    let engagement = match engagement {
        Some(engagement) => Some(
            tenancy::engagement(services, &client, engagement, false)
                .await?
                .id,
        ),
        None => None,
    };
    Ok((client.id, engagement))
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    let if_missing = match arguments.action {
        Action::Create(_) => IfMissing::Create,
        _ => IfMissing::Refuse,
    };
    let services = open(config, if_missing).await?;
    let (by, origin) = (Identity::program("cli"), Origin::default());
    match &arguments.action {
        Action::Create(create) => self::create(&services, &by, create).await,
        Action::List { json } => list(&services, *json).await,
        Action::Grant { user, place, role } => {
            let user = services.find_user(user).await?;
            let (client, engagement) =
                self::place(&services, &place.client_account, place.engagement.as_deref()).await?;
            services
                .grant(&by, client, user.id, engagement, *role, &origin)
                .await?;
            line(format_args!("{} is {role} there now.", user.email))
        }
        Action::Revoke { user, place } => {
            let user = services.find_user(user).await?;
            let (client, engagement) =
                self::place(&services, &place.client_account, place.engagement.as_deref()).await?;
            services
                .revoke_role(&by, client, user.id, engagement, &origin)
                .await?;
            line(format_args!(
                "{} has no role of his own there any more.",
                user.email
            ))
        }
        Action::PlatformAdmin { user, revoke } => {
            let user = services.find_user(user).await?;
            services
                .set_platform_admin(&by, user.id, !revoke, &origin)
                .await?;
            let is = if *revoke { "is no longer" } else { "is now" };
            line(format_args!("{} {is} platform administrator.", user.email))
        }
        Action::ResetPassword { user } => {
            let user = services.find_user(user).await?;
            let password = services.reset_password(&by, user.id, &origin).await?;
            show_password(&user, password.expose())
        }
        Action::Deactivate { user } => {
            let user = services.find_user(user).await?;
            services.set_user_active(&by, user.id, false, &origin).await?;
            line(format_args!("{} is kept out.", user.email))
        }
        Action::Activate { user } => {
            let user = services.find_user(user).await?;
            services.set_user_active(&by, user.id, true, &origin).await?;
            line(format_args!("{} may come in again.", user.email))
        }
        Action::Delete { user } => {
            let user = services.find_user(user).await?;
            services.delete_user(&by, user.id, &origin).await?;
            line(format_args!("Removed {}.", user.email))
        }
    }
}

async fn create(services: &Services, by: &Identity, new: &Create) -> Result<(), Failure> {
    let origin = Origin::default();
    // What is named must exist before anybody is made.
    let place = match &new.client_account {
        Some(client) => Some(place(services, client, new.engagement.as_deref()).await?),
        None => None,
    };
    let password = if new.password_stdin {
        let mut given = String::new();
        std::io::stdin().read_to_string(&mut given)?;
        NewPassword::Given(given.trim_end_matches(['\r', '\n']).to_owned())
    } else if new.no_password {
        NewPassword::None
    } else {
        NewPassword::Generated
    };
    let person = NewPerson {
        email: new.email.clone(),
        first_name: new.first_name.clone(),
        last_name: new.last_name.clone(),
        password,
    };
    let made = services.create_user(by, person, &origin).await?;
    if new.platform_admin {
        services
            .set_platform_admin(by, made.user.id, true, &origin)
            .await?;
    }
    if let Some((client, engagement)) = place {
        services
            .grant(by, client, made.user.id, engagement, new.role, &origin)
            .await?;
    }
    say(format_args!(
        "Made the user {} with the id {}.",
        made.user.email, made.user.id
    ));
    match made.password {
        Some(password) => show_password(&made.user, password.expose()),
        None => Ok(()),
    }
}

/// The password alone on the standard output, so that it can be piped into a vault.
fn show_password(user: &User, password: &str) -> Result<(), Failure> {
    say(format_args!("The password of {}, shown only now:", user.email));
    line(password)
}

async fn list(services: &Services, as_json: bool) -> Result<(), Failure> {
    let (mut users, mut request) = (Vec::new(), PageRequest::first(PageRequest::MAX));
    loop {
        let page = services.users(&request).await?;
        users.extend(page.items);
        let Some(next) = page.next else { break };
        request.after = Some(next);
    }
    if as_json {
        let row = |user: &User| {
            json!({
                "id": user.id, "email": user.email, "is_active": user.is_active,
                "has_password": user.password_hash.is_some(), "last_login": user.last_login,
            })
        };
        return json(&users.iter().map(row).collect::<Vec<_>>());
    }
    let mut rows = table(&["User", "E-mail address", "May come in", "Last login"]);
    for user in users {
        rows.add_row([
            user.id.to_string(),
            user.email,
            if user.is_active { "yes" } else { "no" }.to_owned(),
            user.last_login
                .map(|at| at.format("%F %R").to_string())
                .unwrap_or_default(),
        ]);
    }
    line(rows)
}
