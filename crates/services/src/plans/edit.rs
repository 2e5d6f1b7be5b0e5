//! Changes of a plan by a person: moves, pins, settings. Each is judged anew and becomes a version.

use super::write::{Draft, write};
use super::{
    COMMITTED, PLANNING, Pin, Plan, PlanChange, PlanError, changed_settings, is_committed, load_portfolio,
    pins_of, settings_of,
};
use crate::Services;
use crate::plans::run::computed;
use landfall_domain::{AssetId, Scope};
use landfall_planning::waves::{Portfolio, Waves};
use landfall_repositories::{PlanPatch, StoreError, retry};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Waves that a person may name at most.
const MAX_WAVE: u32 = 10_000;

/// An asset goes to another wave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The asset.
    pub asset_id: AssetId,
    /// Its new wave; `None` takes it out of the plan.
    pub wave: Option<u32>,
}

/// What a person changes of a plan's waves.
#[derive(Clone, Debug, Default)]
pub struct PlanEdit {
    /// Assets that move.
    pub moves: Vec<Move>,
    /// Whether moved assets stay in their wave when the plan is generated again.
    pub pin: bool,
    /// All pins of the plan, if they are replaced; pins of moved assets are added to them.
    pub pins: Option<Vec<Pin>>,
    /// Why.
    pub note: Option<String>,
}

impl Services {
    /// Moves assets and changes pins. Risk, confidence and violations are computed anew for the whole plan.
    ///
    /// # Errors
    /// [`PlanError::Input`] for an unknown asset or an impossible wave, [`PlanError::State`] if the plan is committed or
    /// being made.
    pub async fn edit_plan(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
        edit: PlanEdit,
    ) -> Result<Plan, PlanError> {
        let plan = self.editable(scope, id, expected).await?;
        let portfolio = load_portfolio(self, scope).await?;
        let mut pins = match &edit.pins {
            Some(pins) => checked_pins(pins, &portfolio)?,
            None => pins_of(&plan)?,
        };
        check_moves(&edit.moves, &portfolio)?;
        let mut waves = self.plan_assignment(scope, id).await?;
        let mut reasons = BTreeMap::new();
        if edit.pins.is_some() {
            for pin in &pins {
                if let Pin::Wave { workload, wave } = pin {
                    waves.insert(*workload, *wave);
                }
            }
        }
        let moved: BTreeSet<Uuid> = edit.moves.iter().map(|step| step.asset_id.into()).collect();
        pins.retain(|pin| !matches!(pin, Pin::Wave { workload, .. } if moved.contains(workload)));
        for step in &edit.moves {
            let asset = Uuid::from(step.asset_id);
            reasons.insert(asset, format!("Moved by {}.", scope.actor.name));
            match step.wave {
                Some(wave) => {
                    waves.insert(asset, wave);
                    if edit.pin {
                        pins.push(Pin::Wave {
                            workload: asset,
                            wave,
                        });
                    }
                }
                None => {
                    waves.remove(&asset);
                }
            }
        }
        pins.sort_unstable();
        pins.dedup();
        let settings = settings_of(&plan)?;
        let draft = computed(move || Draft::new(&portfolio, settings, pins, waves, reasons)).await?;
        let action = if edit.moves.is_empty() { "pinned" } else { "edited" };
        write(self, scope, &plan, draft, action, edit.note).await
    }

