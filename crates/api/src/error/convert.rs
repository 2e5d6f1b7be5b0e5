//! What the failures of the services are over HTTP.

use super::{ApiError, Code, Detail};
use landfall_services::FileError;
use landfall_services::StoreError;
use landfall_services::access::AccessError;
use landfall_services::applications::ApplicationError;
use landfall_services::assessments::{AssessmentError, CatalogueError, QuestionnaireError};
use landfall_services::assets::AssetError;
use landfall_services::dependencies::DependencyError;
use landfall_services::discovery::{DiscoveryError, FlowControlError};
use landfall_services::imports::readers::FileFault;
use landfall_services::imports::{DryRunReport, ImportError};
use landfall_services::mappings::decisions::DecisionError;
use landfall_services::mappings::flow_mappings::FlowMappingError;
use landfall_services::sixr::SixrError;
use landfall_services::tenants::TenantError;
use serde_json::json;

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let message = error.to_string();
        match &error {
            StoreError::NotFound { .. } => Self::new(Code::NotFound, message),
            StoreError::Duplicate { .. } | StoreError::MissingReference { .. } => {
                Self::new(Code::Conflict, message)
            }
            StoreError::Invalid { .. } => Self::new(Code::Validation, message),
            StoreError::Conflict { actual, .. } => {
                let (name, etag) = crate::extract::etag(*actual);
                let error = Self::new(Code::PreconditionFailed, message);
                match etag.parse() {
                    Ok(value) => error.header(name, value),
                    Err(_) => error,
                }
            }
            StoreError::Retryable(_) => {
                Self::unavailable("others are writing the same rows just now: try again", error)
            }
            StoreError::LeaseLost { .. } | StoreError::Unfit(_) | StoreError::Database(_) => {
                Self::internal(error)
            }
        }
    }
}

impl From<TenantError> for ApiError {
    fn from(error: TenantError) -> Self {
        match error {
            TenantError::NameTaken { .. } => {
                let message = error.to_string();
                Self::new(Code::Conflict, message.clone()).detail(Detail::of("name", "taken", message))
            }
            TenantError::Store(error) => error.into(),
        }
    }
}

impl From<AccessError> for ApiError {
    fn from(error: AccessError) -> Self {
        const INVALID: &str = "Bearer realm=\"landfall\", error=\"invalid_token\"";
        let message = error.to_string();
        match error {
            AccessError::Token(_) => Self::unauthenticated(message, INVALID).because(error),
            AccessError::Credentials => Self::unauthenticated(message, "Bearer realm=\"landfall\""),
            AccessError::Provider { ref cause, .. } => {
                let cause = cause.clone();
                Self::unavailable(message, cause)
            }
            AccessError::WeakPassword(_) => Self::validation(vec![Detail::of("password", "weak", message)]),
            AccessError::EmailTaken(_) => {
                Self::new(Code::Conflict, message.clone()).detail(Detail::of("email", "taken", message))
            }
            AccessError::Invalid { field, .. } => {
                Self::validation(vec![Detail::of(field, "invalid", message)])
            }
            AccessError::TooMuch { .. } => Self::new(Code::Forbidden, message),
            AccessError::Store(error) => error.into(),
        }
    }
}

impl From<AssetError> for ApiError {
    fn from(error: AssetError) -> Self {
        match error {
            AssetError::Values { faults } => Self::validation(
                faults
                    .into_iter()
                    .map(|f| Detail::of(f.field, f.rule, f.message))
                    .collect(),
            ),
            AssetError::Known { id, kind, .. } => {
                let message = error.to_string();
                let context = json!({ "asset_id": id, "key": kind });
                Self::new(Code::Conflict, message.clone())
                    .detail(Detail::of(kind, "known", message).with(context))
            }
            AssetError::Store(error) => error.into(),
            AssetError::Write(_) => Self::internal(error),
        }
    }
}

