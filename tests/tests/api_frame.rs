//! What is the same for every request: ids, failures, headers, health, and the end of the server.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use landfall_api::ApiOptions;
use landfall_services::Settings;
use landfall_testkit::{Backend, TestDatabase, run_on};
use landfall_tests::api::{Api, services};
use serde_json::{Value, json};

fn on_sqlite<F: Future<Output = ()>>(body: impl FnOnce(TestDatabase) -> F) {
    run_on(Backend::Sqlite, body);
}

fn stable(mut body: Value) -> Value {
    for name in ["request_id", "timestamp"] {
        assert!(body[name].is_string(), "{body}");
        body[name] = json!(format!("[{name}]"));
    }
    body
}

#[test]
fn a_failure_has_one_body_or_is_a_problem_detail_when_asked_for() {
    on_sqlite(|database| async move {
        let api = Api::over(&database).await;
        let id = "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11";
        let reply = api.get(&format!("/api/v3/assets/{id}")).await.expect(404);
        assert_eq!(reply.header("content-type"), Some("application/json"));
        insta::assert_json_snapshot!(stable(reply.json()));

        let asking = api.request(Method::GET, &format!("/api/v3/assets/{id}"));
        let reply = api
            .send(asking.insert_header(("Accept", "application/problem+json, */*;q=0.1")))
            .await
            .expect(404);
        assert_eq!(reply.header("content-type"), Some("application/problem+json"));
        insta::assert_json_snapshot!(stable(reply.json()));
    });
}

#[test]
fn a_request_id_comes_back_and_one_is_made_where_none_or_an_odd_one_is_given() {
    on_sqlite(|database| async move {
        let api = Api::over(&database).await;
        let with = |id: &str| {
            TestRequest::with_uri("/api/v3/nothing").insert_header(("X-Request-ID", id.to_owned()))
        };
        let reply = api.send(with("req_0123")).await.expect(404);
        assert_eq!(reply.header("x-request-id"), Some("req_0123"));
        assert_eq!(reply.json()["request_id"], "req_0123");
        let reply = api.send(with("<script>")).await.expect(404);
        assert!(
            reply.header("x-request-id").is_some_and(|id| id.len() == 36),
            "{reply:?}"
        );
        let reply = api.send(TestRequest::with_uri("/healthz")).await.expect(200);
        assert!(reply.header("x-request-id").is_some());
    });
}

