//! Committing a plan, and the waves that are carried out.

use super::write::{log, midnight};
use super::{COMMITTED, MigrationWave, Plan, PlanError, READY, Wave, WaveAsset};
use crate::Services;
use landfall_domain::{Page, PageRequest, Scope, ids};
use landfall_repositories::{Change, StoreError, StoreResult, WavePatch, retry};
use serde_json::json;
use uuid::Uuid;

/// The states of a wave, in order.
pub const WAVE_STATUSES: [&str; 4] = ["planned", "in_progress", "completed", "cancelled"];

impl Services {
    /// Makes a plan the one that is carried out: its waves become migration waves, and every asset learns its wave.
    ///
    /// # Errors
    /// [`PlanError::State`] if the plan is not ready, or another plan is committed.
    pub async fn commit_plan(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
    ) -> Result<Plan, PlanError> {
        let plan = self.editable(scope, id, expected).await?;
        if plan.status != READY {
            return Err(PlanError::State(
                "the plan could not be made: generate it again first".to_owned(),
            ));
        }
        let uow = self.store().begin_read(scope).await?;
        if let Some(other) = uow.plans().committed().await? {
            return Err(PlanError::State(format!(
                "the plan '{}' is committed: take its commit back first",
                other.name
            )));
        }
        let planned = uow.plans().all_waves(id).await?;
        drop(uow);
        let now = self.now();
        let mut waves = Vec::with_capacity(planned.len());
        for row in planned.into_iter().filter(|row| row.wave_number > 0) {
            let Some(evaluation) = row.evaluation else {
                continue;
            };
            let wave: Wave =
                serde_json::from_value(evaluation).map_err(|error| PlanError::Store(error.into()))?;
            waves.push(MigrationWave {
                client_account_id: scope.client_account_id,
                id: ids::new_uuid(),
                engagement_id: scope.engagement_id,
                wave_number: row.wave_number,
                name: row
                    .wave_name
                    .unwrap_or_else(|| format!("Wave {}", row.wave_number)),
                description: row.description,
                status: Some("planned".to_owned()),
                planned_start_date: Some(midnight(wave.dates.start)),
                planned_end_date: Some(midnight(wave.dates.end)),
                actual_start_date: None,
                actual_end_date: None,
                total_assets: row.total_assets,
                completed_assets: Some(0),
                failed_assets: Some(0),
                estimated_cost: None,
                actual_cost: None,
                estimated_effort_hours: None,
                actual_effort_hours: None,
                created_at: now,
                updated_at: now,
                created_by: scope.actor.user_id,
                master_flow_id: plan.master_flow_id,
                version: 1,
            });
        }
        let entry = log(scope, &plan, "committed", json!({ "waves": waves.len() }), now);
        let mut bulk = self.store().begin_bulk(scope.clone()).await?;
        bulk.commit_plan(&plan, waves, entry, now).await?;
        bulk.commit().await?;
        Ok(self.plan(scope, id).await?)
    }

    /// Takes a commit back: assets get back the wave and state that they had before, except where somebody has changed the
    /// wave since.
    ///
    /// # Errors
    /// [`PlanError::State`] if the plan is not committed, or one of its waves has begun.
    pub async fn revert_plan(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
    ) -> Result<Plan, PlanError> {
        let uow = self.store().begin_read(scope).await?;
        let plan = uow.plans().get(id).await?;
        if let Some(expected) = expected.filter(|expected| *expected != plan.version) {
            return Err(PlanError::Store(StoreError::Conflict {
                what: "plan",
                id: id.to_string(),
                expected,
                actual: plan.version,
            }));
        }
        if plan.status != COMMITTED {
            return Err(PlanError::State("the plan is not committed".to_owned()));
        }
        let begun = uow.waves().begun(id).await?;
        if begun > 0 {
            return Err(PlanError::State(format!(
                "{begun} waves of the plan have begun: a commit can be taken back only before"
            )));
        }
        drop(uow);
        let now = self.now();
        let entry = log(scope, &plan, "commit taken back", json!({}), now);
        let mut bulk = self.store().begin_bulk(scope.clone()).await?;
        bulk.revert_plan(&plan, entry, now).await?;
        bulk.commit().await?;
        Ok(self.plan(scope, id).await?)
    }

