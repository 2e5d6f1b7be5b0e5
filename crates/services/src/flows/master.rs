//! Master flows: what hangs on one, in every phase, and how all of a scope are.

use super::MasterFlow;
use crate::Services;
use crate::imports::{Import, ImportFilter};
use landfall_domain::{FlowStatus, FlowType, MasterFlowId, PageRequest, Scope};
use landfall_repositories::{FlowChildren, MasterFlowFilter, StoreResult};

/// How the master flows of a scope are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MasterFlowTotals {
    /// Flows by kind and state.
    pub by_type_and_status: Vec<(FlowType, FlowStatus, i64)>,
}

/// A master flow summarised.
#[derive(Clone, Debug)]
pub struct MasterFlowSummary {
    /// The flow.
    pub flow: MasterFlow,
    /// How many rows of each kind hang on it.
    pub children: FlowChildren,
    /// Flows that are part of it, at most five hundred.
    pub parts: Vec<MasterFlow>,
    /// Its imports, newest first, at most five hundred.
    pub imports: Vec<Import>,
}

impl Services {
    /// One master flow with its parts and imports. Cost: its row, one statement of counts, and two lists.
    pub async fn master_flow_summary(
        &self,
        scope: &Scope,
        id: MasterFlowId,
    ) -> StoreResult<MasterFlowSummary> {
        let uow = self.store().begin_read(scope).await?;
        let flow = uow.flows().get(id).await?;
        let children = uow.flows().children(id).await?;
        let all = PageRequest::first(PageRequest::MAX);
        let parts = MasterFlowFilter {
            parent_flow_id: Some(id),
            ..MasterFlowFilter::default()
        };
        let parts = uow.flows().list(&parts, &all).await?.items;
        let imports = ImportFilter {
            master_flow_id: Some(id),
            ..ImportFilter::default()
        };
        let imports = uow.imports().list(&imports, &all).await?.items;
        Ok(MasterFlowSummary {
            flow,
            children,
            parts,
            imports,
        })
    }

    /// How the master flows of the scope are. Cost: one aggregate.
    pub async fn master_flow_totals(&self, scope: &Scope) -> StoreResult<MasterFlowTotals> {
        let uow = self.store().begin_read(scope).await?;
        Ok(MasterFlowTotals {
            by_type_and_status: uow.flows().count_by_type_and_status().await?,
        })
    }
}
