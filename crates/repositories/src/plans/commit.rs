//! Making a plan the one that is carried out: its waves become migration waves, and its assets learn their wave.

use super::PlanRepository;
use crate::bulk::{Bulk, Conflict, TableShape};
use crate::inventory::active;
use crate::keyset::{self, Sort};
use crate::scoped::{ScopedWrites, conflict, one};
use crate::{StoreResult, Uow};
use chrono::{DateTime, Utc};
use landfall_domain::{Page, PageRequest};
use landfall_entities::{TenantScoped, change_log, migration_waves, plans, wave_plans};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

/// An asset's row in the plan.
const PLANNED: &str = "FROM wave_plan_assets a JOIN wave_plans w ON w.client_account_id = a.client_account_id \
     AND w.id = a.wave_plan_id WHERE a.client_account_id = assets.client_account_id AND a.asset_id = assets.id \
     AND w.plan_id = $2 AND w.wave_number > 0";

impl Bulk {
    /// Makes the migration waves of a plan and writes each asset's wave to it. What the assets said before is kept.
    pub async fn commit_plan(
        &mut self,
        plan: &plans::Model,
        waves: Vec<migration_waves::Model>,
        log: change_log::Model,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.set_committed(plan, "committed", Some(now), now).await?;
        let client = plan.client_account_id;
        let links = waves
            .iter()
            .flat_map(|wave| {
                [
                    client.into(),
                    plan.id.into(),
                    wave.wave_number.into(),
                    wave.id.into(),
                ]
            })
            .collect();
        self.insert(active(waves), &Conflict::Keep).await?;
        let shape = TableShape::with::<wave_plans::Entity>([
            wave_plans::Column::ClientAccountId,
            wave_plans::Column::PlanId,
            wave_plans::Column::WaveNumber,
            wave_plans::Column::WaveId,
        ]);
        self.update(&shape, 3, links).await?;
        let keep = "UPDATE wave_plan_assets SET \
             replaced_wave = (SELECT s.migration_wave FROM assets s WHERE s.client_account_id = wave_plan_assets.client_account_id \
               AND s.id = wave_plan_assets.asset_id), \
             replaced_status = (SELECT s.migration_status FROM assets s WHERE s.client_account_id = wave_plan_assets.client_account_id \
               AND s.id = wave_plan_assets.asset_id) \
             WHERE client_account_id = $1 AND wave_plan_id IN \
               (SELECT w.id FROM wave_plans w WHERE w.client_account_id = $1 AND w.plan_id = $2 AND w.wave_number > 0)";
        self.execute(keep, vec![client.into(), plan.id.into()]).await?;
        let assign = format!(
            "UPDATE assets SET migration_wave = (SELECT w.wave_number {PLANNED}), migration_status = 'planned', \
             updated_at = $3, version = version + 1 \
             WHERE client_account_id = $1 AND engagement_id = $4 AND EXISTS (SELECT 1 {PLANNED})"
        );
        let values = vec![
            client.into(),
            plan.id.into(),
            now.into(),
            plan.engagement_id.into(),
        ];
        self.execute(&assign, values).await?;
        self.insert(active(vec![log]), &Conflict::Keep).await.map(|_| ())
    }

    /// Takes a commit back: removes the plan's migration waves and gives assets back what they said before. Assets whose
    /// wave somebody changed since keep it.
    pub async fn revert_plan(
        &mut self,
        plan: &plans::Model,
        log: change_log::Model,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.set_committed(plan, "ready", None, now).await?;
        let client = plan.client_account_id;
        let give_back = format!(
            "UPDATE assets SET migration_wave = (SELECT a.replaced_wave {PLANNED}), \
             migration_status = (SELECT a.replaced_status {PLANNED}), updated_at = $3, version = version + 1 \
             WHERE client_account_id = $1 AND engagement_id = $4 \
             AND migration_wave = (SELECT w.wave_number {PLANNED}) AND EXISTS (SELECT 1 {PLANNED})"
        );
        let values = vec![
            client.into(),
            plan.id.into(),
            now.into(),
            plan.engagement_id.into(),
        ];
        self.execute(&give_back, values).await?;
        let waves = "SELECT wave_id FROM wave_plans WHERE client_account_id = $1 AND plan_id = $2 AND wave_id IS NOT NULL";
        let keep: Vec<sea_orm::Value> = vec![client.into(), plan.id.into()];
        // The links must go before the waves that they refer to; their ids are remembered in the versions' order of numbers.
        let remember = format!(
            "UPDATE migration_waves SET status = 'withdrawn' WHERE client_account_id = $1 AND id IN ({waves})"
        );
        self.execute(&remember, keep.clone()).await?;
        self.execute(
            "UPDATE wave_plans SET wave_id = NULL WHERE client_account_id = $1 AND plan_id = $2",
            keep,
        )
        .await?;
        self.execute(
            "DELETE FROM migration_waves WHERE client_account_id = $1 AND engagement_id = $2 AND status = 'withdrawn'",
            vec![client.into(), plan.engagement_id.into()],
        )
        .await?;
        self.insert(active(vec![log]), &Conflict::Keep).await.map(|_| ())
    }

