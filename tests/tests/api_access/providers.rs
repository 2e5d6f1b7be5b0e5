use crate::ask;
use crate::issuer::{Issuer, Key};
use actix_web::http::Method;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use landfall_api::ApiOptions;
use landfall_domain::Role;
use landfall_services::Settings;
use landfall_services::access::{Identity, IdentityProvider, Origin};
use landfall_testkit::{TestDatabase, both_backends};
use landfall_tests::api::Api;
use serde_json::{Value, json};

/// The API where the tokens of a provider are taken.
async fn trusting(database: &TestDatabase, issuer: &Issuer) -> Api {
    let provider = IdentityProvider::new(issuer.address.parse().unwrap(), vec!["landfall".to_owned()]);
    let settings = Settings {
        identity_providers: vec![provider],
        ..Settings::default()
    };
    let options = ApiOptions {
        authentication: true,
        ..ApiOptions::default()
    };
    Api::with(database, options, settings).await
}

fn now(api: &Api) -> i64 {
    api.services.now().timestamp()
}

async fn status(api: &Api, token: &str) -> u16 {
    ask(api, token, Method::GET, "/api/v3/me", None)
        .await
        .status
        .as_u16()
}

both_backends! {
    async fn somebody_whom_a_provider_vouches_for_becomes_a_user_who_may_do_nothing_until_he_is_given_a_role(database: TestDatabase) {
        let key = Key::new("first");
        let issuer = Issuer::start(&[&key]);
        let api = trusting(&database, &issuer).await;
        let token = key.sign(&issuer.claims("ann", now(&api)));
        let me = ask(&api, &token, Method::GET, "/api/v3/me", None).await.expect(200).json();
        assert_eq!((&me["name"], &me["first_name"], &me["tenants"]), (&json!("ann@example.com"), &json!("Ann"), &json!([])));
        ask(&api, &token, Method::GET, "/api/v3/assets", None).await.expect(404);
        let ann = api.services.find_user("ann@example.com").await.unwrap();
        let by = Identity::program("test");
        let client = api.scope.client_account_id;
        api.services.grant(&by, client, ann.id, None, Role::Viewer, &Origin::default()).await.unwrap();
        ask(&api, &token, Method::GET, "/api/v3/assets", None).await.expect(200);
        // The same subject is the same user, whatever its address is now.
        let mut claims = issuer.claims("ann", now(&api));
        claims["email"] = json!("ann@elsewhere.example");
        let me = ask(&api, &key.sign(&claims), Method::GET, "/api/v3/me", None).await.expect(200).json();
        assert_eq!(me["user_id"], ann.id.to_string());
        assert_eq!(issuer.asked(), 1);
    }

    async fn an_address_that_the_provider_has_not_verified_makes_nobody_a_user_who_exists(database: TestDatabase) {
        let key = Key::new("first");
        let issuer = Issuer::start(&[&key]);
        let api = trusting(&database, &issuer).await;
        let admin = crate::user(&api, "admin@example.com", Role::Admin).await;
        let mut claims = issuer.claims("mallory", now(&api));
        claims["email"] = json!("admin@example.com");
        claims["email_verified"] = json!(false);
        let me = ask(&api, &key.sign(&claims), Method::GET, "/api/v3/me", None).await.expect(200).json();
        assert_ne!(me["user_id"], admin.to_string());
        assert_eq!(me["tenants"], json!([]));
        let mut claims = issuer.claims("the administrator", now(&api));
        claims["email"] = json!("Admin@example.com");
        let me = ask(&api, &key.sign(&claims), Method::GET, "/api/v3/me", None).await.expect(200).json();
        assert_eq!(me["user_id"], admin.to_string());
    }

    async fn a_token_that_breaks_a_rule_opens_nothing(database: TestDatabase) {
        let (key, stranger) = (Key::new("first"), Key::new("first"));
        let issuer = Issuer::start(&[&key]);
        let api = trusting(&database, &issuer).await;
        let now = now(&api);
        let with = |name: &str, value: Value| {
            let mut claims = issuer.claims("ann", now);
            claims[name] = value;
            key.sign(&claims)
        };
        let good = issuer.claims("ann", now);
        assert_eq!(status(&api, &key.sign(&good)).await, 200);
        let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let unsigned = format!("{}.{}.", encoded(&json!({"alg": "none", "typ": "JWT"})), encoded(&good));
        let header = Header { kid: Some("first".to_owned()), ..Header::new(Algorithm::HS256) };
        let shared = encode(&header, &good, &EncodingKey::from_secret(key.public.to_string().as_bytes())).unwrap();
        let whole = key.sign(&good);
        let (signed, signature) = whole.rsplit_once('.').unwrap();
        let (head, _) = signed.split_once('.').unwrap();
        let mut other = good.clone();
        other["sub"] = json!("the administrator");
        let changed = format!("{head}.{}.{signature}", encoded(&other));
        let logout = encode(
            &Header { kid: Some("first".to_owned()), typ: Some("logout+jwt".to_owned()), ..Header::new(Algorithm::HS256) },
            &good, &EncodingKey::from_secret(b"x"),
        ).unwrap();
        for (what, token) in [
            ("without signature", unsigned),
            ("signed with the public key as a shared secret", shared),
            ("with other claims under the signature", changed),
            ("signed by somebody else", stranger.sign(&good)),
            ("of another kind", logout),
            ("for another application", with("aud", json!("payroll"))),
            ("for no application", with("aud", json!([]))),
            ("of an issuer that is not trusted", with("iss", json!("https://elsewhere.example"))),
            ("that ended", with("exp", json!(now - 61))),
            ("that is not good yet", with("nbf", json!(now + 61))),
            ("of nobody", with("sub", json!(""))),
            ("without end", with("exp", Value::Null)),
        ] {
            assert_eq!(status(&api, &token).await, 401, "a token {what}");
        }
        // Clocks differ a little.
        assert_eq!(status(&api, &with("exp", json!(now - 30))).await, 200);
        assert_eq!(status(&api, &with("aud", json!(["payroll", "landfall"]))).await, 200);
        let said = ask(&api, &with("exp", json!(now - 61)), Method::GET, "/api/v3/me", None).await.text();
        assert!(!said.contains("time is over"), "the reason is for the log: {said}");
    }

    async fn keys_are_exchanged_and_made_up_ones_do_not_make_us_ask_every_time(database: TestDatabase) {
        let (first, second, made_up) = (Key::new("first"), Key::new("second"), Key::new("made-up"));
        let issuer = Issuer::start(&[&first]);
        let api = trusting(&database, &issuer).await;
        let token = |key: &Key, who: &str| key.sign(&issuer.claims(who, now(&api)));
        assert_eq!(status(&api, &token(&first, "ann")).await, 200);
        for number in 0..5 {
            assert_eq!(status(&api, &token(&made_up, &number.to_string())).await, 401);
        }
        assert_eq!(issuer.asked(), 1);
        issuer.publish(&[&second]);
        api.clock.advance(TimeDelta::minutes(5));
        assert_eq!(status(&api, &token(&second, "bob")).await, 200);
        assert_eq!(issuer.asked(), 2);
        assert_eq!(status(&api, &token(&first, "eve")).await, 401, "a key that was withdrawn");
        // While the provider is away, known keys are good for a day.
        issuer.set_down(true);
        api.clock.advance(TimeDelta::hours(2));
        assert_eq!(status(&api, &token(&second, "carl")).await, 200);
        api.clock.advance(TimeDelta::hours(23));
        assert_eq!(status(&api, &token(&second, "dora")).await, 503);
        issuer.set_down(false);
        api.clock.advance(TimeDelta::minutes(1));
        assert_eq!(status(&api, &token(&second, "emil")).await, 200);
    }
}
