//! Making flows, renaming, copying and deleting them.

use crate::Services;
use crate::discovery::{FlowControlError, FlowKey, current};
use crate::imports::{GivenRecords, ImportError, ImportOptions, UploadRequest, master_flow};
use landfall_domain::{FlowStatus, ImportId, MasterFlowId, Scope};
use landfall_repositories::entities::{discovery_flows, master_flows};
use landfall_repositories::{Change, NewDiscoveryFlow, StoreResult, retry};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Key in a flow's state of what it is about.
const DESCRIPTION: &str = "description";
/// Key in a flow's state of what its maker wants to find again.
const METADATA: &str = "metadata";
/// Key in a flow's state of how it is asked to be done.
const EXECUTION_MODE: &str = "execution_mode";

/// A flow to be made.
#[derive(Clone, Debug, Default)]
pub struct NewFlow {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// What its maker wants to find again.
    pub metadata: Map<String, Value>,
    /// How it is asked to be done; kept and shown.
    pub execution_mode: String,
    /// Records to work on, each an object.
    pub records: Vec<Value>,
    /// An import to work on, if there are no records.
    pub import: Option<ImportId>,
    /// The master flow that it hangs on; a new one if absent.
    pub master_flow_id: Option<MasterFlowId>,
}

/// What a person may change about a flow.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FlowPatch {
    /// Its name.
    pub name: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// What is kept with it; added to what is there.
    pub metadata: Option<Map<String, Value>>,
}

/// What deleting a flow did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FlowDeletion {
    /// Whether its work was stopped.
    pub cancelled: bool,
    /// Assets that stay and hang on it no more.
    pub assets_released: u64,
    /// Assets that only its import had stated, and that are gone.
    pub assets_removed: u64,
    /// Raw records that are gone.
    pub records_removed: u64,
    /// Mappings that are gone.
    pub mappings_removed: u64,
}

/// What a flow's state says for its maker.
pub fn flow_note<'f>(flow: &'f discovery_flows::Model, key: &str) -> Option<&'f Value> {
    flow.flow_state.get(key)
}

/// What the flow is about.
pub fn flow_description(flow: &discovery_flows::Model) -> Option<String> {
    flow_note(flow, DESCRIPTION)?.as_str().map(str::to_owned)
}

/// What its maker wants to find again, and what the flow waits for.
pub fn flow_metadata(flow: &discovery_flows::Model) -> Map<String, Value> {
    let mut metadata = flow_note(flow, METADATA)
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    for key in ["waiting_for", "reason"] {
        if let Some(value) = flow_note(flow, key) {
            metadata.insert(key.to_owned(), value.clone());
        }
    }
    metadata
}

/// How the flow was asked to be done.
pub fn flow_execution_mode(flow: &discovery_flows::Model) -> &str {
    flow_note(flow, EXECUTION_MODE)
        .and_then(Value::as_str)
        .unwrap_or("hybrid")
}

impl Services {
    /// The discovery flow with this key.
    pub async fn discovery_flow(
        &self,
        scope: &Scope,
        key: FlowKey,
    ) -> Result<discovery_flows::Model, FlowControlError> {
        let uow = self.store().begin_read(scope).await?;
        current(&uow, key).await
    }

