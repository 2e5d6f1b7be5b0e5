//! Before everything else: who asks. Without an answer nothing is done, except for the few paths that are for everybody.

use super::origin::origin;
use super::stream;
use crate::error::{ApiError, ApiResult, Code};
use crate::state::State;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, HeaderMap, ORIGIN};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};
use landfall_services::access::{AccessError, Identity};

/// What is for everybody: no data of anybody's, and the ways to say who one is.
const PUBLIC: [&str; 8] = [
    "/",
    "/healthz",
    "/readyz",
    "/docs",
    "/api/v3/health",
    "/api/v3/openapi.json",
    "/api/v3/auth/login",
    "/api/v3/auth/refresh",
];
/// Folders that are for everybody.
const PUBLIC_FOLDERS: [&str; 1] = ["/docs/"];
/// What every caller may ask about himself, whatever his key is for.
const ABOUT_ONESELF: [&str; 2] = ["me", "auth"];

/// Whether a path needs nobody to say who he is.
pub(crate) fn is_public(path: &str) -> bool {
    PUBLIC.contains(&path) || PUBLIC_FOLDERS.iter().any(|folder| path.starts_with(folder))
}

/// Finds out who asks, and stops who may not ask now.
pub(crate) async fn authenticate<B: MessageBody + 'static>(
    state: State,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    match identify(&state, &request).await {
        Ok(Some(identity)) => {
            tracing::Span::current().record("caller", &identity.name);
            request.extensions_mut().insert(identity);
        }
        Ok(None) => {}
        Err(error) => {
            return Ok(ServiceResponse::from_err(error, request.into_parts().0).map_into_right_body());
        }
    }
    Ok(next.call(request).await?.map_into_left_body())
}

async fn identify(state: &State, request: &ServiceRequest) -> ApiResult<Option<Identity>> {
    if !state.options().authentication {
        refuse_other_sites(state, request)?;
        return Ok(Some(Identity::local()));
    }
    if is_public(request.path()) || request.method() == Method::OPTIONS {
        return Ok(None);
    }
    let origin = origin(request.request());
    let found = match (bearer(request.headers())?, stream::token(request)) {
        (Some(token), _) => state.services().authenticate(&token, &origin).await,
        (None, Some(token)) => state.services().authenticate_stream(&token, &origin).await,
        (None, None) => {
            return Err(ApiError::unauthenticated(
                "say who asks: send a key or token in the header Authorization, after the word Bearer",
                "Bearer realm=\"landfall\"",
            ));
        }
    };
    let identity = match found {
        Ok(identity) => identity,
        Err(error) => {
            if matches!(error, AccessError::Token(_)) {
                state
                    .limits()
                    .wrong_token(origin.ip_address.as_deref().unwrap_or("unknown"))?;
            }
            return Err(error.into());
        }
    };
    state.limits().request(&identity.key())?;
    let resource = resource(request.path());
    if !identity.may_ask_for(resource) && !ABOUT_ONESELF.contains(&resource) {
        let message = format!(
            "this key is not for '{resource}', but for {}",
            identity.resources.join(", ")
        );
        return Err(ApiError::new(Code::Forbidden, message));
    }
    Ok(Some(identity))
}

/// The part of a path that says what is asked for.
fn resource(path: &str) -> &str {
    let rest = path
        .strip_prefix("/api/v3/")
        .unwrap_or_else(|| path.trim_start_matches('/'));
    rest.split('/').next().unwrap_or_default()
}

/// The token in the header, if there is one.
fn bearer(headers: &HeaderMap) -> ApiResult<Option<String>> {
    let Some(value) = headers.get(AUTHORIZATION) else {
        return Ok(None);
    };
    let token = value.to_str().ok().and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("bearer")
            .then(|| token.trim().to_owned())
    });
    token.map(Some).ok_or_else(|| {
        ApiError::unauthenticated(
            "the header Authorization is not understood: it is the word Bearer, a space, and a key or token",
            "Bearer realm=\"landfall\", error=\"invalid_request\"",
        )
    })
}

/// Where nobody is asked who he is, a page of another site in somebody's browser must not act for him.
fn refuse_other_sites(state: &State, request: &ServiceRequest) -> ApiResult<()> {
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let allowed = text(ORIGIN.as_str())
        .is_some_and(|origin| state.options().cors_origins.iter().any(|own| own == origin));
    if reads || allowed || text("sec-fetch-site") != Some("cross-site") {
        return Ok(());
    }
    Err(ApiError::new(
        Code::Forbidden,
        "a page of another site may not change anything here",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn only_what_is_listed_is_for_everybody() {
        for path in ["/healthz", "/docs/", "/docs/index.html", "/api/v3/auth/login"] {
            assert!(is_public(path), "{path}");
        }
        for path in [
            "/metrics",
            "/api/v3/assets",
            "/api/v3/auth/logout",
            "/healthz/",
            "/docsx",
            "/api/v3/auth/login/x",
        ] {
            assert!(!is_public(path), "{path}");
        }
    }

    #[test]
    fn a_token_is_read_from_its_header_alone_and_another_scheme_is_refused() {
        let with = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, HeaderValue::from_static(value));
            bearer(&headers)
        };
        assert_eq!(with("Bearer abc").unwrap().as_deref(), Some("abc"));
        assert_eq!(with("bearer  abc ").unwrap().as_deref(), Some("abc"));
        assert_eq!(bearer(&HeaderMap::new()).unwrap(), None);
        for value in ["Basic YTpi", "abc", "Bearer"] {
            assert_eq!(with(value).unwrap_err().code(), Code::Unauthenticated, "{value}");
        }
    }

    #[test]
    fn a_path_says_which_resource_is_asked_for() {
        for (path, expected) in [
            ("/api/v3/imports/1/undo", "imports"),
            ("/api/v3/assets", "assets"),
            ("/metrics", "metrics"),
            ("/", ""),
        ] {
            assert_eq!(resource(path), expected);
        }
    }
}
