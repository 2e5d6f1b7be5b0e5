//! Who is let in: keys, logins, tokens of identity providers, event streams, limits, and what is written down of it.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod events;
mod issuer;
mod keys;
mod limits;
mod logins;
mod members;
mod providers;
mod streams;

use actix_web::http::Method;
use actix_web::http::header::AUTHORIZATION;
use landfall_domain::{PageRequest, Role, UserId};
use landfall_services::access::{Identity, NewPassword, NewPerson, Origin, SecurityEvent};
use landfall_tests::api::{Api, Reply};
use serde_json::Value;

/// A password that does.
const PASSWORD: &str = "correct horse battery staple";

/// A user with a password and a role in the whole tenant.
async fn user(api: &Api, email: &str, role: Role) -> UserId {
    let by = Identity::program("test");
    let person = NewPerson {
        email: email.to_owned(),
        password: NewPassword::Given(PASSWORD.to_owned()),
        ..NewPerson::default()
    };
    let made = api
        .services
        .create_user(&by, person, &Origin::default())
        .await
        .unwrap();
    let client = api.scope.client_account_id;
    api.services
        .grant(&by, client, made.user.id, None, role, &Origin::default())
        .await
        .unwrap();
    made.user.id
}

/// A request of the tenant with a token.
async fn ask(api: &Api, token: &str, method: Method, path: &str, body: Option<&Value>) -> Reply {
    let mut request = api
        .request(method, path)
        .insert_header((AUTHORIZATION, format!("Bearer {token}")));
    if let Some(body) = body {
        request = request.set_json(body);
    }
    api.send(request).await
}

/// Logs in and gives the answer.
async fn login(api: &Api, email: &str, password: &str) -> Reply {
    let body = serde_json::json!({ "email": email, "password": password });
    api.post("/api/v3/auth/login", &body).await
}

/// What was written down, newest first.
async fn events(api: &Api) -> Vec<SecurityEvent> {
    let page = PageRequest::first(PageRequest::MAX);
    api.services.security_events(None, &page).await.unwrap().items
}

/// How often something was written down.
async fn noted(api: &Api, kind: &str) -> usize {
    events(api)
        .await
        .iter()
        .filter(|event| event.event_type == kind)
        .count()
}
