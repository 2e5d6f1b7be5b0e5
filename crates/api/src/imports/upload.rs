//! Reading an upload: the file goes to disk as it arrives, the other fields say how it is treated.

use crate::error::{ApiError, ApiResult, Code, Detail};
use crate::extract::{check_names, note_old, properties};
use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::HttpRequest;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use futures_util::{StreamExt, TryStreamExt};
use landfall_compat::{Name, Resource, current_name};
use landfall_domain::Phase;
use landfall_services::imports::{ImportError, ImportOptions, UploadRequest};
use landfall_services::{FileError, Services, StagedFile};
use std::str::FromStr;
use tokio::io::AsyncWriteExt;
use utoipa::ToSchema;

/// Largest field other than the file, in bytes.
const FIELD_LIMIT: usize = 1024 * 1024;
/// What a form may add to its file, in bytes.
const FORM_OVERHEAD: u64 = 8 * 1024 * 1024;

/// The fields of an upload.
#[expect(dead_code, reason = "it describes the form, which is read field by field")]
#[derive(ToSchema)]
pub(crate) struct UploadForm {
    /// CSV, NDJSON, JSON, XLSX, XLS or a ZIP of CSV files.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Name of the import; the file's name if absent.
    name: Option<String>,
    /// What it is about.
    description: Option<String>,
    /// Which system it comes from; the recognised format if absent.
    #[schema(example = "vCenter Frankfurt")]
    source_system: Option<String>,
    /// Kind of data, such as `cmdb`, `infrastructure`.
    import_type: Option<String>,
    /// What the file is called; as the form names it if absent.
    filename: Option<String>,
    /// Its media type; as the form names it if absent.
    mime_type: Option<String>,
    /// The master flow it belongs to; a new one if absent.
    master_flow_id: Option<landfall_domain::MasterFlowId>,
    /// Only says what would happen.
    dry_run: Option<bool>,
    /// Refuses the whole file if any value cannot be used.
    strict: Option<bool>,
    /// Waits for a person where a mapping is uncertain; else such columns become custom attributes.
    review: Option<bool>,
    /// Rows that make no asset by themselves but should, comma separated: `hosts`, `templates`, `placeholders`, `vcls`.
    #[schema(example = "hosts,templates")]
    include: Option<String>,
    /// Decided mappings, a JSON object of column to field; an empty field keeps the column as a custom attribute.
    #[schema(example = "{\"RAM\": \"memory_gb\"}")]
    mapping: Option<String>,
    /// Phases that are done outside and handed in, comma separated.
    #[schema(example = "data_cleansing")]
    outside_phases: Option<String>,
}

/// A form that was read to its end.
pub(super) struct Upload {
    pub(super) staged: StagedFile,
    pub(super) request: UploadRequest,
    pub(super) dry_run: bool,
}

#[derive(Default)]
struct Form {
    staged: Option<StagedFile>,
    request: UploadRequest,
    dry_run: bool,
    faults: Vec<Detail>,
}

/// Reads the form. Memory: one chunk of the file.
pub(super) async fn read(
    request: &HttpRequest,
    services: &Services,
    mut parts: Multipart,
) -> ApiResult<Upload> {
    check_head(request, services.settings().upload_limit)?;
    let known = properties::<UploadForm>();
    let mut form = Form::default();
    while let Some(mut part) = parts.try_next().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        let Some(name) = modern_name(request, &name) else {
            continue;
        };
        check_names([name.as_str()], &known, "field of this form")?;
        if name == "file" {
            form.staged = Some(stage(services, &mut part).await?);
        } else {
            let text = text(&name, &mut part).await?;
            form.take(&name, text.trim());
        }
    }
    if !form.faults.is_empty() {
        return Err(ApiError::validation(form.faults));
    }
    let staged = form.staged.ok_or_else(|| {
        ApiError::validation(vec![Detail::of(
            "file",
            "missing",
            "the form has no file: send it in the field 'file'",
        )])
    })?;
    Ok(Upload {
        staged,
        request: form.request,
        dry_run: form.dry_run,
    })
}

/// What a field of a form is called today; nothing if it means nothing any more.
pub(crate) fn modern_name(request: &HttpRequest, name: &str) -> Option<String> {
    let noted = Resource::DataImports
        .changes()
        .iter()
        .find(|change| change.old == name);
    if let Some(change) = noted {
        note_old(request, Resource::DataImports, change.old);
    }
    match current_name(Resource::DataImports, name) {
        Name::Current(name) | Name::Old(name) => Some(name.to_owned()),
        Name::Dropped => None,
    }
}

/// What can be refused before the body is read.
pub(crate) fn check_head(request: &HttpRequest, limit: u64) -> ApiResult<()> {
    let header = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let kind = header(CONTENT_TYPE);
    if !kind
        .trim_start()
        .to_ascii_lowercase()
        .starts_with("multipart/form-data")
    {
        let message = format!(
            "an upload is a form of type multipart/form-data with a field 'file', but Content-Type is '{kind}'"
        );
        return Err(ApiError::new(Code::UnsupportedMediaType, message));
    }
    match header(CONTENT_LENGTH).parse::<u64>() {
        Ok(length) if length > limit.saturating_add(FORM_OVERHEAD) => {
            Err(ImportError::TooLarge { limit }.into())
        }
        _ => Ok(()),
    }
}

