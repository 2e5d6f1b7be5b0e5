//! Asking for an operation as somebody, for some tenant.

use crate::operation::{Operation, Send};
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE};
use actix_web::test::TestRequest;
use landfall_domain::Scope;
use landfall_tests::api::{Api, Reply, form};
use serde_json::Value;

pub(crate) async fn ask(
    api: &Api,
    token: Option<&str>,
    scope: Option<&Scope>,
    operation: &Operation,
    path: &str,
    body: Option<Value>,
) -> Reply {
    let method: Method = operation.method.parse().unwrap();
    let mut request = match scope {
        Some(scope) => Api::request_of(scope, method.clone(), path),
        None => TestRequest::with_uri(path).method(method.clone()),
    };
    if let Some(token) = token {
        request = request.insert_header((AUTHORIZATION, format!("Bearer {token}")));
    }
    if method == Method::PATCH {
        request = request.insert_header(("If-Match", "*"));
    }
    if let Some(body) = body {
        request = request.set_json(body);
    }
    if matches!(operation.send, Send::Form) {
        let (kind, content) = form("a.csv", b"hostname\nx\n", &[]);
        request = request.insert_header((CONTENT_TYPE, kind)).set_payload(content);
    }
    api.send(request).await
}
