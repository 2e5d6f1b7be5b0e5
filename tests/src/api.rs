//! The API over a test's database, asked without a network in between.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on has failed"
)]

use actix_web::body::{MessageBody, to_bytes};
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::header::{CONTENT_TYPE, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::test::{TestRequest, init_service};
use chrono::{DateTime, TimeZone, Utc};
use landfall_api::{ApiOptions, MetricsReport, State};
use landfall_domain::{Actor, ClientAccountId, EngagementId, FakeClock, Scope};
use landfall_repositories::{Store, StoreOptions};
use landfall_services::jobs::Worker;
use landfall_services::tenants::{NewClientAccount, NewEngagement};
use landfall_services::{FileStore, Services, Settings};
use landfall_testkit::{Role, TestDatabase};
use serde_json::Value;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::task::LocalSet;

type Answer = Pin<Box<dyn Future<Output = Reply>>>;

/// The API over one database, with a tenant that asks.
pub struct Api {
    /// The use cases behind it.
    pub services: Services,
    /// What it is built of.
    pub state: State,
    /// The tenant that asks unless a request says otherwise.
    pub scope: Scope,
    /// The time in it; it stands still until it is moved.
    pub clock: Arc<FakeClock>,
    call: Box<dyn Fn(TestRequest) -> Answer>,
    files: Arc<TempDir>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body, decoded.
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {}", String::from_utf8_lossy(&self.body)))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The same, if the status is the expected one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }
}

impl Api {
    /// The API over a database, with a client account and an engagement in it.
    pub async fn over(database: &TestDatabase) -> Self {
        Self::with(database, ApiOptions::default(), Settings::default()).await
    }

    /// The same with options.
    pub async fn with(database: &TestDatabase, options: ApiOptions, settings: Settings) -> Self {
        let clock = Arc::new(FakeClock::at(today()));
        let (services, files) = services_at(database, settings, clock.clone()).await;
        let scope = tenant(&services, "Acme").await;
        let metrics: MetricsReport = Arc::new(|| "landfall_test 1\n".to_owned());
        let state = State::new(services.clone(), options, Some(metrics));
        let call = caller(&state).await;
        Self {
            services,
            state,
            scope,
            clock,
            call,
            files: Arc::new(files),
        }
    }

    /// The same database, asked with other options: what was made before is there too.
    pub async fn again(&self, options: ApiOptions) -> Api {
        let metrics: MetricsReport = Arc::new(|| "landfall_test 1\n".to_owned());
        let state = State::new(self.services.clone(), options, Some(metrics));
        let call = caller(&state).await;
        Self {
            services: self.services.clone(),
            state,
            scope: self.scope.clone(),
            clock: self.clock.clone(),
            call,
            files: self.files.clone(),
        }
    }

    /// The same where everybody must say who he is.
    pub async fn with_authentication(&self) -> Api {
        let options = ApiOptions {
            authentication: true,
            ..ApiOptions::default()
        };
        self.again(options).await
    }

    /// A request of the tenant.
    pub fn request(&self, method: Method, path: &str) -> TestRequest {
        Self::request_of(&self.scope, method, path)
    }

    /// A request of any tenant.
    pub fn request_of(scope: &Scope, method: Method, path: &str) -> TestRequest {
        TestRequest::with_uri(path)
            .method(method)
            .insert_header(("X-Client-Account-ID", scope.client_account_id.to_string()))
            .insert_header(("X-Engagement-ID", scope.engagement_id.to_string()))
    }

    /// What the API answers.
    pub async fn send(&self, request: TestRequest) -> Reply {
        // As on a server's thread, where handlers may start tasks.
        LocalSet::new().run_until((self.call)(request)).await
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    /// POST of JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(self.request(Method::POST, path).set_json(body)).await
    }

    /// PUT of JSON.
    pub async fn put(&self, path: &str, body: &Value) -> Reply {
        self.send(self.request(Method::PUT, path).set_json(body)).await
    }

    /// PATCH of JSON under a precondition.
    pub async fn patch(&self, path: &str, if_match: &str, body: &Value) -> Reply {
        self.send(
            self.request(Method::PATCH, path)
                .insert_header(("If-Match", if_match))
                .set_json(body),
        )
        .await
    }

    /// POST of a form with a file and fields.
    pub async fn upload(&self, filename: &str, content: &[u8], fields: &[(&str, &str)]) -> Reply {
        self.upload_as(&self.scope, filename, content, fields).await
    }

    /// The same for any tenant.
    pub async fn upload_as(
        &self,
        scope: &Scope,
        filename: &str,
        content: &[u8],
        fields: &[(&str, &str)],
    ) -> Reply {
        let (kind, body) = form(filename, content, fields);
        let request =
            Self::request_of(scope, Method::POST, "/api/v3/imports").insert_header((CONTENT_TYPE, kind));
        self.send(request.set_payload(body)).await
    }

    /// Does all the work that is due.
    pub async fn work(&self) {
        Worker::new(self.services.clone())
            .drain()
            .await
            .expect("jobs are done");
    }

    /// Another tenant in the same database.
    pub async fn other_tenant(&self) -> Scope {
        tenant(&self.services, "Other").await
    }
}

/// What is out of support depends on the day: it is always the same one.
fn today() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 7, 1, 12, 0, 0)
        .single()
        .expect("a point in time")
}

