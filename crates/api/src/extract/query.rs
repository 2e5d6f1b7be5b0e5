//! Query strings.

use super::{names, validation};
use crate::access::{STREAM_PARAMETERS, is_stream};
use crate::error::{ApiError, ApiResult, Detail};
use actix_web::{FromRequest, HttpRequest, dev};
use serde::de::DeserializeOwned;
use std::future::{Ready, ready};
use utoipa::IntoParams;
use utoipa::openapi::path::ParameterIn;
use validator::Validate;

/// A query of type `T`. Its described parameters are the names it takes; any other is a 400.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned + IntoParams + Validate> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let query = request.query_string();
        let own = without_tenant(request, query);
        ready(read(own.as_deref().unwrap_or(query)).map(Self))
    }
}

/// The query of an event stream without what says who asks and for which tenant: `access` has read that.
fn without_tenant(request: &HttpRequest, query: &str) -> Option<String> {
    if !is_stream(request.method(), request.path()) {
        return None;
    }
    let own = pairs(query)
        .into_iter()
        .filter(|(name, _)| !STREAM_PARAMETERS.contains(&name.as_str()));
    Some(
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(own)
            .finish(),
    )
}

/// The names and values of a query, decoded, in their order.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn read<T: DeserializeOwned + IntoParams + Validate>(query: &str) -> ApiResult<T> {
    let known: Vec<String> = T::into_params(|| Some(ParameterIn::Query))
        .into_iter()
        .map(|parameter| parameter.name)
        .collect();
    let given = pairs(query);
    names::check_names(
        given.iter().map(|(name, _)| name.as_str()),
        &known,
        "parameter here",
    )?;
    let deserializer = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    let value: T = serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let name = error.path().to_string();
        let message = format!("{name}: {}", error.into_inner());
        ApiError::validation(vec![Detail::of(name, "type", message)])
    })?;
    validation::check(&value)?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;
    use serde::Deserialize;

    #[derive(Debug, Default, Deserialize, IntoParams, Validate)]
    #[serde(default, deny_unknown_fields)]
    struct Sample {
        #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
        limit: Option<u32>,
        cursor: Option<String>,
    }

    #[test]
    fn parameters_are_read_strictly() {
        let good: Sample = read("limit=5&cursor=a%20b").unwrap();
        assert_eq!((good.limit, good.cursor.as_deref()), (Some(5), Some("a b")));
        assert_eq!(read::<Sample>("limt=5").unwrap_err().code(), Code::Malformed);
        let kind = read::<Sample>("limit=five").unwrap_err();
        assert_eq!(kind.code(), Code::Validation);
        assert!(kind.to_string().contains("limit"), "{kind}");
        assert_eq!(read::<Sample>("limit=0").unwrap_err().code(), Code::Validation);
    }
}
