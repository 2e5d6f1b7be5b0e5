//! The inventory and what belongs to an asset.

use super::labels;
use crate::schema::{Table, bigint, boolean, float, int, json, label, text, timestamp, uuid};

pub(super) fn tables() -> Vec<Table> {
    vec![
        assets(),
        asset_identities(),
        asset_field_sources(),
        asset_disks(),
        asset_networks(),
        asset_metrics(),
        asset_dependencies(),
        tech_debt_findings(),
    ]
}

fn assets() -> Table {
    Table::tenant("assets", "The inventory.")
        .columns([
            uuid("id"),
            text("name"),
            label("asset_type", labels::ASSET_TYPE),
            text("description").null(),
            timestamp("created_at"),
            timestamp("updated_at"),
            uuid("master_flow_id").null(),
            uuid("discovery_flow_id").null(),
            uuid("assessment_flow_id").null(),
            uuid("planning_flow_id").null(),
            uuid("execution_flow_id").null(),
            text("source_phase").null(),
            text("current_phase").null(),
            uuid("session_id").null(),
            uuid("migration_id").null(),
            json("phase_context").null(),
            text("asset_name").null(),
            text("hostname").null(),
            text("ip_address").null(),
            text("fqdn").null(),
            text("mac_address").null(),
            text("environment").null(),
            text("location").null(),
            text("datacenter").null(),
            text("rack_location").null(),
            text("availability_zone").null(),
            text("operating_system").null(),
            text("os_version").null(),
            int("cpu_cores").null(),
            float("memory_gb").null(),
            float("storage_gb").null(),
            text("business_owner").null(),
            text("technical_owner").null(),
            text("department").null(),
            text("application_name").null(),
            text("technology_stack").null(),
            text("criticality").null(),
            text("business_criticality").null(),
            json("custom_attributes").default("'{}'"),
            label("six_r_strategy", labels::SIXR_STRATEGY).null(),
            text("mapping_status").null(),
            int("migration_priority").null(),
            text("migration_complexity").null(),
            int("migration_wave").null(),
            text("sixr_ready").null(),
            text("status").null(),
            label("migration_status", labels::ASSET_STATUS).null(),
            json("dependencies").null(),
            json("related_assets").null(),
            text("discovery_method").null(),
            text("discovery_source").null(),
            timestamp("discovery_timestamp").null(),
            float("cpu_utilization_percent").null(),
            float("memory_utilization_percent").null(),
            float("disk_iops").null(),
            float("network_throughput_mbps").null(),
            float("completeness_score").null(),
            float("quality_score").null(),
            bigint("current_monthly_cost").null(),
            bigint("estimated_cloud_cost").null(),
            uuid("imported_by").null(),
            timestamp("imported_at").null(),
            text("source_filename").null(),
            uuid("created_by").null(),
            uuid("updated_by").null(),
            text("serial_number").null(),
            text("system_uuid").null(),
            text("os_architecture").null(),
            int("cpu_sockets").null(),
            float("storage_used_gb").null(),
            text("power_state").null(),
            text("boot_type").null(),
            text("manufacturer").null(),
            text("model").null(),
            boolean("is_virtual").null(),
            text("hypervisor_host").null(),
            text("cluster_name").null(),
            uuid("created_by_import_id").null(),
            bigint("version").default("1"),
        ])
        .in_engagement()
        .belongs_to("master_flow_id", "crewai_flow_state_extensions", "flow_id")
        .belongs_to("discovery_flow_id", "discovery_flows", "flow_id")
        .belongs_to("session_id", "data_import_sessions", "id")
        .belongs_to("migration_id", "migrations", "id")
        .index(["client_account_id", "engagement_id", "id"])
        .index(["client_account_id", "engagement_id", "asset_type"])
        .index(["client_account_id", "engagement_id", "environment"])
        .index(["client_account_id", "engagement_id", "six_r_strategy"])
        .index(["client_account_id", "engagement_id", "hostname"])
        .index(["client_account_id", "engagement_id", "ip_address"])
        .index(["client_account_id", "engagement_id", "migration_wave"])
        .index(["client_account_id", "engagement_id", "name", "id"])
        .index(["client_account_id", "master_flow_id"])
        .index(["client_account_id", "discovery_flow_id"])
        .index_where(["client_account_id", "session_id"], "session_id IS NOT NULL")
        .index_where(["client_account_id", "migration_id"], "migration_id IS NOT NULL")
        .index_where(
            ["client_account_id", "assessment_flow_id"],
            "assessment_flow_id IS NOT NULL",
        )
        .index_where(
            ["client_account_id", "planning_flow_id"],
            "planning_flow_id IS NOT NULL",
        )
        .index_where(
            ["client_account_id", "execution_flow_id"],
            "execution_flow_id IS NOT NULL",
        )
        .check("cpu_cores >= 0")
        .check("memory_gb >= 0")
        .check("storage_gb >= 0")
}

