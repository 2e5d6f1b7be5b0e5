//! Numbers with units: sizes, percentages, rates, throughput, counts.

use landfall_domain::fields::Unit;

use super::{
    Fault, SourceUnit,
    numbers::{self, DecimalStyle},
    units::{Dimension, dimension_of},
};

/// Which of "61.2 GiB / 127 GiB" a field wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What is used.
    Used,
    /// What is there.
    Total,
}

/// An amount in the unit in which the field is stored.
///
/// `unit` is that of bare numbers; a unit written in the text wins. Of two amounts separated by a slash, used and total,
/// `part` is taken, or for a percentage their ratio.
///
/// # Errors
/// No number, or something after it that is no unit of the field's dimension.
pub fn amount(
    text: &str,
    style: Option<DecimalStyle>,
    unit: Option<SourceUnit>,
    stored: Unit,
    part: Part,
) -> Result<f64, Fault> {
    let dimension = dimension_of(stored);
    let (number, rest) = numbers::scan(text, style)?;
    let rest = rest.trim_start();
    if rest.is_empty() {
        return Ok(unit.map_or(number, |unit| unit.convert(number)));
    }
    if let Some((used_unit, total)) = rest.split_once('/')
        && let Ok((total_number, total_unit)) = numbers::scan(total, style)
    {
        let used = part_of(number, used_unit, unit, dimension);
        let total = part_of(total_number, total_unit, unit, dimension);
        return both(used, total, dimension, part).ok_or_else(|| no_unit(rest, dimension));
    }
    match part_of(number, rest, unit, dimension) {
        Some((amount, found)) if found == dimension => Ok(amount),
        _ => Err(no_unit(rest, dimension)),
    }
}

/// A number and what follows it, converted, with the dimension of its unit.
fn part_of(
    number: f64,
    rest: &str,
    unit: Option<SourceUnit>,
    dimension: Dimension,
) -> Option<(f64, Dimension)> {
    let word = rest.trim();
    if word.is_empty() {
        return Some((unit.map_or(number, |unit| unit.convert(number)), dimension));
    }
    if dimension == Dimension::Count {
        return is_counted(word).then_some((number, dimension));
    }
    // "of RAM", "used": only the first word can be the unit.
    let unit =
        SourceUnit::from_word(word).or_else(|| SourceUnit::from_word(word.split_whitespace().next()?))?;
    Some((unit.convert(number), unit.dimension()))
}

fn both(
    used: Option<(f64, Dimension)>,
    total: Option<(f64, Dimension)>,
    dimension: Dimension,
    part: Part,
) -> Option<f64> {
    let ((used, used_dimension), (total, total_dimension)) = (used?, total?);
    if dimension == Dimension::Share {
        let comparable = used_dimension == total_dimension && used_dimension != Dimension::Share;
        return (comparable && total > 0.0).then(|| (used / total * 1e8).round() / 1e6);
    }
    // "61.2 / 127 GiB": the unit stands once, at the end.
    if used_dimension != dimension || total_dimension != dimension {
        return None;
    }
    Some(if part == Part::Used { used } else { total })
}

/// Words after the number of processors and the like.
fn is_counted(word: &str) -> bool {
    [
        "cpu", "cpus", "vcpu", "vcpus", "core", "cores", "vcores", "vcore", "socket", "sockets", "x",
        "kerne", "stk", "stück",
    ]
    .iter()
    .any(|known| word.eq_ignore_ascii_case(known))
}

fn no_unit(rest: &str, dimension: Dimension) -> Fault {
    let wanted = match dimension {
        Dimension::Size => "a size such as '16 GiB'",
        Dimension::Share => "a percentage such as '12.5 %'",
        Dimension::Count => "a count",
        Dimension::Rate => "a number of operations per second",
        Dimension::Throughput => "a throughput such as '100 Mbit/s'",
        Dimension::Money => "an amount of money",
    };
    let shown: String = rest.chars().take(40).collect();
    Fault::new(
        "unit",
        format!("'{shown}' after the number is not understood; expected {wanted}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gib(text: &str, unit: Option<SourceUnit>) -> Result<f64, Fault> {
        amount(text, None, unit, Unit::Gibibytes, Part::Total)
    }

    #[test]
    fn sizes_become_gib_whatever_their_unit() {
        for (text, unit, expected) in [
            ("16 GiB", None, 16.0),
            ("500GB", None, 500.0),
            ("1.5 TB", None, 1_536.0),
            ("16,384", Some(SourceUnit::Mib), 16.0),
            ("16 GB", Some(SourceUnit::Mib), 16.0),
            ("61.2 GiB / 127 GiB", None, 127.0),
            ("4 GB RAM", None, 4.0),
            ("8589934592", Some(SourceUnit::Bytes), 8.0),
        ] {
            assert!((gib(text, unit).unwrap() - expected).abs() < 1e-9, "{text}");
        }
        let used = amount("61.2 GiB / 127 GiB", None, None, Unit::Gibibytes, Part::Used).unwrap();
        assert!((used - 61.2).abs() < 1e-9);
    }

    #[test]
    fn percentages_take_signs_fractions_and_ratios() {
        let percent = |text, unit| amount(text, None, unit, Unit::Percent, Part::Used).unwrap();
        for (text, unit, expected) in [
            ("12.5%", None, 12.5),
            ("12,5 %", None, 12.5),
            ("0.60", Some(SourceUnit::Fraction), 60.0),
            ("60%", Some(SourceUnit::Fraction), 60.0),
            ("8 GiB / 16 GiB", None, 50.0),
        ] {
            assert!((percent(text, unit) - expected).abs() < 1e-6, "{text}");
        }
    }

    #[test]
    fn a_unit_of_another_kind_is_refused() {
        assert!(gib("16 MHz", None).is_err());
        assert!(gib("16 %", None).is_err());
        assert!(gib("0x10", None).is_err());
        assert!(amount("4 GHz", None, None, Unit::Count, Part::Total).is_err());
        assert!((amount("4 vCPU", None, None, Unit::Count, Part::Total).unwrap() - 4.0).abs() < f64::EPSILON);
    }
}
