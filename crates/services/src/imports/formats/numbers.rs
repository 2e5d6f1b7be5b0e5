//! Numbers and sizes of facts, read as cleansing reads those of fields.

use landfall_domain::fields::Unit;

use crate::cleansing::quantities::{Part, amount};
use crate::cleansing::{SourceUnit, numbers::scan};

/// A number in which every separator groups thousands, as tools write counts and sizes in their smallest unit: `16,384`,
/// `16.384`, `16 384`. None for anything else.
pub(super) fn whole_number(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let digits = digits
        .strip_suffix(".0")
        .or_else(|| digits.strip_suffix(",0"))
        .unwrap_or(digits);
    let mut groups = digits.split([',', '.', ' ', '\u{a0}', '\u{202f}', '\'', '’']);
    let is_digits = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    let mut all = groups.next().filter(|first| is_digits(first))?.to_owned();
    let lone = all.len();
    for group in groups {
        if group.len() != 3 || !is_digits(group) || lone > 3 {
            return None;
        }
        all.push_str(group);
    }
    all.parse::<i64>().ok().map(|number| sign * number)
}

/// A number and nothing else.
pub(super) fn number(text: &str) -> Option<f64> {
    scan(text, None)
        .ok()
        .filter(|(_, rest)| rest.trim().is_empty())
        .map(|(number, _)| number)
}

/// A size in GiB: in the unit behind it, else in the one given.
pub(super) fn size_in_gib(text: &str, unit: SourceUnit) -> Option<f64> {
    amount(text, None, Some(unit), Unit::Gibibytes, Part::Total)
        .ok()
        .filter(|size| *size >= 0.0)
}

/// A size that is always a whole number of its unit, however it is grouped, in GiB.
#[expect(clippy::cast_precision_loss, reason = "sizes far below 2^53")]
pub(super) fn whole_size_in_gib(text: &str, unit: SourceUnit) -> Option<f64> {
    let whole = whole_number(text).map(|whole| unit.convert(whole as f64));
    whole
        .or_else(|| size_in_gib(text, unit))
        .filter(|size| *size >= 0.0)
}

/// A percentage, with or without its sign.
pub(super) fn percent(text: &str) -> Option<f64> {
    let percent = amount(text, None, Some(SourceUnit::Percent), Unit::Percent, Part::Used).ok();
    percent.filter(|percent| (0.0..=100.0).contains(percent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_read_with_any_grouping() {
        for text in [
            "16384",
            "16,384",
            "16.384",
            "16 384",
            "16\u{a0}384",
            "16'384",
            "16384.0",
            "16384,0",
        ] {
            assert_eq!(whole_number(text), Some(16_384), "{text}");
        }
        assert_eq!(whole_number("-1"), Some(-1));
        for text in ["", "1.5", "1,23", "abc", "1,2345", "1234,567", "0x10", "1e5"] {
            assert_eq!(whole_number(text), None, "{text}");
        }
    }

    #[test]
    fn sizes_become_gib() {
        assert_eq!(size_in_gib("61.5 GiB", SourceUnit::Bytes), Some(61.5));
        assert_eq!(size_in_gib("2048", SourceUnit::Mib), Some(2.0));
        assert_eq!(size_in_gib("17179869184", SourceUnit::Bytes), Some(16.0));
        assert_eq!(size_in_gib("5 parsecs", SourceUnit::Mib), None);
        assert_eq!(whole_size_in_gib("81.920", SourceUnit::Mib), Some(80.0));
        assert_eq!(whole_size_in_gib("-1", SourceUnit::Mib), None);
    }

    #[test]
    fn percentages_are_within_bounds() {
        assert_eq!(percent("12.5%"), Some(12.5));
        assert_eq!(percent("120"), None);
        assert_eq!(number("12.5 %"), None);
    }
}
