//! A request under a key that has its answer already.

use super::body::BodyHash;
use super::key::Key;
use crate::error::{ApiError, ApiResult, Code, Detail};
use crate::state::State;
use actix_web::body::BoxBody;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, LINK, LOCATION};
use actix_web::{HttpMessage, HttpResponse, HttpResponseBuilder};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use landfall_services::FileError;
use landfall_services::idempotency::KeptAnswer;
use landfall_services::imports::ImportError;
use serde_json::{Map, Value};
use std::pin::Pin;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};
use tokio_util::io::ReaderStream;

/// Says that an answer was given before.
pub(crate) const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Headers that are kept with an answer. All others are made anew for each.
const KEPT_HEADERS: [HeaderName; 5] = [
    CONTENT_TYPE,
    LOCATION,
    ETAG,
    LINK,
    crate::extract::PREFERENCE_APPLIED,
];

/// Whether a request is the one that was done before.
pub(super) enum Repetition {
    /// It is.
    Same,
    /// It is not; its body can be read again.
    Other,
}

/// Compares the request with the one that was done. Its body goes through a file, since it may have to be read once more.
pub(super) async fn compare(
    request: &mut ServiceRequest,
    state: &State,
    key: &Key,
    answer: &KeptAnswer,
) -> ApiResult<Repetition> {
    let limit = state.services().settings().upload_limit;
    let staged = state.services().files().stage("repetition", None)?;
    let mut file = tokio::fs::File::from_std(staged.file.reopen().map_err(FileError::from)?);
    let (mut hash, mut size) = (BodyHash::of(key), 0_u64);
    let mut payload = request.take_payload();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| ApiError::malformed(format!("the body ended early: {error}")))?;
        size += chunk.len() as u64;
        if size > limit {
            return Err(ImportError::TooLarge { limit }.into());
        }
        hash.add(&chunk);
        file.write_all(&chunk).await.map_err(FileError::from)?;
    }
    if hash.finish() == answer.request_hash {
        return Ok(Repetition::Same);
    }
    file.rewind().await.map_err(FileError::from)?;
    let body = ReaderStream::new(file).map(move |chunk| {
        let _kept_until_read = &staged;
        chunk.map_err(PayloadError::Io)
    });
    let body: Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>> = Box::pin(body);
    request.set_payload(Payload::from(body));
    Ok(Repetition::Other)
}

/// What is kept of an answer, without its body.
pub(super) fn answer(head: &HttpResponse<()>, request_hash: String) -> KeptAnswer {
    let mut headers = Map::new();
    for name in &KEPT_HEADERS {
        if let Some(Ok(text)) = head.headers().get(name).map(HeaderValue::to_str) {
            headers.insert(name.as_str().to_owned(), text.into());
        }
    }
    KeptAnswer {
        request_hash,
        status: head.status().as_u16(),
        headers: Value::Object(headers),
        body: None,
    }
}

/// The answer as it was given.
pub(super) fn response(answer: &KeptAnswer) -> ApiResult<HttpResponse> {
    let Some(body) = &answer.body else {
        let message =
            "the request was done before, but its answer was too large to be kept: look at what it has made";
        let detail = Detail::of("Idempotency-Key", "not_kept", message);
        return Err(ApiError::new(Code::Conflict, message).detail(detail));
    };
    let status = StatusCode::from_u16(answer.status).map_err(ApiError::internal)?;
    let mut response = HttpResponseBuilder::new(status)
        .finish()
        .set_body(BoxBody::new(body.clone()));
    restore(response.headers_mut(), &answer.headers);
    response
        .headers_mut()
        .insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

fn restore(headers: &mut HeaderMap, kept: &Value) {
    for (name, value) in kept.as_object().into_iter().flatten() {
        let value = value.as_str().and_then(|text| HeaderValue::from_str(text).ok());
        if let (Ok(name), Some(value)) = (name.parse::<HeaderName>(), value) {
            headers.insert(name, value);
        }
    }
}
