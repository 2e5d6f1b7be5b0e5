//! What identifies the layout of a source, and how two layouts differ.

use std::{collections::BTreeMap, fmt};

use landfall_domain::fields::header::compact;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{header::Header, similarity::similarity};
use crate::cleansing::SourceUnit;

/// Least likeness of a removed and an added header that are taken for one that was renamed.
const RENAMED: f64 = 0.8;

/// The fingerprint of a set of headers: SHA-256, in hexadecimal, of their compact forms, sorted. The same for any order,
/// case and punctuation; another one as soon as a column comes, goes or changes its unit.
pub fn fingerprint<S: AsRef<str>>(columns: &[S]) -> String {
    let mut hasher = Sha256::new();
    for form in forms(columns).into_keys() {
        hasher.update(form.as_bytes());
        hasher.update(b"\n");
    }
    let mut hex = String::with_capacity(64);
    for byte in hasher.finalize() {
        for half in [byte >> 4, byte & 15] {
            hex.extend(char::from_digit(u32::from(half), 16));
        }
    }
    hex
}

/// Compact form → header as written, sorted.
pub(super) fn forms<S: AsRef<str>>(columns: &[S]) -> BTreeMap<String, &str> {
    let mut forms = BTreeMap::new();
    for column in columns {
        let header = column.as_ref();
        let form = compact(header);
        if !form.is_empty() {
            // Of headers with one form the first in alphabetical order stands, whatever the order of the columns.
            let slot = forms.entry(form).or_insert(header);
            if header < *slot {
                *slot = header;
            }
        }
    }
    forms
}

/// One difference between the columns of two files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Drift {
    /// A column that was not there before.
    Added {
        /// Its header.
        column: String,
    },
    /// A column that is gone.
    Removed {
        /// Its header.
        column: String,
    },
    /// A column whose header was probably reworded.
    Renamed {
        /// The header before.
        from: String,
        /// The header now.
        to: String,
    },
    /// The same column in another unit: its numbers may mean something else.
    UnitChanged {
        /// The header before.
        from: String,
        /// The header now.
        to: String,
        /// The unit before.
        from_unit: SourceUnit,
        /// The unit now.
        to_unit: SourceUnit,
    },
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added { column } => write!(f, "column '{column}' is new"),
            Self::Removed { column } => write!(f, "column '{column}' is missing"),
            Self::Renamed { from, to } => write!(f, "column '{from}' is now called '{to}'"),
            Self::UnitChanged {
                from,
                to,
                from_unit,
                to_unit,
            } => {
                write!(
                    f,
                    "column '{from}' is now '{to}': its unit was {from_unit} and is {to_unit}"
                )
            }
        }
    }
}

/// How the new columns differ from the old ones; changes of unit first, then renamed, missing and new columns, each in
/// alphabetical order.
pub fn drift<A: AsRef<str>, B: AsRef<str>>(old_columns: &[A], new_columns: &[B]) -> Vec<Drift> {
    let (old, new) = (forms(old_columns), forms(new_columns));
    let mut removed: Vec<&str> = old
        .iter()
        .filter(|(form, _)| !new.contains_key(*form))
        .map(|(_, name)| *name)
        .collect();
    let mut added: Vec<&str> = new
        .iter()
        .filter(|(form, _)| !old.contains_key(*form))
        .map(|(_, name)| *name)
        .collect();
    let mut drift = Vec::new();
    take_pairs(
        &mut removed,
        &mut added,
        |from, to| unit_change(from, to).map(|change| (1.0, change)),
        &mut drift,
    );
    let mut renamed = Vec::new();
    take_pairs(
        &mut removed,
        &mut added,
        |from, to| {
            let likeness = similarity(&Header::of(from).words, &Header::of(to).words);
            (likeness >= RENAMED).then(|| {
                let renamed = Drift::Renamed {
                    from: from.to_owned(),
                    to: to.to_owned(),
                };
                (likeness, renamed)
            })
        },
        &mut renamed,
    );
    drift.append(&mut renamed);
    drift.extend(removed.into_iter().map(|column| Drift::Removed {
        column: column.to_owned(),
    }));
    drift.extend(added.into_iter().map(|column| Drift::Added {
        column: column.to_owned(),
    }));
    drift
}

/// Takes out of both lists the pairs that a rule joins, the most alike first.
fn take_pairs(
    removed: &mut Vec<&str>,
    added: &mut Vec<&str>,
    rule: impl Fn(&str, &str) -> Option<(f64, Drift)>,
    found: &mut Vec<Drift>,
) {
    let mut pairs: Vec<(f64, &str, &str, Drift)> = Vec::new();
    for from in removed.iter() {
        for to in added.iter() {
            if let Some((likeness, drift)) = rule(from, to) {
                pairs.push((likeness, from, to, drift));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    for (_, from, to, drift) in pairs {
        if removed.contains(&from) && added.contains(&to) {
            removed.retain(|name| *name != from);
            added.retain(|name| *name != to);
            found.push(drift);
        }
    }
}

fn unit_change(from: &str, to: &str) -> Option<Drift> {
    let (before, after) = (Header::of(from), Header::of(to));
    match (before.unit, after.unit) {
        (Some(from_unit), Some(to_unit)) if from_unit != to_unit && before.bare == after.bare => {
            Some(Drift::UnitChanged {
                from: from.to_owned(),
                to: to.to_owned(),
                from_unit,
                to_unit,
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_depends_on_the_columns_alone() {
        let one = fingerprint(&["VM", "Primary IP Address", "In Use MiB"]);
        assert_eq!(one.len(), 64);
        assert_eq!(
            one,
            fingerprint(&["in_use_mib", "primary ip address", "\u{feff}VM", ""])
        );
        assert_ne!(one, fingerprint(&["VM", "Primary IP Address", "In Use MB"]));
        assert_ne!(one, fingerprint(&["VM", "Primary IP Address"]));
        assert_ne!(fingerprint(&["ab", "c"]), fingerprint(&["a", "bc"]));
    }

    #[test]
    fn differences_are_told_apart() {
        let found = drift(
            &["VM", "In Use MB", "Enviroment", "Folder", "Host"],
            &["vm", "In Use MiB", "Environment", "Host", "Owner"],
        );
        assert_eq!(
            found.iter().map(ToString::to_string).collect::<Vec<_>>(),
            [
                "column 'In Use MB' is now 'In Use MiB': its unit was mb and is mib",
                "column 'Enviroment' is now called 'Environment'",
                "column 'Folder' is missing",
                "column 'Owner' is new",
            ]
        );
        assert!(drift(&["a", "b"], &["B", "A"]).is_empty());
        let stored = serde_json::to_value(&found[0]).unwrap();
        assert_eq!(stored["kind"], "unit_changed");
        assert_eq!(serde_json::from_value::<Drift>(stored).unwrap(), found[0]);
    }
}
