//! Accepting a file: checked to its end, then kept, then registered with a flow and the job that works on it, all at once.

use super::{ImportError, ImportOptions, Inspection, UploadRequest, inspect_in_background};
use crate::discovery::{INSPECTION, start_job, suggestions};
use crate::files::StagedFile;
use crate::services::Services;
use landfall_domain::{DiscoveryFlowId, FlowType, ImportId, MasterFlowId, Scope};
use landfall_repositories::{Change, NewDiscoveryFlow, NewImport, NewMasterFlow, SourceShape, Uow};
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
        let size = staged.size()?;
        let limit = self.settings().upload_limit;
        if size > limit {
            return Err(ImportError::TooLarge { limit });
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
        match self
            .register(scope, &staged, size, request, &inspection, key.clone())
            .await
        {
            Ok(receipt) => Ok(ImportReceipt {
                inspection,
                ..receipt
            }),
            Err(error) => {
                self.files().delete(&key).await?;
                Err(error)
            }
        }
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

    async fn register(
        &self,
        scope: &Scope,
        staged: &StagedFile,
        size: u64,
        request: UploadRequest,
        inspection: &Inspection,
        key: String,
    ) -> Result<ImportReceipt, ImportError> {
        let uow = self.store().begin(scope).await?;
        let name = request.name.clone().unwrap_or_else(|| staged.filename.clone());
        let master_flow_id = master_flow(&uow, request.master_flow_id, &name).await?;
        let import = uow
            .imports()
            .create(NewImport {
                filename: staged.filename.clone(),
                import_name: Some(name.clone()),
                import_type: request.import_type,
                description: request.description,
                file_size: i64::try_from(size).ok(),
                mime_type: staged.mime_type.clone(),
                source_system: Some(
                    request
                        .source_system
                        .unwrap_or_else(|| inspection.format_label.clone()),
                ),
                source_format: Some(inspection.format.clone()),
                master_flow_id: Some(master_flow_id),
                object_key: Some(key),
                options: Some(json!(request.options)),
                total_records: i64::try_from(inspection.records).ok(),
                imported_by: scope.actor.user_id,
            })
            .await?;
        let shape = SourceShape {
            source_format: Some(inspection.format.clone()),
            columns: inspection.columns.clone(),
            header_fingerprint: Some(inspection.fingerprint.clone()),
        };
        uow.imports().set_shape(import.id, &shape).await?;
        let flow_state = Map::from_iter([(INSPECTION.to_owned(), json!(inspection))]);
        let flow = uow
            .discovery()
            .create(NewDiscoveryFlow {
                master_flow_id,
                data_import_id: Some(import.id),
                flow_name: format!("Discovery of {name}"),
                flow_state,
            })
            .await?;
        let job_id = start_job(&uow, flow.flow_id).await?;
        let change = Change {
            entity_type: "import",
            entity_id: import.id.to_string(),
            action: "created",
            before: None,
            after: Some(
                json!({ "name": name, "filename": import.filename, "master_flow_id": master_flow_id }),
            ),
        };
        uow.change_log().record(change).await?;
        uow.commit().await?;
        Ok(ImportReceipt {
            import_id: import.id,
            master_flow_id,
            discovery_flow_id: flow.flow_id,
            job_id,
            inspection: Inspection::default(),
        })
    }
}

async fn master_flow(
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
