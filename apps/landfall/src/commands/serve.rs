//! `landfall serve`: the API, with workers in the same process.

use super::worker::Workers;
use crate::config::Config;
use crate::failure::Failure;
use crate::installation::{IfMissing, open};
use crate::output::{count, say};
use crate::{shutdown, telemetry};
use clap::Args;
use landfall_api::{ApiOptions, State};
use landfall_services::Services;
use serde::Serialize;
use serde_json::Value;
use std::net::SocketAddr;
use std::time::Duration;

/// Flags of `serve`. Each but the last is the setting of the same name.
#[derive(Debug, Default, Args, Serialize)]
pub(crate) struct Arguments {
    /// Where the API listens [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    listen: Option<SocketAddr>,
    /// Another site whose pages may use the API, such as <https://plan.example.com>
    #[arg(long = "cors-origin", value_name = "ORIGIN")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cors_origins: Vec<String>,
    /// Jobs done at the same time [default: 1 on an embedded database, 2 on PostgreSQL]
    #[arg(long, value_name = "NUMBER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    workers: Option<u16>,
    /// Leave all jobs to other processes
    #[arg(long, conflicts_with = "workers")]
    #[serde(skip)]
    no_worker: bool,
}

impl Arguments {
    /// The flags by the names of the settings.
    pub(crate) fn settings(&self) -> Result<Value, Failure> {
        let mut settings = serde_json::to_value(self)?;
        if let (true, Value::Object(settings)) = (self.no_worker, &mut settings) {
            settings.insert("workers".to_owned(), 0.into());
        }
        Ok(settings)
    }
}

pub(crate) async fn run(config: &Config) -> Result<(), Failure> {
    refuse_open_door(config.listen)?;
    let services = open(config, IfMissing::Create).await?;
    let metrics = telemetry::start_metrics()?;
    let options = ApiOptions {
        bind: vec![config.listen],
        cors_origins: config.cors_origins.clone(),
        shutdown_timeout: Duration::from_secs(config.shutdown_seconds),
        ..ApiOptions::default()
    };
    let state = State::new(services.clone(), options, Some(metrics));
    let server = landfall_api::bind(&state)?;
    let workers = Workers::start(&services, config.worker_count());
    announce(config, &services, server.addresses()).await?;
    let ended = server
        .run(async {
            if let Err(error) = shutdown::requested().await {
                tracing::error!(%error, "signals cannot be heard; stopping");
            }
            workers.stop();
        })
        .await;
    workers.end().await;
    Ok(ended?)
}

/// Nobody is asked who he is: only who is on this machine may ask.
fn refuse_open_door(listen: SocketAddr) -> Result<(), Failure> {
    if listen.ip().is_loopback() {
        return Ok(());
    }
    Err(Failure::usage(format_args!(
        "Landfall has no authentication, so it does not listen on {listen}, which others can reach: listen on 127.0.0.1 \
         or [::1], and put a proxy that authenticates before it"
    )))
}

async fn announce(config: &Config, services: &Services, addresses: &[SocketAddr]) -> Result<(), Failure> {
    let jobs = match config.worker_count() {
        0 => "no jobs are done here".to_owned(),
        number => format!("{} at a time", count(number.into(), "job")),
    };
    say(format_args!(
        "Landfall {} on {}, {jobs}.",
        env!("CARGO_PKG_VERSION"),
        config.database_url
    ));
    for address in addresses {
        say(format_args!("  API      http://{address}/api/v3"));
        say(format_args!("  Docs     http://{address}/docs/"));
        say(format_args!("  Metrics  http://{address}/metrics"));
    }
    say("There is no authentication: everybody on this machine may read and change everything.");
    if config.database_url.is_embedded() && services.client_accounts().await?.is_empty() {
        say("There are no client accounts yet: `landfall import FILE` or `landfall seed` makes some.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::refuse_open_door;

    #[test]
    fn only_addresses_of_the_machine_itself_are_served_without_authentication() {
        for own in ["127.0.0.1:8080", "127.8.8.8:1", "[::1]:8080"] {
            assert!(refuse_open_door(own.parse().unwrap()).is_ok(), "{own}");
        }
        for open in ["0.0.0.0:8080", "[::]:8080", "192.168.1.5:8080"] {
            assert!(refuse_open_door(open.parse().unwrap()).is_err(), "{open}");
        }
    }
}
