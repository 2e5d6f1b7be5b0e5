//! The tables whose rows belong to a tenant.

use landfall_entities as entities;
use landfall_entities::TenantScoped;
use sea_orm::{EntityName, IdenStatic};

/// A table whose rows belong to a client account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TenantTable {
    /// Its name.
    pub name: &'static str,
    /// The column that says whose row it is.
    pub tenant_column: &'static str,
    /// The column with the engagement; absent where rows belong to the client account as a whole.
    pub engagement_column: Option<&'static str>,
}

fn table<E: TenantScoped>(entity: E) -> TenantTable {
    TenantTable {
        name: entity.table_name(),
        tenant_column: E::CLIENT_ACCOUNT.as_str(),
        engagement_column: E::ENGAGEMENT.map(|column| column.as_str()),
    }
}

macro_rules! tables {
    ($($entity:ident)+) => { vec![$(table(entities::$entity::Entity),)+] };
}

/// Every table under row-level security, each before those that its rows refer to: in this order a tenant can be erased.
pub fn tenant_tables() -> Vec<TenantTable> {
    let mut tables = tables![
        sixr_recommendations sixr_question_responses sixr_iterations sixr_analysis_parameters wave_plan_assets
        tech_debt_findings sixr_analyses raw_import_records asset_tags asset_networks asset_metrics asset_identities
        asset_field_sources asset_disks asset_dependencies unresolved_dependencies stakeholder_roles assessments application_assets
        application_tags application_proposals archetype_tags reviews archetypes questionnaires stakeholders
        price_catalogues assets wave_plans plan_violations plan_changes plan_versions plans migration_logs import_field_mappings discovery_flows migrations migration_waves data_imports applications tags
        sixr_questions sixr_parameters sixr_policies mapping_profiles engagement_access data_import_sessions
        custom_target_fields master_flows cmdb_sixr_analyses compat_usage change_log idempotency_keys legacy_archive engagements
        client_access
    ];
    tables.push(TenantTable {
        name: entities::client_accounts::Entity.table_name(),
        tenant_column: entities::client_accounts::Column::Id.as_str(),
        engagement_column: None,
    });
    tables
}
