//! Accepting a file: checked to its end, then kept, then registered with a flow and the job that works on it, all at once.

use super::{ImportError, ImportOptions, Inspection, UploadRequest, inspect_in_background};
use crate::discovery::{INSPECTION, start_job, suggestions};
use crate::files::StagedFile;
use crate::services::Services;
use landfall_domain::{DiscoveryFlowId, FlowStatus, FlowType, ImportId, MasterFlowId, PageRequest, Scope};
use landfall_repositories::entities::data_imports;
use landfall_repositories::{
    Change, DiscoveryFilter, NewDiscoveryFlow, NewImport, NewMasterFlow, SourceShape, StoreError, Uow,
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// What became of an accepted file.
#[derive(Clone, Debug, Serialize)]
pub struct ImportReceipt {
    /// The import.
    pub import_id: ImportId,
    /// The programme of work that it belongs to.
    pub master_flow_id: MasterFlowId,
    /// The flow that works on it.
    pub discovery_flow_id: DiscoveryFlowId,
    /// The job that drives the flow.
    pub job_id: Uuid,
    /// What the file is.
    pub inspection: Inspection,
}

/// A file that was checked and kept, and is still to be registered.
struct Kept {
    staged: StagedFile,
    size: u64,
    inspection: Inspection,
    key: String,
}

impl Services {
    /// Accepts a file: the work on it begins as soon as a worker is free. Cost: one pass over the file and one copy.
    ///
    /// # Errors
    /// A faulty file, a mapping that does not fit it, or faults in a strict import: nothing is stored then.
    pub async fn upload(
        &self,
        scope: &Scope,
        staged: StagedFile,
        request: UploadRequest,
    ) -> Result<ImportReceipt, ImportError> {
        let kept = self.keep_upload(scope, staged, &request).await?;
        match self.register_with_flow(scope, &kept, request).await {
            Ok(receipt) => Ok(ImportReceipt {
                inspection: kept.inspection,
                ..receipt
            }),
            Err(error) => {
                self.files().delete(&kept.key).await?;
                Err(error)
            }
        }
    }

    /// Accepts a file without beginning to work on it: [`Services::start_import`] does that. Cost as [`Services::upload`].
    ///
    /// # Errors
    /// As [`Services::upload`].
    pub async fn keep_import(
        &self,
        scope: &Scope,
        staged: StagedFile,
        request: UploadRequest,
    ) -> Result<ImportId, ImportError> {
        let kept = self.keep_upload(scope, staged, &request).await?;
        match self.register_alone(scope, &kept, &request).await {
            Ok(import) => Ok(import),
            Err(error) => {
                self.files().delete(&kept.key).await?;
                Err(error)
            }
        }
    }

    /// Begins the work on an import that has no flow yet. Cost: one pass over its file.
    ///
    /// # Errors
    /// [`ImportError::Busy`] if it has one.
    pub async fn start_import(
        &self,
        scope: &Scope,
        id: ImportId,
        flow_name: Option<String>,
        flow_state: Map<String, Value>,
    ) -> Result<ImportReceipt, ImportError> {
        let import = self.import(scope, id).await?;
        if import.master_flow_id.is_some() {
            return Err(ImportError::Busy(id));
        }
        let inspection = self.inspect_kept(&import).await?;
        let uow = self.store().begin(scope).await?;
        let master_flow_id = master_flow(&uow, None, &import.import_name).await?;
        uow.imports().link_flow(id, master_flow_id).await?;
        let name = flow_name.unwrap_or_else(|| discovery_name(&import.import_name));
        let discovery_flow_id = begin_flow(&uow, master_flow_id, id, name, flow_state, &inspection).await?;
        let job_id = start_job(&uow, discovery_flow_id).await?;
        uow.commit().await?;
        Ok(ImportReceipt {
            import_id: id,
            master_flow_id,
            discovery_flow_id,
            job_id,
            inspection,
        })
    }

    /// What the kept file of an import is. Cost: one pass over the file.
    pub(crate) async fn inspect_kept(&self, import: &data_imports::Model) -> Result<Inspection, ImportError> {
        let Some(key) = &import.object_key else {
            return Err(StoreError::not_found("file of import", import.id).into());
        };
        let file = self.files().open(key).await?;
        let options: ImportOptions = serde_json::from_value(import.options.clone()).unwrap_or_default();
        inspect_in_background(file.path().to_owned(), import.filename.clone(), options).await
    }

    async fn keep_upload(
        &self,
        scope: &Scope,
        mut staged: StagedFile,
        request: &UploadRequest,
    ) -> Result<Kept, ImportError> {
        let size = staged.size()?;
        let limit = self.settings().upload_limit;
        if size > limit {
            return Err(ImportError::TooLarge { limit });
        }
        if let Some(filename) = &request.filename {
            staged.filename.clone_from(filename);
        }
        let path = staged.path().to_owned();
        let inspection =
            inspect_in_background(path, staged.filename.clone(), request.options.clone()).await?;
        suggestions::check_decided(&request.options.mapping, &inspection.columns)
            .map_err(ImportError::Mapping)?;
        if request.options.strict {
            self.refuse_faults(scope, &staged, &inspection, &request.options)
                .await?;
        }
        // The tenant must exist before its file is kept.
        let uow = self.store().begin_read(scope).await?;
        uow.engagements().current().await?;
        drop(uow);
        let key = self.files().keep(scope, ImportId::new(), &staged).await?;
        Ok(Kept {
            staged,
            size,
            inspection,
            key,
        })
    }

    async fn refuse_faults(
        &self,
        scope: &Scope,
        staged: &StagedFile,
        inspection: &Inspection,
        options: &ImportOptions,
    ) -> Result<(), ImportError> {
        let report = self
            .rehearse(scope, staged.path(), &staged.filename, inspection, options)
            .await?;
        match report.faults {
            0 => Ok(()),
            faults => Err(ImportError::Strict {
                faults,
                report: Box::new(report),
            }),
        }
    }

    async fn register_with_flow(
        &self,
        scope: &Scope,
        kept: &Kept,
        request: UploadRequest,
    ) -> Result<ImportReceipt, ImportError> {
        let uow = self.store().begin(scope).await?;
        let name = name_of(kept, &request);
        let master_flow_id = master_flow(&uow, request.master_flow_id, &name).await?;
        let import = register(&uow, kept, &request, Some(master_flow_id)).await?;
        let flow_name = request.flow_name.unwrap_or_else(|| discovery_name(&name));
        let discovery_flow_id = begin_flow(
            &uow,
            master_flow_id,
            import,
            flow_name,
            request.flow_state,
            &kept.inspection,
        )
        .await?;
        let job_id = start_job(&uow, discovery_flow_id).await?;
        uow.commit().await?;
        Ok(ImportReceipt {
            import_id: import,
            master_flow_id,
            discovery_flow_id,
            job_id,
            inspection: Inspection::default(),
        })
    }

    async fn register_alone(
        &self,
        scope: &Scope,
        kept: &Kept,
        request: &UploadRequest,
    ) -> Result<ImportId, ImportError> {
        let uow = self.store().begin(scope).await?;
        let import = register(&uow, kept, request, None).await?;
        uow.commit().await?;
        Ok(import)
    }
}

fn name_of(kept: &Kept, request: &UploadRequest) -> String {
    request
        .name
        .clone()
        .unwrap_or_else(|| kept.staged.filename.clone())
}

fn discovery_name(import: &str) -> String {
    format!("Discovery of {import}")
}

/// The import's row, with the shape of its file.
async fn register(
    uow: &Uow,
    kept: &Kept,
    request: &UploadRequest,
    master_flow_id: Option<MasterFlowId>,
) -> Result<ImportId, ImportError> {
    let Kept {
        staged,
        size,
        inspection,
        key,
    } = kept;
    let import = uow
        .imports()
        .create(NewImport {
            filename: staged.filename.clone(),
            import_name: Some(name_of(kept, request)),
            import_type: request.import_type.clone(),
            description: request.description.clone(),
            file_size: request.file_size.or_else(|| i64::try_from(*size).ok()),
            mime_type: request.mime_type.clone().or_else(|| staged.mime_type.clone()),
            source_system: Some(
                request
                    .source_system
                    .clone()
                    .unwrap_or_else(|| inspection.format_label.clone()),
            ),
            source_format: Some(inspection.format.clone()),
            master_flow_id,
            object_key: Some(key.clone()),
            options: Some(json!(request.options)),
            total_records: i64::try_from(inspection.records).ok(),
            imported_by: uow.scope().actor.user_id,
        })
        .await?;
    let shape = SourceShape {
        source_format: Some(inspection.format.clone()),
        columns: inspection.columns.clone(),
        header_fingerprint: Some(inspection.fingerprint.clone()),
    };
    uow.imports().set_shape(import.id, &shape).await?;
    let change = Change {
        entity_type: "import",
        entity_id: import.id.to_string(),
        action: "created",
        before: None,
        after: Some(json!({
            "name": import.import_name,
            "filename": import.filename,
            "master_flow_id": master_flow_id,
        })),
    };
    uow.change_log().record(change).await?;
    Ok(import.id)
}

/// The flow that works on the import: one of the master flow that has waited for records, else a new one.
async fn begin_flow(
    uow: &Uow,
    master_flow_id: MasterFlowId,
    import: ImportId,
    flow_name: String,
    mut flow_state: Map<String, Value>,
    inspection: &Inspection,
) -> Result<DiscoveryFlowId, ImportError> {
    let waiting = DiscoveryFilter {
        statuses: vec![FlowStatus::Pending],
        master_flow_id: Some(master_flow_id),
        ..DiscoveryFilter::default()
    };
    let pending = uow.discovery().list(&waiting, &PageRequest::default()).await?;
    let waiting = pending
        .items
        .into_iter()
        .find(|flow| flow.data_import_id.is_none());
    flow_state.insert(INSPECTION.to_owned(), json!(inspection));
    if let Some(flow) = waiting {
        let mut state = flow.flow_state.as_object().cloned().unwrap_or_default();
        state.extend(flow_state);
        return Ok(uow
            .discovery()
            .attach_import(flow.flow_id, import, state)
            .await?
            .flow_id);
    }
    let flow = uow
        .discovery()
        .create(NewDiscoveryFlow {
            master_flow_id,
            data_import_id: Some(import),
            flow_name,
            flow_state,
        })
        .await?;
    Ok(flow.flow_id)
}

pub(crate) async fn master_flow(
    uow: &Uow,
    wanted: Option<MasterFlowId>,
    name: &str,
) -> Result<MasterFlowId, ImportError> {
    if let Some(id) = wanted {
        return Ok(uow.flows().get(id).await?.flow_id);
    }
    let flow = uow
        .flows()
        .create(NewMasterFlow {
            flow_type: FlowType::Discovery,
            flow_name: Some(name.to_owned()),
            parent_flow_id: None,
            configuration: Value::Object(Map::new()),
        })
        .await?;
    Ok(flow.flow_id)
}
