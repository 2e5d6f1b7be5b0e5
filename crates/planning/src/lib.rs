//! What turns an inventory into a plan. Pure functions over plain values: no database, no clock, no HTTP, so that every
//! number can be recomputed by hand and every result is the same for the same input.

pub mod assessments;
pub mod communities;
pub mod graph;
mod rows;
pub mod sixr;
pub mod sizing;
pub mod waves;
