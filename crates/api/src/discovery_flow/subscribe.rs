//! Flows as a stream of events (Server-Sent Events), for clients that would ask again and again.

use super::key;
use crate::access::{Tenant, Viewer};
use crate::error::ApiResult;
use crate::extract::{LenientQuery, Params, Path, flag};
use crate::state::State;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::{Stream, stream};
use landfall_compat::words::{V3FlowStatus, V3Phase};
use landfall_domain::{DiscoveryFlowId, FlowStatus, Scope};
use landfall_services::flows::{DiscoveryFlow, is_phase_done};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::Instant;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

/// How often the database is asked what changed.
const POLL: Duration = Duration::from_secs(1);
/// Seconds between signs of life.
const HEARTBEAT: u64 = 30;

/// What is sent.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams, Validate)]
#[serde(default)]
#[into_params(parameter_in = Query)]
#[expect(clippy::struct_excessive_bools, reason = "the wire has them one by one")]
pub(crate) struct SubscribeQuery {
    /// Says where the phase stands.
    #[serde(deserialize_with = "flag")]
    #[param(default = true)]
    include_phase_updates: bool,
    /// Sends insights; there are none while a flow runs.
    #[serde(deserialize_with = "flag")]
    #[param(default = false)]
    include_agent_insights: bool,
    /// Sends errors.
    #[serde(deserialize_with = "flag")]
    #[param(default = true)]
    include_errors: bool,
    /// Seconds between signs of life.
    #[validate(range(min = 1, max = 3600, message = "must be from 1 to 3600"))]
    #[param(minimum = 1, maximum = 3600, default = 30)]
    heartbeat_interval: u64,
    /// Whether the stream goes on; else it ends when what is known was told.
    #[serde(deserialize_with = "flag")]
    #[param(default = true)]
    follow: bool,
}

impl Default for SubscribeQuery {
    fn default() -> Self {
        Self {
            include_phase_updates: true,
            include_agent_insights: false,
            include_errors: true,
            heartbeat_interval: HEARTBEAT,
            follow: true,
        }
    }
}

impl Params for SubscribeQuery {}

/// A stream of one flow's changes, or of all.
struct Feed {
    state: State,
    scope: Scope,
    /// The flow; all of the engagement if absent.
    only: Option<DiscoveryFlowId>,
    query: SubscribeQuery,
    /// Changes at this time or later are wanted.
    since: DateTime<Utc>,
    /// Versions that were sent already.
    sent: HashMap<DiscoveryFlowId, i64>,
    waiting: VecDeque<Bytes>,
    last_sign: Instant,
    is_over: bool,
}

impl Feed {
    fn new(
        state: &State,
        scope: Scope,
        only: Option<DiscoveryFlowId>,
        query: SubscribeQuery,
        headers: &HeaderMap,
    ) -> Self {
        let now = state.services().now();
        let (mut since, mut sent) = (now, HashMap::new());
        if only.is_some() {
            // The flow's state comes first, so that nobody has to ask for it beside the stream.
            since = DateTime::<Utc>::MIN_UTC;
        }
        if let Some((time, flow, version)) = last_event(headers) {
            since = time;
            sent.insert(flow, version);
        }
        Self {
            state: state.clone(),
            scope,
            only,
            query,
            since,
            sent,
            // Tells the browser how soon to come back.
            waiting: VecDeque::from([Bytes::from_static(b"retry: 3000\n\n")]),
            last_sign: Instant::now(),
            is_over: false,
        }
    }

    /// The next bytes; none when the stream is over.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(bytes) = self.waiting.pop_front() {
                self.last_sign = Instant::now();
                return Some(bytes);
            }
            if self.is_over {
                return None;
            }
            if self.last_sign.elapsed() >= Duration::from_secs(self.query.heartbeat_interval) {
                self.waiting.push_back(Bytes::from_static(b": heartbeat\n\n"));
                continue;
            }
            match self.changed().await {
                Ok(flows) => {
                    for flow in flows {
                        self.tell(&flow);
                    }
                }
                Err(error) => {
                    // The client comes back by itself, and misses nothing.
                    tracing::warn!(%error, "an event stream ended");
                    self.is_over = true;
                }
            }
            self.is_over |= !self.query.follow;
            if self.waiting.is_empty() && !self.is_over {
                tokio::time::sleep(POLL).await;
            }
        }
    }

    async fn changed(&self) -> Result<Vec<DiscoveryFlow>, landfall_services::discovery::FlowControlError> {
        let services = self.state.services();
        let found = match self.only {
            Some(id) => vec![services.discovery_flow(&self.scope, id.into()).await?],
            None => services.flows_changed_since(&self.scope, self.since).await?,
        };
        let is_news = |flow: &DiscoveryFlow| {
            self.sent
                .get(&flow.flow_id)
                .is_none_or(|sent| *sent < flow.version)
        };
        Ok(found.into_iter().filter(is_news).collect())
    }

    fn tell(&mut self, flow: &DiscoveryFlow) {
        self.sent.insert(flow.flow_id, flow.version);
        self.since = self.since.max(flow.updated_at);
        let id = event_id(flow);
        self.waiting.push_back(message(&id, &update(flow, self.query)));
        if self.query.include_errors && flow.status == FlowStatus::Failed {
            let payload = json!({
                "flow_id": flow.flow_id, "phase": flow.error_phase, "message": flow.error_message,
                "timestamp": flow.updated_at,
            });
            self.waiting
                .push_back(message(&id, &json!({ "type": "flow_error", "payload": payload })));
        }
        // Of a flow that has ended, nothing more is to be told.
        self.is_over = self.only.is_some() && flow.status.is_final();
    }
}

