//! `landfall sixr policy`: the rules and weights of a client account.

use crate::failure::Failure;
use crate::output::{line, say, table};
use clap::{Args, Subcommand};
use landfall_domain::Scope;
use landfall_services::Services;
use landfall_services::sixr::{PolicyFaults, SixrError};
use std::path::{Path, PathBuf};

/// Flags of `sixr policy`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) action: Action,
}

#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Write the policy that counts, or a version of it
    Show {
        /// The version
        #[arg(long)]
        version: Option<i32>,
    },
    /// List versions, the newest first
    Versions,
    /// Say everything that is wrong with a policy file
    Check {
        /// The file
        file: PathBuf,
    },
    /// Make a file the policy of the client account
    Set {
        /// The file
        file: PathBuf,
        /// Why it was changed
        #[arg(long)]
        comment: Option<String>,
    },
}

pub(super) async fn run(services: &Services, scope: &Scope, arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.action {
        Action::Show { version } => {
            let policy = services.sixr_policy(scope, *version).await?;
            say(format_args!("# {}", policy.label()));
            line(policy.body.trim_end())
        }
        Action::Versions => {
            let mut rows = table(&["Version", "Name", "Made", "By", "Why"]);
            for policy in services.sixr_policies(scope).await? {
                let at = policy.created_at;
                rows.add_row([
                    policy.label(),
                    policy.name,
                    at.map(|at| at.format("%Y-%m-%d %H:%M").to_string())
                        .unwrap_or_default(),
                    policy.created_by.unwrap_or_default(),
                    policy.comment.unwrap_or_default(),
                ]);
            }
            line(rows)
        }
        Action::Check { file } => check(file),
        Action::Set { file, comment } => {
            let body = read(file)?;
            match services.put_sixr_policy(scope, &body, comment.clone()).await {
                Ok(policy) => line(format_args!("The policy is version {} now.", policy.label())),
                Err(SixrError::Policy(faults)) => Err(told(&faults)?),
                Err(error) => Err(error.into()),
            }
        }
    }
}

/// Says everything that is wrong with a policy file; needs no database.
pub(super) fn check(file: &Path) -> Result<(), Failure> {
    match landfall_services::sixr::check_policy(&read(file)?) {
        Ok(()) => line("The policy is without fault."),
        Err(faults) => Err(told(&faults)?),
    }
}

fn told(faults: &PolicyFaults) -> Result<Failure, Failure> {
    let mut rows = table(&["Where", "What"]);
    for fault in &faults.0 {
        rows.add_row([fault.path.clone(), fault.message.clone()]);
    }
    line(rows)?;
    Ok(Failure::told())
}

fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file)
        .map_err(|error| Failure::from(error).while_doing(format_args!("reading {}", file.display())))
}
