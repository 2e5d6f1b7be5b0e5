//! Who asks, for which tenant, and whether they may: the one place where a request becomes a [`Caller`] and a [`Scope`].
//!
//! [`authenticate`] runs before every operation and leaves an [`Identity`] with the request. The extractors here ask what
//! that identity may do in the tenant that the headers name. A tenant that it may not see does not exist for it.

mod authenticate;
mod limits;
mod origin;
mod permission;
mod stream;

pub(crate) use authenticate::{authenticate, is_public};
pub(crate) use limits::Limits;
pub(crate) use permission::{Admin, Approver, Editor, Permission, Viewer};
pub(crate) use stream::{PARAMETERS as STREAM_PARAMETERS, is_stream};

use crate::error::{ApiError, ApiResult, Asked, Code, Detail};
use crate::state::State;
use actix_web::http::header::{CACHE_CONTROL, HeaderName};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev};
use futures_util::future::LocalBoxFuture;
use landfall_compat::headers;
use landfall_domain::{Actor, ClientAccountId, EngagementId, Role, Scope};
use landfall_services::StoreError;
use landfall_services::access::{Access, Identity, Origin};
use std::collections::HashMap;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Who asks: as actor for the change log, and as identity for what it may do.
#[derive(Clone, Debug)]
pub(crate) struct Caller(pub(crate) Actor, pub(crate) Identity);

impl Caller {
    fn of(request: &HttpRequest) -> ApiResult<Self> {
        let extensions = request.extensions();
        let request_id = extensions.get::<Asked>().map(|asked| asked.request_id.clone());
        // Only paths for everybody have none, and their operations ask for no caller.
        let identity = extensions
            .get::<Identity>()
            .cloned()
            .ok_or_else(|| ApiError::internal("an operation for everybody asks who it is"))?;
        Ok(Self(identity.actor(request_id), identity))
    }
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

/// A caller who may do things that span tenants: make them, list them all.
#[derive(Clone, Debug)]
pub(crate) struct PlatformAdmin(pub(crate) Actor, pub(crate) Identity);

impl FromRequest for PlatformAdmin {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(Caller::of(request).and_then(|Caller(actor, identity)| {
            if identity.is_platform_admin() {
                return Ok(Self(actor, identity));
            }
            Err(ApiError::new(
                Code::Forbidden,
                "only a platform administrator may do this",
            ))
        }))
    }
}

/// Where a request comes from, for the log of security.
#[derive(Clone, Debug)]
pub(crate) struct CameFrom(pub(crate) Origin);

impl FromRequest for CameFrom {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(Ok(Self(origin::origin(request))))
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
        Box::pin(async move {
            let scope = scope(&request, P::ROLE).await?;
            // For the frame, which counts uses of old names.
            request.extensions_mut().insert(scope.clone());
            Ok(Self(scope, PhantomData))
        })
    }
}

/// The client account that the request names, for operations that span its engagements, where the caller may do what `P`
/// stands for. Somebody with a role in one of its engagements may look at the client account, and at that engagement only.
#[derive(Clone, Debug)]
pub(crate) struct ClientAccount<P: Permission>(pub(crate) ClientAccountId, pub(crate) Access, PhantomData<P>);

impl<P: Permission> FromRequest for ClientAccount<P> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let client = client_account(&request)?;
            let access = client_access(&request, client, P::ROLE).await?;
            state(&request)?.services().client_account(client).await?;
            Ok(Self(client, access, PhantomData))
        })
    }
}

fn state(request: &HttpRequest) -> ApiResult<&Data<State>> {
    request
        .app_data::<Data<State>>()
        .ok_or_else(|| ApiError::internal("no state"))
}

async fn scope(request: &HttpRequest, least: Role) -> ApiResult<Scope> {
    let state = state(request)?;
    let Caller(actor, identity) = Caller::of(request)?;
    let scope = named(request, actor)?;
    let (client, engagement) = (scope.client_account_id, scope.engagement_id);
    let span = tracing::Span::current();
    span.record("client_account_id", tracing::field::display(client));
    span.record("engagement_id", tracing::field::display(engagement));
    let role = state
        .services()
        .access_to(&identity, client)
        .await?
        .in_engagement(engagement);
    let Some(role) = role else {
        let place = (client, Some(engagement));
        refuse(request, &identity, place, "no role in the engagement").await;
        return Err(StoreError::not_found("engagement", engagement).into());
    };
    if !state.known_scopes().has(&scope) {
        state.services().check_scope(&scope).await?;
        state.known_scopes().add(&scope);
    }
    if !role.allows(least) {
        refuse(request, &identity, (client, Some(engagement)), "role too small").await;
        return Err(too_small(role, least));
    }
    Ok(scope)
}

/// What the caller may do in a client account, if it may see it and has the role for the whole of it.
pub(crate) async fn client_access(
    request: &HttpRequest,
    client: ClientAccountId,
    least: Role,
) -> ApiResult<Access> {
    let Caller(_, identity) = Caller::of(request)?;
    let span = tracing::Span::current();
    span.record("client_account_id", tracing::field::display(client));
    let access = state(request)?.services().access_to(&identity, client).await?;
    if !access.is_any() {
        refuse(
            request,
            &identity,
            (client, None),
            "no role in the client account",
        )
        .await;
        return Err(StoreError::not_found("client account", client).into());
    }
    // A role in one engagement is enough to look, and for nothing more.
    let role = access.in_client_account().unwrap_or(Role::Viewer);
    if !role.allows(least) {
        refuse(request, &identity, (client, None), "role too small").await;
        return Err(too_small(role, least));
    }
    Ok(access)
}

