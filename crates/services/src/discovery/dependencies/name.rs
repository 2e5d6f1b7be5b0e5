//! The form in which names of assets are compared.

use std::net::IpAddr;

use crate::cleansing::is_absent;

/// A name or address as it is looked up: lowercase, single spaces, no quotes around it, no dot at its end; IP addresses
/// in their one canonical writing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NormalisedName(String);

impl NormalisedName {
    /// The form of a text; `None` if the text says that there is nothing ("N/A", "none", dashes).
    pub fn of(text: &str) -> Option<Self> {
        let is_around = |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | '`');
        let text = text.trim_start_matches(is_around);
        let text = text.trim_end_matches(|letter: char| letter == '.' || is_around(letter));
        if is_absent(text) || !text.contains(char::is_alphanumeric) {
            return None;
        }
        if let Ok(address) = text.trim_matches(['[', ']']).parse::<IpAddr>() {
            return Some(Self(address.to_canonical().to_string()));
        }
        Some(Self(
            text.split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .to_lowercase(),
        ))
    }

    /// The text to compare with.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address, if it is one.
    pub fn address(&self) -> Option<IpAddr> {
        self.0.parse().ok()
    }

    /// Whether it names the machine on which it is read: `localhost`, a loopback or unspecified address.
    pub fn is_own_machine(&self) -> bool {
        self.0 == "localhost"
            || self
                .address()
                .is_some_and(|address| address.is_loopback() || address.is_unspecified())
    }

    /// Whether it is an address of the public internet, not of a private network.
    pub fn is_public_address(&self) -> bool {
        match self.address() {
            Some(IpAddr::V4(address)) => {
                let [first, second, ..] = address.octets();
                let shared = first == 100 && (64..128).contains(&second);
                !(address.is_private()
                    || address.is_loopback()
                    || address.is_link_local()
                    || address.is_unspecified()
                    || address.is_multicast()
                    || address.is_broadcast()
                    || address.is_documentation()
                    || shared)
            }
            // Global unicast is 2000::/3; the documentation prefix in it is nobody's.
            Some(IpAddr::V6(address)) => {
                let [first, second, ..] = address.segments();
                first & 0xe000 == 0x2000 && !(first == 0x2001 && second == 0x0db8)
            }
            None => false,
        }
    }
}

impl std::fmt::Display for NormalisedName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
