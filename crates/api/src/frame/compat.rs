//! Old clients: paths of earlier versions are served by their successors, uses of old names are told and counted, answers get
//! old names where a client asks for them.

use crate::extract::Notices;
use crate::state::State;
use actix_web::body::{BodySize, BoxBody, EitherBody, MessageBody, to_bytes};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LINK};
use actix_web::http::uri::{PathAndQuery, Uri};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};
use landfall_compat::answers::archaize_answer;
use landfall_compat::paths::{Successor, successor};
use landfall_domain::Scope;
use landfall_services::compat_usage::UseKind;
use serde_json::Value;

/// Names that were ignored.
pub(crate) const IGNORED: HeaderName = HeaderName::from_static("x-api-ignored-fields");
/// `legacy` asks for old names in the answer.
const FIELD_NAMES: HeaderName = HeaderName::from_static("x-api-field-names");
/// Since when the path is deprecated (RFC 9745).
pub(crate) const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
/// When the path was to be switched off (RFC 8594).
pub(crate) const SUNSET: HeaderName = HeaderName::from_static("sunset");
/// The path to ask instead.
const REPLACEMENT: HeaderName = HeaderName::from_static("x-api-replacement-url");
/// The version that the path is of.
const VERSION: HeaderName = HeaderName::from_static("x-api-deprecated-version");

/// Wraps one request.
pub(crate) async fn compat<B: MessageBody + 'static>(
    state: State,
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let successor = successor(request.path());
    if let Some(successor) = &successor {
        redirect(&mut request, &successor.path);
    }
    let wants_old = wants_old_names(request.headers());
    let mut response = next.call(request).await?;
    count(&state, &response, successor.as_ref());
    let notices = response.request().extensions().get::<Notices>().cloned();
    if let Some(header) = notices.and_then(|notices| notices.header()) {
        response.headers_mut().insert(IGNORED, header);
    }
    if let Some(successor) = &successor {
        announce(response.headers_mut(), successor);
    }
    if wants_old && is_plain_json(&response) {
        return with_old_names(response).await;
    }
    Ok(response.map_into_left_body())
}

/// Has the request answered by another path. The query stays.
fn redirect(request: &mut ServiceRequest, path: &str) {
    let query = request.query_string();
    let target = if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    };
    let mut parts = request.head().uri.clone().into_parts();
    let Ok(target) = target.parse::<PathAndQuery>() else {
        return;
    };
    parts.path_and_query = Some(target);
    let Ok(uri) = Uri::from_parts(parts) else { return };
    request.match_info_mut().get_mut().update(&uri);
    request.head_mut().uri = uri;
}

fn count<B>(state: &State, response: &ServiceResponse<B>, successor: Option<&Successor>) {
    let extensions = response.request().extensions();
    if let Some(successor) = successor {
        metrics::counter!("landfall_compat_path_total", "path" => successor.pattern).increment(1);
    }
    let Some(scope) = extensions.get::<Scope>() else {
        return;
    };
    if let Some(successor) = successor {
        state
            .usage()
            .count(scope, UseKind::Path, successor.version.name, successor.pattern);
    }
    let Some(notices) = extensions.get::<Notices>() else {
        return;
    };
    for (resource, name) in &notices.old {
        state
            .usage()
            .count(scope, UseKind::Field, resource.as_str(), name);
    }
    let pattern = response.request().match_pattern().unwrap_or_default();
    for name in &notices.ignored {
        state.usage().count(scope, UseKind::Ignored, &pattern, name);
    }
}

fn announce(headers: &mut HeaderMap, successor: &Successor) {
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(DEPRECATION, &format!("@{}", successor.version.deprecated_at));
    set(SUNSET, successor.version.sunset);
    set(LINK, &format!("<{}>; rel=\"successor-version\"", successor.path));
    set(REPLACEMENT, &successor.path);
    set(VERSION, successor.version.name);
}

fn wants_old_names(headers: &HeaderMap) -> bool {
    headers
        .get(FIELD_NAMES)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case("legacy"))
}

/// Whether the answer is JSON that is whole already: files that are sent while they are made keep their names.
fn is_plain_json<B: MessageBody>(response: &ServiceResponse<B>) -> bool {
    let kind = response.headers().get(CONTENT_TYPE);
    response.status().is_success()
        && kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
        && matches!(response.response().body().size(), BodySize::Sized(_))
}

async fn with_old_names<B: MessageBody + 'static>(
    response: ServiceResponse<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let path = response.request().path().to_owned();
    let (request, response) = response.into_parts();
    let (response, body) = response.into_parts();
    let bytes = to_bytes(body)
        .await
        .map_err(|_| actix_web::error::ErrorInternalServerError("the answer could not be read"))?;
    let bytes = match serde_json::from_slice::<Value>(&bytes) {
        Ok(mut answer) => {
            archaize_answer(&path, &mut answer);
            serde_json::to_vec(&answer)?.into()
        }
        Err(_) => bytes,
    };
    let response = response.set_body(EitherBody::right(BoxBody::new(bytes)));
    Ok(ServiceResponse::new(request, response))
}
