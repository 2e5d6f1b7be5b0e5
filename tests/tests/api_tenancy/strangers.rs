//! What belongs to another tenant or engagement does not exist.

use crate::ask::ask;
use crate::operation::Owner;
use crate::resources;
use crate::things::{Things, ids};
use landfall_domain::{EngagementId, Scope};
use landfall_services::tenants::NewEngagement;
use landfall_testkit::both_backends;
use landfall_tests::api::Api;
use serde_json::json;

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
        let assets = ids(&api.get("/api/v3/assets").await.expect(200).json());
        let mut operations = resources::operations();
        // What a stranger makes in his own engagement is in his lists afterwards.
        operations.sort_by_key(|operation| operation.owner == Owner::Make);
        for operation in &operations {
            let name = operation.name();
            let (path, body) = things.fill(operation);
            let nobody = ask(&api, None, None, operation, &path, body.clone()).await;
            match operation.owner {
                Owner::Nobody => assert_ne!(nobody.status, 400, "{name}: {}", nobody.text()),
                Owner::Client if operation.path.contains("{id}") => {}
                _ => {
                    assert_eq!(nobody.status, 400, "{name}: {}", nobody.text());
                    assert_eq!(nobody.json()["error"], "TENANT_CONTEXT_REQUIRED", "{name}");
                }
            }
            if matches!(operation.owner, Owner::Nobody | Owner::Client) {
                continue;
            }
            for (who, scope) in &nowhere {
                let reply = ask(&api, None, Some(scope), operation, &path, body.clone()).await;
                assert_eq!(reply.status, 404, "{who}: {name}: {}", reply.text());
            }
            for (who, scope) in &strangers {
                let reply = ask(&api, None, Some(scope), operation, &path, body.clone()).await;
                let said = reply.text();
                assert!(!said.contains("secret"), "{who}: {name}: {said}");
                match operation.owner {
                    Owner::One => {
                        assert_eq!(reply.status, 404, "{who}: {name}: {said}");
                        // Somebody else's and nobody's look the same.
                        let strange = path.replace(things.id("imports"), things.id("flows"));
                        if strange != path {
                            let missing = ask(&api, None, Some(scope), operation, &strange, body.clone()).await.json();
                            assert_eq!(missing["error"], reply.json()["error"], "{who}: {name}");
                        }
                    }
                    Owner::List => {
                        assert_eq!(reply.status, 200, "{who}: {name}: {said}");
                        assert_eq!(reply.json()["items"], json!([]), "{who}: {name}: {said}");
                    }
                    Owner::Whole | Owner::Make | Owner::Nobody | Owner::Client => {
                        assert!(reply.status.is_success(), "{who}: {name}: {said}");
                    }
                }
            }
            // The owner gets further than that: the walk does not pass by refusing everybody.
            if operation.method == "GET" {
                ask(&api, None, Some(&api.scope), operation, &path, body).await.expect(200);
            }
        }
        // Nothing of the tenant's was changed by strangers.
        let left = api.get("/api/v3/assets").await.expect(200).json();
        assert_eq!(ids(&left), assets);
        let flow = api.get(&format!("/api/v3/flows/{}", things.id("flows"))).await.expect(200).json();
        assert_eq!(flow["status"], "waiting", "{flow}");
        let edges = api.get("/api/v3/dependencies").await.expect(200).json();
        assert_eq!(ids(&edges), [things.id("dependencies")]);
    }
}
