//! The outermost layer: a request id in and out, a body for every failure, and an answer even after a panic.

use crate::error::{ApiError, Asked, Code, answer, problem_type};
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::Method;
use actix_web::http::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};
use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use landfall_domain::Clock;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// The header with the request's id.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest id that is taken over from a client.
const MAX_REQUEST_ID: usize = 128;

/// Wraps one request.
pub(crate) async fn envelope<B: MessageBody + 'static>(
    clock: Arc<dyn Clock>,
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let asked = Asked {
        request_id: request_id(request.headers()),
        path: request.path().to_owned(),
        problem: wants_problem(request.headers()),
    };
    request.extensions_mut().insert(asked.clone());
    if request.method() == Method::HEAD {
        // Answered like GET; the connection leaves the body out.
        request.head_mut().method = Method::GET;
    }
    let outcome = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let id = HeaderValue::from_str(&asked.request_id);
    match outcome {
        Ok(Ok(response)) => {
            let mut response = with_body(response, &asked, clock.now());
            if let Ok(id) = id {
                response.headers_mut().insert(REQUEST_ID, id);
            }
            Ok(response)
        }
        Ok(Err(error)) => {
            let status = error.as_response_error().status_code();
            let ours = ApiError::new(Code::of(status), "the request could not be answered");
            Err(InternalError::from_response(error, answer(&ours, &asked, clock.now())).into())
        }
        Err(panic) => {
            let said = panic
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
                .or_else(|| panic.downcast_ref::<String>().cloned())
                .unwrap_or_default();
            tracing::error!(
                request_id = asked.request_id,
                path = asked.path,
                "the handler panicked: {said}"
            );
            let error = ApiError::internal("panic");
            Err(InternalError::from_response("panic", answer(&error, &asked, clock.now())).into())
        }
    }
}

/// Gives a failure its body. A failure that has none of ours gets one from its status.
fn with_body<B>(
    response: ServiceResponse<B>,
    asked: &Asked,
    now: DateTime<Utc>,
) -> ServiceResponse<EitherBody<B>> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response.map_into_left_body();
    }
    let failure = response.response().error();
    let rendered = match failure.and_then(|error| error.as_error::<ApiError>()) {
        Some(ours) => answer(ours, asked, now),
        None => answer(&foreign(status, failure), asked, now),
    };
    let media_type = rendered
        .headers()
        .get(actix_web::http::header::CONTENT_TYPE)
        .cloned();
    let body = rendered.into_body();
    let mut response = response.map_body(|_, _| EitherBody::right(body));
    let headers = response.headers_mut();
    headers.remove(actix_web::http::header::CONTENT_ENCODING);
    if let Some(media_type) = media_type {
        headers.insert(actix_web::http::header::CONTENT_TYPE, media_type);
    }
    response
}

/// A failure that a library reported: its sentence is passed on only if it is about the request.
fn foreign(status: actix_web::http::StatusCode, failure: Option<&Error>) -> ApiError {
    let message = match failure {
        Some(error) if status.is_client_error() => error.to_string(),
        _ => status
            .canonical_reason()
            .unwrap_or("the request failed")
            .to_owned(),
    };
    ApiError::new(Code::of(status), message)
}

fn request_id(headers: &HeaderMap) -> String {
    let given = headers
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .map(str::trim);
    match given {
        Some(id) if is_plain(id) => id.to_owned(),
        _ => landfall_domain::ids::new_uuid().to_string(),
    }
}

/// Ids end up in logs and in answers: only characters that mean nothing there.
fn is_plain(id: &str) -> bool {
    (1..=MAX_REQUEST_ID).contains(&id.len())
        && id
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'))
}

fn wants_problem(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|range| {
            range
                .split(';')
                .next()
                .is_some_and(|kind| kind.trim().eq_ignore_ascii_case(problem_type()))
        })
}

#[cfg(test)]
mod tests {
    use super::{MAX_REQUEST_ID, envelope, is_plain};
    use actix_web::dev::Service;
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, init_service};
    use actix_web::{App, HttpResponse, web};
    use landfall_domain::SystemClock;
    use std::sync::Arc;

    async fn panics() -> HttpResponse {
        panic!("a secret of the program")
    }

    #[actix_web::test]
    async fn a_panic_is_answered_like_any_failure_and_keeps_its_secrets() {
        let frame = from_fn(|request, next| envelope(Arc::new(SystemClock), request, next));
        let app = init_service(App::new().route("/", web::get().to(panics)).wrap(frame)).await;
        let request = TestRequest::default()
            .insert_header(("X-Request-ID", "abc"))
            .to_request();
        let error = app.call(request).await.err().unwrap();
        let response = error.as_response_error().error_response();
        assert_eq!(response.status(), 500);
        let body = actix_web::body::to_bytes(response.into_body())
            .await
            .ok()
            .unwrap();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            (body["error"].as_str(), body["request_id"].as_str()),
            (Some("INTERNAL_SERVER_ERROR"), Some("abc"))
        );
        assert!(!body.to_string().contains("secret"));
    }

    #[test]
    fn only_short_ids_without_control_or_markup_characters_are_taken_over() {
        assert!(is_plain("req_0123-abc.DEF:9"));
        for id in ["", "a b", "a\nb", "<b>", "ä", &"x".repeat(MAX_REQUEST_ID + 1)] {
            assert!(!is_plain(id), "{id}");
        }
    }
}
