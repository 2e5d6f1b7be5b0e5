//! The fields themselves.

use super::Field;

/// Every field of an asset that a source can state.
pub const FIELDS: &[Field] = &[];
