//! Doing one phase, also again: what the phases from there on have made is taken back first, so that a flow that is done twice
//! leaves what it leaves when it is done once.

use super::control::{FlowControlError, FlowKey, change, current, start_over, stop_job};
use super::runner::{is_done, next_phase};
use crate::imports::ImportError;
use crate::services::Services;
use landfall_domain::{FlowStatus, Phase, Scope};
use landfall_repositories::entities::discovery_flows;
use landfall_repositories::{FlowChange, StoreError};
use serde_json::json;

impl From<ImportError> for FlowControlError {
    fn from(error: ImportError) -> Self {
        Self::Import(Box::new(error))
    }
}

impl Services {
    /// Has a phase done, and all that follow: the next one goes on with the flow, an earlier one is done again. Gives the flow
    /// as it is then. Cost of doing again from before the inventory: one pass over the import's records, which takes their
    /// assets back.
    ///
    /// # Errors
    /// [`FlowControlError::TooEarly`] before its turn; [`FlowControlError::NotNow`] for a cancelled flow.
    pub async fn execute_phase(
        &self,
        scope: &Scope,
        flow: FlowKey,
        phase: Phase,
    ) -> Result<discovery_flows::Model, FlowControlError> {
        let uow = self.store().begin_read(scope).await?;
        let discovery = current(&uow, flow).await?;
        drop(uow);
        if discovery.data_import_id.is_none() {
            return Err(FlowControlError::NoRecords(discovery.flow_id));
        }
        let key = FlowKey::Discovery(discovery.flow_id);
        if is_done(&discovery, phase) {
            self.redo(scope, &discovery, phase).await?;
        } else {
            match next_phase(&discovery) {
                Some(next) if next == phase => self.go_on(scope, &discovery).await?,
                Some(before) => return Err(FlowControlError::TooEarly { phase, before }),
                None => {}
            }
        }
        let uow = self.store().begin_read(scope).await?;
        current(&uow, key).await
    }

    /// Has all phases that are left done.
    pub async fn go_on(&self, scope: &Scope, flow: &discovery_flows::Model) -> Result<(), FlowControlError> {
        let key = flow.flow_id;
        match flow.status {
            FlowStatus::Pending | FlowStatus::Running | FlowStatus::Completed => Ok(()),
            FlowStatus::Paused | FlowStatus::Waiting => self.resume(scope, key).await,
            FlowStatus::Failed => self.retry(scope, key).await,
            FlowStatus::Cancelled => Err(FlowControlError::NotNow {
                status: flow.status,
                action: "executed",
            }),
        }
    }

    /// Does the phases from `from` on again.
    pub(crate) async fn redo(
        &self,
        scope: &Scope,
        flow: &discovery_flows::Model,
        from: Phase,
    ) -> Result<(), FlowControlError> {
        if flow.status == FlowStatus::Cancelled {
            return Err(FlowControlError::NotNow {
                status: flow.status,
                action: "executed",
            });
        }
        let import = flow
            .data_import_id
            .ok_or(FlowControlError::NoRecords(flow.flow_id))?;
        let uow = self.store().begin(scope).await?;
        stop_job(&uow, flow.flow_id).await?;
        let paused = FlowChange::Paused {
            reason: Some(format!("{from} is to be done again")),
        };
        change(&uow, flow, &paused, json!({ "again": from })).await?;
        let import = uow.imports().get(import).await?;
        uow.commit().await?;
        if from <= Phase::AssetInventory {
            self.withdraw(scope, &import).await?;
        }
        let reads_again = from <= Phase::DataCleansing && import.object_key.is_some();
        let uow = self.store().begin(scope).await?;
        if reads_again {
            uow.records().clear(import.id).await?;
        } else if from <= Phase::DataCleansing {
            uow.records().reset(import.id).await?;
        }
        let again: Vec<Phase> = Phase::ALL
            .into_iter()
            .filter(|phase| *phase >= from || (reads_again && *phase == Phase::DataValidation))
            .collect();
        let now = uow.discovery().reopen_phases(flow.flow_id, &again).await?;
        uow.imports().reopen(import.id).await?;
        change(&uow, &now, &FlowChange::Running, json!({ "again": from })).await?;
        start_over(&uow, flow.flow_id).await?;
        Ok(uow.commit().await?)
    }
}

impl FlowControlError {
    /// Whether the flow is not there, or not the scope's.
    pub fn is_not_found(&self) -> bool {
        matches!(
            self,
            Self::Store(StoreError::NotFound { .. }) | Self::NoDiscovery(_)
        )
    }
}
