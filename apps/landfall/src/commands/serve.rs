//! `landfall serve`: the API, with workers in the same process.

use super::worker::Workers;
use crate::config::{Auth, Config};
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
use std::num::NonZeroU32;
use std::time::Duration;

/// Flags of `serve`. Each but the last is the setting of the same name.
#[derive(Debug, Default, Args, Serialize)]
pub(crate) struct Arguments {
    /// Where the API listens [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    listen: Option<SocketAddr>,
    /// Who may ask: everybody on this machine, or who bears a key or token [default: none on this machine]
    #[arg(long, value_name = "HOW")]
    #[serde(skip_serializing_if = "Option::is_none")]
    auth: Option<Auth>,
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
    let authentication = config.authentication()?;
    let services = open(config, IfMissing::Create).await?;
    let metrics = telemetry::start_metrics()?;
    let options = ApiOptions {
        bind: vec![config.listen],
        authentication,
        requests_per_second: NonZeroU32::new(config.requests_per_second).filter(|_| authentication),
        trusted_proxies: config.trusted_proxies.clone(),
        cors_origins: config.cors_origins.clone(),
        shutdown_timeout: Duration::from_secs(config.shutdown_seconds),
        ..ApiOptions::default()
    };
    let state = State::new(services.clone(), options, Some(metrics));
    let server = landfall_api::bind(&state)?;
    let workers = Workers::start(&services, config.worker_count());
    announce(config, &services, server.addresses(), authentication).await?;
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

async fn announce(
    config: &Config,
    services: &Services,
    addresses: &[SocketAddr],
    authentication: bool,
) -> Result<(), Failure> {
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
    if authentication {
        for provider in &config.identity_providers {
            say(format_args!("  Tokens of {} are taken.", provider.issuer));
        }
        if !services.anybody_known().await? {
            say(
                "Nobody can log in yet: `landfall user create EMAIL --platform-admin` makes the first user, \
                 `landfall api-key create NAME` a key.",
            );
        }
    } else {
        say("There is no authentication: everybody on this machine may read and change everything.");
    }
    if config.database_url.is_embedded() && services.client_accounts().await?.is_empty() {
        say("There are no client accounts yet: `landfall import FILE` or `landfall seed` makes some.");
    }
    Ok(())
}
