//! Decisions on mappings: a person says which column is which field.

use crate::Services;
use crate::cleansing::TransformationRules;
use crate::discovery::suggestions::{propose, stored_profiles};
use crate::discovery::{DiscoveryError, INSPECTION};
use crate::imports::{ImportOptions, Inspection};
use landfall_domain::fields::{FIELDS, field};
use landfall_domain::{ImportId, Scope};
pub use landfall_repositories::Decision;
use landfall_repositories::entities::discovery_flows;
pub use landfall_repositories::entities::import_field_mappings::Model as Mapping;
use landfall_repositories::{Change, StoreError, Transient, Uow, retry};
use serde_json::{Value, json};
use uuid::Uuid;

/// Why a decision was not taken.
#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    /// The target is no field of an asset.
    #[error("'{target}' is no field of an asset{}", suggestion.as_ref().map_or_else(String::new, |near| format!("; did you mean '{near}'?")))]
    UnknownField {
        /// What was given.
        target: String,
        /// The field that is spelt most like it.
        suggestion: Option<&'static str>,
    },
    /// The rules for converting values do not parse.
    #[error("the transformation rules of column '{column}' cannot be used: {reason}")]
    Rules {
        /// The column, or its mapping's id.
        column: String,
        /// What is wrong with them.
        reason: String,
    },
    /// There is nothing to approve: no field was proposed.
    #[error("no field was proposed for column '{column}': choose one as target_field, or reject the mapping")]
    NothingProposed {
        /// The column.
        column: String,
    },
    /// The values were read with these mappings already.
    #[error(
        "the mappings of import {import} were applied already: undo the import and upload the file again to map it otherwise"
    )]
    Applied {
        /// The import.
        import: ImportId,
    },
    /// The profiles to suggest from could not be read.
    #[error(transparent)]
    Suggestion(#[from] DiscoveryError),
    /// The database refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DecisionError {
    /// The error for a target that is no field, with the field that was probably meant.
    pub(crate) fn unknown_field(target: &str) -> Self {
        Self::UnknownField {
            target: target.to_owned(),
            suggestion: nearest(target),
        }
    }
}

impl Transient for DecisionError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}

/// A decision on one column of an import.
#[derive(Clone, Debug)]
pub struct ColumnDecision {
    /// Header of the column.
    pub source_field: String,
    /// What is decided.
    pub decision: Decision,
}

impl Services {
    /// The mappings of an import, in the order of its columns.
    pub async fn mappings(&self, scope: &Scope, import: ImportId) -> Result<Vec<Mapping>, DecisionError> {
        let uow = self.store().begin_read(scope).await?;
        uow.imports().get(import).await?;
        Ok(uow.mappings().list(import).await?)
    }

