//! Field mapping: which column is which field, by what is known, and by whom it was decided.

use super::executor::{DiscoveryError, PhaseContext, PhaseExecutor, PhaseOutcome};
use super::facts::format_of;
use crate::imports::Inspection;
use crate::mappings::{
    ColumnProfile, KnownColumn, MappingProfile, ProfileColumn, Suggestion, match_profile, rules_for, suggest,
};
use async_trait::async_trait;
use landfall_domain::fields::field;
use landfall_domain::{MappingStatus, MatchType, PageRequest, Phase};
use landfall_repositories::entities::{
    data_imports, discovery_flows, import_field_mappings, mapping_profiles,
};
use landfall_repositories::{NewMapping, NewProfile, StoreResult, Uow};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Profiles that a file is compared with.
const PROFILES_COMPARED: u32 = 200;

/// Suggests, approves and learns mappings. Cost: one pass over the columns; rows are not read again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldMapping;

#[async_trait]
impl PhaseExecutor for FieldMapping {
    fn phase(&self) -> Phase {
        Phase::FieldMapping
    }

    async fn execute(&self, context: &mut PhaseContext) -> Result<PhaseOutcome, DiscoveryError> {
        let inspection = inspection_of(context);
        let uow = context.services.store().begin(&context.scope).await?;
        let profiles = stored_profiles(&uow).await?;
        let options = context.options();
        let threshold = context.services.settings().approval_threshold;
        let proposals = propose(&inspection, &profiles, &options.mapping, threshold);
        uow.mappings()
            .replace_suggestions(context.import.id, context.import.master_flow_id, proposals)
            .await?;
        let decided = uow.mappings().list(context.import.id).await?;
        let columns: Vec<&str> = inspection.columns.iter().map(String::as_str).collect();
        let matched = match_profile(&columns, &profiles);
        let output = json!({
            "mappings": decided.iter().map(mapping_json).collect::<Vec<_>>(),
            "profile": matched.as_ref().map(|found| json!({
                "name": found.profile.name, "version": found.profile.version,
                "overlap": found.overlap, "drift": found.drift,
            })),
        });
        let undecided = decided
            .iter()
            .any(|m| m.status == MappingStatus::Suggested && m.target_field.is_some());
        if options.review && undecided {
            uow.commit().await?;
            return Ok(PhaseOutcome::Waiting {
                waiting_for: "mapping_approval",
                output,
            });
        }
        learn(&uow, &context.import, &inspection, &decided).await?;
        uow.commit().await?;
        Ok(PhaseOutcome::Completed(output))
    }

    async fn accept(
        &self,
        context: &mut PhaseContext,
        output: Value,
    ) -> Result<PhaseOutcome, DiscoveryError> {
        let not_a_result = |reason| DiscoveryError::NotAResult {
            phase: Phase::FieldMapping,
            reason,
        };
        let decided: BTreeMap<String, String> = output
            .get("mappings")
            .and_then(|mappings| serde_json::from_value(mappings.clone()).ok())
            .ok_or_else(|| not_a_result("an object 'mappings' of column to field is expected".to_owned()))?;
        let inspection = inspection_of(context);
        check_decided(&decided, &inspection.columns).map_err(not_a_result)?;
        let uow = context.services.store().begin(&context.scope).await?;
        let proposals = propose(&inspection, &[], &decided, 1.1);
        uow.mappings()
            .replace_suggestions(context.import.id, context.import.master_flow_id, proposals)
            .await?;
        let decided = uow.mappings().list(context.import.id).await?;
        learn(&uow, &context.import, &inspection, &decided).await?;
        uow.commit().await?;
        Ok(PhaseOutcome::Completed(
            json!({ "mappings": decided.iter().map(mapping_json).collect::<Vec<_>>() }),
        ))
    }
}

/// What was found out about the file when it was accepted.
pub(crate) fn inspection_of(context: &PhaseContext) -> Inspection {
    kept_inspection(&context.flow)
}

