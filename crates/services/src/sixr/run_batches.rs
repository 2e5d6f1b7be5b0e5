//! The batches of a run. Rows and place commit together, so a worker that is killed costs one batch.

use super::facts::Facts;
use super::given::Configuration;
use super::judge::{Judged, Named, judge};
use super::policies::CurrentPolicy;
use super::records::{Occasion, record};
use super::run::{Payload, Subjects};
use super::{SixrAnalysis, SixrError, Subject};
use crate::Services;
use landfall_domain::{AnalysisStatus, AssetId, Scope, SixrStrategy};
use landfall_planning::sixr::{self, QuestionTally};
use landfall_repositories::entities::{assets, jobs};
use landfall_repositories::{ApplicationFilter, AssetFilter, IterationRows, NewAnalysis, RunCounts, Uow};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Subjects that are judged before other work of the process gets its turn.
const AT_ONCE: usize = 32;
/// Applications of a batch: each brings its members.
const APPLICATIONS_PER_BATCH: usize = 100;

/// How far a run is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Position {
    applications_done: bool,
    done: bool,
    after: Option<Uuid>,
    pub(super) counts: RunCounts,
    pub(super) tally: QuestionTally,
    pub(super) changed: u64,
    pub(super) unchanged: u64,
    pub(super) requires_input: u64,
    pub(super) overridden: u64,
}

impl Position {
    /// What the job remembers.
    pub(super) fn of(job: &jobs::Model) -> Self {
        job.cursor
            .as_ref()
            .and_then(|cursor| Self::deserialize(cursor).ok())
            .unwrap_or_default()
    }
}

/// A subject of a batch, with what it costs.
struct Candidate {
    of: Subject,
    named: Named,
    subject: sixr::Subject,
    current_cost: i64,
    cloud_cost: i64,
}

/// The batches of one run.
pub(super) struct Batches<'r> {
    services: &'r Services,
    scope: &'r Scope,
    job: jobs::Model,
    payload: Payload,
    policy: CurrentPolicy,
    facts: Facts,
    position: Position,
    total: u64,
}

impl<'r> Batches<'r> {
    pub(super) async fn of(
        services: &'r Services,
        scope: &'r Scope,
        job: &jobs::Model,
        payload: &Payload,
        policy: CurrentPolicy,
        uow: &Uow,
    ) -> Result<Self, SixrError> {
        let assets = uow.assets().count(&AssetFilter::all()).await?;
        let applications = match payload.subjects {
            Subjects::Assets => 0,
            Subjects::Applications => uow.applications().count(&ApplicationFilter::default()).await?,
        };
        let mut position = Position::of(job);
        position.applications_done |= payload.subjects == Subjects::Assets;
        Ok(Self {
            services,
            scope,
            job: job.clone(),
            payload: payload.clone(),
            policy,
            facts: Facts::of(uow).await?,
            position,
            total: assets + applications,
        })
    }

    pub(super) fn position(&self) -> &Position {
        &self.position
    }

    pub(super) fn policy_label(&self) -> &str {
        &self.policy.label
    }

    /// Assets, and applications if they are judged.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Does the next batch; no, if there is none.
    pub(super) async fn next(&mut self) -> Result<bool, SixrError> {
        if self.position.done {
            return Ok(false);
        }
        let uow = self.services.store().begin_read(self.scope).await?;
        let candidates = if self.position.applications_done {
            self.assets(&uow).await?
        } else {
            self.applications(&uow).await?
        };
        let known = known(&uow, &candidates).await?;
        let (mut analyses, mut iterations) = (Vec::new(), Vec::new());
        for (place, candidate) in candidates.into_iter().enumerate() {
            if place % AT_ONCE == 0 {
                tokio::task::yield_now().await;
            }
            if let Some((analysis, rows)) = self.judge(&uow, candidate, &known)? {
                analyses.push(analysis);
                iterations.push(rows);
            }
        }
        drop(uow);
        self.write(analyses, iterations).await?;
        Ok(true)
    }

