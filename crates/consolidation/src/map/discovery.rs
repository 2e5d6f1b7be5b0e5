//! Imports, records, mappings and flows, original and v3.

use super::vocabulary::{FLOW_STATUS, IMPORT_STATUS, MAPPING_STATUS, MATCH_TYPE, PHASE};
use super::{LegacyTable, Rule, Tenant};

/// Kept unless another record of the import has the same number.
const RECORD_INDEX: Rule = Rule::Sql {
    id: "record_index",
    description: "A number that another record of the same import has is replaced by the next free one.",
    forward: "COALESCE(rn.record_index, {s})",
    inverse: "(CASE WHEN {record_index} > 2147483647 THEN 2147483647 ELSE {record_index} END)::integer",
};

pub(super) fn tables() -> Vec<LegacyTable> {
    let mut tables = vec![sessions()];
    tables.extend(imports());
    tables.extend(mappings());
    tables.extend(flows());
    tables.extend(records());
    tables
}

fn sessions() -> LegacyTable {
    LegacyTable::moved("data_import_sessions", "data_import_sessions", Tenant::Placed)
        .convert("client_account_id", "client_account_id", Rule::TENANT)
        .convert("engagement_id", "engagement_id", Rule::ENGAGEMENT)
        .convert(
            "parent_session_id",
            "parent_session_id",
            Rule::reference("data_import_sessions"),
        )
        .keep(
            "id status created_at updated_at started_at completed_at session_name session_display_name description \
             is_default session_type auto_created source_filename progress_percentage total_imports \
             total_assets_processed total_records_imported data_quality_score session_config business_context \
             agent_insights last_activity_at created_by",
        )
        .implied("is_mock", "false")
}

fn imports() -> Vec<LegacyTable> {
    vec![
        LegacyTable::moved("data_imports", "data_imports", Tenant::Placed)
            .convert("id", "id", Rule::NEW_ID)
            .convert("client_account_id", "client_account_id", Rule::TENANT)
            .convert("engagement_id", "engagement_id", Rule::ENGAGEMENT)
            .convert("master_flow_id", "master_flow_id", Rule::MasterFlow)
            .convert("status", "status", Rule::Label(&IMPORT_STATUS))
            .keep(
                "created_at updated_at completed_at import_name import_type description total_records imported_by \
                 started_at",
            )
            .rename("source_filename", "filename")
            .convert("file_size_bytes", "file_size", Rule::NotNegative)
            .rename("file_type", "mime_type")
            .convert("progress_percentage", "progress_percentage", Rule::Percentage)
            .convert("processed_records", "processed_records", Rule::NotNegative)
            .convert("failed_records", "failed_records", Rule::NotNegative)
            .archive("file_hash import_config")
            .implied("is_mock", "false"),
        LegacyTable::moved("v3_data_imports", "data_imports", Tenant::Placed)
            .same_as("data_imports")
            .convert("id", "id", Rule::NEW_ID)
            .convert("client_account_id", "client_account_id", Rule::TENANT)
            .convert("engagement_id", "engagement_id", Rule::ENGAGEMENT)
            .convert("status", "status", Rule::Label(&IMPORT_STATUS))
            .convert("file_size", "file_size", Rule::NotNegative)
            .convert("processed_records", "processed_records", Rule::NotNegative)
            .convert("failed_records", "failed_records", Rule::NotNegative)
            .keep(
                "filename mime_type source_system total_records created_at updated_at completed_at error_message \
                 error_details",
            )
            .otherwise(
                "import_name",
                "v.filename || ' Import'",
                "The file's name and the word Import, as the predecessor names imports.",
            )
            .otherwise("import_type", "'cmdb'", "v3 knows no kinds of imports."),
    ]
}

