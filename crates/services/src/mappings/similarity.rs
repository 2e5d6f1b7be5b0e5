//! How alike two names are, by whole words.

use std::collections::BTreeSet;

/// Least likeness of two words that may be one word mistyped.
const SAME_WORD: f64 = 0.8;

/// Words that turn a measure into another one: free storage is not storage.
const TURNING: [&str; 20] = [
    "used",
    "free",
    "available",
    "active",
    "reserved",
    "min",
    "minimum",
    "max",
    "maximum",
    "peak",
    "limit",
    "in",
    "out",
    "read",
    "reads",
    "write",
    "writes",
    "belegt",
    "frei",
    "old",
];

/// How alike two lists of words are, 0–1: the Dice coefficient over words, in which a mistyped word counts by its likeness.
/// Order does not matter, and a part of a word never counts: "descr-ip-tion" has no IP in it. Names written in one word are
/// also compared as a whole.
pub(super) fn similarity(a: &[String], b: &[String]) -> f64 {
    by_words(a, b).max(written_together(a, b))
}

fn by_words(a: &[String], b: &[String]) -> f64 {
    let (a, b): (BTreeSet<&str>, BTreeSet<&str>) = (
        a.iter().map(String::as_str).collect(),
        b.iter().map(String::as_str).collect(),
    );
    if a.is_empty() || b.is_empty() || a.symmetric_difference(&b).any(|word| TURNING.contains(word)) {
        return 0.0;
    }
    let mut open = b.clone();
    let mut sum = 0.0;
    // Equal words first, so that a mistyped one cannot take their place.
    let rest: Vec<&str> = a.iter().copied().filter(|word| !open.remove(word)).collect();
    #[expect(clippy::cast_precision_loss, reason = "few words")]
    let equal = (a.len() - rest.len()) as f64;
    sum += equal;
    for word in rest {
        let best = open
            .iter()
            .map(|other| (word_likeness(word, other), *other))
            .filter(|(likeness, _)| *likeness >= SAME_WORD)
            .max_by(|x, y| x.0.total_cmp(&y.0).then_with(|| y.1.cmp(x.1)));
        if let Some((likeness, other)) = best {
            sum += likeness;
            open.remove(other);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "few words")]
    let dice = 2.0 * sum / (a.len() + b.len()) as f64;
    dice
}

/// "ipadress" and "ip address": written together and mistyped.
fn written_together(a: &[String], b: &[String]) -> f64 {
    if (a.len() == 1) == (b.len() == 1) {
        return 0.0;
    }
    let (a, b) = (a.concat(), b.concat());
    let likeness = if a.len() >= 6 { word_likeness(&a, &b) } else { 0.0 };
    if likeness >= 0.85 { likeness } else { 0.0 }
}

/// How alike two words are. Short words must be equal; longer ones may have a slip of the pen, not in the first letter.
fn word_likeness(a: &str, b: &str) -> f64 {
    if a == b {
        return 1.0;
    }
    if a.len().min(b.len()) < 4 || a.chars().next() != b.chars().next() || has_other_digits(a, b) {
        return 0.0;
    }
    if strsim::jaro_winkler(a, b) < 0.9 {
        return 0.0;
    }
    strsim::normalized_damerau_levenshtein(a, b)
}

fn has_other_digits(a: &str, b: &str) -> bool {
    let digits = |word: &str| word.chars().filter(char::is_ascii_digit).collect::<String>();
    digits(a) != digits(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(a: &str, b: &str) -> f64 {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        similarity(&words(a), &words(b))
    }

    #[test]
    fn mistyped_names_are_alike_and_parts_of_words_are_not() {
        assert!(alike("hostnmae", "hostname") > 0.85);
        assert!(alike("enviroment", "environment") > 0.85);
        assert!(alike("operatng system", "operating system") > 0.9);
        assert!(alike("system operating", "operating system") > 0.99);
        assert!(alike("ipadress", "ip address") > 0.8);
        for (a, b) in [
            ("description", "ip"),
            ("cost", "os"),
            ("cost", "host"),
            ("parameter", "ram"),
            ("program", "ram"),
            ("location", "allocation"),
            ("disk1", "disk2"),
            ("state", "status"),
            ("free storage", "storage"),
            ("network out throughput", "network throughput"),
        ] {
            assert!(alike(a, b) < 0.01, "{a} {b}");
        }
        assert!(alike("business name", "asset name") < 0.7);
        assert!(alike("video ram", "ram") < 0.7);
    }

    #[test]
    fn likeness_does_not_depend_on_order() {
        assert!(
            (alike("total memory size", "memory size") - alike("memory size", "total memory size")).abs()
                < 1e-12
        );
    }
}
