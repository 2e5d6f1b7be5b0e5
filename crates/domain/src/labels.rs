//! Labels that the database knows as named types. Stored, sent and written in lowercase.

use serde::{Deserialize, Serialize};

/// A word that is no label of its type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{word}' is no {kind}; known: {known}")]
pub struct UnknownLabel {
    /// The word given.
    pub word: String,
    /// The type it should have been.
    pub kind: &'static str,
    /// All labels of the type, comma separated.
    pub known: String,
}

macro_rules! labels {
    ($(#[doc = $doc:literal])* $name:ident = $sql:literal { $($(#[$vdoc:meta])* $variant:ident = $label:literal,)+ }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $label)] $variant,)+
        }

        impl $name {
            /// The name of the type in the database.
            pub const TYPE_NAME: &'static str = $sql;
            /// Every label in order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The label as stored.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownLabel;

            fn from_str(word: &str) -> Result<Self, UnknownLabel> {
                match word.trim().to_ascii_lowercase().as_str() {
                    $($label => Ok(Self::$variant),)+
                    _ => Err(UnknownLabel {
                        word: word.to_owned(),
                        kind: $sql,
                        known: [$($label),+].join(", "),
                    }),
                }
            }
        }

        #[cfg(feature = "orm")]
        crate::orm::text_value!($name);

        // By hand, because the derived one does not see what the words are renamed to by a macro.
        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .description(Some(concat!($($doc),*).trim()))
                    .enum_values(Some([$($label),+]))
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    };
}

labels!(
    /// What an asset is.
    AssetType = "asset_type" {
        /// A physical or unspecified server.
        Server = "server",
        /// A business or technical application.
        Application = "application",
        /// A database or database server.
        Database = "database",
        /// A network device.
        Network = "network",
        /// A storage system.
        Storage = "storage",
        /// A virtual machine.
        VirtualMachine = "virtual_machine",
        /// A container or container platform.
        Container = "container",
        /// A load balancer.
        LoadBalancer = "load_balancer",
        /// A firewall or rule group.
        SecurityGroup = "security_group",
        /// A technical service.
        Service = "service",
        /// Known, but none of the above.
        Other = "other",
        /// Nothing in the source said what it is.
        Unknown = "unknown",
    }
);

labels!(
    /// State of a flow.
    FlowStatus = "flow_status" {
        /// Created, not started.
        Pending = "pending",
        /// A phase is being worked on.
        Running = "running",
        /// All phases done.
        Completed = "completed",
        /// Stopped by an error.
        Failed = "failed",
        /// Stopped for good by a person.
        Cancelled = "cancelled",
        /// Stopped by a person, to be resumed.
        Paused = "paused",
        /// Waits for a person's decision.
        Waiting = "waiting",
    }
);

labels!(
    /// Kind of a master flow's current work.
    FlowType = "flow_type" {
        /// Import to inventory.
        Discovery = "discovery",
        /// Assessments and strategies.
        Assessment = "assessment",
        /// Waves.
        Planning = "planning",
        /// Moving.
        Execution = "execution",
    }
);

labels!(
    /// State of a data import.
    ImportStatus = "import_status" {
        /// Registered, not read.
        Pending = "pending",
        /// Being read or worked on.
        Processing = "processing",
        /// All rows accounted for.
        Completed = "completed",
        /// Refused or broken; `error_message` says why.
        Failed = "failed",
        /// Undone or stopped by a person.
        Cancelled = "cancelled",
    }
);

labels!(
    /// The migration strategies.
    SixrStrategy = "sixr_strategy" {
        /// Move as is.
        Rehost = "rehost",
        /// Move with small changes to the platform.
        Replatform = "replatform",
        /// Change code, keep the architecture.
        Refactor = "refactor",
        /// Change the architecture.
        Rearchitect = "rearchitect",
        /// Build anew.
        Replace = "replace",
        /// Buy a product or service instead.
        Repurchase = "repurchase",
        /// Switch off.
        Retire = "retire",
        /// Leave where it is.
        Retain = "retain",
    }
);

labels!(
    /// How a mapping was found.
    MatchType = "match_type" {
        /// The header is the field's name.
        Exact = "exact",
        /// The header is a known other name of the field.
        Alias = "alias",
        /// The header is similar to a name of the field.
        Fuzzy = "fuzzy",
        /// The values speak for the field.
        Semantic = "semantic",
        /// An approved mapping of the same headers was reused.
        Profile = "profile",
        /// The format of the export says so.
        Format = "format",
        /// A person decided.
        Manual = "manual",
    }
);

