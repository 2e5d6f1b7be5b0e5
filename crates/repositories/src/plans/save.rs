//! Writing a version of a plan: one transaction, whatever its size.

use crate::bulk::{Bulk, Conflict};
use crate::inventory::active;
use crate::{StoreError, StoreResult};
use landfall_entities::{
    change_log, plan_changes, plan_versions, plan_violations, plans, wave_plan_assets, wave_plans,
};
use sea_orm::Value;

const KEY: &[&str] = &["client_account_id", "id"];

/// A version of a plan with everything that goes with it.
#[derive(Clone, Debug)]
pub struct PlanSave {
    /// The plan as it will be; its `version` is the next one.
    pub plan: plans::Model,
    /// The version that it was made from.
    pub expected: i64,
    /// The version itself.
    pub version: plan_versions::Model,
    /// Every wave of the plan. Waves that are missing are removed.
    pub waves: Vec<wave_plans::Model>,
    /// Assets that are new or have changed.
    pub assets: Vec<wave_plan_assets::Model>,
    /// What moved.
    pub changes: Vec<plan_changes::Model>,
    /// Every violation.
    pub violations: Vec<plan_violations::Model>,
    /// What is written to the change log.
    pub log: change_log::Model,
}

impl Bulk {
    /// Writes a version of a plan.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if the plan was changed meanwhile; then nothing of the transaction may be committed.
    pub async fn save_plan(&mut self, save: PlanSave) -> StoreResult<()> {
        let (client, plan, number) = (save.plan.client_account_id, save.plan.id, save.plan.plan_version);
        self.claim(&save).await?;
        self.insert(active(save.waves), &Conflict::Replace { key: KEY })
            .await?;
        self.insert(active(save.assets), &Conflict::Replace { key: KEY })
            .await?;
        let gone =
            "DELETE FROM wave_plans WHERE client_account_id = $1 AND plan_id = $2 AND plan_version <> $3";
        self.execute(gone, vec![client.into(), plan.into(), number.into()])
            .await?;
        let old = "DELETE FROM plan_violations WHERE client_account_id = $1 AND plan_id = $2";
        self.execute(old, vec![client.into(), plan.into()]).await?;
        self.insert(active(save.violations), &Conflict::Keep).await?;
        self.insert(active(save.changes), &Conflict::Keep).await?;
        self.insert(active(vec![save.version]), &Conflict::Keep).await?;
        self.insert(active(vec![save.log]), &Conflict::Keep).await?;
        Ok(())
    }

    /// Sets the plan's own columns if it still is what the version was made from.
    async fn claim(&mut self, save: &PlanSave) -> StoreResult<()> {
        let plan = &save.plan;
        let sql = "UPDATE plans SET status = $1, error_message = NULL, settings = $2, pins = $3, summary = $4, \
                   plan_version = $5, updated_at = $6, version = $7 \
                   WHERE client_account_id = $8 AND engagement_id = $9 AND id = $10 AND version = $11";
        let values = vec![
            Value::from(plan.status.clone()),
            plan.settings.clone().into(),
            plan.pins.clone().into(),
            plan.summary.clone().into(),
            plan.plan_version.into(),
            plan.updated_at.into(),
            plan.version.into(),
            plan.client_account_id.into(),
            plan.engagement_id.into(),
            plan.id.into(),
            save.expected.into(),
        ];
        match self.execute(sql, values).await? {
            1 => Ok(()),
            _ => Err(StoreError::Conflict {
                what: "plan",
                id: plan.id.to_string(),
                expected: save.expected,
                actual: plan.version,
            }),
        }
    }
}
