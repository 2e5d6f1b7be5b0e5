//! Logs and metrics of the process.

use crate::config::{Config, LogFormat};
use crate::failure::Failure;
use landfall_api::MetricsReport;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;
use tracing_subscriber::EnvFilter;

/// What services log unless told otherwise.
const SERVICE_LOG: &str = "info,sqlx=warn,actix_server=warn,sea_orm_migration=warn";
/// What other commands log: they speak for themselves.
const COMMAND_LOG: &str = "warn";
/// Upper bounds of the classes in which durations are counted, in seconds.
const DURATIONS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0,
];
/// How often the recorder puts what was measured in order.
const UPKEEP: Duration = Duration::from_secs(5);

/// Begins to log to the error output.
pub(crate) fn start_logs(config: &Config, is_service: bool) -> Result<(), Failure> {
    let default = if is_service { SERVICE_LOG } else { COMMAND_LOG };
    let filter = match &config.log {
        Some(log) => EnvFilter::try_new(log)
            .map_err(|error| Failure::usage(format!("'{log}' does not say what is logged: {error}")))?,
        None => EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default)),
    };
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => logs.init(),
        LogFormat::Json => logs.json().flatten_event(true).with_span_list(false).init(),
    }
    Ok(())
}

/// Begins to measure. The report is what `/metrics` answers.
pub(crate) fn start_metrics() -> Result<MetricsReport, Failure> {
    let durations = Matcher::Suffix("_seconds".to_owned());
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(durations, &DURATIONS)?
        .install_recorder()?;
    let upkeep = handle.clone();
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(UPKEEP);
        loop {
            ticks.tick().await;
            upkeep.run_upkeep();
        }
    });
    Ok(Arc::new(move || handle.render()))
}
