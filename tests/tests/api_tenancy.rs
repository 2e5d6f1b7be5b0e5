//! Every operation of the API's description, asked without a tenant, by another tenant and in another engagement. An
//! operation that is missing from the table fails the test.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use actix_web::http::Method;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::test::TestRequest;
use landfall_domain::{EngagementId, Scope};
use landfall_services::tenants::NewEngagement;
use landfall_testkit::both_backends;
use landfall_tests::api::{Api, Reply, form};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Whose data an operation gives.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Owner {
    /// Nobody's: no tenant is needed.
    Nobody,
    /// The client account named in the path or header.
    Client,
    /// The engagement's, of one thing named in the path.
    One,
    /// The engagement's, a list.
    List,
    /// The engagement's; makes something.
    Make,
}

/// What is sent to an operation.
#[derive(Clone, Copy, Debug)]
enum Send {
    Nothing,
    Json(&'static str),
    Form,
}

/// Every operation: method, path, owner, body. `{x}` in bodies and queries stands for the id of a thing of the tenant.
const OPERATIONS: &[(&str, &str, Owner, Send)] = &[
    ("GET", "/healthz", Owner::Nobody, Send::Nothing),
    ("GET", "/readyz", Owner::Nobody, Send::Nothing),
    ("GET", "/metrics", Owner::Nobody, Send::Nothing),
    ("GET", "/api/v3/health", Owner::Nobody, Send::Nothing),
    ("GET", "/api/v3/fields", Owner::Nobody, Send::Nothing),
    ("GET", "/api/v3/tenants", Owner::Nobody, Send::Nothing),
    (
        "POST",
        "/api/v3/tenants",
        Owner::Nobody,
        Send::Json(r#"{"name": "Acme"}"#),
    ),
    ("GET", "/api/v3/tenants/{id}", Owner::Client, Send::Nothing),
    ("GET", "/api/v3/engagements", Owner::Client, Send::Nothing),
    (
        "POST",
        "/api/v3/engagements",
        Owner::Client,
        Send::Json(r#"{"name": "Exit"}"#),
    ),
    ("GET", "/api/v3/imports", Owner::List, Send::Nothing),
    ("GET", "/api/v3/imports/{id}", Owner::One, Send::Nothing),
    ("GET", "/api/v3/imports/{id}/status", Owner::One, Send::Nothing),
    ("GET", "/api/v3/imports/{id}/errors", Owner::One, Send::Nothing),
    ("GET", "/api/v3/imports/{id}/preview", Owner::One, Send::Nothing),
    (
        "GET",
        "/api/v3/imports/{id}/corrected-rows",
        Owner::One,
        Send::Nothing,
    ),
    ("POST", "/api/v3/imports/{id}/undo", Owner::One, Send::Nothing),
    ("GET", "/api/v3/imports/{id}/mappings", Owner::One, Send::Nothing),
    (
        "POST",
        "/api/v3/imports/{id}/mappings/suggest",
        Owner::One,
        Send::Nothing,
    ),
    (
        "POST",
        "/api/v3/imports/{id}/mappings/decide",
        Owner::One,
        Send::Json("{}"),
    ),
    ("GET", "/api/v3/mappings", Owner::One, Send::Nothing),
    ("POST", "/api/v3/mappings/{id}/approve", Owner::One, Send::Nothing),
    ("POST", "/api/v3/mappings/{id}/reject", Owner::One, Send::Nothing),
    (
        "PATCH",
        "/api/v3/mappings/{id}",
        Owner::One,
        Send::Json(r#"{"target_field": "hostname"}"#),
    ),
    ("GET", "/api/v3/flows", Owner::List, Send::Nothing),
    ("GET", "/api/v3/flows/{id}", Owner::One, Send::Nothing),
    ("GET", "/api/v3/flows/{id}/phases", Owner::One, Send::Nothing),
    ("POST", "/api/v3/flows/{id}/pause", Owner::One, Send::Nothing),
    ("POST", "/api/v3/flows/{id}/resume", Owner::One, Send::Nothing),
    ("POST", "/api/v3/flows/{id}/retry", Owner::One, Send::Nothing),
    (
        "POST",
        "/api/v3/flows/{id}/phases/{phase}/output",
        Owner::One,
        Send::Json(r#"{"mappings": {}}"#),
    ),
    ("POST", "/api/v3/flows/{id}/cancel", Owner::One, Send::Nothing),
    ("GET", "/api/v3/assets", Owner::List, Send::Nothing),
    ("GET", "/api/v3/assets/export", Owner::List, Send::Nothing),
    ("GET", "/api/v3/assets/{id}", Owner::One, Send::Nothing),
    (
        "PATCH",
        "/api/v3/assets/{id}",
        Owner::One,
        Send::Json(r#"{"environment": "Test"}"#),
    ),
    ("DELETE", "/api/v3/assets/{id}", Owner::One, Send::Nothing),
    ("GET", "/api/v3/assets/{id}/provenance", Owner::One, Send::Nothing),
    (
        "GET",
        "/api/v3/assets/{id}/dependencies",
        Owner::One,
        Send::Nothing,
    ),
    ("GET", "/api/v3/dependencies", Owner::List, Send::Nothing),
    (
        "POST",
        "/api/v3/dependencies",
        Owner::One,
        Send::Json(r#"{"asset_id": "{a}", "depends_on_asset_id": "{b}"}"#),
    ),
    ("DELETE", "/api/v3/dependencies/{id}", Owner::One, Send::Nothing),
    // Last, so that lists are empty for strangers before they make something of their own.
    ("POST", "/api/v3/imports", Owner::Make, Send::Form),
];

/// Things of a tenant, by the part of the path that names their kind.
struct Things {
    import: String,
    mapping: String,
    flow: String,
    assets: Vec<String>,
    dependency: String,
}

impl Things {
    /// Imports a file that waits for a decision after another that made assets, and states a dependency.
    async fn make(api: &Api) -> Self {
        let csv = b"hostname,ip_address\nalpha-secret,10.0.0.1\nbeta-secret,10.0.0.2\n";
        api.upload("alpha-secret.csv", csv, &[]).await.expect(201);
        api.work().await;
        let assets: Vec<String> = ids(&api.get("/api/v3/assets").await.expect(200).json());
        assert_eq!(assets.len(), 2);
        let edge = json!({"asset_id": assets[0], "depends_on_asset_id": assets[1]});
        let dependency = api.post("/api/v3/dependencies", &edge).await.expect(201).json()["id"].clone();
        let waiting = b"hostname,ip_address,Memry\ngamma-secret,10.0.0.3,8\ndelta-secret,10.0.0.4,16\n";
        let receipt = api
            .upload("secret.csv", waiting, &[("review", "true")])
            .await
            .expect(201)
            .json();
        api.work().await;
        let import = text(&receipt["import_id"]);
        let mappings = api
            .get(&format!("/api/v3/imports/{import}/mappings"))
            .await
            .expect(200)
            .json();
        let flow = text(&receipt["master_flow_id"]);
        Self {
            import,
            mapping: ids(&mappings)[0].clone(),
            flow,
            assets,
            dependency: text(&dependency),
        }
    }

    /// The path and body with ids in the place of their names.
    fn fill(&self, path: &str, send: Send) -> (String, Option<Value>) {
        let id = match path.split('/').nth(3).unwrap_or_default() {
            "imports" => &self.import,
            "mappings" => &self.mapping,
            "flows" => &self.flow,
            "dependencies" => &self.dependency,
            _ => &self.assets[0],
        };
        let mut path = path.replace("{id}", id).replace("{phase}", "field_mapping");
        if path == "/api/v3/mappings" {
            path = format!("{path}?import_id={}", self.import);
        }
        let body = match send {
            Send::Json(text) => {
                let text = text
                    .replace("{a}", &self.assets[0])
                    .replace("{b}", &self.assets[1]);
                Some(serde_json::from_str(&text).unwrap())
            }
            Send::Nothing | Send::Form => None,
        };
        (path, body)
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn ids(list: &Value) -> Vec<String> {
    list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| text(&item["id"]))
        .collect()
}

async fn ask(
    api: &Api,
    scope: Option<&Scope>,
    method: &str,
    path: &str,
    send: Send,
    body: Option<Value>,
) -> Reply {
    let method: Method = method.parse().unwrap();
    let mut request = match scope {
        Some(scope) => Api::request_of(scope, method.clone(), path),
        None => TestRequest::with_uri(path).method(method.clone()),
    };
    if method == Method::PATCH {
        request = request.insert_header(("If-Match", "*"));
    }
    if let Some(body) = body {
        request = request.set_json(body);
    }
    if matches!(send, Send::Form) {
        let (kind, content) = form("a.csv", b"hostname\nx\n", &[]);
        request = request.insert_header((CONTENT_TYPE, kind)).set_payload(content);
    }
    api.send(request).await
}

#[test]
fn every_operation_of_the_description_is_walked() {
    let document = serde_json::to_value(landfall_api::openapi()).unwrap();
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            described.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let walked: BTreeSet<String> = OPERATIONS
        .iter()
        .map(|(method, path, ..)| format!("{method} {path}"))
        .collect();
    assert_eq!(described, walked);
}

both_backends! {
    async fn nobody_gets_what_belongs_to_another_tenant_or_engagement(database: TestDatabase) {
        let api = Api::over(&database).await;
        let things = Things::make(&api).await;
        let other_tenant = api.other_tenant().await;
        let new = NewEngagement { name: "Second".to_owned(), ..NewEngagement::default() };
        let second = api.services.create_engagement(api.scope.client_account_id, new).await.unwrap().id;
        let strangers = [
            ("another tenant", other_tenant.clone()),
            ("another engagement", Scope { engagement_id: second, ..api.scope.clone() }),
        ];
        let nowhere = [
            ("an engagement of somebody else", Scope { engagement_id: other_tenant.engagement_id, ..api.scope.clone() }),
            ("an unknown engagement", Scope { engagement_id: EngagementId::new(), ..api.scope.clone() }),
        ];
        for (method, path, owner, send) in OPERATIONS {
            let (filled, body) = things.fill(path, *send);
            let nobody = ask(&api, None, method, &filled, *send, body.clone()).await;
            match owner {
                Owner::Nobody => assert_ne!(nobody.status, 400, "{method} {path}: {}", nobody.text()),
                Owner::Client if path.contains("{id}") => {}
                _ => {
                    assert_eq!(nobody.status, 400, "{method} {path}: {}", nobody.text());
                    assert_eq!(nobody.json()["error"], "TENANT_CONTEXT_REQUIRED", "{method} {path}");
                }
            }
            if matches!(owner, Owner::Nobody | Owner::Client) {
                continue;
            }
            for (who, scope) in &nowhere {
                let reply = ask(&api, Some(scope), method, &filled, *send, body.clone()).await;
                assert_eq!(reply.status, 404, "{who}: {method} {path}: {}", reply.text());
            }
            for (who, scope) in &strangers {
                let reply = ask(&api, Some(scope), method, &filled, *send, body.clone()).await;
                let said = reply.text();
                assert!(!said.contains("secret"), "{who}: {method} {path}: {said}");
                match owner {
                    Owner::One => {
                        assert_eq!(reply.status, 404, "{who}: {method} {path}: {said}");
                        // Somebody else's and nobody's look the same.
                        let strange = filled.replace(&things.import, &things.flow);
                        if strange != filled {
                            let missing = ask(&api, Some(scope), method, &strange, *send, body.clone()).await.json();
                            assert_eq!(missing["error"], reply.json()["error"], "{who}: {method} {path}");
                        }
                    }
                    Owner::List => {
                        assert_eq!(reply.status, 200, "{who}: {method} {path}: {said}");
                        assert!(path.ends_with("export") || reply.json()["items"] == json!([]), "{who}: {path}: {said}");
                    }
                    Owner::Make | Owner::Nobody | Owner::Client => assert!(reply.status.is_success(), "{said}"),
                }
            }
            // The owner gets further than that: the walk does not pass by refusing everybody.
            if *method == "GET" {
                ask(&api, Some(&api.scope), method, &filled, *send, body).await.expect(200);
            }
        }
        // Nothing of the tenant's was changed by strangers.
        let left = api.get("/api/v3/assets").await.expect(200).json();
        assert_eq!(ids(&left), things.assets);
        let flow = api.get(&format!("/api/v3/flows/{}", things.flow)).await.expect(200).json();
        assert_eq!(flow["status"], "waiting", "{flow}");
        let edges = api.get("/api/v3/dependencies").await.expect(200).json();
        assert_eq!(ids(&edges), [things.dependency]);
    }
}

both_backends! {
    async fn engagements_are_listed_and_made_for_their_own_client_account(database: TestDatabase) {
        let api = Api::over(&database).await;
        let other = api.other_tenant().await;
        let mine = api.get("/api/v3/engagements").await.expect(200).json();
        assert_eq!(ids(&mine), [api.scope.engagement_id.to_string()]);
        api.post("/api/v3/engagements", &json!({"name": "Exit"})).await.expect(409);
        api.post("/api/v3/engagements", &json!({"name": "Second", "currency": "EURO"})).await.expect(422);
        let made = api.post("/api/v3/engagements", &json!({"name": "Second", "currency": "CHF"})).await.expect(201).json();
        assert_eq!(made["client_account_id"], api.scope.client_account_id.to_string());
        let theirs = api.send(Api::request_of(&other, Method::GET, "/api/v3/engagements")).await.expect(200).json();
        assert_eq!(ids(&theirs), [other.engagement_id.to_string()]);
        let mut tenant = api.get(&format!("/api/v3/tenants/{}", api.scope.client_account_id)).await.expect(200).json();
        for volatile in ["id", "created_at", "updated_at"] {
            tenant[volatile] = json!("[volatile]");
        }
        insta::assert_json_snapshot!("a tenant", tenant);
        let nobody = landfall_domain::ClientAccountId::new();
        api.get(&format!("/api/v3/tenants/{nobody}")).await.expect(404);
        let stranger = Scope { client_account_id: nobody, ..api.scope.clone() };
        api.send(Api::request_of(&stranger, Method::GET, "/api/v3/engagements")).await.expect(404);
    }
}
