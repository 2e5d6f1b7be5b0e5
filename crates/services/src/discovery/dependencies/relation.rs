//! Which end of a stated relation needs the other.

use landfall_domain::UnknownLabel;

/// Whether the first of two related assets needs the second, or is needed by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The first needs the second.
    DependsOn,
    /// The second needs the first.
    UsedBy,
}

const DEPENDS_ON: &[&str] = &[
    "southbound",
    "depends on",
    "runs on",
    "hosted on",
    "uses",
    "consumes",
    "requires",
];
const USED_BY: &[&str] = &[
    "northbound",
    "used by",
    "runs",
    "hosts",
    "consumed by",
    "required by",
];

impl std::str::FromStr for Direction {
    type Err = UnknownLabel;

    /// Reads Konveyor's `SOUTHBOUND` and `NORTHBOUND` (seen from the first application) and the two-sided relation types
    /// of a CMDB, of which the left side is said of the first: `Depends on::Used by`, `Hosts::Hosted on`.
    fn from_str(text: &str) -> Result<Self, UnknownLabel> {
        let left = text.split("::").next().unwrap_or_default();
        let words = left.replace(['_', '-'], " ");
        let words = words
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase();
        if DEPENDS_ON.contains(&words.as_str()) {
            Ok(Self::DependsOn)
        } else if USED_BY.contains(&words.as_str()) {
            Ok(Self::UsedBy)
        } else {
            Err(UnknownLabel {
                word: text.to_owned(),
                kind: "direction of a dependency",
                known: [DEPENDS_ON, USED_BY].concat().join(", "),
            })
        }
    }
}
