//! What hangs on a master flow.

use crate::{StoreResult, Uow};
use landfall_domain::MasterFlowId;
use landfall_entities::{
    TenantScoped, assessments, assets, data_imports, discovery_flows, master_flows, migration_waves,
    sixr_analyses, wave_plans,
};
use sea_orm::sea_query::{Alias, Expr, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait,
};
use serde::Serialize;

/// How many rows of each kind hang on a master flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult, Serialize)]
pub struct FlowChildren {
    /// Flows that are part of it.
    pub flows: i64,
    /// Data imports.
    pub data_imports: i64,
    /// Discovery flows.
    pub discovery_flows: i64,
    /// Assets.
    pub assets: i64,
    /// Assessments.
    pub assessments: i64,
    /// 6R analyses.
    pub sixr_analyses: i64,
    /// Waves.
    pub migration_waves: i64,
    /// Wave plans.
    pub wave_plans: i64,
}

/// All counts in one statement.
pub(super) async fn count(uow: &Uow, flow_id: MasterFlowId) -> StoreResult<FlowChildren> {
    let mut statement = Query::select();
    let mut add = |name: &'static str, count: Expr| {
        statement.expr_as(count, Alias::new(name));
    };
    add(
        "flows",
        rows_of::<master_flows::Entity>(uow, master_flows::Column::ParentFlowId, flow_id),
    );
    add(
        "data_imports",
        rows_of::<data_imports::Entity>(uow, data_imports::Column::MasterFlowId, flow_id),
    );
    add(
        "discovery_flows",
        rows_of::<discovery_flows::Entity>(uow, discovery_flows::Column::MasterFlowId, flow_id),
    );
    add(
        "assets",
        rows_of::<assets::Entity>(uow, assets::Column::MasterFlowId, flow_id),
    );
    add(
        "assessments",
        rows_of::<assessments::Entity>(uow, assessments::Column::MasterFlowId, flow_id),
    );
    add(
        "sixr_analyses",
        rows_of::<sixr_analyses::Entity>(uow, sixr_analyses::Column::MasterFlowId, flow_id),
    );
    add(
        "migration_waves",
        rows_of::<migration_waves::Entity>(uow, migration_waves::Column::MasterFlowId, flow_id),
    );
    add(
        "wave_plans",
        rows_of::<wave_plans::Entity>(uow, wave_plans::Column::MasterFlowId, flow_id),
    );

    let statement = uow.connection.get_database_backend().build(&statement);
    let counts = FlowChildren::find_by_statement(statement)
        .one(&uow.connection)
        .await?;
    Ok(counts.unwrap_or(FlowChildren {
        flows: 0,
        data_imports: 0,
        discovery_flows: 0,
        assets: 0,
        assessments: 0,
        sixr_analyses: 0,
        migration_waves: 0,
        wave_plans: 0,
    }))
}

fn rows_of<E: TenantScoped + EntityTrait>(uow: &Uow, link: E::Column, flow_id: MasterFlowId) -> Expr {
    let mut rows = E::of(uow.scope())
        .filter(link.eq(flow_id))
        .select_only()
        .expr(link.count())
        .into_query();
    Expr::SubQuery(None, Box::new(rows.take().into()))
}
