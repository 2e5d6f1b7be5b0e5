//! The API's description: what the operations say of themselves, and what is true of all of them.

use crate::access::{EXAMPLE_ID, is_public};
use crate::error::{Code, Detail, ErrorBody, Problem, problem_type};
use actix_web::http::StatusCode;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::openapi::path::{HttpMethod, Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ArrayItems, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, ContentBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder};
use utoipa::{Modify, OpenApi as _};

/// Title, tags and the shapes that every operation shares.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Landfall",
        description = "Messy inventory exports become an asset inventory, then a migration plan.\n\n\
            Every request for tenant data names its tenant in `X-Client-Account-ID` and its engagement in \
            `X-Engagement-ID`. What belongs to someone else does not exist: both are a 404.\n\n\
            Who asks is said in `Authorization: Bearer …`: an API key, the token of a login, or the token of an identity \
            provider that the operator trusts. On the machine itself authentication may be off. Roles are viewer, editor, \
            approver and admin, of a tenant or of one engagement; a role that is too small is a 403.\n\n\
            Lists are keyset pages: pass `next` of one page as `cursor` of the following one, until it is null.\n\n\
            Every failure has the body `ErrorBody`; with `Accept: application/problem+json` the same facts come as a \
            problem detail (RFC 9457).\n\n\
            A POST may carry an `Idempotency-Key`: then it is safe to repeat. Every request may carry an `X-Request-ID`; the \
            answer has it, made anew if it was missing. What was read carries an `ETag`: `If-None-Match` asks whether it is \
            still so, `If-Match` changes it only if it is. Answers are compressed (gzip, zstd) for clients that accept it.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "Operation", description = "Health and metrics of the process."),
        (name = "Access", description = "Logins, users with their roles, API keys, and what happened to security."),
        (name = "Tenants", description = "Client accounts and their engagements."),
        (name = "Imports", description = "Files on their way into the inventory."),
        (name = "Mappings", description = "Which column is which field."),
        (name = "Flows", description = "The work on an import, phase by phase."),
        (name = "Assets", description = "The inventory."),
        (name = "Fields", description = "What an asset can say about itself."),
        (name = "Dependencies", description = "Which asset needs which."),
        (name = "Tags", description = "Words that assets and applications bear."),
        (name = "Findings", description = "Technical debt: what is out of support, and why."),
        (name = "Applications", description = "Groups of assets that are planned together."),
        (name = "Assessments", description = "Risk by questionnaire; readiness, size and cost of machines."),
        (name = "Jobs", description = "Work that goes on after its request was answered."),
        (name = "Change log", description = "What changed, before and after, who did it and in which request."),
        (name = "Plans", description = "What moves when, why, and what is wrong with it."),
        (name = "Reports", description = "An engagement for people to read: Markdown, JSON, or one HTML file with charts."),
        (name = "Waves", description = "The waves that are carried out."),
        (name = "6R", description = "Which strategy for each asset or application, why, and what would change it."),
        (name = "Master flows", description = "Programmes of work with everything that hangs on them."),
        (name = "Data import", description = "Imports as existing clients know them."),
        (name = "Discovery flow", description = "Flows as existing clients know them."),
        (name = "Field mapping", description = "Mappings as existing clients know them."),
        (name = "Compatibility", description = "Who still uses old names."),
    ),
    components(schemas(ErrorBody, Detail, Problem)),
)]
struct Document;

/// The description without paths: the operations add themselves.
pub(crate) fn base() -> OpenApi {
    let mut document = Document::openapi();
    env!("CARGO_PKG_VERSION").clone_into(&mut document.info.version);
    document
}

/// Adds to every operation what is true of all.
pub(crate) struct Shared;

