//! The span of a request, so that every line in the log says which request it belongs to.

use crate::error::Asked;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::{Error, HttpMessage};
use tracing::Span;
use tracing_actix_web::RootSpanBuilder;

/// Names the fields of the span. No header is logged, and no query: both can hold secrets.
pub(crate) struct Spans;

impl RootSpanBuilder for Spans {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let request_id = request
            .extensions()
            .get::<Asked>()
            .map(|asked| asked.request_id.clone());
        tracing::info_span!(
            "request",
            request_id,
            method = %request.method(),
            path = request.path(),
            caller = tracing::field::Empty,
            client_account_id = tracing::field::Empty,
            engagement_id = tracing::field::Empty,
            status = tracing::field::Empty,
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("status", status.as_u16());
    }
}
