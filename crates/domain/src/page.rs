//! Keyset pages: a page costs the same at the end of a table as at its start.

use serde::{Deserialize, Serialize};

/// Where the next page begins: the sort values and id of the last row, opaque to clients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// Which page is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Rows at most, 1 to [`PageRequest::MAX`].
    pub limit: u32,
    /// After which row; from the start if absent.
    pub after: Option<Cursor>,
}

impl PageRequest {
    /// Most rows that a page may have.
    pub const MAX: u32 = 500;

    /// The first page with at most `limit` rows.
    pub fn first(limit: u32) -> Self {
        Self {
            limit: limit.clamp(1, Self::MAX),
            after: None,
        }
    }
}

impl Default for PageRequest {
    fn default() -> Self {
        Self::first(50)
    }
}

/// One page of rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; absent on the last page.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// The same page with each row turned into something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next: self.next,
        }
    }
}
