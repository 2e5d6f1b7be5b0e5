use super::{Api, Operation, Things};
use crate::operation::Owner;
use crate::things::ids;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::get("/api/v3/jobs", Owner::List),
    Operation::get("/api/v3/jobs/{id}", Owner::One),
];

/// The job is the one that drives an import's flow.
pub(super) async fn make(api: &Api, things: &mut Things) {
    let jobs = api.get("/api/v3/jobs").await.expect(200).json();
    things.add("jobs", ids(&jobs)[0].clone());
}
