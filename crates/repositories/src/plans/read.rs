//! What a plan says: waves, assets, violations, versions.

use super::PlanRepository;
use crate::keyset::{self, Sort};
use crate::{StoreError, StoreResult};
use landfall_domain::{AssetId, Page, PageRequest};
use landfall_entities::{
    TenantScoped, plan_changes, plan_versions, plan_violations, wave_plan_assets, wave_plans,
};
use sea_orm::{ColumnTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait};
use uuid::Uuid;

/// Where an asset is in a plan.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct PlannedAsset {
    /// The row.
    pub id: Uuid,
    /// The asset.
    pub asset_id: AssetId,
    /// Its wave; 0 if it does not move.
    pub wave_number: i32,
    /// Whether a person put it there.
    pub is_pinned: bool,
    /// Why it is there.
    pub reason: Option<String>,
}

/// Which violations are listed.
#[derive(Clone, Debug, Default)]
pub struct ViolationFilter {
    /// Of this rule.
    pub rule: Option<String>,
    /// Of this severity.
    pub severity: Option<String>,
}

impl PlanRepository<'_> {
    /// Every wave of a plan, by number; number 0 holds what does not move.
    pub async fn all_waves(&self, plan: Uuid) -> StoreResult<Vec<wave_plans::Model>> {
        Ok(wave_plans::Entity::of(self.uow.scope())
            .filter(wave_plans::Column::PlanId.eq(plan))
            .order_by_asc(wave_plans::Column::WaveNumber)
            .all(&self.uow.connection)
            .await?)
    }

    /// Waves of a plan, by number.
    pub async fn waves(&self, plan: Uuid, request: &PageRequest) -> StoreResult<Page<wave_plans::Model>> {
        use wave_plans::Column;
        let rows = wave_plans::Entity::of(self.uow.scope())
            .filter(Column::PlanId.eq(plan))
            .filter(Column::WaveNumber.gt(0));
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by(Column::WaveNumber, Column::Id, false),
            request,
        )
        .await
    }

    /// One wave of a plan.
    pub async fn wave(&self, plan: Uuid, number: i32) -> StoreResult<wave_plans::Model> {
        wave_plans::Entity::of(self.uow.scope())
            .filter(wave_plans::Column::PlanId.eq(plan))
            .filter(wave_plans::Column::WaveNumber.eq(number))
            .one(&self.uow.connection)
            .await?
            .ok_or_else(|| StoreError::not_found("wave of the plan with the number", number))
    }

    /// Assets of one wave of a plan.
    pub async fn wave_assets(
        &self,
        wave: Uuid,
        request: &PageRequest,
    ) -> StoreResult<Page<wave_plan_assets::Model>> {
        use wave_plan_assets::Column;
        let rows = wave_plan_assets::Entity::of(self.uow.scope()).filter(Column::WavePlanId.eq(wave));
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by_id(Column::Id, false),
            request,
        )
        .await
    }

    /// Every asset of a plan with its wave. For recomputing; 100 bytes per asset and the length of its reason.
    pub async fn assignment(&self, plan: Uuid) -> StoreResult<Vec<PlannedAsset>> {
        use wave_plan_assets::Column;
        Ok(wave_plan_assets::Entity::of(self.uow.scope())
            .join(JoinType::InnerJoin, wave_plan_assets::Relation::WavePlan.def())
            .filter(wave_plans::Column::ClientAccountId.eq(self.uow.scope().client_account_id))
            .filter(wave_plans::Column::PlanId.eq(plan))
            .select_only()
            .columns([Column::Id, Column::AssetId, Column::IsPinned, Column::Reason])
            .column(wave_plans::Column::WaveNumber)
            .order_by_asc(Column::AssetId)
            .into_model()
            .all(&self.uow.connection)
            .await?)
    }

    /// Violations of a plan, the worst first.
    pub async fn violations(
        &self,
        plan: Uuid,
        filter: &ViolationFilter,
        request: &PageRequest,
    ) -> StoreResult<Page<plan_violations::Model>> {
        use plan_violations::Column;
        let mut rows = plan_violations::Entity::of(self.uow.scope()).filter(Column::PlanId.eq(plan));
        if let Some(rule) = &filter.rule {
            rows = rows.filter(Column::Rule.eq(rule));
        }
        if let Some(severity) = &filter.severity {
            rows = rows.filter(Column::Severity.eq(severity));
        }
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by(Column::Position, Column::Id, false),
            request,
        )
        .await
    }

    /// Versions of a plan, newest first.
    pub async fn versions(
        &self,
        plan: Uuid,
        request: &PageRequest,
    ) -> StoreResult<Page<plan_versions::Model>> {
        use plan_versions::Column;
        let rows = plan_versions::Entity::of(self.uow.scope()).filter(Column::PlanId.eq(plan));
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by(Column::PlanVersion, Column::Id, true),
            request,
        )
        .await
    }

    /// One version of a plan.
    pub async fn version(&self, plan: Uuid, number: i32) -> StoreResult<plan_versions::Model> {
        plan_versions::Entity::of(self.uow.scope())
            .filter(plan_versions::Column::PlanId.eq(plan))
            .filter(plan_versions::Column::PlanVersion.eq(number))
            .one(&self.uow.connection)
            .await?
            .ok_or_else(|| StoreError::not_found("version of the plan with the number", number))
    }

    /// What versions after `after` and up to `up_to` moved, in order of versions.
    pub async fn changes(&self, plan: Uuid, after: i32, up_to: i32) -> StoreResult<Vec<plan_changes::Model>> {
        use plan_changes::Column;
        Ok(plan_changes::Entity::of(self.uow.scope())
            .filter(Column::PlanId.eq(plan))
            .filter(Column::PlanVersion.gt(after))
            .filter(Column::PlanVersion.lte(up_to))
            .order_by_asc(Column::PlanVersion)
            .order_by_asc(Column::AssetId)
            .all(&self.uow.connection)
            .await?)
    }
}
