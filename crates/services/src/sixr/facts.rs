//! From rows of the inventory to subjects of recommendations, a batch at a time.

use super::SixrError;
use crate::discovery::tech_debt::{self, Assessor, AssetFacts, TechDebt};
use chrono::{DateTime, Utc};
use landfall_domain::AssetId;
use landfall_planning::sixr::{AssetProfile, Finding, FindingKind, Input, Policy, Source, Subject, Value};
use landfall_repositories::Uow;
use landfall_repositories::entities::{applications, asset_metrics, assets, tech_debt_findings};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Loads that are read, as measured.
const CPU: &str = "cpu_utilization_percent";
const MEMORY: &str = "memory_utilization_percent";
/// Minor units of a whole unit of money.
const MINOR_UNITS: f64 = 100.0;
/// Average length of a month in days.
const MONTH: f64 = 30.4375;

/// The support catalogue, read once.
static CATALOGUE: LazyLock<Result<TechDebt, String>> =
    LazyLock::new(|| TechDebt::catalogue().map_err(|error| error.to_string()));

/// What is the same for every subject of an engagement.
#[derive(Debug)]
pub(super) struct Facts {
    assessor: Assessor<'static>,
    months_to_exit: Option<f64>,
    has_dependencies: bool,
    settings: Vec<(Input, Value, String)>,
}

impl Facts {
    /// Reads what holds for the unit of work's engagement.
    pub(super) async fn of(uow: &Uow) -> Result<Self, SixrError> {
        let catalogue = CATALOGUE
            .as_ref()
            .map_err(|error| SixrError::Broken(error.clone()))?;
        let now = uow.now();
        let engagement = uow.engagements().current().await?;
        let settings = uow.sixr().settings().await?;
        let settings = settings.into_iter().filter_map(|row| {
            let input: Input = row.parameter_key.parse().ok()?;
            let value = input.value(&row.value).ok()?;
            let text = row
                .description
                .unwrap_or_else(|| "Said for the engagement.".to_owned());
            Some((input, value, text))
        });
        Ok(Self {
            assessor: Assessor::new(catalogue, now.date_naive()),
            months_to_exit: engagement.target_completion_date.map(|day| months(now, day)),
            has_dependencies: uow.sixr().has_dependencies().await?,
            settings: settings.collect(),
        })
    }

    /// Reads what a batch of assets is judged by: three statements.
    pub(super) async fn load(&self, uow: &Uow, assets: &[assets::Model]) -> Result<Loaded, SixrError> {
        let ids: Vec<AssetId> = assets.iter().map(|asset| asset.id).collect();
        let mut loaded = Loaded::default();
        for row in uow.sixr().findings_of(&ids).await? {
            loaded.findings.entry(row.asset_id).or_default().push(row);
        }
        for row in uow.sixr().metrics_of(&ids, &[CPU, MEMORY]).await? {
            loaded.loads.entry(row.asset_id).or_default().push(row);
        }
        if self.has_dependencies {
            let mut neighbours: HashMap<AssetId, Vec<AssetId>> =
                ids.iter().map(|id| (*id, Vec::new())).collect();
            for (asset, other) in uow.sixr().neighbours_of(&ids).await? {
                neighbours.entry(asset).or_default().push(other);
            }
            loaded.neighbours = Some(neighbours);
        }
        Ok(loaded)
    }

    /// What is known of an application with these members. What it depends on is what lies outside of it.
    pub(super) fn application(
        &mut self,
        application: &applications::Model,
        members: &[&assets::Model],
        loaded: &Loaded,
        policy: &Policy,
    ) -> Subject {
        let subjects: Vec<Subject> = members
            .iter()
            .map(|asset| self.subject(asset, loaded, policy))
            .collect();
        let mut subject = Subject::of_members(&subjects);
        let inside: HashSet<AssetId> = members.iter().map(|asset| asset.id).collect();
        if let Some(neighbours) = &loaded.neighbours {
            let of_members = members
                .iter()
                .filter_map(|asset| neighbours.get(&asset.id))
                .flatten();
            let outside: HashSet<&AssetId> = of_members.filter(|other| !inside.contains(other)).collect();
            let number = u32::try_from(outside.len()).unwrap_or(u32::MAX);
            let text = format!("{number} assets outside of it need it or are needed by it.");
            subject.give(
                Input::Dependencies,
                Value::Number(number.into()),
                Source::Dependencies,
                text,
            );
        }
        if let Some(text) = &application.criticality
            && let Ok(value) = Input::Criticality.value(&text.to_lowercase().into())
        {
            let text = format!("The application's criticality is '{text}'.");
            subject.give(Input::Criticality, value, Source::Inventory, text);
        }
        if application.business_owner.is_some() || application.technical_owner.is_some() {
            let text = "The application names an owner.";
            subject.give(Input::OwnerKnown, Value::Flag(true), Source::Inventory, text);
        }
        subject
    }

    /// Puts what was said for the engagement where nothing else is known. Parameters are always taken: they are derived
    /// from facts otherwise.
    pub(super) fn apply_settings(&self, subject: &mut Subject) {
        for (input, value, text) in &self.settings {
            if input.is_parameter() || !subject.inputs().has(*input) {
                subject.give(*input, *value, Source::Engagement, text.clone());
            }
        }
    }

