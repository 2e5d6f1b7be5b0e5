//! Master flows: one per programme of work, on which every phase hangs.

mod children;
mod status;

use crate::keyset::{self, Sort};
use crate::scoped::{ScopedWrites, conflict, insert, one};
use crate::{StoreError, StoreResult, Uow};
pub use children::FlowChildren;
use chrono::{DateTime, SecondsFormat, Utc};
use landfall_domain::{FlowStatus, FlowType, MasterFlowId, Page, PageRequest};
use landfall_entities::{TenantScoped, master_flows};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use serde_json::{Map, Value, json};
pub use status::{DiscoveryProgress, FlowProgress, MasterFlowProgress};

/// Errors kept in a flow's history; older ones give way.
const ERRORS_KEPT: usize = 100;

/// Master flows of the unit of work's scope.
#[derive(Debug)]
pub struct MasterFlowRepository<'u> {
    uow: &'u Uow,
}

/// A master flow to be made.
#[derive(Clone, Debug)]
pub struct NewMasterFlow {
    /// Kind of its first work.
    pub flow_type: FlowType,
    /// A name for a person.
    pub flow_name: Option<String>,
    /// The flow it is part of.
    pub parent_flow_id: Option<MasterFlowId>,
    /// Settings, a JSON object.
    pub configuration: Value,
}

/// Which master flows are listed.
#[derive(Clone, Debug, Default)]
pub struct MasterFlowFilter {
    /// In one of these states; in any if empty.
    pub statuses: Vec<FlowStatus>,
    /// Of this kind.
    pub flow_type: Option<FlowType>,
    /// Part of this flow.
    pub parent_flow_id: Option<MasterFlowId>,
}

impl Uow {
    /// Master flows.
    pub fn flows(&self) -> MasterFlowRepository<'_> {
        MasterFlowRepository { uow: self }
    }
}

