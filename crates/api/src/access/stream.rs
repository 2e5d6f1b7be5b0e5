//! Event streams: a browser opens them without headers, so tenant and token are in the address. The token opens nothing else.

use crate::extract::pairs;
use actix_web::HttpRequest;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;

/// Parameters that say who asks and for which tenant; the operation itself does not see them.
pub(crate) const PARAMETERS: [&str; 3] = ["stream_token", "client_account_id", "engagement_id"];
/// How paths of event streams end.
const STREAMS: [&str; 2] = ["/subscribe", "/events"];

/// Whether a request opens an event stream.
pub(crate) fn is_stream(method: &Method, path: &str) -> bool {
    method == Method::GET && STREAMS.iter().any(|end| path.ends_with(end))
}

/// The token in the address of an event stream.
pub(super) fn token(request: &ServiceRequest) -> Option<String> {
    if !is_stream(request.method(), request.path()) {
        return None;
    }
    parameter(request.query_string(), "stream_token")
}

/// The tenant in the address of an event stream.
pub(super) fn tenant(request: &HttpRequest, name: &str) -> Option<String> {
    is_stream(request.method(), request.path()).then(|| parameter(request.query_string(), name))?
}

fn parameter(query: &str, name: &str) -> Option<String> {
    pairs(query)
        .into_iter()
        .find(|(given, _)| given == name)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_token_in_an_address_is_read_for_event_streams_alone() {
        let asked =
            |method: Method, path: &str| token(&TestRequest::with_uri(path).method(method).to_srv_request());
        let stream = "/api/v3/discovery-flow/flows/subscribe?stream_token=a%2Bb&x=1";
        assert_eq!(asked(Method::GET, stream).as_deref(), Some("a+b"));
        assert_eq!(asked(Method::POST, stream), None);
        assert_eq!(asked(Method::GET, "/api/v3/assets?stream_token=a"), None);
    }
}
