//! Tables that no feature reads any more: whole rows go to the archive.

use super::{LegacyTable, Tenant};

pub(super) fn tables() -> Vec<LegacyTable> {
    let of_import = Tenant::Via {
        column: "data_import_id",
        owner: "data_imports",
    };
    let of_client = Tenant::Client("client_account_id");
    let mut tables: Vec<_> = [
        (
            "discovery_assets",
            Tenant::Via {
                column: "discovery_flow_id",
                owner: "discovery_flows",
            },
        ),
        ("workflow_states", of_client),
        (
            "mapping_learning_patterns",
            Tenant::Via {
                column: "engagement_id",
                owner: "engagements",
            },
        ),
        ("data_quality_issues", of_import),
        ("import_processing_steps", of_import),
        (
            "workflow_progress",
            Tenant::Via {
                column: "asset_id",
                owner: "assets",
            },
        ),
        ("asset_embeddings", of_client),
        ("feedback", of_client),
        ("feedback_summaries", of_client),
        ("flow_deletion_audit", of_client),
        ("llm_usage_logs", of_client),
        ("llm_usage_summary", of_client),
        ("llm_model_pricing", Tenant::None),
    ]
    .into_iter()
    .map(|(name, tenant)| LegacyTable::retired(name, tenant))
    .collect();
    let mut version = LegacyTable::retired("alembic_version", Tenant::None);
    version.key = "version_num";
    tables.push(version);
    tables
}