    /// Makes a flow: over records, which become an import; over an import that has no flow; or over nothing yet, to wait for
    /// an import that names its master flow. Flows over records wait for a person where a mapping is uncertain.
    ///
    /// # Errors
    /// As [`Services::upload`]; [`ImportError::Busy`] if the import has a flow.
    pub async fn create_flow(
        &self,
        scope: &Scope,
        new: NewFlow,
    ) -> Result<discovery_flows::Model, FlowControlError> {
        let mut state = Map::new();
        state.insert(EXECUTION_MODE.to_owned(), json!(new.execution_mode));
        state.insert(METADATA.to_owned(), Value::Object(new.metadata.clone()));
        state.extend(
            new.description
                .as_ref()
                .map(|text| (DESCRIPTION.to_owned(), json!(text))),
        );
        let flow_id = match new.import {
            _ if !new.records.is_empty() => {
                let request = UploadRequest {
                    name: Some(new.name.clone()),
                    description: new.description.clone(),
                    source_system: Some("discovery-flow".to_owned()),
                    master_flow_id: new.master_flow_id,
                    flow_name: Some(new.name.clone()),
                    flow_state: state,
                    options: ImportOptions {
                        review: true,
                        metadata: new.metadata,
                        ..ImportOptions::default()
                    },
                    ..UploadRequest::default()
                };
                let given = GivenRecords::new(new.records, &new.name, "json");
                self.import_records(scope, &given, request)
                    .await?
                    .discovery_flow_id
            }
            Some(import) => {
                self.start_import(scope, import, Some(new.name), state)
                    .await?
                    .discovery_flow_id
            }
            None => {
                let uow = self.store().begin(scope).await?;
                let master_flow_id = master_flow(&uow, new.master_flow_id, &new.name).await?;
                let flow = NewDiscoveryFlow {
                    master_flow_id,
                    data_import_id: None,
                    flow_name: new.name,
                    flow_state: state,
                };
                let flow = uow.discovery().create(flow).await?;
                uow.commit().await?;
                flow.flow_id
            }
        };
        self.discovery_flow(scope, flow_id.into()).await
    }

    /// Changes what a person may change about a flow.
    pub async fn change_flow(
        &self,
        scope: &Scope,
        key: FlowKey,
        patch: FlowPatch,
    ) -> Result<discovery_flows::Model, FlowControlError> {
        let uow = self.store().begin(scope).await?;
        let before = current(&uow, key).await?;
        let mut state = before.flow_state.as_object().cloned().unwrap_or_default();
        state.extend(
            patch
                .description
                .map(|text| (DESCRIPTION.to_owned(), json!(text))),
        );
        if let Some(metadata) = patch.metadata {
            let mut all = state
                .get(METADATA)
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default();
            all.extend(metadata);
            state.insert(METADATA.to_owned(), Value::Object(all));
        }
        let after = uow
            .discovery()
            .describe(before.flow_id, before.version, patch.name, Some(state))
            .await?;
        let change = Change {
            entity_type: "flow",
            entity_id: after.flow_id.to_string(),
            action: "updated",
            before: Some(described(&before)),
            after: Some(described(&after)),
        };
        uow.change_log().record(change).await?;
        uow.commit().await?;
        Ok(after)
    }

    /// Makes a flow that does the same work on the same rows, as an import of its own.
    ///
    /// # Errors
    /// [`FlowControlError::NoRecords`] for a flow without an import.
    pub async fn duplicate_flow(
        &self,
        scope: &Scope,
        key: FlowKey,
        name: String,
    ) -> Result<discovery_flows::Model, FlowControlError> {
        let flow = self.discovery_flow(scope, key).await?;
        let import = flow
            .data_import_id
            .ok_or(FlowControlError::NoRecords(flow.flow_id))?;
        let import = self.import(scope, import).await?;
        let options: ImportOptions = serde_json::from_value(import.options.clone()).unwrap_or_default();
        let mut state = Map::new();
        state.insert(EXECUTION_MODE.to_owned(), json!(flow_execution_mode(&flow)));
        state.insert(
            METADATA.to_owned(),
            flow_note(&flow, METADATA).cloned().unwrap_or_else(|| json!({})),
        );
        state.extend(flow_description(&flow).map(|text| (DESCRIPTION.to_owned(), json!(text))));
        let request = UploadRequest {
            name: Some(name.clone()),
            description: import.description.clone(),
            source_system: import.source_system.clone(),
            import_type: Some(import.import_type.clone()),
            file_size: import.file_size,
            mime_type: import.mime_type.clone(),
            flow_name: Some(name),
            flow_state: state,
            options,
            ..UploadRequest::default()
        };
        let staged = self.stage_copy(scope, &import).await?;
        let receipt = self.upload(scope, staged, request).await?;
        self.discovery_flow(scope, receipt.discovery_flow_id.into()).await
    }

