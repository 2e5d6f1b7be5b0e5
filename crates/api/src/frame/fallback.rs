//! Requests that no operation answers: the path does not exist, or not with this method.

use crate::error::{ApiError, ApiResult, Code};
use crate::state::State;
use actix_web::dev::ResourceDef;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::{OpenApi, PathItem};

/// Every path of the API's description with the methods it has, so that a wrong method can be told from a wrong path.
pub(crate) struct Routes(Vec<(ResourceDef, String)>);

impl Routes {
    /// The paths of a description.
    pub(crate) fn of(document: &OpenApi) -> Self {
        Self(
            document
                .paths
                .paths
                .iter()
                .map(|(path, item)| (ResourceDef::new(path.as_str()), methods(item)))
                .collect(),
        )
    }

    /// The methods of a path, comma separated, if it exists. The most specific pattern wins, as in routing.
    fn methods(&self, path: &str) -> Option<&str> {
        let fits = |exact: bool| {
            self.0.iter().find(|(pattern, _)| {
                pattern.is_match(path) && pattern.pattern().is_some_and(|text| exact != text.contains('{'))
            })
        };
        fits(true)
            .or_else(|| fits(false))
            .map(|(_, methods)| methods.as_str())
    }
}

fn methods(item: &PathItem) -> String {
    let mut methods = Vec::new();
    for (name, operation) in [
        ("GET", &item.get),
        ("POST", &item.post),
        ("PUT", &item.put),
        ("PATCH", &item.patch),
        ("DELETE", &item.delete),
    ] {
        if operation.is_some() {
            methods.push(name);
            if name == "GET" {
                methods.push("HEAD");
            }
        }
    }
    methods.join(", ")
}

/// Says which it is.
pub(crate) async fn fallback(request: HttpRequest, state: Data<State>) -> ApiResult<HttpResponse> {
    let Some(methods) = state.routes().methods(request.path()) else {
        return Err(ApiError::new(
            Code::RouteNotFound,
            format!(
                "there is nothing at {}; /docs lists what there is",
                request.path()
            ),
        ));
    };
    let message = format!(
        "{} does not take {}; it takes {methods}",
        request.path(),
        request.method()
    );
    let error = ApiError::new(Code::MethodNotAllowed, message);
    Err(match HeaderValue::from_str(methods) {
        Ok(allow) => error.header(ALLOW, allow),
        Err(_) => error,
    })
}
