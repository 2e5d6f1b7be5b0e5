//! What persons say about mappings: it is kept with the master flow, decides what is still open, and teaches the profile by
//! which the next file with these headers is mapped.

use super::ProfileColumn;
use super::flow_mappings::{FlowMappingError, FlowMappings, MappingStatement};
use super::templates::profile_columns;
use crate::Services;
use crate::discovery::FlowKey;
use chrono::SecondsFormat;
use landfall_domain::Scope;
use landfall_domain::fields::field;
use landfall_repositories::{Change, NewProfile};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

/// What a person says about the mapping of one column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ColumnFeedback {
    /// Whether it is right.
    pub is_correct: bool,
    /// The field that it should be.
    pub suggested_mapping: Option<String>,
    /// How sure the person is, 0–1.
    pub confidence: Option<f64>,
    /// Why.
    pub notes: Option<String>,
}

/// What a person says about the mappings of a flow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MappingFeedback {
    /// By column.
    pub field_mappings: BTreeMap<String, ColumnFeedback>,
    /// 1 (bad) to 5 (good).
    pub overall_satisfaction: u8,
    /// Anything else.
    pub comments: Option<String>,
}

/// What became of feedback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedbackOutcome {
    /// Columns whose mapping was decided by it.
    pub decided: usize,
    /// Columns of the profile that it taught.
    pub learnt: usize,
}

impl Services {
    /// Takes feedback. Mappings that are still open are decided by it; those that were applied already stay for this import.
    /// Either way the profile of these headers learns it.
    ///
    /// # Errors
    /// [`FlowMappingError::Faults`] with every column and field that is unknown: nothing is changed then.
    pub async fn mapping_feedback(
        &self,
        scope: &Scope,
        key: FlowKey,
        feedback: MappingFeedback,
    ) -> Result<FeedbackOutcome, FlowMappingError> {
        let known = self.flow_mappings(scope, key).await?;
        let import = known.import()?;
        let targets = targets(&known, &feedback)?;
        let decided = if known.flow.field_mapping_completed {
            0
        } else {
            let statements = targets.iter().map(|(column, target)| {
                let said = feedback.field_mappings.get(column);
                let statement = MappingStatement {
                    target: target.clone().unwrap_or_default(),
                    confidence: said.and_then(|said| said.confidence),
                    note: said.and_then(|said| said.notes.clone()),
                };
                (column.clone(), statement)
            });
            self.state_mappings(scope, key, statements.collect()).await?;
            targets.len()
        };
        let uow = self.store().begin(scope).await?;
        let import = uow.imports().get(import).await?;
        let fingerprint = import.header_fingerprint.clone().unwrap_or_else(|| {
            let headers: Vec<&str> = known.mappings.iter().map(|m| m.source_field.as_str()).collect();
            super::fingerprint(&headers)
        });
        let before = uow.profiles().find(&fingerprint).await?;
        let mut columns: Vec<ProfileColumn> = before
            .as_ref()
            .and_then(|profile| serde_json::from_value(profile.mappings.clone()).ok())
            .unwrap_or_else(|| profile_columns(&known));
        let learnt = teach(&mut columns, &targets);
        if learnt > 0 {
            uow.profiles()
                .save(NewProfile {
                    name: before
                        .as_ref()
                        .map(|profile| profile.name.clone())
                        .or_else(|| import.source_system.clone())
                        .unwrap_or_else(|| import.filename.clone()),
                    description: Some(format!("learnt from feedback on {}", import.filename)),
                    fingerprint,
                    source_format: import.source_format.clone(),
                    columns: import.source_columns.clone(),
                    mappings: json!(columns),
                })
                .await?;
        }
        let mut kept = json!(feedback);
        kept["at"] = json!(uow.now().to_rfc3339_opts(SecondsFormat::Micros, true));
        kept["by"] = json!(scope.actor.name);
        kept["import_id"] = json!(import.id);
        uow.flows()
            .add_feedback(known.flow.master_flow_id, kept.clone())
            .await?;
        let change = Change {
            entity_type: "import",
            entity_id: import.id.to_string(),
            action: "mapping feedback",
            before: None,
            after: Some(kept),
        };
        uow.change_log().record(change).await?;
        uow.commit().await?;
        Ok(FeedbackOutcome { decided, learnt })
    }
}

/// What each column should be by the feedback; nothing where it should be no field.
fn targets(
    known: &FlowMappings,
    feedback: &MappingFeedback,
) -> Result<BTreeMap<String, Option<String>>, FlowMappingError> {
    let (mut targets, mut faults) = (BTreeMap::new(), Vec::new());
    for (column, said) in &feedback.field_mappings {
        let Some(mapping) = known
            .mappings
            .iter()
            .find(|mapping| mapping.source_field == *column)
        else {
            faults.push((column.clone(), format!("the import has no column '{column}'")));
            continue;
        };
        let target = match (&said.suggested_mapping, said.is_correct) {
            (_, true) => mapping.target_field.clone(),
            (Some(target), false) if !target.is_empty() => Some(target.clone()),
            (_, false) => None,
        };
        if let Some(unknown) = target.as_deref().filter(|target| field(target).is_none()) {
            let message = super::decisions::DecisionError::unknown_field(unknown).to_string();
            faults.push((column.clone(), message));
        }
        targets.insert(column.clone(), target);
    }
    if faults.is_empty() {
        Ok(targets)
    } else {
        Err(FlowMappingError::Faults(faults))
    }
}

/// Gives the columns of a profile what was said about them. Gives how many changed.
fn teach(columns: &mut [ProfileColumn], targets: &BTreeMap<String, Option<String>>) -> usize {
    let mut learnt = 0;
    for column in columns {
        let Some(target) = targets.get(&column.source_field) else {
            continue;
        };
        if column.target_field != *target || column.is_undecided {
            if column.target_field != *target {
                // Rules are for one field: they are worked out anew.
                column.rules = crate::cleansing::TransformationRules::default();
            }
            column.target_field.clone_from(target);
            column.is_undecided = false;
            learnt += 1;
        }
    }
    learnt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_learns_what_was_said_and_nothing_else() {
        let column = |name: &str, target: Option<&str>| ProfileColumn {
            source_field: name.to_owned(),
            target_field: target.map(str::to_owned),
            ..ProfileColumn::default()
        };
        let mut columns = [
            column("Host", Some("hostname")),
            column("Box", None),
            column("Adr", Some("fqdn")),
        ];
        let targets = BTreeMap::from([
            ("Host".to_owned(), Some("hostname".to_owned())),
            ("Box".to_owned(), Some("rack_location".to_owned())),
        ]);
        assert_eq!(teach(&mut columns, &targets), 1);
        let learnt: Vec<_> = columns
            .iter()
            .map(|column| column.target_field.as_deref())
            .collect();
        assert_eq!(learnt, [Some("hostname"), Some("rack_location"), Some("fqdn")]);
    }
}
