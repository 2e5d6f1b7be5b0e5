//! Applications, tags and fields that group or extend the inventory.

use crate::schema::{Table, bigint, boolean, float, int, json, text, timestamp, uuid};

pub(super) fn tables() -> Vec<Table> {
    vec![
        applications(),
        application_assets(),
        application_tags(),
        application_proposals(),
        tags(),
        asset_tags(),
        custom_target_fields(),
    ]
}

fn applications() -> Table {
    Table::tenant(
        "applications",
        "Applications: groups of assets that are planned together.",
    )
    .columns([
        uuid("id"),
        uuid("master_flow_id").null(),
        text("name"),
        text("name_key"),
        text("description").null(),
        text("business_service").null(),
        text("business_owner").null(),
        text("technical_owner").null(),
        text("criticality").null(),
        text("source").default("'manual'"),
        json("attributes").default("'{}'"),
        uuid("created_by_import_id").null(),
        bigint("version").default("1"),
        timestamp("created_at"),
        timestamp("updated_at"),
    ])
    .unique(["client_account_id", "engagement_id", "name_key"])
    .in_engagement()
    .belongs_to("master_flow_id", "crewai_flow_state_extensions", "flow_id")
    .index_where(
        ["client_account_id", "master_flow_id"],
        "master_flow_id IS NOT NULL",
    )
}

fn application_assets() -> Table {
    Table::tenant("application_assets", "Which assets make up an application.")
        .columns([
            uuid("id"),
            uuid("application_id"),
            uuid("asset_id"),
            text("source").default("'manual'"),
            uuid("data_import_id").null(),
            timestamp("created_at"),
        ])
        .unique(["client_account_id", "application_id", "asset_id"])
        .owned_by("application_id", "applications", "id")
        .owned_by("asset_id", "assets", "id")
        .index(["client_account_id", "asset_id"])
        .index_where(
            ["client_account_id", "data_import_id"],
            "data_import_id IS NOT NULL",
        )
}

fn application_tags() -> Table {
    Table::tenant(
        "application_tags",
        "Which application bears which tag, and who says so.",
    )
    .columns([
        uuid("id"),
        uuid("application_id"),
        uuid("tag_id"),
        text("source").default("'manual'"),
        timestamp("created_at"),
    ])
    .unique(["client_account_id", "application_id", "tag_id", "source"])
    .owned_by("application_id", "applications", "id")
    .owned_by("tag_id", "tags", "id")
    .index(["client_account_id", "tag_id"])
}

fn application_proposals() -> Table {
    Table::tenant(
        "application_proposals",
        "Applications that were found in the inventory and wait for a person's decision.",
    )
    .columns([
        uuid("id"),
        text("name"),
        text("source"),
        text("rationale"),
        float("confidence_score"),
        text("fingerprint"),
        text("status").default("'proposed'"),
        json("asset_ids").default("'[]'"),
        int("asset_count"),
        uuid("application_id").null(),
        text("decided_by").null(),
        timestamp("decided_at").null(),
        bigint("version").default("1"),
        timestamp("created_at"),
        timestamp("updated_at"),
    ])
    .check("status IN ('proposed', 'accepted', 'rejected')")
    .unique(["client_account_id", "engagement_id", "fingerprint"])
    .in_engagement()
    .owned_by("application_id", "applications", "id")
    .index(["client_account_id", "engagement_id", "status"])
    .index_where(
        ["client_account_id", "application_id"],
        "application_id IS NOT NULL",
    )
}

fn tags() -> Table {
    Table::tenant("tags", "Tags that assets can bear.")
        .columns([
            uuid("id"),
            text("name"),
            text("category"),
            text("description").null(),
            float("confidence_threshold").null(),
            boolean("is_active").default("true"),
            int("usage_count").null(),
            timestamp("last_used").null(),
            timestamp("created_at"),
            timestamp("updated_at"),
        ])
        .unique(["client_account_id", "engagement_id", "category", "name"])
        .in_engagement()
}

fn asset_tags() -> Table {
    Table::tenant("asset_tags", "Which asset bears which tag.")
        .columns([
            uuid("id"),
            uuid("asset_id"),
            uuid("tag_id"),
            float("confidence_score").null(),
            text("assigned_method").null(),
            uuid("assigned_by").null(),
            boolean("is_validated").default("false"),
            uuid("validated_by").null(),
            timestamp("validated_at").null(),
            timestamp("created_at"),
            timestamp("updated_at"),
            uuid("data_import_id").null(),
        ])
        .unique(["client_account_id", "asset_id", "tag_id"])
        .owned_by("asset_id", "assets", "id")
        .owned_by("tag_id", "tags", "id")
        .index(["client_account_id", "tag_id"])
        .index_where(
            ["client_account_id", "data_import_id"],
            "data_import_id IS NOT NULL",
        )
}

fn custom_target_fields() -> Table {
    Table::tenant(
        "custom_target_fields",
        "Mapping targets that a client account added.",
    )
    .columns([
        uuid("id"),
        text("field_name"),
        text("field_type"),
        text("description").null(),
        boolean("is_required").default("false"),
        boolean("is_critical").default("false"),
        timestamp("created_at"),
        timestamp("updated_at"),
        uuid("created_by").null(),
        json("validation_schema").null(),
        text("default_value").null(),
        json("allowed_values").null(),
    ])
    .unique(["client_account_id", "engagement_id", "field_name"])
    .in_engagement()
}