    /// The waves that are carried out, by number.
    pub async fn waves(
        &self,
        scope: &Scope,
        status: Option<&str>,
        page: &PageRequest,
    ) -> StoreResult<Page<MigrationWave>> {
        self.store()
            .begin_read(scope)
            .await?
            .waves()
            .list(status, page)
            .await
    }

    /// One wave.
    pub async fn wave(&self, scope: &Scope, id: Uuid) -> StoreResult<MigrationWave> {
        self.store().begin_read(scope).await?.waves().get(id).await
    }

    /// Assets of a wave, with the reasons that the plan had.
    pub async fn wave_assets(
        &self,
        scope: &Scope,
        id: Uuid,
        page: &PageRequest,
    ) -> StoreResult<Page<WaveAsset>> {
        let uow = self.store().begin_read(scope).await?;
        uow.waves().get(id).await?;
        let Some(planned) = uow.waves().planned_as(id).await? else {
            return Ok(Page {
                items: Vec::new(),
                next: None,
            });
        };
        let rows = uow.plans().wave_assets(planned.id, page).await?;
        let ids: Vec<_> = rows.items.iter().map(|row| row.asset_id).collect();
        let mut names = uow.plans().names(&ids).await?;
        Ok(rows.map(|row| WaveAsset {
            name: names.remove(&row.asset_id).unwrap_or_default(),
            asset_id: row.asset_id,
            is_pinned: row.is_pinned,
            reason: row.reason,
        }))
    }

    /// Changes a wave. Starting it sets its actual start, ending it its actual end, unless they are given.
    ///
    /// # Errors
    /// [`PlanError::Input`] for an unknown state, an end before the start, or more assets than the wave has.
    pub async fn change_wave(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
        mut patch: WavePatch,
    ) -> Result<MigrationWave, PlanError> {
        let wave = self.wave(scope, id).await?;
        if let Some(status) = patch.status.as_deref() {
            if !WAVE_STATUSES.contains(&status) {
                let message = format!(
                    "'{status}' is no state of a wave; known are {}",
                    WAVE_STATUSES.join(", ")
                );
                return Err(PlanError::Input {
                    field: "status",
                    message,
                });
            }
            if status == "in_progress" && wave.actual_start_date.is_none() {
                patch.actual_start_date.get_or_insert(Some(self.now()));
            }
            if status == "completed" && wave.actual_end_date.is_none() {
                patch.actual_end_date.get_or_insert(Some(self.now()));
            }
        }
        check_dates(&wave, &patch)?;
        let arrived = patch.completed_assets.or(wave.completed_assets).unwrap_or(0)
            + patch.failed_assets.or(wave.failed_assets).unwrap_or(0);
        if arrived > wave.total_assets.unwrap_or(i32::MAX) {
            let message = format!(
                "the wave has {} assets, fewer than {arrived}",
                wave.total_assets.unwrap_or(0)
            );
            return Err(PlanError::Input {
                field: "completed_assets",
                message,
            });
        }
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let changed = uow
                .waves()
                .update(id, expected.unwrap_or(wave.version), patch.clone())
                .await?;
            uow.change_log()
                .record(Change {
                    entity_type: "wave",
                    entity_id: id.to_string(),
                    action: "changed",
                    before: Some(facts(&wave)),
                    after: Some(facts(&changed)),
                })
                .await?;
            uow.commit().await?;
            Ok(changed)
        })
        .await
    }
}

fn facts(wave: &MigrationWave) -> serde_json::Value {
    json!({
        "name": wave.name, "status": wave.status,
        "planned_start_date": wave.planned_start_date, "planned_end_date": wave.planned_end_date,
        "actual_start_date": wave.actual_start_date, "actual_end_date": wave.actual_end_date,
        "completed_assets": wave.completed_assets, "failed_assets": wave.failed_assets,
    })
}

fn check_dates(wave: &MigrationWave, patch: &WavePatch) -> Result<(), PlanError> {
    let planned = (
        patch.planned_start_date.unwrap_or(wave.planned_start_date),
        patch.planned_end_date.unwrap_or(wave.planned_end_date),
        "planned_end_date",
    );
    let actual = (
        patch.actual_start_date.unwrap_or(wave.actual_start_date),
        patch.actual_end_date.unwrap_or(wave.actual_end_date),
        "actual_end_date",
    );
    for (start, end, field) in [planned, actual] {
        if let (Some(start), Some(end)) = (start, end)
            && end < start
        {
            let message = format!("{field} must not be before the start");
            return Err(PlanError::Input { field, message });
        }
    }
    Ok(())
}
