//! The worked example of docs/sixr.md, recomputed.

use super::{engine, inputs};
use crate::sixr::Value;

const PAGE: &str = include_str!("../../../../../docs/sixr.md");

/// The last column of the row of the example that begins with this word.
fn stated(word: &str) -> &'static str {
    let example = PAGE.split_once("## Worked example").unwrap().1;
    let row = example
        .lines()
        .find(|line| line.starts_with(&format!("| {word} |")))
        .unwrap_or_else(|| panic!("the example has no row '{word}'"));
    row.trim_end_matches('|').rsplit('|').next().unwrap().trim()
}

fn number(word: &str) -> f64 {
    stated(word).parse().unwrap()
}

#[test]
fn the_worked_example_of_the_documentation_comes_out_as_it_says() {
    let json = PAGE.split_once("```json").unwrap().1.split_once("```").unwrap().0;
    let result = engine().recommend(&inputs(&serde_json::from_str(json).unwrap()));
    for (parameter, value) in &result.parameters {
        let Value::Number(value) = value else {
            panic!("{parameter} is a number")
        };
        assert!(
            (value - number(parameter.name())).abs() < 0.001,
            "{parameter}: {value}"
        );
    }
    for score in &result.scores {
        let stated = number(score.strategy.as_str());
        assert!(
            (score.score - stated).abs() < 0.006,
            "{}: {} and {stated}",
            score.strategy,
            score.score
        );
    }
    assert!(result.gate.is_none());
    assert_eq!(result.strategy.as_str(), stated("strategy"));
    for (word, value) in [
        ("completeness", result.completeness),
        ("margin", result.margin),
        ("confidence", result.confidence),
        ("person_days", result.estimates.effort.person_days),
        ("weeks", result.estimates.timeline.weeks),
    ] {
        assert!((value - number(word)).abs() < 0.0002, "{word}: {value}");
    }
}
