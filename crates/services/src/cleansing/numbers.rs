//! Numbers as people and spreadsheets write them.

mod evidence;

pub use evidence::DecimalEvidence;

use evidence::Shape;
use serde::{Deserialize, Serialize};

use super::Fault;

/// Which mark a column's numbers use before the decimals; the other one groups thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecimalStyle {
    /// 1,234.5
    Point,
    /// 1.234,5
    Comma,
}

/// The longest number anybody means, in characters.
const LONGEST: usize = 48;

/// The number at the start of a text, and what follows it.
///
/// Spaces and apostrophes group thousands in either style. Without a style, a text must decide for itself: of two different
/// marks the last is the decimal one, a repeated mark groups, one comma groups if it could, one point is decimal.
///
/// # Errors
/// No number there, groups that are not of three digits under this style, or a number without a finite value.
pub fn scan(text: &str, style: Option<DecimalStyle>) -> Result<(f64, &str), Fault> {
    let text = text.trim_start();
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => text
            .strip_prefix('\u{2212}')
            .map_or((false, text), |rest| (true, rest)),
    };
    let whole = digits.bytes().take_while(u8::is_ascii_digit).count();
    if whole > 0 && whole <= 15 && !continues(&digits[whole..]) {
        let value = digits
            .bytes()
            .take(whole)
            .fold(0_u64, |n, b| n * 10 + u64::from(b - b'0'));
        #[expect(clippy::cast_precision_loss, reason = "fifteen digits are exact")]
        let value = value as f64;
        return Ok((if negative { -value } else { value }, &digits[whole..]));
    }
    let (value, rest) = scan_marked(digits, style)?;
    Ok((if negative { -value } else { value }, rest))
}

/// Whether what follows the first digits may still belong to the number.
fn continues(rest: &str) -> bool {
    let mut letters = rest.chars();
    match letters.next() {
        Some('.' | ',' | '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}') => {
            letters.next().is_some_and(|next| next.is_ascii_digit())
        }
        Some('e' | 'E') => letters
            .next()
            .is_some_and(|next| next.is_ascii_digit() || matches!(next, '+' | '-')),
        Some(digit) => digit.is_ascii_digit(),
        None => false,
    }
}

fn scan_marked(text: &str, style: Option<DecimalStyle>) -> Result<(f64, &str), Fault> {
    let span = span(text);
    let number = &text[..span];
    if number.is_empty() {
        return Err(no_number(text));
    }
    let decimal = decimal_mark(number, style);
    let mut buffer = Buffer {
        bytes: [0; LONGEST],
        length: 0,
    };
    let mut groups = None::<usize>;
    let mut decimals = false;
    for letter in number.chars() {
        match letter {
            '0'..='9' => {
                if let (Some(length), false) = (groups.as_mut(), decimals) {
                    *length += 1;
                }
                buffer.push(letter).ok_or_else(|| no_number(text))?;
            }
            mark if Some(mark) == decimal && !decimals => {
                if groups.is_some_and(|length| length != 3) {
                    return Err(bad_groups(number, style));
                }
                decimals = true;
                buffer.push('.').ok_or_else(|| no_number(text))?;
            }
            _ => {
                let first_too_long = groups.is_none() && (buffer.length == 0 || buffer.length > 3);
                if decimals || first_too_long || groups.is_some_and(|length| length != 3) {
                    return Err(bad_groups(number, style));
                }
                groups = Some(0);
            }
        }
    }
    if !decimals && groups.is_some_and(|length| length != 3) {
        return Err(bad_groups(number, style));
    }
    let rest = &text[span..];
    let exponent = exponent(rest);
    for letter in rest[..exponent].chars() {
        buffer.push(letter).ok_or_else(|| no_number(text))?;
    }
    match buffer.as_str().parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((value, &rest[exponent..])),
        Ok(_) => Err(Fault::new("number", "is too large for a number")),
        Err(_) => Err(no_number(text)),
    }
}

/// Length of the digits and marks at the start; a mark belongs only if a digit follows, a space only if three do.
fn span(text: &str) -> usize {
    let mut end = 0;
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        let belongs = match letter {
            '0'..='9' => true,
            '.' | ',' => after.bytes().next().is_some_and(|b| b.is_ascii_digit()),
            '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}' => {
                end > 0 && after.bytes().take(4).take_while(u8::is_ascii_digit).count() == 3
            }
            _ => false,
        };
        if !belongs {
            break;
        }
        end += letter.len_utf8();
        rest = after;
    }
    end
}

