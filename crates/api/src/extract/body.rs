//! JSON bodies.

use super::{names, validation};
use crate::error::{ApiError, ApiResult, Code, Detail};
use crate::state::State;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, dev};
use bytes::BytesMut;
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use landfall_compat::Resource;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use utoipa::PartialSchema;
use utoipa::openapi::{RefOr, Schema};
use validator::Validate;

/// What can be sent as a body.
pub(crate) trait Body: DeserializeOwned + PartialSchema + Validate {
    /// The resource whose old field names are accepted too.
    const RESOURCE: Option<Resource> = None;
}

/// Largest body with the records of an import in it, in bytes; larger ones are uploaded as files.
pub(crate) const RECORDS_LIMIT: usize = 64 * 1024 * 1024;
/// Ends of paths that take the records of an import in their body.
const WITH_RECORDS: [&str; 4] = [
    "/data-import/imports",
    "/discovery-flow/flows",
    "/discovery-flow/flows/crewai",
    "/discovery-flow/flows/validate",
];

/// A body of type `T`. Its described properties are the names it takes; any other is a 400. A value of another type or
/// outside of the rules is a 422.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: Body + 'static> FromRequest for Json<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move { typed(json_value(&request, &mut payload).await?).map(Self) })
    }
}

/// The body as any JSON.
pub(crate) async fn json_value(request: &HttpRequest, payload: &mut dev::Payload) -> ApiResult<Value> {
    check_type(request)?;
    parse(&collected(request, payload).await?)
}

/// The body as text of one of these types.
pub(crate) async fn text(
    request: &HttpRequest,
    payload: &mut dev::Payload,
    types: &[&str],
) -> ApiResult<String> {
    let given = content_type(request);
    let essence = essence(given);
    if !types.contains(&essence.as_str()) {
        let known = types.join(", ");
        let message = format!("the body must be one of {known}, but Content-Type is '{given}'");
        return Err(ApiError::new(Code::UnsupportedMediaType, message));
    }
    let body = collected(request, payload).await?;
    String::from_utf8(body.to_vec()).map_err(|error| {
        let message = format!("the body is no UTF-8: {error}");
        ApiError::malformed(message)
    })
}

async fn collected(request: &HttpRequest, payload: &mut dev::Payload) -> ApiResult<BytesMut> {
    let limit = request
        .app_data::<Data<State>>()
        .map_or(0, |state| state.options().json_limit);
    let limit = if WITH_RECORDS.iter().any(|end| request.path().ends_with(end)) {
        limit.max(RECORDS_LIMIT)
    } else {
        limit
    };
    let too_large = || {
        ApiError::new(Code::TooLarge, format!("the body is larger than {limit} bytes")).detail(Detail::of(
            "Content-Length",
            "too_large",
            format!("at most {limit} bytes are taken"),
        ))
    };
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| ApiError::malformed(format!("the body ended early: {error}")))?;
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn content_type(request: &HttpRequest) -> &str {
    let given = request.headers().get(CONTENT_TYPE);
    given.and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// A content type without its parameters.
fn essence(given: &str) -> String {
    given
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

fn check_type(request: &HttpRequest) -> ApiResult<()> {
    let refused = |message: String| Err(ApiError::new(Code::UnsupportedMediaType, message));
    let headers = request.headers();
    if let Some(encoding) = headers
        .get(CONTENT_ENCODING)
        .filter(|encoding| *encoding != "identity")
    {
        let encoding = String::from_utf8_lossy(encoding.as_bytes());
        return refused(format!(
            "a JSON body is taken as it is, not encoded as '{encoding}'"
        ));
    }
    let given = content_type(request);
    let essence = essence(given);
    if essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json")) {
        return Ok(());
    }
    refused(format!(
        "the body must be application/json, but Content-Type is '{given}'"
    ))
}

fn parse(body: &[u8]) -> ApiResult<Value> {
    serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let text = error.to_string();
        let reason = text.split(" at line ").next().unwrap_or_default();
        let message = format!("the body is no JSON: line {line}, column {column}: {reason}");
        let detail = Detail {
            field: None,
            code: "json_syntax".to_owned(),
            message: message.clone(),
            context: None,
        };
        ApiError::malformed(message).detail(detail.with(json!({ "line": line, "column": column })))
    })
}

fn typed<T: Body>(mut body: Value) -> ApiResult<T> {
    if let Value::Object(map) = &mut body {
        if let Some(resource) = T::RESOURCE {
            modernized(resource, map);
        }
        let known = properties::<T>();
        if !known.is_empty() {
            names::check_names(map.keys().map(String::as_str), &known, "field of this body")?;
        }
    }
    checked(body)
}

/// A value of type `T` that keeps its rules.
pub(super) fn checked<T: Body>(body: Value) -> ApiResult<T> {
    let value: T = serde_path_to_error::deserialize(body).map_err(|error| {
        let path = error.path().to_string();
        let reason = error.into_inner().to_string();
        if path == "." {
            return ApiError::validation(vec![Detail {
                field: None,
                code: "type".to_owned(),
                message: format!("the body is not what is expected: {reason}"),
                context: None,
            }]);
        }
        ApiError::validation(vec![Detail::of(
            path.clone(),
            "type",
            format!("{path}: {reason}"),
        )])
    })?;
    validation::check(&value)?;
    Ok(value)
}

/// Gives old names of fields their current ones, and counts each use.
pub(crate) fn modernized(resource: Resource, fields: &mut Map<String, Value>) {
    for name in landfall_compat::modernize(resource, fields).old_names() {
        metrics::counter!("landfall_compat_field_total", "resource" => resource.as_str(), "field" => name)
            .increment(1);
    }
}

/// The names of a described object's properties.
pub(crate) fn properties<T: PartialSchema>() -> Vec<String> {
    match T::schema() {
        RefOr::T(Schema::Object(object)) => object.properties.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use utoipa::ToSchema;

    #[derive(Debug, Deserialize, ToSchema, Validate)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[validate(length(min = 1, message = "must not be empty"))]
        name: String,
        #[validate(range(max = 9, message = "must be at most 9"))]
        size: i32,
    }

    impl Body for Sample {}

    #[test]
    fn syntax_errors_say_where() {
        let error = parse(b"{\n  \"a\": 1,\n}").unwrap_err();
        assert_eq!(error.code(), Code::Malformed);
        assert!(error.to_string().contains("line 3, column 1"), "{error}");
    }

    #[test]
    fn unknown_names_types_and_rules_are_told_apart() {
        let unknown = typed::<Sample>(json!({"nmae": "x", "size": 1, "other": 2})).unwrap_err();
        assert_eq!(unknown.code(), Code::Malformed);
        let kind = typed::<Sample>(json!({"name": "x", "size": "1"})).unwrap_err();
        assert_eq!(kind.code(), Code::Validation);
        assert!(kind.to_string().contains("size: "), "{kind}");
        let rules = typed::<Sample>(json!({"name": "", "size": 10})).unwrap_err();
        assert!(rules.to_string().contains("2 values"), "{rules}");
        assert!(typed::<Sample>(json!({"name": "x", "size": 9})).is_ok());
    }
}