pub(crate) async fn stage(services: &Services, part: &mut Field) -> ApiResult<StagedFile> {
    let limit = services.settings().upload_limit;
    let filename = part
        .content_disposition()
        .and_then(|disposition| disposition.get_filename())
        .unwrap_or("upload");
    let mime_type = part.content_type().map(ToString::to_string);
    let staged = services.files().stage(filename, mime_type.as_deref())?;
    let mut file = tokio::fs::File::from_std(staged.file.reopen().map_err(FileError::from)?);
    let mut size: u64 = 0;
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(broken)?;
        size += chunk.len() as u64;
        if size > limit {
            return Err(ImportError::TooLarge { limit }.into());
        }
        file.write_all(&chunk).await.map_err(FileError::from)?;
    }
    file.flush().await.map_err(FileError::from)?;
    Ok(staged)
}

pub(crate) async fn text(name: &str, part: &mut Field) -> ApiResult<String> {
    let bytes = part.bytes(FIELD_LIMIT).await.map_err(|_| {
        let message = format!("the field '{name}' is larger than {FIELD_LIMIT} bytes");
        ApiError::new(Code::TooLarge, message.clone()).detail(Detail::of(name, "too_large", message))
    })?;
    String::from_utf8(bytes.map_err(broken)?.to_vec()).map_err(|_| {
        let message = format!("the field '{name}' is no text in UTF-8");
        ApiError::malformed(message.clone()).detail(Detail::of(name, "utf8", message))
    })
}

#[expect(clippy::needless_pass_by_value, reason = "it maps errors")]
pub(crate) fn broken(error: MultipartError) -> ApiError {
    let code = match &error {
        MultipartError::ContentTypeIncompatible => Code::UnsupportedMediaType,
        _ => Code::Malformed,
    };
    ApiError::new(code, format!("the form cannot be read: {error}"))
}

impl Form {
    /// Takes a field; what is wrong with it is told together with the rest.
    fn take(&mut self, name: &str, text: &str) {
        let given = (!text.is_empty()).then(|| text.to_owned());
        match name {
            "name" => self.request.name = given,
            "description" => self.request.description = given,
            "source_system" => self.request.source_system = given,
            "filename" => self.request.filename = given,
            "mime_type" => self.request.mime_type = given,
            "import_type" => self.request.import_type = given,
            "master_flow_id" => self.request.master_flow_id = self.parsed(name, given.as_deref()),
            "dry_run" => self.dry_run = self.flag(name, text),
            "strict" => self.request.options.strict = self.flag(name, text),
            "review" => self.request.options.review = self.flag(name, text),
            "include" => self
                .request
                .options
                .include
                .extend(items(text).map(str::to_owned)),
            "outside_phases" => {
                let phases: Vec<_> = items(text)
                    .filter_map(|item| self.parsed::<Phase>(name, Some(item)))
                    .collect();
                self.request.options.outside_phases.extend(phases);
            }
            _ => self.mapping(text),
        }
    }

    fn flag(&mut self, name: &str, text: &str) -> bool {
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => true,
            "false" | "0" | "no" | "off" | "" => false,
            _ => {
                self.faults
                    .push(Detail::of(name, "boolean", format!("{name} takes true or false")));
                false
            }
        }
    }

    fn parsed<T: FromStr<Err: std::fmt::Display>>(&mut self, name: &str, text: Option<&str>) -> Option<T> {
        match text?.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.faults
                    .push(Detail::of(name, "value", format!("{name}: {error}")));
                None
            }
        }
    }

    fn mapping(&mut self, text: &str) {
        match serde_json::from_str(text) {
            Ok(mapping) => {
                self.request.options = ImportOptions {
                    mapping,
                    ..std::mem::take(&mut self.request.options)
                }
            }
            Err(error) => {
                let message = format!("mapping must be a JSON object of column to field: {error}");
                self.faults.push(Detail::of("mapping", "json", message));
            }
        }
    }
}

fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_the_description_is_read() {
        let mut form = Form::default();
        for name in properties::<UploadForm>() {
            let text = match name.as_str() {
                "file" => continue,
                "dry_run" | "strict" | "review" => "true",
                "master_flow_id" => crate::access::EXAMPLE_ID,
                "include" => "hosts, templates",
                "mapping" => r#"{"RAM": "memory_gb"}"#,
                "outside_phases" => "data_cleansing",
                other => other,
            };
            form.take(&name, text);
        }
        assert!(form.faults.is_empty(), "{:?}", form.faults);
        assert!(form.dry_run && form.request.options.strict && form.request.options.review);
        assert_eq!(form.request.name.as_deref(), Some("name"));
        assert_eq!(form.request.options.include.len(), 2);
        assert_eq!(form.request.options.mapping["RAM"], "memory_gb");
        assert_eq!(form.request.options.outside_phases.len(), 1);
        assert!(form.request.master_flow_id.is_some());
    }

    #[test]
    fn every_faulty_field_is_told() {
        let mut form = Form::default();
        form.take("strict", "perhaps");
        form.take("outside_phases", "lunch");
        form.take("mapping", "[1]");
        let fields: Vec<_> = form
            .faults
            .iter()
            .filter_map(|fault| fault.field.as_deref())
            .collect();
        assert_eq!(fields, ["strict", "outside_phases", "mapping"]);
    }
}