    /// What is known of an asset.
    pub(super) fn subject(&mut self, asset: &assets::Model, loaded: &Loaded, policy: &Policy) -> Subject {
        let loads = loaded.loads.get(&asset.id).map(Vec::as_slice).unwrap_or_default();
        let dependencies = loaded.neighbours.as_ref().map(|neighbours| {
            let number = neighbours.get(&asset.id).map_or(0, Vec::len);
            u32::try_from(number).unwrap_or(u32::MAX)
        });
        let criticality = asset
            .business_criticality
            .as_deref()
            .or(asset.criticality.as_deref());
        let facts = AssetFacts {
            operating_system: asset.operating_system.as_deref(),
            os_version: asset.os_version.as_deref(),
            technology_stack: asset.technology_stack.as_deref(),
            application_name: asset.application_name.as_deref(),
            environment: asset.environment.as_deref(),
            business_criticality: asset.business_criticality.as_deref(),
        };
        let stored = match loaded.findings.get(&asset.id) {
            Some(rows) => restored(rows),
            None => self.assess(&facts),
        };
        let findings: Vec<Finding<'_>> = stored.iter().map(OwnedFinding::as_finding).collect();
        let hardware = [asset.manufacturer.as_deref(), asset.model.as_deref()];
        let hardware = hardware.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let measured = |metric: &str| loads.iter().rev().find(|row| row.metric == metric);
        let average = |metric: &str| measured(metric).and_then(|row| row.average);
        let profile = AssetProfile {
            asset_type: asset.asset_type,
            status: asset.status.as_deref(),
            power_state: asset.power_state.as_deref(),
            environment: asset.environment.as_deref(),
            criticality,
            complexity: asset.migration_complexity.as_deref(),
            operating_system: asset.operating_system.as_deref(),
            os_version: asset.os_version.as_deref(),
            architecture: asset.os_architecture.as_deref(),
            technology_stack: asset.technology_stack.as_deref(),
            application_name: asset.application_name.as_deref(),
            hardware: (!hardware.is_empty()).then_some(hardware.as_str()),
            source: asset.discovery_source.as_deref(),
            has_owner: asset.business_owner.is_some() || asset.technical_owner.is_some(),
            is_virtual: asset.is_virtual,
            cpu_percent: average(CPU).or(asset.cpu_utilization_percent),
            memory_percent: average(MEMORY).or(asset.memory_utilization_percent),
            observation_days: measured(CPU).and_then(days),
            cpu_cores: asset.cpu_cores.map(f64::from),
            memory_gb: asset.memory_gb,
            storage_gb: asset.storage_gb,
            monthly_cost: asset.current_monthly_cost.map(whole_units),
            cloud_cost: asset.estimated_cloud_cost.map(whole_units),
            dependencies,
            findings: Some(&findings),
            is_exposed: tech_debt::is_exposed(&facts),
            months_to_exit: self.months_to_exit,
        };
        Subject::of_asset(&profile, policy)
    }

    /// What the support catalogue says today about an asset that no import has assessed.
    fn assess(&mut self, facts: &AssetFacts<'_>) -> Vec<OwnedFinding> {
        let findings = self.assessor.assess(facts);
        let owned = findings.into_iter().map(|finding| OwnedFinding {
            kind: kind(finding.kind.as_str()),
            severity: finding.severity,
            product: with_version(&finding.product, finding.version.as_deref()),
            end_of_support: finding.end_of_support,
        });
        owned.collect()
    }
}

/// What a batch of assets is judged by.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    findings: HashMap<AssetId, Vec<tech_debt_findings::Model>>,
    loads: HashMap<AssetId, Vec<asset_metrics::Model>>,
    /// Absent where the engagement has no dependencies at all.
    neighbours: Option<HashMap<AssetId, Vec<AssetId>>>,
}

/// A finding that owns its texts.
struct OwnedFinding {
    kind: FindingKind,
    severity: landfall_domain::RiskLevel,
    product: String,
    end_of_support: Option<chrono::NaiveDate>,
}

impl OwnedFinding {
    fn as_finding(&self) -> Finding<'_> {
        Finding {
            kind: self.kind,
            severity: self.severity,
            product: &self.product,
            end_of_support: self.end_of_support,
        }
    }
}

fn restored(rows: &[tech_debt_findings::Model]) -> Vec<OwnedFinding> {
    let owned = rows.iter().map(|row| OwnedFinding {
        kind: kind(&row.kind),
        severity: row.severity,
        product: with_version(&row.product, row.product_version.as_deref()),
        end_of_support: row.end_of_support.as_ref().and_then(|day| day.parse().ok()),
    });
    owned.collect()
}

fn kind(word: &str) -> FindingKind {
    use tech_debt::FindingKind as Known;
    if word == Known::OsEndOfLife.as_str() {
        FindingKind::OperatingSystem
    } else if word == Known::OsVersionUnknown.as_str() {
        FindingKind::VersionUnknown
    } else {
        FindingKind::Software
    }
}

fn with_version(product: &str, version: Option<&str>) -> String {
    match version {
        Some(version) => format!("{product} {version}"),
        None => product.to_owned(),
    }
}

/// The window of a measurement; none if the source did not say it.
fn days(metric: &asset_metrics::Model) -> Option<f64> {
    let window = metric.window_end? - metric.window_start?;
    #[expect(clippy::cast_precision_loss, reason = "hours of a few years")]
    let days = window.num_hours() as f64 / 24.0;
    Some(days.floor())
}

fn months(now: DateTime<Utc>, day: DateTime<Utc>) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "days of a few decades")]
    let days = (day - now).num_days() as f64;
    (days / MONTH).floor().max(0.0)
}

#[expect(clippy::cast_precision_loss, reason = "sums of money below 2^53 cents")]
fn whole_units(minor: i64) -> f64 {
    minor as f64 / MINOR_UNITS
}
