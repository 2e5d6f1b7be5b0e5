//! Rows of one file that are the same asset, found without keeping the rows: about 120 bytes each.
//!
//! Keys are compared by 64-bit hashes. At a million rows with four keys each the chance that any two different keys are taken
//! for equal is below one in a million (birthday bound: (4·10⁶)² / 2⁶⁵).

use super::identity::{KINDS, Key};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// What has been seen of a file.
#[derive(Debug, Default)]
pub(crate) struct SeenRows {
    hasher: RandomState,
    rows: Vec<SeenRow>,
    by_key: HashMap<u64, u32>,
}

#[derive(Debug)]
struct SeenRow {
    keys: [u64; KINDS.len()],
    label: u64,
}

/// What a row is to the rows before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// Nothing before it is the same asset.
    First,
    /// A row before it is the same asset.
    Again,
    /// A row before it shares a key, but is another asset.
    Conflict,
}

impl SeenRows {
    /// Takes the next row with its keys, strongest first.
    pub(crate) fn see(&mut self, keys: &[Key], label: Option<&str>) -> Seen {
        let label = label.map_or(0, |label| self.hasher.hash_one(label) | 1);
        let mut row = SeenRow {
            keys: [0; KINDS.len()],
            label,
        };
        for key in keys {
            if let Some(place) = KINDS.iter().position(|kind| *kind == key.kind) {
                row.keys[place] = self.hasher.hash_one(key) | 1;
            }
        }
        let mut result = Seen::First;
        for (place, key) in row.keys.iter().enumerate().filter(|(_, key)| **key != 0) {
            let Some(other) = self.by_key.get(key).and_then(|at| self.rows.get(*at as usize)) else {
                continue;
            };
            if other.is_same(&row, place) {
                result = Seen::Again;
                break;
            }
            result = Seen::Conflict;
        }
        if result != Seen::Again {
            let at = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
            for key in row.keys.into_iter().filter(|key| *key != 0) {
                self.by_key.entry(key).or_insert(at);
            }
            self.rows.push(row);
        }
        result
    }
}

impl SeenRow {
    /// Whether a row that shares the key of the kind at `place` is the same asset: no stronger key and no name says otherwise.
    fn is_same(&self, other: &Self, place: usize) -> bool {
        let stronger_agree = self.keys[..place]
            .iter()
            .zip(&other.keys[..place])
            .all(|(a, b)| *a == 0 || *b == 0 || a == b);
        let is_source_id = place == 0;
        stronger_agree && (is_source_id || self.label == 0 || other.label == 0 || self.label == other.label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(kind: &'static str, value: &str) -> Key {
        Key {
            kind,
            value: value.to_owned(),
        }
    }

    #[test]
    fn a_repeated_row_is_the_same_asset_unless_its_name_or_a_stronger_key_differs() {
        let mut seen = SeenRows::default();
        assert_eq!(seen.see(&[key("fqdn", "a.x")], Some("a")), Seen::First);
        assert_eq!(seen.see(&[key("fqdn", "a.x")], Some("a")), Seen::Again);
        assert_eq!(seen.see(&[key("fqdn", "a.x")], Some("b")), Seen::Conflict);
        assert_eq!(
            seen.see(&[key("source_id", "s|1"), key("system_uuid", "u")], Some("c")),
            Seen::First
        );
        assert_eq!(
            seen.see(&[key("source_id", "s|2"), key("system_uuid", "u")], Some("c")),
            Seen::Conflict
        );
        assert_eq!(seen.see(&[key("source_id", "s|1")], Some("renamed")), Seen::Again);
    }
}
