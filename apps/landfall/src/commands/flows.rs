//! `landfall flows`: the work on imports, and how to steer it.

use crate::arguments::TenantFlags;
use crate::config::Config;
use crate::failure::Failure;
use crate::installation::{IfMissing, open};
use crate::output::{json, line, table};
use crate::tenancy;
use clap::{Args, Subcommand};
use landfall_domain::{MasterFlowId, PageRequest};
use landfall_services::flows::{MasterFlow, MasterFlowFilter};
use serde_json::{Value, json};

/// How times are shown, in UTC.
const TIME: &str = "%Y-%m-%d %H:%M:%S";

/// Flags of `flows`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    tenant: TenantFlags,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List flows, newest first
    List {
        /// Flows at most
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Write the flows as JSON
        #[arg(long)]
        json: bool,
    },
    /// Show the phases of a flow
    Show {
        /// The flow
        flow: MasterFlowId,
    },
    /// Stop the work on a flow until it is resumed
    Pause {
        /// The flow
        flow: MasterFlowId,
        /// Why
        #[arg(long)]
        reason: Option<String>,
    },
    /// Go on with a paused flow, or take its mappings as they are decided now
    Resume {
        /// The flow
        flow: MasterFlowId,
    },
    /// Go on with a failed flow where it stopped
    Retry {
        /// The flow
        flow: MasterFlowId,
    },
    /// Stop a flow for good
    Cancel {
        /// The flow
        flow: MasterFlowId,
        /// Why
        #[arg(long)]
        reason: Option<String>,
    },
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    let services = open(config, IfMissing::Refuse).await?;
    let scope = tenancy::select(&services, config, &arguments.tenant)
        .await?
        .scope();
    match &arguments.action {
        Action::List { limit, json } => {
            let page = PageRequest::first(*limit);
            list(
                &services
                    .flows(&scope, &MasterFlowFilter::default(), &page)
                    .await?
                    .items,
                *json,
            )
        }
        Action::Show { flow } => {
            let mut rows = table(&["Phase", "State", "Started", "Completed"]);
            for phase in services.flow_phases(&scope, *flow).await? {
                let started = phase
                    .started_at
                    .map_or_else(String::new, |at| at.format(TIME).to_string());
                let completed = phase
                    .completed_at
                    .map_or_else(String::new, |at| at.format(TIME).to_string());
                rows.add_row([
                    phase.phase.to_string(),
                    phase.status.to_string(),
                    started,
                    completed,
                ]);
            }
            line(rows)
        }
        Action::Pause { flow, reason } => {
            services.pause(&scope, *flow, reason.clone()).await?;
            line(format_args!("The flow {flow} is paused."))
        }
        Action::Resume { flow } => {
            services.resume(&scope, *flow).await?;
            line(format_args!(
                "The flow {flow} goes on as soon as a worker is free."
            ))
        }
        Action::Retry { flow } => {
            services.retry(&scope, *flow).await?;
            line(format_args!(
                "The flow {flow} goes on as soon as a worker is free."
            ))
        }
        Action::Cancel { flow, reason } => {
            services.cancel(&scope, *flow, reason.clone()).await?;
            line(format_args!("The flow {flow} is cancelled."))
        }
    }
}

fn list(flows: &[MasterFlow], as_json: bool) -> Result<(), Failure> {
    if as_json {
        return json(&flows.iter().map(row).collect::<Vec<_>>());
    }
    let mut rows = table(&["Flow", "Name", "State", "Phase", "Made"]);
    for flow in flows {
        rows.add_row([
            flow.flow_id.to_string(),
            flow.flow_name.clone().unwrap_or_default(),
            flow.flow_status.to_string(),
            flow.current_phase.clone().unwrap_or_default(),
            flow.created_at.format(TIME).to_string(),
        ]);
    }
    line(rows)
}

fn row(flow: &MasterFlow) -> Value {
    json!({
        "flow_id": flow.flow_id, "name": flow.flow_name, "status": flow.flow_status,
        "current_phase": flow.current_phase, "created_at": flow.created_at, "updated_at": flow.updated_at,
    })
}
