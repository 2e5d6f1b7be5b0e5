//! A plan as a file: to be edited and read back, or for the tools that carry it out. Which columns each tool reads, and
//! where that is documented, is in `docs/waves.md`.

mod calendar;
mod columns;
mod sheets;
mod trackers;

use super::{PlanError, Wave, load_portfolio};
use crate::Services;
use crate::assets::Asset;
use crate::plans::run::computed;
use landfall_domain::{AssetId, Scope};
use landfall_planning::waves::{Pin, Portfolio};
use landfall_repositories::PlannedAsset;
use std::collections::HashMap;
use std::str::FromStr;
use uuid::Uuid;

/// Assets read at once.
const BATCH: usize = 500;

/// File formats of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanFormat {
    /// One row per asset; imports back as edits.
    Csv,
    /// Assets, waves and violations in a workbook; imports back as edits.
    Xlsx,
    /// The inventory file of AWS Application Migration Service.
    Mgn,
    /// The intake form of Cloud Migration Factory on AWS.
    Cmf,
    /// The inventory-to-wave mapping of Azure Migrate.
    Azure,
    /// Issues for Jira's CSV import.
    Jira,
    /// Waves as events of a calendar (RFC 5545).
    ICalendar,
}

impl PlanFormat {
    /// Every format.
    pub const ALL: [Self; 7] = [
        Self::Csv,
        Self::Xlsx,
        Self::Mgn,
        Self::Cmf,
        Self::Azure,
        Self::Jira,
        Self::ICalendar,
    ];

    /// The word that asks for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Mgn => "mgn",
            Self::Cmf => "cmf",
            Self::Azure => "azure",
            Self::Jira => "jira",
            Self::ICalendar => "ics",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::ICalendar => "text/calendar; charset=utf-8",
            _ => "text/csv; charset=utf-8",
        }
    }

    /// The name of its file.
    pub const fn filename(self) -> &'static str {
        match self {
            Self::Csv => "plan.csv",
            Self::Xlsx => "plan.xlsx",
            Self::Mgn => "mgn-import.csv",
            Self::Cmf => "cmf-intake.csv",
            Self::Azure => "azure-wave-mapping.csv",
            Self::Jira => "jira-issues.csv",
            Self::ICalendar => "waves.ics",
        }
    }
}

impl FromStr for PlanFormat {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == word)
            .ok_or_else(|| {
                let known: Vec<_> = Self::ALL.iter().map(|format| format.as_str()).collect();
                format!("'{word}' is no format of a plan; known are {}", known.join(", "))
            })
    }
}

/// Where servers go, for the files that ask.
#[derive(Clone, Debug, Default)]
pub struct PlanTarget {
    /// The AWS account.
    pub account_id: Option<String>,
    /// The AWS region.
    pub region: Option<String>,
}

/// An asset with its place in the plan.
pub(super) struct Planned {
    pub(super) asset: Asset,
    pub(super) application: Option<String>,
    pub(super) strategy: Option<landfall_domain::SixrStrategy>,
    /// 0 if it does not move.
    pub(super) wave: u32,
    pub(super) is_pinned: bool,
    pub(super) reason: Option<String>,
}

/// All that files are made of.
pub(super) struct Sheet {
    pub(super) plan: super::Plan,
    pub(super) target: PlanTarget,
    pub(super) assets: Vec<Planned>,
    pub(super) waves: Vec<(Uuid, Wave)>,
    pub(super) violations: Vec<super::PlanViolation>,
    pub(super) pins: Vec<Pin>,
    pub(super) settings: super::WaveSettings,
}

impl Sheet {
    pub(super) fn wave(&self, number: u32) -> Option<&Wave> {
        self.waves
            .iter()
            .map(|(_, wave)| wave)
            .find(|wave| wave.number == number)
    }
}

impl Services {
    /// A plan as a file. Memory: the plan's assets and the file.
    pub async fn export_plan(
        &self,
        scope: &Scope,
        id: Uuid,
        format: PlanFormat,
        target: PlanTarget,
    ) -> Result<Vec<u8>, PlanError> {
        let sheet = self.plan_sheet(scope, id, target).await?;
        computed(move || match format {
            PlanFormat::Csv => sheets::csv(&sheet),
            PlanFormat::Xlsx => sheets::xlsx(&sheet),
            PlanFormat::Mgn => columns::mgn(&sheet),
            PlanFormat::Cmf => columns::cmf(&sheet),
            PlanFormat::Azure => columns::azure(&sheet),
            PlanFormat::Jira => trackers::jira(&sheet),
            PlanFormat::ICalendar => Ok(calendar::ics(&sheet)),
        })
        .await?
    }

