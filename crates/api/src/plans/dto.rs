//! Plans on the wire.

mod answers;
mod given;
mod queries;

pub(crate) use answers::*;
pub(crate) use given::*;
pub(crate) use queries::*;