labels!(
    /// Decision on a mapping.
    MappingStatus = "mapping_status" {
        /// Proposed, undecided.
        Suggested = "suggested",
        /// Accepted as proposed.
        Approved = "approved",
        /// Refused: the column stays a custom attribute.
        Rejected = "rejected",
        /// Accepted with another target.
        Modified = "modified",
    }
);

labels!(
    /// State of a job.
    JobState = "job_state" {
        /// Waits for a worker.
        Queued = "queued",
        /// A worker has it.
        Running = "running",
        /// Done.
        Succeeded = "succeeded",
        /// Given up after an error.
        Failed = "failed",
        /// Not wanted any more.
        Cancelled = "cancelled",
    }
);

labels!(
    /// Where an asset stands in its migration.
    AssetStatus = "asset_status" {
        /// Found, nothing decided.
        Discovered = "discovered",
        /// A strategy is known.
        Assessed = "assessed",
        /// In a wave.
        Planned = "planned",
        /// On its way.
        Migrating = "migrating",
        /// Arrived.
        Migrated = "migrated",
        /// Given up after an error.
        Failed = "failed",
        /// Out of scope.
        Excluded = "excluded",
    }
);

labels!(
    /// State of a 6R analysis.
    AnalysisStatus = "analysis_status" {
        /// Not begun.
        Pending = "pending",
        /// Being worked on.
        InProgress = "in_progress",
        /// Done.
        Completed = "completed",
        /// Given up after an error.
        Failed = "failed",
        /// Waits for answers.
        RequiresInput = "requires_input",
    }
);

labels!(
    /// State of an assessment.
    AssessmentStatus = "assessment_status" {
        /// Not begun.
        Pending = "pending",
        /// Being worked on.
        InProgress = "in_progress",
        /// Done.
        Completed = "completed",
        /// Read by a second person.
        Reviewed = "reviewed",
        /// Accepted.
        Approved = "approved",
        /// Refused.
        Rejected = "rejected",
    }
);

labels!(
    /// What an assessment looks at.
    AssessmentType = "assessment_type" {
        /// Six r analysis.
        SixRAnalysis = "six_r_analysis",
        /// Risk assessment.
        RiskAssessment = "risk_assessment",
        /// Cost analysis.
        CostAnalysis = "cost_analysis",
        /// Technical assessment.
        TechnicalAssessment = "technical_assessment",
        /// Business impact.
        BusinessImpact = "business_impact",
        /// Security assessment.
        SecurityAssessment = "security_assessment",
        /// Compliance review.
        ComplianceReview = "compliance_review",
    }
);

labels!(
    /// Phase of a migration programme.
    MigrationPhase = "migration_phase" {
        /// Discovery.
        Discovery = "discovery",
        /// Assess.
        Assess = "assess",
        /// Plan.
        Plan = "plan",
        /// Execute.
        Execute = "execute",
        /// Modernize.
        Modernize = "modernize",
        /// Finops.
        Finops = "finops",
        /// Observability.
        Observability = "observability",
        /// Decommission.
        Decommission = "decommission",
    }
);

labels!(
    /// State of a migration programme.
    MigrationStatus = "migration_status" {
        /// Being planned.
        Planning = "planning",
        /// Being worked on.
        InProgress = "in_progress",
        /// Done.
        Completed = "completed",
        /// Stopped for a while.
        Paused = "paused",
        /// Not wanted any more.
        Cancelled = "cancelled",
    }
);

labels!(
    /// Kind of answer that a question takes.
    QuestionType = "question_type" {
        /// Text.
        Text = "text",
        /// Select.
        Select = "select",
        /// Multiselect.
        Multiselect = "multiselect",
        /// File upload.
        FileUpload = "file_upload",
        /// Boolean.
        Boolean = "boolean",
        /// Numeric.
        Numeric = "numeric",
    }
);

labels!(
    /// How bad a risk or finding is.
    RiskLevel = "risk_level" {
        /// Can wait.
        Low = "low",
        /// Should be dealt with.
        Medium = "medium",
        /// Must be dealt with before moving.
        High = "high",
        /// Blocks.
        Critical = "critical",
    }
);

impl FlowStatus {
    /// Whether no more work will happen by itself or by resuming.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

impl MappingStatus {
    /// Whether values of the column go to the target field.
    pub const fn is_accepted(self) -> bool {
        matches!(self, Self::Approved | Self::Modified)
    }
}
