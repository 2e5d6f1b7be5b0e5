//! Headers that tell browsers what not to do, and which other sites may ask.

use crate::options::ApiOptions;
use actix_cors::Cors;
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;

/// Answers are data: nothing in them may be run or framed.
const DATA_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// The description's page brings its scripts and styles itself.
const DOCS_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
);

/// Adds the headers that an answer does not have yet.
pub(crate) async fn security_headers<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let docs = request.path().starts_with("/docs");
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    let mut missing = |name: HeaderName, value: HeaderValue| {
        if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    };
    missing(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    missing(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    missing(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    missing(
        header::CONTENT_SECURITY_POLICY,
        if docs { DOCS_POLICY } else { DATA_POLICY },
    );
    // One tenant's data must not stay in a cache on the way. A client may keep what it can check by its ETag.
    missing(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    Ok(response)
}

/// Other sites may ask only if the operator named them, exactly.
pub(crate) fn cors(options: &ApiOptions) -> Cors {
    let cors = Cors::default()
        .allowed_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_any_header()
        .expose_headers([
            header::ETAG.as_str(),
            header::LOCATION.as_str(),
            header::CONTENT_DISPOSITION.as_str(),
            header::RETRY_AFTER.as_str(),
            header::LINK.as_str(),
            super::envelope::REQUEST_ID.as_str(),
            super::REPLAYED.as_str(),
            crate::extract::PREFERENCE_APPLIED.as_str(),
            super::compat::IGNORED.as_str(),
            super::compat::DEPRECATION.as_str(),
            super::compat::SUNSET.as_str(),
        ])
        .max_age(600);
    options
        .cors_origins
        .iter()
        .fold(cors, |cors, origin| cors.allowed_origin(origin))
}
