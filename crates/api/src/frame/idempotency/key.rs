//! The key of a request: whose it is, and what it is for.

use crate::error::{ApiError, ApiResult, Detail};
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_TYPE, HeaderName};
use landfall_compat::paths::is_old_family;
use landfall_domain::Scope;
use uuid::{Uuid, uuid};

/// The header with the key.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Longest key.
const MAX_KEY: usize = 255;
/// Under which ids of keys are made.
const NAMESPACE: Uuid = uuid!("5f0c9d0e-6a53-4e0b-9a42-0d4f8d5c7b11");

/// What a client gave as key.
pub(super) struct Given {
    text: String,
    is_request_id: bool,
}

/// A key of one tenant and caller, for one operation.
pub(super) struct Key {
    /// Its id.
    pub(super) id: Uuid,
    /// Whether it is the request's id, which some clients use for several requests: then another request under it is none
    /// of its repetitions, and no fault.
    pub(super) is_request_id: bool,
    /// What divides the parts of a form; it is another one each time the same form is sent.
    pub(super) boundary: Option<Vec<u8>>,
}

/// The key of a POST. Clients of the old families send none, but the id of their request each time they try again.
pub(super) fn given(request: &ServiceRequest) -> ApiResult<Option<Given>> {
    if request.method() != Method::POST {
        return Ok(None);
    }
    if let Some(value) = request.headers().get(IDEMPOTENCY_KEY) {
        let text = value.to_str().unwrap_or_default().trim().trim_matches('"');
        if (1..=MAX_KEY).contains(&text.len()) {
            return Ok(Some(Given {
                text: text.to_owned(),
                is_request_id: false,
            }));
        }
        let message = format!("Idempotency-Key must have 1 to {MAX_KEY} printable ASCII characters");
        let detail = Detail::of("Idempotency-Key", "length", message.clone());
        return Err(ApiError::malformed(message).detail(detail));
    }
    if !is_old_family(request.path()) {
        return Ok(None);
    }
    let id = request.headers().get(super::super::envelope::REQUEST_ID);
    let id = id.and_then(|id| id.to_str().ok()).map(str::trim);
    Ok(id.filter(|id| (1..=MAX_KEY).contains(&id.len())).map(|id| Given {
        text: id.to_owned(),
        is_request_id: true,
    }))
}

impl Given {
    /// The key among those of everybody.
    pub(super) fn within(&self, scope: &Scope, request: &ServiceRequest) -> Key {
        let caller = match scope.actor.user_id {
            Some(user) => user.to_string(),
            None => scope.actor.name.clone(),
        };
        let target = request
            .uri()
            .path_and_query()
            .map_or_else(|| request.path(), |target| target.as_str());
        let name = [
            scope.engagement_id.to_string().as_str(),
            &caller,
            target,
            if self.is_request_id { "request" } else { "key" },
            &self.text,
        ]
        .join("\n");
        Key {
            id: Uuid::new_v5(&NAMESPACE, name.as_bytes()),
            is_request_id: self.is_request_id,
            boundary: boundary(request),
        }
    }
}

fn boundary(request: &ServiceRequest) -> Option<Vec<u8>> {
    let kind = request.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    if !kind.to_ascii_lowercase().starts_with("multipart/") {
        return None;
    }
    let at = kind.to_ascii_lowercase().find("boundary=")?;
    let rest = kind.get(at + "boundary=".len()..)?;
    let text = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => rest.split(';').next()?.trim(),
    };
    (!text.is_empty()).then(|| text.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;
    use landfall_domain::{Actor, ClientAccountId, EngagementId};

    fn of(path: &str, headers: &[(&'static str, &'static str)]) -> ServiceRequest {
        let mut request = TestRequest::post().uri(path);
        for header in headers {
            request = request.insert_header(*header);
        }
        request.to_srv_request()
    }

    #[test]
    fn a_request_id_is_a_key_in_the_old_families_alone() {
        let id = [("X-Request-ID", "req_1")];
        assert!(
            given(&of("/api/v3/data-import/imports", &id))
                .unwrap()
                .is_some_and(|key| key.is_request_id)
        );
        assert!(given(&of("/api/v3/imports", &id)).unwrap().is_none());
        let both = [("X-Request-ID", "req_1"), ("Idempotency-Key", "\"k\"")];
        let key = given(&of("/api/v3/data-import/imports", &both)).unwrap().unwrap();
        assert!(!key.is_request_id && key.text == "k");
        assert!(given(&of("/api/v3/imports", &[("Idempotency-Key", "")])).is_err());
    }

    #[test]
    fn a_key_is_of_one_engagement_caller_and_operation() {
        let scope = |name: &str| Scope {
            client_account_id: ClientAccountId(Uuid::nil()),
            engagement_id: EngagementId(Uuid::nil()),
            actor: Actor::system(name),
        };
        let id = |scope: &Scope, path: &str| {
            let request = of(path, &[("Idempotency-Key", "k")]);
            given(&request).unwrap().unwrap().within(scope, &request).id
        };
        let ann = scope("ann");
        assert_eq!(id(&ann, "/a?x=1"), id(&ann, "/a?x=1"));
        assert_ne!(id(&ann, "/a?x=1"), id(&ann, "/a?x=2"));
        assert_ne!(id(&ann, "/a"), id(&scope("bob"), "/a"));
        let elsewhere = Scope {
            engagement_id: EngagementId(Uuid::max()),
            ..ann.clone()
        };
        assert_ne!(id(&ann, "/a"), id(&elsewhere, "/a"));
    }

    #[test]
    fn the_boundary_of_a_form_is_found_quoted_or_not() {
        let of_type = |kind: &'static str| boundary(&of("/", &[("Content-Type", kind)]));
        assert_eq!(
            of_type("multipart/form-data; boundary=abc; x=y"),
            Some(b"abc".to_vec())
        );
        assert_eq!(
            of_type("Multipart/Form-Data; Boundary=\"a b\""),
            Some(b"a b".to_vec())
        );
        assert_eq!(of_type("application/json"), None);
    }
}