    async fn assets(&mut self, uow: &Uow) -> Result<Vec<Candidate>, SixrError> {
        let limit = self.services.settings().batch_rows as u64;
        let after = self.position.after.map(AssetId);
        let mut batch = uow.inventory().assets_after(after, limit).await?;
        match batch.last() {
            Some(last) => self.position.after = Some(last.id.into()),
            None => self.position.done = true,
        }
        if self.payload.subjects == Subjects::Applications {
            let ids: Vec<AssetId> = batch.iter().map(|asset| asset.id).collect();
            let grouped: HashSet<AssetId> = uow.sixr().grouped_of(&ids).await?.into_iter().collect();
            batch.retain(|asset| !grouped.contains(&asset.id));
        }
        let loaded = self.facts.load(uow, &batch).await?;
        let rules = self.policy.engine.policy();
        let candidate = |asset: &assets::Model| {
            let costs = costs(&[asset]);
            Candidate {
                of: Subject::Asset(asset.id),
                named: Named {
                    name: asset.name.clone(),
                    members: 1,
                },
                subject: self.facts.subject(asset, &loaded, rules),
                current_cost: costs.0,
                cloud_cost: costs.1,
            }
        };
        Ok(batch.iter().map(candidate).collect())
    }

    async fn applications(&mut self, uow: &Uow) -> Result<Vec<Candidate>, SixrError> {
        let limit = APPLICATIONS_PER_BATCH as u64;
        let batch = uow.sixr().applications_after(self.position.after, limit).await?;
        if let Some(last) = batch.last() {
            self.position.after = Some(last.id);
        } else {
            self.position.applications_done = true;
            self.position.after = None;
            return Ok(Vec::new());
        }
        let ids: Vec<Uuid> = batch.iter().map(|application| application.id).collect();
        let members = uow.sixr().members_of(&ids).await?;
        let mut wanted: Vec<AssetId> = members.iter().map(|(_, asset)| *asset).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let assets = uow.inventory().assets(&wanted).await?;
        let loaded = self.facts.load(uow, &assets).await?;
        let by_id: HashMap<AssetId, &assets::Model> = assets.iter().map(|asset| (asset.id, asset)).collect();
        let mut of_application: HashMap<Uuid, Vec<&assets::Model>> = HashMap::new();
        for (application, asset) in &members {
            if let Some(asset) = by_id.get(asset) {
                of_application.entry(*application).or_default().push(asset);
            }
        }
        let rules = self.policy.engine.policy();
        let mut candidates = Vec::with_capacity(batch.len());
        for application in &batch {
            let members = of_application.remove(&application.id).unwrap_or_default();
            let (current_cost, cloud_cost) = costs(&members);
            candidates.push(Candidate {
                of: Subject::Application(application.id),
                named: Named {
                    name: application.name.clone(),
                    members: members.len(),
                },
                subject: self.facts.application(application, &members, &loaded, rules),
                current_cost,
                cloud_cost,
            });
        }
        Ok(candidates)
    }

    /// Judges a subject; gives what is to be written, or nothing if the same was written before.
    fn judge(
        &mut self,
        uow: &Uow,
        candidate: Candidate,
        known: &HashMap<Subject, SixrAnalysis>,
    ) -> Result<Option<(SixrAnalysis, IterationRows)>, SixrError> {
        let before = known.get(&candidate.of);
        let configuration = Configuration::of(before.and_then(|analysis| analysis.analysis_config.as_ref()));
        let (named, of) = (candidate.named, candidate.of);
        let judged = judge(&self.policy, &self.facts, candidate.subject, &configuration)?;
        let decided = before
            .and_then(|analysis| analysis.override_strategy)
            .unwrap_or(judged.recommendation.strategy);
        self.count(&judged, decided, candidate.current_cost, candidate.cloud_cost);
        self.position.overridden +=
            u64::from(before.is_some_and(|analysis| analysis.override_strategy.is_some()));
        if before.is_some_and(|analysis| is_same(analysis, &judged)) {
            self.position.unchanged += 1;
            return Ok(None);
        }
        self.position.changed += 1;
        let mut analysis = match before {
            Some(analysis) => analysis.clone(),
            None => uow.sixr().new_row(NewAnalysis {
                name: named.name.clone(),
                description: None,
                priority: None,
                subject: of,
                master_flow_id: self.payload.flow_id,
                configuration: json!({}),
            }),
        };
        let occasion = Occasion {
            reason: Some("A run over the engagement.".to_owned()),
            ..Occasion::default()
        };
        let now = self.services.now();
        let rows = record(&mut analysis, &judged, &named, occasion, self.scope, now)?;
        Ok(Some((analysis, rows)))
    }

