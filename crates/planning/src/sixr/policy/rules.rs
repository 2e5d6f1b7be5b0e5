//! Gates and blocks: conditions that must all hold, and the strategy that they are about.

use crate::sixr::{Input, Value};
use landfall_domain::SixrStrategy;

/// Conditions and what follows from them.
#[derive(Clone, Debug)]
pub(in crate::sixr) struct Rule {
    pub(in crate::sixr) id: String,
    pub(in crate::sixr) strategy: SixrStrategy,
    /// A sentence on why.
    pub(in crate::sixr) title: String,
    /// Who says so.
    pub(in crate::sixr) source: String,
    /// Where to, if the rule names it.
    pub(in crate::sixr) target: Option<String>,
    pub(in crate::sixr) when: Vec<Condition>,
}

/// What one input must be.
#[derive(Clone, Debug)]
pub(in crate::sixr) struct Condition {
    pub(in crate::sixr) input: Input,
    pub(in crate::sixr) test: Test,
    /// Whether it holds where the input is not known.
    pub(in crate::sixr) or_unknown: bool,
}

/// How a value is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sixr) enum Test {
    Below(i64),
    AtMost(i64),
    AtLeast(i64),
    Above(i64),
    /// One of these.
    Is(Vec<i64>),
    /// None of these.
    Not(Vec<i64>),
}

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sixr) enum Truth {
    Yes,
    No,
    /// An input is not known.
    Open,
}

impl Test {
    pub(in crate::sixr) fn holds(&self, raw: i64) -> bool {
        match self {
            Self::Below(limit) => raw < *limit,
            Self::AtMost(limit) => raw <= *limit,
            Self::AtLeast(limit) => raw >= *limit,
            Self::Above(limit) => raw > *limit,
            Self::Is(words) => words.contains(&raw),
            Self::Not(words) => !words.contains(&raw),
        }
    }
}

impl Condition {
    pub(in crate::sixr) fn truth(&self, raw: Option<i64>) -> Truth {
        match raw {
            Some(raw) if self.test.holds(raw) => Truth::Yes,
            Some(_) => Truth::No,
            None if self.or_unknown => Truth::Yes,
            None => Truth::Open,
        }
    }

    /// The condition as part of a sentence.
    pub(in crate::sixr) fn text(&self) -> String {
        let (label, unit) = (self.input.definition().label, self.input.definition().unit);
        let value = |raw: &i64| self.input.value_of_raw(*raw).to_string();
        let words = |words: &[i64]| words.iter().map(value).collect::<Vec<_>>().join(" or ");
        let number = |raw: &i64| match unit {
            "" => value(raw),
            "%" => format!("{} %", value(raw)),
            unit => format!("{} {unit}", value(raw)),
        };
        match &self.test {
            Test::Below(limit) => format!("{label} below {}", number(limit)),
            Test::AtMost(limit) => format!("{label} at most {}", number(limit)),
            Test::AtLeast(limit) => format!("{label} at least {}", number(limit)),
            Test::Above(limit) => format!("{label} above {}", number(limit)),
            Test::Is(is) => format!("{label}: {}", words(is)),
            Test::Not(not) => format!("{label}: not {}", words(not)),
        }
    }
}

impl Rule {
    /// Whether all conditions hold; open if none fails and an input is not known.
    pub(in crate::sixr) fn truth(&self, raw: &[Option<i64>; Input::COUNT]) -> Truth {
        all(&self.when, raw)
    }
}

/// Whether all conditions hold; open if none fails and an input is not known.
pub(in crate::sixr) fn all(when: &[Condition], raw: &[Option<i64>; Input::COUNT]) -> Truth {
    let mut truth = Truth::Yes;
    for condition in when {
        match condition.truth(raw[condition.input.index()]) {
            Truth::No => return Truth::No,
            Truth::Open => truth = Truth::Open,
            Truth::Yes => {}
        }
    }
    truth
}

/// A value as part of a sentence: with its input's label and unit.
pub(in crate::sixr) fn stated(input: Input, value: Option<Value>) -> String {
    let definition = input.definition();
    match (value, definition.unit) {
        (None, _) => format!("{}: not known", definition.label),
        (Some(value), "") => format!("{}: {value}", definition.label),
        (Some(value), "%") => format!("{}: {value} %", definition.label),
        (Some(value), unit) => format!("{}: {value} {unit}", definition.label),
    }
}
