use super::{Api, Operation, Things};
use crate::operation::{Least, Owner};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::get("/healthz", Owner::Nobody).least(Least::Public),
    Operation::get("/readyz", Owner::Nobody).least(Least::Public),
    Operation::get("/metrics", Owner::Nobody).least(Least::Platform),
    Operation::get("/api/v3/health", Owner::Nobody).least(Least::Public),
    Operation::get("/api/v3/", Owner::Nobody).least(Least::Public),
    Operation::get("/api/v3/status", Owner::Nobody).least(Least::Public),
    Operation::get("/api/v3/openapi-spec", Owner::Nobody).least(Least::Public),
    Operation::get("/api/v3/metrics", Owner::Whole),
];

#[expect(clippy::unused_async, reason = "others ask the API")]
pub(super) async fn make(_: &Api, _: &mut Things) {}
