//! `Prefer`: how a client would like to be answered (RFC 7240).

use crate::error::ApiError;
use actix_web::http::header::HeaderName;
use actix_web::{FromRequest, HttpRequest, dev};
use std::future::{Ready, ready};

/// Says which preference was honoured.
pub(crate) const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");
/// The one preference that is known here.
pub(crate) const RESPOND_ASYNC: &str = "respond-async";

/// Whether the client would rather be told where to look than wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RespondAsync(pub(crate) bool);

impl FromRequest for RespondAsync {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let asked = request
            .headers()
            .get_all("prefer")
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split([',', ';']))
            .any(|word| word.trim().eq_ignore_ascii_case(RESPOND_ASYNC));
        ready(Ok(Self(asked)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[actix_web::test]
    async fn the_preference_is_found_among_others_and_only_there() {
        for (value, expected) in [
            ("respond-async", true),
            ("return=minimal, Respond-Async; wait=10", true),
            ("respond-asynchronously", false),
            ("return=minimal", false),
        ] {
            let request = TestRequest::default()
                .insert_header(("Prefer", value))
                .to_http_request();
            let found = RespondAsync::extract(&request).await.unwrap();
            assert_eq!(found, RespondAsync(expected), "{value}");
        }
    }
}
