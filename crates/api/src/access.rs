//! Who asks, for which tenant, and whether they may: the one place where a request becomes a [`Caller`] and a [`Scope`].

mod permission;

pub(crate) use permission::{Admin, Approver, Editor, Permission, Viewer};

use crate::error::{ApiError, ApiResult, Asked, Code, Detail};
use crate::state::State;
use actix_web::http::header::HeaderMap;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev};
use futures_util::future::LocalBoxFuture;
use landfall_compat::headers;
use landfall_domain::{Actor, ClientAccountId, EngagementId, Scope};
use std::collections::HashMap;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Who asks. Without authentication, which is allowed on the machine itself only, it is always `local`.
#[derive(Clone, Debug)]
pub(crate) struct Caller(pub(crate) Actor);

impl Caller {
    fn of(request: &HttpRequest) -> Self {
        let request_id = request
            .extensions()
            .get::<Asked>()
            .map(|asked| asked.request_id.clone());
        Self(Actor {
            user_id: None,
            name: "local".to_owned(),
            request_id,
        })
    }
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

/// A caller who may do things that span tenants: make them, list them all.
#[derive(Clone, Debug)]
pub(crate) struct PlatformAdmin(pub(crate) Actor);

impl FromRequest for PlatformAdmin {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(Ok(Self(Caller::of(request).0)))
    }
}

/// The tenant and engagement that the request names in its headers, both known to exist, where the caller may do what `P`
/// stands for: `Tenant<Viewer>` to read, `Tenant<Editor>` to change, `Tenant<Approver>` to decide, `Tenant<Admin>` to govern.
#[derive(Clone, Debug)]
pub(crate) struct Tenant<P: Permission>(pub(crate) Scope, PhantomData<P>);

impl<P: Permission> FromRequest for Tenant<P> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(Self(scope(&request).await?, PhantomData)) })
    }
}

async fn scope(request: &HttpRequest) -> ApiResult<Scope> {
    let state = request
        .app_data::<Data<State>>()
        .ok_or_else(|| ApiError::internal("no state"))?;
    let scope = named(request.headers(), Caller::of(request).0)?;
    let span = tracing::Span::current();
    span.record(
        "client_account_id",
        tracing::field::display(scope.client_account_id),
    );
    span.record("engagement_id", tracing::field::display(scope.engagement_id));
    if !state.known_scopes().has(&scope) {
        state.services().check_scope(&scope).await?;
        state.known_scopes().add(&scope);
    }
    Ok(scope)
}

/// The client account that the request names, for operations that span its engagements, where the caller may do what `P`
/// stands for.
#[derive(Clone, Debug)]
pub(crate) struct ClientAccount<P: Permission>(pub(crate) ClientAccountId, PhantomData<P>);

impl<P: Permission> FromRequest for ClientAccount<P> {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(client_account(request.headers()).map(|id| Self(id, PhantomData)))
    }
}

fn named(headers: &HeaderMap, actor: Actor) -> ApiResult<Scope> {
    let client_account_id = client_account(headers)?;
    let engagement_id: EngagementId = id(headers, &headers::ENGAGEMENT, "X-Engagement-ID", "engagement")?;
    Ok(Scope {
        client_account_id,
        engagement_id,
        actor,
    })
}

fn client_account(headers: &HeaderMap) -> ApiResult<ClientAccountId> {
    id(
        headers,
        &headers::CLIENT_ACCOUNT,
        "X-Client-Account-ID",
        "client account",
    )
}

/// The first of the headers that is there. A value that was sent several times counts once.
fn id<T: FromStr>(headers: &HeaderMap, names: &[&str], header: &str, what: &str) -> ApiResult<T> {
    let given = names.iter().find_map(|name| headers.get(*name));
    let Some(given) = given else {
        let message = format!("the {what} is missing: send its id in the header {header}");
        return Err(ApiError::new(Code::TenantRequired, message.clone())
            .detail(Detail::of(header, "missing", message)));
    };
    let text = given
        .to_str()
        .unwrap_or_default()
        .split(',')
        .next()
        .unwrap_or_default()
        .trim();
    text.parse().map_err(|_| {
        let message = format!("the header {header} is no id: an id is a UUID such as {EXAMPLE_ID}");
        ApiError::new(Code::TenantRequired, message.clone()).detail(Detail::of(header, "uuid", message))
    })
}

/// A well-formed id for messages and examples.
pub(crate) const EXAMPLE_ID: &str = "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11";

/// Scopes that were found to exist a moment ago, so that not every request asks the database again.
#[derive(Debug, Default)]
pub(crate) struct KnownScopes(Mutex<HashMap<(ClientAccountId, EngagementId), Instant>>);

impl KnownScopes {
    /// How long a scope is believed to exist.
    const LIFETIME: Duration = Duration::from_secs(30);
    /// Scopes remembered at most.
    const CAPACITY: usize = 4_096;

    fn has(&self, scope: &Scope) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .get(&(scope.client_account_id, scope.engagement_id))
            .is_some_and(|seen| seen.elapsed() < Self::LIFETIME)
    }

    fn add(&self, scope: &Scope) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= Self::CAPACITY {
            known.clear();
        }
        known.insert((scope.client_account_id, scope.engagement_id), Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_str(value).unwrap(),
                )
            })
            .collect()
    }

    #[test]
    fn every_spelling_names_the_tenant_and_a_repeated_value_counts_once() {
        let repeated = format!("{EXAMPLE_ID}, {EXAMPLE_ID}");
        for client in headers::CLIENT_ACCOUNT {
            for engagement in headers::ENGAGEMENT {
                let map = headers(&[(client, &repeated), (engagement, EXAMPLE_ID)]);
                let scope = named(&map, Actor::system("test")).unwrap();
                assert_eq!(scope.client_account_id.to_string(), EXAMPLE_ID);
                assert_eq!(scope.engagement_id.to_string(), EXAMPLE_ID);
            }
        }
    }

    #[test]
    fn a_missing_or_odd_id_is_refused_with_the_name_of_its_header() {
        for (map, name) in [
            (headers(&[]), "X-Client-Account-ID"),
            (headers(&[("x-client-account-id", EXAMPLE_ID)]), "X-Engagement-ID"),
            (
                headers(&[("x-client-account-id", "1"), ("x-engagement-id", EXAMPLE_ID)]),
                "X-Client-Account-ID",
            ),
        ] {
            let error = named(&map, Actor::system("test")).unwrap_err();
            assert_eq!(error.code(), Code::TenantRequired);
            assert!(error.to_string().contains(name), "{error}");
        }
    }
}
