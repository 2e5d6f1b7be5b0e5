//! Assessments and 6R analyses.

use super::labels;
use crate::schema::{OnDelete, Table, bigint, boolean, float, int, json, label, text, timestamp, uuid};

pub(super) fn tables() -> Vec<Table> {
    vec![
        assessments(),
        sixr_analyses(),
        sixr_policies(),
        sixr_analysis_parameters(),
        sixr_iterations(),
        sixr_recommendations(),
        sixr_parameters(),
        sixr_questions(),
        sixr_question_responses(),
        cmdb_sixr_analyses(),
    ]
}

fn assessments() -> Table {
    Table::tenant("assessments", "Assessments of assets and applications.")
        .columns([
            uuid("id"),
            uuid("migration_id").null(),
            uuid("asset_id").null(),
            label("assessment_type", labels::ASSESSMENT_TYPE),
            label("status", labels::ASSESSMENT_STATUS).null(),
            text("title"),
            text("description").null(),
            float("overall_score").null(),
            label("risk_level", labels::RISK_LEVEL).null(),
            float("confidence_level").null(),
            text("recommended_strategy").null(),
            json("alternative_strategies").null(),
            text("strategy_rationale").null(),
            bigint("current_cost").null(),
            bigint("estimated_migration_cost").null(),
            bigint("estimated_target_cost").null(),
            bigint("cost_savings_potential").null(),
            int("roi_months").null(),
            json("identified_risks").null(),
            json("risk_mitigation").null(),
            json("blockers").null(),
            json("dependencies_impact").null(),
            text("technical_complexity").null(),
            float("compatibility_score").null(),
            json("modernization_opportunities").null(),
            json("performance_impact").null(),
            text("business_criticality").null(),
            json("downtime_requirements").null(),
            text("user_impact").null(),
            json("compliance_considerations").null(),
            json("ai_insights").null(),
            float("ai_confidence").null(),
            text("ai_model_version").null(),
            int("estimated_effort_hours").null(),
            int("estimated_duration_days").null(),
            int("recommended_wave").null(),
            json("prerequisites").null(),
            text("assessor").null(),
            timestamp("assessment_date").null(),
            timestamp("review_date").null(),
            timestamp("approval_date").null(),
            timestamp("created_at"),
            timestamp("updated_at"),
            uuid("master_flow_id"),
            uuid("application_id").null(),
            uuid("archetype_id").null(),
            uuid("questionnaire_id").null(),
            json("results").default("'{}'"),
            bigint("version").default("1"),
        ])
        .in_engagement()
        .belongs_to("master_flow_id", "crewai_flow_state_extensions", "flow_id")
        .belongs_to("migration_id", "migrations", "id")
        .belongs_to("asset_id", "assets", "id")
        .belongs_to("application_id", "applications", "id")
        .belongs_to("archetype_id", "archetypes", "id")
        .belongs_to("questionnaire_id", "questionnaires", "id")
        .index(["client_account_id", "engagement_id", "status"])
        .index(["client_account_id", "master_flow_id"])
        .index_where(["client_account_id", "migration_id"], "migration_id IS NOT NULL")
        .index_where(["client_account_id", "asset_id"], "asset_id IS NOT NULL")
        .index_where(
            ["client_account_id", "application_id"],
            "application_id IS NOT NULL",
        )
        .index_where(["client_account_id", "archetype_id"], "archetype_id IS NOT NULL")
        .index_where(
            ["client_account_id", "questionnaire_id"],
            "questionnaire_id IS NOT NULL",
        )
}