    /// The rows of an import as a file to be imported again.
    async fn stage_copy(
        &self,
        scope: &Scope,
        import: &crate::imports::Import,
    ) -> Result<crate::StagedFile, ImportError> {
        use std::io::Write;
        let mut staged = self
            .files()
            .stage(&import.filename, import.mime_type.as_deref())?;
        if let Some(key) = &import.object_key {
            let kept = self.files().open(key).await?;
            let copied = std::fs::copy(kept.path(), staged.path());
            copied.map_err(crate::FileError::from)?;
            return Ok(staged);
        }
        let mut rows = self.import_rows(scope, import).await?;
        loop {
            let batch = rows.next().await?;
            if batch.is_empty() {
                return Ok(staged);
            }
            for row in batch {
                writeln!(staged.file, "{}", row.raw_data).map_err(crate::FileError::from)?;
            }
        }
    }

    /// Deletes a flow. Its import and the assets stay, unless `with_import` takes those away too. Cost: one statement over
    /// its assets; with the import one pass over its records.
    pub async fn delete_flow(
        &self,
        scope: &Scope,
        key: FlowKey,
        with_import: bool,
    ) -> Result<FlowDeletion, FlowControlError> {
        let flow = self.discovery_flow(scope, key).await?;
        let mut deletion = FlowDeletion::default();
        if !flow.status.is_final() {
            let reason = Some("the flow was deleted".to_owned());
            self.cancel(scope, flow.flow_id, reason).await?;
            deletion.cancelled = true;
        }
        let import = match flow.data_import_id {
            Some(id) if with_import => Some(self.import(scope, id).await?),
            _ => None,
        };
        if let Some(import) = &import {
            deletion.assets_removed = self.withdraw(scope, import).await?.removed;
        }
        let uow = self.store().begin(scope).await?;
        deletion.assets_released = uow.discovery().release_assets(flow.flow_id).await?;
        uow.discovery().delete(flow.flow_id).await?;
        if let Some(import) = &import {
            deletion.mappings_removed = uow.mappings().clear(import.id).await?;
            deletion.records_removed = uow.records().clear(import.id).await?;
            uow.imports().delete(import.id).await?;
        }
        uow.flows()
            .set_status(flow.master_flow_id, FlowStatus::Cancelled)
            .await?;
        let change = Change {
            entity_type: "flow",
            entity_id: flow.flow_id.to_string(),
            action: "deleted",
            before: Some(described(&flow)),
            after: Some(json!(deletion)),
        };
        uow.change_log().record(change).await?;
        uow.commit().await?;
        if let Some(key) = import.and_then(|import| import.object_key) {
            self.files()
                .delete(&key)
                .await
                .map_err(|error| FlowControlError::from(ImportError::Storage(error)))?;
        }
        Ok(deletion)
    }

    /// Renames a master flow, or replaces its settings. `expected` is the version that the person saw; `None` changes it
    /// whatever the version.
    pub async fn change_master_flow(
        &self,
        scope: &Scope,
        id: MasterFlowId,
        expected: Option<i64>,
        name: Option<String>,
        configuration: Option<Value>,
    ) -> StoreResult<master_flows::Model> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let before = uow.flows().get(id).await?;
            let after = uow
                .flows()
                .describe(
                    id,
                    expected.unwrap_or(before.version),
                    name.clone(),
                    configuration.clone(),
                )
                .await?;
            let facts = |flow: &master_flows::Model| json!({ "name": flow.flow_name, "configuration": flow.flow_configuration });
            let change = Change {
                entity_type: "master flow",
                entity_id: id.to_string(),
                action: "updated",
                before: Some(facts(&before)),
                after: Some(facts(&after)),
            };
            uow.change_log().record(change).await?;
            uow.commit().await?;
            Ok(after)
        })
        .await
    }
}

fn described(flow: &discovery_flows::Model) -> Value {
    json!({
        "name": flow.flow_name, "status": flow.status, "data_import_id": flow.data_import_id,
        "master_flow_id": flow.master_flow_id, "description": flow_description(flow), "metadata": flow_metadata(flow),
    })
}