fn mappings() -> Vec<LegacyTable> {
    vec![
        LegacyTable::moved(
            "import_field_mappings",
            "import_field_mappings",
            Tenant::Placed,
        )
        .convert("id", "id", Rule::NEW_ID)
        .convert("data_import_id", "data_import_id", Rule::required("data_imports"))
        .keep("source_field target_field created_at suggested_by")
        .convert("mapping_type", "match_type", Rule::Label(&MATCH_TYPE))
        .convert("confidence_score", "confidence_score", Rule::Confidence)
        .convert("status", "status", Rule::Label(&MAPPING_STATUS))
        .convert("validated_by", "approved_by", Rule::UUID_AS_TEXT)
        .rename("validated_at", "approved_at")
        .rename("transformation_logic", "transformation_rules")
        .implied("is_user_defined", "false")
        .implied("is_validated", "false")
        .archive(
            "validation_rules validation_method user_feedback original_ai_suggestion correction_reason sample_values",
        ),
        LegacyTable::moved(
            "v3_field_mappings",
            "import_field_mappings",
            Tenant::Placed,
        )
        .same_as("import_field_mappings")
        .convert("id", "id", Rule::NEW_ID)
        .convert("data_import_id", "data_import_id", Rule::required("v3_data_imports"))
        .convert("client_account_id", "client_account_id", Rule::TENANT)
        .keep("source_field target_field suggested_by approved_by approved_at transformation_rules created_at updated_at")
        .convert("confidence_score", "confidence_score", Rule::Confidence)
        .convert("match_type", "match_type", Rule::Label(&MATCH_TYPE))
        .convert("status", "status", Rule::Label(&MAPPING_STATUS))
        .otherwise("match_type", "'semantic'", "Nothing says how it was found: agents looked at names and values."),
    ]
}

fn flows() -> Vec<LegacyTable> {
    vec![original_flows(), v3_flows()]
}

fn original_flows() -> LegacyTable {
    LegacyTable::moved("discovery_flows", "discovery_flows", Tenant::Placed)
        .convert("id", "id", Rule::NEW_ID)
        .convert("client_account_id", "client_account_id", Rule::TENANT)
        .convert("engagement_id", "engagement_id", Rule::ENGAGEMENT)
        .convert("master_flow_id", "master_flow_id", Rule::MasterFlow)
        .otherwise(
            "master_flow_id",
            "consolidation.derived_id('master flow of ' || o.flow_id)",
            "A master flow that is made for the flow.",
        )
        .convert("data_import_id", "data_import_id", Rule::reference("data_imports"))
        .otherwise("data_import_id", "ri.target", "The import that the old column for sessions names.")
        .convert("status", "status", Rule::Label(&FLOW_STATUS))
        .convert("progress_percentage", "progress_percentage", Rule::Percentage)
        .keep(
            "user_id import_session_id data_cleansing_completed learning_scope memory_isolation_level \
             assessment_ready created_at updated_at completed_at flow_name crewai_state_data flow_id \
             crewai_persistence_id",
        )
        .rename("data_import_completed", "data_validation_completed")
        .rename("attribute_mapping_completed", "field_mapping_completed")
        .rename("inventory_completed", "asset_inventory_completed")
        .rename("dependencies_completed", "dependency_analysis_completed")
        .rename("tech_debt_completed", "tech_debt_assessment_completed")
        .archive("assessment_package flow_description")
        .implied("is_mock", "false")
        .derive(
            "phases_completed",
            "consolidation.phases(o.data_import_completed, o.attribute_mapping_completed, o.data_cleansing_completed, \
             o.inventory_completed, o.dependencies_completed, o.tech_debt_completed)",
            "The phases whose flags are set.",
        )
}

