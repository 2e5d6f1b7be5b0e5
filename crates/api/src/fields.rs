//! The registry of asset fields, for whoever offers them as mapping targets or filters.

use crate::access::Caller;
use crate::error::ApiResult;
use crate::page::ListOut;
use actix_web::{HttpResponse, get};
use landfall_domain::fields::{FIELDS, Field};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// A field of an asset.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldOut {
    /// Its name: JSON key, mapping target, filter.
    #[schema(example = "memory_gb")]
    name: &'static str,
    /// What kind of value it holds.
    #[schema(value_type = String, example = "number")]
    kind: Value,
    /// The JSON type of its values.
    #[schema(value_type = String, example = "number")]
    value_type: Value,
    /// Unit of the stored value.
    #[schema(value_type = Option<String>, example = "gibibytes")]
    unit: Value,
    /// What it belongs to.
    #[schema(value_type = String, example = "technical")]
    group: Value,
    /// One sentence for a person.
    description: &'static str,
    /// Other names of columns that mean this field.
    aliases: &'static [&'static str],
    /// Longest text in characters.
    max_length: Option<usize>,
    /// Least number allowed.
    minimum: Option<f64>,
    /// Greatest number allowed.
    maximum: Option<f64>,
}

impl From<&'static Field> for FieldOut {
    fn from(field: &'static Field) -> Self {
        let Field {
            name,
            kind,
            unit,
            group,
            storage: _,
            description,
            aliases,
            max_length,
            range,
        } = *field;
        let word = |value: Result<Value, serde_json::Error>| value.unwrap_or_default();
        Self {
            name,
            kind: word(serde_json::to_value(kind)),
            value_type: word(serde_json::to_value(kind.value_type())),
            unit: word(serde_json::to_value(unit)),
            group: word(serde_json::to_value(group)),
            description,
            aliases,
            max_length,
            minimum: range.map(|(least, _)| least),
            maximum: range.map(|(_, greatest)| greatest),
        }
    }
}

/// Every field that an asset can have.
#[utoipa::path(tag = "Fields", responses((status = 200, body = ListOut<FieldOut>)))]
#[get("/fields")]
pub(crate) async fn list(_caller: Caller) -> ApiResult<HttpResponse> {
    Ok(HttpResponse::Ok().json(ListOut::<FieldOut>::from(FIELDS.iter().collect::<Vec<_>>())))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list);
}
