use crate::{ask, events, login, noted, user};
use actix_web::http::Method;
use chrono::TimeDelta;
use landfall_domain::Role;
use landfall_services::access::{AccessError, Identity, KeyTerms, Origin};
use landfall_testkit::both_backends;
use landfall_tests::api::Api;
use serde_json::json;

fn terms(api: &Api, role: Role) -> KeyTerms {
    KeyTerms {
        name: "a key".to_owned(),
        client_account_id: Some(api.scope.client_account_id),
        engagement_id: None,
        user_id: None,
        role,
        scopes: Vec::new(),
        expires_at: None,
    }
}

async fn make(api: &Api, terms: KeyTerms) -> (uuid::Uuid, String) {
    let by = Identity::program("test");
    let made = api
        .services
        .create_api_key(&by, terms, &Origin::default())
        .await
        .unwrap();
    (made.key.id, made.secret.expose().to_owned())
}

both_backends! {
    async fn a_key_works_until_it_is_revoked_and_its_use_afterwards_is_written_down(database: TestDatabase) {
        let api = Api::over(&database).await.with_authentication().await;
        let (_, admin) = make(&api, terms(&api, Role::Admin)).await;
        let body = json!({"name": "Nightly upload", "role": "editor"});
        let made = ask(&api, &admin, Method::POST, "/api/v3/api-keys", Some(&body)).await.expect(201).json();
        let key = made["secret"].as_str().unwrap().to_owned();
        assert!(key.starts_with(made["api_key"]["prefix"].as_str().unwrap()));
        ask(&api, &key, Method::GET, "/api/v3/assets", None).await.expect(200);
        let listed = ask(&api, &admin, Method::GET, "/api/v3/api-keys", None).await.expect(200);
        assert!(!listed.text().contains(&key[12..]), "a key is shown once");
        assert!(!listed.json()["items"][0]["last_used_at"].is_null(), "{}", listed.text());
        let path = format!("/api/v3/api-keys/{}", made["api_key"]["id"].as_str().unwrap());
        ask(&api, &admin, Method::DELETE, &path, None).await.expect(204);
        ask(&api, &key, Method::GET, "/api/v3/assets", None).await.expect(401);
        ask(&api, &admin, Method::DELETE, &path, None).await.expect(404);
        assert_eq!(noted(&api, "api_key_refused").await, 1);
        assert_eq!(noted(&api, "api_key_revoked").await, 1);
        let said = format!("{:?}", events(&api).await);
        assert!(!said.contains(&key[13..]), "no secret in the log: {said}");
    }

    async fn a_key_ends_at_its_time(database: TestDatabase) {
        let api = Api::over(&database).await.with_authentication().await;
        let end = api.services.now() + TimeDelta::days(1);
        let (_, key) = make(&api, KeyTerms { expires_at: Some(end), ..terms(&api, Role::Viewer) }).await;
        ask(&api, &key, Method::GET, "/api/v3/assets", None).await.expect(200);
        api.clock.advance(TimeDelta::days(1));
        ask(&api, &key, Method::GET, "/api/v3/assets", None).await.expect(401);
        let late = KeyTerms { expires_at: Some(end), ..terms(&api, Role::Viewer) };
        let refused = api.services.create_api_key(&Identity::program("test"), late, &Origin::default()).await.unwrap_err();
        assert!(matches!(refused, AccessError::Invalid { field: "expires_at", .. }), "{refused}");
    }

    async fn a_key_asks_only_for_the_resources_it_is_for_and_may_always_ask_who_it_is(database: TestDatabase) {
        let api = Api::over(&database).await.with_authentication().await;
        let (_, key) = make(&api, KeyTerms { scopes: vec!["imports".to_owned()], ..terms(&api, Role::Admin) }).await;
        ask(&api, &key, Method::GET, "/api/v3/imports", None).await.expect(200);
        let refused = ask(&api, &key, Method::GET, "/api/v3/assets", None).await.expect(403).json();
        assert_eq!(refused["error"], "FORBIDDEN");
        let me = ask(&api, &key, Method::GET, "/api/v3/me", None).await.expect(200).json();
        assert_eq!((&me["kind"], &me["scopes"]), (&json!("api_key"), &json!(["imports"])));
    }

    async fn a_key_of_a_user_does_no_more_than_he_may_and_ends_with_him(database: TestDatabase) {
        let api = Api::over(&database).await.with_authentication().await;
        let ann = user(&api, "ann@example.com", Role::Viewer).await;
        let (_, key) = make(&api, KeyTerms { user_id: Some(ann), ..terms(&api, Role::Admin) }).await;
        ask(&api, &key, Method::GET, "/api/v3/assets", None).await.expect(200);
        ask(&api, &key, Method::GET, "/api/v3/users", None).await.expect(403);
        api.services.set_user_active(&Identity::program("test"), ann, false, &Origin::default()).await.unwrap();
        ask(&api, &key, Method::GET, "/api/v3/assets", None).await.expect(401);
    }

    async fn nobody_makes_a_key_that_could_do_more_than_he(database: TestDatabase) {
        let api = Api::over(&database).await.with_authentication().await;
        user(&api, "ann@example.com", Role::Editor).await;
        let session = login(&api, "ann@example.com", crate::PASSWORD).await.expect(200).json();
        let ann = api.services.authenticate(session["access_token"].as_str().unwrap(), &Origin::default()).await.unwrap();
        for wanted in [terms(&api, Role::Admin), KeyTerms { client_account_id: None, ..terms(&api, Role::Viewer) }] {
            let refused = api.services.create_api_key(&ann, wanted, &Origin::default()).await.unwrap_err();
            assert!(matches!(refused, AccessError::TooMuch { .. }), "{refused}");
        }
        let other = api.other_tenant().await;
        let elsewhere = KeyTerms { client_account_id: Some(other.client_account_id), ..terms(&api, Role::Viewer) };
        assert!(api.services.create_api_key(&ann, elsewhere, &Origin::default()).await.is_err());
        api.services.create_api_key(&ann, terms(&api, Role::Editor), &Origin::default()).await.unwrap();
    }

    async fn made_up_and_mistyped_keys_are_unknown(database: TestDatabase) {
        let api = Api::over(&database).await.with_authentication().await;
        let (_, key) = make(&api, terms(&api, Role::Viewer)).await;
        let swapped = key.replacen(&key[4..12], "abcdefgh", 1);
        for wrong in ["lfk_", "x", &key[..key.len() - 1], &swapped, &key.to_uppercase()] {
            ask(&api, wrong, Method::GET, "/api/v3/assets", None).await.expect(401);
        }
        // A key in the address is not looked at.
        api.get(&format!("/api/v3/assets?stream_token={key}")).await.expect(401);
    }
}
