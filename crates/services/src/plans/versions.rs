//! Versions of a plan: what differs, going back, and copies to try something out.

use super::write::{Draft, write};
use super::{Plan, PlanError, PlanVersion, load_portfolio, pins_of, settings_of};
use crate::Services;
use crate::plans::run::computed;
use landfall_domain::{FlowType, Page, PageRequest, Scope};
use landfall_planning::waves::{Comparison, Wave, WaveDates, Waves, compare};
use landfall_repositories::{NewMasterFlow, NewPlan, StoreResult, retry};
use std::collections::BTreeMap;
use uuid::Uuid;

impl Services {
    /// Versions of a plan, newest first.
    pub async fn plan_versions(
        &self,
        scope: &Scope,
        id: Uuid,
        page: &PageRequest,
    ) -> StoreResult<Page<PlanVersion>> {
        let uow = self.store().begin_read(scope).await?;
        uow.plans().get(id).await?;
        uow.plans().versions(id, page).await
    }

    /// What differs between two versions of a plan.
    pub async fn compare_plan_versions(
        &self,
        scope: &Scope,
        id: Uuid,
        from: i32,
        to: i32,
    ) -> Result<Comparison, PlanError> {
        let (one, one_dates) = self.version_waves(scope, id, from).await?;
        let (other, other_dates) = self.version_waves(scope, id, to).await?;
        Ok(compare((&one, &one_dates), (&other, &other_dates)))
    }

    /// What differs between two plans as they are now, such as a plan and a copy to try something out.
    pub async fn compare_plans(
        &self,
        scope: &Scope,
        one: Uuid,
        other: Uuid,
    ) -> Result<Comparison, PlanError> {
        let mut sides = Vec::with_capacity(2);
        for id in [one, other] {
            let plan = self.plan(scope, id).await?;
            sides.push(self.version_waves(scope, id, plan.plan_version).await?);
        }
        match sides.as_slice() {
            [(waves, dates), (other_waves, other_dates)] => {
                Ok(compare((waves, dates), (other_waves, other_dates)))
            }
            _ => Ok(Comparison::default()),
        }
    }

    /// Makes the plan what it was in a version, with its pins and settings, as a new version. Going back and forth loses
    /// nothing.
    pub async fn restore_plan(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
        version: i32,
    ) -> Result<Plan, PlanError> {
        let plan = self.editable(scope, id, expected).await?;
        let uow = self.store().begin_read(scope).await?;
        let kept = uow.plans().version(id, version).await?;
        drop(uow);
        let (waves, _) = self.version_waves(scope, id, version).await?;
        let then = Plan {
            settings: kept.settings,
            pins: kept.pins,
            ..plan.clone()
        };
        let (settings, pins) = (settings_of(&then)?, pins_of(&then)?);
        let portfolio = load_portfolio(self, scope).await?;
        let draft = computed(move || Draft::new(&portfolio, settings, pins, waves, BTreeMap::new())).await?;
        write(
            self,
            scope,
            &plan,
            draft,
            "restored",
            Some(format!("As in version {version}.")),
        )
        .await
    }

    /// Takes the last version back.
    ///
    /// # Errors
    /// [`PlanError::State`] if there is no version before it.
    pub async fn undo_plan(&self, scope: &Scope, id: Uuid, expected: Option<i64>) -> Result<Plan, PlanError> {
        let plan = self.editable(scope, id, expected).await?;
        if plan.plan_version < 2 {
            return Err(PlanError::State(
                "this is the plan's first version: there is nothing to undo".to_owned(),
            ));
        }
        self.restore_plan(scope, id, Some(plan.version), plan.plan_version - 1)
            .await
    }

    /// A copy of a plan as it is, to try something out.
    pub async fn copy_plan(&self, scope: &Scope, id: Uuid, name: Option<String>) -> Result<Plan, PlanError> {
        let plan = self.plan(scope, id).await?;
        let waves = self.plan_assignment(scope, id).await?;
        let portfolio = load_portfolio(self, scope).await?;
        let (settings, pins) = (settings_of(&plan)?, pins_of(&plan)?);
        let reasons = self.reasons(scope, id).await?;
        let draft = computed(move || Draft::new(&portfolio, settings, pins, waves, reasons)).await?;
        let name = name.unwrap_or_else(|| format!("Copy of {}", plan.name));
        let copy: Plan = retry(|| async {
            let uow = self.store().begin(scope).await?;
            let flow = uow
                .flows()
                .create(NewMasterFlow {
                    flow_type: FlowType::Planning,
                    flow_name: Some(name.clone()),
                    parent_flow_id: Some(plan.master_flow_id),
                    configuration: plan.settings.clone(),
                })
                .await?;
            let copy = uow
                .plans()
                .create(NewPlan {
                    name: name.clone(),
                    description: plan.description.clone(),
                    settings: plan.settings.clone(),
                    pins: plan.pins.clone(),
                    based_on_plan_id: Some(plan.id),
                    master_flow_id: flow.flow_id,
                })
                .await?;
            uow.commit().await?;
            Ok::<_, PlanError>(copy)
        })
        .await?;
        let note = format!("Copy of version {} of {}.", plan.plan_version, plan.name);
        write(self, scope, &copy, draft, "copied", Some(note)).await
    }

    async fn reasons(&self, scope: &Scope, id: Uuid) -> Result<BTreeMap<Uuid, String>, PlanError> {
        let uow = self.store().begin_read(scope).await?;
        let assets = uow.plans().assignment(id).await?;
        Ok(assets
            .into_iter()
            .filter_map(|asset| Some((asset.asset_id.into(), asset.reason?)))
            .collect())
    }

    /// Waves of assets and dates of waves in a version: the present ones, with later changes taken back.
    async fn version_waves(
        &self,
        scope: &Scope,
        id: Uuid,
        version: i32,
    ) -> Result<(Waves, BTreeMap<u32, WaveDates>), PlanError> {
        let uow = self.store().begin_read(scope).await?;
        let plan = uow.plans().get(id).await?;
        let kept = uow.plans().version(id, version).await?;
        let changes = uow.plans().changes(id, version, plan.plan_version).await?;
        drop(uow);
        let mut waves = self.plan_assignment(scope, id).await?;
        for change in changes.into_iter().rev() {
            let asset = Uuid::from(change.asset_id);
            match change.from_wave.and_then(|wave| u32::try_from(wave).ok()) {
                Some(wave) => waves.insert(asset, wave),
                None => waves.remove(&asset),
            };
        }
        let kept: Vec<Wave> =
            serde_json::from_value(kept.waves).map_err(|error| PlanError::Store(error.into()))?;
        let dates = kept.into_iter().map(|wave| (wave.number, wave.dates)).collect();
        Ok((waves, dates))
    }
}
