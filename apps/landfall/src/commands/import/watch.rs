//! Working on an import while showing how far it has come.

use crate::commands::worker::Workers;
use crate::failure::Failure;
use crate::output::say;
use crate::shutdown;
use indicatif::{ProgressBar, ProgressStyle};
use landfall_domain::{FlowStatus, JobState, Phase, Scope};
use landfall_services::Services;
use landfall_services::imports::ImportReceipt;
use std::time::Duration;

/// How often progress is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Does jobs until the import's flow has ended or waits for a person. Another process may do the work as well.
///
/// # Errors
/// The process was asked to stop: the work done so far is kept.
pub(super) async fn until_settled(
    services: &Services,
    scope: &Scope,
    receipt: &ImportReceipt,
    is_quiet: bool,
) -> Result<(), Failure> {
    let workers = Workers::start(services, 1);
    let settled = tokio::select! {
        settled = settled(services, scope, receipt, is_quiet) => settled,
        asked = shutdown::requested() => asked.map_err(Failure::from).and(Err(Failure::new(format_args!(
            "stopped; import {} goes on where it was with `landfall worker --drain`", receipt.import_id
        )))),
    };
    workers.end().await;
    settled
}

async fn settled(
    services: &Services,
    scope: &Scope,
    receipt: &ImportReceipt,
    is_quiet: bool,
) -> Result<(), Failure> {
    let bar = if is_quiet { ProgressBar::hidden() } else { bar()? };
    let mut told_of_retry = false;
    loop {
        let uow = services.store().begin_read(scope).await?;
        let import = uow.imports().get(receipt.import_id).await?;
        let flow = uow.discovery().get(receipt.discovery_flow_id).await?;
        let job = uow.jobs().get(receipt.job_id).await?;
        drop(uow);
        let rests = flow.status.is_final() || matches!(flow.status, FlowStatus::Waiting | FlowStatus::Paused);
        if rests && !matches!(job.state, JobState::Queued | JobState::Running) {
            bar.finish_and_clear();
            return Ok(());
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
        bar.set_position(import.progress_percentage as u64);
        bar.set_message(flow.current_phase.as_deref().map_or("", told));
        if let (Some(error), false) = (&job.last_error, told_of_retry) {
            bar.suspend(|| say(format_args!("An attempt failed and is made again: {error}")));
            told_of_retry = true;
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn bar() -> Result<ProgressBar, Failure> {
    let bar = ProgressBar::new(100);
    bar.set_style(ProgressStyle::with_template("{bar:32} {percent:>3} %  {msg}")?);
    Ok(bar)
}

/// What is done in a phase.
fn told(phase: &str) -> &'static str {
    match phase.parse() {
        Ok(Phase::DataValidation) => "reading rows",
        Ok(Phase::FieldMapping) => "mapping columns",
        Ok(Phase::DataCleansing) => "judging values",
        Ok(Phase::AssetInventory) => "making assets",
        Ok(Phase::DependencyAnalysis) => "finding dependencies",
        Ok(Phase::TechDebtAssessment) => "looking for what is out of support",
        Err(_) => "",
    }
}