fn v3_flows() -> LegacyTable {
    LegacyTable::moved("v3_discovery_flows", "discovery_flows", Tenant::Placed)
        .same_as("discovery_flows")
        .convert("id", "id", Rule::NEW_ID)
        .convert("client_account_id", "client_account_id", Rule::TENANT)
        .convert("engagement_id", "engagement_id", Rule::ENGAGEMENT)
        .convert("data_import_id", "data_import_id", Rule::reference("v3_data_imports"))
        .convert("status", "status", Rule::Label(&FLOW_STATUS))
        .convert("current_phase", "current_phase", Rule::Label(&PHASE))
        .convert("progress_percentage", "progress_percentage", Rule::Percentage)
        .keep(
            "flow_name flow_type flow_state crew_outputs field_mappings discovered_assets dependencies \
             tech_debt_analysis created_at updated_at started_at completed_at error_message error_phase error_details",
        )
        .archive("phases_completed")
        .otherwise("flow_id", "p.target", "v3 knows one id only.")
        .otherwise(
            "master_flow_id",
            "consolidation.derived_id('master flow of ' || p.target)",
            "A master flow that is made for the flow.",
        )
        .otherwise("flow_name", "'Discovery flow'", "v3 flows may have no name.")
        .derive("data_validation_completed", "consolidation.v3_done(v.phases_completed, 'initialization', 'data_validation')", V3_FLAG)
        .derive("field_mapping_completed", "consolidation.v3_done(v.phases_completed, 'field_mapping', 'attribute_mapping')", V3_FLAG)
        .derive("data_cleansing_completed", "consolidation.v3_done(v.phases_completed, 'data_cleansing', 'data_cleansing')", V3_FLAG)
        .derive("asset_inventory_completed", "consolidation.v3_done(v.phases_completed, 'inventory_building', 'inventory')", V3_FLAG)
        .derive("dependency_analysis_completed", "consolidation.v3_done(v.phases_completed, 'app_app_dependencies', 'dependencies')", V3_FLAG)
        .derive("tech_debt_assessment_completed", "consolidation.v3_done(v.phases_completed, 'technical_debt', 'tech_debt')", V3_FLAG)
        .derive(
            "phases_completed",
            "consolidation.phases(consolidation.v3_done(v.phases_completed, 'initialization', 'data_validation'), \
             consolidation.v3_done(v.phases_completed, 'field_mapping', 'attribute_mapping'), \
             consolidation.v3_done(v.phases_completed, 'data_cleansing', 'data_cleansing'), \
             consolidation.v3_done(v.phases_completed, 'inventory_building', 'inventory'), \
             consolidation.v3_done(v.phases_completed, 'app_app_dependencies', 'dependencies'), \
             consolidation.v3_done(v.phases_completed, 'technical_debt', 'tech_debt'))",
            "The phases whose flags are set.",
        )
}

const V3_FLAG: &str = "Set where `phases_completed` names the phase.";

fn records() -> Vec<LegacyTable> {
    vec![
        LegacyTable::moved(
            "raw_import_records",
            "raw_import_records",
            Tenant::Via {
                column: "data_import_id",
                owner: "data_imports",
            },
        )
        .convert("id", "id", Rule::NEW_ID)
        .convert("data_import_id", "data_import_id", Rule::required("data_imports"))
        .convert("client_account_id", "client_account_id", Rule::TENANT)
        .convert("engagement_id", "engagement_id", Rule::ENGAGEMENT)
        .convert("master_flow_id", "master_flow_id", Rule::MasterFlow)
        .convert("asset_id", "asset_id", Rule::reference("assets"))
        .keep("raw_data validation_errors created_at row_number processing_notes is_processed is_valid processed_at")
        .rename("processed_data", "cleansed_data")
        .archive("record_id")
        .derive(
            "record_index",
            "COALESCE(rn.record_index, o.row_number::bigint - 1)",
            "Records are counted from 0; a number that is taken is replaced by the next free one.",
        ),
        LegacyTable::moved(
            "v3_raw_import_records",
            "raw_import_records",
            Tenant::Placed,
        )
        .same_as("raw_import_records")
        .convert("id", "id", Rule::NEW_ID)
        .convert("data_import_id", "data_import_id", Rule::required("v3_data_imports"))
        .convert("record_index", "record_index", RECORD_INDEX)
        .keep("raw_data is_processed is_valid validation_errors cleansed_data created_at processed_at"),
    ]
}
