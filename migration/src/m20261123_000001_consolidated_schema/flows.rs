//! Master flows, durable jobs, the change log, and who still uses old names.

use super::labels;
use crate::schema::{Table, bigint, int, json, label, text, timestamp, uuid};

pub(super) fn tables() -> Vec<Table> {
    vec![
        master_flows(),
        jobs(),
        change_log(),
        compat_usage(),
        idempotency_keys(),
    ]
}

fn master_flows() -> Table {
    Table::tenant(
        "crewai_flow_state_extensions",
        "Master flows: one per programme of work; every phase hangs on one.",
    )
    .columns([
        uuid("flow_id"),
        label("flow_type", labels::FLOW_TYPE).default("'discovery'"),
        text("flow_name").null(),
        label("flow_status", labels::FLOW_STATUS).default("'pending'"),
        text("current_phase").null(),
        uuid("parent_flow_id").null(),
        text("user_id").default("'system'"),
        int("retry_count").default("0"),
        json("master_state").default("'{}'"),
        json("flow_configuration").default("'{}'"),
        json("phase_transitions").default("'[]'"),
        json("error_history").default("'[]'"),
        json("flow_persistence_data").default("'{}'"),
        json("agent_collaboration_log").default("'[]'"),
        json("memory_usage_metrics").default("'{}'"),
        json("knowledge_base_analytics").default("'{}'"),
        json("phase_execution_times").default("'{}'"),
        json("agent_performance_metrics").default("'{}'"),
        json("crew_coordination_analytics").default("'{}'"),
        json("learning_patterns").default("'[]'"),
        json("user_feedback_history").default("'[]'"),
        json("adaptation_metrics").default("'{}'"),
        bigint("version").default("1"),
        timestamp("created_at"),
        timestamp("updated_at"),
    ])
    .primary_key(["client_account_id", "flow_id"])
    .in_engagement()
    .belongs_to("parent_flow_id", "crewai_flow_state_extensions", "flow_id")
    .index(["client_account_id", "engagement_id", "flow_status"])
    .index(["client_account_id", "engagement_id", "created_at", "flow_id"])
    .index_where(
        ["client_account_id", "parent_flow_id"],
        "parent_flow_id IS NOT NULL",
    )
}

fn jobs() -> Table {
    Table::global(
        "jobs",
        "Durable work: enqueued with the data that needs it, claimed by one worker at a time.",
    )
    .columns([
        uuid("id"),
        uuid("client_account_id").null(),
        uuid("engagement_id").null(),
        text("kind"),
        json("payload").default("'{}'"),
        label("state", labels::JOB_STATE).default("'queued'"),
        int("attempts").default("0"),
        int("max_attempts").default("5"),
        timestamp("run_at"),
        text("claimed_by").null(),
        timestamp("claimed_until").null(),
        text("last_error").null(),
        text("dedup_key").null(),
        json("cursor").null(),
        json("result").null(),
        timestamp("completed_at").null(),
        timestamp("created_at"),
        timestamp("updated_at"),
    ])
    .unique_where(["dedup_key"], "state IN ('queued', 'running')")
    .index(["state", "run_at"])
    .index(["client_account_id", "engagement_id", "created_at"])
}

fn change_log() -> Table {
    Table::tenant(
        "change_log",
        "What changed, before and after, who did it and in which request.",
    )
    .columns([
        uuid("id"),
        text("entity_type"),
        text("entity_id"),
        text("action"),
        json("before").null(),
        json("after").null(),
        uuid("actor_user_id").null(),
        text("actor_name"),
        text("request_id").null(),
        timestamp("created_at"),
    ])
    .in_engagement()
    .index(["client_account_id", "engagement_id", "created_at", "id"])
    .index(["client_account_id", "entity_type", "entity_id", "created_at"])
}

fn compat_usage() -> Table {
    Table::tenant(
        "compat_usage",
        "Who still uses old names and paths of the API, and how often.",
    )
    .columns([
        uuid("id"),
        text("kind"),
        text("resource"),
        text("name"),
        text("actor_name"),
        bigint("uses"),
        timestamp("first_used_at"),
        timestamp("last_used_at"),
    ])
    .unique([
        "client_account_id",
        "engagement_id",
        "kind",
        "resource",
        "name",
        "actor_name",
    ])
    .in_engagement()
    .check("uses > 0")
}

fn idempotency_keys() -> Table {
    Table::tenant(
        "idempotency_keys",
        "Requests that must not be done twice, with the answer that a repetition gets.",
    )
    .columns([
        uuid("id"),
        text("request_hash").null(),
        int("status").null(),
        json("headers").null(),
        text("body").null(),
        timestamp("locked_until"),
        timestamp("expires_at"),
        timestamp("created_at"),
    ])
    .in_engagement()
    .index(["client_account_id", "engagement_id", "expires_at"])
}