/// Length of `e+12` and the like at the start.
fn exponent(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    if !matches!(bytes.first(), Some(b'e' | b'E')) {
        return 0;
    }
    let sign = usize::from(matches!(bytes.get(1), Some(b'+' | b'-')));
    let digits = bytes
        .iter()
        .skip(1 + sign)
        .take_while(|b| b.is_ascii_digit())
        .count();
    if digits == 0 { 0 } else { 1 + sign + digits }
}

fn decimal_mark(number: &str, style: Option<DecimalStyle>) -> Option<char> {
    match style {
        Some(DecimalStyle::Point) => Some('.'),
        Some(DecimalStyle::Comma) => Some(','),
        None => match Shape::of(number) {
            Shape::Point | Shape::PerhapsPoint => Some('.'),
            Shape::Comma => Some(','),
            Shape::Plain | Shape::PerhapsComma => number.contains(',').then_some('.'),
        },
    }
}

fn no_number(text: &str) -> Fault {
    let shown: String = text.chars().take(40).collect();
    Fault::new("number", format!("'{shown}' is not a number"))
}

fn bad_groups(number: &str, style: Option<DecimalStyle>) -> Fault {
    let column = match style {
        Some(DecimalStyle::Point) => " in a column with decimal points",
        Some(DecimalStyle::Comma) => " in a column with decimal commas",
        None => "",
    };
    Fault::new(
        "number",
        format!("'{number}' is not a number{column}: thousands come in groups of three digits"),
    )
}

struct Buffer {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Buffer {
    fn push(&mut self, letter: char) -> Option<()> {
        *self.bytes.get_mut(self.length)? = u8::try_from(letter).ok()?;
        self.length += 1;
        Some(())
    }

    fn as_str(&self) -> &str {
        self.bytes
            .get(..self.length)
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{
        DecimalStyle::{Comma, Point},
        scan,
    };

    #[test]
    fn the_style_of_the_column_decides_what_a_mark_means() {
        for (text, style, value) in [
            ("1,234.5", Some(Point), 1_234.5),
            ("1.234,5", Some(Comma), 1_234.5),
            ("16,384", Some(Point), 16_384.0),
            ("16.384", Some(Comma), 16_384.0),
            ("16.384", Some(Point), 16.384),
            ("1.234.567,25", Some(Comma), 1_234_567.25),
            ("1,234,567.25", None, 1_234_567.25),
            ("1.234,5", None, 1_234.5),
            ("3,5", None, 3.5),
            ("16,384", None, 16_384.0),
            ("0,500", None, 0.5),
            ("1'234.50", Some(Point), 1_234.5),
            ("1 234,5", Some(Comma), 1_234.5),
            ("1\u{a0}234\u{a0}567", None, 1_234_567.0),
            ("-42", None, -42.0),
            ("+7", None, 7.0),
            (".5", Some(Point), 0.5),
            ("1.5e3", Some(Point), 1_500.0),
            ("007", None, 7.0),
        ] {
            let (read, rest) = scan(text, style).unwrap();
            assert!(
                (read - value).abs() < 1e-9 && rest.is_empty(),
                "{text} {style:?}: {read} {rest}"
            );
        }
    }

    #[test]
    fn what_follows_a_number_is_handed_back() {
        assert_eq!(scan("16 GiB", None).unwrap(), (16.0, " GiB"));
        assert_eq!(scan("0x10", None).unwrap(), (0.0, "x10"));
        assert_eq!(scan("4 12", None).unwrap(), (4.0, " 12"));
    }

    #[test]
    fn what_is_no_finite_number_is_refused() {
        for (text, style) in [
            ("NaN", None),
            ("inf", None),
            ("1e999", None),
            ("", None),
            ("-", None),
            ("12,34,567", Some(Point)),
            ("3,5", Some(Point)),
            ("1.5", Some(Comma)),
            ("1,2345", Some(Point)),
            ("1,234,5", None),
        ] {
            assert!(scan(text, style).is_err(), "{text}");
        }
    }
}