impl From<ApplicationError> for ApiError {
    fn from(error: ApplicationError) -> Self {
        let message = error.to_string();
        match error {
            ApplicationError::NameTaken { .. } => {
                Self::new(Code::Conflict, message.clone()).detail(Detail::of("name", "taken", message))
            }
            ApplicationError::Decided { .. } => Self::new(Code::Conflict, message),
            ApplicationError::Store(error) => error.into(),
        }
    }
}

impl From<AssessmentError> for ApiError {
    fn from(error: AssessmentError) -> Self {
        let message = error.to_string();
        let of = |field: &str, code: &str| Detail::of(field, code, message.clone());
        match error {
            AssessmentError::Questionnaire(QuestionnaireError::Faults(faults))
            | AssessmentError::Catalogue(CatalogueError::Faults(faults)) => {
                Self::new(Code::Validation, message).details(each("document", faults))
            }
            AssessmentError::Questionnaire(QuestionnaireError::TooLarge(_))
            | AssessmentError::Catalogue(CatalogueError::TooLarge(_)) => Self::new(Code::TooLarge, message),
            AssessmentError::Questionnaire(QuestionnaireError::Unreadable(_))
            | AssessmentError::Catalogue(CatalogueError::Unreadable(_)) => {
                Self::validation(vec![of("document", "unreadable")])
            }
            AssessmentError::Unknown(_) => Self::validation(vec![of("answers", "unknown")]),
            AssessmentError::Options(_) => Self::validation(vec![of("options", "range")]),
            AssessmentError::NoCriteria => Self::validation(vec![of("criteria", "missing")]),
            AssessmentError::Incomplete(_) => Self::validation(vec![of("status", "incomplete")]),
            AssessmentError::Computed => Self::validation(vec![of("answers", "computed")]),
            AssessmentError::NameTaken { .. } => {
                Self::new(Code::Conflict, message.clone()).detail(of("name", "taken"))
            }
            AssessmentError::EmailTaken(_) => {
                Self::new(Code::Conflict, message.clone()).detail(of("email", "taken"))
            }
            AssessmentError::AlreadyAssessed(_) | AssessmentError::AlreadyReviewed => {
                Self::new(Code::Conflict, message)
            }
            AssessmentError::Unreadable { .. } | AssessmentError::Interrupted(_) => Self::internal(error),
            AssessmentError::Store(error) => error.into(),
        }
    }
}

fn each(field: &str, faults: Vec<String>) -> Vec<Detail> {
    faults
        .into_iter()
        .map(|fault| Detail::of(field, "fault", fault))
        .collect()
}

impl From<DependencyError> for ApiError {
    fn from(error: DependencyError) -> Self {
        match error {
            DependencyError::Itself(_) => Self::validation(vec![Detail::of(
                "depends_on_asset_id",
                "itself",
                error.to_string(),
            )]),
            DependencyError::Store(error) => error.into(),
        }
    }
}

impl From<SixrError> for ApiError {
    fn from(error: SixrError) -> Self {
        let message = error.to_string();
        match error {
            SixrError::Policy(faults) => Self::validation(
                faults
                    .0
                    .into_iter()
                    .map(|fault| Detail::of(format!("body: {}", fault.path), "policy", fault.message))
                    .collect(),
            ),
            SixrError::Values(faults) => Self::validation(
                faults
                    .into_iter()
                    .map(|fault| Detail::of(fault.input, fault.rule, fault.message))
                    .collect(),
            ),
            SixrError::NoReason => Self::validation(vec![Detail::of("reason", "missing", message)]),
            SixrError::NoSubject | SixrError::Ended(_) => Self::new(Code::Conflict, message),
            SixrError::Broken(_) => Self::internal(error),
            SixrError::Store(error) => error.into(),
        }
    }
}

impl From<DecisionError> for ApiError {
    fn from(error: DecisionError) -> Self {
        let message = error.to_string();
        match error {
            DecisionError::UnknownField { suggestion, .. } => {
                let detail = Detail::of("target_field", "unknown_field", message);
                Self::validation(vec![detail.with(json!({ "suggestion": suggestion }))])
            }
            DecisionError::Rules { .. } => {
                Self::validation(vec![Detail::of("transformation_rules", "rules", message)])
            }
            DecisionError::NothingProposed { .. } => {
                Self::validation(vec![Detail::of("target_field", "missing", message)])
            }
            DecisionError::Applied { .. } => Self::new(Code::Conflict, message),
            DecisionError::Suggestion(error) => error.into(),
            DecisionError::Store(error) => error.into(),
        }
    }
}

