//! Reading requests strictly: every name must be known, every fault is told at once where that is possible, and all
//! failures have the API's own form.

mod body;
mod etag;
mod names;
mod path;
mod query;
mod validation;

pub(crate) use body::{Body, Json, json_value, modernized, properties};
pub(crate) use etag::{IfMatch, etag, is_unchanged};
pub(crate) use names::{check_names, nearest};
pub(crate) use path::Path;
pub(crate) use query::{Query, pairs};

use serde::{Deserialize, Deserializer};

/// Tells a field that is absent from one that is null, for changes: absent leaves the value, null takes it away.
pub(crate) fn present<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}
