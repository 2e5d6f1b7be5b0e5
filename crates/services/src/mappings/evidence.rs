//! What a column's values say for and against a field.

use landfall_domain::{
    AssetType,
    fields::{Field, FieldGroup, FieldKind, field},
};

use super::{
    column::{ColumnProfile, is_date, reads, reads_bool},
    header::Header,
};
use crate::cleansing::{TransformationRules, operating_system, vocabulary};

/// What the values say about one field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Verdict {
    /// Nothing: there are none, or the field takes any text.
    Silent,
    /// This part of them (0–1) is what the field holds, and that is most.
    Supports(f64),
    /// Some are, some are not.
    Mixed(f64),
    /// They are something else.
    Contradicts(f64),
}

/// At least this many values must speak against a field before they are believed.
const ENOUGH: usize = 3;
const MOST: f64 = 0.8;
const FEW: f64 = 0.3;

/// What the values say about the field, read under the rules that would apply to them.
pub(super) fn verdict(
    field: &'static Field,
    profile: &ColumnProfile,
    rules: &TransformationRules,
) -> Verdict {
    if profile.samples.is_empty() {
        return Verdict::Silent;
    }
    match field.kind {
        FieldKind::Text | FieldKind::Identifier | FieldKind::AssetReferences | FieldKind::Tags => {
            text(field, profile, rules)
        }
        FieldKind::OperatingSystem => words(profile, rules, |text| operating_system::family(text).is_some()),
        FieldKind::Environment => words(profile, rules, |text| vocabulary::environment(text).is_some()),
        FieldKind::Status => words(profile, rules, |text| vocabulary::status(text).is_some()),
        FieldKind::Architecture => words(profile, rules, |text| vocabulary::architecture(text).is_some()),
        FieldKind::AssetType => checked(profile, |text| {
            vocabulary::asset_type(text).is_some_and(|kind| kind != AssetType::Other)
        }),
        _ => checked(profile, |text| reads(field, rules, mapped(rules, text))),
    }
}

/// The text in the words of the value map.
fn mapped<'a>(rules: &'a TransformationRules, text: &'a str) -> &'a str {
    rules
        .value_map
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(text))
        .map_or(text, |(_, meaning)| meaning)
}

/// Kinds whose values can be checked.
fn checked(profile: &ColumnProfile, fits: impl Fn(&str) -> bool) -> Verdict {
    let share = profile.share(&fits);
    let against = profile.samples.iter().filter(|text| !fits(text)).count();
    if share >= MOST {
        Verdict::Supports(share)
    } else if share < FEW && against >= ENOUGH {
        Verdict::Contradicts(share)
    } else {
        Verdict::Mixed(share)
    }
}

/// Kinds with usual words beside which others are possible.
fn words(profile: &ColumnProfile, rules: &TransformationRules, known: impl Fn(&str) -> bool) -> Verdict {
    let share = profile.share(&known);
    if share >= 0.5 {
        return Verdict::Supports(share);
    }
    foreign(profile, |text| {
        !known(text) && (is_typed(text, rules) || is_number(text))
    })
}

/// Text that is in truth something typed speaks against a field of names. Ids and descriptions may hold anything.
fn text(field: &Field, profile: &ColumnProfile, rules: &TransformationRules) -> Verdict {
    let anything = field.kind == FieldKind::Identifier
        || matches!(
            field.name,
            "description" | "tags" | "dependencies" | "model" | "os_version" | "rack_location"
        );
    if anything {
        return Verdict::Silent;
    }
    let prose = matches!(field.group, FieldGroup::Identity);
    foreign(profile, |text| is_typed(text, rules) || (prose && is_prose(text)))
}

fn foreign(profile: &ColumnProfile, is_foreign: impl Fn(&str) -> bool) -> Verdict {
    let share = profile.share(&is_foreign);
    let count = profile.samples.iter().filter(|text| is_foreign(text)).count();
    // Two values are all that a yes-or-no column has.
    if share > 1.0 - FEW && (count >= ENOUGH || (count == 2 && profile.filled > 10)) {
        Verdict::Contradicts(1.0 - share)
    } else {
        Verdict::Silent
    }
}

fn is_typed(text: &str, rules: &TransformationRules) -> bool {
    let is = |name: &str| field(name).is_some_and(|field| reads(field, rules, text));
    (text.len() > 2 && reads_bool(text, rules))
        || is("ip_address")
        || is("mac_address")
        || is("system_uuid")
        || is_date(text, rules)
}

fn is_number(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'-'))
        && text.bytes().any(|b| b.is_ascii_digit())
}

