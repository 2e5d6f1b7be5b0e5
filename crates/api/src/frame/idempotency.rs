//! Requests with a key are done once. Who comes first holds the key; the answer is kept under it, and whoever sends the same
//! request again gets that answer with `Idempotency-Replayed: true`. One that comes while the first is being done waits.
//!
//! Only successes are kept: a refused request had no effect, and may be corrected and sent again under its key. If the
//! process dies between the end of the work and the keeping of its answer, a repetition is done again once the key counts as
//! abandoned.

mod body;
mod key;
mod replay;

pub(crate) use replay::REPLAYED;

use crate::access::{Tenant, Viewer};
use crate::error::{ApiError, ApiResult, Code, Detail};
use crate::state::State;
use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, RETRY_AFTER};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, rt};
use body::{BodyHash, WatchedBody};
use key::Key;
use landfall_domain::Scope;
use landfall_services::idempotency::{KeptAnswer, KeyState};
use replay::Repetition;
use std::time::Duration;
use tokio::time::Instant;
use tracing::Instrument;

/// How long a repetition waits for the first request.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it looks meanwhile.
const PAUSE: Duration = Duration::from_millis(100);
/// Largest body that is kept, in bytes.
const KEPT_BODY: usize = 1024 * 1024;

/// A request that holds its key.
struct Held {
    state: Data<State>,
    scope: Scope,
    key: Key,
}

/// Wraps one request. A request without a key, or without a tenant to keep keys for, passes as it is.
pub(crate) async fn idempotency<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let given = match key::given(&request) {
        Ok(Some(given)) => given,
        Ok(None) => return pass(request, next).await,
        Err(error) => return Ok(refused(request, error)),
    };
    let Some(state) = request.app_data::<Data<State>>().cloned() else {
        return pass(request, next).await;
    };
    // Who may not do it learns so from the operation.
    let Ok(tenant) = request.extract::<Tenant<Viewer>>().await else {
        return pass(request, next).await;
    };
    let scope = tenant.0;
    let key = given.within(&scope, &request);
    let answer = match claim(&state, &scope, &key).await {
        Ok(None) => {
            let held = Held { state, scope, key };
            // Goes on when the client goes away: then the answer is there when it comes back.
            let work = rt::spawn(perform(held, request, next).in_current_span());
            return match work.await {
                Ok(outcome) => outcome,
                Err(broken) => std::panic::resume_unwind(broken.into_panic()),
            };
        }
        Ok(Some(answer)) => answer,
        Err(error) => return Ok(refused(request, error)),
    };
    match replay::compare(&mut request, &state, &key, &answer).await {
        Ok(Repetition::Same) => match replay::response(&answer) {
            Ok(response) => Ok(request.into_response(response).map_into_right_body()),
            Err(error) => Ok(refused(request, error)),
        },
        Ok(Repetition::Other) if key.is_request_id => pass(request, next).await,
        Ok(Repetition::Other) => Ok(refused(request, reused())),
        Err(error) => Ok(refused(request, error)),
    }
}

async fn pass<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    Ok(next.call(request).await?.map_into_left_body())
}

fn refused<B>(request: ServiceRequest, error: ApiError) -> ServiceResponse<EitherBody<B>> {
    let (request, _) = request.into_parts();
    ServiceResponse::from_err(error, request).map_into_right_body()
}

fn reused() -> ApiError {
    let message = "this Idempotency-Key was used for another request: take a new key for each";
    ApiError::validation(vec![Detail::of("Idempotency-Key", "reused", message)])
}

/// Takes the key, or gives the answer that is kept under it.
async fn claim(state: &State, scope: &Scope, key: &Key) -> ApiResult<Option<KeptAnswer>> {
    let patience = Instant::now() + PATIENCE;
    loop {
        match state.services().claim_key(scope, key.id).await? {
            KeyState::Held => return Ok(None),
            KeyState::Done(answer) => return Ok(Some(answer)),
            KeyState::Busy => {}
        }
        loop {
            if Instant::now() >= patience {
                let message = "the same request is still being done: ask again later with the same key";
                return Err(ApiError::new(Code::Conflict, message)
                    .detail(Detail::of("Idempotency-Key", "in_progress", message))
                    .header(RETRY_AFTER, HeaderValue::from_static("1")));
            }
            tokio::time::sleep(PAUSE).await;
            if !matches!(
                state.services().look_at_key(scope, key.id).await?,
                Some(KeyState::Busy)
            ) {
                break;
            }
        }
    }
}

/// An answer that nobody may keep has a secret in it, which is shown once and stored nowhere.
fn may_be_kept<B>(response: &ServiceResponse<B>) -> bool {
    response
        .headers()
        .get(CACHE_CONTROL)
        .is_none_or(|control| control != "no-store")
}

/// Does the request and keeps its answer, or gives the key back.
async fn perform<B: MessageBody + 'static>(
    held: Held,
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let watched = WatchedBody::put_into(&mut request, BodyHash::of(&held.key));
    let response = match next.call(request).await {
        Ok(response) if response.status().is_success() && may_be_kept(&response) => response,
        outcome => {
            held.release().await;
            return Ok(outcome?.map_into_left_body());
        }
    };
    let (request, response) = response.into_parts();
    let (head, body) = response.into_parts();
    let request_hash = watched.finish().await;
    let mut answer = replay::answer(&head, request_hash);
    match body.try_into_bytes() {
        Ok(bytes) => {
            if bytes.len() <= KEPT_BODY {
                answer.body = String::from_utf8(bytes.to_vec()).ok();
            }
            held.keep(answer).await;
            let response = head.set_body(EitherBody::right(BoxBody::new(bytes)));
            Ok(ServiceResponse::new(request, response))
        }
        Err(stream) => {
            held.keep(answer).await;
            Ok(ServiceResponse::new(
                request,
                head.set_body(EitherBody::left(stream)),
            ))
        }
    }
}

impl Held {
    /// A key that cannot be given back is free again when it counts as abandoned.
    async fn release(&self) {
        if let Err(error) = self.state.services().release_key(&self.scope, self.key.id).await {
            tracing::warn!(%error, "an idempotency key could not be given back");
        }
    }

    /// The work is done: it is answered, even if a repetition will not find the answer.
    async fn keep(&self, answer: KeptAnswer) {
        let kept = self
            .state
            .services()
            .keep_answer(&self.scope, self.key.id, answer);
        if let Err(error) = kept.await {
            tracing::warn!(%error, "an answer could not be kept for repetitions of its request");
        }
    }
}
