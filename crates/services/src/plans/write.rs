//! A judged assignment as the next version of a plan.

use super::run::computed;
use super::{Plan, PlanError, READY, stored};
use crate::Services;
use chrono::{DateTime, NaiveDate, Utc};
use landfall_domain::{AssetId, Scope, ids};
use landfall_planning::waves::{Evaluation, Pin, Portfolio, Wave, WaveSettings, Waves, evaluate};
use landfall_repositories::entities::{
    change_log, plan_changes, plan_versions, plan_violations, wave_plan_assets, wave_plans,
};
use landfall_repositories::{PlanSave, PlannedAsset};
use serde_json::json;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// Why an asset is in no wave that no plan has seen.
const NEW: &str = "Came after the plan was made: generate the plan again, or move it into a wave.";

/// What a version is made of.
pub(super) struct Draft {
    pub(super) settings: WaveSettings,
    pub(super) pins: Vec<Pin>,
    pub(super) waves: Waves,
    /// Why assets are where they are; those without an entry keep what was said before.
    pub(super) reasons: BTreeMap<Uuid, String>,
    pub(super) evaluation: Evaluation,
    /// Every asset of the engagement.
    pub(super) assets: Vec<Uuid>,
}

impl Draft {
    /// A draft with its judgement. Waves of what is no longer in the inventory are left out.
    pub(super) fn new(
        portfolio: &Portfolio,
        settings: WaveSettings,
        pins: Vec<Pin>,
        mut waves: Waves,
        reasons: BTreeMap<Uuid, String>,
    ) -> Self {
        waves.retain(|id, wave| *wave > 0 && portfolio.workload(*id).is_some());
        let evaluation = evaluate(portfolio, &settings, &pins, &waves);
        Self {
            assets: portfolio.workloads().iter().map(|workload| workload.id).collect(),
            settings,
            pins,
            waves,
            reasons,
            evaluation,
        }
    }
}

/// Writes a draft as the plan's next version.
pub(super) async fn write(
    services: &Services,
    scope: &Scope,
    plan: &Plan,
    draft: Draft,
    action: &'static str,
    note: Option<String>,
) -> Result<Plan, PlanError> {
    let uow = services.store().begin_read(scope).await?;
    let before = uow.plans().assignment(plan.id).await?;
    let known_waves = uow.plans().all_waves(plan.id).await?;
    drop(uow);
    let (scope, plan, now) = (scope.clone(), plan.clone(), services.now());
    let writer_scope = scope.clone();
    let save = computed(move || {
        Writer {
            scope: writer_scope,
            now,
            plan,
            draft,
        }
        .save(before, known_waves, action, note)
    })
    .await??;
    let plan = save.plan.clone();
    let mut bulk = services.store().begin_bulk(scope).await?;
    bulk.save_plan(save).await?;
    bulk.commit().await?;
    Ok(plan)
}

struct Writer {
    scope: Scope,
    now: DateTime<Utc>,
    plan: Plan,
    draft: Draft,
}

impl Writer {
    fn save(
        self,
        before: Vec<PlannedAsset>,
        known_waves: Vec<wave_plans::Model>,
        action: &'static str,
        note: Option<String>,
    ) -> Result<PlanSave, PlanError> {
        let expected = self.plan.version;
        let number = self.plan.plan_version + 1;
        let summary = summary(&self.draft.evaluation);
        let waves = self.waves(known_waves, number)?;
        let (assets, changes) = self.assets(before, &waves, number);
        let violations = self.violations()?;
        let (settings, pins) = (stored(&self.draft.settings)?, stored(&self.draft.pins)?);
        let version = plan_versions::Model {
            client_account_id: self.scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: self.scope.engagement_id,
            plan_id: self.plan.id,
            plan_version: number,
            action: action.to_owned(),
            note,
            settings: settings.clone(),
            pins: pins.clone(),
            summary: summary.clone(),
            waves: stored(&self.draft.evaluation.waves)?,
            moved_assets: i32::try_from(changes.len()).unwrap_or(i32::MAX),
            created_by: Some(self.scope.actor.name.clone()),
            created_at: self.now,
        };
        let log = log(
            &self.scope,
            &self.plan,
            action,
            json!({ "plan_version": number, "moved_assets": changes.len() }),
            self.now,
        );
        let plan = Plan {
            status: READY.to_owned(),
            error_message: None,
            settings,
            pins,
            summary: Some(summary),
            plan_version: number,
            updated_at: self.now,
            version: expected + 1,
            ..self.plan
        };
        Ok(PlanSave {
            plan,
            expected,
            version,
            waves,
            assets,
            changes,
            violations,
            log,
        })
    }

