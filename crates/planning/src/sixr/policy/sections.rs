//! The parts of a policy, read from their tables.

mod curves;
mod strategies;

use super::reader::{Faults, Section};
use super::rules::{Condition, Rule, Test};
use super::{Curve, ONE, Policy, StatementKind, StatementRule};
use crate::sixr::{Input, PARAMETERS, value};
use landfall_domain::{SixrStrategy, UnknownLabel};
use std::str::FromStr;
pub(in crate::sixr) use strategies::{CostLevel, StrategyRule};
use toml::Value;

/// Numbers that rule the whole.
#[derive(Clone, Debug)]
pub(in crate::sixr) struct Settings {
    /// Difference of the two best scores from which a result is certain, in millionths.
    pub(in crate::sixr) decisive_margin: i64,
    /// Confidence below which answers are asked for before a result counts as complete.
    pub(in crate::sixr) ask_below: f64,
    /// Counterfactuals kept.
    pub(in crate::sixr) max_counterfactuals: usize,
    /// Changes that one counterfactual may combine.
    pub(in crate::sixr) max_changes: usize,
}

/// Words by which texts of the inventory are understood, lowercase.
#[derive(Clone, Debug, Default)]
pub(in crate::sixr) struct Words {
    pub(in crate::sixr) proprietary_platforms: Vec<String>,
    pub(in crate::sixr) managed_databases: Vec<String>,
    pub(in crate::sixr) other_databases: Vec<String>,
    pub(in crate::sixr) container_ready: Vec<String>,
    pub(in crate::sixr) products: Vec<Product>,
}

/// A product that is bought.
#[derive(Clone, Debug)]
pub(in crate::sixr) struct Product {
    /// The word that names it.
    pub(in crate::sixr) word: String,
    /// The service that its maker offers instead.
    pub(in crate::sixr) service: Option<String>,
}

/// How a parameter is derived.
#[derive(Clone, Debug)]
pub(in crate::sixr) struct ParameterRule {
    pub(in crate::sixr) base: f64,
    pub(in crate::sixr) terms: Vec<(Input, Curve)>,
}

pub(super) fn policy(root: &Section<'_>, faults: &mut Faults) -> Option<Policy> {
    root.only(
        &[
            "name",
            "description",
            "settings",
            "words",
            "parameters",
            "strategies",
            "gates",
            "blocks",
            "risks",
            "business_benefits",
            "technical_benefits",
        ],
        faults,
    );
    let name = root.text("name", faults);
    let description = root.text("description", faults);
    let settings = root
        .section("settings", faults)
        .map(|section| settings(&section, faults));
    let words = root
        .section("words", faults)
        .map(|section| words(&section, faults));
    let parameters = root
        .section("parameters", faults)
        .map(|section| parameters(&section, faults));
    let strategies = root
        .section("strategies", faults)
        .map(|section| strategies::read(&section, faults));
    let gates = rules(root, "gates", faults);
    let blocks = rules(root, "blocks", faults);
    let mut statements = Vec::new();
    for (key, kind) in [
        ("risks", StatementKind::Risk),
        ("business_benefits", StatementKind::BusinessBenefit),
        ("technical_benefits", StatementKind::TechnicalBenefit),
    ] {
        let sections = root.sections(key, faults);
        statements.extend(sections.iter().map(|section| statement(section, kind, faults)));
    }
    Some(Policy {
        name,
        description,
        settings: settings?,
        words: words?,
        parameters: parameters?,
        strategies: strategies?,
        gates,
        blocks,
        statements,
    })
}

fn settings(section: &Section<'_>, faults: &mut Faults) -> Settings {
    section.only(
        &[
            "decisive_margin",
            "ask_below",
            "max_counterfactuals",
            "max_changes",
        ],
        faults,
    );
    Settings {
        decisive_margin: millionths(section.number("decisive_margin", (0.001, 1.0), faults)),
        ask_below: section.number("ask_below", (0.0, 1.0), faults),
        max_counterfactuals: whole(section.number("max_counterfactuals", (0.0, 50.0), faults)),
        max_changes: whole(section.number("max_changes", (1.0, 5.0), faults)),
    }
}

fn words(section: &Section<'_>, faults: &mut Faults) -> Words {
    section.only(
        &[
            "proprietary_platforms",
            "managed_databases",
            "other_databases",
            "container_ready",
            "products",
        ],
        faults,
    );
    let mut lowercase = |key: &str| -> Vec<String> {
        let texts = section.texts(key, faults);
        texts.into_iter().map(|text| text.trim().to_lowercase()).collect()
    };
    let words = Words {
        proprietary_platforms: lowercase("proprietary_platforms"),
        managed_databases: lowercase("managed_databases"),
        other_databases: lowercase("other_databases"),
        container_ready: lowercase("container_ready"),
        products: Vec::new(),
    };
    let products = section.sections("products", faults);
    let products = products.iter().map(|product| {
        product.only(&["word", "service"], faults);
        Product {
            word: product.text("word", faults).to_lowercase(),
            service: product.optional_text("service", faults),
        }
    });
    Words {
        products: products.collect(),
        ..words
    }
}

