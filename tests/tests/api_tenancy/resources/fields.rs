use super::{Api, Operation, Things};
use crate::operation::{Least, Owner};

pub(super) const OPERATIONS: &[Operation] =
    &[Operation::get("/api/v3/fields", Owner::Nobody).least(Least::Caller)];

pub(super) async fn make(_: &Api, _: &mut Things) {}
