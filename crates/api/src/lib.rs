//! The HTTP API.
//!
//! [`State`] holds the use cases, [`app`] is the whole application, [`serve`] runs it and [`openapi`] describes it. Each
//! resource is a module with its operations and, beneath it, `dto`: what goes over the wire. Operations translate between
//! HTTP and the services, nothing else. What is the same for all of them is in `frame` (middleware), `extract` (reading
//! requests), `access` (who asks for which tenant) and `error`.

mod access;
mod api_keys;
mod applications;
mod archetypes;
mod assessments;
mod assets;
mod auth;
mod bulk;
mod change_log;
mod compat;
mod data_import;
mod dependencies;
mod discovery_flow;
mod download;
mod engagements;
mod error;
mod extract;
mod field_mapping;
mod fields;
mod findings;
mod flows;
mod frame;
mod health;
mod imports;
mod jobs;
mod mappings;
mod master_flows;
mod me;
mod openapi;
mod options;
mod page;
mod plans;
mod price_catalogues;
mod questionnaires;
mod reports;
mod reviews;
mod security_events;
mod server;
mod service;
mod sixr;
mod stakeholders;
mod state;
mod tags;
mod tenants;
mod users;
mod waves;

pub use options::ApiOptions;
pub use server::{BoundServer, bind, serve};
pub use state::{MetricsReport, State};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, Data};
use actix_web::{App, Error, HttpResponse};
use tracing_actix_web::TracingLogger;
use utoipa::Modify;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Where the description is.
const DOCUMENT_PATH: &str = "/api/v3/openapi.json";

/// Every operation. The description is made of the same list.
fn routes(config: &mut ServiceConfig<'_>) {
    config
        .configure(health::routes)
        .service(utoipa_actix_web::scope("/api/v1/6r").configure(sixr::v1::routes));
    config.service(
        utoipa_actix_web::scope("/api/v3")
            .configure(tenants::routes)
            .configure(engagements::routes)
            .configure(auth::routes)
            .configure(me::routes)
            .configure(users::routes)
            .configure(api_keys::routes)
            .configure(security_events::routes)
            .configure(imports::routes)
            .configure(mappings::routes)
            .configure(flows::routes)
            .configure(assets::routes)
            .configure(dependencies::routes)
            .configure(tags::routes)
            .configure(findings::routes)
            .configure(applications::routes)
            .configure(questionnaires::routes)
            .configure(archetypes::routes)
            .configure(stakeholders::routes)
            .configure(reviews::routes)
            .configure(price_catalogues::routes)
            .configure(assessments::routes)
            .configure(sixr::routes)
            .configure(plans::routes)
            .configure(waves::routes)
            .configure(reports::routes)
            .configure(fields::routes)
            .configure(jobs::routes)
            .configure(change_log::routes)
            .configure(data_import::routes)
            .configure(discovery_flow::routes)
            .configure(field_mapping::routes)
            .configure(master_flows::routes)
            .configure(compat::routes)
            .configure(service::routes),
    );
}

/// The description of the whole API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let (_, mut document) = App::new()
        .into_utoipa_app()
        .openapi(openapi::base())
        .configure(routes)
        .split_for_parts();
    openapi::Shared.modify(&mut document);
    document
}

/// The application: every operation inside everything that is done for all of them.
pub fn app(
    state: &State,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody + use<>>,
        Error = Error,
        InitError = (),
    > + use<>,
> {
    let (shared, clock, known) = (Data::new(state.clone()), state.clock(), state.clone());
    let compat_state = state.clone();
    let docs = SwaggerUi::new("/docs/{_:.*}").config(Config::from(DOCUMENT_PATH));
    // The description comes first: the scope of the operations takes everything else under its prefix.
    let described = App::new().route(DOCUMENT_PATH, web::get().to(document));
    let (app, _) = described.into_utoipa_app().configure(routes).split_for_parts();
    app.app_data(shared)
        .route("/docs", web::get().to(docs_folder))
        .service(docs)
        .default_service(web::to(frame::fallback))
        .wrap(from_fn(frame::idempotency))
        .wrap(from_fn(frame::conditional))
        .wrap(from_fn(move |request, next| {
            frame::compat(compat_state.clone(), request, next)
        }))
        .wrap(from_fn(move |request, next| {
            access::authenticate(known.clone(), request, next)
        }))
        .wrap(Compress::default())
        .wrap(frame::cors(state.options()))
        .wrap(from_fn(frame::security_headers))
        .wrap(from_fn(frame::measure))
        .wrap(TracingLogger::<frame::Spans>::new())
        .wrap(from_fn(move |request, next| {
            frame::envelope(clock.clone(), request, next)
        }))
}

async fn document(state: Data<State>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(state.document().to_owned())
}

/// Links in the page are relative to the folder.
async fn docs_folder() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((actix_web::http::header::LOCATION, "/docs/"))
        .finish()
}