fn parameters(section: &Section<'_>, faults: &mut Faults) -> Vec<ParameterRule> {
    let names: Vec<&str> = PARAMETERS.iter().map(|input| input.name()).collect();
    section.only(&names, faults);
    let mut rules = Vec::with_capacity(names.len());
    for name in names {
        let Some(one) = section.section(name, faults) else {
            continue;
        };
        one.only(&["base", "terms"], faults);
        let base = one.number("base", (1.0, 10.0), faults);
        let mut terms = Vec::new();
        for term in one.sections("terms", faults) {
            term.only(&["input", "values", "points"], faults);
            let Some(input) = input(&term, faults) else {
                continue;
            };
            if input.is_parameter() {
                faults.add(
                    term.at("input"),
                    "a parameter is derived from facts, not from parameters",
                );
            }
            if let Some(curve) = curves::read(&term, input, (-9.0, 9.0), 0.0, faults) {
                terms.push((input, curve));
            }
        }
        rules.push(ParameterRule { base, terms });
    }
    rules
}

fn rules(root: &Section<'_>, key: &str, faults: &mut Faults) -> Vec<Rule> {
    let sections = root.sections(key, faults);
    let rules = sections.iter().filter_map(|section| {
        section.only(&["id", "strategy", "title", "source", "target", "when"], faults);
        let rule = (
            section.text("id", faults),
            label::<SixrStrategy>(section, "strategy", faults),
            section.text("title", faults),
            section.text("source", faults),
            section.optional_text("target", faults),
            conditions(section, faults),
        );
        let (id, strategy, title, source, target, when) = rule;
        if when.is_empty() {
            faults.add(section.at("when"), "needs at least one condition");
        }
        Some(Rule {
            id,
            strategy: strategy?,
            title,
            source,
            target,
            when,
        })
    });
    rules.collect()
}

fn statement(section: &Section<'_>, kind: StatementKind, faults: &mut Faults) -> StatementRule {
    section.only(&["id", "text", "strategies", "when"], faults);
    let mut strategies = Vec::new();
    for word in section.texts("strategies", faults) {
        match word.parse() {
            Ok(strategy) => strategies.push(strategy),
            Err(error) => faults.add(section.at("strategies"), UnknownLabel::to_string(&error)),
        }
    }
    StatementRule {
        kind,
        id: section.text("id", faults),
        text: section.text("text", faults),
        strategies,
        when: conditions(section, faults),
    }
}

fn conditions(section: &Section<'_>, faults: &mut Faults) -> Vec<Condition> {
    let sections = section.sections("when", faults);
    sections.iter().filter_map(|one| condition(one, faults)).collect()
}

fn condition(section: &Section<'_>, faults: &mut Faults) -> Option<Condition> {
    const TESTS: [&str; 6] = ["below", "at_most", "at_least", "above", "is", "not"];
    section.only(
        &[
            "input",
            "or_unknown",
            "below",
            "at_most",
            "at_least",
            "above",
            "is",
            "not",
        ],
        faults,
    );
    let or_unknown = section.flag("or_unknown", faults);
    let input = input(section, faults)?;
    let given: Vec<&str> = TESTS.into_iter().filter(|test| section.has(test)).collect();
    let [test] = given.as_slice() else {
        faults.add(section.path.clone(), format!("needs one of {}", TESTS.join(", ")));
        return None;
    };
    let raws = raw_values(section, test, input, faults)?;
    let is_number = matches!(input.definition().kind, crate::sixr::Kind::Number { .. });
    let test = match (*test, raws.as_slice(), is_number) {
        ("below", [limit], true) => Test::Below(*limit),
        ("at_most", [limit], true) => Test::AtMost(*limit),
        ("at_least", [limit], true) => Test::AtLeast(*limit),
        ("above", [limit], true) => Test::Above(*limit),
        ("is", _, _) => Test::Is(raws),
        ("not", _, _) => Test::Not(raws),
        (test, ..) => {
            faults.add(
                section.at(test),
                format!("{input} takes {}: use is or not", input.takes()),
            );
            return None;
        }
    };
    Some(Condition {
        input,
        test,
        or_unknown,
    })
}

fn raw_values(section: &Section<'_>, key: &str, input: Input, faults: &mut Faults) -> Option<Vec<i64>> {
    let items = match section.value(key)? {
        Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    let raws: Option<Vec<i64>> = items
        .iter()
        .map(|item| {
            let json = serde_json::to_value(item).ok()?;
            input.to_raw(input.value(&json).ok()?)
        })
        .collect();
    if raws.as_ref().is_none_or(Vec::is_empty) {
        faults.add(section.at(key), format!("{input} takes {}", input.takes()));
        return None;
    }
    raws
}

fn input(section: &Section<'_>, faults: &mut Faults) -> Option<Input> {
    label(section, "input", faults)
}

fn label<T: FromStr<Err = UnknownLabel>>(section: &Section<'_>, key: &str, faults: &mut Faults) -> Option<T> {
    let word = section.text(key, faults);
    if word.is_empty() {
        return None;
    }
    match word.parse() {
        Ok(label) => Some(label),
        Err(error) => {
            faults.add(section.at(key), error.to_string());
            None
        }
    }
}

/// A share in millionths.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "shares are small"
)]
pub(super) fn millionths(share: f64) -> i64 {
    (share * ONE as f64).round() as i64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be small and positive"
)]
fn whole(number: f64) -> usize {
    number.round() as usize
}

/// A number of an input in thousandths.
pub(super) fn raw_number(number: f64) -> i64 {
    value::thousandths(number)
}
