//! What became of a file: the facts, in one shape for imports and dry runs.

use crate::failure::Failure;
use crate::tenancy::Selected;
use landfall_domain::{FlowStatus, ImportId, MasterFlowId, PageRequest};
use landfall_services::Services;
use landfall_services::discovery::InventoryCounts;
use landfall_services::imports::{DryRunReport, ImportReceipt, Inspection};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// What became of a file.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// `completed`, `waiting`, `failed` …; `dry_run` or `refused` where nothing was stored.
    pub(super) status: String,
    /// Why it failed.
    pub(super) error: Option<String>,
    /// The import, if there is one.
    pub(super) import_id: Option<ImportId>,
    /// Its flow.
    pub(super) flow_id: Option<MasterFlowId>,
    /// Whose it is.
    #[serde(flatten)]
    pub(super) tenant: Selected,
    /// The file.
    pub(super) file: String,
    /// What the file is.
    pub(super) format: Format,
    /// What became of each column.
    pub(super) columns: Vec<Column>,
    /// Rows in the file.
    pub(super) rows: u64,
    /// Rows with something wrong.
    pub(super) faulty_rows: u64,
    /// The first errors.
    pub(super) errors: Vec<RowError>,
    /// What happened, or would happen, to the inventory.
    pub(super) inventory: InventoryCounts,
    /// What was found about dependencies; absent where nobody looked.
    pub(super) dependencies: Option<Dependencies>,
    /// What is out of support; absent where nobody looked.
    pub(super) tech_debt: Option<TechDebt>,
}

/// What a file is.
#[derive(Debug, Serialize)]
pub(super) struct Format {
    id: String,
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) certainty: f64,
    pub(super) evidence: Vec<String>,
    pub(super) encoding: Option<String>,
    pub(super) delimiter: Option<char>,
    pub(super) table: String,
    notes: Vec<Value>,
}

/// What became of a column.
#[derive(Debug, Serialize)]
pub(super) struct Column {
    /// Its header.
    #[serde(rename = "column")]
    pub(super) header: String,
    /// The field, whether it is used or only proposed.
    pub(super) field: Option<String>,
    /// Certainty, 0 to 1.
    pub(super) confidence: Option<f64>,
    /// Why.
    pub(super) reason: Option<String>,
    /// Whether the field gets the column's values; else they are custom attributes.
    pub(super) is_used: bool,
}

/// A value or row that cannot be used.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct RowError {
    pub(super) row_number: u64,
    pub(super) column: String,
    pub(super) value: String,
    pub(super) rule: String,
    pub(super) message: String,
}

/// What was found about dependencies.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Dependencies {
    pub(super) edges: u64,
    pub(super) by_type: BTreeMap<String, u64>,
    pub(super) unresolved: u64,
    pub(super) unresolved_names: Vec<Unresolved>,
}

/// A name that no asset has, or several.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Unresolved {
    pub(super) row_number: u64,
    pub(super) name: String,
    pub(super) reason: String,
}

/// What is out of support.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct TechDebt {
    pub(super) findings: u64,
    pub(super) by_severity: BTreeMap<String, u64>,
    pub(super) by_product: BTreeMap<String, u64>,
}

/// What a completed import says about itself.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Summary {
    inventory: Option<InventoryCounts>,
    dependencies: Option<Dependencies>,
    tech_debt: Option<TechDebt>,
}

impl Report {
    /// An import as it stands now, with its first `errors`.
    pub(super) async fn of_import(
        services: &Services,
        file: &Path,
        tenant: Selected,
        receipt: &ImportReceipt,
        errors: usize,
    ) -> Result<Self, Failure> {
        let scope = tenant.scope();
        let uow = services.store().begin_read(&scope).await?;
        let import = uow.imports().get(receipt.import_id).await?;
        let flow = uow.discovery().get(receipt.discovery_flow_id).await?;
        drop(uow);
        let summary: Summary = serde_json::from_value(import.summary).unwrap_or_default();
        let columns = services
            .mappings(&scope, receipt.import_id)
            .await?
            .into_iter()
            .map(|mapping| Column {
                is_used: mapping.status.is_accepted() && mapping.target_field.is_some(),
                header: mapping.source_field,
                field: mapping.target_field,
                confidence: mapping.confidence_score,
                reason: mapping.reason,
            });
        Ok(Self {
            status: flow.status.to_string(),
            error: import.error_message.filter(|_| flow.status == FlowStatus::Failed),
            import_id: Some(receipt.import_id),
            flow_id: Some(receipt.master_flow_id),
            format: Format::of(&receipt.inspection),
            columns: columns.collect(),
            rows: receipt.inspection.records,
            faulty_rows: u64::try_from(import.failed_records).unwrap_or_default(),
            errors: first_errors(services, &tenant, receipt.import_id, errors).await?,
            inventory: summary.inventory.unwrap_or_default(),
            dependencies: summary.dependencies,
            tech_debt: summary.tech_debt,
            tenant,
            file: file.display().to_string(),
        })
    }

