//! Rules that concern several parts of a policy.

use super::reader::Faults;
use super::{ONE, Policy};
use landfall_domain::SixrStrategy;
use std::collections::BTreeSet;

/// Weights may differ from a whole by rounding.
const ROUNDING: i64 = 10;

pub(super) fn policy(policy: &Policy, faults: &mut Faults) {
    for rule in &policy.strategies {
        let path = format!("strategies.{}.terms", rule.strategy);
        let sum: i64 = rule.terms.iter().map(|term| term.weight).sum();
        if (sum - ONE).abs() > ROUNDING {
            #[expect(clippy::cast_precision_loss, reason = "millionths of a few weights")]
            let shown = sum as f64 / ONE as f64;
            faults.add(&path, format!("the weights must add up to 1, not {shown}"));
        }
        let mut seen = BTreeSet::new();
        for term in &rule.terms {
            if !seen.insert(term.input) {
                faults.add(&path, format!("{} is weighed twice", term.input));
            }
        }
        if rule.definition.is_empty() {
            faults.add(
                format!("strategies.{}.definition", rule.strategy),
                "says what the strategy means",
            );
        }
    }
    unique_ids(policy, faults);
    for block in policy
        .blocks
        .iter()
        .filter(|block| block.strategy == SixrStrategy::Retain)
    {
        faults.add(
            format!("blocks.{}", block.id),
            "retain cannot be blocked: it is what is left when nothing else can be done",
        );
    }
}

fn unique_ids(policy: &Policy, faults: &mut Faults) {
    let rules = policy.gates.iter().chain(&policy.blocks).map(|rule| &rule.id);
    let statements = policy.statements.iter().map(|statement| &statement.id);
    let mut seen = BTreeSet::new();
    for id in rules.chain(statements).filter(|id| !id.is_empty()) {
        if !seen.insert(id.as_str()) {
            faults.add(
                id.as_str(),
                "is the id of two rules: ids are unique, since results refer to them",
            );
        }
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
        if !id.chars().all(is_plain) {
            faults.add(id.as_str(), "an id has lowercase letters, digits, _ and . only");
        }
    }
}
