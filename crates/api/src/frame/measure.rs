//! Counters, durations and the one line that the log has for each request.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use tokio::time::Instant;

/// Requests by method, route and status.
pub(crate) const REQUESTS: &str = "landfall_http_requests_total";
/// Seconds until the answer began, by method and route.
pub(crate) const DURATION: &str = "landfall_http_request_duration_seconds";
/// Requests that are being answered.
pub(crate) const IN_FLIGHT: &str = "landfall_http_requests_in_flight";

/// Says to the recorder what is measured. Call once, after the recorder is installed.
pub(crate) fn describe() {
    metrics::describe_counter!(REQUESTS, "Requests by method, route and status.");
    metrics::describe_histogram!(DURATION, metrics::Unit::Seconds, "Time until the answer began.");
    metrics::describe_gauge!(IN_FLIGHT, "Requests that are being answered.");
}

/// Counts a request down again however it ends, also when its client goes away.
struct InFlight;

impl InFlight {
    fn begin() -> Self {
        metrics::gauge!(IN_FLIGHT).increment(1);
        Self
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        metrics::gauge!(IN_FLIGHT).decrement(1);
    }
}

/// Measures one request. The route is the pattern, never the path: paths hold ids, and each would be a series of its own.
pub(crate) async fn measure<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let in_flight = InFlight::begin();
    let start = Instant::now();
    let method = request.method().clone();
    let outcome = next.call(request).await;
    drop(in_flight);
    let (status, route) = match &outcome {
        Ok(response) => (response.status(), response.request().match_pattern()),
        Err(error) => (error.as_response_error().status_code(), None),
    };
    let route = route.unwrap_or_else(|| "none".to_owned());
    let seconds = start.elapsed().as_secs_f64();
    metrics::counter!(REQUESTS, "method" => method.to_string(), "route" => route.clone(), "status" => status.as_str().to_owned())
        .increment(1);
    metrics::histogram!(DURATION, "method" => method.to_string(), "route" => route.clone()).record(seconds);
    let failure = outcome
        .as_ref()
        .map_or_else(Some, |response| response.response().error());
    match failure {
        Some(error) if status.is_server_error() => {
            tracing::error!(status = status.as_u16(), route, seconds, error = %error, "request failed");
        }
        Some(error) => {
            tracing::info!(status = status.as_u16(), route, seconds, error = %error, "request refused");
        }
        None => tracing::info!(status = status.as_u16(), route, seconds, "request answered"),
    }
    outcome
}
