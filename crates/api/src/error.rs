//! The one error of the API: a code, a sentence, and where the fault lies.

mod body;
mod convert;

pub(crate) use body::{Asked, ErrorBody, Problem, answer, examples, problem_type};

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// What kind of failure it is. Each code has one status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    Malformed,
    TenantRequired,
    Unauthenticated,
    Forbidden,
    NotFound,
    RouteNotFound,
    MethodNotAllowed,
    Conflict,
    PreconditionFailed,
    TooLarge,
    UnsupportedMediaType,
    Validation,
    PreconditionRequired,
    RateLimited,
    Internal,
    Unavailable,
    /// Any other status that a library answers with.
    Other(StatusCode),
}

impl Code {
    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::Malformed | Self::TenantRequired => StatusCode::BAD_REQUEST,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound | Self::RouteNotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict => StatusCode::CONFLICT,
            Self::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Validation => StatusCode::UNPROCESSABLE_ENTITY,
            Self::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Other(status) => status,
        }
    }

    /// The word in the field `error` of the body.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "MALFORMED_REQUEST",
            Self::TenantRequired => "TENANT_CONTEXT_REQUIRED",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "RESOURCE_NOT_FOUND",
            Self::RouteNotFound => "ROUTE_NOT_FOUND",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::Conflict => "RESOURCE_CONFLICT",
            Self::PreconditionFailed => "PRECONDITION_FAILED",
            Self::TooLarge => "PAYLOAD_TOO_LARGE",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::Validation => "VALIDATION_ERROR",
            Self::PreconditionRequired => "PRECONDITION_REQUIRED",
            Self::RateLimited => "RATE_LIMIT_EXCEEDED",
            Self::Internal => "INTERNAL_SERVER_ERROR",
            Self::Unavailable => "SERVICE_UNAVAILABLE",
            Self::Other(_) => "REQUEST_FAILED",
        }
    }

    /// The code for a status that no part of Landfall gave a reason for.
    pub(crate) fn of(status: StatusCode) -> Self {
        const KNOWN: [Code; 14] = [
            Code::Malformed,
            Code::Unauthenticated,
            Code::Forbidden,
            Code::NotFound,
            Code::MethodNotAllowed,
            Code::Conflict,
            Code::PreconditionFailed,
            Code::TooLarge,
            Code::UnsupportedMediaType,
            Code::Validation,
            Code::PreconditionRequired,
            Code::RateLimited,
            Code::Internal,
            Code::Unavailable,
        ];
        KNOWN
            .into_iter()
            .find(|code| code.status() == status)
            .unwrap_or(Self::Other(status))
    }
}

/// One fault of a request.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Detail {
    /// The field, parameter or header; a path such as `decisions[2].target_field` inside bodies. Absent if the fault is not
    /// of one field.
    #[schema(example = "memory_gb")]
    pub(crate) field: Option<String>,
    /// The rule that was broken, one word.
    #[schema(example = "range")]
    pub(crate) code: String,
    /// What is wrong and what would be right.
    #[schema(example = "memory_gb must be from 0 to 1048576")]
    pub(crate) message: String,
    /// Facts that a program can use, such as `line` and `column`.
    #[schema(value_type = Option<Object>)]
    pub(crate) context: Option<Value>,
}

impl Detail {
    /// A fault of a field.
    pub(crate) fn of(field: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: Some(field.into()),
            code: code.into(),
            message: message.into(),
            context: None,
        }
    }

    /// The same with facts for programs.
    pub(crate) fn with(mut self, context: Value) -> Self {
        self.context = Some(context);
        self
    }
}

/// Why a request is not answered with what it asked for.
#[derive(Debug)]
pub(crate) struct ApiError {
    code: Code,
    message: String,
    details: Vec<Detail>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// What really happened, for the log only.
    cause: Option<Box<dyn std::error::Error>>,
}

/// Result of a handler.
pub(crate) type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            details: Vec::new(),
            headers: Vec::new(),
            cause: None,
        }
    }

    /// A request that cannot be understood.
    pub(crate) fn malformed(message: impl Into<String>) -> Self {
        Self::new(Code::Malformed, message)
    }

    /// Values that are understood and not acceptable, all of them.
    pub(crate) fn validation(details: Vec<Detail>) -> Self {
        let message = match details.as_slice() {
            [one] => one.message.clone(),
            several => format!(
                "{} values are not acceptable; each is listed in details",
                several.len()
            ),
        };
        Self::new(Code::Validation, message).details(details)
    }

    /// A request that does not say who asks, or says it wrongly.
    pub(crate) fn unauthenticated(message: impl Into<String>, challenge: &'static str) -> Self {
        Self::new(Code::Unauthenticated, message).header(
            actix_web::http::header::WWW_AUTHENTICATE,
            HeaderValue::from_static(challenge),
        )
    }

    /// Too much was asked for; it may be asked again after this time.
    pub(crate) fn rate_limited(message: impl Into<String>, wait: std::time::Duration) -> Self {
        let seconds = wait.as_secs() + 1;
        let message = message.into();
        let detail = Detail {
            field: None,
            code: "rate_limit".to_owned(),
            message: message.clone(),
            context: Some(serde_json::json!({ "retry_after": seconds })),
        };
        Self::new(Code::RateLimited, message)
            .detail(detail)
            .header(actix_web::http::header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// A failure of Landfall itself: the cause is logged, the client learns only the request id.
    pub(crate) fn internal(cause: impl Into<Box<dyn std::error::Error>>) -> Self {
        let mut error = Self::new(
            Code::Internal,
            "something failed inside Landfall; the log has the cause under this request id",
        );
        error.cause = Some(cause.into());
        error
    }

    /// A failure that is expected to pass: the client may try again after a second.
    pub(crate) fn unavailable(
        message: impl Into<String>,
        cause: impl Into<Box<dyn std::error::Error>>,
    ) -> Self {
        let mut error = Self::new(Code::Unavailable, message);
        error.cause = Some(cause.into());
        error.header(
            actix_web::http::header::RETRY_AFTER,
            HeaderValue::from_static("1"),
        )
    }

    /// The same with what really happened, for the log only.
    pub(crate) fn because(mut self, cause: impl Into<Box<dyn std::error::Error>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    pub(crate) fn details(mut self, details: Vec<Detail>) -> Self {
        self.details = details;
        self
    }

    pub(crate) fn detail(mut self, detail: Detail) -> Self {
        self.details.push(detail);
        self
    }

    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// What the client is told of it.
    pub(crate) fn into_facts(self) -> (Code, String, Vec<Detail>) {
        if self.status_code().is_server_error() {
            tracing::error!(error = %self, "one of many items failed");
        }
        (self.code, self.message, self.details)
    }

    #[cfg(test)]
    pub(crate) fn code(&self) -> Code {
        self.code
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message)?;
        let mut cause = self.cause.as_deref();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    /// Status and headers; the frame writes the body, since it knows the request.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        for (name, value) in &self.headers {
            response.headers_mut().insert(name.clone(), value.clone());
        }
        response
    }
}
