use crate::{PASSWORD, ask, login, noted, user};
use actix_web::http::Method;
use landfall_domain::Role;
use landfall_services::access::{Identity, Origin};
use landfall_services::tenants::NewEngagement;
use landfall_testkit::both_backends;
use landfall_tests::api::Api;
use serde_json::json;

both_backends! {
    async fn an_administrator_gives_and_takes_roles_and_each_change_is_in_force_at_once(database: TestDatabase) {
        let api = Api::over(&database).await.with_authentication().await;
        user(&api, "admin@example.com", Role::Admin).await;
        let session = login(&api, "admin@example.com", PASSWORD).await.expect(200).json();
        let admin = session["access_token"].as_str().unwrap();
        let new = json!({"email": "Bob@Example.com", "first_name": "Bob", "role": "viewer"});
        let made = ask(&api, admin, Method::POST, "/api/v3/users", Some(&new)).await.expect(201).json();
        let (id, password) = (made["user"]["id"].as_str().unwrap(), made["initial_password"].as_str().unwrap());
        assert_eq!(made["user"]["roles"], json!([{"role": "viewer", "engagement_id": null, "expires_at": null}]));
        let session = login(&api, "bob@example.com", password).await.expect(200).json();
        let bob = session["access_token"].as_str().unwrap();
        let asset = "/api/v3/assets/0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11";
        ask(&api, bob, Method::DELETE, asset, None).await.expect(403);
        let path = format!("/api/v3/users/{id}/role");
        ask(&api, admin, Method::PUT, &path, Some(&json!({"role": "editor"}))).await.expect(200);
        ask(&api, bob, Method::DELETE, asset, None).await.expect(404);
        ask(&api, bob, Method::GET, "/api/v3/users", None).await.expect(403);
        ask(&api, admin, Method::DELETE, &format!("/api/v3/users/{id}"), None).await.expect(204);
        ask(&api, bob, Method::GET, "/api/v3/assets", None).await.expect(404);
        let me = ask(&api, bob, Method::GET, "/api/v3/me", None).await.expect(200).json();
        assert_eq!(me["tenants"], json!([]));
        assert_eq!(noted(&api, "role_granted").await, 3);
        assert_eq!(noted(&api, "role_revoked").await, 1);
        let listed = ask(&api, admin, Method::GET, "/api/v3/security-events?limit=500", None).await.expect(200).json();
        let kinds: Vec<&str> = listed["items"].as_array().unwrap().iter().map(|event| event["event"].as_str().unwrap()).collect();
        assert!(kinds.contains(&"role_granted") && kinds.contains(&"role_revoked"), "{kinds:?}");
    }

    async fn a_role_in_one_engagement_shows_that_engagement_alone(database: TestDatabase) {
        let api = Api::over(&database).await.with_authentication().await;
        let client = api.scope.client_account_id;
        let new = NewEngagement { name: "Second".to_owned(), ..NewEngagement::default() };
        let second = api.services.create_engagement(client, new).await.unwrap().id;
        let by = Identity::program("test");
        let ann = user(&api, "ann@example.com", Role::Viewer).await;
        api.services.revoke_role(&by, client, ann, None, &Origin::default()).await.unwrap();
        api.services.grant(&by, client, ann, Some(second), Role::Admin, &Origin::default()).await.unwrap();
        let session = login(&api, "ann@example.com", PASSWORD).await.expect(200).json();
        let token = session["access_token"].as_str().unwrap();
        let engagements = ask(&api, token, Method::GET, "/api/v3/engagements", None).await.expect(200).json();
        assert_eq!(engagements["items"].as_array().unwrap().len(), 1);
        assert_eq!(engagements["items"][0]["id"], second.to_string());
        ask(&api, token, Method::GET, "/api/v3/assets", None).await.expect(404);
        ask(&api, token, Method::POST, "/api/v3/engagements", Some(&json!({"name": "Third"}))).await.expect(403);
        let tenants = ask(&api, token, Method::GET, "/api/v3/tenants", None).await.expect(200).json();
        assert_eq!(tenants["items"].as_array().unwrap().len(), 1);
        let me = ask(&api, token, Method::GET, "/api/v3/me", None).await.expect(200).json();
        assert_eq!((&me["tenants"][0]["role"], &me["tenants"][0]["engagements"][0]["role"]), (&json!(null), &json!("admin")));
    }

    async fn a_platform_administrator_sees_every_tenant_and_nobody_else_makes_one(database: TestDatabase) {
        let api = Api::over(&database).await.with_authentication().await;
        api.other_tenant().await;
        let by = Identity::program("test");
        let ann = user(&api, "ann@example.com", Role::Admin).await;
        let session = login(&api, "ann@example.com", PASSWORD).await.expect(200).json();
        let token = session["access_token"].as_str().unwrap();
        let count = async || ask(&api, token, Method::GET, "/api/v3/tenants", None).await.expect(200).json()["items"].as_array().unwrap().len();
        assert_eq!(count().await, 1);
        let new = json!({"name": "Third"});
        ask(&api, token, Method::POST, "/api/v3/tenants", Some(&new)).await.expect(403);
        api.services.set_platform_admin(&by, ann, true, &Origin::default()).await.unwrap();
        assert_eq!(count().await, 2);
        ask(&api, token, Method::POST, "/api/v3/tenants", Some(&new)).await.expect(201);
    }
}
