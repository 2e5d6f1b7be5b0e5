//! Which version of a product the text behind its name states.

use chrono::NaiveDate;

use super::catalogue::{Pattern, Product};
use super::text::{Form, Token};

/// Words that may stand between a product's name and its version without changing either.
const FILLERS: &[&str] = &[
    "as",
    "build",
    "community",
    "database",
    "datacenter",
    "db",
    "developer",
    "edition",
    "education",
    "ent",
    "enterprise",
    "essentials",
    "express",
    "for",
    "foundation",
    "gnu",
    "home",
    "linux",
    "lts",
    "os",
    "pro",
    "professional",
    "rel",
    "release",
    "sap",
    "se",
    "server",
    "servers",
    "standard",
    "std",
    "ultimate",
    "v",
    "ver",
    "version",
    "versions",
    "workstation",
    "x",
];
/// More fillers in a row than any product name has.
const MAX_FILLERS: usize = 6;

/// What is said of the version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// A version of the catalogue, by its place in the product's cycles.
    Known(usize),
    /// Less than a version of the catalogue ("PostgreSQL 9"), which has several: the one supported longest.
    LongestSupported(usize),
    /// Several versions at once: "4/5", "2016 or later".
    Uncertain,
    /// A version that the catalogue does not have, later than all it has.
    Newer,
    /// Another version that the catalogue does not have.
    NotListed,
    /// None.
    Missing,
}

impl Product {
    /// What the tokens from `from` on say of the version, and how exactly.
    pub(super) fn version(&self, tokens: &[Token], from: usize) -> (Version, usize) {
        let known = self
            .patterns
            .iter()
            .filter_map(|pattern| Some((pattern.find(tokens, from)?, pattern.cycle)));
        let best = known.reduce(|best, next| if next.0.0 > best.0.0 { next } else { best });
        if let Some(((exactness, end), cycle)) = best {
            let version = if one_of_several(tokens, end) {
                Version::Uncertain
            } else {
                Version::Known(cycle)
            };
            return (version, exactness);
        }
        let at = skip_fillers(tokens, from);
        let Some(number) = tokens.get(at).and_then(|token| token.form.number()) else {
            return (Version::Missing, 0);
        };
        if one_of_several(tokens, at + 1) {
            return (Version::Uncertain, number.len());
        }
        (self.unlisted(number), number.len())
    }

    /// A number that is no whole version of the catalogue.
    fn unlisted(&self, number: &[u32]) -> Version {
        let versions = || self.patterns.iter().filter(|pattern| pattern.primary);
        let mut longer = versions().filter_map(|pattern| match pattern.forms.as_slice() {
            [Form::Number(parts)] if parts.starts_with(number) => Some(pattern.cycle),
            _ => None,
        });
        if let Some(first) = longer.next() {
            let others: Vec<usize> = longer.collect();
            if others.is_empty() {
                return Version::Known(first);
            }
            let longest = others
                .into_iter()
                .chain([first])
                .max_by_key(|&cycle| self.last_day(cycle));
            return Version::LongestSupported(longest.unwrap_or(first));
        }
        let latest = versions()
            .filter_map(|pattern| pattern.forms.iter().find_map(Form::number))
            .max();
        if latest.is_some_and(|latest| number > latest) {
            Version::Newer
        } else {
            Version::NotListed
        }
    }

    /// The last day of any support; the end of time where none is announced.
    fn last_day(&self, cycle: usize) -> NaiveDate {
        let cycle = self.cycles.get(cycle);
        cycle
            .and_then(|cycle| cycle.extended_until.or(cycle.until))
            .unwrap_or(NaiveDate::MAX)
    }
}

impl Pattern {
    /// How much of the version stands from `from` on, and the token after it. Fillers may stand between.
    fn find(&self, tokens: &[Token], from: usize) -> Option<(usize, usize)> {
        let mut at = from;
        let mut exactness = 0;
        for form in &self.forms {
            let fits = |at: usize| tokens.get(at).is_some_and(|token| covers(form, &token.form));
            if !fits(at) {
                at = skip_fillers(tokens, at);
            }
            if !fits(at) {
                return None;
            }
            exactness += 1 + form.number().map_or(1, <[u32]>::len);
            at += 1;
        }
        Some((exactness, at))
    }
}

/// Whether a version of the catalogue is the text's: "8" is that of "8.6", "8.1" not that of "8.10".
fn covers(form: &Form, text: &Form) -> bool {
    match (form, text) {
        (Form::Number(version), Form::Number(number)) => number.starts_with(version),
        _ => form == text,
    }
}

fn skip_fillers(tokens: &[Token], from: usize) -> usize {
    let rest = tokens.get(from..).unwrap_or_default().iter().take(MAX_FILLERS);
    from + rest
        .take_while(|token| token.form.word().is_some_and(|word| FILLERS.contains(&word)))
        .count()
}

/// Whether the version that ends before `end` is one of several the text allows.
fn one_of_several(tokens: &[Token], end: usize) -> bool {
    if end
        .checked_sub(1)
        .and_then(|last| tokens.get(last))
        .is_some_and(|token| token.plus)
    {
        return true;
    }
    let at = skip_fillers(tokens, end);
    let word = |at: usize| {
        tokens
            .get(at)
            .and_then(|token| token.form.word())
            .unwrap_or_default()
    };
    let number = |at: usize| tokens.get(at).is_some_and(|token| token.form.number().is_some());
    let upwards = |word: &str| {
        matches!(
            word,
            "later" | "newer" | "higher" | "above" | "greater" | "up" | "upwards" | "onwards" | "earlier"
        )
    };
    (number(at) && tokens.get(at).is_some_and(|token| token.after_slash))
        || upwards(word(at))
        || (matches!(word(at), "or" | "and") && upwards(word(at + 1)))
        || (word(at) == "or" && number(at + 1))
}
