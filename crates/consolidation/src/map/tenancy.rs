//! Client accounts, engagements, people and their rights.

use super::vocabulary::{FLOW_STATUS, FLOW_TYPE};
use super::{LegacyTable, Rule, Tenant};

/// Two engagements of a client account may not have the same name.
const ENGAGEMENT_NAME: Rule = Rule::Sql {
    id: "engagement_name",
    description: "A name that an earlier engagement of the same client account has gets the beginning of its id behind it.",
    forward: "COALESCE(p.new_name, {s}::text)",
    inverse: "{name}::text",
};

pub(super) fn tables() -> Vec<LegacyTable> {
    let mut tables = accounts();
    tables.extend(people());
    tables.extend(rights());
    tables.extend(logs());
    tables.push(master_flows());
    tables
}

fn accounts() -> Vec<LegacyTable> {
    vec![
        LegacyTable::moved("client_accounts", "client_accounts", Tenant::Placed)
            .keep(
                "id name description is_active created_at updated_at slug industry company_size headquarters_location \
                 primary_contact_name primary_contact_email primary_contact_phone subscription_tier \
                 billing_contact_email settings branding business_objectives it_guidelines decision_criteria \
                 agent_preferences created_by",
            )
            .implied("is_mock", "false"),
        LegacyTable::moved("engagements", "engagements", Tenant::Placed)
            .keep("id")
            .convert("name", "name", ENGAGEMENT_NAME)
            .convert("client_account_id", "client_account_id", Rule::TENANT)
            .keep(
                "description is_active created_at updated_at slug engagement_type status priority start_date \
                 target_completion_date actual_completion_date engagement_lead_id client_contact_name \
                 client_contact_email settings migration_scope team_preferences created_by",
            )
            .implied("is_mock", "false"),
    ]
}

fn people() -> Vec<LegacyTable> {
    vec![
        LegacyTable::moved("users", "users", Tenant::None)
            .keep(
                "id email password_hash first_name last_name is_active is_verified created_at updated_at last_login \
                 default_client_id default_engagement_id",
            )
            .implied("is_mock", "false"),
        LegacyTable::moved("user_profiles", "user_profiles", Tenant::None)
            .keyed("user_id", "user_id")
            .keep(
                "user_id status approval_requested_at approved_at approved_by registration_reason organization \
                 role_description requested_access_level phone_number manager_email linkedin_profile last_login_at \
                 login_count failed_login_attempts last_failed_login notification_preferences created_at updated_at",
            ),
    ]
}

fn rights() -> Vec<LegacyTable> {
    vec![
        LegacyTable::moved("user_account_associations", "user_account_associations", Tenant::Placed)
            .keep("id user_id role created_at updated_at created_by")
            .convert("client_account_id", "client_account_id", Rule::TENANT)
            .implied("is_mock", "false"),
        LegacyTable::moved("user_roles", "user_roles", Tenant::None).keep(
            "id user_id role_type role_name description permissions scope_type scope_client_id scope_engagement_id \
             is_active assigned_at assigned_by expires_at created_at updated_at",
        ),
        LegacyTable::moved("client_access", "client_access", Tenant::Placed)
            .convert("client_account_id", "client_account_id", Rule::TENANT)
            .keep(
                "id user_profile_id access_level permissions restricted_environments restricted_data_types granted_at \
                 granted_by expires_at is_active last_accessed_at access_count created_at updated_at",
            ),
        LegacyTable::moved("engagement_access", "engagement_access", Tenant::Placed)
            .convert("engagement_id", "engagement_id", Rule::ENGAGEMENT)
            .keep(
                "id user_profile_id access_level engagement_role permissions restricted_sessions allowed_session_types \
                 granted_at granted_by expires_at is_active last_accessed_at access_count created_at updated_at",
            ),
    ]
}

fn logs() -> Vec<LegacyTable> {
    vec![
        LegacyTable::moved("access_audit_log", "access_audit_log", Tenant::None).keep(
            "id user_id action_type resource_type resource_id client_account_id engagement_id session_id result reason \
             ip_address user_agent details created_at",
        ),
        LegacyTable::moved("security_audit_logs", "security_audit_logs", Tenant::None).keep(
            "id event_type event_category severity actor_user_id actor_email actor_role target_user_id target_email \
             ip_address user_agent request_path request_method description details is_suspicious requires_review \
             is_blocked created_at reviewed_at reviewed_by",
        ),
        LegacyTable::moved("role_change_approvals", "role_change_approvals", Tenant::None).keep(
            "id requested_by target_user_id current_role requested_role justification status approved_by \
             approval_notes requested_at approved_at expires_at",
        ),
    ]
}

/// The row's own key has no place: a flow is known by its `flow_id`.
fn master_flows() -> LegacyTable {
    LegacyTable::moved(
        "crewai_flow_state_extensions",
        "crewai_flow_state_extensions",
        Tenant::Placed,
    )
    .keyed("id", "flow_id")
    .implied("id", "{flow_id}")
    .keep(
        "flow_id flow_persistence_data agent_collaboration_log memory_usage_metrics knowledge_base_analytics \
         phase_execution_times agent_performance_metrics crew_coordination_analytics learning_patterns \
         user_feedback_history adaptation_metrics created_at updated_at user_id flow_name flow_configuration",
    )
    .convert("client_account_id", "client_account_id", Rule::TENANT)
    .convert("engagement_id", "engagement_id", Rule::ENGAGEMENT)
    .convert("flow_type", "flow_type", Rule::Label(&FLOW_TYPE))
    .convert("flow_status", "flow_status", Rule::Label(&FLOW_STATUS))
}