#[test]
fn wrong_paths_methods_types_and_bodies_are_told_apart() {
    on_sqlite(|database| async move {
        let options = ApiOptions {
            json_limit: 1_000,
            ..ApiOptions::default()
        };
        let api = Api::with(&database, options, Settings::default()).await;
        let post = |body: &str, kind: &str| {
            let request = api
                .request(Method::POST, "/api/v3/tenants")
                .set_payload(body.to_owned());
            api.send(request.insert_header(("Content-Type", kind.to_owned())))
        };
        let mut seen = Vec::new();
        let mut note = |what: &str, reply: landfall_tests::api::Reply| {
            let body = stable(reply.json());
            seen.push(json!({
                "what": what, "status": reply.status.as_u16(), "allow": reply.header("allow"), "body": body,
            }));
        };
        note("no such path", api.get("/api/v3/nothing").await);
        note(
            "no such method",
            api.send(api.request(Method::PUT, "/api/v3/assets/export")).await,
        );
        note(
            "no such method on one",
            api.send(api.request(Method::POST, "/api/v3/tenants/x")).await,
        );
        note("no json type", post("{}", "text/plain").await);
        note("no json", post("{\n  \"name\": }", "application/json").await);
        note(
            "too large",
            post(
                &format!("{{\"name\": \"{}\"}}", "x".repeat(2_000)),
                "application/json",
            )
            .await,
        );
        note(
            "unknown names",
            post(r#"{"nmae": "x", "colour": 1}"#, "application/json").await,
        );
        note("wrong type", post(r#"{"name": 1}"#, "application/json").await);
        note(
            "broken rules",
            post(r#"{"name": "", "industry": null}"#, "application/json").await,
        );
        note("no id", api.get("/api/v3/assets/abc").await);
        note("unknown parameter", api.get("/api/v3/flows?statsu=running").await);
        note("unknown label", api.get("/api/v3/flows?status=sleeping").await);
        note("limit out of range", api.get("/api/v3/imports?limit=501").await);
        note("damaged cursor", api.get("/api/v3/imports?cursor=abc").await);
        note(
            "no tenant",
            api.send(TestRequest::with_uri("/api/v3/assets")).await,
        );
        note(
            "no form",
            api.send(api.request(Method::POST, "/api/v3/imports")).await,
        );
        insta::assert_json_snapshot!(seen);
    });
}

#[test]
fn every_answer_carries_the_security_headers_and_other_sites_need_leave() {
    on_sqlite(|database| async move {
        let options = ApiOptions {
            cors_origins: vec!["https://plan.example.com".to_owned()],
            ..ApiOptions::default()
        };
        let api = Api::with(&database, options, Settings::default()).await;
        for path in ["/api/v3/assets", "/api/v3/nothing", "/docs/", "/healthz"] {
            let reply = api.get(path).await;
            let mut headers: Vec<String> = reply
                .headers
                .iter()
                .filter(|(name, _)| {
                    !["x-request-id", "content-type", "access-control-expose-headers"]
                        .contains(&name.as_str())
                })
                .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
                .collect();
            headers.sort();
            insta::assert_json_snapshot!(format!("headers of {path}"), headers);
        }
        let asking = |origin: &'static str| {
            api.send(
                api.request(Method::GET, "/healthz")
                    .insert_header(("Origin", origin)),
            )
        };
        let allowed = asking("https://plan.example.com").await.expect(200);
        assert_eq!(
            allowed.header("access-control-allow-origin"),
            Some("https://plan.example.com")
        );
        assert_eq!(
            asking("https://evil.example.com")
                .await
                .header("access-control-allow-origin"),
            None
        );
    });
}

#[test]
fn an_upload_that_is_too_large_is_refused_and_leaves_nothing() {
    on_sqlite(|database| async move {
        let settings = Settings {
            upload_limit: 1_000,
            ..Settings::default()
        };
        let api = Api::with(&database, ApiOptions::default(), settings).await;
        let large = format!("hostname\n{}", "x\n".repeat(1_000));
        let reply = api
            .upload("large.csv", large.as_bytes(), &[])
            .await
            .expect(413)
            .json();
        assert_eq!(reply["details"][0]["context"]["limit"], 1_000, "{reply}");
        assert_eq!(
            api.get("/api/v3/imports").await.expect(200).json()["items"],
            json!([])
        );
        api.upload("small.csv", b"hostname\nx\n", &[]).await.expect(201);
    });
}

#[test]
fn health_readiness_metrics_and_documentation_are_there() {
    on_sqlite(|database| async move {
        let api = Api::over(&database).await;
        for (path, word) in [
            ("/healthz", "ok"),
            ("/readyz", "ok"),
            ("/api/v3/health", "healthy"),
        ] {
            let reply = api.send(TestRequest::with_uri(path)).await.expect(200);
            assert_eq!(reply.json()["status"], word);
        }
        let head = api
            .send(TestRequest::with_uri("/healthz").method(Method::HEAD))
            .await;
        assert_eq!(head.status, 200);
        assert_eq!(
            api.send(TestRequest::with_uri("/metrics"))
                .await
                .expect(200)
                .text(),
            "landfall_test 1\n"
        );
        let document = api
            .send(TestRequest::with_uri("/api/v3/openapi.json"))
            .await
            .expect(200)
            .json();
        assert_eq!(document["openapi"], "3.1.0");
        let page = api.send(TestRequest::with_uri("/docs/")).await.expect(200);
        assert!(page.text().contains("swagger-ui"));
        let to_folder = api.send(TestRequest::with_uri("/docs")).await.expect(308);
        assert_eq!(to_folder.header("location"), Some("/docs/"));
    });
}

fn a_database_without_schema_is_alive_but_not_ready(backend: Backend) {
    run_on(backend, |_| async move {
        let database = TestDatabase::empty(backend).await;
        let (services, _files) = services(&database, Settings::default()).await;
        let state = landfall_api::State::new(services, ApiOptions::default(), None);
        let app = actix_web::test::init_service(landfall_api::app(&state)).await;
        let status = async |path: &str| {
            let request = TestRequest::with_uri(path).to_request();
            actix_web::test::call_service(&app, request)
                .await
                .status()
                .as_u16()
        };
        assert_eq!(status("/healthz").await, 200);
        assert_eq!(status("/readyz").await, 503);
        assert_eq!(status("/metrics").await, 404);
    });
}

#[test]
fn a_database_without_schema_is_alive_but_not_ready_on_sqlite() {
    a_database_without_schema_is_alive_but_not_ready(Backend::Sqlite);
}

#[test]
fn a_database_without_schema_is_alive_but_not_ready_on_postgres() {
    a_database_without_schema_is_alive_but_not_ready(Backend::Postgres);
}

#[test]
fn a_server_that_is_told_to_stop_answers_what_it_has_begun() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    on_sqlite(|database| async move {
        let (services, _files) = services(&database, Settings::default()).await;
        let bind = vec![([127, 0, 0, 1], 0).into()];
        let options = ApiOptions {
            bind,
            workers: Some(1),
            ..ApiOptions::default()
        };
        let server = landfall_api::bind(&landfall_api::State::new(services, options, None)).unwrap();
        let address = server.addresses()[0];
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let running = tokio::spawn(server.run(async {
            let _ = stopped.await;
        }));

        // The head of a request is sent, the server is told to stop, the rest of the request follows.
        let mut connection = tokio::net::TcpStream::connect(address).await.unwrap();
        let body = br#"{"name": "Late"}"#;
        let head = format!(
            "POST /api/v3/tenants HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n",
            body.len()
        );
        connection.write_all(head.as_bytes()).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        stop.send(()).unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        connection.write_all(body).await.unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        running.await.unwrap().unwrap();
        assert!(tokio::net::TcpStream::connect(address).await.is_err());
    });
}
