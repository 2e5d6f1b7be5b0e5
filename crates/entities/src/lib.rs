//! One sea-orm model per table of the consolidated schema: columns, keys and foreign keys, no queries.
//!
//! Columns are described once, in `docs/schema.md`.
#![expect(
    missing_docs,
    reason = "columns are described in docs/schema.md, made from the migrations"
)]

mod descriptions;
mod tenant_scoped;

pub use descriptions::{ColumnDescription, EntityDescription, ForeignKeyDescription, all};
pub use tenant_scoped::TenantScoped;

pub mod access_audit_log;
pub mod api_keys;
pub mod application_assets;
pub mod application_proposals;
pub mod application_tags;
pub mod applications;
pub mod archetype_tags;
pub mod archetypes;
pub mod assessments;
pub mod asset_dependencies;
pub mod asset_disks;
pub mod asset_field_sources;
pub mod asset_identities;
pub mod asset_metrics;
pub mod asset_networks;
pub mod asset_tags;
pub mod assets;
pub mod auth_tokens;
pub mod change_log;
pub mod client_access;
pub mod client_accounts;
pub mod cmdb_sixr_analyses;
pub mod compat_usage;
pub mod consolidation_batches;
pub mod consolidation_conflicts;
pub mod consolidation_ledger;
pub mod consolidation_map;
pub mod consolidation_quarantine;
pub mod consolidation_runs;
pub mod consolidation_steps;
pub mod custom_target_fields;
pub mod data_import_sessions;
pub mod data_imports;
pub mod discovery_flows;
pub mod engagement_access;
pub mod engagements;
pub mod idempotency_keys;
pub mod import_field_mappings;
pub mod jobs;
pub mod legacy_archive;
pub mod mapping_profiles;
pub mod master_flows;
pub mod migration_logs;
pub mod migration_waves;
pub mod migrations;
pub mod plan_changes;
pub mod plan_versions;
pub mod plan_violations;
pub mod plans;
pub mod price_catalogues;
pub mod questionnaires;
pub mod raw_import_records;
pub mod reviews;
pub mod role_change_approvals;
pub mod security_audit_logs;
pub mod sixr_analyses;
pub mod sixr_analysis_parameters;
pub mod sixr_iterations;
pub mod sixr_parameters;
pub mod sixr_policies;
pub mod sixr_question_responses;
pub mod sixr_questions;
pub mod sixr_recommendations;
pub mod stakeholder_roles;
pub mod stakeholders;
pub mod tags;
pub mod tech_debt_findings;
pub mod unresolved_dependencies;
pub mod user_account_associations;
pub mod user_identities;
pub mod user_profiles;
pub mod user_roles;
pub mod users;
pub mod wave_plan_assets;
pub mod wave_plans;
