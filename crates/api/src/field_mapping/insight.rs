//! What columns could be, how good mappings are, and what persons say about them.

use super::dto::{
    BulkSuggestions, FeedbackAnswer, FieldMappingHealth, FieldMappingValidation,
    FieldMappingValidationResponse, FieldSuggestions, MappingAnalyticsOut, MappingFeedbackIn,
    MappingPreviewOut, RulesOutcome, SCHEMA, SuggestionQuery, ValidateRules,
};
use super::key;
use crate::access::{Editor, Tenant, Viewer};
use crate::data_import::judge::rules;
use crate::data_import::reports::{SampleQuery, json};
use crate::error::ApiResult;
use crate::extract::{LenientJson, LenientQuery, Path};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use landfall_domain::DiscoveryFlowId;
use landfall_domain::fields::{FIELDS, ValueType};
use landfall_services::mappings::check::check_mapping;
use landfall_services::mappings::confidence::FieldSuggestion;
use landfall_services::mappings::feedback::{ColumnFeedback, MappingFeedback};
use serde_json::{Map, Value, json as object};
use std::collections::BTreeMap;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Fields without which an asset cannot be told from others.
const REQUIRED: [&str; 2] = ["asset_name", "asset_type"];

/// Checks a mapping, on rows that are given or on the import's values.
#[utoipa::path(
    tag = "Field mapping",
    operation_id = "validate",
    params(("flow_id" = DiscoveryFlowId, Path)),
    request_body = FieldMappingValidation,
    responses((status = 200, body = FieldMappingValidationResponse))
)]
#[post("/field-mapping/mappings/{flow_id}/validate")]
pub(crate) async fn validate(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    body: LenientJson<FieldMappingValidation>,
) -> ApiResult<HttpResponse> {
    let services = state.services();
    let known = services.flow_mappings(&tenant.0, key(id.0)).await?;
    let columns = match known.flow.data_import_id {
        Some(import) => Some(services.import_columns(&tenant.0, import).await?),
        None => None,
    };
    let rows = body.0.sample_data.unwrap_or_default();
    let found = check_mapping(&body.0.mappings, &known, columns.as_ref(), &rows);
    Ok(HttpResponse::Ok().json(FieldMappingValidationResponse {
        is_valid: found.is_valid,
        validation_score: found.validation_score,
        issues: json(&found.issues),
        recommendations: found.recommendations,
        field_coverage: found.field_coverage,
        data_type_conflicts: json(&found.data_type_conflicts),
    }))
}

/// The schemas that columns are mapped to: the fields of an asset.
#[utoipa::path(tag = "Field mapping", operation_id = "schemas", responses((status = 200, body = Object)))]
#[get("/field-mapping/schemas")]
pub(crate) async fn target_schemas(_tenant: Tenant<Viewer>) -> ApiResult<HttpResponse> {
    let fields: Map<String, Value> = FIELDS
        .iter()
        .map(|field| {
            let kind = match field.kind.value_type() {
                ValueType::Text => "string",
                ValueType::Integer => "integer",
                ValueType::Number => "number",
                ValueType::Boolean => "boolean",
                ValueType::Timestamp => "datetime",
                ValueType::TextList => "array",
            };
            let description = object!({
                "type": kind, "required": REQUIRED.contains(&field.name), "description": field.description,
            });
            (field.name.to_owned(), description)
        })
        .collect();
    Ok(HttpResponse::Ok().json(object!({
        "schemas": { SCHEMA: { "description": "What an asset can say about itself.", "fields": fields } }
    })))
}

fn suggestions(state: &State, source_field: String, found: &[FieldSuggestion]) -> FieldSuggestions {
    let threshold = state.services().settings().approval_threshold;
    FieldSuggestions {
        auto_mapping_available: found.first().is_some_and(|first| first.confidence >= threshold),
        source_field,
        suggestions: json(&found),
    }
}

