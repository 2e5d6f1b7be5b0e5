//! `/field-mapping`: mappings of flows as existing clients know them.

mod dto;
mod exchange;
mod insight;

use crate::access::{Editor, Tenant, Viewer};
use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::{LenientJson, LenientQuery, Path};
use crate::state::State;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post, put};
use dto::{
    ApplyTemplate, AutoMap, FieldMappingCreate, FieldMappingList, FieldMappingResponse, FieldMappingUpdate,
    MappingListQuery, MappingTemplateOut, SCHEMA, SaveTemplate, SavedTemplate,
};
use landfall_domain::DiscoveryFlowId;
use landfall_services::discovery::FlowKey;
use landfall_services::mappings::flow_mappings::{FlowMappings, MappingStatement};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

fn key(id: Uuid) -> FlowKey {
    FlowKey::Any(id)
}

fn answer(known: FlowMappings) -> HttpResponse {
    HttpResponse::Ok().json(FieldMappingResponse::from(known))
}

fn check_schema(schema: &str) -> ApiResult<()> {
    if [SCHEMA, "assets", "asset"].contains(&schema) {
        return Ok(());
    }
    let message = format!("'{schema}' is no schema; there is {SCHEMA}");
    Err(ApiError::validation(vec![Detail::of(
        "target_schema",
        "schema",
        message,
    )]))
}

/// Rules of column to field; a field may also be the `target` of an object.
fn statements(rules: Map<String, Value>) -> ApiResult<BTreeMap<String, MappingStatement>> {
    let (mut statements, mut faults) = (BTreeMap::new(), Vec::new());
    for (column, rule) in rules {
        let target = match &rule {
            Value::Null => Some(String::new()),
            Value::String(target) => Some(target.clone()),
            Value::Object(rule) => ["target", "target_field"]
                .iter()
                .find_map(|name| rule.get(*name)?.as_str())
                .map(str::to_owned),
            _ => None,
        };
        if let Some(target) = target {
            let statement = MappingStatement {
                target,
                ..MappingStatement::default()
            };
            statements.insert(column, statement);
        } else {
            let message = format!("the rule of '{column}' names no field");
            faults.push(Detail::of(format!("mapping_rules.{column}"), "rule", message));
        }
    }
    if faults.is_empty() {
        Ok(statements)
    } else {
        Err(ApiError::validation(faults))
    }
}

/// Makes the mappings of a flow: suggested where there are none, decided where rules say so, approved where they are certain.
#[utoipa::path(
    tag = "Field mapping",
    request_body = FieldMappingCreate,
    responses(
        (status = 201, body = FieldMappingResponse),
        (status = 409, body = crate::error::ErrorBody, description = "The flow has no records, or its mappings were applied already.")
    )
)]
#[post("/field-mapping/mappings")]
pub(crate) async fn create(
    state: Data<State>,
    tenant: Tenant<Editor>,
    body: LenientJson<FieldMappingCreate>,
) -> ApiResult<HttpResponse> {
    let (body, services) = (body.0, state.services());
    // Whose flow it is comes before what is wrong with the rest.
    services.discovery_flow(&tenant.0, key(body.flow_id)).await?;
    check_schema(&body.target_schema)?;
    let rules = statements(body.mapping_rules.unwrap_or_default())?;
    let least = body.auto_map.then_some(services.settings().approval_threshold);
    let known = services
        .make_flow_mappings(&tenant.0, key(body.flow_id), rules, &body.source_fields, least)
        .await?;
    Ok(HttpResponse::Created().json(FieldMappingResponse::from(known)))
}

/// The mappings of flows, the newest flow first.
#[utoipa::path(tag = "Field mapping", params(MappingListQuery), responses((status = 200, body = FieldMappingList)))]
#[get("/field-mapping/mappings")]
pub(crate) async fn list(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    query: LenientQuery<MappingListQuery>,
) -> ApiResult<HttpResponse> {
    let number = query.0.number();
    let (items, total) = if let Some(id) = query.0.flow_id {
        match state.services().flow_mappings(&tenant.0, key(id)).await {
            Ok(known) => (vec![known], 1),
            Err(error) if error.is_not_found() => (Vec::new(), 0),
            Err(error) => return Err(error.into()),
        }
    } else {
        let found = state
            .services()
            .mappings_of_flows(&tenant.0, &query.0.filter(), number)
            .await?;
        (found.items, found.total)
    };
    Ok(HttpResponse::Ok().json(FieldMappingList {
        items: items.into_iter().map(FieldMappingResponse::from).collect(),
        total,
        page: number.page,
        page_size: number.size,
        total_pages: total.div_ceil(number.size),
        has_next: number.page.saturating_mul(number.size) < total,
        has_previous: number.page > 1 && total > 0,
    }))
}

/// The mappings of a flow.
#[utoipa::path(
    tag = "Field mapping",
    params(("flow_id" = DiscoveryFlowId, Path)),
    responses((status = 200, body = FieldMappingResponse))
)]
#[get("/field-mapping/mappings/{flow_id}")]
pub(crate) async fn one(
    state: Data<State>,
    tenant: Tenant<Viewer>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    Ok(answer(
        state.services().flow_mappings(&tenant.0, key(id.0)).await?,
    ))
}

