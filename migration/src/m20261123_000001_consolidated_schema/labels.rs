//! Labels of the named types, as they were when this migration was written.

use crate::schema::LabelType;

pub(super) const ASSET_TYPE: LabelType = LabelType {
    name: "asset_type",
    labels: &[
        "server",
        "application",
        "database",
        "network",
        "storage",
        "virtual_machine",
        "container",
        "load_balancer",
        "security_group",
        "service",
        "other",
        "unknown",
    ],
};
pub(super) const FLOW_STATUS: LabelType = LabelType {
    name: "flow_status",
    labels: &[
        "pending",
        "running",
        "completed",
        "failed",
        "cancelled",
        "paused",
        "waiting",
    ],
};
pub(super) const FLOW_TYPE: LabelType = LabelType {
    name: "flow_type",
    labels: &["discovery", "assessment", "planning", "execution"],
};
pub(super) const IMPORT_STATUS: LabelType = LabelType {
    name: "import_status",
    labels: &["pending", "processing", "completed", "failed", "cancelled"],
};
pub(super) const SIXR_STRATEGY: LabelType = LabelType {
    name: "sixr_strategy",
    labels: &[
        "rehost",
        "replatform",
        "refactor",
        "rearchitect",
        "replace",
        "repurchase",
        "retire",
        "retain",
    ],
};
pub(super) const MATCH_TYPE: LabelType = LabelType {
    name: "match_type",
    labels: &[
        "exact", "alias", "fuzzy", "semantic", "profile", "format", "manual",
    ],
};
pub(super) const MAPPING_STATUS: LabelType = LabelType {
    name: "mapping_status",
    labels: &["suggested", "approved", "rejected", "modified"],
};
pub(super) const JOB_STATE: LabelType = LabelType {
    name: "job_state",
    labels: &["queued", "running", "succeeded", "failed", "cancelled"],
};
pub(super) const ASSET_STATUS: LabelType = LabelType {
    name: "asset_status",
    labels: &[
        "discovered",
        "assessed",
        "planned",
        "migrating",
        "migrated",
        "failed",
        "excluded",
    ],
};
pub(super) const ANALYSIS_STATUS: LabelType = LabelType {
    name: "analysis_status",
    labels: &["pending", "in_progress", "completed", "failed", "requires_input"],
};
pub(super) const ASSESSMENT_STATUS: LabelType = LabelType {
    name: "assessment_status",
    labels: &[
        "pending",
        "in_progress",
        "completed",
        "reviewed",
        "approved",
        "rejected",
    ],
};
pub(super) const ASSESSMENT_TYPE: LabelType = LabelType {
    name: "assessment_type",
    labels: &[
        "six_r_analysis",
        "risk_assessment",
        "cost_analysis",
        "technical_assessment",
        "business_impact",
        "security_assessment",
        "compliance_review",
    ],
};
pub(super) const MIGRATION_PHASE: LabelType = LabelType {
    name: "migration_phase",
    labels: &[
        "discovery",
        "assess",
        "plan",
        "execute",
        "modernize",
        "finops",
        "observability",
        "decommission",
    ],
};
pub(super) const MIGRATION_STATUS: LabelType = LabelType {
    name: "migration_status",
    labels: &["planning", "in_progress", "completed", "paused", "cancelled"],
};
pub(super) const QUESTION_TYPE: LabelType = LabelType {
    name: "question_type",
    labels: &[
        "text",
        "select",
        "multiselect",
        "file_upload",
        "boolean",
        "numeric",
    ],
};
pub(super) const RISK_LEVEL: LabelType = LabelType {
    name: "risk_level",
    labels: &["low", "medium", "high", "critical"],
};

pub(super) const ALL: [LabelType; 16] = [
    ASSET_TYPE,
    FLOW_STATUS,
    FLOW_TYPE,
    IMPORT_STATUS,
    SIXR_STRATEGY,
    MATCH_TYPE,
    MAPPING_STATUS,
    JOB_STATE,
    ASSET_STATUS,
    ANALYSIS_STATUS,
    ASSESSMENT_STATUS,
    ASSESSMENT_TYPE,
    MIGRATION_PHASE,
    MIGRATION_STATUS,
    QUESTION_TYPE,
    RISK_LEVEL,
];