fn kept_inspection(flow: &discovery_flows::Model) -> Inspection {
    flow.flow_state
        .get(super::INSPECTION)
        .and_then(|kept| serde_json::from_value(kept.clone()).ok())
        .unwrap_or_default()
}

/// Checks a decided mapping against the columns of a file. The error names every mistake.
pub(crate) fn check_decided(decided: &BTreeMap<String, String>, columns: &[String]) -> Result<(), String> {
    let mut mistakes = Vec::new();
    for (column, target) in decided {
        if !columns.contains(column) {
            mistakes.push(format!("the file has no column '{column}'"));
        }
        if !target.is_empty() && field(target).is_none() {
            mistakes.push(format!(
                "column '{column}' cannot be mapped to '{target}': there is no such field"
            ));
        }
    }
    if mistakes.is_empty() {
        Ok(())
    } else {
        Err(mistakes.join("; "))
    }
}

/// The suggestions for a file, with those that a person decided beforehand.
pub(crate) fn suggestions(inspection: &Inspection, profiles: &[MappingProfile]) -> Vec<Suggestion> {
    let format = crate::imports::formats::format(&inspection.format);
    let columns = profiles_in_order(&inspection.columns, &inspection.profiles);
    let known: Vec<KnownColumn<'_>> = columns
        .iter()
        .filter_map(|profile| {
            let meaning = format.column(&profile.name)?;
            let rules = meaning.rules(profile.samples.iter().map(String::as_str));
            // A column that fills facts beside the asset is known, and is no field.
            Some(KnownColumn {
                header: &profile.name,
                field: meaning.target_field(),
                rules,
            })
        })
        .collect();
    suggest(&columns, &known, profiles)
}

/// The profiles of the columns in the order of the file; a column of which nothing was seen has an empty one.
fn profiles_in_order(columns: &[String], profiles: &[ColumnProfile]) -> Vec<ColumnProfile> {
    let by_name: BTreeMap<&str, &ColumnProfile> = profiles
        .iter()
        .map(|profile| (profile.name.as_str(), profile))
        .collect();
    let ordered = columns.iter().map(|column| match by_name.get(column.as_str()) {
        Some(profile) => (*profile).clone(),
        None => ColumnProfile {
            name: column.clone(),
            ..ColumnProfile::default()
        },
    });
    let known: Vec<ColumnProfile> = ordered.collect();
    let late = profiles
        .iter()
        .filter(|profile| !columns.contains(&profile.name))
        .cloned();
    known.into_iter().chain(late).collect()
}

/// One row per column: what was decided beforehand, else what is suggested, approved from the threshold on.
pub(crate) fn propose(
    inspection: &Inspection,
    profiles: &[MappingProfile],
    decided: &BTreeMap<String, String>,
    threshold: f64,
) -> Vec<NewMapping> {
    let taken: Vec<&str> = decided
        .values()
        .map(String::as_str)
        .filter(|target| !target.is_empty())
        .collect();
    suggestions(inspection, profiles)
        .into_iter()
        .map(|suggestion| match decided.get(&suggestion.source_field) {
            Some(target) => decided_mapping(inspection, suggestion, target),
            None => suggested_mapping(suggestion, threshold, &taken),
        })
        .collect()
}

fn decided_mapping(inspection: &Inspection, suggestion: Suggestion, target: &str) -> NewMapping {
    let is_field = !target.is_empty();
    let profile = inspection
        .profiles
        .iter()
        .find(|profile| profile.name == suggestion.source_field);
    let rules = match (field(target), profile) {
        (Some(field), Some(profile)) if suggestion.target_field != Some(target) => {
            rules_for(profile, field).0
        }
        _ => suggestion.rules,
    };
    NewMapping {
        source_field: suggestion.source_field,
        target_field: is_field.then(|| target.to_owned()),
        match_type: MatchType::Manual,
        confidence_score: Some(1.0),
        status: if is_field {
            MappingStatus::Approved
        } else {
            MappingStatus::Rejected
        },
        reason: Some("decided with the import".to_owned()),
        alternatives: json!([]),
        suggested_by: Some("mapping file".to_owned()),
        transformation_rules: rules.to_json(),
    }
}

