//! Finding flows: by filter, by number, by what changed.

use super::{DiscoveryFilter, DiscoveryFlowRepository, DiscoverySort};
use crate::StoreResult;
use crate::numbered::{self, NumberedPage, PageNumber};
use chrono::{DateTime, Utc};
use discovery_flows::Column;
use landfall_domain::{DiscoveryFlowId, FlowStatus};
use landfall_entities::{TenantScoped, assets, discovery_flows};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};

/// Flows that are read at once after a change.
const MOST_CHANGED: u64 = 500;

impl DiscoveryFlowRepository<'_> {
    /// A numbered page of flows.
    pub async fn numbered(
        &self,
        filter: &DiscoveryFilter,
        sort: DiscoverySort,
        descending: bool,
        number: PageNumber,
    ) -> StoreResult<NumberedPage<discovery_flows::Model>> {
        let column = match sort {
            DiscoverySort::CreatedAt => Column::CreatedAt,
            DiscoverySort::UpdatedAt => Column::UpdatedAt,
            DiscoverySort::Name => Column::FlowName,
            DiscoverySort::Status => Column::Status,
            DiscoverySort::CurrentPhase => Column::CurrentPhase,
            DiscoverySort::Progress => Column::ProgressPercentage,
        };
        let rows = discovery_flows::Entity::of(self.uow.scope()).filter(condition(filter));
        numbered::page(
            &self.uow.connection,
            rows,
            (column, Column::FlowId),
            descending,
            number,
        )
        .await
    }

    /// How many flows are in each state.
    pub async fn count_by_status(&self) -> StoreResult<Vec<(FlowStatus, i64)>> {
        Ok(discovery_flows::Entity::of(self.uow.scope())
            .select_only()
            .column(Column::Status)
            .expr_as(Column::FlowId.count(), "number")
            .group_by(Column::Status)
            .into_tuple()
            .all(&self.uow.connection)
            .await?)
    }

    /// When each completed flow began and ended, the latest first, at most `limit`.
    pub async fn completion_times(&self, limit: u64) -> StoreResult<Vec<(DateTime<Utc>, DateTime<Utc>)>> {
        Ok(discovery_flows::Entity::of(self.uow.scope())
            .filter(Column::Status.eq(FlowStatus::Completed))
            .filter(Column::StartedAt.is_not_null())
            .filter(Column::CompletedAt.is_not_null())
            .select_only()
            .column(Column::StartedAt)
            .column(Column::CompletedAt)
            .order_by_desc(Column::CompletedAt)
            .limit(limit)
            .into_tuple()
            .all(&self.uow.connection)
            .await?)
    }

    /// Flows that were changed at `since` or later, in the order of their changes, at most five hundred.
    pub async fn changed_since(&self, since: DateTime<Utc>) -> StoreResult<Vec<discovery_flows::Model>> {
        Ok(discovery_flows::Entity::of(self.uow.scope())
            .filter(Column::UpdatedAt.gte(since))
            .order_by_asc(Column::UpdatedAt)
            .order_by_asc(Column::FlowId)
            .limit(MOST_CHANGED)
            .all(&self.uow.connection)
            .await?)
    }

    /// Takes the flow out of its assets, before it is deleted. Gives their number.
    pub async fn release_assets(&self, flow_id: DiscoveryFlowId) -> StoreResult<u64> {
        use crate::scoped::ScopedWrites;
        let released = assets::Entity::update_of(self.uow.scope())
            .filter(assets::Column::DiscoveryFlowId.eq(flow_id))
            .col_expr(
                assets::Column::DiscoveryFlowId,
                Expr::val(Option::<DiscoveryFlowId>::None),
            )
            .exec(&self.uow.connection)
            .await?;
        Ok(released.rows_affected)
    }
}

pub(super) fn condition(filter: &DiscoveryFilter) -> Condition {
    let mut condition = Condition::all();
    if !filter.statuses.is_empty() {
        condition = condition.add(Column::Status.is_in(filter.statuses.iter().copied()));
    }
    condition
        .add_option(
            filter
                .current_phase
                .map(|phase| Column::CurrentPhase.eq(phase.as_str())),
        )
        .add_option(filter.master_flow_id.map(|flow| Column::MasterFlowId.eq(flow)))
        .add_option(
            filter
                .data_import_id
                .map(|import| Column::DataImportId.eq(import)),
        )
        .add_option(
            filter
                .mappings_applied
                .map(|applied| Column::FieldMappingCompleted.eq(applied)),
        )
        .add_option(filter.created_after.map(|time| Column::CreatedAt.gte(time)))
        .add_option(filter.created_before.map(|time| Column::CreatedAt.lt(time)))
        .add_option(filter.updated_after.map(|time| Column::UpdatedAt.gte(time)))
        .add_option(filter.updated_before.map(|time| Column::UpdatedAt.lt(time)))
        .add_option(filter.execution_mode.as_ref().map(|mode| {
            // Both databases read a text out of JSON by this operator.
            ExprTrait::eq(
                Expr::cust("COALESCE(flow_state ->> 'execution_mode', 'hybrid')"),
                mode.as_str(),
            )
        }))
}
