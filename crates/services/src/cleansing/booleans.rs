//! Yes and no.

use super::{Fault, Folded};

/// Yes or no, in English or German, as a digit, a tick, or as `virtual` and `physical`, the answer to the one question of
/// this kind that inventories ask about a machine.
///
/// # Errors
/// Any other text.
pub(super) fn read(text: &str) -> Result<bool, Fault> {
    known(text).ok_or_else(|| {
        let shown: String = text.chars().take(40).collect();
        Fault::new("boolean", format!("'{shown}' is neither yes nor no"))
    })
}

pub(super) fn known(text: &str) -> Option<bool> {
    if text.len() == 1 {
        return match text.as_bytes().first()?.to_ascii_lowercase() {
            b'1' | b'y' | b't' | b'j' | b'x' => Some(true),
            b'0' | b'n' | b'f' => Some(false),
            _ => None,
        };
    }
    match Folded::of(text)?.as_str() {
        "true" | "yes" | "ja" | "wahr" | "on" | "enabled" | "virtual" | "virtuell" | "virtual machine"
        | "vm" => Some(true),
        "false" | "no" | "nein" | "falsch" | "off" | "disabled" | "physical" | "physisch" | "bare metal"
        | "hardware" => Some(false),
        _ => match text {
            "✓" | "✔" => Some(true),
            "✗" | "✘" => Some(false),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn yes_and_no_are_read_in_both_languages() {
        for text in ["yes", "TRUE", "1", "Ja", "x", "Virtual", "✓", "Wahr"] {
            assert_eq!(read(text), Ok(true), "{text}");
        }
        for text in ["No", "false", "0", "nein", "Physical", "n"] {
            assert_eq!(read(text), Ok(false), "{text}");
        }
        assert!(read("perhaps").is_err());
        assert!(read("2").is_err());
    }
}
