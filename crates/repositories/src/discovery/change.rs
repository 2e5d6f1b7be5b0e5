//! States of a flow, and what goes with each.

use chrono::{DateTime, Utc};
use discovery_flows::Column;
use landfall_domain::{FlowStatus, Phase};
use landfall_entities::discovery_flows;
use serde_json::Value;

/// A new state of a flow, with what is worth knowing about it.
#[derive(Clone, Debug, PartialEq)]
pub enum FlowChange {
    /// Work goes on. Takes an earlier error away.
    Running,
    /// A person must decide something.
    Waiting {
        /// What, such as `field_mapping approval`.
        waiting_for: String,
    },
    /// A person stopped it for a while.
    Paused {
        /// Why.
        reason: Option<String>,
    },
    /// An error stopped it.
    Failed {
        /// A sentence a person can act on.
        message: String,
        /// The phase that failed.
        phase: Option<Phase>,
        /// More facts, a JSON object.
        details: Value,
    },
    /// A person stopped it for good.
    Cancelled {
        /// Why.
        reason: Option<String>,
    },
    /// All is done.
    Completed,
}

impl FlowChange {
    /// The state that the flow has then.
    pub const fn status(&self) -> FlowStatus {
        match self {
            Self::Running => FlowStatus::Running,
            Self::Waiting { .. } => FlowStatus::Waiting,
            Self::Paused { .. } => FlowStatus::Paused,
            Self::Failed { .. } => FlowStatus::Failed,
            Self::Cancelled { .. } => FlowStatus::Cancelled,
            Self::Completed => FlowStatus::Completed,
        }
    }
}

/// Every column that a new state changes.
pub(super) fn status_values(
    flow: &discovery_flows::Model,
    change: &FlowChange,
    now: DateTime<Utc>,
) -> Vec<(Column, sea_orm::Value)> {
    let mut state = flow.flow_state.as_object().cloned().unwrap_or_default();
    state.remove("waiting_for");
    state.remove("reason");
    let (mut message, mut error_phase, mut details) = (
        flow.error_message.clone(),
        flow.error_phase.clone(),
        flow.error_details.clone(),
    );
    let mut completed_at = None;
    match change {
        FlowChange::Running | FlowChange::Completed => (message, error_phase, details) = (None, None, None),
        FlowChange::Waiting { waiting_for } => {
            state.insert("waiting_for".to_owned(), waiting_for.clone().into());
        }
        FlowChange::Paused { reason } | FlowChange::Cancelled { reason } => {
            state.extend(reason.clone().map(|reason| ("reason".to_owned(), reason.into())));
        }
        FlowChange::Failed {
            message: why,
            phase,
            details: facts,
        } => {
            (message, details) = (Some(why.clone()), Some(facts.clone()));
            error_phase = phase
                .map(|phase| phase.as_str().to_owned())
                .or_else(|| flow.current_phase.clone());
        }
    }
    if change.status().is_final() {
        completed_at = Some(now);
    }
    let started_at = flow
        .started_at
        .or((change.status() == FlowStatus::Running).then_some(now));
    vec![
        (Column::Status, change.status().into()),
        (Column::FlowState, Value::Object(state).into()),
        (Column::ErrorMessage, message.into()),
        (Column::ErrorPhase, error_phase.into()),
        (Column::ErrorDetails, details.into()),
        (Column::StartedAt, started_at.into()),
        (Column::CompletedAt, completed_at.into()),
    ]
}