/// States which column is which field. Columns that are not named stay as they are.
#[utoipa::path(
    tag = "Field mapping",
    params(("flow_id" = DiscoveryFlowId, Path)),
    request_body = FieldMappingUpdate,
    responses(
        (status = 200, body = FieldMappingResponse),
        (status = 409, body = crate::error::ErrorBody, description = "The mappings were applied already.")
    )
)]
#[put("/field-mapping/mappings/{flow_id}")]
pub(crate) async fn change(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: LenientJson<FieldMappingUpdate>,
) -> ApiResult<HttpResponse> {
    let FieldMappingUpdate {
        mappings,
        confidence_scores,
        validation_notes,
    } = body.0;
    let (scores, notes) = (
        confidence_scores.unwrap_or_default(),
        validation_notes.unwrap_or_default(),
    );
    let statements = mappings.into_iter().map(|(column, target)| {
        let statement = MappingStatement {
            target,
            confidence: scores.get(&column).copied(),
            note: notes.get(&column).cloned(),
        };
        (column, statement)
    });
    let known = state
        .services()
        .state_mappings(&tenant.0, key(id.0), statements.collect())
        .await?;
    Ok(answer(known))
}

/// Removes the mappings of a flow; they can be made anew.
#[utoipa::path(
    tag = "Field mapping",
    params(("flow_id" = DiscoveryFlowId, Path)),
    responses(
        (status = 204, description = "They are gone."),
        (status = 409, body = crate::error::ErrorBody, description = "They were applied already.")
    )
)]
#[delete("/field-mapping/mappings/{flow_id}")]
pub(crate) async fn remove(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    state
        .services()
        .remove_flow_mappings(&tenant.0, key(id.0))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Approves what is suggested with enough certainty.
#[utoipa::path(
    tag = "Field mapping",
    params(("flow_id" = DiscoveryFlowId, Path)),
    request_body = AutoMap,
    responses(
        (status = 200, body = FieldMappingResponse),
        (status = 409, body = crate::error::ErrorBody, description = "The flow has no records.")
    )
)]
#[post("/field-mapping/mappings/{flow_id}/auto-map")]
pub(crate) async fn auto_map(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: LenientJson<AutoMap>,
) -> ApiResult<HttpResponse> {
    let services = state.services();
    services.discovery_flow(&tenant.0, key(id.0)).await?;
    check_schema(&body.0.target_schema)?;
    let least = Some(body.0.confidence_threshold);
    let known = services
        .make_flow_mappings(
            &tenant.0,
            key(id.0),
            BTreeMap::new(),
            &body.0.source_fields,
            least,
        )
        .await?;
    Ok(answer(known))
}

/// Decides on columns as a template says.
#[utoipa::path(
    tag = "Field mapping",
    params(("flow_id" = DiscoveryFlowId, Path)),
    request_body = ApplyTemplate,
    responses(
        (status = 200, body = FieldMappingResponse),
        (status = 409, body = crate::error::ErrorBody, description = "The mappings were applied already.")
    )
)]
#[post("/field-mapping/mappings/{flow_id}/apply-template")]
pub(crate) async fn apply_template(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: LenientJson<ApplyTemplate>,
) -> ApiResult<HttpResponse> {
    let known = state
        .services()
        .apply_template(&tenant.0, key(id.0), body.0.template_id)
        .await?;
    Ok(answer(known))
}

/// Keeps the mappings of a flow as a template.
#[utoipa::path(
    tag = "Field mapping",
    params(("flow_id" = DiscoveryFlowId, Path)),
    request_body = SaveTemplate,
    responses(
        (status = 200, body = SavedTemplate),
        (status = 409, body = crate::error::ErrorBody, description = "The flow has no records.")
    )
)]
#[post("/field-mapping/mappings/{flow_id}/save-template")]
pub(crate) async fn save_template(
    state: Data<State>,
    tenant: Tenant<Editor>,
    id: Path<Uuid>,
    body: LenientJson<SaveTemplate>,
) -> ApiResult<HttpResponse> {
    let SaveTemplate {
        template_name,
        description,
    } = body.0;
    let template = state
        .services()
        .save_template(&tenant.0, key(id.0), template_name, description)
        .await?;
    Ok(HttpResponse::Ok().json(SavedTemplate {
        template_id: template.id,
        message: format!("the template '{}' is kept", template.name),
    }))
}

/// Templates, newest first.
#[utoipa::path(tag = "Field mapping", responses((status = 200, body = Vec<MappingTemplateOut>)))]
#[get("/field-mapping/templates")]
pub(crate) async fn templates(state: Data<State>, tenant: Tenant<Viewer>) -> ApiResult<HttpResponse> {
    let found = state.services().mapping_templates(&tenant.0).await?;
    let found: Vec<MappingTemplateOut> = found.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(found))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(create)
        .service(list)
        .service(one)
        .service(change)
        .service(remove);
    config
        .service(auto_map)
        .service(apply_template)
        .service(save_template)
        .service(templates)
        .configure(insight::routes)
        .configure(exchange::routes);
}
