//! Every operation as nobody, as an administrator of another tenant and of another engagement, and with each role.
//!
//! First everybody who may not is refused, which changes nothing; then who may gets further. So an operation that refuses
//! everybody fails, and so does one that lets somebody in who has too small a role.

use crate::ask::ask;
use crate::operation::{Least, Operation, Owner};
use crate::resources;
use crate::things::Things;
use landfall_domain::{ClientAccountId, EngagementId, Role, Scope};
use landfall_services::access::{Identity, KeyTerms, Origin};
use landfall_services::tenants::NewEngagement;
use landfall_testkit::both_backends;
use landfall_tests::api::Api;

/// A key with a role, of a whole client account, of one engagement, or of all.
async fn key(api: &Api, place: Option<(ClientAccountId, Option<EngagementId>)>, role: Role) -> String {
    let terms = KeyTerms {
        name: format!("a {role}"),
        client_account_id: place.map(|(client, _)| client),
        engagement_id: place.and_then(|(_, engagement)| engagement),
        user_id: None,
        role,
        scopes: Vec::new(),
        expires_at: None,
    };
    let by = Identity::program("test");
    let made = api
        .services
        .create_api_key(&by, terms, &Origin::default())
        .await
        .unwrap();
    made.secret.expose().to_owned()
}

/// Somebody who asks, and what is to come of it.
struct Walker {
    who: &'static str,
    token: String,
    /// His role in the tenant as a whole.
    role: Option<Role>,
    /// His role in the engagement.
    in_engagement: Option<Role>,
    is_platform: bool,
}

impl Walker {
    /// The status that refuses him, if he is to be refused.
    fn refusal(&self, operation: &Operation) -> Option<u16> {
        match (operation.least, operation.owner) {
            (Least::Public | Least::Caller, _) => None,
            (Least::Platform, _) => (!self.is_platform).then_some(403),
            (Least::Role(least), Owner::Client) => {
                match self.role.or(self.in_engagement.map(|_| Role::Viewer)) {
                    None => Some(404),
                    Some(role) => (!role.allows(least)).then_some(403),
                }
            }
            (Least::Role(least), _) => match self.role.max(self.in_engagement) {
                None => Some(404),
                Some(role) => (!role.allows(least)).then_some(403),
            },
        }
    }
}

async fn walkers(api: &Api) -> Vec<Walker> {
    let client = api.scope.client_account_id;
    let other = api.other_tenant().await;
    let new = NewEngagement {
        name: "Second".to_owned(),
        ..NewEngagement::default()
    };
    let second = api.services.create_engagement(client, new).await.unwrap().id;
    let whole = |role| (Some((client, None)), Some(role), None);
    let mut walkers = Vec::new();
    for (who, (place, role, in_engagement)) in [
        (
            "an administrator of another tenant",
            (Some((other.client_account_id, None)), None, None),
        ),
        ("a viewer", whole(Role::Viewer)),
        ("an editor", whole(Role::Editor)),
        ("an approver", whole(Role::Approver)),
        ("an administrator", whole(Role::Admin)),
        (
            "an administrator of the engagement",
            (
                Some((client, Some(api.scope.engagement_id))),
                None,
                Some(Role::Admin),
            ),
        ),
    ] {
        let given = role.or(in_engagement).unwrap_or(Role::Admin);
        walkers.push(Walker {
            who,
            token: key(api, place, given).await,
            role,
            in_engagement,
            is_platform: false,
        });
    }
    let everything = key(api, None, Role::Admin).await;
    let all = Some(Role::Admin);
    walkers.push(Walker {
        who: "the platform administrator",
        token: everything,
        role: all,
        in_engagement: all,
        is_platform: true,
    });
    // He may look at the client account, and at nothing of this engagement.
    let elsewhere = key(api, Some((client, Some(second))), Role::Admin).await;
    walkers.push(Walker {
        who: ELSEWHERE,
        token: elsewhere,
        role: None,
        in_engagement: None,
        is_platform: false,
    });
    walkers
}

const ELSEWHERE: &str = "an administrator of another engagement";

both_backends! {
    async fn each_role_may_do_what_it_is_for_and_nothing_more(database: TestDatabase) {
        let open = Api::over(&database).await;
        let things = Things::make(&open).await;
        let walkers = walkers(&open).await;
        let api = open.with_authentication().await;
        let mine = Some(&api.scope);
        let mut operations = resources::operations();
        // What is read must not have been removed before.
        operations.sort_by_key(|operation| match operation.method {
            "GET" => 0,
            "DELETE" => 2,
            _ => 1,
        });
        for operation in &operations {
            let name = operation.name();
            let (path, body) = things.fill(operation);
            let nobody = ask(&api, None, mine, operation, &path, body.clone()).await;
            if operation.least == Least::Public {
                assert_ne!(nobody.status, 403, "{name}: {}", nobody.text());
                continue;
            }
            assert_eq!(nobody.status, 401, "nobody: {name}: {}", nobody.text());
            assert_eq!(nobody.json()["error"], "UNAUTHENTICATED", "{name}");
            assert!(nobody.header("www-authenticate").unwrap().starts_with("Bearer"), "{name}");
            let mut may = Vec::new();
            for walker in &walkers {
                let refusal = if walker.who == ELSEWHERE && operation.owner == Owner::Client {
                    // Looking at the client account is all he may.
                    let looks = operation.least == Least::Role(Role::Viewer);
                    (!looks).then_some(403)
                } else {
                    walker.refusal(operation)
                };
                let Some(refusal) = refusal else {
                    may.push(walker);
                    continue;
                };
                let reply = ask(&api, Some(&walker.token), mine, operation, &path, body.clone()).await;
                let said = reply.text();
                assert_eq!(reply.status.as_u16(), refusal, "{}: {name}: {said}", walker.who);
                assert!(!said.contains("secret"), "{}: {name}: {said}", walker.who);
                if refusal == 404 {
                    // The tenant looks as if it did not exist.
                    let nowhere = Scope { client_account_id: ClientAccountId::new(), ..api.scope.clone() };
                    let asked = path.replace(&api.scope.client_account_id.to_string(), &nowhere.client_account_id.to_string());
                    let missing = ask(&api, Some(&walker.token), Some(&nowhere), operation, &asked, body.clone()).await;
                    let same = |text: String| {
                        let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
                        for volatile in ["request_id", "timestamp"] {
                            value[volatile] = serde_json::Value::Null;
                        }
                        value.to_string().replace(&nowhere.client_account_id.to_string(), &api.scope.client_account_id.to_string())
                    };
                    assert_eq!(same(said), same(missing.text()), "{}: {name}", walker.who);
                }
            }
            assert!(!may.is_empty(), "nobody may {name}");
            for walker in may {
                let reply = ask(&api, Some(&walker.token), mine, operation, &path, body.clone()).await;
                let status = reply.status.as_u16();
                // Whether it works depends on what others have done before; whether he may does not.
                let denied = status == 403 || status == 401 && !operation.path.contains("/me/password");
                assert!(!denied && status < 500, "{}: {name}: {}", walker.who, reply.text());
                if operation.method == "GET" {
                    assert_eq!(status, 200, "{}: {name}: {}", walker.who, reply.text());
                }
            }
        }
    }
}