impl Modify for Shared {
    fn modify(&self, document: &mut OpenApi) {
        if let Some(components) = &mut document.components {
            refer_to_rows(&mut components.schemas);
        }
        document
            .components
            .get_or_insert_default()
            .add_security_scheme(BEARER, bearer());
        for (path, item) in &mut document.paths.paths {
            let operations = [
                (HttpMethod::Get, &mut item.get),
                (HttpMethod::Post, &mut item.post),
                (HttpMethod::Put, &mut item.put),
                (HttpMethod::Patch, &mut item.patch),
                (HttpMethod::Delete, &mut item.delete),
            ];
            for (method, operation) in operations {
                if let Some(operation) = operation {
                    complete(path, &method, operation);
                }
            }
        }
        share_failures(document);
    }
}

/// Failures that operations have in common are described once; the operations refer to them.
fn share_failures(document: &mut OpenApi) {
    let mut names = BTreeMap::new();
    let mut shared = BTreeMap::new();
    for item in document.paths.paths.values_mut() {
        let operations = [
            &mut item.get,
            &mut item.post,
            &mut item.put,
            &mut item.patch,
            &mut item.delete,
        ];
        for operation in operations.into_iter().flatten() {
            for (status, response) in &mut operation.responses.responses {
                let Some(code) = code_of(status) else { continue };
                let whole = serde_json::to_string(response).unwrap_or_default();
                let number = names.len() + 1;
                let name = names
                    .entry(whole)
                    .or_insert_with(|| format!("{}_{number}", code.as_str()));
                let reference = Ref::new(format!("#/components/responses/{name}"));
                let described = std::mem::replace(response, RefOr::Ref(reference));
                shared.entry(name.clone()).or_insert(described);
            }
        }
    }
    document
        .components
        .get_or_insert_default()
        .responses
        .extend(shared);
}

/// A list's schema repeats the schema of its rows; it refers to it instead, so that a client has one type for both.
fn refer_to_rows(schemas: &mut BTreeMap<String, RefOr<Schema>>) {
    let names: Vec<String> = schemas.keys().cloned().collect();
    for (name, schema) in schemas {
        let row = name
            .split_once('_')
            .filter(|(list, _)| ["ListOut", "PageOut"].contains(list));
        let (Some((_, row)), RefOr::T(Schema::Object(list))) = (row, schema) else {
            continue;
        };
        if let Some(RefOr::T(Schema::Array(items))) = list.properties.get_mut("items")
            && names.iter().any(|name| name == row)
        {
            items.items = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(row).into()));
        }
    }
}

fn complete(path: &str, method: &HttpMethod, operation: &mut Operation) {
    // Handlers are called alike in every module; ids are not.
    if let (Some(id), Some(rest)) = (&mut operation.operation_id, path.strip_prefix("/api/v3/"))
        && let Some(resource) = rest.split('/').next().filter(|resource| *resource != "health")
    {
        *id = format!("{}_{id}", resource.replace('-', "_"));
    }
    let tag = operation
        .tags
        .as_ref()
        .and_then(|tags| tags.first())
        .map_or("", String::as_str);
    let tenant = !matches!(tag, "Operation" | "Access" | "Tenants" | "Fields");
    let public = is_public(path);
    if !public {
        operation.security = Some(vec![SecurityRequirement::new(BEARER, Vec::<String>::new())]);
    }
    if tenant {
        let parameters = operation.parameters.get_or_insert_default();
        parameters.insert(0, id_header("X-Client-Account-ID", "The client account."));
        parameters.insert(1, id_header("X-Engagement-ID", "The engagement."));
    }
    let client =
        operation.parameters.iter().flatten().any(
            |parameter| matches!(parameter, RefOr::T(parameter) if parameter.name == "X-Client-Account-ID"),
        );
    let parameters = operation.parameters.get_or_insert_default();
    match *method {
        HttpMethod::Get if path.starts_with("/api/") => parameters.push(if_none_match()),
        HttpMethod::Post if tenant => parameters.push(idempotency_key()),
        _ => {}
    }
    let mut failures = vec![("500", "Something failed inside Landfall.")];
    if tag != "Operation" || path.starts_with("/api/") {
        failures.push(("503", "The database is busy or away; try again."));
    }
    if tag != "Operation" {
        failures.push(("400", "The request cannot be understood, or names no tenant."));
        failures.push(("422", "Values are not acceptable; each is listed in `details`."));
    }
    if !public {
        failures.push((
            "401",
            "Nobody says who asks, or the token is not known, has ended or was revoked.",
        ));
        failures.push((
            "403",
            "The caller's role is too small, or its key is for something else.",
        ));
    }
    if !public || path.contains("/auth/") {
        failures.push((
            "429",
            "Too much was asked for; `Retry-After` says when to try again.",
        ));
    }
    if tenant || client || path.contains('{') {
        failures.push(("404", "It does not exist, or belongs to someone else."));
    }
    if operation.request_body.is_some() {
        failures.push(("413", "The body is too large."));
        failures.push(("415", "The body has a type that is not read here."));
    }
    if matches!(method, HttpMethod::Patch) {
        failures.push(("412", "It was changed since it was read."));
        failures.push(("428", "If-Match is missing."));
        parameters.push(if_match(Required::True));
    }
    if tenant && matches!(method, HttpMethod::Post) {
        failures.push(("409", "The same request is still being done."));
    }
    if tenant && matches!(method, HttpMethod::Delete) {
        failures.push(("412", "It was changed since it was read."));
        parameters.push(if_match(Required::False));
    }
    for (status, description) in failures {
        operation
            .responses
            .responses
            .entry(status.to_owned())
            .or_insert_with(|| ResponseBuilder::new().description(description).build().into());
    }
    for (status, response) in &mut operation.responses.responses {
        if let (Some(code), RefOr::T(response)) = (code_of(status), response) {
            fail(code, response);
        }
    }
    if matches!(method, HttpMethod::Get) && path.starts_with("/api/") {
        let unchanged = ResponseBuilder::new().description("The client has this answer already.");
        operation
            .responses
            .responses
            .insert("304".to_owned(), unchanged.build().into());
    }
}