    /// Decides on one mapping. `expected` is the version that the person saw; `None` decides whatever the version.
    pub async fn decide_mapping(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
        decision: Decision,
    ) -> Result<Mapping, DecisionError> {
        check(&id.to_string(), &decision)?;
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let before = uow.mappings().get(id).await?;
            check_open(&uow, before.data_import_id).await?;
            check_proposed(&before, &decision)?;
            let after = uow
                .mappings()
                .decide(id, expected.unwrap_or(before.version), &decision)
                .await?;
            record(&uow, &before, &after).await?;
            uow.commit().await?;
            Ok(after)
        })
        .await
    }

    /// Decides on several columns of an import, then approves every column that is still undecided and has a proposal of at
    /// least the certainty `approve_at_least` (0–1). All is done or nothing. Gives all mappings of the import.
    pub async fn decide_mappings(
        &self,
        scope: &Scope,
        import: ImportId,
        decisions: Vec<ColumnDecision>,
        approve_at_least: Option<f64>,
    ) -> Result<Vec<Mapping>, DecisionError> {
        for each in &decisions {
            check(&each.source_field, &each.decision)?;
        }
        let decisions = &decisions;
        retry(|| async move {
            let uow = self.store().begin(scope).await?;
            uow.imports().get(import).await?;
            check_open(&uow, import).await?;
            let before = uow.mappings().list(import).await?;
            for ColumnDecision {
                source_field,
                decision,
            } in decisions
            {
                let column = before
                    .iter()
                    .find(|mapping| mapping.source_field == *source_field);
                let column =
                    column.ok_or_else(|| StoreError::not_found("mapping of column", source_field))?;
                check_proposed(column, decision)?;
                let after = uow
                    .mappings()
                    .decide_column(import, source_field, decision)
                    .await?;
                record(&uow, column, &after).await?;
            }
            if let Some(at_least) = approve_at_least {
                approve(&uow, import, at_least).await?;
            }
            let after = uow.mappings().list(import).await?;
            uow.commit().await?;
            Ok(after)
        })
        .await
    }

    /// Suggests the mappings of an import anew, by what was learnt since. What a person decided stays.
    ///
    /// # Errors
    /// [`DecisionError::Applied`] once the values were read; [`StoreError::NotFound`] before the file was looked into.
    pub async fn suggest_mappings(
        &self,
        scope: &Scope,
        import: ImportId,
    ) -> Result<Vec<Mapping>, DecisionError> {
        let threshold = self.settings().approval_threshold;
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let options = uow.imports().get(import).await?.options;
            check_open(&uow, import).await?;
            let flow = uow.discovery().get_by_import(import).await?;
            let inspection: Inspection = flow
                .flow_state
                .get(INSPECTION)
                .and_then(|kept| serde_json::from_value(kept.clone()).ok())
                .ok_or_else(|| StoreError::not_found("look into the file of import", import))?;
            let options: ImportOptions = serde_json::from_value(options).unwrap_or_default();
            let profiles = stored_profiles(&uow).await?;
            let proposals = propose(&inspection, &profiles, &options.mapping, threshold);
            uow.mappings()
                .replace_suggestions(import, Some(flow.master_flow_id), proposals)
                .await?;
            let mappings = uow.mappings().list(import).await?;
            uow.commit().await?;
            Ok(mappings)
        })
        .await
    }
}

async fn approve(uow: &Uow, import: ImportId, at_least: f64) -> Result<(), StoreError> {
    let approved = uow
        .mappings()
        .decide_suggested(import, at_least, &Decision::Approve)
        .await?;
    let change = Change {
        entity_type: "import",
        entity_id: import.to_string(),
        action: "mappings approved",
        before: None,
        after: Some(json!({ "at_least": at_least, "approved": approved })),
    };
    uow.change_log().record(change).await
}

fn check(column: &str, decision: &Decision) -> Result<(), DecisionError> {
    let Decision::Modify {
        target_field,
        transformation_rules,
    } = decision
    else {
        return Ok(());
    };
    if field(target_field).is_none() {
        return Err(DecisionError::unknown_field(target_field));
    }
    if let Some(rules) = transformation_rules {
        TransformationRules::from_json(rules).map_err(|error| DecisionError::Rules {
            column: column.to_owned(),
            reason: error.to_string(),
        })?;
    }
    Ok(())
}

/// The field whose name is spelt most like this, if it is close.
fn nearest(name: &str) -> Option<&'static str> {
    FIELDS
        .iter()
        .map(|field| (strsim::damerau_levenshtein(name, field.name), field.name))
        .filter(|(distance, _)| *distance <= (name.chars().count() / 3).max(1))
        .min()
        .map(|(_, name)| name)
}

fn check_proposed(mapping: &Mapping, decision: &Decision) -> Result<(), DecisionError> {
    if *decision == Decision::Approve && mapping.target_field.is_none() {
        return Err(DecisionError::NothingProposed {
            column: mapping.source_field.clone(),
        });
    }
    Ok(())
}

/// Mappings are decided until their phase is completed.
async fn check_open(uow: &Uow, import: ImportId) -> Result<(), DecisionError> {
    match uow.discovery().get_by_import(import).await {
        Ok(discovery_flows::Model {
            field_mapping_completed: true,
            ..
        }) => Err(DecisionError::Applied { import }),
        Ok(_) | Err(StoreError::NotFound { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn record(uow: &Uow, before: &Mapping, after: &Mapping) -> Result<(), StoreError> {
    let change = Change {
        entity_type: "mapping",
        entity_id: after.id.to_string(),
        action: "decided",
        before: Some(decided(before)),
        after: Some(decided(after)),
    };
    uow.change_log().record(change).await
}

fn decided(mapping: &Mapping) -> Value {
    json!({
        "source_field": mapping.source_field,
        "target_field": mapping.target_field,
        "status": mapping.status,
        "transformation_rules": mapping.transformation_rules,
    })
}
