//! Words as vocabularies compare them.

const CAPACITY: usize = 64;

/// A short text in lowercase, umlauts written out, everything but letters and digits reduced to single spaces. Lives on the
/// stack: no vocabulary knows a longer word.
pub(crate) struct Folded {
    buffer: [u8; CAPACITY],
    length: usize,
}

impl Folded {
    /// The folded text; `None` if it is too long to be in any vocabulary.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let mut folded = Self {
            buffer: [0; CAPACITY],
            length: 0,
        };
        let mut space = false;
        for letter in text.chars() {
            if !letter.is_alphanumeric() {
                space = folded.length > 0;
                continue;
            }
            if space {
                folded.push(" ")?;
                space = false;
            }
            if letter.is_ascii() {
                folded.push(letter.to_ascii_lowercase().encode_utf8(&mut [0; 4]))?;
            } else {
                for lower in letter.to_lowercase() {
                    match lower {
                        'ä' => folded.push("ae")?,
                        'ö' => folded.push("oe")?,
                        'ü' => folded.push("ue")?,
                        'ß' => folded.push("ss")?,
                        _ => folded.push(lower.encode_utf8(&mut [0; 4]))?,
                    }
                }
            }
        }
        Some(folded)
    }

    fn push(&mut self, part: &str) -> Option<()> {
        let end = self.length + part.len();
        self.buffer
            .get_mut(self.length..end)?
            .copy_from_slice(part.as_bytes());
        self.length = end;
        Some(())
    }

    /// The folded text.
    pub(crate) fn as_str(&self) -> &str {
        self.buffer
            .get(..self.length)
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Folded;

    #[test]
    fn folding_leaves_words_only() {
        let folded = |text| Folded::of(text).map(|f| f.as_str().to_owned());
        assert_eq!(folded("  Non-Operational! ").as_deref(), Some("non operational"));
        assert_eq!(folded("Außer BETRIEB").as_deref(), Some("ausser betrieb"));
        assert_eq!(folded("--").as_deref(), Some(""));
        assert!(folded(&"x".repeat(65)).is_none());
    }
}