fn sixr_analyses() -> Table {
    Table::tenant("sixr_analyses", "6R analyses.")
        .columns([
            uuid("id"),
            uuid("migration_id").null(),
            text("name"),
            text("description").null(),
            label("status", labels::ANALYSIS_STATUS),
            int("priority").null(),
            json("application_ids").null(),
            json("application_data").null(),
            int("current_iteration").null(),
            float("progress_percentage").null(),
            timestamp("estimated_completion").null(),
            label("final_recommendation", labels::SIXR_STRATEGY).null(),
            float("confidence_score").null(),
            text("created_by").null(),
            text("updated_by").null(),
            timestamp("created_at"),
            timestamp("updated_at"),
            json("analysis_config").null(),
            uuid("master_flow_id"),
            uuid("asset_id").null(),
            uuid("application_id").null(),
            bigint("version").default("1"),
            label("recommended_strategy", labels::SIXR_STRATEGY).null(),
            label("override_strategy", labels::SIXR_STRATEGY).null(),
            text("override_reason").null(),
            text("overridden_by").null(),
            timestamp("overridden_at").null(),
            text("policy_version").null(),
            text("input_digest").null(),
        ])
        .in_engagement()
        .belongs_to("master_flow_id", "crewai_flow_state_extensions", "flow_id")
        .belongs_to("migration_id", "migrations", "id")
        .owned_by("asset_id", "assets", "id")
        .owned_by("application_id", "applications", "id")
        .index(["client_account_id", "engagement_id", "status"])
        .index(["client_account_id", "engagement_id", "final_recommendation"])
        .index(["client_account_id", "engagement_id", "id"])
        .index(["client_account_id", "master_flow_id"])
        .index_where(["client_account_id", "migration_id"], "migration_id IS NOT NULL")
        .index_where(["client_account_id", "asset_id"], "asset_id IS NOT NULL")
        .index_where(
            ["client_account_id", "application_id"],
            "application_id IS NOT NULL",
        )
}

fn sixr_policies() -> Table {
    Table::client(
        "sixr_policies",
        "Versions of a client account's 6R policy; the newest counts.",
    )
    .columns([
        uuid("id"),
        int("policy_version"),
        text("name"),
        text("body"),
        text("digest"),
        text("comment").null(),
        text("created_by").null(),
        timestamp("created_at"),
    ])
    .references("client_account_id", "client_accounts", "id", OnDelete::NoAction)
    .unique(["client_account_id", "policy_version"])
}

fn sixr_analysis_parameters() -> Table {
    Table::tenant(
        "sixr_analysis_parameters",
        "Parameters of an iteration of a 6R analysis.",
    )
    .columns([
        uuid("id"),
        uuid("analysis_id"),
        int("iteration_number"),
        float("business_value"),
        float("technical_complexity"),
        float("migration_urgency"),
        float("compliance_requirements"),
        float("cost_sensitivity"),
        float("risk_tolerance"),
        float("innovation_priority"),
        text("application_type").null(),
        text("parameter_source").null(),
        float("confidence_level").null(),
        text("created_by").null(),
        text("updated_by").null(),
        timestamp("created_at"),
        timestamp("updated_at"),
        text("parameter_notes").null(),
        text("validation_status").null(),
    ])
    .in_engagement()
    .owned_by("analysis_id", "sixr_analyses", "id")
    .index(["client_account_id", "analysis_id", "iteration_number"])
    .index(["client_account_id", "engagement_id", "id"])
}

fn sixr_iterations() -> Table {
    Table::tenant("sixr_iterations", "Iterations of a 6R analysis.")
        .columns([
            uuid("id"),
            uuid("analysis_id"),
            int("iteration_number"),
            text("iteration_name").null(),
            text("iteration_reason").null(),
            text("stakeholder_feedback").null(),
            json("parameter_changes").null(),
            json("question_responses").null(),
            json("recommendation_data").null(),
            float("confidence_score").null(),
            float("analysis_duration").null(),
            json("agent_insights").null(),
            text("status").null(),
            json("error_details").null(),
            text("created_by").null(),
            timestamp("created_at"),
            timestamp("completed_at").null(),
        ])
        .in_engagement()
        .owned_by("analysis_id", "sixr_analyses", "id")
        .index(["client_account_id", "analysis_id", "iteration_number"])
        .index(["client_account_id", "engagement_id", "id"])
}

