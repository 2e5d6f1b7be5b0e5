//! Imports, raw records, mappings and discovery flows.

use super::labels;
use crate::schema::{Table, bigint, boolean, float, int, json, label, text, timestamp, uuid};

pub(super) fn tables() -> Vec<Table> {
    vec![
        data_import_sessions(),
        data_imports(),
        mapping_profiles(),
        import_field_mappings(),
        discovery_flows(),
        raw_import_records(),
        unresolved_dependencies(),
    ]
}

fn data_import_sessions() -> Table {
    Table::tenant(
        "data_import_sessions",
        "Named groups of imports of the predecessor.",
    )
    .columns([
        uuid("id"),
        text("status"),
        timestamp("created_at"),
        timestamp("updated_at"),
        timestamp("started_at").null(),
        timestamp("completed_at").null(),
        text("session_name"),
        text("session_display_name").null(),
        text("description").null(),
        boolean("is_default").default("false"),
        uuid("parent_session_id").null(),
        text("session_type"),
        boolean("auto_created").default("false"),
        text("source_filename").null(),
        int("progress_percentage").null(),
        int("total_imports").null(),
        int("total_assets_processed").null(),
        int("total_records_imported").null(),
        int("data_quality_score").null(),
        json("session_config").null(),
        json("business_context").null(),
        json("agent_insights").null(),
        timestamp("last_activity_at").null(),
        uuid("created_by"),
    ])
    .in_engagement()
    .belongs_to("parent_session_id", "data_import_sessions", "id")
    .index(["client_account_id", "engagement_id", "created_at"])
    .index_where(
        ["client_account_id", "parent_session_id"],
        "parent_session_id IS NOT NULL",
    )
}

fn data_imports() -> Table {
    Table::tenant("data_imports", "Files and record sets that were handed in.")
        .columns([
            uuid("id"),
            uuid("master_flow_id").null(),
            text("import_name"),
            text("import_type").default("'cmdb'"),
            text("description").null(),
            text("filename"),
            bigint("file_size").null(),
            text("mime_type").null(),
            text("source_system").null(),
            text("source_format").null(),
            json("source_columns").default("'[]'"),
            text("header_fingerprint").null(),
            text("object_key").null(),
            json("options").default("'{}'"),
            json("summary").default("'{}'"),
            label("status", labels::IMPORT_STATUS).default("'pending'"),
            float("progress_percentage").default("0"),
            bigint("total_records").null(),
            bigint("processed_records").default("0"),
            bigint("failed_records").default("0"),
            text("error_message").null(),
            json("error_details").null(),
            uuid("imported_by").null(),
            timestamp("started_at").null(),
            timestamp("completed_at").null(),
            bigint("version").default("1"),
            timestamp("created_at"),
            timestamp("updated_at"),
        ])
        .in_engagement()
        .belongs_to("master_flow_id", "crewai_flow_state_extensions", "flow_id")
        .index(["client_account_id", "engagement_id", "status", "created_at"])
        .index(["client_account_id", "engagement_id", "created_at", "id"])
        .index(["client_account_id", "master_flow_id"])
        .check("file_size >= 0")
        .check("progress_percentage BETWEEN 0 AND 100")
        .check("processed_records >= 0")
        .check("failed_records >= 0")
}

fn mapping_profiles() -> Table {
    Table::tenant(
        "mapping_profiles",
        "Approved mappings, reused when the same headers come again.",
    )
    .columns([
        uuid("id"),
        text("name"),
        text("description").null(),
        text("fingerprint"),
        int("profile_version").default("1"),
        text("source_format").null(),
        json("columns"),
        json("mappings"),
        boolean("is_active").default("true"),
        bigint("usage_count").default("0"),
        timestamp("last_used_at").null(),
        uuid("created_by").null(),
        timestamp("created_at"),
        timestamp("updated_at"),
    ])
    .unique([
        "client_account_id",
        "engagement_id",
        "fingerprint",
        "profile_version",
    ])
    .in_engagement()
    .index(["client_account_id", "engagement_id", "is_active", "fingerprint"])
}

