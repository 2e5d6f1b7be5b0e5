use super::{Api, Operation, Things};
use crate::operation::Owner;

pub(super) const OPERATIONS: &[Operation] = &[Operation::get("/api/v3/compat/usage", Owner::Whole)];

#[expect(clippy::unused_async, reason = "others ask the API")]
pub(super) async fn make(_: &Api, _: &mut Things) {}
