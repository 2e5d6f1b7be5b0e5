//! A dry run: everything that an import would say and do, with nothing stored.

use super::corrected_rows::{corrected_row, header};
use super::{
    ImportError, ImportOptions, Inspection, RecordBatch, UploadRequest, inspect_in_background,
    read_in_background,
};
use crate::cleansing::{Issue, TransformationRules};
use crate::discovery::exported::exported;
use crate::discovery::facts::{ReadRow, RecordReader};
use crate::discovery::identity::{Candidate, Key, Match, keys_of, label_of, recognise};
use crate::discovery::resolve::{InventoryCounts, no_identity};
use crate::discovery::seen::{Seen, SeenRows};
use crate::discovery::{issue, suggestions};
use crate::files::StagedFile;
use crate::services::Services;
use landfall_domain::{AssetId, Scope};
use landfall_repositories::{NewMapping, Uow};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use std::path::Path;
use tempfile::NamedTempFile;

/// Faults that a report holds itself; all of them are in its files.
const FAULTS_IN_REPORT: usize = 1_000;

/// What an import would do.
#[derive(Debug, Serialize)]
pub struct DryRunReport {
    /// What the file is.
    pub inspection: Inspection,
    /// Which column would be which field, and which need a decision.
    pub mappings: Vec<MappingReport>,
    /// What would happen to the inventory.
    pub inventory: InventoryCounts,
    /// Rows with faults.
    pub faulty_rows: u64,
    /// All faults.
    pub faults: u64,
    /// The first faulty rows, up to 1,000 faults.
    pub rows: Vec<RowReport>,
    /// Every faulty row as CSV, with what is wrong, to be corrected and imported again. Deleted with the report.
    #[serde(skip)]
    pub corrected_rows: NamedTempFile,
    /// Every faulty row as one line of JSON. Deleted with the report.
    #[serde(skip)]
    pub all_rows: NamedTempFile,
}

/// The faults of one row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RowReport {
    /// Row as a person sees it in the file.
    pub row_number: u64,
    /// Its faults.
    pub errors: Vec<Issue>,
}

/// What would become of one column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MappingReport {
    /// The column.
    pub source_field: String,
    /// The field; a custom attribute if absent.
    pub target_field: Option<String>,
    /// Certainty, 0–1.
    pub confidence: Option<f64>,
    /// Why.
    pub reason: Option<String>,
    /// Whether it would be used without a person.
    pub approved: bool,
}

impl Services {
    /// Says what an import of the file would do, and stores nothing. Cost: two passes over the file and one look-up of keys per
    /// batch; memory: one batch, and about 120 bytes per row to find rows that are the same asset.
    pub async fn dry_run(
        &self,
        scope: &Scope,
        staged: StagedFile,
        request: UploadRequest,
    ) -> Result<DryRunReport, ImportError> {
        let limit = self.settings().upload_limit;
        if staged.size()? > limit {
            return Err(ImportError::TooLarge { limit });
        }
        let path = staged.path().to_owned();
        let inspection =
            inspect_in_background(path, staged.filename.clone(), request.options.clone()).await?;
        suggestions::check_decided(&request.options.mapping, &inspection.columns)
            .map_err(ImportError::Mapping)?;
        self.rehearse(
            scope,
            staged.path(),
            &staged.filename,
            &inspection,
            &request.options,
        )
        .await
    }

    pub(super) async fn rehearse(
        &self,
        scope: &Scope,
        path: &Path,
        filename: &str,
        inspection: &Inspection,
        options: &ImportOptions,
    ) -> Result<DryRunReport, ImportError> {
        let uow = self.store().begin_read(scope).await?;
        let engagement = uow.engagements().current().await?;
        let profiles = suggestions::stored_profiles(&uow).await?;
        drop(uow);
        let threshold = self.settings().approval_threshold;
        let proposals = suggestions::propose(inspection, &profiles, &options.mapping, threshold);
        let reader = reader_of(inspection, &proposals, options, &engagement.currency)?;
        let mut rehearsal = Rehearsal::new(inspection, &proposals)?;
        let open = super::readers::OpenOptions {
            include: options.include.clone(),
            ..Default::default()
        };
        let rows = self.settings().batch_rows;
        let mut batches = read_in_background(path.to_owned(), filename.to_owned(), open, 0, rows);
        while let Some(batch) = batches.recv().await {
            let uow = self.store().begin_read(scope).await?;
            rehearsal.take(&uow, &reader, batch?).await?;
        }
        Ok(rehearsal.report)
    }
}