    async fn set_committed(
        &mut self,
        plan: &plans::Model,
        status: &str,
        at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        let sql = "UPDATE plans SET status = $1, committed_at = $2, updated_at = $3, version = version + 1 \
                   WHERE client_account_id = $4 AND id = $5 AND version = $6";
        let values = vec![
            status.to_owned().into(),
            at.into(),
            now.into(),
            plan.client_account_id.into(),
            plan.id.into(),
            plan.version.into(),
        ];
        match self.execute(sql, values).await? {
            1 => Ok(()),
            _ => Err(conflict("plan", plan.id, plan.version, plan.version + 1)),
        }
    }
}

/// Migration waves of the unit of work's scope.
#[derive(Debug)]
pub struct WaveRepository<'u> {
    uow: &'u Uow,
}

/// What a person may change about a migration wave; `None` leaves a value, `Some(None)` takes it away.
#[derive(Clone, Debug, Default)]
pub struct WavePatch {
    /// Its name.
    pub name: Option<String>,
    /// Free text.
    pub description: Option<Option<String>>,
    /// State.
    pub status: Option<String>,
    /// When it is to start.
    pub planned_start_date: Option<Option<DateTime<Utc>>>,
    /// When it is to end.
    pub planned_end_date: Option<Option<DateTime<Utc>>>,
    /// When it started.
    pub actual_start_date: Option<Option<DateTime<Utc>>>,
    /// When it ended.
    pub actual_end_date: Option<Option<DateTime<Utc>>>,
    /// Assets that have arrived.
    pub completed_assets: Option<i32>,
    /// Assets that were given up.
    pub failed_assets: Option<i32>,
}

impl Uow {
    /// Migration waves.
    pub fn waves(&self) -> WaveRepository<'_> {
        WaveRepository { uow: self }
    }
}

impl WaveRepository<'_> {
    /// The wave with this id.
    pub async fn get(&self, id: Uuid) -> StoreResult<migration_waves::Model> {
        one::<migration_waves::Entity>(self.uow, migration_waves::Column::Id.eq(id), "wave", id).await
    }

    /// Waves by number; with this state, if one is given.
    pub async fn list(
        &self,
        status: Option<&str>,
        request: &PageRequest,
    ) -> StoreResult<Page<migration_waves::Model>> {
        use migration_waves::Column;
        let mut rows = migration_waves::Entity::of(self.uow.scope());
        if let Some(status) = status {
            rows = rows.filter(Column::Status.eq(status));
        }
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by(Column::WaveNumber, Column::Id, false),
            request,
        )
        .await
    }

    /// How many waves of a plan have begun.
    pub async fn begun(&self, plan: Uuid) -> StoreResult<u64> {
        let ids = wave_plans::Entity::of(self.uow.scope())
            .filter(wave_plans::Column::PlanId.eq(plan))
            .filter(wave_plans::Column::WaveId.is_not_null())
            .select_only()
            .column(wave_plans::Column::WaveId);
        Ok(migration_waves::Entity::of(self.uow.scope())
            .filter(migration_waves::Column::Id.in_subquery(ids.into_query()))
            .filter(migration_waves::Column::Status.ne("planned"))
            .count(&self.uow.connection)
            .await?)
    }

    /// The wave of a plan that became this migration wave, if one did.
    pub async fn planned_as(&self, wave: Uuid) -> StoreResult<Option<wave_plans::Model>> {
        Ok(wave_plans::Entity::of(self.uow.scope())
            .filter(wave_plans::Column::WaveId.eq(wave))
            .one(&self.uow.connection)
            .await?)
    }

    /// Changes a wave, if it still has the version that the person saw.
    pub async fn update(
        &self,
        id: Uuid,
        expected: i64,
        patch: WavePatch,
    ) -> StoreResult<migration_waves::Model> {
        use migration_waves::Column;
        let mut update = migration_waves::Entity::update_of(self.uow.scope())
            .filter(Column::Id.eq(id))
            .filter(Column::Version.eq(expected))
            .col_expr(Column::Version, Expr::val(expected + 1))
            .col_expr(Column::UpdatedAt, Expr::val(self.uow.now()));
        let texts = [
            (Column::Name, patch.name.map(Some)),
            (Column::Description, patch.description),
            (Column::Status, patch.status.map(Some)),
        ];
        for (column, value) in texts {
            if let Some(value) = value {
                update = update.col_expr(column, Expr::val(value));
            }
        }
        let times = [
            (Column::PlannedStartDate, patch.planned_start_date),
            (Column::PlannedEndDate, patch.planned_end_date),
            (Column::ActualStartDate, patch.actual_start_date),
            (Column::ActualEndDate, patch.actual_end_date),
        ];
        for (column, value) in times {
            if let Some(value) = value {
                update = update.col_expr(column, Expr::val(value));
            }
        }
        for (column, value) in [
            (Column::CompletedAssets, patch.completed_assets),
            (Column::FailedAssets, patch.failed_assets),
        ] {
            if let Some(value) = value {
                update = update.col_expr(column, Expr::val(value));
            }
        }
        match update.exec_with_returning(&self.uow.connection).await?.pop() {
            Some(row) => Ok(row),
            None => Err(conflict("wave", id, expected, self.get(id).await?.version)),
        }
    }
}

impl PlanRepository<'_> {
    /// The plan that is carried out, if there is one.
    pub async fn committed(&self) -> StoreResult<Option<plans::Model>> {
        Ok(plans::Entity::of(self.uow.scope())
            .filter(plans::Column::Status.eq("committed"))
            .one(&self.uow.connection)
            .await?)
    }
}