fn import_field_mappings() -> Table {
    Table::tenant(
        "import_field_mappings",
        "Which column of an import is which field.",
    )
    .columns([
        uuid("id"),
        uuid("data_import_id"),
        uuid("master_flow_id").null(),
        text("source_field"),
        text("target_field").null(),
        label("match_type", labels::MATCH_TYPE),
        float("confidence_score").null(),
        label("status", labels::MAPPING_STATUS).default("'suggested'"),
        text("reason").null(),
        json("alternatives").default("'[]'"),
        text("suggested_by").null(),
        text("approved_by").null(),
        timestamp("approved_at").null(),
        json("transformation_rules").default("'{}'"),
        bigint("version").default("1"),
        timestamp("created_at"),
        timestamp("updated_at"),
    ])
    .unique(["client_account_id", "data_import_id", "source_field"])
    .in_engagement()
    .owned_by("data_import_id", "data_imports", "id")
    .belongs_to("master_flow_id", "crewai_flow_state_extensions", "flow_id")
    .index(["client_account_id", "engagement_id", "status"])
    .index(["client_account_id", "master_flow_id"])
    .check("confidence_score BETWEEN 0 AND 1")
}

fn discovery_flows() -> Table {
    Table::tenant(
        "discovery_flows",
        "The discovery part of a master flow: flags, results and state of its phases.",
    )
    .columns([
        uuid("id"),
        uuid("flow_id"),
        uuid("master_flow_id"),
        uuid("data_import_id").null(),
        text("flow_name"),
        text("flow_type").default("'discovery'"),
        text("user_id").default("'system'"),
        label("status", labels::FLOW_STATUS).default("'pending'"),
        text("current_phase").null(),
        float("progress_percentage").default("0"),
        boolean("data_validation_completed").default("false"),
        boolean("field_mapping_completed").default("false"),
        boolean("data_cleansing_completed").default("false"),
        boolean("asset_inventory_completed").default("false"),
        boolean("dependency_analysis_completed").default("false"),
        boolean("tech_debt_assessment_completed").default("false"),
        json("phases_completed").default("'[]'"),
        json("crew_outputs").default("'{}'"),
        json("field_mappings").null(),
        json("discovered_assets").null(),
        json("dependencies").null(),
        json("tech_debt_analysis").null(),
        json("flow_state").default("'{}'"),
        json("crewai_state_data").default("'{}'"),
        text("error_message").null(),
        text("error_phase").null(),
        json("error_details").null(),
        uuid("crewai_persistence_id").null(),
        uuid("import_session_id").null(),
        text("learning_scope").default("'engagement'"),
        text("memory_isolation_level").default("'strict'"),
        boolean("assessment_ready").default("false"),
        timestamp("started_at").null(),
        timestamp("completed_at").null(),
        bigint("version").default("1"),
        timestamp("created_at"),
        timestamp("updated_at"),
    ])
    .unique(["client_account_id", "flow_id"])
    .in_engagement()
    .belongs_to("master_flow_id", "crewai_flow_state_extensions", "flow_id")
    .belongs_to("data_import_id", "data_imports", "id")
    .index(["client_account_id", "engagement_id", "status"])
    .index(["client_account_id", "engagement_id", "created_at", "flow_id"])
    .index(["client_account_id", "master_flow_id"])
    .index(["client_account_id", "data_import_id"])
    .check("progress_percentage BETWEEN 0 AND 100")
}

fn raw_import_records() -> Table {
    Table::tenant("raw_import_records", "Every row of every import as it came.")
        .columns([
            uuid("id"),
            uuid("data_import_id"),
            uuid("master_flow_id").null(),
            bigint("record_index"),
            bigint("row_number").null(),
            json("raw_data"),
            json("cleansed_data").null(),
            json("validation_errors").null(),
            boolean("is_processed").default("false"),
            boolean("is_valid").default("true"),
            text("processing_notes").null(),
            uuid("asset_id").null(),
            timestamp("created_at"),
            timestamp("processed_at").null(),
        ])
        .unique(["client_account_id", "data_import_id", "record_index"])
        .owned_by("data_import_id", "data_imports", "id")
        .belongs_to("asset_id", "assets", "id")
        .belongs_to("master_flow_id", "crewai_flow_state_extensions", "flow_id")
        .index_where(["client_account_id", "asset_id"], "asset_id IS NOT NULL")
        .index(["client_account_id", "master_flow_id"])
        .index_where(
            ["client_account_id", "data_import_id", "record_index"],
            "is_valid = false",
        )
}

fn unresolved_dependencies() -> Table {
    Table::tenant(
        "unresolved_dependencies",
        "What imports say about assets that the inventory does not have yet; later imports may bring them.",
    )
    .columns([
        uuid("id"),
        uuid("data_import_id"),
        text("source"),
        json("hint"),
        timestamp("created_at"),
    ])
    .in_engagement()
    .owned_by("data_import_id", "data_imports", "id")
    .index(["client_account_id", "engagement_id", "id"])
    .index(["client_account_id", "data_import_id"])
}
