//! Migration programmes, assessments, 6R analyses and waves.

use super::{LegacyTable, Rule, Tenant};

const OF_ANALYSIS: Tenant = Tenant::Via {
    column: "analysis_id",
    owner: "sixr_analyses",
};

/// The master flow that is made for the assessments of an engagement.
const ASSESSMENT_FLOW: &str = "consolidation.derived_id('assessment of ' || p.engagement)";
/// The master flow that is made for the waves of an engagement.
const PLANNING_FLOW: &str = "consolidation.derived_id('planning of ' || p.engagement)";

pub(super) fn tables() -> Vec<LegacyTable> {
    let mut tables = programmes();
    tables.push(assessments());
    tables.extend(analyses());
    tables.extend(questions());
    tables.extend(waves());
    tables
}

/// They have no tenant of their own: each client account whose rows refer to a programme gets a copy.
fn programmes() -> Vec<LegacyTable> {
    vec![
        LegacyTable::moved("migrations", "migrations", Tenant::Placed).keep(
            "id name description status current_phase created_at updated_at start_date target_completion_date \
             actual_completion_date source_environment target_environment migration_strategy progress_percentage \
             total_assets migrated_assets ai_recommendations risk_assessment cost_estimates settings",
        ),
        LegacyTable::moved(
            "migration_logs",
            "migration_logs",
            Tenant::Via {
                column: "migration_id",
                owner: "migrations",
            },
        )
        .archive("id")
        .convert("migration_id", "migration_id", Rule::required("migrations"))
        .keep("timestamp level message details phase user_id action")
        .derive(
            "id",
            "consolidation.derived_id('migration_logs ' || o.id)",
            "An id that follows from the old number.",
        ),
    ]
}

fn assessments() -> LegacyTable {
    LegacyTable::moved("assessments", "assessments", Tenant::Placed)
        .convert("client_account_id", "client_account_id", Rule::TENANT)
        .convert("engagement_id", "engagement_id", Rule::ENGAGEMENT)
        .convert("migration_id", "migration_id", Rule::reference("migrations"))
        .convert("asset_id", "asset_id", Rule::reference("assets"))
        .convert("confidence_level", "confidence_level", Rule::Confidence)
        .convert("ai_confidence", "ai_confidence", Rule::Confidence)
        .convert("current_cost", "current_cost", Rule::Cents)
        .convert("estimated_migration_cost", "estimated_migration_cost", Rule::Cents)
        .convert("estimated_target_cost", "estimated_target_cost", Rule::Cents)
        .convert("cost_savings_potential", "cost_savings_potential", Rule::Cents)
        .keep(
            "id assessment_type status title description overall_score risk_level recommended_strategy \
             alternative_strategies strategy_rationale roi_months identified_risks risk_mitigation blockers \
             dependencies_impact technical_complexity compatibility_score modernization_opportunities performance_impact \
             business_criticality downtime_requirements user_impact compliance_considerations ai_insights \
             ai_model_version estimated_effort_hours estimated_duration_days recommended_wave prerequisites assessor \
             assessment_date review_date approval_date created_at updated_at",
        )
        .derive("master_flow_id", ASSESSMENT_FLOW, "A master flow that is made for the engagement's assessments.")
}