    /// What an import would do.
    pub(super) fn of_dry_run(file: &Path, tenant: Selected, told: DryRunReport, errors: usize) -> Self {
        let columns = told.mappings.into_iter().map(|mapping| Column {
            is_used: mapping.approved && mapping.target_field.is_some(),
            header: mapping.source_field,
            field: mapping.target_field,
            confidence: mapping.confidence,
            reason: mapping.reason,
        });
        let issues = told.rows.iter().flat_map(|row| &row.errors).take(errors);
        Self {
            status: "dry_run".to_owned(),
            error: None,
            import_id: None,
            flow_id: None,
            format: Format::of(&told.inspection),
            columns: columns.collect(),
            rows: told.inspection.records,
            faulty_rows: told.faulty_rows,
            errors: issues
                .filter_map(|issue| serde_json::from_value(serde_json::to_value(issue).ok()?).ok())
                .collect(),
            inventory: told.inventory,
            dependencies: None,
            tech_debt: None,
            tenant,
            file: file.display().to_string(),
        }
    }

    /// A strict import that was refused.
    pub(super) fn of_refusal(file: &Path, tenant: Selected, told: DryRunReport, errors: usize) -> Self {
        Self {
            status: "refused".to_owned(),
            ..Self::of_dry_run(file, tenant, told, errors)
        }
    }

    /// Whether the process should say that it failed.
    pub(super) fn has_failed(&self) -> bool {
        !matches!(
            self.status.as_str(),
            "completed" | "waiting" | "paused" | "dry_run"
        )
    }

    /// Whether nothing was stored.
    pub(super) fn is_rehearsal(&self) -> bool {
        self.import_id.is_none()
    }
}

impl Format {
    fn of(inspection: &Inspection) -> Self {
        Self {
            id: inspection.format.clone(),
            name: inspection.format_label.clone(),
            version: inspection.format_version.clone(),
            certainty: inspection.format_score,
            evidence: inspection.format_evidence.clone(),
            encoding: inspection.encoding.clone(),
            delimiter: inspection.delimiter,
            table: inspection.table.clone(),
            notes: inspection.notes.clone(),
        }
    }

    /// Remarks of the reader, as sentences; several of one kind are one.
    pub(super) fn remarks(&self) -> Vec<String> {
        let mut kinds: Vec<(&str, &str, u64)> = Vec::new();
        for note in &self.notes {
            let text = |name: &str| note.get(name).and_then(Value::as_str).unwrap_or_default();
            let (code, message) = (text("code"), text("message"));
            match kinds.iter_mut().find(|(known, ..)| *known == code) {
                Some((.., others)) => *others += 1,
                None => kinds.push((code, message, 0)),
            }
        }
        let told = |(_, message, others): (&str, &str, u64)| match others {
            0 => message.to_owned(),
            others => format!("{message}; so are {others} others"),
        };
        kinds.into_iter().map(told).collect()
    }
}

async fn first_errors(
    services: &Services,
    tenant: &Selected,
    import: ImportId,
    wanted: usize,
) -> Result<Vec<RowError>, Failure> {
    let (mut errors, mut request) = (Vec::new(), PageRequest::first(PageRequest::MAX));
    while errors.len() < wanted {
        let page = services.import_errors(&tenant.scope(), import, &request).await?;
        let issues = page.items.into_iter().flat_map(|row| row.errors);
        errors.extend(issues.filter_map(|issue| serde_json::from_value(issue).ok()));
        let Some(next) = page.next else { break };
        request.after = Some(next);
    }
    errors.truncate(wanted);
    Ok(errors)
}