    /// A row per wave, and number 0 for what does not move. Waves that stay keep their rows.
    fn waves(&self, known: Vec<wave_plans::Model>, number: i32) -> Result<Vec<wave_plans::Model>, PlanError> {
        let mut known: HashMap<i32, wave_plans::Model> =
            known.into_iter().map(|wave| (wave.wave_number, wave)).collect();
        let evaluation = &self.draft.evaluation;
        let none = (evaluation.excluded > 0).then_some((0, None));
        none.into_iter()
            .chain(
                evaluation
                    .waves
                    .iter()
                    .map(|wave| (as_i32(wave.number), Some(wave))),
            )
            .map(|(wave_number, wave)| {
                let row = known
                    .remove(&wave_number)
                    .unwrap_or_else(|| self.new_wave(wave_number));
                let total = wave.map_or(evaluation.excluded, |wave| wave.workloads);
                Ok(wave_plans::Model {
                    planned_start_date: wave.map(|wave| midnight(wave.dates.start)),
                    planned_end_date: wave.map(|wave| midnight(wave.dates.end)),
                    total_assets: Some(i32::try_from(total).unwrap_or(i32::MAX)),
                    overall_risk_level: wave.map(|wave| wave.risk.level),
                    evaluation: wave.map(stored).transpose()?,
                    plan_version: number,
                    updated_at: self.now,
                    ..row
                })
            })
            .collect()
    }

    fn new_wave(&self, wave_number: i32) -> wave_plans::Model {
        let name = if wave_number == 0 {
            "Does not move".to_owned()
        } else {
            format!("Wave {wave_number}")
        };
        wave_plans::Model {
            client_account_id: self.scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: self.scope.engagement_id,
            migration_id: None,
            wave_number,
            wave_name: Some(name),
            description: None,
            planned_start_date: None,
            planned_end_date: None,
            actual_start_date: None,
            actual_end_date: None,
            total_assets: None,
            completed_assets: None,
            estimated_effort_hours: None,
            estimated_cost: None,
            prerequisites: None,
            dependencies: None,
            constraints: None,
            overall_risk_level: None,
            complexity_score: None,
            success_criteria: None,
            status: Some("planned".to_owned()),
            progress_percentage: None,
            ai_recommendations: None,
            optimization_score: None,
            created_at: self.now,
            updated_at: self.now,
            master_flow_id: self.plan.master_flow_id,
            wave_id: None,
            plan_version: 1,
            plan_id: Some(self.plan.id),
            evaluation: None,
            version: 1,
        }
    }

    /// Rows of assets that are new, have moved, or of which something else is said, and what moved.
    fn assets(
        &self,
        before: Vec<PlannedAsset>,
        waves: &[wave_plans::Model],
        number: i32,
    ) -> (Vec<wave_plan_assets::Model>, Vec<plan_changes::Model>) {
        let wave_ids: HashMap<i32, Uuid> = waves.iter().map(|wave| (wave.wave_number, wave.id)).collect();
        let pinned: HashSet<Uuid> = self
            .draft
            .pins
            .iter()
            .filter_map(|pin| match pin {
                Pin::Wave { workload, .. } => Some(*workload),
                _ => None,
            })
            .collect();
        let mut before: HashMap<Uuid, PlannedAsset> = before
            .into_iter()
            .map(|asset| (asset.asset_id.into(), asset))
            .collect();
        let (mut rows, mut changes) = (Vec::new(), Vec::new());
        for id in &self.draft.assets {
            let wave_number = self.draft.waves.get(id).copied().map_or(0, as_i32);
            let known = before.remove(id);
            let from = known.as_ref().map(|known| known.wave_number);
            let is_pinned = pinned.contains(id);
            let said = self.draft.reasons.get(id).cloned();
            let reason = said.or_else(|| match &known {
                Some(known) => known.reason.clone(),
                None => Some(NEW.to_owned()),
            });
            if from != Some(wave_number) && (from.unwrap_or(0) != 0 || wave_number != 0) {
                changes.push(self.moved(*id, from, wave_number, number));
            }
            let same = known.as_ref().is_some_and(|known| {
                (known.wave_number, known.is_pinned, &known.reason) == (wave_number, is_pinned, &reason)
            });
            let Some(wave_id) = wave_ids.get(&wave_number).filter(|_| !same) else {
                continue;
            };
            rows.push(wave_plan_assets::Model {
                client_account_id: self.scope.client_account_id,
                id: known.map_or_else(ids::new_uuid, |known| known.id),
                engagement_id: self.scope.engagement_id,
                wave_plan_id: *wave_id,
                asset_id: AssetId::from(*id),
                is_pinned,
                reason,
                replaced_wave: None,
                replaced_status: None,
                created_at: self.now,
                updated_at: self.now,
            });
        }
        (rows, changes)
    }

