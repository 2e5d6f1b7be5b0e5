//! Recognising a format by its headers.

use std::collections::BTreeSet;

use serde::Serialize;

use super::KnownColumn;
use super::columns::{find, normal};

/// The headers of a table, normalised.
#[derive(Debug)]
pub struct Headers {
    given: Vec<String>,
    normal: Vec<String>,
    set: BTreeSet<String>,
}

impl Headers {
    /// Headers as read.
    pub fn new(columns: &[String]) -> Self {
        let normal: Vec<String> = columns
            .iter()
            .map(|column| super::columns::normal(column))
            .collect();
        Self {
            given: columns.to_vec(),
            set: normal.iter().cloned().collect(),
            normal,
        }
    }

    /// Whether the header is there, in any case of letters.
    pub(super) fn has(&self, header: &str) -> bool {
        self.set.contains(&normal(header))
    }

    /// The header as given, if it is there.
    fn given(&self, header: &str) -> Option<&str> {
        let wanted = normal(header);
        let index = self.normal.iter().position(|name| *name == wanted)?;
        self.given.get(index).map(String::as_str)
    }

    /// How many of the headers the format knows.
    pub(super) fn known(&self, columns: &'static [KnownColumn]) -> usize {
        self.given
            .iter()
            .filter(|header| find(columns, header).is_some())
            .count()
    }

    /// All headers.
    pub(super) fn len(&self) -> usize {
        self.given.len()
    }

    /// The headers as given.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.given.iter().map(String::as_str)
    }
}

/// The format of a file, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recognised {
    /// Id of the format.
    pub id: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// Its version, where the headers tell.
    pub version: Option<String>,
    /// 0 to 1: 0.6 for having all that the format always has, the rest for the share of columns that it knows.
    pub score: f64,
    /// Headers that spoke for it.
    pub evidence: Vec<String>,
}

/// What a format always has.
pub(super) struct Fingerprint {
    /// Of each group one header must be there.
    pub(super) all: &'static [&'static [&'static str]],
    /// Of these at least `least` must be there.
    pub(super) some: &'static [&'static str],
    /// See `some`.
    pub(super) least: usize,
}

impl Fingerprint {
    /// The headers that match; none if something is missing.
    pub(super) fn evidence(&self, headers: &Headers) -> Option<Vec<String>> {
        let mut evidence = Vec::new();
        for group in self.all {
            evidence.push(group.iter().find_map(|header| headers.given(header))?.to_owned());
        }
        let some: Vec<&str> = self
            .some
            .iter()
            .filter_map(|header| headers.given(header))
            .collect();
        if some.len() < self.least {
            return None;
        }
        evidence.extend(some.into_iter().map(str::to_owned));
        Some(evidence)
    }

    /// The format, scored by the share of columns that it knows.
    #[expect(clippy::cast_precision_loss, reason = "counts of columns")]
    pub(super) fn recognise(
        &self,
        format: &dyn super::Format,
        version: Option<&str>,
        headers: &Headers,
    ) -> Option<Recognised> {
        let mut evidence = self.evidence(headers)?;
        let known = headers.known(format.columns());
        let share = known as f64 / headers.len().max(1) as f64;
        evidence.push(format!("{known} of {} columns known", headers.len()));
        Some(Recognised {
            id: format.id(),
            label: format.label(),
            version: version.map(str::to_owned),
            score: 0.6 + 0.4 * share,
            evidence,
        })
    }
}
