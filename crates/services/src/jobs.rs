//! Workers: they take jobs from the queue and do them until told to stop.

use crate::assessments::{self, AssessmentError, SIZES_JOB};
use crate::discovery::{self, DISCOVERY_JOB, DiscoveryError};
use crate::plans::{self, PLAN_JOB, PlanError};
use crate::services::Services;
use crate::sixr::{self, SIXR_JOB, SixrError};
use chrono::TimeDelta;
use landfall_domain::{Actor, DiscoveryFlowId, JobState, Page, PageRequest, Scope};
pub use landfall_repositories::JobFilter;
use landfall_repositories::entities::jobs;
pub use landfall_repositories::entities::jobs::Model as Job;
use landfall_repositories::{JobQueue, StoreError, StoreResult, Transient};
use serde_json::Value;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use uuid::Uuid;

/// How late a job of another process, or one that was put off, may start.
const POLL: Duration = Duration::from_secs(2);
/// How often a lease is extended before it would end.
const HEARTBEATS_PER_LEASE: u32 = 3;

/// Kinds of jobs that a worker does.
const KINDS: [&str; 4] = [DISCOVERY_JOB, SIXR_JOB, SIZES_JOB, PLAN_JOB];

/// Counts attempts at jobs by kind and outcome, `done` or `failed`.
const ATTEMPTS: &str = "landfall_jobs_total";
/// How long attempts took.
const DURATION: &str = "landfall_job_duration_seconds";

/// Does jobs, one at a time.
#[derive(Clone, Debug)]
pub struct Worker {
    services: Services,
    queue: JobQueue,
    name: String,
}

impl Worker {
    /// A worker with a name that no other has.
    pub fn new(services: Services) -> Self {
        let name = format!("worker-{}", landfall_domain::ids::new_uuid());
        let queue = services.store().job_queue();
        Self {
            services,
            queue,
            name,
        }
    }

