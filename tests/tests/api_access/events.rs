use crate::{PASSWORD, ask, login, user};
use actix_web::http::Method;
use landfall_domain::{PageRequest, Role};
use landfall_testkit::both_backends;
use landfall_tests::api::Api;

both_backends! {
    async fn a_tenant_that_was_refused_is_written_down_with_who_asked(database: TestDatabase) {
        let api = Api::over(&database).await.with_authentication().await;
        let other = api.other_tenant().await;
        let ann = user(&api, "ann@example.com", Role::Admin).await;
        let session = login(&api, "ann@example.com", PASSWORD).await.expect(200).json();
        let token = session["access_token"].as_str().unwrap();
        let request = Api::request_of(&other, Method::GET, "/api/v3/assets")
            .insert_header(("Authorization", format!("Bearer {token}")));
        api.send(request).await.expect(404);
        let page = PageRequest::first(10);
        let refused = api.services.access_decisions(Some(other.client_account_id), &page).await.unwrap().items;
        assert_eq!(refused.len(), 1);
        assert_eq!((refused[0].user_id, refused[0].result.as_str()), (ann, "refused"));
        assert_eq!(refused[0].resource_type.as_deref(), Some("/api/v3/assets"));
        // The headers that name a user are not believed.
        let pretending = api
            .request(Method::GET, "/api/v3/me")
            .insert_header(("X-User-ID", landfall_domain::UserId::new().to_string()))
            .insert_header(("Authorization", format!("Bearer {token}")));
        assert_eq!(api.send(pretending).await.expect(200).json()["user_id"], ann.to_string());
        ask(&api, token, Method::GET, "/api/v3/assets", None).await.expect(200);
        assert_eq!(api.services.access_decisions(Some(api.scope.client_account_id), &page).await.unwrap().items.len(), 0);
    }

    async fn without_authentication_a_page_of_another_site_changes_nothing(database: TestDatabase) {
        let api = Api::over(&database).await;
        let undo = |site: &'static str| {
            api.request(Method::POST, "/api/v3/auth/logout").insert_header(("Sec-Fetch-Site", site))
        };
        api.send(undo("cross-site")).await.expect(403);
        api.send(undo("same-origin")).await.expect(204);
        let read = api.request(Method::GET, "/api/v3/fields").insert_header(("Sec-Fetch-Site", "cross-site"));
        api.send(read).await.expect(200);
    }
}
