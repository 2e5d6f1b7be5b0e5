//! What a column of a known format means.

use std::collections::BTreeMap;

use crate::cleansing::{DecimalStyle, SourceUnit, TransformationRules};

/// A column of a format.
#[derive(Clone, Copy, Debug)]
pub struct KnownColumn {
    /// Its header, normalised; `{n}` stands for a number.
    pub header: &'static str,
    /// Where its values go.
    pub target: Target,
    /// Unit of numbers that carry none themselves.
    pub unit: Option<SourceUnit>,
    /// Whether its numbers are always whole, so that any mark in them groups thousands.
    pub whole: bool,
    /// Codes of the tool and what they mean.
    pub words: &'static [(&'static str, &'static str)],
    /// Among several columns for one field the lowest goes first.
    pub priority: u16,
}

/// Where the values of a column go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// To this field of the asset.
    Field(&'static str),
    /// To facts beside the asset, read by the functions of the format: `role`, `identities`, `derived`, `disks`, `networks`,
    /// `metrics`, `dependencies`, `tags`. The text may be kept as a custom attribute as well.
    Facts(&'static str),
}

impl KnownColumn {
    /// A column that holds a field.
    pub(super) const fn field(header: &'static str, field: &'static str) -> Self {
        Self {
            header,
            target: Target::Field(field),
            unit: None,
            whole: false,
            words: &[],
            priority: 0,
        }
    }

    /// A column that holds facts.
    pub(super) const fn facts(header: &'static str, facts: &'static str) -> Self {
        Self {
            header,
            target: Target::Facts(facts),
            unit: None,
            whole: false,
            words: &[],
            priority: 0,
        }
    }

    pub(super) const fn unit(self, unit: SourceUnit) -> Self {
        Self {
            unit: Some(unit),
            ..self
        }
    }

    pub(super) const fn whole(self) -> Self {
        Self { whole: true, ..self }
    }

    pub(super) const fn words(self, words: &'static [(&'static str, &'static str)]) -> Self {
        Self { words, ..self }
    }

    pub(super) const fn priority(self, priority: u16) -> Self {
        Self { priority, ..self }
    }

    /// The field, if it holds one.
    pub const fn target_field(&self) -> Option<&'static str> {
        match self.target {
            Target::Field(field) => Some(field),
            Target::Facts(_) => None,
        }
    }

    /// How cleansing is to read the column. The samples tell which mark groups thousands.
    pub fn rules<'a>(&self, samples: impl IntoIterator<Item = &'a str>) -> TransformationRules {
        let decimal_style = if self.whole {
            samples.into_iter().find_map(style_of_whole)
        } else {
            None
        };
        TransformationRules {
            unit: self.unit,
            decimal_style,
            value_map: self
                .words
                .iter()
                .map(|(code, word)| ((*code).to_owned(), (*word).to_owned()))
                .collect::<BTreeMap<_, _>>(),
            priority: self.priority,
            ..TransformationRules::default()
        }
    }
}

/// The style under which the mark before the last three digits groups them.
fn style_of_whole(sample: &str) -> Option<DecimalStyle> {
    let sample = sample.trim();
    let mark = sample
        .len()
        .checked_sub(4)
        .and_then(|at| sample.as_bytes().get(at))?;
    let digits = sample.bytes().rev().take(3).all(|byte| byte.is_ascii_digit());
    match mark {
        b'.' if digits => Some(DecimalStyle::Comma),
        b',' if digits => Some(DecimalStyle::Point),
        _ => None,
    }
}

/// Whether this is a name with a domain, not an address.
pub(super) fn is_domain_name(text: &str) -> bool {
    text.contains('.') && text.parse::<std::net::IpAddr>().is_err() && !text.contains(char::is_whitespace)
}

/// A header without the marks that templates put on it, in lowercase, with single spaces.
pub(super) fn normal(header: &str) -> String {
    let words: Vec<&str> = header.split_whitespace().collect();
    words.join(" ").trim_matches(['*', '^', ' ']).to_lowercase()
}

/// The column of this header; a number in it may stand for `{n}`.
pub(super) fn find(columns: &'static [KnownColumn], header: &str) -> Option<&'static KnownColumn> {
    let plain = normal(header);
    let by = |wanted: &str| columns.iter().find(|column| column.header == wanted);
    by(&plain).or_else(|| by(&numbered(&plain)?))
}

/// The header with its first number replaced by `{n}`.
fn numbered(header: &str) -> Option<String> {
    let start = header.find(|c: char| c.is_ascii_digit())?;
    let (before, rest) = header.split_at_checked(start)?;
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    Some(format!("{before}{{n}}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::formats::FORMATS;

    const COLUMNS: &[KnownColumn] = &[
        KnownColumn::field("memory (in mb)", "memory_gb")
            .unit(SourceUnit::Mib)
            .whole(),
        KnownColumn::facts("disk {n} size (in gb)", "disks"),
        KnownColumn::field("state", "power_state")
            .words(&[("3", "off")])
            .priority(2),
    ];

    #[test]
    fn headers_are_found_in_any_spelling() {
        assert_eq!(
            find(COLUMNS, "*Memory  (In MB)").unwrap().target_field(),
            Some("memory_gb")
        );
        assert_eq!(
            find(COLUMNS, "Disk 12 size (In GB)").unwrap().target,
            Target::Facts("disks")
        );
        assert!(find(COLUMNS, "Disk size").is_none());
    }

    #[test]
    fn rules_say_how_the_column_is_read() {
        let memory = COLUMNS[0].rules(["512", "16.384"]);
        assert_eq!(
            (memory.unit, memory.decimal_style),
            (Some(SourceUnit::Mib), Some(DecimalStyle::Comma))
        );
        assert_eq!(
            COLUMNS[0].rules(["16,384"]).decimal_style,
            Some(DecimalStyle::Point)
        );
        assert_eq!(COLUMNS[0].rules(["512"]).decimal_style, None);
        let state = COLUMNS[2].rules(["3"]);
        assert_eq!((state.priority, state.value_map["3"].as_str()), (2, "off"));
    }

    #[test]
    fn every_column_of_every_format_names_a_field_that_exists() {
        for format in FORMATS {
            for column in format.columns() {
                assert_eq!(column.header, normal(column.header), "{}", format.id());
                if let Some(field) = column.target_field() {
                    assert!(
                        landfall_domain::fields::field(field).is_some(),
                        "{}: {field}",
                        format.id()
                    );
                }
            }
        }
    }
}
