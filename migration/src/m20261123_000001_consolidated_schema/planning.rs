//! Migration programmes, waves and plans.

use super::labels;
use crate::schema::{Table, bigint, boolean, float, int, json, label, text, timestamp, uuid};

pub(super) fn tables() -> Vec<Table> {
    vec![
        migrations(),
        migration_logs(),
        migration_waves(),
        plans(),
        plan_versions(),
        plan_changes(),
        plan_violations(),
        wave_plans(),
        wave_plan_assets(),
    ]
}

fn migrations() -> Table {
    Table::tenant("migrations", "Migration programmes of the predecessor.")
        .columns([
            uuid("id"),
            text("name"),
            text("description").null(),
            label("status", labels::MIGRATION_STATUS).null(),
            label("current_phase", labels::MIGRATION_PHASE).null(),
            timestamp("created_at"),
            timestamp("updated_at"),
            timestamp("start_date").null(),
            timestamp("target_completion_date").null(),
            timestamp("actual_completion_date").null(),
            text("source_environment").null(),
            text("target_environment").null(),
            text("migration_strategy").null(),
            int("progress_percentage").null(),
            int("total_assets").null(),
            int("migrated_assets").null(),
            json("ai_recommendations").null(),
            json("risk_assessment").null(),
            json("cost_estimates").null(),
            json("settings").null(),
            uuid("master_flow_id").null(),
        ])
        .in_engagement()
        .belongs_to("master_flow_id", "crewai_flow_state_extensions", "flow_id")
        .index(["client_account_id", "engagement_id", "name"])
        .index_where(
            ["client_account_id", "master_flow_id"],
            "master_flow_id IS NOT NULL",
        )
}

fn migration_logs() -> Table {
    Table::tenant("migration_logs", "Log lines of migration programmes.")
        .columns([
            uuid("id"),
            uuid("migration_id"),
            timestamp("timestamp").null(),
            text("level").null(),
            text("message"),
            json("details").null(),
            label("phase", labels::MIGRATION_PHASE).null(),
            text("user_id").null(),
            text("action").null(),
        ])
        .in_engagement()
        .owned_by("migration_id", "migrations", "id")
        .index(["client_account_id", "engagement_id", "timestamp"])
        .index(["client_account_id", "migration_id"])
}

fn migration_waves() -> Table {
    Table::tenant("migration_waves", "Waves: what moves when.")
        .columns([
            uuid("id"),
            int("wave_number"),
            text("name"),
            text("description").null(),
            text("status").null(),
            timestamp("planned_start_date").null(),
            timestamp("planned_end_date").null(),
            timestamp("actual_start_date").null(),
            timestamp("actual_end_date").null(),
            int("total_assets").null(),
            int("completed_assets").null(),
            int("failed_assets").null(),
            bigint("estimated_cost").null(),
            bigint("actual_cost").null(),
            float("estimated_effort_hours").null(),
            float("actual_effort_hours").null(),
            timestamp("created_at"),
            timestamp("updated_at"),
            uuid("created_by").null(),
            uuid("master_flow_id"),
            bigint("version").default("1"),
        ])
        .in_engagement()
        .belongs_to("master_flow_id", "crewai_flow_state_extensions", "flow_id")
        .index(["client_account_id", "engagement_id", "wave_number"])
        .index(["client_account_id", "master_flow_id"])
}

fn plans() -> Table {
    Table::tenant(
        "plans",
        "Plans: settings, pins and waves that were made from them, version by version.",
    )
    .columns([
        uuid("id"),
        text("name"),
        text("description").null(),
        text("status").default("'planning'"),
        text("error_message").null(),
        uuid("based_on_plan_id").null(),
        json("settings").default("'{}'"),
        json("pins").default("'[]'"),
        json("summary").null(),
        int("plan_version").default("0"),
        timestamp("committed_at").null(),
        text("created_by").null(),
        timestamp("created_at"),
        timestamp("updated_at"),
        uuid("master_flow_id"),
        bigint("version").default("1"),
    ])
    .in_engagement()
    .belongs_to("master_flow_id", "crewai_flow_state_extensions", "flow_id")
    .index(["client_account_id", "engagement_id", "id"])
    .index(["client_account_id", "engagement_id", "status"])
    .index(["client_account_id", "master_flow_id"])
}

