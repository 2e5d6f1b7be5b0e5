//! The API's description: what the operations say of themselves, and what is true of all of them.

use crate::access::EXAMPLE_ID;
use crate::error::{Detail, ErrorBody, problem_type};
use std::collections::BTreeMap;
use utoipa::openapi::path::{HttpMethod, Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ArrayItems, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Required, ResponseBuilder};
use utoipa::{Modify, OpenApi as _};

/// Title, tags and the shapes that every operation shares.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Landfall",
        description = "Messy inventory exports become an asset inventory, then a migration plan.\n\n\
            Every request for tenant data names its tenant in `X-Client-Account-ID` and its engagement in \
            `X-Engagement-ID`. What belongs to someone else does not exist: both are a 404.\n\n\
            Lists are keyset pages: pass `next` of one page as `cursor` of the following one, until it is null.\n\n\
            Every failure has the body `ErrorBody`; with `Accept: application/problem+json` the same facts come as a \
            problem detail (RFC 9457).",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "Operation", description = "Health and metrics of the process."),
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
    ),
    components(schemas(ErrorBody, Detail)),
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
    }
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
        *id = format!("{resource}_{id}");
    }
    let tag = operation
        .tags
        .as_ref()
        .and_then(|tags| tags.first())
        .map_or("", String::as_str);
    let tenant = !matches!(tag, "Operation" | "Tenants" | "Fields");
    if tenant {
        let parameters = operation.parameters.get_or_insert_default();
        parameters.insert(0, id_header("X-Client-Account-ID", "The client account."));
        parameters.insert(1, id_header("X-Engagement-ID", "The engagement."));
    }
    let mut failures = vec![("500", "Something failed inside Landfall.")];
    if tag != "Operation" || path.starts_with("/api/") {
        failures.push(("503", "The database is busy or away; try again."));
    }
    if tag != "Operation" {
        failures.push(("400", "The request cannot be understood, or names no tenant."));
        failures.push(("422", "Values are not acceptable; each is listed in `details`."));
    }
    if tenant || path.contains('{') {
        failures.push(("404", "It does not exist, or belongs to someone else."));
    }
    if operation.request_body.is_some() {
        failures.push(("413", "The body is too large."));
        failures.push(("415", "The body has a type that is not read here."));
    }
    if matches!(method, HttpMethod::Patch) {
        failures.push(("412", "It was changed since it was read."));
        failures.push(("428", "If-Match is missing."));
        let parameters = operation.parameters.get_or_insert_default();
        parameters.push(if_match());
    }
    for (status, description) in failures {
        let body = || Content::new(Some(Ref::from_schema_name("ErrorBody")));
        let response = ResponseBuilder::new()
            .description(description)
            .content("application/json", body())
            .content(problem_type(), Content::new(None::<Ref>));
        operation
            .responses
            .responses
            .entry(status.to_owned())
            .or_insert_with(|| response.build().into());
    }
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

fn if_match() -> RefOr<Parameter> {
    ParameterBuilder::new()
        .name("If-Match")
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some(
            "The ETag of what was read, or `*` to change whatever is there.",
        ))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).build()))
        .example(Some("\"3\"".into()))
        .build()
        .into()
}
