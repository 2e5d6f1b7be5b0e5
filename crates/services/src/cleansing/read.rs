//! One text as a value of one field.

use landfall_domain::{
    AssetType,
    fields::{Field, FieldGroup, FieldKind, FieldValue, Unit},
};

use super::{
    Fault, Reading, TransformationRules, booleans, dates, hosts, is_absent, lists, money, network,
    quantities::{self, Part},
    units::Dimension,
    vocabulary,
};

/// The digits after the point that money has where nobody says otherwise.
pub(super) const USUAL_CURRENCY_DIGITS: u8 = 2;

/// Reads a text as a value of a field, under the rules of its column. The text is not yet looked up in the value map.
///
/// # Errors
/// The text says something, but nothing the field can hold; see [`Fault`].
pub fn read(field: &Field, rules: &TransformationRules, text: &str) -> Result<Reading, Fault> {
    read_money_with(field, rules, text, None, USUAL_CURRENCY_DIGITS)
}

/// [`read`], for an engagement with a currency.
pub(super) fn read_money_with(
    field: &Field,
    rules: &TransformationRules,
    text: &str,
    currency: Option<&str>,
    digits: u8,
) -> Result<Reading, Fault> {
    let text = text.trim();
    // "NA" is North America in a location, and nothing elsewhere.
    if is_absent(text) || (text.eq_ignore_ascii_case("na") && field.group != FieldGroup::Location) {
        return Ok(Reading::Absent);
    }
    let reading = match field.kind {
        FieldKind::Text | FieldKind::OperatingSystem => Reading::text(text),
        FieldKind::Identifier => identifier(text),
        FieldKind::Uuid => uuid(text)?,
        FieldKind::Hostname => hosts::hostname(text)?,
        FieldKind::Fqdn => hosts::fqdn(text)?,
        FieldKind::IpAddress => network::ip_address(text)?,
        FieldKind::MacAddress => network::mac_address(text)?,
        FieldKind::Integer => whole_number(field, rules, text)?,
        FieldKind::Number | FieldKind::Percent => number(field, rules, text)?,
        FieldKind::Boolean => Reading::Value(FieldValue::Boolean(booleans::read(text)?)),
        FieldKind::Timestamp => Reading::Value(FieldValue::Timestamp(dates::parse(text, rules.date_order)?)),
        FieldKind::AssetType => asset_type(text),
        FieldKind::SixrStrategy => match vocabulary::sixr_strategy(text) {
            Some((strategy, false)) => Reading::text(strategy.as_str()),
            Some((strategy, true)) => Reading::Partial(FieldValue::Text(strategy.as_str().to_owned())),
            None => {
                return Err(no_word(
                    "six_r_strategy",
                    text,
                    "rehost, replatform, refactor, rearchitect, replace, repurchase, retire or retain",
                ));
            }
        },
        FieldKind::Architecture => Reading::text(vocabulary::architecture(text).unwrap_or(text)),
        FieldKind::Environment => Reading::text(vocabulary::environment(text).unwrap_or(text)),
        FieldKind::Status => Reading::text(vocabulary::status(text).unwrap_or(text)),
        FieldKind::PowerState => Reading::text(
            vocabulary::power_state(text)
                .ok_or_else(|| no_word("power_state", text, "On, Off or Suspended"))?,
        ),
        FieldKind::BootType => Reading::text(
            vocabulary::boot_type(text).ok_or_else(|| no_word("boot_type", text, "BIOS or UEFI"))?,
        ),
        FieldKind::Criticality => Reading::text(
            vocabulary::criticality(text)
                .ok_or_else(|| no_word("criticality", text, "Low, Medium, High or Critical"))?,
        ),
        FieldKind::Level => Reading::text(
            vocabulary::level(text).ok_or_else(|| no_word("level", text, "Low, Medium or High"))?,
        ),
        FieldKind::Wave => {
            let number = vocabulary::wave(text)
                .ok_or_else(|| no_word("wave", text, "a number, alone or as in 'Wave 2'"))?;
            Reading::Value(FieldValue::Integer(number))
        }
        FieldKind::Money => Reading::Value(FieldValue::Integer(money::minor_units(
            text,
            rules.decimal_style,
            rules.unit,
            currency,
            digits,
        )?)),
        FieldKind::AssetReferences => list(lists::items(text, rules.list_separator)),
        FieldKind::Tags => list(lists::tags(text, rules.list_separator)),
    };
    check(field, reading)
}

fn list(items: Vec<String>) -> Reading {
    if items.is_empty() {
        Reading::Absent
    } else {
        Reading::Value(FieldValue::List(items))
    }
}

