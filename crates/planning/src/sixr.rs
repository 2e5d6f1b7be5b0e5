//! The migration strategy of an asset or application: hard gates in order, then weighted scores, and what would change the
//! result.
//!
//! 1. [`derive`](mod@derive) turns what the inventory says into [`Inputs`], each with the reason for its value.
//! 2. A [`Policy`] (TOML) says how inputs become the seven parameters, what the gates, blocks and weights are.
//! 3. [`Engine::recommend`] gives a [`Recommendation`]: strategy, scores, confidence, reasons, counterfactuals, questions.
//!
//! Scores are whole millionths, so that sums do not depend on the order of their parts and equal inputs always give equal
//! results. How each number is computed, and by which sources, is told in `docs/sixr.md`.

mod counterfactuals;
pub mod derive;
mod diff;
mod engine;
mod estimates;
mod inputs;
mod policy;
mod questions;
mod recommendation;
mod state;
mod value;

#[cfg(test)]
mod tests;

pub use counterfactuals::{Change, Counterfactual};
pub use derive::{AssetProfile, Derivation, Finding, FindingKind, Source, Subject};
pub use diff::{InputChange, IterationDiff, ScoreChange, diff};
pub use engine::Engine;
pub use estimates::{CostImpact, Effort, EffortSize, Estimates, Timeline};
pub use inputs::{Definition, INPUTS, Input, Kind, Merge, PARAMETERS};
pub use policy::{DEFAULT_POLICY, Policy, PolicyFault, PolicyFaults, Statement};
pub use questions::{Question, QuestionTally, RankedQuestion};
pub use recommendation::{Factor, GateEvidence, MatchedGate, Recommendation, Reference, StrategyScore, Term};
pub use value::{Inputs, Value, ValueError};
