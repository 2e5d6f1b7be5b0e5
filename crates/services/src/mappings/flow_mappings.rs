//! The mappings of a flow as one thing: which column is which field, how sure that is, and what is left.

use super::decisions::{ColumnDecision, Decision, DecisionError, Mapping};
use crate::Services;
use crate::discovery::{FlowControlError, FlowKey, current};
use landfall_domain::fields::field;
use landfall_domain::{ImportId, MappingStatus, Scope};
use landfall_repositories::entities::discovery_flows;
use landfall_repositories::{Change, DiscoveryFilter, DiscoverySort, NumberedPage, PageNumber, StoreError};
use serde_json::json;
use std::collections::BTreeMap;

/// A flow and the mappings of its import.
#[derive(Clone, Debug)]
pub struct FlowMappings {
    /// The flow.
    pub flow: discovery_flows::Model,
    /// The mappings, in the order of the columns; none before the file was looked into.
    pub mappings: Vec<Mapping>,
}

/// What a person says about one column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MappingStatement {
    /// The field; an empty text leaves the column a custom attribute.
    pub target: String,
    /// How sure that is, 0–1.
    pub confidence: Option<f64>,
    /// Why.
    pub note: Option<String>,
}

impl FlowMappings {
    /// Columns that are a field, or are proposed to be one.
    pub fn mapped(&self) -> impl Iterator<Item = (&Mapping, &str)> {
        self.mappings
            .iter()
            .filter(|mapping| mapping.status != MappingStatus::Rejected)
            .filter_map(|mapping| Some((mapping, mapping.target_field.as_deref()?)))
    }

    /// Columns that are no field.
    pub fn unmapped(&self) -> impl Iterator<Item = &Mapping> {
        self.mappings
            .iter()
            .filter(|mapping| mapping.status == MappingStatus::Rejected || mapping.target_field.is_none())
    }

    /// Whether somebody has still to decide.
    pub fn is_undecided(&self) -> bool {
        self.mapped()
            .any(|(mapping, _)| mapping.status == MappingStatus::Suggested)
    }

    /// `pending` without mappings, `applied` once values were read with them, `suggested` while one is undecided, else
    /// `approved`.
    pub fn status(&self) -> &'static str {
        if self.mappings.is_empty() {
            "pending"
        } else if self.flow.field_mapping_completed {
            "applied"
        } else if self.is_undecided() {
            "suggested"
        } else {
            "approved"
        }
    }

    /// The import that the mappings are of.
    pub fn import(&self) -> Result<ImportId, FlowControlError> {
        self.flow
            .data_import_id
            .ok_or(FlowControlError::NoRecords(self.flow.flow_id))
    }
}

