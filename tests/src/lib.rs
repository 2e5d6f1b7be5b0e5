//! What the end-to-end tests share.

pub mod api;
pub mod shape;
pub mod v3;