    /// Takes jobs until `stop` turns true or nobody can turn it any more. The job at hand is then given back, and goes on where its last batch ended.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) -> StoreResult<()> {
        let _listener = self.queue.listen().await?;
        while !is_asked(&stop) {
            let claimed = match self.claim().await {
                Ok(claimed) => claimed,
                Err(error) => {
                    tracing::error!(%error, "jobs could not be claimed");
                    None
                }
            };
            match claimed {
                Some(job) => {
                    tokio::select! {
                        () = self.work(&job) => {}
                        () = asked(&mut stop) => self.give_back(&job).await,
                    }
                }
                None => {
                    tokio::select! {
                        () = self.queue.wait(POLL) => {}
                        () = asked(&mut stop) => {}
                    }
                }
            }
        }
        Ok(())
    }

    /// Does every job that is due, and returns how many there were. For command lines and tests.
    pub async fn drain(&self) -> StoreResult<u64> {
        let mut done = 0;
        while let Some(job) = self.claim().await? {
            self.work(&job).await;
            done += 1;
        }
        Ok(done)
    }

    async fn claim(&self) -> StoreResult<Option<jobs::Model>> {
        self.queue.requeue_expired().await?;
        let claimed = self.queue.claim(&self.name, &KINDS, 1, self.lease()).await?;
        Ok(claimed.into_iter().next())
    }

    /// Does a job; however it ends is written to the job and its flow.
    async fn work(&self, job: &jobs::Model) {
        let began = Instant::now();
        let result = tokio::select! {
            result = self.handle(job) => result,
            lost = self.keep_lease(job) => Err(WorkError::Lost(lost)),
        };
        let outcome = if result.is_ok() { "done" } else { "failed" };
        metrics::counter!(ATTEMPTS, "kind" => job.kind.clone(), "outcome" => outcome).increment(1);
        metrics::histogram!(DURATION, "kind" => job.kind.clone()).record(began.elapsed().as_secs_f64());
        let settled = match result {
            Ok(()) => self.queue.complete(job).await,
            Err(error) => self.settle_failure(job, &error).await,
        };
        if let Err(error) = settled {
            // Another worker has the job, or the database is away: the lease's end puts it right.
            tracing::warn!(job = %job.id, %error, "the end of the job could not be written");
        }
    }

    async fn handle(&self, job: &jobs::Model) -> Result<(), WorkError> {
        let no_target = || WorkError::NoTarget(job.id);
        let scope = scope_of(job).ok_or_else(no_target)?;
        if job.kind == SIXR_JOB {
            return Ok(sixr::work(&self.services, &scope, job).await?);
        }
        if job.kind == SIZES_JOB {
            return Ok(assessments::run_sizes(&self.services, &scope, job).await?);
        }
        if job.kind == PLAN_JOB {
            let plan = plan_of(job).ok_or_else(no_target)?;
            return Ok(plans::run_plan(&self.services, &scope, plan).await?);
        }
        let flow_id = flow_of(job).ok_or_else(no_target)?;
        discovery::runner::run_flow(&self.services, &scope, flow_id, Some(job)).await?;
        Ok(())
    }

    /// Extends the lease until the job is taken away.
    async fn keep_lease(&self, job: &jobs::Model) -> StoreError {
        let lease = self.lease();
        let pause = lease.to_std().unwrap_or_default() / HEARTBEATS_PER_LEASE;
        loop {
            tokio::time::sleep(pause).await;
            match self.queue.heartbeat(job, lease).await {
                Ok(()) => {}
                Err(error @ StoreError::LeaseLost { .. }) => return error,
                Err(error) => tracing::warn!(job = %job.id, %error, "the lease could not be extended"),
            }
        }
    }

    fn lease(&self) -> TimeDelta {
        self.services.settings().job_lease
    }

    async fn settle_failure(&self, job: &jobs::Model, error: &WorkError) -> StoreResult<()> {
        if error.is_lost() {
            tracing::info!(job = %job.id, "the job was taken away");
            return Ok(());
        }
        tracing::error!(job = %job.id, %error, "a job failed");
        let failed = self
            .queue
            .fail(job, &error.to_string(), error.is_transient())
            .await?;
        if failed.state != JobState::Failed {
            return Ok(());
        }
        match (error, scope_of(job), flow_of(job)) {
            (WorkError::Discovery(error), Some(scope), Some(flow_id)) => {
                discovery::fail(&self.services, &scope, flow_id, error).await
            }
            (WorkError::Sixr(error), Some(scope), _) => {
                sixr::fail(&self.services, &scope, &failed, error).await
            }
            (WorkError::Assessment(error), Some(scope), _) => {
                assessments::fail_sizes(&self.services, &scope, &failed, error).await
            }
            (WorkError::Plan(error), Some(scope), _) => match plan_of(job) {
                Some(plan) => plans::fail_plan(&self.services, &scope, plan, &error.to_string()).await,
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    async fn give_back(&self, job: &jobs::Model) {
        match self.queue.release(job).await {
            // It had ended just before.
            Ok(()) | Err(StoreError::LeaseLost { .. }) => {}
            Err(error) => {
                tracing::warn!(job = %job.id, %error, "the job could not be given back; its lease will end");
            }
        }
    }
}

impl Services {
    /// Jobs of the engagement, newest first.
    pub async fn jobs(
        &self,
        scope: &Scope,
        filter: &JobFilter,
        page: &PageRequest,
    ) -> StoreResult<Page<Job>> {
        self.store()
            .begin_read(scope)
            .await?
            .jobs()
            .list(filter, page)
            .await
    }

    /// One job.
    pub async fn job(&self, scope: &Scope, id: Uuid) -> StoreResult<Job> {
        self.store().begin_read(scope).await?.jobs().get(id).await
    }
}

/// Whether the worker should stop. Whoever is gone cannot ask any more: that counts as asking.
fn is_asked(stop: &watch::Receiver<bool>) -> bool {
    *stop.borrow() || stop.has_changed().is_err()
}

/// Waits until the worker should stop.
async fn asked(stop: &mut watch::Receiver<bool>) {
    // What it gives is a lock, and must not be held while the worker goes on.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Why a job was not done.
#[derive(Debug, thiserror::Error)]
enum WorkError {
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    #[error(transparent)]
    Sixr(#[from] SixrError),
    #[error(transparent)]
    Assessment(#[from] AssessmentError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Lost(StoreError),
    #[error("the job {0} does not say what it is about")]
    NoTarget(Uuid),
}

impl WorkError {
    fn is_transient(&self) -> bool {
        match self {
            Self::Discovery(error) => error.is_transient(),
            Self::Sixr(error) => error.may_pass(),
            Self::Assessment(error) => error.is_transient(),
            Self::Plan(error) => error.may_pass(),
            Self::Lost(_) => true,
            Self::NoTarget(_) => false,
        }
    }

    /// Whether another worker has the job.
    fn is_lost(&self) -> bool {
        let (Self::Discovery(DiscoveryError::Store(error))
        | Self::Sixr(SixrError::Store(error))
        | Self::Assessment(AssessmentError::Store(error))
        | Self::Plan(PlanError::Store(error))
        | Self::Lost(error)) = self
        else {
            return false;
        };
        matches!(error, StoreError::LeaseLost { .. })
    }
}

/// Whose work a job is.
fn scope_of(job: &jobs::Model) -> Option<Scope> {
    Some(Scope {
        client_account_id: job.client_account_id?,
        engagement_id: job.engagement_id?,
        actor: Actor::system("worker"),
    })
}

/// The discovery flow that a job drives.
fn flow_of(job: &jobs::Model) -> Option<DiscoveryFlowId> {
    job.payload.get("flow_id").and_then(Value::as_str)?.parse().ok()
}

/// The plan that a job makes.
fn plan_of(job: &jobs::Model) -> Option<Uuid> {
    job.payload.get("plan_id").and_then(Value::as_str)?.parse().ok()
}