fn asset_identities() -> Table {
    Table::tenant(
        "asset_identities",
        "By what an asset is recognised when it comes again.",
    )
    .columns([
        uuid("asset_id"),
        text("kind"),
        text("value"),
        text("source"),
        uuid("data_import_id").null(),
        timestamp("created_at"),
    ])
    .primary_key(["client_account_id", "engagement_id", "kind", "value", "asset_id"])
    .owned_by("asset_id", "assets", "id")
    .index(["client_account_id", "asset_id"])
}

fn asset_field_sources() -> Table {
    Table::tenant(
        "asset_field_sources",
        "What each source said about an asset: one row per asset and source record, or per edit by a person.",
    )
    .columns([
        uuid("id"),
        uuid("asset_id"),
        uuid("data_import_id").null(),
        bigint("record_index").null(),
        text("source"),
        int("precedence").default("0"),
        json("field_values"),
        timestamp("recorded_at"),
    ])
    .primary_key(["client_account_id", "asset_id", "id"])
    .owned_by("asset_id", "assets", "id")
    .index(["client_account_id", "data_import_id", "id"])
}

fn asset_disks() -> Table {
    Table::tenant("asset_disks", "Disks and partitions of an asset.")
        .columns([
            uuid("id"),
            uuid("asset_id"),
            uuid("data_import_id").null(),
            text("label"),
            text("kind").default("'disk'"),
            float("size_gb").null(),
            float("used_gb").null(),
            text("storage_type").null(),
            boolean("is_thin").null(),
            text("controller").null(),
            text("path").null(),
            json("attributes").default("'{}'"),
            timestamp("created_at"),
            timestamp("updated_at"),
        ])
        .unique(["client_account_id", "asset_id", "kind", "label"])
        .owned_by("asset_id", "assets", "id")
        .index(["client_account_id", "data_import_id"])
}

fn asset_networks() -> Table {
    Table::tenant("asset_networks", "Network adapters of an asset.")
        .columns([
            uuid("id"),
            uuid("asset_id"),
            uuid("data_import_id").null(),
            text("label"),
            text("mac_address").null(),
            text("ipv4_address").null(),
            text("ipv6_address").null(),
            text("network").null(),
            text("switch_name").null(),
            boolean("is_connected").null(),
            json("attributes").default("'{}'"),
            timestamp("created_at"),
            timestamp("updated_at"),
        ])
        .unique(["client_account_id", "asset_id", "label"])
        .owned_by("asset_id", "assets", "id")
        .index(["client_account_id", "data_import_id"])
}

fn asset_metrics() -> Table {
    Table::tenant("asset_metrics", "Measured load of an asset over a window.")
        .columns([
            uuid("id"),
            uuid("asset_id"),
            uuid("data_import_id").null(),
            text("metric"),
            text("unit"),
            timestamp("window_start").null(),
            timestamp("window_end").null(),
            float("average").null(),
            float("maximum").null(),
            float("p50").null(),
            float("p95").null(),
            bigint("samples").null(),
            timestamp("created_at"),
            timestamp("updated_at"),
        ])
        .unique(["client_account_id", "asset_id", "metric", "data_import_id"])
        .owned_by("asset_id", "assets", "id")
        .index(["client_account_id", "data_import_id"])
}

fn asset_dependencies() -> Table {
    Table::tenant("asset_dependencies", "Which asset needs which.")
        .columns([
            uuid("id"),
            uuid("asset_id"),
            uuid("depends_on_asset_id"),
            text("dependency_type").default("'application'"),
            text("description").null(),
            int("port").default("0"),
            text("protocol").null(),
            float("weight").default("1"),
            boolean("is_hard").default("true"),
            text("source").default("'manual'"),
            uuid("data_import_id").null(),
            json("attributes").default("'{}'"),
            bigint("version").default("1"),
            timestamp("created_at"),
            timestamp("updated_at"),
        ])
        .unique([
            "client_account_id",
            "asset_id",
            "depends_on_asset_id",
            "port",
            "dependency_type",
        ])
        .in_engagement()
        .owned_by("asset_id", "assets", "id")
        .owned_by("depends_on_asset_id", "assets", "id")
        .index(["client_account_id", "depends_on_asset_id"])
        .index(["client_account_id", "engagement_id", "id"])
        .index_where(
            ["client_account_id", "data_import_id"],
            "data_import_id IS NOT NULL",
        )
        .check("weight >= 0")
        .check("port BETWEEN 0 AND 65535")
}

fn tech_debt_findings() -> Table {
    Table::tenant("tech_debt_findings", "What is out of support, with the reason.")
        .columns([
            uuid("id"),
            uuid("asset_id"),
            uuid("discovery_flow_id").null(),
            text("kind"),
            label("severity", labels::RISK_LEVEL),
            text("product"),
            text("product_version").null(),
            text("end_of_support").null(),
            text("explanation"),
            text("catalogue_source"),
            text("catalogue_date"),
            timestamp("created_at"),
            timestamp("updated_at"),
        ])
        .unique(["client_account_id", "asset_id", "kind", "product"])
        .owned_by("asset_id", "assets", "id")
        .index(["client_account_id", "engagement_id", "severity", "id"])
        .index_where(
            ["client_account_id", "discovery_flow_id"],
            "discovery_flow_id IS NOT NULL",
        )
}
