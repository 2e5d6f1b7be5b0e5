use crate::{PASSWORD, ask, events, login, noted, user};
use actix_web::http::Method;
use chrono::TimeDelta;
use landfall_domain::Role;
use landfall_testkit::both_backends;
use landfall_tests::api::Api;
use serde_json::{Value, json};

fn tokens(session: &Value) -> (String, String) {
    let text = |name: &str| session[name].as_str().unwrap().to_owned();
    (text("access_token"), text("refresh_token"))
}

async fn refresh(api: &Api, token: &str) -> landfall_tests::api::Reply {
    api.post("/api/v3/auth/refresh", &json!({ "refresh_token": token }))
        .await
}

both_backends! {
    async fn a_login_gives_a_token_that_asks_as_the_user_until_it_ends_and_a_refresh_gives_the_next(database: TestDatabase) {
        let api = Api::over(&database).await.with_authentication().await;
        let ann = user(&api, "Ann@Example.com", Role::Editor).await;
        let session = login(&api, "ann@example.com ", PASSWORD).await.expect(200).json();
        assert_eq!(session["user_id"], ann.to_string());
        let (access, next) = tokens(&session);
        let me = ask(&api, &access, Method::GET, "/api/v3/me", None).await.expect(200).json();
        assert_eq!(me["name"], "ann@example.com");
        assert_eq!(me["tenants"][0]["role"], "editor");
        assert_eq!(me["tenants"].as_array().unwrap().len(), 1);
        ask(&api, &access, Method::GET, "/api/v3/assets", None).await.expect(200);
        api.clock.advance(TimeDelta::minutes(15));
        let ended = ask(&api, &access, Method::GET, "/api/v3/assets", None).await.expect(401);
        assert!(ended.header("www-authenticate").unwrap().contains("invalid_token"));
        let (access, _) = tokens(&refresh(&api, &next).await.expect(200).json());
        ask(&api, &access, Method::GET, "/api/v3/assets", None).await.expect(200);
        assert_eq!(noted(&api, "login_succeeded").await, 1);
    }

    async fn a_refresh_token_that_comes_twice_ends_the_whole_login(database: TestDatabase) {
        let api = Api::over(&database).await.with_authentication().await;
        user(&api, "ann@example.com", Role::Viewer).await;
        let (_, first) = tokens(&login(&api, "ann@example.com", PASSWORD).await.expect(200).json());
        let (access, second) = tokens(&refresh(&api, &first).await.expect(200).json());
        ask(&api, &access, Method::GET, "/api/v3/assets", None).await.expect(200);
        refresh(&api, &first).await.expect(401);
        ask(&api, &access, Method::GET, "/api/v3/assets", None).await.expect(401);
        refresh(&api, &second).await.expect(401);
        let reuse = events(&api).await.into_iter().find(|event| event.event_type == "refresh_token_reused").unwrap();
        assert_eq!((reuse.severity.as_str(), reuse.is_blocked, reuse.requires_review), ("critical", true, true));
    }

    async fn who_logs_out_needs_the_password_again(database: TestDatabase) {
        let api = Api::over(&database).await.with_authentication().await;
        user(&api, "ann@example.com", Role::Viewer).await;
        let (access, next) = tokens(&login(&api, "ann@example.com", PASSWORD).await.expect(200).json());
        let (other, _) = tokens(&login(&api, "ann@example.com", PASSWORD).await.expect(200).json());
        ask(&api, &access, Method::POST, "/api/v3/auth/logout", None).await.expect(204);
        ask(&api, &access, Method::GET, "/api/v3/assets", None).await.expect(401);
        refresh(&api, &next).await.expect(401);
        ask(&api, &other, Method::GET, "/api/v3/assets", None).await.expect(200);
        // A refresh token is no token to ask with.
        ask(&api, &next, Method::GET, "/api/v3/assets", None).await.expect(401);
    }

    async fn a_wrong_password_an_unknown_address_and_a_user_kept_out_look_the_same(database: TestDatabase) {
        let api = Api::over(&database).await.with_authentication().await;
        let ann = user(&api, "ann@example.com", Role::Viewer).await;
        let (access, _) = tokens(&login(&api, "ann@example.com", PASSWORD).await.expect(200).json());
        let platform = landfall_services::access::Identity::program("test");
        let wrong = login(&api, "ann@example.com", "wrong").await.expect(401).json();
        let unknown = login(&api, "bob@example.com", PASSWORD).await.expect(401).json();
        api.services.set_user_active(&platform, ann, false, &landfall_services::access::Origin::default()).await.unwrap();
        let kept_out = login(&api, "ann@example.com", PASSWORD).await.expect(401).json();
        assert_eq!(wrong["message"], unknown["message"]);
        assert_eq!(wrong["message"], kept_out["message"]);
        ask(&api, &access, Method::GET, "/api/v3/assets", None).await.expect(401);
        assert_eq!(noted(&api, "login_failed").await, 3);
        let said = format!("{:?}", events(&api).await);
        assert!(!said.contains("bob@example.com") && !said.contains(PASSWORD), "{said}");
    }

    async fn a_password_is_changed_with_the_present_one_and_ends_all_logins(database: TestDatabase) {
        let api = Api::over(&database).await.with_authentication().await;
        user(&api, "ann@example.com", Role::Viewer).await;
        let (access, _) = tokens(&login(&api, "ann@example.com", PASSWORD).await.expect(200).json());
        let change = |present: &str, new: &str| json!({ "current_password": present, "new_password": new });
        let path = "/api/v3/me/password";
        ask(&api, &access, Method::POST, path, Some(&change("wrong", "another long password"))).await.expect(401);
        let weak = ask(&api, &access, Method::POST, path, Some(&change(PASSWORD, "short"))).await.expect(422).json();
        assert_eq!(weak["details"][0]["field"], "password");
        ask(&api, &access, Method::POST, path, Some(&change(PASSWORD, "another long password"))).await.expect(204);
        ask(&api, &access, Method::GET, "/api/v3/me", None).await.expect(401);
        login(&api, "ann@example.com", PASSWORD).await.expect(401);
        login(&api, "ann@example.com", "another long password").await.expect(200);
    }
}
