use crate::{PASSWORD, ask, login, user};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use chrono::TimeDelta;
use landfall_domain::{EngagementId, Role};
use landfall_services::access::Origin;
use landfall_testkit::both_backends;
use landfall_tests::api::Api;

both_backends! {
    async fn a_stream_token_opens_event_streams_of_its_engagement_and_nothing_else_until_it_ends(database: TestDatabase) {
        let api = Api::over(&database).await.with_authentication().await;
        let ann = user(&api, "ann@example.com", Role::Admin).await;
        let session = login(&api, "ann@example.com", PASSWORD).await.expect(200).json();
        let access = session["access_token"].as_str().unwrap();
        let made = ask(&api, access, Method::POST, "/api/v3/auth/stream-token", None).await.expect(200).json();
        let token = made["token"].as_str().unwrap();
        assert_eq!(made["expires_in"], 600);
        let identity = api.services.authenticate_stream(token, &Origin::default()).await.unwrap();
        let (client, engagement) = (api.scope.client_account_id, api.scope.engagement_id);
        let may = api.services.access_to(&identity, client).await.unwrap();
        assert_eq!(may.in_engagement(engagement), Some(Role::Viewer));
        assert_eq!(may.in_engagement(EngagementId::new()), None);
        let elsewhere = api.other_tenant().await.client_account_id;
        assert!(!api.services.access_to(&identity, elsewhere).await.unwrap().is_any());
        // It is no key for the header, and opens no other path.
        ask(&api, token, Method::GET, "/api/v3/assets", None).await.expect(401);
        api.send(TestRequest::with_uri(&format!("/api/v3/assets?stream_token={token}"))).await.expect(401);
        // Whose role is taken away reads no stream any more.
        let by = landfall_services::access::Identity::program("test");
        api.services.revoke_role(&by, client, ann, None, &Origin::default()).await.unwrap();
        assert!(!api.services.access_to(&identity, client).await.unwrap().is_any());
        api.clock.advance(TimeDelta::minutes(10));
        assert!(api.services.authenticate_stream(token, &Origin::default()).await.is_err());
    }
}