/// What a column could be.
#[utoipa::path(
    tag = "Field mapping",
    params(("flow_id" = DiscoveryFlowId, Path), SuggestionQuery),
    responses((status = 200, body = FieldSuggestions))
)]
#[get("/field-mapping/suggestions/{flow_id}")]
pub(crate) async fn suggest(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    query: LenientQuery<SuggestionQuery>,
) -> ApiResult<HttpResponse> {
    let field = query.0.source_field;
    let found = state
        .services()
        .mapping_suggestions(&tenant.0, key(id.0), std::slice::from_ref(&field))
        .await?;
    let of_field = found.get(&field).map(Vec::as_slice).unwrap_or_default();
    Ok(HttpResponse::Ok().json(suggestions(&state, field.clone(), of_field)))
}

/// What each of several columns could be.
#[utoipa::path(
    tag = "Field mapping",
    params(("flow_id" = DiscoveryFlowId, Path)),
    request_body = BulkSuggestions,
    responses((status = 200, body = BTreeMap<String, FieldSuggestions>))
)]
#[post("/field-mapping/suggestions/{flow_id}/bulk")]
pub(crate) async fn suggest_bulk(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    body: LenientJson<BulkSuggestions>,
) -> ApiResult<HttpResponse> {
    let found = state
        .services()
        .mapping_suggestions(&tenant.0, key(id.0), &body.0.source_fields)
        .await?;
    let answer: BTreeMap<String, FieldSuggestions> = found
        .into_iter()
        .map(|(field, found)| (field.clone(), suggestions(&state, field, &found)))
        .collect();
    Ok(HttpResponse::Ok().json(answer))
}

/// Checks the values of a flow's import by rules.
#[utoipa::path(
    tag = "Field mapping",
    params(("flow_id" = DiscoveryFlowId, Path)),
    request_body = ValidateRules,
    responses(
        (status = 200, body = RulesOutcome),
        (status = 409, body = crate::error::ErrorBody, description = "The flow has no records.")
    )
)]
#[post("/field-mapping/mappings/{flow_id}/validate-rules")]
pub(crate) async fn validate_rules(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    body: LenientJson<ValidateRules>,
) -> ApiResult<HttpResponse> {
    let services = state.services();
    services.discovery_flow(&tenant.0, key(id.0)).await?;
    let mut parsed = rules(&body.0.rules)?;
    let outcomes = services
        .check_flow_rules(&tenant.0, key(id.0), &mut parsed)
        .await?;
    let results: Vec<Value> = body
        .0
        .rules
        .iter()
        .zip(&outcomes)
        .map(|(rule, outcome)| {
            object!({
                "rule": rule, "passed": outcome.affected_records == 0, "message": outcome.message,
                "affected_records": outcome.affected_records,
            })
        })
        .collect();
    let kept = outcomes
        .iter()
        .filter(|outcome| outcome.affected_records == 0)
        .count();
    #[expect(clippy::cast_precision_loss, reason = "few rules")]
    let score = if outcomes.is_empty() {
        1.0
    } else {
        kept as f64 / outcomes.len() as f64
    };
    Ok(HttpResponse::Ok().json(RulesOutcome {
        is_valid: outcomes
            .iter()
            .all(|outcome| outcome.affected_records == 0 || !outcome.is_error),
        rule_results: results,
        overall_score: (score * 1e4).round() / 1e4,
    }))
}

/// How good the mappings of a flow are.
#[utoipa::path(
    tag = "Field mapping",
    params(("flow_id" = DiscoveryFlowId, Path)),
    responses(
        (status = 200, body = MappingAnalyticsOut),
        (status = 409, body = crate::error::ErrorBody, description = "The flow has no records.")
    )
)]
#[get("/field-mapping/mappings/{flow_id}/analytics")]
pub(crate) async fn analytics(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let found = state.services().mapping_analytics(&tenant.0, key(id.0)).await?;
    Ok(HttpResponse::Ok().json(MappingAnalyticsOut {
        mapping_quality: json(&found.mapping_quality),
        field_analysis: json(&found.field_analysis),
        recommendations: json(&found.recommendations),
    }))
}

