//! Answers that the client has already: 304 instead of the same bytes again.
//!
//! A resource with a version has it as its tag. All other answers to GET under `/api` get a weak one made of their bytes.

use crate::extract::matches_any;
use actix_web::Error;
use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use std::hash::{DefaultHasher, Hasher};

/// Wraps one request.
pub(crate) async fn conditional<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let concerned = request.method() == Method::GET && request.path().starts_with("/api/");
    let response = next.call(request).await?;
    if !concerned || response.status() != StatusCode::OK {
        return Ok(response.map_into_left_body());
    }
    let (request, response) = response.into_parts();
    let (mut head, body) = response.into_parts();
    let (tag, body) = match tag_of(head.headers()) {
        Some(tag) => (tag, EitherBody::left(body)),
        None => match body.try_into_bytes() {
            Ok(bytes) => (made_of(&bytes), EitherBody::right(BoxBody::new(bytes))),
            // Made while it is sent: its tag would come too late.
            Err(stream) => {
                let response = head.set_body(EitherBody::left(stream));
                return Ok(ServiceResponse::new(request, response));
            }
        },
    };
    let known = matches_any(request.headers(), &tag);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        head.headers_mut().insert(header::ETAG, tag);
    }
    let body = if known {
        *head.status_mut() = StatusCode::NOT_MODIFIED;
        head.headers_mut().remove(header::CONTENT_TYPE);
        EitherBody::right(BoxBody::new(()))
    } else {
        body
    };
    Ok(ServiceResponse::new(request, head.set_body(body)))
}

fn tag_of(headers: &HeaderMap) -> Option<String> {
    headers.get(header::ETAG)?.to_str().ok().map(str::to_owned)
}

fn made_of(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    format!("W/\"{:016x}\"", hasher.finish())
}
