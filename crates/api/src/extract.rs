//! Reading requests strictly: every name must be known, every fault is told at once where that is possible, and all
//! failures have the API's own form.

mod body;
mod etag;
mod lenient;
mod names;
mod notices;
mod path;
mod prefer;
mod query;
mod validation;

pub(crate) use body::{Body, Json, json_value, modernized, properties, text};
pub(crate) use etag::{IfMatch, MaybeIfMatch, etag, is_unchanged, matches_any};
pub(crate) use lenient::{LenientJson, LenientQuery, OptionalJson, Params, flag, is_empty, lenient};
pub(crate) use names::{check_names, nearest};
pub(crate) use notices::{Notices, note_ignored, note_old};
pub(crate) use path::Path;
pub(crate) use prefer::{PREFERENCE_APPLIED, RESPOND_ASYNC, RespondAsync};
pub(crate) use query::{Query, pairs};

use crate::error::{ApiError, ApiResult, Detail};
use serde::{Deserialize, Deserializer, Serialize};
use validator::ValidateLength;

/// What a change says about a field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Change<T> {
    /// Nothing: the value stays.
    #[default]
    Absent,
    /// The value is taken away.
    Null,
    /// The value is this from now on.
    To(T),
}

impl Change<String> {
    /// The change of a text of at most `most` characters; `Some(None)` takes it away.
    #[expect(
        clippy::option_option,
        reason = "to leave a value and to take it away are two things"
    )]
    pub(crate) fn text(self, field: &str, most: usize) -> ApiResult<Option<Option<String>>> {
        match self {
            Self::Absent => Ok(None),
            Self::Null => Ok(Some(None)),
            Self::To(text) if text.chars().count() > most => {
                let message = format!("{field} must have at most {most} characters");
                Err(ApiError::validation(vec![Detail::of(field, "length", message)]))
            }
            Self::To(text) => Ok(Some(Some(text))),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    /// A field that is absent is never read: it takes the default.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::To))
    }
}

impl ValidateLength<u64> for Change<String> {
    /// In characters.
    fn length(&self) -> Option<u64> {
        match self {
            Self::To(text) => text.length(),
            Self::Absent | Self::Null => None,
        }
    }
}