    fn moved(&self, asset: Uuid, from: Option<i32>, to: i32, number: i32) -> plan_changes::Model {
        let some = |wave: i32| (wave > 0).then_some(wave);
        plan_changes::Model {
            client_account_id: self.scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: self.scope.engagement_id,
            plan_id: self.plan.id,
            plan_version: number,
            asset_id: AssetId::from(asset),
            from_wave: from.and_then(some),
            to_wave: some(to),
        }
    }

    fn violations(&self) -> Result<Vec<plan_violations::Model>, PlanError> {
        (0..)
            .zip(&self.draft.evaluation.violations)
            .map(|(position, violation)| {
                Ok(plan_violations::Model {
                    client_account_id: self.scope.client_account_id,
                    id: ids::new_uuid(),
                    engagement_id: self.scope.engagement_id,
                    plan_id: self.plan.id,
                    position,
                    rule: violation.rule.as_str().to_owned(),
                    severity: violation.severity.as_str().to_owned(),
                    message: violation.message.clone(),
                    mitigation: violation.mitigation.clone().into_owned(),
                    breaches: i64::try_from(violation.count).unwrap_or(i64::MAX),
                    waves: stored(&violation.waves)?,
                    asset_ids: stored(&violation.workloads)?,
                    created_at: self.now,
                })
            })
            .collect()
    }
}

/// What is kept of a judgement beside its waves and violations.
fn summary(evaluation: &Evaluation) -> serde_json::Value {
    let sum = |of: &dyn Fn(&Wave) -> u64| evaluation.waves.iter().map(of).sum::<u64>();
    let severe = |severity: &str| {
        evaluation
            .violations
            .iter()
            .filter(|violation| violation.severity.as_str() == severity)
            .count()
    };
    json!({
        "waves": evaluation.waves.len(),
        "assets": sum(&|wave| wave.workloads),
        "excluded_assets": evaluation.excluded,
        "effort_points": sum(&|wave| wave.effort_points),
        "storage_gb": sum(&|wave| wave.storage_gb),
        "start": evaluation.waves.iter().map(|wave| wave.dates.start).min(),
        "end": evaluation.waves.iter().map(|wave| wave.dates.end).max(),
        "penalty": evaluation.penalty,
        "critical_violations": severe("critical"),
        "advisory_violations": severe("advisory"),
        "risk": evaluation.risk,
        "confidence": evaluation.confidence,
        "cross_wave_dependencies": evaluation.cross_wave.iter().map(|cross| cross.dependencies).sum::<u64>(),
        "cross_wave": evaluation.cross_wave,
        "critical_path": evaluation.critical_path,
    })
}

pub(super) fn log(
    scope: &Scope,
    plan: &Plan,
    action: &str,
    after: serde_json::Value,
    now: DateTime<Utc>,
) -> change_log::Model {
    change_log::Model {
        client_account_id: scope.client_account_id,
        id: ids::new_uuid(),
        engagement_id: scope.engagement_id,
        entity_type: "plan".to_owned(),
        entity_id: plan.id.to_string(),
        action: action.to_owned(),
        before: None,
        after: Some(after),
        actor_user_id: scope.actor.user_id,
        actor_name: scope.actor.name.clone(),
        request_id: scope.actor.request_id.clone(),
        created_at: now,
    }
}

pub(super) fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc()
}

fn as_i32(wave: u32) -> i32 {
    i32::try_from(wave).unwrap_or(i32::MAX)
}
