//! The sentences of a finding.

use std::fmt::Write as _;

use chrono::NaiveDate;
use landfall_domain::RiskLevel;

use super::catalogue::{Cycle, Product};
use super::severity::{Standing, raised};

/// Longest part of a source's text that is quoted.
const QUOTE: usize = 120;

/// What the dates mean. `longest` if the text names only a part of the version.
pub(super) fn of_support(product: &Product, cycle: &Cycle, standing: Standing, longest: bool) -> String {
    let name = format!("{} {}", product.name, cycle.version);
    let extended = product.extended_support.as_deref().unwrap_or("extended support");
    let mut text = match standing {
        Standing::Ended { standard, last } if last > standard => format!(
            "{name} has no support: standard support ended on {standard} and {extended} on {last}. New vulnerabilities are no longer fixed."
        ),
        Standing::Ended { standard, .. } => {
            format!("{name} has no support: it ended on {standard}. New vulnerabilities are no longer fixed.")
        }
        Standing::ExtendedOnly {
            standard,
            extended: last,
        } => format!(
            "Standard support of {name} ended on {standard}. Security fixes come only with {extended}, until {last}."
        ),
        Standing::EndsSoon { standard } => {
            let after = match cycle.extended_until {
                Some(last) => format!("come only with {extended}, until {last}"),
                None => "are no longer made".to_owned(),
            };
            format!(
                "Standard support of {name} ends on {standard}, within twelve months. After that, security fixes {after}."
            )
        }
        Standing::Supported => String::new(),
    };
    if longest {
        let _ = write!(
            text,
            " The text names no full version: {} is the one supported longest.",
            cycle.version
        );
    }
    if let Some(note) = &product.note {
        let _ = write!(text, " {note}");
    }
    text
}

/// Why an operating system cannot be judged.
pub(super) fn of_unknown_version(product: &Product, stated: &str, listed: bool) -> String {
    let quoted: String = stated.chars().take(QUOTE).collect();
    if product.generic {
        format!(
            "'{quoted}' names no distribution, so its support cannot be judged. Fill in the operating system and its version."
        )
    } else if listed {
        format!(
            "'{quoted}' does not say which one version of {} it is, so its support cannot be judged. Fill in the version.",
            product.name
        )
    } else {
        format!(
            "'{quoted}' is a version of {} that the catalogue does not have, so its support cannot be judged. Check the version.",
            product.name
        )
    }
}

/// Why the severity is above what the dates alone say; nothing if it is not.
pub(super) fn of_raise(by_dates: RiskLevel) -> String {
    let now = raised(by_dates);
    if now == by_dates {
        return String::new();
    }
    format!(" Raised from {by_dates} to {now}: the asset is critical and in production.")
}

/// Where the dates come from.
pub(super) fn of_source(source: &str, as_of: NaiveDate) -> String {
    format!(" Source: {source}; catalogue of {as_of}.")
}
