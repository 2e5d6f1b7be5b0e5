//! Tenants, people and what they may do.

use crate::schema::{OnDelete, Table, bigint, boolean, int, json, text, timestamp, uuid};

pub(super) fn tables() -> Vec<Table> {
    vec![
        users(),
        user_identities(),
        client_accounts(),
        engagements(),
        user_profiles(),
        user_account_associations(),
        user_roles(),
        client_access(),
        engagement_access(),
        api_keys(),
        auth_tokens(),
        access_audit_log(),
        security_audit_logs(),
        role_change_approvals(),
    ]
}

fn users() -> Table {
    Table::global("users", "People and service accounts.")
        .columns([
            uuid("id"),
            text("email"),
            text("password_hash").null(),
            text("first_name").null(),
            text("last_name").null(),
            boolean("is_active").default("true"),
            boolean("is_verified").default("false"),
            timestamp("created_at"),
            timestamp("updated_at"),
            timestamp("last_login").null(),
            uuid("default_client_id").null(),
            uuid("default_engagement_id").null(),
        ])
        .unique(["email"])
}

fn user_identities() -> Table {
    Table::global("user_identities", "How identity providers name users.")
        .columns([
            uuid("id"),
            uuid("user_id"),
            text("issuer"),
            text("subject"),
            timestamp("created_at"),
            timestamp("last_login_at").null(),
        ])
        .unique(["issuer", "subject"])
        .references("user_id", "users", "id", OnDelete::Cascade)
        .index(["user_id"])
}

fn client_accounts() -> Table {
    Table::global("client_accounts", "Client accounts: the tenants.")
        .columns([
            uuid("id"),
            text("name"),
            text("description").null(),
            boolean("is_active").default("true"),
            timestamp("created_at"),
            timestamp("updated_at"),
            text("slug"),
            text("industry").null(),
            text("company_size").null(),
            text("headquarters_location").null(),
            text("primary_contact_name").null(),
            text("primary_contact_email").null(),
            text("primary_contact_phone").null(),
            text("subscription_tier").null(),
            text("billing_contact_email").null(),
            json("settings").null(),
            json("branding").null(),
            json("business_objectives").null(),
            json("it_guidelines").null(),
            json("decision_criteria").null(),
            json("agent_preferences").null(),
            uuid("created_by").null(),
            bigint("version").default("1"),
        ])
        .unique(["slug"])
        .index(["name"])
}

fn engagements() -> Table {
    Table::client(
        "engagements",
        "Engagements: programmes of work of a client account.",
    )
    .columns([
        uuid("id"),
        text("name"),
        text("description").null(),
        boolean("is_active").default("true"),
        timestamp("created_at"),
        timestamp("updated_at"),
        text("slug"),
        text("engagement_type").null(),
        text("status").null(),
        text("priority").null(),
        timestamp("start_date").null(),
        timestamp("target_completion_date").null(),
        timestamp("actual_completion_date").null(),
        uuid("engagement_lead_id").null(),
        text("client_contact_name").null(),
        text("client_contact_email").null(),
        json("settings").null(),
        json("migration_scope").null(),
        json("team_preferences").null(),
        uuid("created_by").null(),
        text("currency").default("'USD'"),
        bigint("version").default("1"),
    ])
    .unique(["client_account_id", "name"])
    .references("client_account_id", "client_accounts", "id", OnDelete::NoAction)
    .index(["client_account_id", "slug"])
    .check("length(currency) = 3")
}

fn user_profiles() -> Table {
    Table::global("user_profiles", "Approval state and contact data of users.")
        .columns([
            uuid("user_id"),
            text("status"),
            timestamp("approval_requested_at").null(),
            timestamp("approved_at").null(),
            uuid("approved_by").null(),
            text("registration_reason").null(),
            text("organization").null(),
            text("role_description").null(),
            text("requested_access_level").null(),
            text("phone_number").null(),
            text("manager_email").null(),
            text("linkedin_profile").null(),
            timestamp("last_login_at").null(),
            int("login_count").null(),
            int("failed_login_attempts").null(),
            timestamp("last_failed_login").null(),
            json("notification_preferences").null(),
            timestamp("created_at"),
            timestamp("updated_at"),
        ])
        .primary_key(["user_id"])
        .references("user_id", "users", "id", OnDelete::Cascade)
        .index(["status"])
}

fn user_account_associations() -> Table {
    Table::global(
        "user_account_associations",
        "Which user belongs to which client account.",
    )
    .columns([
        uuid("id"),
        uuid("user_id"),
        uuid("client_account_id"),
        text("role"),
        timestamp("created_at"),
        timestamp("updated_at"),
        uuid("created_by").null(),
    ])
    .unique(["user_id", "client_account_id"])
    .references("user_id", "users", "id", OnDelete::Cascade)
    .index(["client_account_id"])
}

fn user_roles() -> Table {
    Table::global(
        "user_roles",
        "Roles of users, global or for a client account or engagement.",
    )
    .columns([
        uuid("id"),
        uuid("user_id"),
        text("role_type"),
        text("role_name"),
        text("description").null(),
        json("permissions").null(),
        text("scope_type").null(),
        uuid("scope_client_id").null(),
        uuid("scope_engagement_id").null(),
        boolean("is_active").default("true"),
        timestamp("assigned_at").null(),
        uuid("assigned_by").null(),
        timestamp("expires_at").null(),
        timestamp("created_at"),
        timestamp("updated_at"),
    ])
    .references("user_id", "users", "id", OnDelete::Cascade)
    .index(["user_id"])
}

