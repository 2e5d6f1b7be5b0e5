use crate::{ask, login, user};
use actix_web::http::Method;
use landfall_api::ApiOptions;
use landfall_domain::Role;
use landfall_services::access::{Identity, KeyTerms, Origin};
use landfall_testkit::both_backends;
use landfall_tests::api::Api;
use std::num::NonZeroU32;

both_backends! {
    async fn a_caller_who_asks_too_much_waits_and_others_do_not(database: TestDatabase) {
        let options = ApiOptions {
            authentication: true,
            requests_per_second: NonZeroU32::new(1),
            ..ApiOptions::default()
        };
        let api = Api::over(&database).await.again(options).await;
        let mut keys = Vec::new();
        for _ in 0..2 {
            let terms = KeyTerms {
                name: "a key".to_owned(),
                client_account_id: Some(api.scope.client_account_id),
                engagement_id: None,
                user_id: None,
                role: Role::Viewer,
                scopes: Vec::new(),
                expires_at: None,
            };
            let made = api.services.create_api_key(&Identity::program("test"), terms, &Origin::default()).await.unwrap();
            keys.push(made.secret.expose().to_owned());
        }
        let mut refused = None;
        for _ in 0..20 {
            let reply = ask(&api, &keys[0], Method::GET, "/api/v3/fields", None).await;
            if reply.status != 200 {
                refused = Some(reply);
                break;
            }
        }
        let refused = refused.unwrap().expect(429);
        assert!(refused.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
        let body = refused.json();
        assert_eq!(body["error"], "RATE_LIMIT_EXCEEDED");
        assert!(body["details"][0]["context"]["retry_after"].as_u64().unwrap() >= 1, "{body}");
        ask(&api, &keys[1], Method::GET, "/api/v3/fields", None).await.expect(200);
    }

    async fn passwords_and_tokens_cannot_be_tried_without_end(database: TestDatabase) {
        let api = Api::over(&database).await.with_authentication().await;
        user(&api, "ann@example.com", Role::Viewer).await;
        for _ in 0..10 {
            login(&api, "ann@example.com", "wrong").await.expect(401);
        }
        login(&api, "ann@example.com", crate::PASSWORD).await.expect(429);
        let mut last = 0;
        for _ in 0..40 {
            last = ask(&api, "a.b.c", Method::GET, "/api/v3/assets", None).await.status.as_u16();
        }
        assert_eq!(last, 429);
    }
}