fn sixr_recommendations() -> Table {
    Table::tenant("sixr_recommendations", "What a 6R analysis recommends, and why.")
        .columns([
            uuid("id"),
            uuid("analysis_id"),
            int("iteration_number").null(),
            label("recommended_strategy", labels::SIXR_STRATEGY),
            float("confidence_score"),
            json("strategy_scores").null(),
            json("key_factors").null(),
            json("assumptions").null(),
            json("next_steps").null(),
            text("estimated_effort").null(),
            text("estimated_timeline").null(),
            text("estimated_cost_impact").null(),
            json("risk_factors").null(),
            json("business_benefits").null(),
            json("technical_benefits").null(),
            timestamp("created_at"),
            timestamp("updated_at"),
            text("created_by").null(),
            json("rule_evidence").default("'{}'"),
            json("counterfactuals").default("'[]'"),
            text("policy_version").null(),
        ])
        .in_engagement()
        .owned_by("analysis_id", "sixr_analyses", "id")
        .index(["client_account_id", "analysis_id", "iteration_number"])
        .index(["client_account_id", "engagement_id", "id"])
}

fn sixr_parameters() -> Table {
    Table::tenant("sixr_parameters", "Settings of the 6R engine.")
        .columns([
            uuid("id"),
            text("parameter_key"),
            json("value"),
            text("description").null(),
            timestamp("created_at"),
            timestamp("updated_at"),
        ])
        .unique(["client_account_id", "engagement_id", "parameter_key"])
        .in_engagement()
}

fn sixr_questions() -> Table {
    Table::tenant("sixr_questions", "Questions that a 6R analysis may ask.")
        .columns([
            uuid("id"),
            text("question_id"),
            text("question_text"),
            label("question_type", labels::QUESTION_TYPE),
            text("category"),
            int("priority").null(),
            boolean("required").default("false"),
            boolean("active").default("true"),
            json("options").null(),
            json("validation_rules").null(),
            text("help_text").null(),
            text("depends_on").null(),
            json("show_conditions").null(),
            json("skip_conditions").null(),
            text("created_by").null(),
            text("updated_by").null(),
            timestamp("created_at"),
            timestamp("updated_at"),
            text("version").null(),
            text("parent_question_id").null(),
        ])
        .unique(["client_account_id", "engagement_id", "question_id"])
        .in_engagement()
        .index(["client_account_id", "engagement_id", "category"])
}

fn sixr_question_responses() -> Table {
    Table::tenant("sixr_question_responses", "Answers given in a 6R analysis.")
        .columns([
            uuid("id"),
            uuid("analysis_id"),
            int("iteration_number"),
            text("question_id"),
            json("response_value").null(),
            text("response_text").null(),
            float("confidence").null(),
            text("source").null(),
            float("response_time").null(),
            text("validation_status").null(),
            json("validation_errors").null(),
            text("created_by").null(),
            timestamp("created_at"),
            timestamp("updated_at"),
        ])
        .in_engagement()
        .owned_by("analysis_id", "sixr_analyses", "id")
        .index(["client_account_id", "analysis_id", "iteration_number"])
        .index(["client_account_id", "question_id"])
        .index(["client_account_id", "engagement_id", "id"])
}

fn cmdb_sixr_analyses() -> Table {
    Table::tenant("cmdb_sixr_analyses", "6R totals over an inventory.")
        .columns([
            uuid("id"),
            text("analysis_name"),
            text("description").null(),
            text("status").null(),
            int("total_assets").null(),
            int("rehost_count").null(),
            int("replatform_count").null(),
            int("refactor_count").null(),
            int("rearchitect_count").null(),
            int("retire_count").null(),
            int("retain_count").null(),
            bigint("total_current_cost").null(),
            bigint("total_estimated_cost").null(),
            bigint("potential_savings").null(),
            json("analysis_results").null(),
            json("recommendations").null(),
            timestamp("created_at"),
            timestamp("updated_at"),
            uuid("created_by").null(),
        ])
        .in_engagement()
        .index(["client_account_id", "engagement_id", "created_at"])
}
