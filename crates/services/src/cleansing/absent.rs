//! Texts by which sources say that there is nothing.

/// Whether the text says that nothing is known: empty, dashes, `N/A`, `unknown`, `none`, `null`, `unbekannt`, `k. A.` …
/// `NA` alone is not among them, because it is also a region.
pub fn is_absent(text: &str) -> bool {
    let text = text.trim();
    let Some(first) = text.bytes().next() else {
        return true;
    };
    if text.len() > 14 {
        return false;
    }
    match first.to_ascii_lowercase() {
        b'-' | b'?' | b'.' | b'_' => text.bytes().all(|b| matches!(b, b'-' | b'?' | b'.' | b'_')),
        b'n' => one_of(
            text,
            &[
                "n/a",
                "null",
                "none",
                "nil",
                "n.a.",
                "n.a",
                "not available",
                "not applicable",
                "not set",
                "not defined",
            ],
        ),
        b'u' => one_of(text, &["unknown", "undefined", "unbekannt"]),
        b'k' => one_of(text, &["k.a.", "k. a.", "keine angabe", "keine"]),
        b't' => one_of(text, &["tbd", "tba", "to be defined"]),
        b'#' => one_of(
            text,
            &[
                "#n/a", "#nv", "#value!", "#wert!", "#ref!", "#bezug!", "#name?", "#div/0!", "#null!",
            ],
        ),
        b'(' => one_of(text, &["(null)", "(none)", "(unknown)", "(empty)", "(blank)"]),
        b'<' => one_of(text, &["<null>", "<none>", "<unknown>", "<empty>", "<not set>"]),
        _ => !text.is_ascii() && text.chars().all(|c| matches!(c, '–' | '—' | '\u{feff}')),
    }
}

fn one_of(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::is_absent;

    #[test]
    fn words_for_nothing_are_absent_and_words_that_start_like_them_are_not() {
        for text in [
            "", "  ", "-", "--", "N/A", "n/a ", "unknown", "None", "NULL", "k.A.", "#NV", "–", "(null)",
            "TBD",
        ] {
            assert!(is_absent(text), "{text}");
        }
        for text in [
            "NA",
            "none-host",
            "nullserver",
            "0",
            "-1",
            "unknown-host-17",
            "-5.2",
            "Keiner",
        ] {
            assert!(!is_absent(text), "{text}");
        }
    }
}
