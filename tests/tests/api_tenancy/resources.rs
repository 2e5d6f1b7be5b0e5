//! The table of the walk: one file for each resource, with its operations and what the walk needs to ask for them.
//!
//! A resource has `OPERATIONS`, and `make`, which gives the tenant one thing of each kind and remembers its id in
//! [`Things`]. Texts that must not reach a stranger contain `secret`.

use crate::operation::Operation;
use crate::things::Things;
use landfall_tests::api::Api;

macro_rules! resources {
    ($($resource:ident,)+) => {
        $(mod $resource;)+

        /// Every operation of every resource.
        pub(crate) fn operations() -> Vec<Operation> {
            [$($resource::OPERATIONS),+].concat()
        }

        /// Gives the tenant its things, resource by resource.
        pub(crate) async fn make(api: &Api, things: &mut Things) {
            $($resource::make(api, things).await;)+
        }
    };
}

// In the order in which they are made and asked. Imports come last among those that read them: a stranger makes an import
// of his own, and lists before it must be empty for him.
resources! {
    operation,
    tenants,
    fields,
    access,
    assets,
    dependencies,
    tags,
    findings,
    applications,
    assessments,
    plans,
    reports,
    mappings,
    flows,
    jobs,
    change_log,
    master_flows,
    field_mapping,
    discovery_flow,
    imports,
    data_import,
    sixr,
    compat,
}