/// Services over a test's database, and the folder that they keep files in.
pub async fn services(database: &TestDatabase, settings: Settings) -> (Services, TempDir) {
    services_at(database, settings, Arc::new(FakeClock::at(today()))).await
}

async fn services_at(
    database: &TestDatabase,
    settings: Settings,
    clock: Arc<FakeClock>,
) -> (Services, TempDir) {
    let options = StoreOptions {
        url: database.url(),
        system_url: Some(database.url_as(Role::System)),
        max_connections: 5,
        clock,
    };
    let store = Store::connect(&options).await.expect("the database opens");
    let folder = tempfile::tempdir().expect("a folder for files");
    let files = FileStore::local(folder.path()).expect("a place for files");
    (Services::new(store, files, settings), folder)
}

/// A client account of this name with one engagement.
pub async fn tenant(services: &Services, name: &str) -> Scope {
    let client = NewClientAccount {
        name: name.to_owned(),
        ..NewClientAccount::default()
    };
    let client: ClientAccountId = services
        .create_client_account(client)
        .await
        .expect("a client account")
        .id;
    let engagement = NewEngagement {
        name: "Exit".to_owned(),
        currency: Some("EUR".to_owned()),
        ..NewEngagement::default()
    };
    let engagement: EngagementId = services
        .create_engagement(client, engagement)
        .await
        .expect("an engagement")
        .id;
    Scope {
        client_account_id: client,
        engagement_id: engagement,
        actor: Actor::system("test"),
    }
}

async fn caller(state: &State) -> Box<dyn Fn(TestRequest) -> Answer> {
    let app = Rc::new(init_service(landfall_api::app(state)).await);
    Box::new(move |request| {
        let app = app.clone();
        Box::pin(async move {
            match app.call(request.to_request()).await {
                Ok(response) => reply(response).await,
                Err(error) => {
                    let response = error.as_response_error().error_response();
                    let (status, headers) = (response.status(), response.headers().clone());
                    Reply {
                        status,
                        headers,
                        body: bytes(response.into_body()).await,
                    }
                }
            }
        })
    })
}

async fn reply<B: MessageBody>(response: ServiceResponse<B>) -> Reply {
    let (status, headers) = (response.status(), response.headers().clone());
    Reply {
        status,
        headers,
        body: bytes(response.into_body()).await,
    }
}

async fn bytes<B: MessageBody>(body: B) -> Vec<u8> {
    to_bytes(body).await.ok().expect("a whole body").to_vec()
}

/// A form of type `multipart/form-data`: its type with the boundary, and its body.
pub fn form(filename: &str, content: &[u8], fields: &[(&str, &str)]) -> (String, Vec<u8>) {
    const BOUNDARY: &str = "landfall-test-boundary";
    let mut body = Vec::new();
    for (name, value) in fields {
        let part =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.into_bytes());
    }
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend(head.into_bytes());
    body.extend_from_slice(content);
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}
