//! The body of an error, in the two forms that clients can ask for.

use super::{ApiError, Code, Detail};
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// Every failure has this body. With `Accept: application/problem+json` the same facts come as a problem detail of RFC 9457.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorBody {
    /// What kind of failure it is, one word for programs.
    #[schema(example = "VALIDATION_ERROR")]
    pub(crate) error: &'static str,
    /// What is wrong and what to do, one sentence for a person.
    #[schema(example = "memory_gb must be from 0 to 1048576")]
    pub(crate) message: String,
    /// Each fault, where there is more to say.
    pub(crate) details: Vec<Detail>,
    /// The request's id, also in the header `X-Request-ID` and in the log.
    #[schema(example = "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11")]
    pub(crate) request_id: String,
    /// When it happened.
    pub(crate) timestamp: DateTime<Utc>,
    /// In the families that the predecessor had: the message, or for refused values each with its place, as it wrote them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) detail: Option<OldDetail>,
}

/// A problem detail of RFC 9457. `code`, `errors`, `request_id` and `timestamp` are the facts of `ErrorBody`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Always `about:blank`: the status and `code` say what kind of failure it is.
    r#type: &'static str,
    /// The name of the status.
    title: String,
    /// The status.
    status: u16,
    /// What is wrong and what to do, one sentence for a person.
    detail: String,
    /// The path that was asked for.
    instance: String,
    /// What kind of failure it is, one word for programs.
    code: &'static str,
    /// Each fault, where there is more to say.
    errors: Vec<Detail>,
    /// The request's id, also in the header `X-Request-ID` and in the log.
    request_id: String,
    /// When it happened.
    timestamp: DateTime<Utc>,
}

/// What an error's body repeats from its request.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The request's id.
    pub(crate) request_id: String,
    /// Its path.
    pub(crate) path: String,
    /// Whether a problem detail was asked for.
    pub(crate) problem: bool,
}

/// Media type of problem details.
pub(crate) const fn problem_type() -> &'static str {
    "application/problem+json"
}

/// The answer to a failed request.
pub(crate) fn answer(error: &ApiError, asked: &Asked, now: DateTime<Utc>) -> HttpResponse {
    let mut response = error.error_response();
    let (media_type, body) = render(error, response.status(), asked, now);
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.set_body(BoxBody::new(body))
}

fn render(
    error: &ApiError,
    status: StatusCode,
    asked: &Asked,
    now: DateTime<Utc>,
) -> (&'static str, Vec<u8>) {
    let ApiError {
        code,
        message,
        details,
        ..
    } = error;
    if asked.problem {
        let problem = Problem {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or("Request failed").to_owned(),
            status: status.as_u16(),
            detail: message.clone(),
            instance: asked.path.clone(),
            code: code.as_str(),
            errors: details.clone(),
            request_id: asked.request_id.clone(),
            timestamp: now,
        };
        return (problem_type(), serde_json::to_vec(&problem).unwrap_or_default());
    }
    let body = ErrorBody {
        error: code.as_str(),
        message: message.clone(),
        details: details.clone(),
        request_id: asked.request_id.clone(),
        timestamp: now,
        detail: landfall_compat::paths::is_old_family(&asked.path).then(|| old_detail(error)),
    };
    ("application/json", serde_json::to_vec(&body).unwrap_or_default())
}

/// What a failure of this kind looks like, in both forms.
pub(crate) fn examples(code: Code, message: &str) -> (Value, Value) {
    const REQUEST: &str = "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11";
    const TIME: &str = "2026-07-01T12:00:00Z";
    let status = code.status();
    let body = json!({
        "error": code.as_str(), "message": message, "details": [], "request_id": REQUEST, "timestamp": TIME,
    });
    let problem = json!({
        "type": "about:blank", "title": status.canonical_reason(), "status": status.as_u16(), "detail": message,
        "instance": "/api/v3/assets", "code": code.as_str(), "errors": [], "request_id": REQUEST, "timestamp": TIME,
    });
    (body, problem)
}

/// What the predecessor said of a failure.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum OldDetail {
    /// The message.
    Message(String),
    /// The refused values.
    Faults(Vec<OldFault>),
}

/// A refused value as the predecessor named it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OldFault {
    /// The way to the value, part by part.
    loc: Vec<String>,
    /// What is wrong with it.
    msg: String,
    /// The rule that it breaks.
    r#type: String,
}

fn old_detail(error: &ApiError) -> OldDetail {
    if error.code != super::Code::Validation || error.details.is_empty() {
        return OldDetail::Message(error.message.clone());
    }
    let faults = error.details.iter().map(|detail| OldFault {
        loc: (detail.field.iter())
            .flat_map(|field| field.split('.').map(str::to_owned))
            .collect(),
        msg: detail.message.clone(),
        r#type: detail.code.clone(),
    });
    OldDetail::Faults(faults.collect())
}
