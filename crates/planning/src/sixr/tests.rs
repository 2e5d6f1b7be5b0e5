//! The engine against numbers worked out by hand, and the rules that hold for every input.

mod counterfactuals;
mod derivation;
mod gates;
mod policies;
mod properties;
mod scores;
mod worked_example;

use super::{Engine, Input, Inputs, Policy};
use landfall_domain::SixrStrategy;
use serde_json::Value as Json;

fn engine() -> Engine {
    Engine::new(Policy::standard().unwrap())
}

/// Inputs from a JSON object.
fn inputs(json: &Json) -> Inputs {
    serde_json::from_value(json.clone()).unwrap()
}

/// The same inputs with one changed; null takes it away.
fn with(inputs: &Inputs, name: &str, value: &Json) -> Inputs {
    let input: Input = name.parse().unwrap();
    let mut changed = inputs.clone();
    if value.is_null() {
        changed.clear(input);
    } else {
        changed.set(input, input.value(value).unwrap());
    }
    changed
}

fn strategy(word: &str) -> SixrStrategy {
    word.parse().unwrap()
}
