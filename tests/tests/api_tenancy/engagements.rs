//! Engagements belong to their client account.

use crate::things::ids;
use actix_web::http::Method;
use landfall_domain::Scope;
use landfall_testkit::both_backends;
use landfall_tests::api::Api;
use serde_json::json;

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
