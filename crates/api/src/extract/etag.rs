//! Versions as entity tags, so that nobody overwrites what he has not seen.

use crate::error::{ApiError, ApiResult, Code, Detail};
use actix_web::http::header::{ETAG, HeaderMap, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use actix_web::{FromRequest, HttpRequest, dev};
use std::future::{Ready, ready};

/// The version that the client has seen, out of `If-Match`; `None` for `*`: whatever is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IfMatch(pub(crate) Option<i64>);

impl FromRequest for IfMatch {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(match request.headers().get(IF_MATCH) {
            Some(value) => read(value),
            None => Err(ApiError::new(
                Code::PreconditionRequired,
                "send If-Match with the ETag of what you have read, or * to change whatever is there",
            )
            .detail(Detail::of("If-Match", "missing", "If-Match is missing"))),
        })
    }
}

/// The same where the client need not have read anything: `None` if there is no `If-Match`, or for `*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MaybeIfMatch(pub(crate) Option<i64>);

impl FromRequest for MaybeIfMatch {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let expected = request.headers().get(IF_MATCH).map(read).transpose();
        ready(expected.map(|expected| Self(expected.and_then(|expected| expected.0))))
    }
}

fn read(value: &HeaderValue) -> ApiResult<IfMatch> {
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(IfMatch(None));
    }
    version(text)
        .map(|version| IfMatch(Some(version)))
        .ok_or_else(|| {
            let message = "If-Match must be one ETag as it was sent, such as \"3\", or *";
            ApiError::malformed(message).detail(Detail::of("If-Match", "etag", message))
        })
}

fn version(tag: &str) -> Option<i64> {
    tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

/// The header for a version.
pub(crate) fn etag(version: i64) -> (actix_web::http::header::HeaderName, String) {
    (ETAG, format!("\"{version}\""))
}

/// Whether the client has this version already (`If-None-Match`).
pub(crate) fn is_unchanged(request: &HttpRequest, current: i64) -> bool {
    matches_any(request.headers(), &format!("\"{current}\""))
}

/// Whether `If-None-Match` names this tag, weak or strong, or `*`.
pub(crate) fn matches_any(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    let wanted = opaque(tag);
    headers
        .get_all(IF_NONE_MATCH)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|given| given == "*" || opaque(given) == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_strong_tag_or_a_star_is_an_expectation() {
        let read = |text: &str| super::read(&HeaderValue::from_str(text).unwrap());
        assert_eq!(read("\"7\"").unwrap(), IfMatch(Some(7)));
        assert_eq!(read("*").unwrap(), IfMatch(None));
        for text in ["7", "W/\"7\"", "\"7\", \"8\"", "\"x\"", ""] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
