//! The first look at a file: it is read to its end before anything is stored, so that a faulty file leaves nothing behind.

use super::options::ImportOptions;
use super::readers::{FileFault, Note, OpenOptions, open};
use crate::mappings::{ColumnProfile, ColumnProfiler, fingerprint};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::Path;

/// What a file is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Inspection {
    /// Format of the export.
    pub format: String,
    /// Its name for a person.
    pub format_label: String,
    /// Its version, where the headers tell.
    pub format_version: Option<String>,
    /// Certainty of the format, 0–1.
    pub format_score: f64,
    /// The headers that tell it.
    pub format_evidence: Vec<String>,
    /// Encoding of a text file.
    pub encoding: Option<String>,
    /// Delimiter of a delimited file.
    pub delimiter: Option<char>,
    /// Sheet or archive entry that the rows come from.
    pub table: String,
    /// Headers in order.
    pub columns: Vec<String>,
    /// Fingerprint of the headers.
    pub fingerprint: String,
    /// Records.
    pub records: u64,
    /// Records whose shape is wrong.
    pub faulty_records: u64,
    /// Remarks for a person.
    pub notes: Vec<Value>,
    /// What the columns hold.
    pub profiles: Vec<ColumnProfile>,
}

/// Reads the file to its end. Blocks; cost: one pass, memory for one row and the column profiles.
///
/// # Errors
/// The file is no table, breaks a limit, or has no rows.
pub fn inspect(path: &Path, filename: &str, options: &ImportOptions) -> Result<Inspection, FileFault> {
    let open_options = OpenOptions {
        include: options.include.clone(),
        ..OpenOptions::default()
    };
    let mut source = open(path, filename, &open_options)?;
    let mut profiler = ColumnProfiler::new(source.columns.iter().cloned());
    let (mut records, mut faulty_records) = (0, 0);
    for record in source.by_ref() {
        let record = record?;
        profiler.feed(&record.data);
        records += 1;
        faulty_records += u64::from(!record.faults.is_empty());
    }
    Ok(Inspection {
        format: source.format.id.to_owned(),
        format_label: source.format.label.to_owned(),
        format_version: source.format.version.clone(),
        format_score: source.format.score,
        format_evidence: source.format.evidence.clone(),
        encoding: source.encoding.clone(),
        delimiter: source.delimiter,
        table: source.table.clone(),
        fingerprint: fingerprint(&source.columns),
        columns: source.columns.clone(),
        records,
        faulty_records,
        notes: source.notes.list().iter().map(note_json).collect(),
        profiles: profiler.profiles(),
    })
}

/// [`inspect`] away from the async runtime.
pub(crate) async fn inspect_in_background(
    path: std::path::PathBuf,
    filename: String,
    options: ImportOptions,
) -> Result<Inspection, super::ImportError> {
    let inspected = tokio::task::spawn_blocking(move || inspect(&path, &filename, &options)).await;
    match inspected {
        Ok(inspection) => Ok(inspection?),
        Err(error) => Err(super::ImportError::Interrupted(error.to_string())),
    }
}

fn note_json(note: &Note) -> Value {
    serde_json::to_value(note).unwrap_or_default()
}
