//! Curves: `values` for words and flags, `points` for numbers.

use super::super::Curve;
use super::super::reader::{Faults, Section, number};
use super::{millionths, raw_number};
use crate::sixr::{Input, Kind};
use toml::Value;

/// The curve of a term. Its values must lie in `range`; `unknown` is what counts where the input is not known, unless the
/// term says otherwise.
pub(super) fn read(
    term: &Section<'_>,
    input: Input,
    range: (f64, f64),
    unknown: f64,
    faults: &mut Faults,
) -> Option<Curve> {
    let unknown = if term.has("unknown") {
        term.number("unknown", range, faults)
    } else {
        unknown
    };
    let unknown = millionths(unknown);
    match input.definition().kind {
        Kind::Flag => table(term, input, &["no", "yes"], range, faults).map(|y| Curve::table(y, unknown)),
        Kind::Choice(words) => table(term, input, words, range, faults).map(|y| Curve::table(y, unknown)),
        Kind::Number { min, max, .. } => {
            points(term, input, (min, max), range, faults).map(|points| Curve::points(points, unknown))
        }
    }
}

fn table(
    term: &Section<'_>,
    input: Input,
    words: &[&str],
    range: (f64, f64),
    faults: &mut Faults,
) -> Option<Vec<i64>> {
    if term.has("points") {
        faults.add(term.at("points"), format!("{input} has no numbers: give values"));
    }
    let values = term.section("values", faults)?;
    values.only(words, faults);
    Some(
        words
            .iter()
            .map(|word| millionths(values.number(word, range, faults)))
            .collect(),
    )
}

fn points(
    term: &Section<'_>,
    input: Input,
    domain: (f64, f64),
    range: (f64, f64),
    faults: &mut Faults,
) -> Option<Vec<(i64, i64)>> {
    if term.has("values") {
        faults.add(term.at("values"), format!("{input} is a number: give points"));
    }
    let place = term.at("points");
    let pairs: Option<Vec<(f64, f64)>> = match term.value("points") {
        Some(Value::Array(items)) if !items.is_empty() => items.iter().map(pair).collect(),
        _ => None,
    };
    let Some(pairs) = pairs else {
        faults.add(place, "must be a list of [number, value] pairs, at least one");
        return None;
    };
    for (x, y) in &pairs {
        if *x < domain.0 || *x > domain.1 {
            faults.add(
                place.clone(),
                format!("{input} is from {} to {}, not {x}", domain.0, domain.1),
            );
        }
        if *y < range.0 || *y > range.1 {
            faults.add(
                place.clone(),
                format!("values are from {} to {}, not {y}", range.0, range.1),
            );
        }
    }
    if pairs.windows(2).any(|two| two[0].0 >= two[1].0) {
        faults.add(place, "numbers must ascend");
        return None;
    }
    Some(
        pairs
            .into_iter()
            .map(|(x, y)| (raw_number(x), millionths(y)))
            .collect(),
    )
}

fn pair(item: &Value) -> Option<(f64, f64)> {
    match item.as_array()?.as_slice() {
        [x, y] => Some((number(x)?, number(y)?)),
        _ => None,
    }
}