fn suggested_mapping(suggestion: Suggestion, threshold: f64, taken: &[&str]) -> NewMapping {
    let status = suggestion.status(threshold);
    let is_taken = suggestion
        .target_field
        .is_some_and(|target| taken.contains(&target));
    let alternatives: Vec<Value> = suggestion
        .alternatives
        .iter()
        .map(|a| json!({ "target": a.target_field, "confidence": a.confidence, "reason": a.reason }))
        .collect();
    NewMapping {
        source_field: suggestion.source_field,
        target_field: suggestion.target_field.map(str::to_owned),
        match_type: suggestion.match_type,
        confidence_score: Some(suggestion.confidence),
        // A field that was given to another column is not approved for a second one.
        status: if is_taken {
            MappingStatus::Suggested
        } else {
            status
        },
        reason: Some(suggestion.reason),
        alternatives: Value::Array(alternatives),
        suggested_by: Some("landfall".to_owned()),
        transformation_rules: suggestion.rules.to_json(),
    }
}

/// The engagement's active profiles, as the suggestions take them.
pub(crate) async fn stored_profiles(uow: &Uow) -> Result<Vec<MappingProfile>, DiscoveryError> {
    let page = uow
        .profiles()
        .list(&PageRequest::first(PROFILES_COMPARED))
        .await?;
    Ok(page.items.iter().filter_map(profile_of).collect())
}

fn profile_of(row: &mapping_profiles::Model) -> Option<MappingProfile> {
    let columns: Vec<ProfileColumn> = serde_json::from_value(row.mappings.clone()).ok()?;
    let mut profile = MappingProfile::new(
        row.name.clone(),
        u32::try_from(row.profile_version).ok()?,
        columns,
    );
    profile.fingerprint.clone_from(&row.fingerprint);
    Some(profile)
}

/// [`learn`], for a flow whose mappings a person has decided.
pub(crate) async fn learn_decided(uow: &Uow, flow: &discovery_flows::Model) -> StoreResult<()> {
    let Some(import) = flow.data_import_id else {
        return Ok(());
    };
    let decided = uow.mappings().list(import).await?;
    learn(
        uow,
        &uow.imports().get(import).await?,
        &kept_inspection(flow),
        &decided,
    )
    .await
}

/// Keeps the decided mapping for the next file with these headers. A new version is made only if something changed.
async fn learn(
    uow: &Uow,
    import: &data_imports::Model,
    inspection: &Inspection,
    decided: &[import_field_mappings::Model],
) -> StoreResult<()> {
    let columns: Vec<ProfileColumn> = decided
        .iter()
        .map(|mapping| ProfileColumn {
            source_field: mapping.source_field.clone(),
            target_field: mapping
                .target_field
                .clone()
                .filter(|_| mapping.status.is_accepted()),
            rules: crate::cleansing::TransformationRules::from_json(&mapping.transformation_rules)
                .unwrap_or_default(),
            is_undecided: mapping.status == MappingStatus::Suggested,
        })
        .collect();
    let mappings = json!(columns);
    if let Some(known) = uow.profiles().find(&inspection.fingerprint).await?
        && known.mappings == mappings
    {
        uow.profiles().mark_used(known.id).await?;
        return Ok(());
    }
    uow.profiles()
        .save(NewProfile {
            name: import
                .source_system
                .clone()
                .unwrap_or_else(|| import.filename.clone()),
            description: Some(format!("learnt from {}", import.filename)),
            fingerprint: inspection.fingerprint.clone(),
            source_format: Some(format_of(import).id().to_owned()),
            columns: json!(inspection.columns),
            mappings,
        })
        .await?;
    Ok(())
}

fn mapping_json(mapping: &import_field_mappings::Model) -> Value {
    json!({
        "source_field": mapping.source_field,
        "target_field": mapping.target_field,
        "confidence": mapping.confidence_score,
        "match_type": mapping.match_type,
        "status": mapping.status,
        "reason": mapping.reason,
    })
}
