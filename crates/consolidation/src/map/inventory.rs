//! Assets, what they need, and their tags.

use super::{LegacyTable, Rule, Tenant};

const OF_ASSET: Tenant = Tenant::Via {
    column: "asset_id",
    owner: "assets",
};

pub(super) fn tables() -> Vec<LegacyTable> {
    let mut tables = vec![assets()];
    tables.push(
        LegacyTable::moved("asset_dependencies", "asset_dependencies", OF_ASSET)
            .convert("asset_id", "asset_id", Rule::required("assets"))
            .convert(
                "depends_on_asset_id",
                "depends_on_asset_id",
                Rule::required("assets"),
            )
            .keep("id dependency_type description created_at")
            .implied("is_mock", "false")
            .derive("source", "'legacy'", "Where the dependency was read."),
    );
    tables.push(
        LegacyTable::moved("tags", "tags", Tenant::Placed)
            .convert("client_account_id", "client_account_id", Rule::TENANT)
            .keep("id name category description is_active usage_count last_used created_at updated_at")
            .convert("confidence_threshold", "confidence_threshold", Rule::Confidence)
            .archive("reference_embedding")
            .implied("is_mock", "false"),
    );
    tables.push(
        LegacyTable::moved("asset_tags", "asset_tags", OF_ASSET)
            .convert("asset_id", "asset_id", Rule::required("assets"))
            .convert("tag_id", "tag_id", Rule::required("tags"))
            .keep(
                "id assigned_method assigned_by is_validated validated_by validated_at created_at updated_at",
            )
            .convert("confidence_score", "confidence_score", Rule::Confidence)
            .implied("is_mock", "false"),
    );
    tables.push(
        LegacyTable::moved("custom_target_fields", "custom_target_fields", Tenant::Placed)
            .convert("client_account_id", "client_account_id", Rule::TENANT)
            .keep(
                "id field_name field_type description is_required is_critical created_at updated_at created_by \
                 validation_schema default_value allowed_values",
            ),
    );
    tables
}

fn assets() -> LegacyTable {
    LegacyTable::moved("assets", "assets", Tenant::Placed)
        .convert("client_account_id", "client_account_id", Rule::TENANT)
        .convert("engagement_id", "engagement_id", Rule::ENGAGEMENT)
        .convert("master_flow_id", "master_flow_id", Rule::MasterFlow)
        .convert("discovery_flow_id", "discovery_flow_id", Rule::DISCOVERY_FLOW)
        .convert("session_id", "session_id", Rule::reference("data_import_sessions"))
        .convert("migration_id", "migration_id", Rule::reference("migrations"))
        .convert("cpu_cores", "cpu_cores", Rule::NotNegative)
        .convert("memory_gb", "memory_gb", Rule::NotNegative)
        .convert("storage_gb", "storage_gb", Rule::NotNegative)
        .convert("current_monthly_cost", "current_monthly_cost", Rule::Cents)
        .convert("estimated_cloud_cost", "estimated_cloud_cost", Rule::Cents)
        .keep(
            "id name asset_type description created_at updated_at assessment_flow_id planning_flow_id \
             execution_flow_id source_phase current_phase phase_context asset_name hostname ip_address fqdn mac_address \
             environment location datacenter rack_location availability_zone operating_system os_version business_owner \
             technical_owner department application_name technology_stack criticality business_criticality \
             custom_attributes six_r_strategy mapping_status migration_priority migration_complexity migration_wave \
             sixr_ready status migration_status dependencies related_assets discovery_method discovery_source \
             discovery_timestamp cpu_utilization_percent memory_utilization_percent disk_iops network_throughput_mbps \
             completeness_score quality_score imported_by imported_at source_filename created_by updated_by",
        )
        .archive("raw_data field_mappings_used")
        .implied("is_mock", "false")
        .implied("flow_id", "{discovery_flow_id}")
}