    /// Changes name, description or settings. With other settings the plan is judged anew; its waves stay.
    pub async fn change_plan(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
        change: PlanChange,
    ) -> Result<Plan, PlanError> {
        let PlanChange {
            name,
            description,
            settings,
        } = change;
        let mut plan = self.plan(scope, id).await?;
        if let Some(expected) = expected.filter(|expected| *expected != plan.version) {
            return Err(outdated(&plan, expected));
        }
        if let Some(settings) = settings {
            let editable = self.editable(scope, id, Some(plan.version)).await?;
            let settings = changed_settings(&settings_of(&editable)?, &settings)?;
            let portfolio = load_portfolio(self, scope).await?;
            let (waves, pins) = (self.plan_assignment(scope, id).await?, pins_of(&editable)?);
            let draft =
                computed(move || Draft::new(&portfolio, settings, pins, waves, BTreeMap::new())).await?;
            plan = write(self, scope, &editable, draft, "settings changed", None).await?;
        }
        if name.is_none() && description.is_none() {
            return Ok(plan);
        }
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let patch = PlanPatch {
                name: name.clone(),
                description: description.clone(),
                ..PlanPatch::default()
            };
            let changed = uow.plans().update(id, plan.version, patch).await?;
            uow.change_log()
                .record(super::change("renamed", &changed, None))
                .await?;
            uow.commit().await?;
            Ok(changed)
        })
        .await
    }

    /// The plan, if it may be changed now and is what the person saw.
    pub(super) async fn editable(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
    ) -> Result<Plan, PlanError> {
        let plan = self.plan(scope, id).await?;
        if let Some(expected) = expected.filter(|expected| *expected != plan.version) {
            return Err(outdated(&plan, expected));
        }
        match plan.status.as_str() {
            COMMITTED => Err(is_committed()),
            PLANNING => Err(PlanError::State(
                "the plan is being made: wait until it is ready".to_owned(),
            )),
            _ => Ok(plan),
        }
    }

    /// The waves of a plan as they are.
    pub(super) async fn plan_assignment(&self, scope: &Scope, id: Uuid) -> Result<Waves, PlanError> {
        let uow = self.store().begin_read(scope).await?;
        Ok(uow
            .plans()
            .assignment(id)
            .await?
            .into_iter()
            .filter_map(|asset| {
                let wave = u32::try_from(asset.wave_number).ok().filter(|wave| *wave > 0)?;
                Some((asset.asset_id.into(), wave))
            })
            .collect())
    }
}

fn outdated(plan: &Plan, expected: i64) -> PlanError {
    PlanError::Store(StoreError::Conflict {
        what: "plan",
        id: plan.id.to_string(),
        expected,
        actual: plan.version,
    })
}

fn check_moves(moves: &[Move], portfolio: &Portfolio) -> Result<(), PlanError> {
    let mut seen = BTreeSet::new();
    for step in moves {
        known(step.asset_id.into(), portfolio, "moves")?;
        if !seen.insert(step.asset_id) {
            return Err(refused(
                "moves",
                format!("asset {} is moved twice", step.asset_id),
            ));
        }
        if let Some(wave) = step.wave {
            check_wave(wave, "moves")?;
        }
    }
    Ok(())
}

fn checked_pins(pins: &[Pin], portfolio: &Portfolio) -> Result<Vec<Pin>, PlanError> {
    for pin in pins {
        match pin {
            Pin::Wave { workload, wave } => {
                known(*workload, portfolio, "pins")?;
                check_wave(*wave, "pins")?;
            }
            Pin::NotBefore { workload, .. } => known(*workload, portfolio, "pins")?,
            Pin::WaveStart { wave, .. } => check_wave(*wave, "pins")?,
            Pin::Together { workloads } => {
                if workloads.len() < 2 {
                    return Err(refused(
                        "pins",
                        "assets that move together are at least two".to_owned(),
                    ));
                }
                for workload in workloads {
                    known(*workload, portfolio, "pins")?;
                }
            }
        }
    }
    Ok(pins.to_vec())
}

fn known(asset: Uuid, portfolio: &Portfolio, field: &'static str) -> Result<(), PlanError> {
    match portfolio.workload(asset) {
        Some(_) => Ok(()),
        None => Err(refused(
            field,
            format!("there is no asset {asset} in this engagement"),
        )),
    }
}

fn check_wave(wave: u32, field: &'static str) -> Result<(), PlanError> {
    if (1..=MAX_WAVE).contains(&wave) {
        Ok(())
    } else {
        Err(refused(
            field,
            format!("waves have numbers from 1 to {MAX_WAVE}, not {wave}"),
        ))
    }
}

fn refused(field: &'static str, message: String) -> PlanError {
    PlanError::Input { field, message }
}
