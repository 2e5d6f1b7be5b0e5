//! `landfall worker`: does jobs until it is told to stop, and the workers inside of other commands.

use crate::config::Config;
use crate::failure::Failure;
use crate::installation::{IfMissing, open};
use crate::output::{count, line, say};
use crate::shutdown;
use clap::Args;
use landfall_services::Services;
use landfall_services::jobs::Worker;
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long a worker that could not begin waits before it tries again.
const TRY_AGAIN: Duration = Duration::from_secs(5);

/// Flags of `worker`.
#[derive(Debug, Args, Serialize)]
pub(crate) struct Arguments {
    /// Jobs done at the same time [default: 1 on an embedded database, 2 on PostgreSQL]
    #[arg(long, value_name = "NUMBER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    workers: Option<u16>,
    /// End as soon as no job is due
    #[arg(long)]
    #[serde(skip)]
    drain: bool,
}

impl Arguments {
    /// The flags by the names of the settings.
    pub(crate) fn settings(&self) -> Result<Value, Failure> {
        Ok(serde_json::to_value(self)?)
    }
}

pub(crate) async fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    let services = open(config, IfMissing::Create).await?;
    if arguments.drain {
        let done = Worker::new(services).drain().await?;
        return line(format_args!("{} done, none is due.", count(done, "job")));
    }
    let number = config.worker_count().max(1);
    let workers = Workers::start(&services, number);
    say(format_args!(
        "Landfall {} on {}: {} at a time.",
        env!("CARGO_PKG_VERSION"),
        config.database_url,
        count(number.into(), "job")
    ));
    shutdown::requested().await?;
    workers.end().await;
    Ok(())
}

/// Workers of this process.
#[derive(Debug)]
pub(crate) struct Workers {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Workers {
    /// Lets this many workers begin.
    pub(crate) fn start(services: &Services, number: u16) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for _ in 0..number {
            tasks.spawn(work(services.clone(), stopped.clone()));
        }
        Self { stop, tasks }
    }

    /// Asks the workers to give back what they are at.
    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Stops the workers and waits until they have given back what they were at.
    pub(crate) async fn end(mut self) {
        self.stop();
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a worker ended by itself");
            }
        }
    }
}

async fn work(services: Services, mut stop: watch::Receiver<bool>) {
    let worker = Worker::new(services);
    while let Err(error) = worker.run(stop.clone()).await {
        tracing::error!(%error, "a worker could not begin; it tries again");
        tokio::select! {
            () = tokio::time::sleep(TRY_AGAIN) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}
