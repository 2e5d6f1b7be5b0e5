//! 6R: which strategy for each asset or application, why, and what would change it.

mod analyses;
mod dto;
mod policies;
mod runs;
mod settings;
pub(crate) mod v1;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .configure(analyses::routes)
        .configure(runs::routes)
        .configure(policies::routes)
        .configure(settings::routes);
}
