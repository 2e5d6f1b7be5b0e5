//! Keys and tokens: made of random bytes, recognised by how they begin, kept as hashes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use landfall_repositories::TokenKind;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Random bytes in a secret: nobody guesses 256 bits, so a plain hash of it is enough to keep.
const BYTES: usize = 32;
/// Letters and digits that are not mistaken for each other.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// How API keys begin; scanners of source code look for it.
const KEY: &str = "lfk_";

/// A key or token in the clear. It is shown to its owner once, and never written anywhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// What a token is, by how it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An API key.
    Key,
    /// A token of ours.
    Token(TokenKind),
    /// Probably a token of an identity provider.
    Jwt,
}

impl Secret {
    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A new API key, and how it begins.
    pub(super) fn key() -> Result<(String, Self), getrandom::Error> {
        let mut random = [0_u8; 8];
        getrandom::fill(&mut random)?;
        let letters = random.map(|byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
        let prefix = format!("{KEY}{}", letters.iter().collect::<String>());
        Ok((prefix.clone(), Self::after(&prefix)?))
    }

    /// A new token.
    pub(super) fn token(kind: TokenKind) -> Result<Self, getrandom::Error> {
        Self::after(begin(kind))
    }

    /// A new password of 24 characters.
    pub(super) fn password() -> Result<Self, getrandom::Error> {
        let mut random = [0_u8; 18];
        getrandom::fill(&mut random)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(random)))
    }

    /// The secret that somebody sent, if its checksum is right: what was mistyped or made up need not be looked up.
    pub(super) fn sent(text: &str) -> Option<(Kind, Self)> {
        let kinds = [TokenKind::Access, TokenKind::Refresh, TokenKind::Stream];
        let kind = if text.starts_with(KEY) {
            Kind::Key
        } else if let Some(kind) = kinds
            .into_iter()
            .find(|kind| text.starts_with(&format!("{}_", begin(*kind))))
        {
            Kind::Token(kind)
        } else if text.split('.').count() == 3 {
            return Some((Kind::Jwt, Self(text.to_owned())));
        } else {
            return None;
        };
        let (body, checksum) = text.rsplit_once('_')?;
        (checksum == check(body)).then(|| (kind, Self(text.to_owned())))
    }

    /// How a key begins: by that it is found.
    pub(super) fn prefix(&self) -> Option<&str> {
        self.0.get(..KEY.len() + 8).filter(|_| self.0.starts_with(KEY))
    }

    /// What is kept of it.
    pub(super) fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }

    /// Whether this is what was kept. Takes as long wherever the two differ.
    pub(super) fn is(&self, hash: &str) -> bool {
        self.hash().as_bytes().ct_eq(hash.as_bytes()).into()
    }

    fn after(begin: &str) -> Result<Self, getrandom::Error> {
        let mut random = [0_u8; BYTES];
        getrandom::fill(&mut random)?;
        let random = URL_SAFE_NO_PAD.encode(random);
        let body = format!("{begin}_{random}");
        let checksum = check(&body);
        Ok(Self(format!("{body}_{checksum}")))
    }
}

const fn begin(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Access => "lfa",
        TokenKind::Refresh => "lfr",
        TokenKind::Stream => "lfs",
    }
}

fn check(body: &str) -> String {
    format!("{:08x}", crc32fast::hash(body.as_bytes()))
}

/// Never the secret.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_recognised_by_its_beginning_and_hash_and_shown_to_nobody() {
        let (prefix, key) = Secret::key().unwrap();
        let (kind, sent) = Secret::sent(key.expose()).unwrap();
        assert_eq!((kind, sent.prefix()), (Kind::Key, Some(prefix.as_str())));
        assert!(sent.is(&key.hash()));
        let (_, other) = Secret::key().unwrap();
        assert!(!other.is(&key.hash()));
        assert_eq!(format!("{key:?}"), "Secret(…)");
        assert!(!key.hash().contains(&key.expose()[4..20]));
    }

    #[test]
    fn tokens_are_told_apart_and_a_changed_letter_is_no_secret() {
        for kind in [TokenKind::Access, TokenKind::Refresh, TokenKind::Stream] {
            let token = Secret::token(kind).unwrap();
            assert_eq!(Secret::sent(token.expose()).unwrap().0, Kind::Token(kind));
            let changed = format!("{}0", &token.expose()[..token.expose().len() - 1]);
            assert!(changed == token.expose() || Secret::sent(&changed).is_none());
        }
        for text in ["", "lfk_", "lfk_abc", "Basic abc", "lfa_x_y", "a.b"] {
            assert_eq!(Secret::sent(text), None, "{text}");
        }
        assert_eq!(Secret::sent("a.b.c").unwrap().0, Kind::Jwt);
    }
}
