use super::{Api, Operation, Things};
use crate::operation::{Least, Owner};
use crate::things::text;
use landfall_domain::Role;
use serde_json::json;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::post("/api/v3/auth/login", Owner::Nobody)
        .least(Least::Public)
        .json(r#"{"email": "nobody@example.com", "password": "a password of nobody"}"#),
    Operation::post("/api/v3/auth/refresh", Owner::Nobody)
        .least(Least::Public)
        .json(r#"{"refresh_token": "lfr_of_nobody"}"#),
    Operation::get("/api/v3/me", Owner::Nobody).least(Least::Caller),
    Operation::post("/api/v3/me/password", Owner::Nobody)
        .least(Least::Caller)
        .json(r#"{"current_password": "not the password", "new_password": "a new password"}"#),
    Operation::post("/api/v3/auth/stream-token", Owner::Whole).role(Role::Viewer),
    Operation::get("/api/v3/users", Owner::Client).role(Role::Admin),
    Operation::post("/api/v3/users", Owner::Client)
        .role(Role::Admin)
        .json(r#"{"email": "new@example.com", "role": "viewer", "with_password": false}"#),
    Operation::get("/api/v3/users/{id}", Owner::Client).role(Role::Admin),
    Operation::put("/api/v3/users/{id}/role", Owner::Client)
        .role(Role::Admin)
        .json(r#"{"role": "editor"}"#),
    Operation::post("/api/v3/users/{id}/deactivate", Owner::Nobody).least(Least::Platform),
    Operation::post("/api/v3/users/{id}/activate", Owner::Nobody).least(Least::Platform),
    Operation::get("/api/v3/api-keys", Owner::Client).role(Role::Admin),
    Operation::post("/api/v3/api-keys", Owner::Client)
        .role(Role::Admin)
        .json(r#"{"name": "a key", "role": "viewer"}"#),
    Operation::delete("/api/v3/api-keys/{id}", Owner::Client).role(Role::Admin),
    Operation::get("/api/v3/security-events", Owner::Client).role(Role::Admin),
    Operation::delete("/api/v3/users/{id}/engagements/{engagement_id}", Owner::Client).role(Role::Admin),
    Operation::delete("/api/v3/users/{id}", Owner::Client).role(Role::Admin),
    Operation::post("/api/v3/auth/logout", Owner::Nobody).least(Least::Caller),
];

/// A user with a role in the tenant and one in its engagement, and a key.
pub(super) async fn make(api: &Api, things: &mut Things) {
    let engagement = api.scope.engagement_id.to_string();
    let user = json!({"email": "secret@example.com", "role": "viewer", "with_password": false});
    let made = api.post("/api/v3/users", &user).await.expect(201).json();
    let id = text(&made["user"]["id"]);
    let role = json!({"role": "viewer", "engagement_id": engagement});
    api.put(&format!("/api/v3/users/{id}/role"), &role).await.expect(200);
    things.add("users", id);
    things.add("engagement_id", engagement);
    let key = json!({"name": "a secret key", "role": "viewer"});
    let made = api.post("/api/v3/api-keys", &key).await.expect(201).json();
    things.add("api-keys", text(&made["api_key"]["id"]));
}