/// What the first rows become under the mappings of a flow.
#[utoipa::path(
    tag = "Field mapping",
    operation_id = "preview",
    params(("flow_id" = DiscoveryFlowId, Path), SampleQuery),
    responses(
        (status = 200, body = MappingPreviewOut),
        (status = 409, body = crate::error::ErrorBody, description = "The flow has no records.")
    )
)]
#[get("/field-mapping/mappings/{flow_id}/preview")]
pub(crate) async fn preview(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
    query: LenientQuery<SampleQuery>,
) -> ApiResult<HttpResponse> {
    let rows = query.0.sample_size.unwrap_or(10) as usize;
    let found = state
        .services()
        .preview_mappings(&tenant.0, key(id.0), rows)
        .await?;
    Ok(HttpResponse::Ok().json(MappingPreviewOut {
        preview_records: json(&found.preview_records),
        summary: json(&found.summary),
    }))
}

/// Takes what a person says about mappings: open ones are decided by it, and the next file with these headers is mapped by it.
#[utoipa::path(
    tag = "Field mapping",
    params(("flow_id" = DiscoveryFlowId, Path)),
    request_body = MappingFeedbackIn,
    responses(
        (status = 200, body = FeedbackAnswer),
        (status = 409, body = crate::error::ErrorBody, description = "The flow has no records.")
    )
)]
#[post("/field-mapping/mappings/{flow_id}/feedback")]
pub(crate) async fn feedback(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: LenientJson<MappingFeedbackIn>,
) -> ApiResult<HttpResponse> {
    let MappingFeedbackIn {
        field_mappings,
        overall_satisfaction,
        comments,
    } = body.0;
    let columns = field_mappings.into_iter().map(|(column, said)| {
        let said = ColumnFeedback {
            is_correct: said.is_correct,
            suggested_mapping: said.suggested_mapping,
            confidence: said.confidence.map(|score| score.clamp(0.0, 1.0)),
            notes: said.notes,
        };
        (column, said)
    });
    let said = MappingFeedback {
        field_mappings: columns.collect(),
        overall_satisfaction,
        comments,
    };
    let outcome = state
        .services()
        .mapping_feedback(&tenant.0, key(id.0), said)
        .await?;
    Ok(HttpResponse::Ok().json(FeedbackAnswer {
        message: format!(
            "thank you: {} mappings were decided, {} columns of the profile learnt",
            outcome.decided, outcome.learnt
        ),
        learning_applied: outcome.learnt > 0,
    }))
}

/// How sure each mapping of a flow is, and why.
#[utoipa::path(
    tag = "Field mapping",
    params(("flow_id" = DiscoveryFlowId, Path)),
    responses(
        (status = 200, body = Object, description = "By column: `confidence_score`, `confidence_factors`, `risk_level`, `recommendations`."),
        (status = 409, body = crate::error::ErrorBody, description = "The flow has no records.")
    )
)]
#[get("/field-mapping/mappings/{flow_id}/confidence")]
pub(crate) async fn confidence(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let found = state.services().mapping_confidence(&tenant.0, key(id.0)).await?;
    Ok(HttpResponse::Ok().json(found))
}

/// How the family is.
#[utoipa::path(tag = "Field mapping", operation_id = "health", responses((status = 200, body = FieldMappingHealth)))]
#[get("/field-mapping/health")]
pub(crate) async fn health(state: Data<State>, _tenant: Tenant<Viewer>) -> ApiResult<HttpResponse> {
    Ok(HttpResponse::Ok().json(FieldMappingHealth {
        status: "healthy",
        service: "field-mapping-v3",
        version: crate::service::API_VERSION,
        timestamp: state.services().now(),
        components: BTreeMap::from([("database", true), ("suggestions", true), ("profiles", true)]),
    }))
}

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(validate)
        .service(target_schemas)
        .service(suggest)
        .service(suggest_bulk)
        .service(validate_rules)
        .service(analytics);
    config
        .service(preview)
        .service(feedback)
        .service(confidence)
        .service(health);
}