fn is_prose(text: &str) -> bool {
    text.split_whitespace().count() > 7
}

/// Fields that values alone can name, with the confidence that is due if all of them fit. Below the threshold of approval:
/// a gateway is an IP address too.
const TELLING: [(&str, f64); 7] = [
    ("mac_address", 0.8),
    ("ip_address", 0.8),
    ("operating_system", 0.75),
    ("environment", 0.75),
    ("six_r_strategy", 0.75),
    ("asset_type", 0.7),
    ("fqdn", 0.6),
];

/// Words in a header that say: such a value, but of something else.
const SOMETHING_ELSE: [&str; 26] = [
    "gateway",
    "subnet",
    "netmask",
    "mask",
    "broadcast",
    "vlan",
    "public",
    "backup",
    "ilo",
    "idrac",
    "bmc",
    "ipmi",
    "sdk",
    "vcenter",
    "server",
    "dns",
    "ntp",
    "path",
    "file",
    "version",
    "url",
    "mail",
    "email",
    "target",
    "source",
    "destination",
];

/// Fields that the values name by themselves.
pub(super) fn telling(header: &Header, profile: &ColumnProfile) -> Vec<(&'static Field, f64)> {
    if profile.filled.max(profile.samples.len() as u64) < ENOUGH as u64
        || header
            .words
            .iter()
            .any(|word| SOMETHING_ELSE.contains(&word.as_str()))
    {
        return Vec::new();
    }
    let rules = TransformationRules::default();
    TELLING
        .iter()
        .filter_map(|(name, confidence)| {
            let field = field(name)?;
            // One word repeated in every row tells nothing.
            let enough = profile.samples.len() > 1 || field.name == "operating_system";
            let share = profile.share(|text| tells(field, &rules, text));
            (enough && share >= 0.9).then_some((field, confidence * share))
        })
        .collect()
}

fn tells(field: &'static Field, rules: &TransformationRules, text: &str) -> bool {
    if is_number(text) && field.kind != FieldKind::IpAddress {
        return false;
    }
    match field.kind {
        FieldKind::OperatingSystem => operating_system::family(text).is_some(),
        FieldKind::Environment => vocabulary::environment(text).is_some(),
        FieldKind::AssetType => vocabulary::asset_type(text).is_some(),
        FieldKind::Fqdn => text.matches('.').count() > 1 && reads(field, rules, text),
        _ => reads(field, rules, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(samples: &[&str]) -> ColumnProfile {
        ColumnProfile::from_samples("c", samples.iter().copied(), 100, 100)
    }

    fn verdict_on(name: &str, samples: &[&str]) -> Verdict {
        verdict(
            field(name).unwrap(),
            &profile(samples),
            &TransformationRules::default(),
        )
    }

    #[test]
    fn values_speak_for_and_against_a_field() {
        let prose = [
            "a server in Bonn",
            "was moved last year",
            "ask Jane before touching",
        ];
        assert_eq!(
            verdict_on("ip_address", &["10.0.0.1", "10.0.0.2", "fd00::1"]),
            Verdict::Supports(1.0)
        );
        assert_eq!(verdict_on("ip_address", &prose), Verdict::Contradicts(0.0));
        assert_eq!(
            verdict_on("ip_address", &["10.0.0.1", "broken"]),
            Verdict::Mixed(0.5)
        );
        assert_eq!(verdict_on("ip_address", &["broken"]), Verdict::Mixed(0.0));
        assert_eq!(
            verdict_on("operating_system", &["PostgreSQL 14", "F5 BigIP", "Java 11"]),
            Verdict::Silent
        );
        assert_eq!(
            verdict_on("operating_system", &["100", "200", "350.5"]),
            Verdict::Contradicts(0.0)
        );
        assert_eq!(
            verdict_on("department", &["True", "False"]),
            Verdict::Contradicts(0.0)
        );
        assert_eq!(verdict_on("name", &["59", "web01"]), Verdict::Silent);
        assert_eq!(verdict_on("memory_gb", &[]), Verdict::Silent);
    }

    #[test]
    fn values_alone_can_name_a_field_but_not_where_the_header_says_otherwise() {
        let addresses = profile(&["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
        let named = |header: &str| telling(&Header::of(header), &addresses);
        assert_eq!(
            named("Adr.").first().map(|(field, _)| field.name),
            Some("ip_address")
        );
        assert!(named("Default Gateway").is_empty());
        assert!(telling(&Header::of("x"), &profile(&["1", "2", "3"])).is_empty());
    }
}