    async fn plan_sheet(&self, scope: &Scope, id: Uuid, target: PlanTarget) -> Result<Sheet, PlanError> {
        let plan = self.plan(scope, id).await?;
        if plan.plan_version == 0 {
            return Err(PlanError::State(
                "the plan is being made: wait until it is ready".to_owned(),
            ));
        }
        let portfolio = load_portfolio(self, scope).await?;
        let uow = self.store().begin_read(scope).await?;
        let mut assignment = uow.plans().assignment(id).await?;
        in_order(&mut assignment, &portfolio);
        let mut assets = Vec::with_capacity(assignment.len());
        for batch in assignment.chunks(BATCH) {
            let ids: Vec<AssetId> = batch.iter().map(|row| row.asset_id).collect();
            let mut rows: HashMap<AssetId, Asset> = uow
                .inventory()
                .assets(&ids)
                .await?
                .into_iter()
                .map(|asset| (asset.id, asset))
                .collect();
            assets.extend(batch.iter().filter_map(|row| {
                let workload = portfolio.workload(row.asset_id.into())?;
                Some(Planned {
                    asset: rows.remove(&row.asset_id)?,
                    application: workload
                        .application
                        .and_then(|id| portfolio.application_name(id))
                        .map(str::to_owned),
                    strategy: workload.strategy,
                    wave: u32::try_from(row.wave_number).unwrap_or(0),
                    is_pinned: row.is_pinned,
                    reason: row.reason.clone(),
                })
            }));
        }
        let mut waves = Vec::new();
        for row in uow.plans().all_waves(id).await? {
            if let Some(evaluation) = row.evaluation {
                let wave =
                    serde_json::from_value(evaluation).map_err(|error| PlanError::Store(error.into()))?;
                waves.push((row.id, wave));
            }
        }
        let violations = self.all_violations(scope, id).await?;
        Ok(Sheet {
            pins: super::pins_of(&plan)?,
            settings: super::settings_of(&plan)?,
            plan,
            target,
            assets,
            waves,
            violations,
        })
    }

    /// Every violation of a plan, page by page.
    pub(crate) async fn all_violations(
        &self,
        scope: &Scope,
        id: Uuid,
    ) -> Result<Vec<super::PlanViolation>, PlanError> {
        let uow = self.store().begin_read(scope).await?;
        let mut page = landfall_domain::PageRequest::first(landfall_domain::PageRequest::MAX);
        let mut all = Vec::new();
        loop {
            let found = uow
                .plans()
                .violations(id, &super::ViolationFilter::default(), &page)
                .await?;
            all.extend(found.items);
            match found.next {
                Some(next) => page.after = Some(next),
                None => return Ok(all),
            }
        }
    }
}

/// By wave, application and name; what does not move comes last.
fn in_order(assignment: &mut [PlannedAsset], portfolio: &Portfolio) {
    assignment.sort_by_cached_key(|row| {
        let id = Uuid::from(row.asset_id);
        let workload = portfolio.workload(id);
        let application = workload.and_then(|workload| workload.application);
        (
            if row.wave_number == 0 {
                i32::MAX
            } else {
                row.wave_number
            },
            application
                .and_then(|id| portfolio.application_name(id))
                .unwrap_or_default()
                .to_owned(),
            workload.map(|workload| workload.name.clone()).unwrap_or_default(),
            id,
        )
    });
}

/// A table as CSV. Cells that a spreadsheet program would evaluate are escaped.
pub(super) fn table(
    headers: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<Vec<u8>, PlanError> {
    let broken = |error: csv::Error| PlanError::Write(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(headers).map_err(broken)?;
    for row in rows {
        let cells = row
            .iter()
            .map(|cell| crate::imports::readers::escape_formula(cell).into_owned());
        writer.write_record(cells).map_err(broken)?;
    }
    writer
        .into_inner()
        .map_err(|error| PlanError::Write(error.to_string()))
}
