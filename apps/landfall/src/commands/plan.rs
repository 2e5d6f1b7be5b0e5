//! `landfall plan`: what moves when.

mod actions;
mod files;

use crate::arguments::TenantFlags;
use crate::config::Config;
use crate::failure::Failure;
use crate::installation::{IfMissing, open};
use crate::tenancy;
use clap::{Args, Subcommand};
use landfall_services::plans::PlanFormat;
use std::path::PathBuf;
use uuid::Uuid;

/// Flags of `plan`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(super) action: Action,
    #[command(flatten)]
    pub(super) tenant: TenantFlags,
    /// Write the result as JSON
    #[arg(long, global = true)]
    pub(super) json: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Make a plan of waves from the inventory
    Create(Create),
    /// List plans
    List,
    /// Show a plan with its waves
    Show(One),
    /// Make the waves of a plan anew, keeping its pins
    Generate(One),
    /// List everything that is wrong with a plan
    Violations(One),
    /// Move an asset to another wave and pin it there
    Move(Move),
    /// List the versions of a plan
    Versions(One),
    /// Say what differs between two versions of a plan
    Diff(Diff),
    /// Take the last version back
    Undo(One),
    /// Copy a plan, to try something out
    Copy(Copy),
    /// Make a plan the one that is carried out
    Commit(One),
    /// Take a commit back
    Revert(One),
    /// Write a plan to a file for another tool, or to be edited and read back
    Export(Export),
    /// Read an edited file back
    Import(Import),
    /// Delete a plan
    Delete(One),
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// Its name
    #[arg(default_value = "Wave plan")]
    pub(super) name: String,
    /// A setting, such as `max_workloads=30` or `start_date=2027-01-04`; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(super) settings: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct One {
    /// The plan [default: the newest]
    pub(super) plan: Option<Uuid>,
}

#[derive(Debug, Args)]
pub(super) struct Move {
    /// The asset
    pub(super) asset: Uuid,
    /// Its wave; 0 takes it out of the plan
    pub(super) wave: u32,
    /// The plan [default: the newest]
    #[arg(long)]
    pub(super) plan: Option<Uuid>,
    /// Let it go elsewhere when the plan is made again
    #[arg(long)]
    pub(super) unpinned: bool,
}

#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The plan [default: the newest]
    pub(super) plan: Option<Uuid>,
    /// The earlier version [default: the one before]
    #[arg(long)]
    pub(super) from: Option<i32>,
    /// The later version [default: the present one]
    #[arg(long)]
    pub(super) to: Option<i32>,
}

#[derive(Debug, Args)]
pub(super) struct Copy {
    /// The plan [default: the newest]
    pub(super) plan: Option<Uuid>,
    /// The name of the copy
    #[arg(long)]
    pub(super) name: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// The plan [default: the newest]
    pub(super) plan: Option<Uuid>,
    /// Where to write it; `-` is the standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: PathBuf,
    /// csv, xlsx, mgn, cmf, azure, jira or ics [default: by the file's ending]
    #[arg(long)]
    pub(super) format: Option<PlanFormat>,
    /// AWS account, for mgn and cmf
    #[arg(long)]
    pub(super) account_id: Option<String>,
    /// AWS region, for mgn and cmf
    #[arg(long)]
    pub(super) region: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// The edited file
    pub(super) file: PathBuf,
    /// The plan [default: the newest]
    #[arg(long)]
    pub(super) plan: Option<Uuid>,
    /// Say what would change, and change nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    let services = open(config, IfMissing::Refuse).await?;
    let selected = tenancy::select(&services, config, &arguments.tenant).await?;
    actions::run(&services, &selected.scope(), arguments).await
}
