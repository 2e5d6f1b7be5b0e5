//! Text that a spreadsheet program would take for a formula.
//!
//! A cell that starts with one of `=`, `+`, `-`, `@`, tab, carriage return or a full-width equals sign is written with an
//! apostrophe before it, which such programs read as "this is text". Text that already looks escaped gets one more, so
//! `unescape_formula(&escape_formula(text)) == text` for every text.

use std::borrow::Cow;

/// Whether a spreadsheet program would evaluate a cell that starts with this.
const fn starts_formula(first: char) -> bool {
    matches!(first, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝')
}

fn is_formula_after_apostrophes(text: &str) -> bool {
    text.trim_start_matches('\'')
        .chars()
        .next()
        .is_some_and(starts_formula)
}

/// The text as an exported cell.
pub fn escape_formula(text: &str) -> Cow<'_, str> {
    if is_formula_after_apostrophes(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text of an imported cell: without the apostrophe that [`escape_formula`] put there, otherwise as it is.
pub fn unescape_formula(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula_after_apostrophes(rest) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formula_starts_are_escaped_and_other_text_is_not() {
        for text in ["=1+1", "+49 30 1", "-5", "@SUM(A1)", "\tx", "\rx", "＝1"] {
            assert_eq!(escape_formula(text), format!("'{text}"));
        }
        for text in ["", "web-01", "'quoted'", "5-3", "''", "O'Brien"] {
            assert_eq!(escape_formula(text), text);
        }
    }

    #[test]
    fn an_apostrophe_that_escapes_nothing_is_kept() {
        assert_eq!(unescape_formula("'hello"), "'hello");
        assert_eq!(unescape_formula("'=1"), "=1");
        assert_eq!(unescape_formula("=1"), "=1");
    }

    proptest! {
        #[test]
        fn unescaping_undoes_escaping(text in "['=+@a\\t＝-]{0,6}.{0,8}") {
            let escaped = escape_formula(&text);
            prop_assert_eq!(unescape_formula(&escaped), text.as_str());
        }

        #[test]
        fn an_escaped_cell_never_starts_a_formula(text in "['=+@a\\t＝-]{0,6}") {
            prop_assert!(!escape_formula(&text).chars().next().is_some_and(starts_formula));
        }
    }
}