fn too_small(role: Role, least: Role) -> ApiError {
    let message = format!("this needs the role {least}; yours is {role} here");
    ApiError::new(Code::Forbidden, message)
}

async fn refuse(
    request: &HttpRequest,
    identity: &Identity,
    place: (ClientAccountId, Option<EngagementId>),
    reason: &str,
) {
    if let Ok(state) = state(request) {
        let origin = origin::origin(request);
        state
            .services()
            .note_refusal(identity, place, reason, &origin)
            .await;
    }
}

fn named(request: &HttpRequest, actor: Actor) -> ApiResult<Scope> {
    let client_account_id = client_account(request)?;
    let engagement_id: EngagementId = id(request, &headers::ENGAGEMENT, ENGAGEMENT)?;
    Ok(Scope {
        client_account_id,
        engagement_id,
        actor,
    })
}

fn client_account(request: &HttpRequest) -> ApiResult<ClientAccountId> {
    id(request, &headers::CLIENT_ACCOUNT, CLIENT_ACCOUNT)
}

/// A header's present name, what it names, and the parameter that stands for it in the address of an event stream.
type Named = (&'static str, &'static str, &'static str);

const CLIENT_ACCOUNT: Named = ("X-Client-Account-ID", "client account", "client_account_id");
const ENGAGEMENT: Named = ("X-Engagement-ID", "engagement", "engagement_id");

/// The first of the headers that is there. A value that was sent several times counts once.
fn id<T: FromStr>(request: &HttpRequest, names: &[&str], (header, what, parameter): Named) -> ApiResult<T> {
    let given = names.iter().find_map(|name| request.headers().get(*name));
    let given = match given {
        Some(value) => value.to_str().unwrap_or_default().to_owned(),
        None => stream::tenant(request, parameter).ok_or_else(|| {
            let message = format!("the {what} is missing: send its id in the header {header}");
            ApiError::new(Code::TenantRequired, message.clone())
                .detail(Detail::of(header, "missing", message))
        })?,
    };
    let text = given.split(',').next().unwrap_or_default().trim();
    text.parse().map_err(|_| {
        let message = format!("the header {header} is no id: an id is a UUID such as {EXAMPLE_ID}");
        ApiError::new(Code::TenantRequired, message.clone()).detail(Detail::of(header, "uuid", message))
    })
}

/// An answer with a secret in it is kept by nobody on the way.
pub(crate) const NEVER_KEPT: (HeaderName, &str) = (CACHE_CONTROL, "no-store");

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
    use actix_web::test::TestRequest;

    fn request(path: &str, pairs: &[(&'static str, &str)]) -> HttpRequest {
        let request = TestRequest::with_uri(path);
        let with = |request: TestRequest, pair: &(&'static str, &str)| {
            request.insert_header((pair.0, pair.1.to_owned()))
        };
        pairs.iter().fold(request, with).to_http_request()
    }

    #[test]
    fn every_spelling_names_the_tenant_and_a_repeated_value_counts_once() {
        let repeated = format!("{EXAMPLE_ID}, {EXAMPLE_ID}");
        for client in headers::CLIENT_ACCOUNT {
            for engagement in headers::ENGAGEMENT {
                let asked = request("/", &[(client, &repeated), (engagement, EXAMPLE_ID)]);
                let scope = named(&asked, Actor::system("test")).unwrap();
                assert_eq!(scope.client_account_id.to_string(), EXAMPLE_ID);
                assert_eq!(scope.engagement_id.to_string(), EXAMPLE_ID);
            }
        }
    }

    #[test]
    fn a_missing_or_odd_id_is_refused_with_the_name_of_its_header() {
        for (asked, name) in [
            (request("/", &[]), "X-Client-Account-ID"),
            (
                request("/", &[("x-client-account-id", EXAMPLE_ID)]),
                "X-Engagement-ID",
            ),
            (
                request(
                    "/",
                    &[("x-client-account-id", "1"), ("x-engagement-id", EXAMPLE_ID)],
                ),
                "X-Client-Account-ID",
            ),
        ] {
            let error = named(&asked, Actor::system("test")).unwrap_err();
            assert_eq!(error.code(), Code::TenantRequired);
            assert!(error.to_string().contains(name), "{error}");
        }
    }

    #[test]
    fn the_address_names_the_tenant_of_an_event_stream_and_of_nothing_else() {
        let query = format!("?client_account_id={EXAMPLE_ID}&engagement_id={EXAMPLE_ID}");
        let stream = request(&format!("/api/v3/discovery-flow/flows/subscribe{query}"), &[]);
        assert!(named(&stream, Actor::system("test")).is_ok());
        let list = request(&format!("/api/v3/discovery-flow/flows{query}"), &[]);
        assert_eq!(
            named(&list, Actor::system("test")).unwrap_err().code(),
            Code::TenantRequired
        );
    }
}
