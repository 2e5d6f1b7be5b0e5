//! Mappings that people approved, found again for the next file of the same source.

use landfall_domain::fields::header::compact;
use serde::{Deserialize, Serialize};

use super::fingerprint::{Drift, drift, fingerprint, forms};
use crate::cleansing::TransformationRules;

/// Least part of the columns that a file and a profile must share for the profile to be used.
pub const LEAST_OVERLAP: f64 = 0.8;

/// An approved mapping of all columns of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingProfile {
    /// What people call it.
    pub name: String,
    /// Counts up with each change.
    #[serde(default)]
    pub version: u32,
    /// [`fingerprint`] of its columns.
    pub fingerprint: String,
    /// Every column, mapped or not.
    pub columns: Vec<ProfileColumn>,
}

/// What a person decided about a column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileColumn {
    /// The header.
    pub source_field: String,
    /// The asset field, or none: the column stays a custom attribute.
    #[serde(default)]
    pub target_field: Option<String>,
    /// How it is read.
    #[serde(default)]
    pub rules: TransformationRules,
    /// Whether nobody has decided about it: it then only counts for telling whether a file has the same columns.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_undecided: bool,
}

impl MappingProfile {
    /// A profile with the fingerprint of its columns.
    pub fn new(name: impl Into<String>, version: u32, columns: Vec<ProfileColumn>) -> Self {
        let headers: Vec<&str> = columns
            .iter()
            .map(|column| column.source_field.as_str())
            .collect();
        Self {
            name: name.into(),
            version,
            fingerprint: fingerprint(&headers),
            columns,
        }
    }

    fn headers(&self) -> Vec<&str> {
        self.columns
            .iter()
            .map(|column| column.source_field.as_str())
            .collect()
    }
}

/// A profile that fits a file.
#[derive(Clone, Debug)]
pub struct ProfileMatch<'a> {
    /// The profile.
    pub profile: &'a MappingProfile,
    /// Part of the columns that both have, 0–1.
    pub overlap: f64,
    /// Whether the columns are the very same.
    pub exact: bool,
    /// How the file's columns differ from the profile's; to be shown as warnings.
    pub drift: Vec<Drift>,
}

impl ProfileMatch<'_> {
    /// What the profile says about a column.
    pub(super) fn column(&self, header: &str) -> Option<&ProfileColumn> {
        let form = compact(header);
        self.profile
            .columns
            .iter()
            .find(|column| !column.is_undecided && compact(&column.source_field) == form)
    }
}

/// The profile for a file with these columns: the latest one with the same fingerprint, else the one that shares most
/// columns, if at least [`LEAST_OVERLAP`] (Dice coefficient of the two sets of columns).
pub fn match_profile<'a, S: AsRef<str>>(
    columns: &[S],
    profiles: &'a [MappingProfile],
) -> Option<ProfileMatch<'a>> {
    let own = fingerprint(columns);
    let exact = profiles
        .iter()
        .filter(|profile| profile.fingerprint == own)
        .max_by(|a, b| (a.version, &b.name).cmp(&(b.version, &a.name)));
    if let Some(profile) = exact {
        return Some(ProfileMatch {
            profile,
            overlap: 1.0,
            exact: true,
            drift: Vec::new(),
        });
    }
    profiles
        .iter()
        .map(|profile| (overlap(columns, &profile.headers()), profile))
        .filter(|(overlap, _)| *overlap >= LEAST_OVERLAP)
        .max_by(|a, b| {
            a.0.total_cmp(&b.0)
                .then_with(|| (a.1.version, &b.1.name).cmp(&(b.1.version, &a.1.name)))
        })
        .map(|(overlap, profile)| ProfileMatch {
            profile,
            overlap,
            exact: false,
            drift: drift(&profile.headers(), columns),
        })
}

fn overlap<A: AsRef<str>, B: AsRef<str>>(a: &[A], b: &[B]) -> f64 {
    let (a, b) = (forms(a), forms(b));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let shared = a.keys().filter(|form| b.contains_key(*form)).count();
    #[expect(clippy::cast_precision_loss, reason = "few columns")]
    let dice = 2.0 * shared as f64 / (a.len() + b.len()) as f64;
    dice
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: &str, version: u32, headers: &[&str]) -> MappingProfile {
        let columns = headers
            .iter()
            .map(|header| ProfileColumn {
                source_field: (*header).to_owned(),
                ..ProfileColumn::default()
            })
            .collect();
        MappingProfile::new(name, version, columns)
    }

    #[test]
    fn the_same_columns_win_over_more_alike_ones_and_later_versions_over_earlier() {
        let profiles = [
            profile("near", 9, &["VM", "CPUs", "Memory", "Host", "OS"]),
            profile("same", 1, &["VM", "CPUs", "Memory", "Host"]),
            profile("same", 2, &["host", "memory", "cpus", "vm"]),
        ];
        let found = match_profile(&["VM", "CPUs", "Memory", "Host"], &profiles).unwrap();
        assert!(found.exact && found.drift.is_empty());
        assert_eq!((found.profile.name.as_str(), found.profile.version), ("same", 2));
    }

    #[test]
    fn an_alike_file_gets_the_profile_with_warnings_and_a_strange_one_gets_none() {
        let profiles = [profile("rv", 1, &["VM", "CPUs", "Memory", "Host", "In Use MB"])];
        let found = match_profile(&["VM", "CPUs", "Memory", "Host", "In Use MiB"], &profiles).unwrap();
        assert!(!found.exact && (found.overlap - 0.8).abs() < 1e-9);
        assert!(matches!(found.drift.as_slice(), [Drift::UnitChanged { .. }]));
        assert!(match_profile(&["VM", "CPUs", "x", "y", "z"], &profiles).is_none());
        assert!(match_profile::<&str>(&[], &profiles).is_none());
    }

    #[test]
    fn profiles_survive_storage() {
        let before = profile("rv", 3, &["VM"]);
        let stored = serde_json::to_string(&before).unwrap();
        assert_eq!(serde_json::from_str::<MappingProfile>(&stored).unwrap(), before);
    }
}