fn reader_of(
    inspection: &Inspection,
    proposals: &[NewMapping],
    options: &ImportOptions,
    currency: &str,
) -> Result<RecordReader, ImportError> {
    let mappings: Vec<_> = proposals
        .iter()
        .filter(|proposal| proposal.status.is_accepted())
        .map(|proposal| crate::cleansing::ColumnMapping {
            source_field: proposal.source_field.clone(),
            target: proposal.target_field.clone(),
            rules: TransformationRules::from_json(&proposal.transformation_rules).unwrap_or_default(),
        })
        .collect();
    let format = super::formats::format(&inspection.format);
    RecordReader::new(format, &mappings, options.include.clone(), currency)
        .map(|reader| reader.with_rules(options.cleansing.clone()))
        .map_err(|unknown| ImportError::Mapping(format!("'{}' is no field", unknown.target)))
}

struct Rehearsal {
    report: DryRunReport,
    source: String,
    seen: SeenRows,
}

impl Rehearsal {
    fn new(inspection: &Inspection, proposals: &[NewMapping]) -> Result<Self, ImportError> {
        let mut corrected_rows = NamedTempFile::new().map_err(crate::files::FileError::from)?;
        corrected_rows
            .write_all(&header(&inspection.columns))
            .map_err(crate::files::FileError::from)?;
        let mappings = proposals
            .iter()
            .map(|proposal| MappingReport {
                source_field: proposal.source_field.clone(),
                target_field: proposal.target_field.clone(),
                confidence: proposal.confidence_score,
                reason: proposal.reason.clone(),
                approved: proposal.status.is_accepted(),
            })
            .collect();
        let report = DryRunReport {
            inspection: inspection.clone(),
            mappings,
            inventory: InventoryCounts::default(),
            faulty_rows: 0,
            faults: 0,
            rows: Vec::new(),
            corrected_rows,
            all_rows: NamedTempFile::new().map_err(crate::files::FileError::from)?,
        };
        let source = crate::discovery::facts::source_named(&inspection.format, &inspection.fingerprint);
        Ok(Self {
            report,
            source,
            seen: SeenRows::default(),
        })
    }

    async fn take(
        &mut self,
        uow: &Uow,
        reader: &RecordReader,
        batch: RecordBatch,
    ) -> Result<(), ImportError> {
        let mut recognisable = Vec::new();
        for record in batch {
            let mut issues: Vec<Issue> = record.faults.iter().map(issue).collect();
            match reader.read(&record.data, record.row_number, None) {
                ReadRow::Asset {
                    record: cleansed,
                    is_supplement,
                    ..
                } => {
                    let keys = keys_of(&cleansed, &self.source);
                    issues.extend(cleansed.issues.iter().cloned());
                    if keys.is_empty() {
                        issues.push(no_identity(record.row_number));
                        self.report.inventory.unidentified += 1;
                    } else {
                        recognisable.push((keys, label_of(&cleansed), is_supplement));
                    }
                }
                ReadRow::NoAsset { reason_code, .. } => {
                    *self
                        .report
                        .inventory
                        .skipped
                        .entry(reason_code.to_owned())
                        .or_default() += 1;
                }
            }
            self.tell(&Value::Object(record.data), record.row_number, issues)?;
        }
        self.recognise(uow, recognisable).await
    }

