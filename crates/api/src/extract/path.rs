//! Ids and names in paths.

use crate::error::{ApiError, ApiResult, Code, Detail};
use actix_web::{FromRequest, HttpRequest, dev, web};
use serde::de::DeserializeOwned;
use std::future::{Ready, ready};

/// The variable parts of the path.
#[derive(Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + 'static> FromRequest for Path<T> {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let parts = web::Path::<T>::from_request(request, payload).into_inner();
        ready(parts.map(|parts| Self(parts.into_inner())).map_err(|error| {
            let given: Vec<String> = request
                .match_info()
                .iter()
                .map(|(name, value)| format!("{name} '{value}'"))
                .collect();
            let message = format!("the path is not what is expected: {} ({error})", given.join(", "));
            let names: Vec<&str> = request.match_info().iter().map(|(name, _)| name).collect();
            // The families that the predecessor had answer as it did.
            let code = if landfall_compat::paths::is_old_family(request.path()) {
                Code::Validation
            } else {
                Code::Malformed
            };
            ApiError::new(code, message.clone()).detail(Detail::of(names.join(", "), "path", message))
        }))
    }
}