    fn count(&mut self, judged: &Judged, decided: SixrStrategy, current_cost: i64, cloud_cost: i64) {
        let position = &mut self.position;
        position.counts.subjects += 1;
        *position.counts.by_strategy.entry(decided).or_default() += 1;
        position.counts.current_cost += current_cost;
        position.counts.estimated_cost += match decided {
            SixrStrategy::Retire => 0,
            SixrStrategy::Retain => current_cost,
            _ => cloud_cost,
        };
        position.requires_input += u64::from(judged.recommendation.needs_answers);
        position.tally.add(&judged.recommendation.questions);
    }

    async fn write(
        &mut self,
        analyses: Vec<SixrAnalysis>,
        iterations: Vec<IterationRows>,
    ) -> Result<(), SixrError> {
        let (now, lease) = (self.services.now(), self.services.settings().job_lease);
        let ids: Vec<Uuid> = analyses.iter().map(|analysis| analysis.id).collect();
        let cursor: Json = serde_json::to_value(&self.position)?;
        let mut bulk = self.services.store().begin_bulk(self.scope.clone()).await?;
        bulk.put_analyses(analyses).await?;
        bulk.add_iterations(iterations).await?;
        bulk.decide_assets(&ids, now).await?;
        bulk.save_cursor(&self.job, cursor, now, now + lease).await?;
        bulk.commit().await?;
        if let Err(error) = self.services.store().refresh_statistics().await {
            tracing::warn!(%error, "the statistics of the database could not be refreshed");
        }
        Ok(())
    }
}

/// The analyses that the subjects have, the newest of each.
async fn known(uow: &Uow, candidates: &[Candidate]) -> Result<HashMap<Subject, SixrAnalysis>, SixrError> {
    let (mut assets, mut applications) = (Vec::new(), Vec::new());
    for candidate in candidates {
        match candidate.of {
            Subject::Asset(id) => assets.push(id),
            Subject::Application(id) => applications.push(id),
        }
    }
    let mut rows = uow.sixr().analyses_of(&assets).await?;
    rows.extend(uow.sixr().analyses_of_applications(&applications).await?);
    Ok(rows
        .into_iter()
        .filter_map(|analysis| Some((Subject::of(&analysis)?, analysis)))
        .collect())
}

fn is_same(analysis: &SixrAnalysis, judged: &Judged) -> bool {
    let is_done = matches!(
        analysis.status,
        AnalysisStatus::Completed | AnalysisStatus::RequiresInput
    );
    is_done && analysis.input_digest.as_deref() == Some(&judged.digest)
}

/// What assets cost a month today and at the target, in minor units; today's cost where the target's is not known.
fn costs(members: &[&assets::Model]) -> (i64, i64) {
    let current = |asset: &assets::Model| asset.current_monthly_cost.unwrap_or_default();
    let cloud = |asset: &assets::Model| asset.estimated_cloud_cost.unwrap_or_else(|| current(asset));
    (
        members.iter().map(|asset| current(asset)).sum(),
        members.iter().map(|asset| cloud(asset)).sum(),
    )
}