    fn tell(&mut self, raw: &Value, row_number: u64, issues: Vec<Issue>) -> Result<(), ImportError> {
        if issues.is_empty() {
            return Ok(());
        }
        self.report.faulty_rows += 1;
        self.report.faults += issues.len() as u64;
        let errors = serde_json::to_value(&issues).unwrap_or_default();
        let line = corrected_row(&self.report.inspection.columns, raw, Some(&errors));
        self.report
            .corrected_rows
            .write_all(&line)
            .map_err(crate::files::FileError::from)?;
        let row = RowReport {
            row_number,
            errors: issues,
        };
        let mut line = serde_json::to_vec(&row).unwrap_or_default();
        line.push(b'\n');
        self.report
            .all_rows
            .write_all(&line)
            .map_err(crate::files::FileError::from)?;
        if self.report.rows.iter().map(|row| row.errors.len()).sum::<usize>() < FAULTS_IN_REPORT {
            self.report.rows.push(row);
        }
        Ok(())
    }

    async fn recognise(
        &mut self,
        uow: &Uow,
        records: Vec<(Vec<Key>, Option<String>, bool)>,
    ) -> Result<(), ImportError> {
        let wanted: BTreeSet<(&str, &str)> = records
            .iter()
            .flat_map(|(keys, ..)| keys)
            .map(|key| (key.kind, key.value.as_str()))
            .collect();
        let wanted: Vec<_> = wanted.into_iter().collect();
        let (found, candidates) = known(uow, &wanted).await?;
        let counts = &mut self.report.inventory;
        for (keys, label, is_supplement) in &records {
            let (matched, conflicts) = recognise(keys, label.as_deref(), &found, &candidates);
            counts.conflicts += conflicts.len() as u64;
            match (self.seen.see(keys, label.as_deref()), matched) {
                (Seen::Again, _) => counts.merged += 1,
                (_, Match::Known(_)) => counts.updated += 1,
                (_, Match::New) if *is_supplement => {
                    *counts.skipped.entry("unknown_asset".to_owned()).or_default() += 1;
                }
                (seen, Match::New) => {
                    counts.created += 1;
                    counts.conflicts += u64::from(seen == Seen::Conflict);
                }
            }
        }
        Ok(())
    }
}

/// What the inventory knows about the assets with these keys.
async fn known(
    uow: &Uow,
    wanted: &[(&str, &str)],
) -> Result<(HashMap<Key, Vec<AssetId>>, HashMap<AssetId, Candidate>), ImportError> {
    let identities = uow.inventory().find_identities(wanted).await?;
    let exported = exported(uow, wanted).await?;
    let by_id = exported.iter().map(|(_, id)| *id);
    let ids: BTreeSet<AssetId> = identities
        .iter()
        .map(|identity| identity.asset_id)
        .chain(by_id)
        .collect();
    let ids: Vec<AssetId> = ids.into_iter().collect();
    let mut candidates: HashMap<AssetId, Candidate> = HashMap::new();
    for asset in uow.inventory().assets(&ids).await? {
        let label = asset.hostname.as_deref().unwrap_or(&asset.name).to_lowercase();
        candidates.insert(
            asset.id,
            Candidate {
                label: Some(label),
                ..Candidate::default()
            },
        );
    }
    let mut found: HashMap<Key, Vec<AssetId>> = HashMap::new();
    for (key, id) in exported {
        found.entry(key).or_default().push(id);
    }
    for identity in uow.inventory().identities_of(&ids).await? {
        if let Some(candidate) = candidates.get_mut(&identity.asset_id) {
            candidate
                .keys
                .entry(identity.kind.clone())
                .or_default()
                .push(identity.value.clone());
        }
        if let Some(kind) = crate::discovery::identity::KINDS
            .into_iter()
            .find(|kind| *kind == identity.kind)
        {
            found
                .entry(Key {
                    kind,
                    value: identity.value,
                })
                .or_default()
                .push(identity.asset_id);
        }
    }
    Ok((found, candidates))
}