/// The kind of failure that a described status stands for; none for a success.
fn code_of(status: &str) -> Option<Code> {
    let status = StatusCode::from_bytes(status.as_bytes()).ok()?;
    (status.is_client_error() || status.is_server_error()).then(|| Code::of(status))
}

/// Gives a described failure the body that every failure has, in both forms, with an example of each.
fn fail(code: Code, response: &mut Response) {
    let (body, problem) = crate::error::examples(code, &response.description);
    let content = |shape: &str, example: Value| -> RefOr<Content> {
        let content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name(shape)))
            .example(Some(example));
        RefOr::T(content.build())
    };
    response
        .content
        .insert("application/json".to_owned(), content("ErrorBody", body));
    response
        .content
        .insert(problem_type().to_owned(), content("Problem", problem));
}

/// The name of the one way to say who asks.
const BEARER: &str = "bearer";

fn bearer() -> SecurityScheme {
    SecurityScheme::Http(
        HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "An API key (`lfk_…`), the access token of a login (`lfa_…`), or a JWT of an identity provider that the \
                 operator trusts.",
            ))
            .build(),
    )
}

fn id_header(name: &str, description: &str) -> RefOr<Parameter> {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
        .build();
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(schema))
        .example(Some(EXAMPLE_ID.into()))
        .build()
        .into()
}

fn text_header(name: &str, required: Required, description: &str, example: &str) -> RefOr<Parameter> {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(required)
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).build()))
        .example(Some(example.into()))
        .build()
        .into()
}

fn if_match(required: Required) -> RefOr<Parameter> {
    let description = "The ETag of what was read, or `*` to change whatever is there.";
    text_header("If-Match", required, description, "\"3\"")
}

fn if_none_match() -> RefOr<Parameter> {
    let description = "The ETag of an answer that the client has: it is not sent again.";
    text_header("If-None-Match", Required::False, description, "\"3\"")
}

fn idempotency_key() -> RefOr<Parameter> {
    let description = "Makes the request safe to repeat for 24 hours: it is done once, and a repetition gets the same \
        answer with `Idempotency-Replayed: true`. Take a new key for each request.";
    text_header(
        "Idempotency-Key",
        Required::False,
        description,
        "5b0d7a52-6f0e-4a39-9a3e-0c7f9c3c8f10",
    )
}
