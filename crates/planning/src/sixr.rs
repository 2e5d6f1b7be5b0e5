//! The migration strategy of an asset or application: hard gates in order, then scores.
