//! PostgreSQL's COPY text format.

use sea_orm::Value;
use std::fmt::Write;

/// Appends one field, without the separator after it.
pub(super) fn write_field(line: &mut String, value: &Value) {
    match value {
        Value::Bool(Some(yes)) => line.push(if *yes { 't' } else { 'f' }),
        Value::Int(Some(number)) => write_display(line, number),
        Value::BigInt(Some(number)) => write_display(line, number),
        Value::Double(Some(number)) => write_display(line, number),
        Value::Uuid(Some(id)) => write_display(line, id),
        Value::String(Some(text)) => write_escaped(line, text),
        Value::Json(Some(json)) => write_escaped(line, &json.to_string()),
        Value::ChronoDateTimeUtc(Some(time)) => {
            write_display(line, &time.naive_utc());
            line.push_str("+00");
        }
        _ => line.push_str("\\N"),
    }
}

fn write_display(line: &mut String, value: &impl std::fmt::Display) {
    // Writing to a String cannot fail.
    let _ = write!(line, "{value}");
}

/// Backslash, tab, line feed and carriage return have a meaning of their own in the format.
fn write_escaped(line: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '\t', '\n', '\r']) {
        line.push_str(&rest[..at]);
        line.push_str(match rest.as_bytes()[at] {
            b'\\' => "\\\\",
            b'\t' => "\\t",
            b'\n' => "\\n",
            _ => "\\r",
        });
        rest = &rest[at + 1..];
    }
    line.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::write_field;
    use sea_orm::Value;

    #[test]
    fn separators_inside_a_text_are_escaped_and_null_differs_from_its_spelling() {
        let mut line = String::new();
        write_field(&mut line, &Value::String(Some("a\tb\\c\nd\re".to_owned())));
        assert_eq!(line, "a\\tb\\\\c\\nd\\re");
        line.clear();
        write_field(&mut line, &Value::String(None));
        assert_eq!(line, "\\N");
        line.clear();
        write_field(&mut line, &Value::String(Some("\\N".to_owned())));
        assert_eq!(line, "\\\\N");
    }
}
