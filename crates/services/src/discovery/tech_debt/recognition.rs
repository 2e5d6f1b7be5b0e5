//! Which products, in which version, a free text names.

use super::catalogue::{Catalogue, Name, ProductKind};
use super::text::{Form, Token, tokens};
use super::version::Version;

/// A product named in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) product: usize,
    pub(super) version: Version,
    /// How much of the text the version explains; more is more exact.
    exactness: usize,
}

impl Found {
    fn rank(&self) -> (u8, usize) {
        let rank = match self.version {
            Version::Known(_) => 5,
            Version::LongestSupported(_) => 4,
            Version::Uncertain => 3,
            Version::Newer | Version::NotListed => 2,
            Version::Missing => 1,
        };
        (rank, self.exactness)
    }
}

/// The better of two; the first where they are equal.
fn better(first: Option<Found>, second: Option<Found>) -> Option<Found> {
    match (first, second) {
        (Some(first), Some(second)) => Some(if second.rank() > first.rank() {
            second
        } else {
            first
        }),
        (first, second) => first.or(second),
    }
}

/// What the text of an operating system names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct System {
    pub(super) operating_system: Option<Found>,
    /// Software in the same text: "PostgreSQL 14 on Ubuntu".
    pub(super) software: Vec<Found>,
}

impl Catalogue {
    /// The operating system of a text and a column of its own for the version, and the software in the text.
    pub(super) fn system(&self, text: &str, version: &str) -> System {
        let text = tokens(text);
        let version = tokens(version);
        let all = self.scan(&text, 0, true);
        let stated = self.best_system(&all);
        let column = self.best_system(&self.scan(&version, 0, true));
        // The version column may hold the bare number: read it as if it stood behind the name.
        let joined = stated.and_then(|_| {
            let joined: Vec<Token> = text.iter().chain(&version).cloned().collect();
            self.best_system(&self.scan(&joined, text.len(), true))
        });
        let refined = match (stated, joined) {
            (Some(stated), Some(joined)) if !self.refines(stated, joined) => Some(stated),
            (_, joined) => joined,
        };
        System {
            operating_system: better(better(stated, refined), column),
            software: self.software_of(all),
        }
    }

    /// The software that a text names. With `full_names`, only names that need no context, as a text about anything
    /// else (an application's name) is no place for short ones.
    pub(super) fn software(&self, text: &str, full_names: bool) -> Vec<Found> {
        self.software_of(self.scan(&tokens(text), 0, !full_names))
    }

    fn software_of(&self, mut found: Vec<Found>) -> Vec<Found> {
        found.retain(|found| self.kind(found) == Some(ProductKind::Software));
        found
    }

    fn kind(&self, found: &Found) -> Option<ProductKind> {
        self.products.get(found.product).map(|product| product.kind)
    }

    fn best_system(&self, found: &[Found]) -> Option<Found> {
        let generic = |found: &Found| {
            self.products
                .get(found.product)
                .is_some_and(|product| product.generic)
        };
        let systems = || {
            found
                .iter()
                .filter(|found| self.kind(found) == Some(ProductKind::OperatingSystem))
                .copied()
        };
        systems()
            .filter(|found| !generic(found))
            .fold(None, |best, next| better(best, Some(next)))
            .or_else(|| systems().find(generic))
    }

    /// Whether `second` says the same as `first`, only more exactly: "SLES 15" and "15.4", not "Windows Server 2022"
    /// and the build number of another release.
    fn refines(&self, first: Found, second: Found) -> bool {
        let Version::Known(known) = first.version else {
            return true;
        };
        let Version::Known(refined) = second.version else {
            return false;
        };
        let Some(product) = self.products.get(first.product) else {
            return false;
        };
        let leading = |cycle: usize| {
            product
                .patterns
                .iter()
                .find(|p| p.cycle == cycle && p.primary)?
                .forms
                .first()
        };
        first.product == second.product && leading(known) == leading(refined)
    }

    /// Every product that the text names, from left to right. A version is looked for behind the name, but not before
    /// the token `version_from`.
    fn scan(&self, tokens: &[Token], version_from: usize, short_names: bool) -> Vec<Found> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let names = token
                .form
                .word()
                .and_then(|word| self.names.get(word))
                .map_or(&[][..], Vec::as_slice);
            match self.longest(names, tokens, at, version_from, short_names) {
                Some((product, length)) => {
                    found.push(product);
                    at += length;
                }
                None => at += 1,
            }
        }
        found
    }

    /// The product with the longest name at this place, and the length of the name in tokens.
    fn longest(
        &self,
        names: &[Name],
        tokens: &[Token],
        at: usize,
        version_from: usize,
        short_names: bool,
    ) -> Option<(Found, usize)> {
        let mut best: Option<(Found, usize)> = None;
        for name in names {
            let length = 1 + name.rest.len();
            if best.is_some_and(|(_, longest)| length < longest) {
                break;
            }
            let Some(product) = self.products.get(name.product) else {
                continue;
            };
            if (name.short && !short_names)
                || !begins_with(tokens.get(at + 1..).unwrap_or_default(), &name.rest)
            {
                continue;
            }
            let (version, exactness) = product.version(tokens, (at + length).max(version_from));
            if name.short && matches!(version, Version::Missing | Version::NotListed | Version::Newer) {
                continue;
            }
            let next = Found {
                product: name.product,
                version,
                exactness,
            };
            let chosen = match best {
                // Two products of one name and both have the version: the text does not say which it is.
                Some((first, _)) if first.rank() == next.rank() && matches!(version, Version::Known(_)) => {
                    Found {
                        version: Version::Uncertain,
                        ..first
                    }
                }
                Some((first, _)) if first.rank() >= next.rank() => first,
                _ => next,
            };
            best = Some((chosen, length));
        }
        best
    }
}

fn begins_with(tokens: &[Token], forms: &[Form]) -> bool {
    tokens.len() >= forms.len() && tokens.iter().zip(forms).all(|(token, form)| token.form == *form)
}
