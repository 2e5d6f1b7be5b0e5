//! What reports say.

use crate::Services;
use crate::plans::{Plan, PlanError, Wave};
use chrono::{DateTime, Utc};
use landfall_domain::{PageRequest, Scope};
use landfall_repositories::{ApplicationFilter, FindingFilter};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::str::FromStr;
use uuid::Uuid;

/// Rows of one query.
const BATCH: u64 = 20_000;

/// What a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// What there is.
    Portfolio,
    /// Which strategies it gets.
    Strategies,
    /// What is risky.
    Risks,
    /// What moves when.
    Waves,
    /// All of it.
    All,
}

impl Section {
    /// Every section.
    pub const ALL: [Self; 5] = [
        Self::Portfolio,
        Self::Strategies,
        Self::Risks,
        Self::Waves,
        Self::All,
    ];

    /// The word that asks for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Portfolio => "portfolio",
            Self::Strategies => "strategies",
            Self::Risks => "risks",
            Self::Waves => "waves",
            Self::All => "all",
        }
    }

    fn has(self, section: Self) -> bool {
        self == section || self == Self::All
    }
}

impl FromStr for Section {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|section| section.as_str() == word)
            .ok_or_else(|| {
                format!("'{word}' is no report; known are portfolio, strategies, risks, waves and all")
            })
    }
}

/// How many there are of something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Of what.
    pub name: String,
    /// How many.
    pub count: u64,
}

/// What there is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Portfolio {
    /// Assets.
    pub assets: u64,
    /// Applications.
    pub applications: u64,
    /// Dependencies.
    pub dependencies: u64,
    /// Cores of all assets that state them.
    pub cpu_cores: u64,
    /// Memory in gigabytes.
    pub memory_gb: f64,
    /// Storage in gigabytes.
    pub storage_gb: f64,
    /// Assets by type.
    pub by_type: Vec<Count>,
    /// Assets by environment.
    pub by_environment: Vec<Count>,
    /// Assets by criticality.
    pub by_criticality: Vec<Count>,
    /// Assets by operating system.
    pub by_operating_system: Vec<Count>,
}

/// A risk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Risk {
    /// Where it comes from: a planning rule, or a finding on the assets.
    pub source: String,
    /// How bad it is.
    pub severity: String,
    /// How many breaches or assets it stands for.
    pub count: u64,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub mitigation: Option<String>,
}

/// A plan in a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanFacts {
    /// Its name.
    pub name: String,
    /// Its state.
    pub status: String,
    /// Its version.
    pub plan_version: i32,
    /// Its figures.
    pub summary: Value,
}

/// A report. Sections that were not asked for are absent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The client account's engagement.
    pub title: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// What there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub portfolio: Option<Portfolio>,
    /// Assets by strategy; those without one under `undecided`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strategies: Option<Vec<Count>>,
    /// The plan that risks and waves are taken from: the committed one, else the newest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanFacts>,
    /// What is risky, the worst first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risks: Option<Vec<Risk>>,
    /// What moves when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waves: Option<Vec<Wave>>,
}

impl Services {
    /// A report on an engagement; of a certain plan, if one is given.
    pub async fn report(
        &self,
        scope: &Scope,
        section: Section,
        plan: Option<Uuid>,
    ) -> Result<Report, PlanError> {
        let plan = self.reported_plan(scope, plan).await?;
        let uow = self.store().begin_read(scope).await?;
        let (client, engagement) = (
            uow.engagements().client_account().await?,
            uow.engagements().current().await?,
        );
        drop(uow);
        let mut report = Report {
            title: format!("{} / {}", client.name, engagement.name),
            made_at: self.now(),
            portfolio: None,
            strategies: None,
            plan: plan
                .as_ref()
                .filter(|_| section.has(Section::Risks) || section.has(Section::Waves))
                .map(facts),
            risks: None,
            waves: None,
        };
        if section.has(Section::Portfolio) {
            report.portfolio = Some(self.portfolio(scope).await?);
        }
        if section.has(Section::Strategies) {
            report.strategies = Some(self.strategies(scope).await?);
        }
        if section.has(Section::Risks) {
            report.risks = Some(self.risks(scope, plan.as_ref()).await?);
        }
        if section.has(Section::Waves) {
            report.waves = Some(self.reported_waves(scope, plan.as_ref()).await?);
        }
        Ok(report)
    }

    async fn reported_plan(&self, scope: &Scope, plan: Option<Uuid>) -> Result<Option<Plan>, PlanError> {
        let uow = self.store().begin_read(scope).await?;
        if let Some(plan) = plan {
            return Ok(Some(uow.plans().get(plan).await?));
        }
        if let Some(plan) = uow.plans().committed().await? {
            return Ok(Some(plan));
        }
        let newest = uow.plans().list(Some("ready"), &PageRequest::first(1)).await?;
        Ok(newest.items.into_iter().next())
    }