fn plan_versions() -> Table {
    Table::tenant(
        "plan_versions",
        "Versions of plans: what was done, and how the plan was judged then.",
    )
    .columns([
        uuid("id"),
        uuid("plan_id"),
        int("plan_version"),
        text("action"),
        text("note").null(),
        json("settings"),
        json("pins"),
        json("summary"),
        json("waves"),
        int("moved_assets").default("0"),
        text("created_by").null(),
        timestamp("created_at"),
    ])
    .unique(["client_account_id", "plan_id", "plan_version"])
    .in_engagement()
    .owned_by("plan_id", "plans", "id")
    .index(["client_account_id", "engagement_id", "id"])
}

fn plan_changes() -> Table {
    Table::tenant(
        "plan_changes",
        "Which assets a version of a plan moved, from which wave to which.",
    )
    .columns([
        uuid("id"),
        uuid("plan_id"),
        int("plan_version"),
        uuid("asset_id"),
        int("from_wave").null(),
        int("to_wave").null(),
    ])
    .in_engagement()
    .owned_by("plan_id", "plans", "id")
    .index(["client_account_id", "plan_id", "plan_version"])
    .index(["client_account_id", "engagement_id", "id"])
}

fn plan_violations() -> Table {
    Table::tenant(
        "plan_violations",
        "Breaches of planning rules in the present version of a plan.",
    )
    .columns([
        uuid("id"),
        uuid("plan_id"),
        int("position"),
        text("rule"),
        text("severity"),
        text("message"),
        text("mitigation"),
        bigint("breaches"),
        json("waves"),
        json("asset_ids"),
        timestamp("created_at"),
    ])
    .in_engagement()
    .owned_by("plan_id", "plans", "id")
    .index(["client_account_id", "plan_id", "position"])
    .index(["client_account_id", "engagement_id", "id"])
}

fn wave_plans() -> Table {
    Table::tenant("wave_plans", "Plans of waves.")
        .columns([
            uuid("id"),
            uuid("migration_id").null(),
            int("wave_number"),
            text("wave_name").null(),
            text("description").null(),
            timestamp("planned_start_date").null(),
            timestamp("planned_end_date").null(),
            timestamp("actual_start_date").null(),
            timestamp("actual_end_date").null(),
            int("total_assets").null(),
            int("completed_assets").null(),
            int("estimated_effort_hours").null(),
            bigint("estimated_cost").null(),
            json("prerequisites").null(),
            json("dependencies").null(),
            json("constraints").null(),
            label("overall_risk_level", labels::RISK_LEVEL).null(),
            float("complexity_score").null(),
            json("success_criteria").null(),
            text("status").null(),
            float("progress_percentage").null(),
            json("ai_recommendations").null(),
            float("optimization_score").null(),
            timestamp("created_at"),
            timestamp("updated_at"),
            uuid("master_flow_id"),
            uuid("wave_id").null(),
            int("plan_version").default("1"),
            uuid("plan_id").null(),
            json("evaluation").null(),
            bigint("version").default("1"),
        ])
        .in_engagement()
        .belongs_to("master_flow_id", "crewai_flow_state_extensions", "flow_id")
        .owned_by("plan_id", "plans", "id")
        .belongs_to("migration_id", "migrations", "id")
        .belongs_to("wave_id", "migration_waves", "id")
        .index(["client_account_id", "engagement_id", "wave_number"])
        .index(["client_account_id", "master_flow_id"])
        .index_where(["client_account_id", "migration_id"], "migration_id IS NOT NULL")
        .index_where(["client_account_id", "wave_id"], "wave_id IS NOT NULL")
        .index_where(
            ["client_account_id", "plan_id", "wave_number"],
            "plan_id IS NOT NULL",
        )
}

fn wave_plan_assets() -> Table {
    Table::tenant("wave_plan_assets", "Which asset moves in which wave of a plan.")
        .columns([
            uuid("id"),
            uuid("wave_plan_id"),
            uuid("asset_id"),
            boolean("is_pinned").default("false"),
            text("reason").null(),
            int("replaced_wave").null(),
            text("replaced_status").null(),
            timestamp("created_at"),
            timestamp("updated_at"),
        ])
        .unique(["client_account_id", "wave_plan_id", "asset_id"])
        .in_engagement()
        .owned_by("wave_plan_id", "wave_plans", "id")
        .owned_by("asset_id", "assets", "id")
        .index(["client_account_id", "asset_id"])
        .index(["client_account_id", "engagement_id", "id"])
}
