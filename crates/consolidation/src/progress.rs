//! Telling somebody how far the work is.

use crate::Step;

/// Is told what is being done.
pub trait Progress: Send + Sync {
    /// A step has begun: about so many rows, 0 if it is not counted in rows.
    fn begin(&self, step: Step, rows: u64);
    /// It is at this table or thing now.
    fn at(&self, what: &str);
    /// So many more rows are done.
    fn advance(&self, rows: u64);
    /// The step is done.
    fn end(&self, step: Step);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _step: Step, _rows: u64) {}
    fn at(&self, _what: &str) {}
    fn advance(&self, _rows: u64) {}
    fn end(&self, _step: Step) {}
}
