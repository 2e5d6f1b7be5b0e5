//! What every handler can reach.

use crate::access::{KnownScopes, Limits};
use crate::frame::Routes;
use crate::options::ApiOptions;
use landfall_domain::Clock;
use landfall_services::Services;
use landfall_services::compat_usage::UsageCounter;
use std::sync::Arc;

/// Writes all metrics in the text format of Prometheus.
pub type MetricsReport = Arc<dyn Fn() -> String + Send + Sync>;

/// How often uses of old names are written down.
const USAGE_WRITTEN: std::time::Duration = std::time::Duration::from_secs(10);

/// What every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct State(Arc<Inner>);

struct Inner {
    services: Services,
    options: ApiOptions,
    metrics: Option<MetricsReport>,
    routes: Routes,
    document: String,
    known_scopes: KnownScopes,
    limits: Limits,
    usage: UsageCounter,
    started: tokio::time::Instant,
}

impl State {
    /// The state for these use cases. Without `metrics`, `/metrics` does not exist.
    pub fn new(services: Services, options: ApiOptions, metrics: Option<MetricsReport>) -> Self {
        crate::frame::describe_metrics();
        let document = crate::openapi();
        Self(Arc::new(Inner {
            services,
            limits: Limits::new(options.requests_per_second),
            options,
            metrics,
            routes: Routes::of(&document),
            document: document.to_json().unwrap_or_default(),
            known_scopes: KnownScopes::default(),
            usage: UsageCounter::default(),
            started: tokio::time::Instant::now(),
        }))
    }

    pub(crate) fn services(&self) -> &Services {
        &self.0.services
    }

    pub(crate) fn options(&self) -> &ApiOptions {
        &self.0.options
    }

    pub(crate) fn metrics(&self) -> Option<&MetricsReport> {
        self.0.metrics.as_ref()
    }

    pub(crate) fn routes(&self) -> &Routes {
        &self.0.routes
    }

    /// The API's description as JSON.
    pub(crate) fn document(&self) -> &str {
        &self.0.document
    }

    pub(crate) fn known_scopes(&self) -> &KnownScopes {
        &self.0.known_scopes
    }

    /// How much may be asked for.
    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Uses of old names that are still to be written down.
    pub(crate) fn usage(&self) -> &UsageCounter {
        &self.0.usage
    }

    /// Seconds since the process began to serve.
    pub(crate) fn uptime_seconds(&self) -> f64 {
        self.0.started.elapsed().as_secs_f64()
    }

    /// Writes down what was counted, every ten seconds, until it is dropped.
    pub(crate) async fn write_usage(&self) {
        let mut ticks = tokio::time::interval(USAGE_WRITTEN);
        loop {
            ticks.tick().await;
            self.flush_usage().await;
        }
    }

    /// Writes down what was counted.
    pub(crate) async fn flush_usage(&self) {
        if let Err(error) = self.services().flush_usage(self.usage()).await {
            tracing::warn!(%error, "uses of old names could not be written down; they are counted on");
        }
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        self.0.services.store().clock().clone()
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State")
            .field("options", &self.0.options)
            .finish_non_exhaustive()
    }
}
