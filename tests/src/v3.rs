//! The families that existing clients know, asked as they ask.

use crate::api::{Api, Reply, form};
use crate::shape::check_shape;
use actix_web::http::Method;
use actix_web::http::header::CONTENT_TYPE;
use serde_json::{Value, json};

/// Asks, and checks status and shape of what comes back. `described` is the path as the description has it.
pub async fn asked(
    api: &Api,
    method: Method,
    described: &str,
    path: &str,
    body: Option<&Value>,
    status: u16,
) -> Value {
    let mut request = api.request(method.clone(), path);
    if let Some(body) = body {
        request = request.set_json(body);
    }
    let reply = api.send(request).await.expect(status);
    checked(&reply, &method, described)
}

/// Uploads a form to a path, and checks status and shape of what comes back.
pub async fn uploaded(
    api: &Api,
    described: &str,
    path: &str,
    file: (&str, &[u8]),
    fields: &[(&str, &str)],
    status: u16,
) -> Value {
    let (kind, content) = form(file.0, file.1, fields);
    let request = api
        .request(Method::POST, path)
        .insert_header((CONTENT_TYPE, kind))
        .set_payload(content);
    let reply = api.send(request).await.expect(status);
    checked(&reply, &Method::POST, described)
}

fn checked(reply: &Reply, method: &Method, described: &str) -> Value {
    if reply.body.is_empty() {
        return Value::Null;
    }
    let body = reply.json();
    let document = serde_json::to_value(landfall_api::openapi()).unwrap_or_default();
    let method = method.as_str().to_lowercase();
    check_shape(&document, &method, described, reply.status.as_u16(), &body);
    body
}

/// Rows of a small inventory: the third has no usable address, `Memry` is nearly a field, `Env` is written in two ways.
pub fn rows() -> Value {
    json!([
        {"hostname": "web01", "ip_address": "10.0.0.1", "Memry": "8", "Env": "prod", "Note": "a"},
        {"hostname": "web02", "ip_address": "10.0.0.2", "Memry": "16", "Env": "Prod", "Note": " b "},
        {"hostname": "db01", "ip_address": "10.0.0.300", "Memry": "64", "Env": "prod", "Note": null},
        {"hostname": "app01", "ip_address": "10.0.0.4", "Memry": "4", "Env": "prod", "Note": "c"}
    ])
}

/// Imports the rows by the old family, and works until a person is needed.
pub async fn imported(api: &Api) -> Value {
    let body = json!({"name": "Servers", "source_type": "cmdb", "data": rows(), "metadata": {"ticket": 7}});
    let import = asked(
        api,
        Method::POST,
        "/api/v3/data-import/imports",
        "/api/v3/data-import/imports",
        Some(&body),
        201,
    )
    .await;
    api.work().await;
    import
}