fn client_access() -> Table {
    Table::client("client_access", "What a user may do in a client account.")
        .columns([
            uuid("id"),
            uuid("user_profile_id"),
            text("access_level"),
            json("permissions").null(),
            json("restricted_environments").null(),
            json("restricted_data_types").null(),
            timestamp("granted_at").null(),
            uuid("granted_by"),
            timestamp("expires_at").null(),
            boolean("is_active").default("true"),
            timestamp("last_accessed_at").null(),
            int("access_count").null(),
            timestamp("created_at"),
            timestamp("updated_at"),
        ])
        .references("client_account_id", "client_accounts", "id", OnDelete::NoAction)
        .references("user_profile_id", "users", "id", OnDelete::Cascade)
        .index(["client_account_id", "user_profile_id"])
        .index(["user_profile_id"])
}

fn engagement_access() -> Table {
    Table::tenant("engagement_access", "What a user may do in an engagement.")
        .columns([
            uuid("id"),
            uuid("user_profile_id"),
            text("access_level"),
            text("engagement_role").null(),
            json("permissions").null(),
            json("restricted_sessions").null(),
            json("allowed_session_types").null(),
            timestamp("granted_at").null(),
            uuid("granted_by"),
            timestamp("expires_at").null(),
            boolean("is_active").default("true"),
            timestamp("last_accessed_at").null(),
            int("access_count").null(),
            timestamp("created_at"),
            timestamp("updated_at"),
        ])
        .in_engagement()
        .references("user_profile_id", "users", "id", OnDelete::Cascade)
        .index(["client_account_id", "engagement_id", "user_profile_id"])
        .index(["user_profile_id"])
}

fn api_keys() -> Table {
    Table::global("api_keys", "API keys; only a hash is stored.")
        .columns([
            uuid("id"),
            uuid("user_id").null(),
            uuid("client_account_id").null(),
            uuid("engagement_id").null(),
            text("name"),
            text("prefix"),
            text("key_hash"),
            text("role").default("'viewer'"),
            json("scopes"),
            timestamp("expires_at").null(),
            timestamp("last_used_at").null(),
            timestamp("revoked_at").null(),
            uuid("created_by").null(),
            timestamp("created_at"),
            timestamp("updated_at"),
        ])
        .unique(["prefix"])
        .references("user_id", "users", "id", OnDelete::Cascade)
        .index(["user_id"])
        .index(["client_account_id"])
}

fn auth_tokens() -> Table {
    Table::global(
        "auth_tokens",
        "Tokens of logins and event streams; only hashes are stored.",
    )
    .columns([
        uuid("id"),
        uuid("family_id"),
        text("kind"),
        text("token_hash"),
        uuid("user_id").null(),
        uuid("api_key_id").null(),
        uuid("client_account_id").null(),
        uuid("engagement_id").null(),
        timestamp("created_at"),
        timestamp("expires_at"),
        timestamp("used_at").null(),
        timestamp("revoked_at").null(),
    ])
    .unique(["token_hash"])
    .references("user_id", "users", "id", OnDelete::Cascade)
    .references("api_key_id", "api_keys", "id", OnDelete::Cascade)
    .index(["family_id"])
    .index(["user_id"])
    .index(["api_key_id"])
    .index(["client_account_id"])
    .index(["expires_at"])
    .check("kind IN ('access', 'refresh', 'stream')")
}

fn access_audit_log() -> Table {
    Table::global(
        "access_audit_log",
        "Who asked for what, and the decision. The server may only append.",
    )
    .columns([
        uuid("id"),
        uuid("user_id"),
        text("action_type"),
        text("resource_type").null(),
        text("resource_id").null(),
        uuid("client_account_id").null(),
        uuid("engagement_id").null(),
        uuid("session_id").null(),
        text("result"),
        text("reason").null(),
        text("ip_address").null(),
        text("user_agent").null(),
        json("details").null(),
        timestamp("created_at"),
    ])
    .index(["client_account_id", "created_at"])
    .index(["user_id", "created_at"])
    .append_only()
}

fn security_audit_logs() -> Table {
    Table::global(
        "security_audit_logs",
        "Security events. The server may only append.",
    )
    .columns([
        uuid("id"),
        text("event_type"),
        text("event_category"),
        text("severity"),
        text("actor_user_id"),
        text("actor_email").null(),
        text("actor_role").null(),
        text("target_user_id").null(),
        text("target_email").null(),
        text("ip_address").null(),
        text("user_agent").null(),
        text("request_path").null(),
        text("request_method").null(),
        text("description"),
        json("details").null(),
        boolean("is_suspicious").default("false"),
        boolean("requires_review").default("false"),
        boolean("is_blocked").default("false"),
        timestamp("created_at"),
        timestamp("reviewed_at").null(),
        text("reviewed_by").null(),
        uuid("client_account_id").null(),
    ])
    .index(["client_account_id", "created_at"])
    .index(["actor_user_id", "created_at"])
    .append_only()
}

fn role_change_approvals() -> Table {
    Table::global(
        "role_change_approvals",
        "Requests for another role, and their approval.",
    )
    .columns([
        uuid("id"),
        text("requested_by"),
        text("target_user_id"),
        text("current_role"),
        text("requested_role"),
        text("justification").null(),
        text("status"),
        text("approved_by").null(),
        text("approval_notes").null(),
        timestamp("requested_at"),
        timestamp("approved_at").null(),
        timestamp("expires_at").null(),
    ])
    .index(["target_user_id"])
    .index(["requested_by"])
}
