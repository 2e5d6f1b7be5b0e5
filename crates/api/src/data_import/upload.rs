//! Reading an upload as existing clients send it: what goes with the file comes in the form or in the query.

use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::{Params, note_ignored};
use crate::imports::upload::{broken, check_head, modern_name, stage, text};
use actix_multipart::Multipart;
use actix_web::HttpRequest;
use futures_util::TryStreamExt;
use landfall_compat::Resource;
use landfall_services::imports::{ImportOptions, UploadRequest};
use landfall_services::{Services, StagedFile};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// Endings of files that are taken.
const ENDINGS: [&str; 7] = ["json", "csv", "txt", "xlsx", "xls", "ndjson", "zip"];

/// What goes with the file, where the form does not say it.
#[derive(Clone, Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct UploadQuery {
    /// Name of the import; the file's name if absent.
    #[validate(length(max = 255, message = "must have at most 255 characters"))]
    name: Option<String>,
    /// What it is about.
    description: Option<String>,
    /// Whether work on it begins at once.
    #[param(value_type = Option<bool>, default = true)]
    auto_create_flow: Option<String>,
    /// What the file is called; as the form names it if absent.
    filename: Option<String>,
    /// Its media type; as the form names it if absent.
    mime_type: Option<String>,
    /// Its length in bytes where it came from.
    #[param(value_type = Option<i64>)]
    file_size: Option<String>,
    /// System that it comes from; the recognised format if absent.
    source_system: Option<String>,
    /// The master flow it belongs to; a new one if absent.
    #[param(value_type = Option<landfall_domain::MasterFlowId>)]
    master_flow_id: Option<String>,
}

impl Params for UploadQuery {
    const RESOURCE: Option<Resource> = Some(Resource::DataImports);
}

/// The fields of the form.
#[expect(dead_code, reason = "it describes the form, which is read field by field")]
#[derive(ToSchema)]
#[schema(example = json!({"file": "Hostname,IP Address\nweb01,10.0.0.1\n", "name": "Servers in Lyon"}))]
pub(crate) struct DataImportUpload {
    /// JSON, CSV, text, XLSX or XLS.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Name of the import; the file's name if absent.
    name: Option<String>,
    /// What it is about.
    description: Option<String>,
    /// Whether work on it begins at once.
    #[schema(default = true)]
    auto_create_flow: Option<bool>,
    /// What the file is called; as the form names it if absent.
    filename: Option<String>,
    /// Its media type; as the form names it if absent.
    mime_type: Option<String>,
    /// Its length in bytes where it came from.
    file_size: Option<i64>,
    /// System that it comes from; the recognised format if absent.
    source_system: Option<String>,
    /// The master flow it belongs to; a new one if absent.
    master_flow_id: Option<landfall_domain::MasterFlowId>,
}

/// A form that was read to its end.
pub(super) struct Upload {
    pub(super) staged: StagedFile,
    pub(super) request: UploadRequest,
    pub(super) begins: bool,
}

/// Reads the form. Memory: one chunk of the file.
pub(super) async fn read(
    request: &HttpRequest,
    services: &Services,
    mut given: UploadQuery,
    mut parts: Multipart,
) -> ApiResult<Upload> {
    check_head(request, services.settings().upload_limit)?;
    let mut staged = None;
    while let Some(mut part) = parts.try_next().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            staged = Some(stage(services, &mut part).await?);
            continue;
        }
        let value = text(&name, &mut part).await?;
        let Some(current) = modern_name(request, &name) else {
            continue;
        };
        let value = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
        // Under both its names, the current one counts.
        let is_old = current != name;
        let Some(slot) = given.slot(&current) else {
            note_ignored(request, &name);
            continue;
        };
        if value.is_some() && !(is_old && slot.is_some()) {
            *slot = value;
        }
    }
    let staged = staged.ok_or_else(|| {
        ApiError::validation(vec![Detail::of(
            "file",
            "missing",
            "the form has no file: send it in the field 'file'",
        )])
    })?;
    check_ending(given.filename.as_deref().unwrap_or(&staged.filename))?;
    let (request, begins) = given.into_request()?;
    Ok(Upload {
        staged,
        request,
        begins,
    })
}

fn check_ending(filename: &str) -> ApiResult<()> {
    let ending = filename
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    let Some(ending) = ending.filter(|ending| !ENDINGS.contains(&ending.as_str())) else {
        return Ok(());
    };
    let message = format!("Unsupported file type: {ending}. Supported types: json, csv, txt, xlsx, xls");
    Err(ApiError::malformed(message.clone()).detail(Detail::of("file", "file_type", message)))
}

impl UploadQuery {
    fn slot(&mut self, name: &str) -> Option<&mut Option<String>> {
        Some(match name {
            "name" => &mut self.name,
            "description" => &mut self.description,
            "auto_create_flow" => &mut self.auto_create_flow,
            "filename" => &mut self.filename,
            "mime_type" => &mut self.mime_type,
            "file_size" => &mut self.file_size,
            "source_system" => &mut self.source_system,
            "master_flow_id" => &mut self.master_flow_id,
            _ => return None,
        })
    }

    fn into_request(self) -> ApiResult<(UploadRequest, bool)> {
        let mut faults = Vec::new();
        let begins = match self
            .auto_create_flow
            .as_deref()
            .map(str::to_ascii_lowercase)
            .as_deref()
        {
            None | Some("true" | "1" | "yes" | "on") => true,
            Some("false" | "0" | "no" | "off") => false,
            Some(_) => {
                let message = "auto_create_flow takes true or false";
                faults.push(Detail::of("auto_create_flow", "boolean", message));
                true
            }
        };
        let file_size = self.file_size.and_then(|text| {
            let size = text.parse().ok().filter(|size: &i64| *size >= 0);
            if size.is_none() {
                faults.push(Detail::of(
                    "file_size",
                    "number",
                    "file_size takes a number of bytes",
                ));
            }
            size
        });
        let master_flow_id = self.master_flow_id.and_then(|text| {
            let id = text.parse().ok();
            if id.is_none() {
                faults.push(Detail::of(
                    "master_flow_id",
                    "uuid",
                    "master_flow_id takes a UUID",
                ));
            }
            id
        });
        if !faults.is_empty() {
            return Err(ApiError::validation(faults));
        }
        let request = UploadRequest {
            name: self.name,
            description: self.description,
            source_system: self.source_system,
            filename: self.filename,
            mime_type: self.mime_type,
            file_size,
            master_flow_id,
            options: ImportOptions {
                review: true,
                ..ImportOptions::default()
            },
            ..UploadRequest::default()
        };
        Ok((request, begins))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::properties;

    #[test]
    fn every_field_of_the_form_has_a_place() {
        let mut query = UploadQuery::default();
        for name in properties::<DataImportUpload>()
            .iter()
            .filter(|name| *name != "file")
        {
            assert!(query.slot(name).is_some(), "{name}");
        }
        assert!(query.slot("colour").is_none());
    }

    #[test]
    fn file_types_that_nobody_reads_are_refused_as_before() {
        assert!(
            check_ending("a.pdf")
                .unwrap_err()
                .to_string()
                .contains("Unsupported file type: pdf")
        );
        assert!(check_ending("a.CSV").is_ok() && check_ending("export").is_ok());
    }
}