/// Why the mappings of a flow could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum FlowMappingError {
    /// The flow is not there, or has no import.
    #[error(transparent)]
    Flow(#[from] FlowControlError),
    /// A decision cannot be taken.
    #[error(transparent)]
    Decision(#[from] DecisionError),
    /// What is known about the import's columns could not be read.
    #[error(transparent)]
    Import(#[from] crate::imports::ImportError),
    /// What was given cannot be used; each sentence says about which column and why.
    #[error("{}", .0.iter().map(|fault| fault.1.as_str()).collect::<Vec<_>>().join("; "))]
    Faults(Vec<(String, String)>),
}

impl FlowMappingError {
    /// Whether the flow is not there, or not the scope's.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Flow(error) if error.is_not_found())
    }
}

impl From<StoreError> for FlowMappingError {
    fn from(error: StoreError) -> Self {
        Self::Decision(DecisionError::Store(error))
    }
}

impl Services {
    /// The mappings of a flow.
    pub async fn flow_mappings(&self, scope: &Scope, key: FlowKey) -> Result<FlowMappings, FlowMappingError> {
        let uow = self.store().begin_read(scope).await?;
        let flow = current(&uow, key).await?;
        let mappings = match flow.data_import_id {
            Some(import) => uow.mappings().list(import).await?,
            None => Vec::new(),
        };
        Ok(FlowMappings { flow, mappings })
    }

    /// A numbered page of flows with their mappings. Cost: one statement for the mappings of all of them.
    pub async fn mappings_of_flows(
        &self,
        scope: &Scope,
        filter: &DiscoveryFilter,
        number: PageNumber,
    ) -> Result<NumberedPage<FlowMappings>, FlowMappingError> {
        let uow = self.store().begin_read(scope).await?;
        let page = uow
            .discovery()
            .numbered(filter, DiscoverySort::CreatedAt, true, number)
            .await?;
        let imports: Vec<ImportId> = page.items.iter().filter_map(|flow| flow.data_import_id).collect();
        let mut of_import: BTreeMap<ImportId, Vec<Mapping>> = BTreeMap::new();
        for mapping in uow.mappings().of_imports(&imports).await? {
            of_import.entry(mapping.data_import_id).or_default().push(mapping);
        }
        let items = page.items.into_iter().map(|flow| {
            let mappings = flow
                .data_import_id
                .and_then(|import| of_import.get(&import).cloned());
            FlowMappings {
                mappings: mappings.unwrap_or_default(),
                flow,
            }
        });
        Ok(NumberedPage {
            items: items.collect(),
            total: page.total,
        })
    }

    /// Suggests mappings if there are none yet, states those that `rules` name, and then approves, of the columns that
    /// `among` names (of all if it names none), what is suggested with at least the certainty `approve_at_least`.
    pub async fn make_flow_mappings(
        &self,
        scope: &Scope,
        key: FlowKey,
        rules: BTreeMap<String, MappingStatement>,
        among: &[String],
        approve_at_least: Option<f64>,
    ) -> Result<FlowMappings, FlowMappingError> {
        let mut known = self.flow_mappings(scope, key).await?;
        let import = known.import()?;
        if known.mappings.is_empty() {
            self.suggest_mappings(scope, import).await?;
            known = self.flow_mappings(scope, key).await?;
        }
        if !rules.is_empty() {
            known = self.state_mappings(scope, key, rules).await?;
        }
        if let Some(at_least) = approve_at_least.filter(|_| !known.flow.field_mapping_completed) {
            let sure = known.mapped().filter(|(mapping, _)| {
                mapping.status == MappingStatus::Suggested
                    && mapping.confidence_score.unwrap_or(0.0) >= at_least
                    && (among.is_empty() || among.contains(&mapping.source_field))
            });
            let decisions: Vec<ColumnDecision> = sure
                .map(|(mapping, _)| ColumnDecision {
                    source_field: mapping.source_field.clone(),
                    decision: Decision::Approve,
                })
                .collect();
            if !decisions.is_empty() {
                self.decide_mappings(scope, import, decisions, None).await?;
                known = self.flow_mappings(scope, key).await?;
            }
        }
        Ok(known)
    }

    /// States which column is which field, all or nothing. Columns that are not named stay as they are.
    ///
    /// # Errors
    /// [`FlowMappingError::Faults`] with every column and field that is unknown; [`DecisionError::Applied`] once values were
    /// read.
    pub async fn state_mappings(
        &self,
        scope: &Scope,
        key: FlowKey,
        statements: BTreeMap<String, MappingStatement>,
    ) -> Result<FlowMappings, FlowMappingError> {
        let known = self.flow_mappings(scope, key).await?;
        let import = known.import()?;
        check(&known, &statements)?;
        let decisions = statements.iter().filter_map(|(column, statement)| {
            let mapping = known
                .mappings
                .iter()
                .find(|mapping| mapping.source_field == *column)?;
            let decision = decision(mapping, &statement.target)?;
            Some(ColumnDecision {
                source_field: column.clone(),
                decision,
            })
        });
        let decisions: Vec<ColumnDecision> = decisions.collect();
        if !decisions.is_empty() {
            self.decide_mappings(scope, import, decisions, None).await?;
        }
        let notes = statements
            .into_iter()
            .filter(|(_, statement)| statement.confidence.is_some() || statement.note.is_some());
        let notes: Vec<_> = notes.collect();
        if !notes.is_empty() {
            let uow = self.store().begin(scope).await?;
            for (column, statement) in notes {
                uow.mappings()
                    .annotate(import, &column, statement.confidence, statement.note)
                    .await?;
            }
            uow.commit().await?;
        }
        self.flow_mappings(scope, key).await
    }

    /// Removes the mappings of a flow; they can be suggested anew.
    ///
    /// # Errors
    /// [`DecisionError::Applied`] once values were read with them.
    pub async fn remove_flow_mappings(&self, scope: &Scope, key: FlowKey) -> Result<u64, FlowMappingError> {
        let known = self.flow_mappings(scope, key).await?;
        let import = known.import()?;
        if known.flow.field_mapping_completed {
            return Err(DecisionError::Applied { import }.into());
        }
        let uow = self.store().begin(scope).await?;
        let removed = uow.mappings().clear(import).await?;
        let change = Change {
            entity_type: "import",
            entity_id: import.to_string(),
            action: "mappings removed",
            before: Some(json!(as_object(&known))),
            after: None,
        };
        uow.change_log().record(change).await?;
        uow.commit().await?;
        Ok(removed)
    }
}

/// Column to field.
fn as_object(mappings: &FlowMappings) -> BTreeMap<&str, &str> {
    mappings
        .mapped()
        .map(|(mapping, target)| (mapping.source_field.as_str(), target))
        .collect()
}

fn check(
    known: &FlowMappings,
    statements: &BTreeMap<String, MappingStatement>,
) -> Result<(), FlowMappingError> {
    let mut faults = Vec::new();
    for (column, statement) in statements {
        if !known
            .mappings
            .iter()
            .any(|mapping| mapping.source_field == *column)
        {
            faults.push((column.clone(), format!("the import has no column '{column}'")));
        }
        if !statement.target.is_empty() && field(&statement.target).is_none() {
            let message = DecisionError::unknown_field(&statement.target).to_string();
            faults.push((column.clone(), message));
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(FlowMappingError::Faults(faults))
    }
}

/// What has to be decided so that the column is this field; nothing if it was decided so already.
fn decision(mapping: &Mapping, target: &str) -> Option<Decision> {
    let is_same = mapping.target_field.as_deref() == Some(target);
    match (target.is_empty(), mapping.status) {
        (true, MappingStatus::Rejected) => None,
        (true, _) => Some(Decision::Reject),
        (false, MappingStatus::Approved | MappingStatus::Modified) if is_same => None,
        (false, MappingStatus::Suggested) if is_same => Some(Decision::Approve),
        (false, _) => Some(Decision::Modify {
            target_field: target.to_owned(),
            transformation_rules: None,
        }),
    }
}
