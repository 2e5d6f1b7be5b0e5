//! How far an import has come, in percent of its whole way from file to inventory.

use std::ops::Range;

/// Part of the way that reading the file is.
pub(crate) const VALIDATION_PROGRESS: Range<f64> = 0.0..30.0;
/// Part of the way that judging the records is.
pub(crate) const CLEANSING_PROGRESS: Range<f64> = 30.0..50.0;
/// Part of the way that making assets is.
pub(crate) const INVENTORY_PROGRESS: Range<f64> = 50.0..100.0;

/// Percent done, to one decimal, with `done` of `total` records in this part of the way.
pub(crate) fn progress(part: Range<f64>, done: u64, total: Option<i64>) -> f64 {
    let total = total.unwrap_or(0).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a share for display")]
    let share = (done as f64 / total as f64).min(1.0);
    ((part.start + (part.end - part.start) * share) * 10.0).round() / 10.0
}

/// Counts and positions as the database keeps them.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
