//! Answers of the database that are believed for a moment.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Values by key, each for the same short time. When too many are kept, all are forgotten: that costs one query each.
#[derive(Debug)]
pub(super) struct Recent<K, V> {
    lifetime: Duration,
    values: Mutex<HashMap<K, (V, Instant)>>,
}

impl<K: Eq + Hash, V: Clone> Recent<K, V> {
    /// Values kept at most.
    const CAPACITY: usize = 4_096;

    pub(super) fn new(lifetime: Duration) -> Self {
        Self {
            lifetime,
            values: Mutex::default(),
        }
    }

    pub(super) fn get(&self, key: &K) -> Option<V> {
        let values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let (value, seen) = values.get(key)?;
        (seen.elapsed() < self.lifetime).then(|| value.clone())
    }

    pub(super) fn put(&self, key: K, value: V) {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        if values.len() >= Self::CAPACITY {
            values.clear();
        }
        values.insert(key, (value, Instant::now()));
    }

    pub(super) fn clear(&self) {
        self.values.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::Recent;
    use std::time::Duration;

    #[test]
    fn a_value_is_believed_for_its_time_and_not_after_it_was_forgotten() {
        let recent = Recent::new(Duration::from_mins(1));
        recent.put("a", 1);
        assert_eq!(recent.get(&"a"), Some(1));
        let short = Recent::new(Duration::ZERO);
        short.put("a", 1);
        assert_eq!(short.get(&"a"), None);
        recent.put("a", 2);
        recent.clear();
        assert_eq!(recent.get(&"a"), None);
    }
}
