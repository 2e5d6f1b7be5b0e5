//! Money amounts.

use super::{
    Fault, SourceUnit,
    numbers::{self, DecimalStyle},
};

/// An amount of money per month, in minor units.
///
/// `currency` is the one the amounts should be in; an amount that names another one is refused rather than mixed in.
/// `digits` is the currency's number of decimals.
///
/// # Errors
/// No number, an unknown word beside it, another currency, or more than an `i64` holds.
pub(super) fn minor_units(
    text: &str,
    style: Option<DecimalStyle>,
    unit: Option<SourceUnit>,
    currency: Option<&str>,
    digits: u8,
) -> Result<i64, Fault> {
    let (before, number) = split_at_number(text);
    let (amount, after) = numbers::scan(number, style)?;
    let (negative, before) = match before.trim() {
        "-" => (true, ""),
        other => (false, other),
    };
    for word in [before, after.trim()] {
        check_currency(word, currency)?;
    }
    let monthly = unit.map_or(amount, |unit| unit.convert(amount));
    let minor = (monthly * 10_f64.powi(i32::from(digits))).round();
    if minor.abs() > 9e15 {
        return Err(Fault::new("range", "is more money than can be stored"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked against 9e15, whole")]
    let minor = minor as i64;
    Ok(if negative { -minor } else { minor })
}

fn split_at_number(text: &str) -> (&str, &str) {
    let at = text
        .find(|c: char| c.is_ascii_digit())
        .map_or(text.len(), |digit| {
            // A sign, point or comma right before the digits belongs to the number.
            let head = &text[..digit];
            head.trim_end_matches(['-', '+', '.', ',']).len()
        });
    text.split_at(at)
}

fn check_currency(word: &str, currency: Option<&str>) -> Result<(), Fault> {
    let word = word
        .trim()
        .trim_end_matches("/month")
        .trim_end_matches(",-")
        .trim_matches(['.', ' ']);
    let named = match word {
        "" | "$" => return Ok(()),
        "€" => "EUR",
        "£" => "GBP",
        "US$" => "USD",
        code if code.len() == 3 && code.bytes().all(|b| b.is_ascii_alphabetic()) => code,
        other => {
            let shown: String = other.chars().take(20).collect();
            return Err(Fault::new(
                "money",
                format!("'{shown}' beside the amount is no currency"),
            ));
        }
    };
    match currency {
        Some(wanted) if !wanted.eq_ignore_ascii_case(named) => Err(Fault::new(
            "currency",
            format!("is in {named}, the engagement counts in {wanted}: convert the column before importing"),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_become_minor_units_per_month() {
        let cents = |text, unit| minor_units(text, None, unit, None, 2).unwrap();
        assert_eq!(cents("1,234.50", None), 123_450);
        assert_eq!(cents("$ 99", None), 9_900);
        assert_eq!(cents("1.234,56 €", None), 123_456);
        assert_eq!(cents("USD 3400", Some(SourceUnit::PerYear)), 28_333);
        assert_eq!(cents("-12", None), -1_200);
        assert_eq!(minor_units("1200", None, None, None, 0).unwrap(), 1_200);
    }

    #[test]
    fn another_currency_is_refused() {
        assert!(minor_units("12 EUR", None, None, Some("EUR"), 2).is_ok());
        assert_eq!(
            minor_units("12 €", None, None, Some("USD"), 2).unwrap_err().rule,
            "currency"
        );
        assert_eq!(
            minor_units("12 bananas", None, None, None, 2).unwrap_err().rule,
            "money"
        );
        assert!(minor_units("free", None, None, None, 2).is_err());
    }
}
