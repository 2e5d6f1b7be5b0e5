//! Finding words in the inventory's texts.

/// Whether the lowercase text has the word, with no letter or digit on either side.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    if word.is_empty() {
        return false;
    }
    text.match_indices(word).any(|(at, found)| {
        let before = text[..at].chars().next_back();
        let after = text[at + found.len()..].chars().next();
        let runs_on = before.is_some_and(char::is_alphanumeric) && word.starts_with(char::is_alphanumeric);
        // A digit behind it is a version.
        let goes_on = after.is_some_and(char::is_alphabetic) && word.ends_with(char::is_alphanumeric);
        !runs_on && !goes_on
    })
}

/// The first of the words that the lowercase text has.
pub(super) fn first_of<'w>(text: &str, words: &'w [String]) -> Option<&'w str> {
    words.iter().map(String::as_str).find(|word| has_word(text, word))
}

#[cfg(test)]
mod tests {
    use super::has_word;

    #[test]
    fn words_are_found_whole_with_a_version_behind_them_at_most() {
        for (text, word, found) in [
            ("java 17, tomcat9", "tomcat", true),
            ("sap hr", "sap hr", true),
            ("sasquatch", "sas", false),
            ("massage", "sage", false),
            ("microsoft sql server 2019", "sql server", true),
            ("mysql", "sql", false),
            (".net core 3.1", ".net core", true),
            ("ubuntu", "", false),
        ] {
            assert_eq!(has_word(text, word), found, "{word} in {text}");
        }
    }
}