/// When the flow was changed, which it is, and its version.
fn event_id(flow: &DiscoveryFlow) -> String {
    format!(
        "{}_{}_{}",
        flow.updated_at.timestamp_micros(),
        flow.flow_id,
        flow.version
    )
}

fn last_event(headers: &HeaderMap) -> Option<(DateTime<Utc>, DiscoveryFlowId, i64)> {
    let text = headers.get("last-event-id")?.to_str().ok()?;
    let mut parts = text.split('_');
    let time = DateTime::from_timestamp_micros(parts.next()?.parse().ok()?)?;
    Some((time, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn update(flow: &DiscoveryFlow, query: SubscribeQuery) -> Value {
    let current = V3Phase::current(flow.current_phase.as_deref(), |phase| is_phase_done(flow, phase));
    let mut payload = json!({
        "flow_id": flow.flow_id, "master_flow_id": flow.master_flow_id, "status": V3FlowStatus::from(flow.status),
        "current_phase": current, "progress_percentage": flow.progress_percentage, "timestamp": flow.updated_at,
    });
    if query.include_phase_updates {
        let phase = super::answers::phases(flow, &Value::Null).remove(current.as_str());
        payload["phase_status"] = json!(phase);
    }
    if query.include_agent_insights {
        payload["agent_insights"] = json!([]);
    }
    json!({ "type": "flow_status_update", "payload": payload })
}

fn message(id: &str, data: &Value) -> Bytes {
    Bytes::from(format!("id: {id}\ndata: {data}\n\n"))
}

fn answer(feed: Feed) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-cache"))
        // A compressor would hold events back.
        .insert_header((CONTENT_ENCODING, "identity"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(events(feed))
}

fn events(feed: Feed) -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::unfold(
        feed,
        |mut feed| async move { Some((Ok(feed.next().await?), feed)) },
    )
}

/// The changes of one flow as they happen: its state first, then each change, until it has ended. A client that comes back
/// with `Last-Event-ID` gets what it has missed.
#[utoipa::path(
    tag = "Discovery flow",
    operation_id = "subscribe",
    params(("flow_id" = DiscoveryFlowId, Path), SubscribeQuery),
    responses((status = 200, body = String, content_type = "text/event-stream"))
)]
#[get("/discovery-flow/flows/{flow_id}/subscribe")]
pub(crate) async fn one(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    query: LenientQuery<SubscribeQuery>,
) -> ApiResult<HttpResponse> {
    let flow = state.services().discovery_flow(&tenant.0, key(id.0)).await?;
    Ok(answer(Feed::new(
        &state,
        tenant.0,
        Some(flow.flow_id),
        query.0,
        request.headers(),
    )))
}

/// The changes of all flows of the engagement as they happen. A client that comes back with `Last-Event-ID` gets the state of
/// every flow that was changed meanwhile.
#[utoipa::path(
    tag = "Discovery flow",
    operation_id = "subscribe_all",
    params(SubscribeQuery),
    responses((status = 200, body = String, content_type = "text/event-stream"))
)]
#[get("/discovery-flow/flows/subscribe")]
pub(crate) async fn all(
    request: HttpRequest,
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: LenientQuery<SubscribeQuery>,
) -> ApiResult<HttpResponse> {
    Ok(answer(Feed::new(
        &state,
        tenant.0,
        None,
        query.0,
        request.headers(),
    )))
}

pub(super) fn fixed_routes(config: &mut ServiceConfig<'_>) {
    config.service(all);
}

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(one);
}