/// Makers' placeholders would make strangers look like one machine.
fn identifier(text: &str) -> Reading {
    const PLACEHOLDERS: [&str; 12] = [
        "to be filled by o.e.m.",
        "default string",
        "system serial number",
        "not specified",
        "not provided",
        "no asset tag",
        "invalid",
        "empty",
        "chassis serial number",
        "123456789",
        "0123456789",
        "oem",
    ];
    let placeholder = PLACEHOLDERS.iter().any(|word| text.eq_ignore_ascii_case(word))
        || text.bytes().all(|b| b == b'0')
        || (text.len() > 3 && text.bytes().all(|b| matches!(b, b'x' | b'X' | b'.' | b'*')));
    if placeholder {
        Reading::Unused
    } else {
        Reading::text(text)
    }
}

/// Thirty-two hexadecimal digits, however grouped, with the `VMware-` prefix or in braces.
fn uuid(text: &str) -> Result<Reading, Fault> {
    let bare = text.strip_prefix("VMware-").unwrap_or(text);
    let mut uuid = String::with_capacity(36);
    let mut digits = 0_usize;
    for byte in bare.bytes() {
        if byte.is_ascii_hexdigit() {
            if matches!(digits, 8 | 12 | 16 | 20) {
                uuid.push('-');
            }
            uuid.push(char::from(byte.to_ascii_lowercase()));
            digits += 1;
        } else if !matches!(byte, b'-' | b' ' | b'{' | b'}') {
            digits = 0;
            break;
        }
        if digits > 32 {
            break;
        }
    }
    if digits != 32 {
        let shown: String = text.chars().take(60).collect();
        return Err(Fault::new(
            "uuid",
            format!("'{shown}' is no UUID: it has 32 hexadecimal digits"),
        ));
    }
    let same = |digit: u8| uuid.bytes().all(|b| b == digit || b == b'-');
    Ok(if same(b'0') || same(b'f') {
        Reading::Unused
    } else {
        Reading::Value(FieldValue::Text(uuid))
    })
}

/// A type that is in no vocabulary is `other`, and its word is kept.
fn asset_type(text: &str) -> Reading {
    match vocabulary::asset_type(text) {
        Some(kind) => Reading::text(kind.as_str()),
        None => Reading::Partial(FieldValue::Text(AssetType::Other.as_str().to_owned())),
    }
}

fn number(field: &Field, rules: &TransformationRules, text: &str) -> Result<Reading, Fault> {
    let stored = field.unit.unwrap_or(Unit::Count);
    // Of "used / total" only a field about use wants the first; no other rule depends on a field's name.
    let part = if field.name.contains("_used_") {
        Part::Used
    } else {
        Part::Total
    };
    let amount = quantities::amount(text, rules.decimal_style, rules.unit, stored, part)?;
    Ok(Reading::Value(FieldValue::Number(amount)))
}

fn whole_number(field: &Field, rules: &TransformationRules, text: &str) -> Result<Reading, Fault> {
    let unit = rules.unit.filter(|unit| unit.dimension() != Dimension::Count);
    let stored = field.unit.unwrap_or(Unit::Count);
    let amount = quantities::amount(text, rules.decimal_style, unit, stored, Part::Total)?;
    if amount.fract() != 0.0 || amount.abs() > 9e15 {
        return Err(Fault::new("integer", format!("{amount} is not a whole number")));
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
    let amount = amount as i64;
    Ok(Reading::Value(FieldValue::Integer(amount)))
}

fn no_word(rule: &'static str, text: &str, expected: &str) -> Fault {
    let shown: String = text.chars().take(60).collect();
    Fault::new(rule, format!("'{shown}' is not understood; expected {expected}"))
}

/// The bounds that the field declares.
fn check(field: &Field, reading: Reading) -> Result<Reading, Fault> {
    match &reading {
        Reading::Value(value) | Reading::Partial(value) => within(field, value)?,
        Reading::Absent | Reading::Unused => {}
    }
    Ok(reading)
}

fn within(field: &Field, value: &FieldValue) -> Result<(), Fault> {
    #[expect(clippy::cast_precision_loss, reason = "bounds are far below 2^53")]
    let number = match value {
        FieldValue::Integer(number) => *number as f64,
        FieldValue::Number(number) => *number,
        FieldValue::Text(text) => return fits(field, text),
        FieldValue::List(items) => return items.iter().try_for_each(|item| fits(field, item)),
        FieldValue::Boolean(_) | FieldValue::Timestamp(_) => return Ok(()),
    };
    match field.range {
        Some((least, greatest)) if !(least..=greatest).contains(&number) => Err(Fault::new(
            "range",
            format!(
                "{number} is outside {least} to {greatest}, the bounds of {}",
                field.name
            ),
        )),
        _ => Ok(()),
    }
}

fn fits(field: &Field, text: &str) -> Result<(), Fault> {
    match field.max_length {
        Some(most) if text.len() > most && text.chars().count() > most => Err(Fault::new(
            "length",
            format!(
                "is {} characters long; {} holds {most}",
                text.chars().count(),
                field.name
            ),
        )),
        _ => Ok(()),
    }
}
