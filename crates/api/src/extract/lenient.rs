//! Bodies and queries of the families that the predecessor had: names that nobody knows are ignored and told, old names mean
//! what they are called today.

use super::body::{Body, json_value, properties};
use super::notices::{note_ignored, note_old};
use super::{pairs, validation};
use crate::error::{ApiError, ApiResult, Detail};
use actix_web::{FromRequest, HttpRequest, dev};
use futures_util::future::LocalBoxFuture;
use landfall_compat::{Name, Resource, current_name, modernize};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use std::future::{Ready, ready};
use utoipa::IntoParams;
use utoipa::openapi::path::ParameterIn;
use validator::Validate;

/// Parameters by which event streams say who asks: they are not the operation's.
const STREAM_PARAMETERS: [&str; 3] = ["stream_token", "client_account_id", "engagement_id"];

/// A body of type `T`; what it does not know is ignored.
#[derive(Debug)]
pub(crate) struct LenientJson<T>(pub(crate) T);

impl<T: Body + 'static> FromRequest for LenientJson<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let body = json_value(&request, &mut payload).await?;
            lenient(&request, body).map(Self)
        })
    }
}

/// The same where a body may be left out: then every field takes its default.
#[derive(Debug)]
pub(crate) struct OptionalJson<T>(pub(crate) T);

impl<T: Body + 'static> FromRequest for OptionalJson<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            if is_empty(&request) {
                return lenient(&request, Value::Object(Map::new())).map(Self);
            }
            let body = match json_value(&request, &mut payload).await? {
                Value::Null => Value::Object(Map::new()),
                body => body,
            };
            lenient(&request, body).map(Self)
        })
    }
}

/// Whether the request has no body.
pub(crate) fn is_empty(request: &HttpRequest) -> bool {
    use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
    let headers = request.headers();
    let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    length.is_none_or(|length| length == "0")
        && !headers.contains_key(TRANSFER_ENCODING)
        && (length.is_some() || !headers.contains_key(CONTENT_TYPE))
}

/// A body without the names that `T` does not know, old names renamed.
pub(crate) fn lenient<T: Body>(request: &HttpRequest, mut body: Value) -> ApiResult<T> {
    if let Value::Object(map) = &mut body {
        tidy::<T>(request, map);
    }
    super::body::checked(body)
}

fn tidy<T: Body>(request: &HttpRequest, map: &mut Map<String, Value>) {
    if let Some(resource) = T::RESOURCE {
        let report = modernize(resource, map);
        report
            .old_names()
            .for_each(|name| note_old(request, resource, name));
    }
    let known = properties::<T>();
    map.retain(|name, _| {
        let is_known = known.contains(name);
        if !is_known {
            note_ignored(request, name);
        }
        is_known
    });
}

/// What can be sent as a query to the families that the predecessor had.
pub(crate) trait Params: DeserializeOwned + IntoParams + Validate {
    /// The resource whose old field names are accepted too.
    const RESOURCE: Option<Resource> = None;
}

/// A query of type `T`; what it does not know is ignored. `name[]=a&name[]=b` is `name=a,b`; an empty value is none.
#[derive(Debug)]
pub(crate) struct LenientQuery<T>(pub(crate) T);

impl<T: Params> FromRequest for LenientQuery<T> {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(read(request).map(Self))
    }
}

fn read<T: Params>(request: &HttpRequest) -> ApiResult<T> {
    let known: Vec<String> = T::into_params(|| Some(ParameterIn::Query))
        .into_iter()
        .map(|parameter| parameter.name)
        .collect();
    let mut taken: Vec<(String, String)> = Vec::new();
    for (name, value) in pairs(request.query_string()) {
        let name = name.strip_suffix("[]").unwrap_or(&name);
        let name = match T::RESOURCE.map_or(Name::Current(name), |resource| current_name(resource, name)) {
            Name::Old(current) if known.iter().any(|known| known == current) => {
                note(request, T::RESOURCE, name);
                current
            }
            Name::Dropped => {
                note(request, T::RESOURCE, name);
                continue;
            }
            Name::Current(_) | Name::Old(_) => name,
        };
        if !known.iter().any(|known| known == name) {
            if !STREAM_PARAMETERS.contains(&name) {
                note_ignored(request, name);
            }
        } else if let Some((_, values)) = taken.iter_mut().find(|(taken, _)| taken == name) {
            values.push(',');
            values.push_str(&value);
        } else if !value.is_empty() {
            taken.push((name.to_owned(), value));
        }
    }
    let encoded = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&taken)
        .finish();
    let deserializer = serde_urlencoded::Deserializer::new(form_urlencoded::parse(encoded.as_bytes()));
    let value: T = serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let name = error.path().to_string();
        let message = format!("{name}: {}", error.into_inner());
        ApiError::validation(vec![Detail::of(name, "type", message)])
    })?;
    validation::check(&value)?;
    Ok(value)
}

fn note(request: &HttpRequest, resource: Option<Resource>, name: &str) {
    let Some(resource) = resource else { return };
    if let Some(old) = resource.changes().iter().find(|change| change.old == name) {
        note_old(request, resource, old.old);
    }
}

/// True and false in the words that clients use.
pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(serde::de::Error::custom("takes true or false")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Notices;
    use actix_web::HttpMessage;
    use actix_web::test::TestRequest;

    #[derive(Debug, Default, Deserialize, IntoParams, Validate)]
    #[serde(default)]
    struct Sample {
        #[validate(range(min = 1, message = "must be at least 1"))]
        page: Option<u32>,
        status: Option<String>,
        #[serde(deserialize_with = "flag")]
        force: bool,
        filename: Option<String>,
    }

    impl Params for Sample {
        const RESOURCE: Option<Resource> = Some(Resource::DataImports);
    }

    #[test]
    fn a_query_is_read_in_every_way_that_clients_write_it() {
        let request = TestRequest::with_uri(
            "/?page=2&status[]=a&status[]=b&force=True&source_filename=x&is_mock=1&colour=red&page_size=",
        )
        .to_http_request();
        let query: Sample = read(&request).unwrap();
        assert_eq!((query.page, query.force), (Some(2), true));
        assert_eq!(query.status.as_deref(), Some("a,b"));
        assert_eq!(query.filename.as_deref(), Some("x"));
        let notices = request.extensions().get::<Notices>().cloned().unwrap();
        assert_eq!(notices.ignored, ["colour", "page_size"]);
        let old: Vec<_> = notices.old.iter().map(|(_, name)| *name).collect();
        assert_eq!(old, ["source_filename", "is_mock"]);
    }

    #[test]
    fn values_of_another_type_are_refused() {
        for uri in ["/?page=x", "/?page=0", "/?force=perhaps"] {
            assert!(
                read::<Sample>(&TestRequest::with_uri(uri).to_http_request()).is_err(),
                "{uri}"
            );
        }
    }
}