impl From<FlowControlError> for ApiError {
    fn from(error: FlowControlError) -> Self {
        let message = error.to_string();
        match error {
            FlowControlError::NotNow { .. }
            | FlowControlError::NoDiscovery(_)
            | FlowControlError::NoRecords(_)
            | FlowControlError::TooEarly { .. }
            | FlowControlError::OtherPhase { .. } => Self::new(Code::Conflict, message),
            FlowControlError::Import(error) => (*error).into(),
            FlowControlError::Discovery(error) => error.into(),
            FlowControlError::Store(error) => error.into(),
        }
    }
}

impl From<FlowMappingError> for ApiError {
    fn from(error: FlowMappingError) -> Self {
        match error {
            FlowMappingError::Flow(error) => error.into(),
            FlowMappingError::Decision(error) => error.into(),
            FlowMappingError::Import(error) => error.into(),
            FlowMappingError::Faults(faults) => Self::validation(
                faults
                    .into_iter()
                    .map(|(column, message)| Detail::of(format!("mappings.{column}"), "mapping", message))
                    .collect(),
            ),
        }
    }
}

impl From<DiscoveryError> for ApiError {
    fn from(error: DiscoveryError) -> Self {
        match error {
            DiscoveryError::NotAResult { .. } => Self::new(Code::Validation, error.to_string()),
            DiscoveryError::Store(error) => error.into(),
            DiscoveryError::Faulty(fault) => fault.into(),
            DiscoveryError::File(error) => error.into(),
            DiscoveryError::Interrupted(_) => Self::internal(error),
        }
    }
}

impl From<FileError> for ApiError {
    fn from(error: FileError) -> Self {
        Self::internal(error)
    }
}

impl From<FileFault> for ApiError {
    fn from(fault: FileFault) -> Self {
        let message = fault.to_string();
        let code = match &fault {
            FileFault::Unreadable(_) => return Self::internal(fault),
            FileFault::TooLarge { .. } | FileFault::ArchiveTooLarge { .. } => Code::TooLarge,
            FileFault::NotTabular { .. } | FileFault::Unsupported { .. } => Code::UnsupportedMediaType,
            _ => Code::Validation,
        };
        Self::new(code, message.clone()).detail(Detail::of("file", fault.code(), message))
    }
}

impl From<ImportError> for ApiError {
    fn from(error: ImportError) -> Self {
        let message = error.to_string();
        match error {
            ImportError::File(fault) => fault.into(),
            ImportError::TooLarge { limit } => {
                let detail = Detail::of("file", "file_too_large", message.clone());
                Self::new(Code::TooLarge, message).detail(detail.with(json!({ "limit": limit })))
            }
            ImportError::Mapping(_) => Self::validation(vec![Detail::of("mapping", "mapping", message)]),
            ImportError::Strict { report, .. } => {
                Self::new(Code::Validation, message).details(strict(&report))
            }
            ImportError::Rules(_) => Self::validation(vec![Detail::of("rules", "rules", message)]),
            ImportError::Flow(error) => (*error).into(),
            ImportError::Write(_) | ImportError::Interrupted(_) => Self::internal(error),
            ImportError::Busy(_) | ImportError::Gone(_) => Self::new(Code::Conflict, message),
            ImportError::Store(error) => error.into(),
            ImportError::Storage(error) => error.into(),
            ImportError::Discovery(error) => error.into(),
        }
    }
}

/// The faults that a dry run of the same file lists.
fn strict(report: &DryRunReport) -> Vec<Detail> {
    let faults = report.rows.iter().flat_map(|row| &row.errors);
    faults
        .map(|fault| {
            let context = json!({ "row_number": fault.row_number, "value": fault.value });
            Detail::of(fault.column.clone(), fault.rule, fault.message.clone()).with(context)
        })
        .collect()
}