fn analyses() -> Vec<LegacyTable> {
    let costs = ["total_current_cost", "total_estimated_cost", "potential_savings"];
    let totals = LegacyTable::moved("cmdb_sixr_analyses", "cmdb_sixr_analyses", Tenant::Placed)
        .convert("client_account_id", "client_account_id", Rule::TENANT)
        .convert("engagement_id", "engagement_id", Rule::ENGAGEMENT)
        .keep(
            "id analysis_name description status total_assets rehost_count replatform_count refactor_count \
             rearchitect_count retire_count retain_count analysis_results recommendations created_at updated_at created_by",
        )
        .implied("is_mock", "false");
    vec![
        costs
            .into_iter()
            .fold(totals, |table, cost| table.convert(cost, cost, Rule::Cents)),
        LegacyTable::moved("sixr_analyses", "sixr_analyses", Tenant::Placed)
            .convert("client_account_id", "client_account_id", Rule::TENANT)
            .convert("engagement_id", "engagement_id", Rule::ENGAGEMENT)
            .convert("migration_id", "migration_id", Rule::reference("migrations"))
            .convert("confidence_score", "confidence_score", Rule::Confidence)
            .keep(
                "id name description status priority application_ids application_data current_iteration \
                 progress_percentage estimated_completion final_recommendation created_by updated_by created_at \
                 updated_at analysis_config",
            )
            .derive("master_flow_id", ASSESSMENT_FLOW, "A master flow that is made for the engagement's assessments."),
        LegacyTable::moved("sixr_analysis_parameters", "sixr_analysis_parameters", OF_ANALYSIS)
            .convert("analysis_id", "analysis_id", Rule::required("sixr_analyses"))
            .keep(
                "id iteration_number business_value technical_complexity migration_urgency compliance_requirements \
                 cost_sensitivity risk_tolerance innovation_priority application_type parameter_source created_by \
                 updated_by created_at updated_at parameter_notes validation_status",
            )
            .convert("confidence_level", "confidence_level", Rule::Confidence),
        LegacyTable::moved("sixr_iterations", "sixr_iterations", OF_ANALYSIS)
            .convert("analysis_id", "analysis_id", Rule::required("sixr_analyses"))
            .keep(
                "id iteration_number iteration_name iteration_reason stakeholder_feedback parameter_changes \
                 question_responses recommendation_data analysis_duration agent_insights status error_details \
                 created_by created_at completed_at",
            )
            .convert("confidence_score", "confidence_score", Rule::Confidence),
        LegacyTable::moved("sixr_recommendations", "sixr_recommendations", OF_ANALYSIS)
            .convert("analysis_id", "analysis_id", Rule::required("sixr_analyses"))
            .keep(
                "id iteration_number recommended_strategy strategy_scores key_factors assumptions next_steps \
                 estimated_effort estimated_timeline estimated_cost_impact risk_factors business_benefits \
                 technical_benefits created_at updated_at created_by",
            )
            .convert("confidence_score", "confidence_score", Rule::Confidence)
            .otherwise("confidence_score", "0", "A confidence outside of both scales."),
    ]
}

/// Questions and settings have no tenant: each client account gets a copy.
fn questions() -> Vec<LegacyTable> {
    vec![
        LegacyTable::moved("sixr_parameters", "sixr_parameters", Tenant::Placed)
            .keep("id parameter_key value description created_at updated_at"),
        LegacyTable::moved("sixr_questions", "sixr_questions", Tenant::Placed).keep(
            "id question_id question_text question_type category priority required active options validation_rules \
             help_text depends_on show_conditions skip_conditions created_by updated_by created_at updated_at version \
             parent_question_id",
        ),
        LegacyTable::moved("sixr_question_responses", "sixr_question_responses", OF_ANALYSIS)
            .convert("analysis_id", "analysis_id", Rule::required("sixr_analyses"))
            .keep(
                "id iteration_number question_id response_value response_text source response_time validation_status \
                 validation_errors created_by created_at updated_at",
            )
            .convert("confidence", "confidence", Rule::Confidence),
    ]
}

fn waves() -> Vec<LegacyTable> {
    vec![
        LegacyTable::moved("migration_waves", "migration_waves", Tenant::Placed)
            .convert("client_account_id", "client_account_id", Rule::TENANT)
            .convert("engagement_id", "engagement_id", Rule::ENGAGEMENT)
            .convert("estimated_cost", "estimated_cost", Rule::Cents)
            .convert("actual_cost", "actual_cost", Rule::Cents)
            .keep(
                "id wave_number name description status planned_start_date planned_end_date actual_start_date \
                 actual_end_date total_assets completed_assets failed_assets estimated_effort_hours actual_effort_hours \
                 created_at updated_at created_by",
            )
            .implied("is_mock", "false")
            .derive("master_flow_id", PLANNING_FLOW, "A master flow that is made for the engagement's waves."),
        LegacyTable::moved("wave_plans", "wave_plans", Tenant::Placed)
            .convert("client_account_id", "client_account_id", Rule::TENANT)
            .convert("engagement_id", "engagement_id", Rule::ENGAGEMENT)
            .convert("migration_id", "migration_id", Rule::reference("migrations"))
            .convert("estimated_cost", "estimated_cost", Rule::Cents)
            .keep(
                "id wave_number wave_name description planned_start_date planned_end_date actual_start_date \
                 actual_end_date total_assets completed_assets estimated_effort_hours prerequisites dependencies \
                 constraints overall_risk_level complexity_score success_criteria status progress_percentage \
                 ai_recommendations optimization_score created_at updated_at",
            )
            .derive("master_flow_id", PLANNING_FLOW, "A master flow that is made for the engagement's waves."),
    ]
}