impl MasterFlowRepository<'_> {
    /// Makes a pending flow.
    pub async fn create(&self, new: NewMasterFlow) -> StoreResult<master_flows::Model> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let (object, array) = (|| Value::Object(Map::new()), || Value::Array(Vec::new()));
        let row = master_flows::Model {
            client_account_id: scope.client_account_id,
            engagement_id: scope.engagement_id,
            flow_id: MasterFlowId::new(),
            flow_type: new.flow_type,
            flow_name: new.flow_name,
            flow_status: FlowStatus::Pending,
            current_phase: None,
            parent_flow_id: new.parent_flow_id,
            user_id: scope
                .actor
                .user_id
                .map_or_else(|| scope.actor.name.clone(), |id| id.to_string()),
            retry_count: 0,
            master_state: object(),
            flow_configuration: new.configuration,
            phase_transitions: array(),
            error_history: array(),
            flow_persistence_data: object(),
            agent_collaboration_log: array(),
            memory_usage_metrics: object(),
            knowledge_base_analytics: object(),
            phase_execution_times: object(),
            agent_performance_metrics: object(),
            crew_coordination_analytics: object(),
            learning_patterns: array(),
            user_feedback_history: array(),
            adaptation_metrics: object(),
            version: 1,
            created_at: now,
            updated_at: now,
        };
        insert(&self.uow.connection, row.clone()).await?;
        Ok(row)
    }

    /// The flow with this id.
    pub async fn get(&self, flow_id: MasterFlowId) -> StoreResult<master_flows::Model> {
        one::<master_flows::Entity>(
            self.uow,
            master_flows::Column::FlowId.eq(flow_id),
            "master flow",
            flow_id,
        )
        .await
    }

    /// Flows, newest first.
    pub async fn list(
        &self,
        filter: &MasterFlowFilter,
        request: &PageRequest,
    ) -> StoreResult<Page<master_flows::Model>> {
        use master_flows::Column;
        let mut rows = master_flows::Entity::of(self.uow.scope());
        if !filter.statuses.is_empty() {
            rows = rows.filter(Column::FlowStatus.is_in(filter.statuses.iter().copied()));
        }
        if let Some(flow_type) = filter.flow_type {
            rows = rows.filter(Column::FlowType.eq(flow_type));
        }
        if let Some(parent) = filter.parent_flow_id {
            rows = rows.filter(Column::ParentFlowId.eq(parent));
        }
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by(Column::CreatedAt, Column::FlowId, true),
            request,
        )
        .await
    }

    /// Moves the flow to a phase and state, and appends `{phase, status, at, duration_ms, metadata}` to its transitions.
    /// `duration_ms` is the time since the phase's transition before, and is added to the phase's execution time when the
    /// phase was running meanwhile.
    pub async fn transition(
        &self,
        flow_id: MasterFlowId,
        phase: &str,
        status: FlowStatus,
        metadata: Value,
    ) -> StoreResult<master_flows::Model> {
        let flow = self.lock(flow_id).await?;
        let now = self.uow.now();
        let mut transitions = as_array(flow.phase_transitions);
        let before = transitions.iter().rev().find(|entry| entry["phase"] == phase);
        let duration = before.and_then(|entry| milliseconds_since(&entry["at"], now));
        let mut times = as_object(flow.phase_execution_times);
        if let Some(duration) = duration.filter(|_| before.is_some_and(|entry| entry["status"] == "running"))
        {
            let total = times.get(phase).and_then(Value::as_i64).unwrap_or(0) + duration;
            times.insert(phase.to_owned(), total.into());
        }
        transitions.push(json!({
            "phase": phase, "status": status, "at": time_text(now), "duration_ms": duration, "metadata": metadata,
        }));
        self.write(
            flow_id,
            flow.version,
            [
                (
                    master_flows::Column::PhaseTransitions,
                    Value::Array(transitions).into(),
                ),
                (
                    master_flows::Column::PhaseExecutionTimes,
                    Value::Object(times).into(),
                ),
                (master_flows::Column::CurrentPhase, phase.into()),
                (master_flows::Column::FlowStatus, status.into()),
            ],
        )
        .await
    }

    /// Sets the flow's state without a transition of a phase.
    pub async fn set_status(
        &self,
        flow_id: MasterFlowId,
        status: FlowStatus,
    ) -> StoreResult<master_flows::Model> {
        let flow = self.lock(flow_id).await?;
        self.write(
            flow_id,
            flow.version,
            [(master_flows::Column::FlowStatus, status.into())],
        )
        .await
    }

    /// Appends an error to the flow's history and counts it; the flow's state stays.
    pub async fn record_error(
        &self,
        flow_id: MasterFlowId,
        phase: &str,
        message: &str,
        details: Value,
    ) -> StoreResult<master_flows::Model> {
        let flow = self.lock(flow_id).await?;
        let mut errors = as_array(flow.error_history);
        errors.push(json!({
            "phase": phase, "message": message, "details": details, "at": time_text(self.uow.now()),
        }));
        errors.drain(..errors.len().saturating_sub(ERRORS_KEPT));
        self.write(
            flow_id,
            flow.version,
            [
                (master_flows::Column::ErrorHistory, Value::Array(errors).into()),
                (
                    master_flows::Column::RetryCount,
                    flow.retry_count.saturating_add(1).into(),
                ),
            ],
        )
        .await
    }

    /// Replaces the flow's state document.
    pub async fn save_state(&self, flow_id: MasterFlowId, state: Value) -> StoreResult<master_flows::Model> {
        let flow = self.lock(flow_id).await?;
        self.write(
            flow_id,
            flow.version,
            [(master_flows::Column::MasterState, state.into())],
        )
        .await
    }

    /// Renames the flow, and replaces its settings, if it still has the version that the caller saw.
    pub async fn describe(
        &self,
        flow_id: MasterFlowId,
        expected: i64,
        flow_name: Option<String>,
        configuration: Option<Value>,
    ) -> StoreResult<master_flows::Model> {
        let flow = self.lock(flow_id).await?;
        if flow.version != expected {
            return Err(conflict("master flow", flow_id, expected, flow.version));
        }
        let name = flow_name.or(flow.flow_name);
        let configuration = configuration.unwrap_or(flow.flow_configuration);
        self.write(
            flow_id,
            flow.version,
            [
                (master_flows::Column::FlowName, name.into()),
                (master_flows::Column::FlowConfiguration, configuration.into()),
            ],
        )
        .await
    }

    /// Appends what a person said about the flow's results; the oldest of more than a hundred gives way.
    pub async fn add_feedback(
        &self,
        flow_id: MasterFlowId,
        feedback: Value,
    ) -> StoreResult<master_flows::Model> {
        let flow = self.lock(flow_id).await?;
        let mut history = as_array(flow.user_feedback_history);
        history.push(feedback);
        history.drain(..history.len().saturating_sub(ERRORS_KEPT));
        self.write(
            flow_id,
            flow.version,
            [(
                master_flows::Column::UserFeedbackHistory,
                Value::Array(history).into(),
            )],
        )
        .await
    }

    /// How many flows there are of each kind in each state.
    pub async fn count_by_type_and_status(&self) -> StoreResult<Vec<(FlowType, FlowStatus, i64)>> {
        use master_flows::Column;
        Ok(master_flows::Entity::of(self.uow.scope())
            .select_only()
            .column(Column::FlowType)
            .column(Column::FlowStatus)
            .expr_as(Column::FlowId.count(), "number")
            .group_by(Column::FlowType)
            .group_by(Column::FlowStatus)
            .into_tuple()
            .all(&self.uow.connection)
            .await?)
    }

    /// How many rows of each kind hang on the flow.
    pub async fn children(&self, flow_id: MasterFlowId) -> StoreResult<FlowChildren> {
        children::count(self.uow, flow_id).await
    }

    /// The flow, kept from others until the unit of work ends.
    async fn lock(&self, flow_id: MasterFlowId) -> StoreResult<master_flows::Model> {
        master_flows::Entity::of(self.uow.scope())
            .filter(master_flows::Column::FlowId.eq(flow_id))
            .lock_exclusive()
            .one(&self.uow.connection)
            .await?
            .ok_or_else(|| StoreError::not_found("master flow", flow_id))
    }

    async fn write<const N: usize>(
        &self,
        flow_id: MasterFlowId,
        version: i64,
        values: [(master_flows::Column, sea_orm::Value); N],
    ) -> StoreResult<master_flows::Model> {
        use master_flows::Column;
        let mut update = master_flows::Entity::update_of(self.uow.scope())
            .filter(Column::FlowId.eq(flow_id))
            .filter(Column::Version.eq(version))
            .col_expr(Column::Version, Expr::val(version + 1))
            .col_expr(Column::UpdatedAt, Expr::val(self.uow.now()));
        for (column, value) in values {
            update = update.col_expr(column, Expr::val(value));
        }
        match update.exec_with_returning(&self.uow.connection).await?.pop() {
            Some(row) => Ok(row),
            None => Err(conflict(
                "master flow",
                flow_id,
                version,
                self.get(flow_id).await?.version,
            )),
        }
    }
}

fn as_array(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        _ => Vec::new(),
    }
}

fn as_object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn time_text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn milliseconds_since(then: &Value, now: DateTime<Utc>) -> Option<i64> {
    let then = DateTime::parse_from_rfc3339(then.as_str()?).ok()?;
    Some((now - then.with_timezone(&Utc)).num_milliseconds().max(0))
}
