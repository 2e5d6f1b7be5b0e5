//! Computed sizes: what they are computed from, and writing and adding them up.

use super::AssessmentRepository;
use crate::StoreResult;
use crate::bulk::{Bulk, Conflict};
use assessments::{Column, Model};
use landfall_domain::{AssessmentType, AssetId, RiskLevel};
use landfall_entities::{TenantScoped, assessments, asset_disks, asset_metrics, asset_networks};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Value};

/// Ids of one `IN` list.
const IDS_PER_STATEMENT: usize = 500;

/// What is known of machines beside their rows.
#[derive(Clone, Debug, Default)]
pub struct MachineDetails {
    /// Disks, without partitions.
    pub disks: Vec<asset_disks::Model>,
    /// Network adapters.
    pub networks: Vec<asset_networks::Model>,
    /// Measured load.
    pub metrics: Vec<asset_metrics::Model>,
}

/// Sizes added up, for one readiness.
#[derive(Clone, Debug, PartialEq)]
pub struct SizeTotals {
    /// `low` for ready, `medium` for ready with conditions, `critical` for not ready, none for unknown.
    pub risk_level: Option<RiskLevel>,
    /// Number of machines.
    pub machines: i64,
    /// Cost of a month today, minor units of the engagement's currency.
    pub current_cost: i64,
    /// Cost of a month on the target, minor units of the engagement's currency.
    pub target_cost: i64,
    /// Data points that were there, in thousandths.
    pub available: i64,
    /// Data points that were needed, in thousandths.
    pub needed: i64,
}

impl AssessmentRepository<'_> {
    /// Details of these machines, in three queries: for a batch of assets, at most a few thousand.
    pub async fn machine_details(&self, ids: &[AssetId]) -> StoreResult<MachineDetails> {
        let (scope, connection) = (self.uow.scope(), &self.uow.connection);
        let disks = asset_disks::Entity::of(scope)
            .filter(asset_disks::Column::AssetId.is_in(ids.iter().copied()))
            .filter(asset_disks::Column::Kind.eq("disk"))
            .order_by_asc(asset_disks::Column::AssetId)
            .order_by_asc(asset_disks::Column::Label)
            .all(connection)
            .await?;
        let networks = asset_networks::Entity::of(scope)
            .filter(asset_networks::Column::AssetId.is_in(ids.iter().copied()))
            .all(connection)
            .await?;
        let metrics = asset_metrics::Entity::of(scope)
            .filter(asset_metrics::Column::AssetId.is_in(ids.iter().copied()))
            .order_by_asc(asset_metrics::Column::Id)
            .all(connection)
            .await?;
        Ok(MachineDetails {
            disks,
            networks,
            metrics,
        })
    }

    /// The sizes of the engagement's machines, added up per readiness.
    pub async fn size_totals(&self) -> StoreResult<Vec<SizeTotals>> {
        type Row = (Option<RiskLevel>, i64, i64, i64, i64, i64);
        // PostgreSQL adds up whole numbers to a decimal: it is made whole again.
        let total = |number: Expr| Expr::from(Func::coalesce([number.sum(), Expr::val(0)])).cast_as("bigint");
        let points = |name: &str| {
            total(Expr::cust(format!(
                "CAST(results -> 'data_points' ->> '{name}' AS bigint)"
            )))
        };
        let rows: Vec<Row> = assessments::Entity::of(self.uow.scope())
            .filter(Column::AssessmentType.eq(AssessmentType::TechnicalAssessment))
            .filter(Column::AssetId.is_not_null())
            .select_only()
            .column(Column::RiskLevel)
            .expr_as(Column::Id.count(), "machines")
            .expr_as(total(Expr::col(Column::CurrentCost)), "current_cost")
            .expr_as(total(Expr::col(Column::EstimatedTargetCost)), "target_cost")
            .expr_as(points("available"), "available")
            .expr_as(points("needed"), "needed")
            .group_by(Column::RiskLevel)
            .into_tuple()
            .all(&self.uow.connection)
            .await?;
        let totals = |(risk_level, machines, current_cost, target_cost, available, needed): Row| SizeTotals {
            risk_level,
            machines,
            current_cost,
            target_cost,
            available,
            needed,
        };
        Ok(rows.into_iter().map(totals).collect())
    }
}

impl Bulk {
    /// Replaces the computed sizes of these assets.
    pub async fn replace_sizes(&mut self, assets: &[AssetId], rows: Vec<Model>) -> StoreResult<()> {
        for chunk in assets.chunks(IDS_PER_STATEMENT) {
            let list: Vec<String> = (2..chunk.len() + 2).map(|number| format!("${number}")).collect();
            let sql = format!(
                "DELETE FROM assessments WHERE client_account_id = $1 AND assessment_type = 'technical_assessment' \
                 AND asset_id IN ({})",
                list.join(", ")
            );
            let client = Value::from(self.scope().client_account_id);
            let values = std::iter::once(client)
                .chain(chunk.iter().map(|id| Value::from(*id)))
                .collect();
            self.execute(&sql, values).await?;
        }
        let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
        self.insert::<assessments::ActiveModel>(rows, &Conflict::Keep)
            .await?;
        Ok(())
    }
}
