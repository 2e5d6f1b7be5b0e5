//! Mappings of flows as existing clients know them.

mod answers;
mod given;

pub(crate) use answers::*;
pub(crate) use given::*;
