//! Sets of values in bounded memory: how many distinct ones, and how many two sets share.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Hashes that are kept: up to so many distinct values, answers are exact.
const KEPT: usize = 4_096;

/// The smallest hashes of a set of values ("k minimum values": Beyer, Haas, Reinwald, Sismanis and Gemulla, 2007).
#[derive(Clone, Debug, Default)]
pub(crate) struct ValueSet(BTreeSet<u64>);

impl ValueSet {
    /// Adds a value.
    pub(crate) fn add(&mut self, value: &str) {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        let hash = hasher.finish();
        if self.0.len() < KEPT {
            self.0.insert(hash);
        } else if self.0.last().is_some_and(|largest| hash < *largest) && self.0.insert(hash) {
            self.0.pop_last();
        }
    }

    /// How many distinct values were added: exact up to 4,096, else (k − 1) / (the k-th smallest hash as a part of all).
    pub(crate) fn distinct(&self) -> u64 {
        estimate(&self.0)
    }

    /// How many values were added to both: the part of the smallest hashes of the union that both have, of the union.
    pub(crate) fn common(&self, other: &Self) -> u64 {
        let mut union: BTreeSet<u64> = self.0.union(&other.0).copied().collect();
        if self.0.len() < KEPT && other.0.len() < KEPT {
            return self.0.intersection(&other.0).count() as u64;
        }
        while union.len() > KEPT {
            union.pop_last();
        }
        let both = union
            .iter()
            .filter(|hash| self.0.contains(hash) && other.0.contains(hash))
            .count();
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "an estimate"
        )]
        let common = (both as f64 / union.len().max(1) as f64 * estimate(&union) as f64).round() as u64;
        common.min(self.distinct()).min(other.distinct())
    }
}

fn estimate(smallest: &BTreeSet<u64>) -> u64 {
    if smallest.len() < KEPT {
        return smallest.len() as u64;
    }
    let Some(largest) = smallest.last() else { return 0 };
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an estimate"
    )]
    let estimate = ((KEPT as f64 - 1.0) / (*largest as f64 / u64::MAX as f64)).round() as u64;
    estimate
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(range: std::ops::Range<u32>) -> ValueSet {
        let mut set = ValueSet::default();
        range.for_each(|number| set.add(&format!("value {number}")));
        set
    }

    #[test]
    fn small_sets_are_counted_exactly() {
        let (a, b) = (set(0..100), set(60..200));
        assert_eq!((a.distinct(), b.distinct(), a.common(&b)), (100, 140, 40));
        assert_eq!(a.common(&ValueSet::default()), 0);
    }

    #[test]
    fn large_sets_are_estimated_within_a_tenth() {
        let (a, b) = (set(0..40_000), set(20_000..60_000));
        for (estimate, truth) in [(a.distinct(), 40_000_u64), (a.common(&b), 20_000)] {
            assert!(estimate.abs_diff(truth) < truth / 10, "{estimate} for {truth}");
        }
    }
}
