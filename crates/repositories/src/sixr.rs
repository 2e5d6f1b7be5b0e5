//! 6R: analyses with their iterations, policies, settings, questions, and the facts that analyses are made from. Runs over
//! a whole engagement write in batches, see [`Bulk`](crate::Bulk).

mod analyses;
mod batch;
mod facts;
mod iterations;
mod policies;
mod runs;
mod settings;

use crate::Uow;
pub use analyses::{AnalysisFilter, NewAnalysis, Overridden, Subject};
pub use iterations::IterationRows;
pub use policies::NewPolicy;
pub use runs::{NewRun, RunCounts};
pub use settings::AskedQuestion;

/// 6R of the unit of work's scope.
#[derive(Debug)]
pub struct SixrRepository<'u> {
    uow: &'u Uow,
}

impl Uow {
    /// 6R.
    pub fn sixr(&self) -> SixrRepository<'_> {
        SixrRepository { uow: self }
    }
}