    async fn portfolio(&self, scope: &Scope) -> Result<Portfolio, PlanError> {
        let uow = self.store().begin_read(scope).await?;
        let mut found = Portfolio {
            applications: uow.applications().count(&ApplicationFilter::default()).await?,
            dependencies: uow
                .dependencies()
                .count(crate::dependencies::DependencyFilter::All)
                .await?,
            ..Portfolio::default()
        };
        let mut counts: [BTreeMap<String, u64>; 4] = Default::default();
        let mut after = None;
        loop {
            let rows = uow.plans().workloads(after, BATCH).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            for row in rows {
                found.assets += 1;
                found.cpu_cores += u64::try_from(row.cpu_cores.unwrap_or(0)).unwrap_or(0);
                found.memory_gb += row.memory_gb.unwrap_or(0.0);
                found.storage_gb += row.storage_gb.unwrap_or(0.0);
                let unknown = || "Unknown".to_owned();
                let names = [
                    row.asset_type.to_string(),
                    row.environment.unwrap_or_else(unknown),
                    row.business_criticality
                        .or(row.criticality)
                        .unwrap_or_else(unknown),
                    row.operating_system.unwrap_or_else(unknown),
                ];
                for (count, name) in counts.iter_mut().zip(names) {
                    *count.entry(name).or_default() += 1;
                }
            }
        }
        let [types, environments, criticalities, systems] = counts.map(most_first);
        Ok(Portfolio {
            by_type: types,
            by_environment: environments,
            by_criticality: criticalities,
            by_operating_system: systems,
            ..found
        })
    }

    async fn strategies(&self, scope: &Scope) -> Result<Vec<Count>, PlanError> {
        let portfolio = crate::plans::load_portfolio(self, scope).await?;
        let mut counts = BTreeMap::new();
        for workload in portfolio.workloads() {
            let name = workload
                .strategy
                .map_or("undecided", |strategy| strategy.as_str());
            *counts.entry(name.to_owned()).or_default() += 1;
        }
        Ok(most_first(counts))
    }

    /// Breaches of planning rules and findings on assets, by rule and kind.
    async fn risks(&self, scope: &Scope, plan: Option<&Plan>) -> Result<Vec<Risk>, PlanError> {
        let mut risks = Vec::new();
        if let Some(plan) = plan {
            risks.extend(
                self.all_violations(scope, plan.id)
                    .await?
                    .into_iter()
                    .map(|violation| Risk {
                        source: violation.rule,
                        severity: violation.severity,
                        count: u64::try_from(violation.breaches).unwrap_or(0),
                        message: violation.message,
                        mitigation: Some(violation.mitigation),
                    }),
            );
        }
        let uow = self.store().begin_read(scope).await?;
        let mut page = PageRequest::first(PageRequest::MAX);
        let mut findings: BTreeMap<(std::cmp::Reverse<landfall_domain::RiskLevel>, String), (u64, String)> =
            BTreeMap::new();
        loop {
            let found = uow.findings().list(&FindingFilter::default(), &page).await?;
            for finding in found.items {
                let key = (
                    std::cmp::Reverse(finding.severity),
                    format!("{}: {}", finding.kind, finding.product),
                );
                let entry = findings.entry(key).or_insert((0, finding.explanation));
                entry.0 += 1;
            }
            let Some(next) = found.next else { break };
            page.after = Some(next);
        }
        risks.extend(
            findings
                .into_iter()
                .map(|((severity, source), (count, message))| Risk {
                    source,
                    severity: severity.0.to_string(),
                    count,
                    message,
                    mitigation: None,
                }),
        );
        Ok(risks)
    }

    async fn reported_waves(&self, scope: &Scope, plan: Option<&Plan>) -> Result<Vec<Wave>, PlanError> {
        let Some(plan) = plan else { return Ok(Vec::new()) };
        let rows = self
            .store()
            .begin_read(scope)
            .await?
            .plans()
            .all_waves(plan.id)
            .await?;
        rows.into_iter()
            .filter_map(|row| row.evaluation)
            .map(|wave| serde_json::from_value(wave).map_err(|error| PlanError::Store(error.into())))
            .collect()
    }
}

fn facts(plan: &Plan) -> PlanFacts {
    PlanFacts {
        name: plan.name.clone(),
        status: plan.status.clone(),
        plan_version: plan.plan_version,
        summary: plan.summary.clone().unwrap_or(Value::Null),
    }
}

fn most_first(counts: BTreeMap<String, u64>) -> Vec<Count> {
    let mut counts: Vec<Count> = counts
        .into_iter()
        .map(|(name, count)| Count { name, count })
        .collect();
    counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    counts
}
