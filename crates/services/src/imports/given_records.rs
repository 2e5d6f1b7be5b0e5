//! Records that come in a request instead of a file: they are kept as a file of JSON and then imported like any other.

use super::{ImportError, ImportId, ImportReceipt, UploadRequest};
use crate::files::{FileError, StagedFile};
use crate::services::Services;
use landfall_domain::Scope;
use serde_json::Value;
use std::io::Write;

/// Records of a request, and what they are called.
#[derive(Clone, Debug)]
pub struct GivenRecords {
    /// The records, each an object.
    pub records: Vec<Value>,
    /// The name of the file that they would be.
    pub filename: String,
    /// Its media type.
    pub mime_type: String,
}

impl GivenRecords {
    /// Records under the name `name` from a kind of source, such as `csv` or `cmdb`: the file is called like both.
    pub fn new(records: Vec<Value>, name: &str, source_type: &str) -> Self {
        Self {
            records,
            filename: format!("{name}.{source_type}"),
            mime_type: media_type(source_type).to_owned(),
        }
    }

    fn stage(&self, services: &Services) -> Result<StagedFile, FileError> {
        let mut staged = services.files().stage(&self.filename, Some(&self.mime_type))?;
        let mut file = std::io::BufWriter::new(staged.file.as_file_mut());
        serde_json::to_writer(&mut file, &self.records).map_err(std::io::Error::from)?;
        file.flush()?;
        drop(file);
        Ok(staged)
    }
}

/// The media type of files with this ending.
pub(crate) fn media_type(ending: &str) -> &'static str {
    match ending.to_ascii_lowercase().as_str() {
        "csv" => "text/csv",
        "json" => "application/json",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xls" => "application/vnd.ms-excel",
        "txt" => "text/plain",
        _ => "application/octet-stream",
    }
}

impl Services {
    /// Imports the records. Cost: as for a file of them.
    ///
    /// # Errors
    /// As [`Services::upload`].
    pub async fn import_records(
        &self,
        scope: &Scope,
        given: &GivenRecords,
        request: UploadRequest,
    ) -> Result<ImportReceipt, ImportError> {
        self.upload(scope, given.stage(self)?, request).await
    }

    /// Keeps the records without beginning to work on them.
    ///
    /// # Errors
    /// As [`Services::keep_import`].
    pub async fn keep_records(
        &self,
        scope: &Scope,
        given: &GivenRecords,
        request: UploadRequest,
    ) -> Result<ImportId, ImportError> {
        self.keep_import(scope, given.stage(self)?, request).await
    }
}
