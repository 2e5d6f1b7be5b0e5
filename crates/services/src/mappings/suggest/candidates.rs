//! What one column could mean.

use std::cmp::Ordering;

use landfall_domain::{
    MatchType,
    fields::{Field, FieldKind, field, header::compact},
};

use super::{
    super::{
        column::ColumnProfile,
        column_rules::rules_for,
        evidence::{Verdict, telling, verdict},
        header::Header,
        names,
        profile::ProfileMatch,
    },
    KnownColumn,
};
use crate::cleansing::TransformationRules;

/// Confidence of a column of a recognised format.
const FORMAT: f64 = 0.98;
/// Confidence of a column that a person mapped in a file with the very same columns.
const PROFILE: f64 = 0.99;
/// The same, in a file with nearly the same columns.
const NEAR_PROFILE: f64 = 0.97;
/// Confidence that a host name's column whose values are no host names holds display names.
const DISPLAY_NAME: f64 = 0.9;

/// A field that a column could mean, or the knowledge that it means none.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) field: Option<&'static Field>,
    pub(super) confidence: f64,
    pub(super) kind: MatchType,
    /// Place of the name met in the field's list, or of the column in the format's.
    pub(super) rank: usize,
    /// Whether several columns may share the field.
    pub(super) shares: bool,
    pub(super) reason: String,
    pub(super) rules: TransformationRules,
}

/// The better candidate first.
pub(super) fn better(a: &Candidate, b: &Candidate) -> Ordering {
    b.confidence
        .total_cmp(&a.confidence)
        .then_with(|| a.rank.cmp(&b.rank))
        .then_with(|| {
            a.field
                .map(|field| field.name)
                .cmp(&b.field.map(|field| field.name))
        })
}

/// Headers of columns that Landfall keeps itself, in compact form. A source's column of that name says nothing about the
/// asset.
const OWN_COLUMNS: [&str; 14] = [
    "clientaccountid",
    "engagementid",
    "tenantid",
    "createdat",
    "updatedat",
    "createdby",
    "updatedby",
    "importedby",
    "importedat",
    "masterflowid",
    "discoveryflowid",
    "rowindex",
    "recordindex",
    "customattributes",
];

/// Every field that the column could mean.
pub(super) fn of(
    column: &ColumnProfile,
    header: &Header,
    others: &dyn Fn(&str) -> bool,
    known: &[KnownColumn<'_>],
    profile: Option<&ProfileMatch<'_>>,
) -> Vec<Candidate> {
    if let Some(decided) = profile.and_then(|profile| decided(column, profile)) {
        return vec![decided];
    }
    let mut candidates = Vec::new();
    if let Some(format) = by_format(column, header, known) {
        let knows_better = format.field.is_none();
        candidates.push(format);
        if knows_better {
            return candidates;
        }
    }
    if OWN_COLUMNS.contains(&header.compact.as_str()) {
        return vec![nothing(
            MatchType::Exact,
            "names a column that Landfall keeps itself; it stays a custom attribute",
        )];
    }
    for found in names::candidates(header, others) {
        push(&mut candidates, by_name(column, &found));
    }
    for (field, confidence) in telling(header, column) {
        let (rules, notes) = rules_for(column, field);
        let reason = sentence(
            format!(
                "{} of {} sample values look like {}",
                fitting(column, field, &rules),
                column.samples.len(),
                field.name
            ),
            &notes,
        );
        push(
            &mut candidates,
            Candidate {
                field: Some(field),
                confidence,
                kind: MatchType::Semantic,
                rank: usize::MAX,
                shares: false,
                reason,
                rules,
            },
        );
    }
    display_name(column, &mut candidates);
    candidates
}

fn nothing(kind: MatchType, reason: impl Into<String>) -> Candidate {
    Candidate {
        field: None,
        confidence: 1.0,
        kind,
        rank: 0,
        shares: true,
        reason: reason.into(),
        rules: TransformationRules::default(),
    }
}

/// Keeps the better of two candidates for one field.
fn push(candidates: &mut Vec<Candidate>, new: Candidate) {
    let same = |known: &&mut Candidate| match (known.field, new.field) {
        (Some(a), Some(b)) => std::ptr::eq(a, b),
        _ => false,
    };
    match candidates.iter_mut().find(same) {
        Some(known) if known.confidence < new.confidence => *known = new,
        Some(_) => {}
        None => candidates.push(new),
    }
}

/// What a person decided about this column in an earlier file.
fn decided(column: &ColumnProfile, profile: &ProfileMatch<'_>) -> Option<Candidate> {
    let decision = profile.column(&column.name)?;
    let version = profile.profile.version;
    let name = &profile.profile.name;
    let Some(target) = &decision.target_field else {
        return Some(nothing(
            MatchType::Profile,
            format!("left unmapped in the approved profile '{name}', version {version}"),
        ));
    };
    let field = field(target)?;
    let confidence = if profile.exact { PROFILE } else { NEAR_PROFILE };
    let against = match verdict(field, column, &decision.rules) {
        Verdict::Contradicts(_) => "; but this file's values do not look like it",
        _ => "",
    };
    Some(Candidate {
        field: Some(field),
        confidence: if against.is_empty() { confidence } else { 0.5 },
        kind: MatchType::Profile,
        rank: 0,
        shares: true,
        reason: format!("mapped so in the approved profile '{name}', version {version}{against}"),
        rules: decision.rules.clone(),
    })
}

/// What the format of the file says about the column.
fn by_format(column: &ColumnProfile, header: &Header, known: &[KnownColumn<'_>]) -> Option<Candidate> {
    let (rank, said) = known
        .iter()
        .enumerate()
        .find(|(_, said)| compact(said.header) == header.compact)?;
    let Some(target) = said.field else {
        return Some(nothing(
            MatchType::Format,
            "a column of this format that describes no asset field",
        ));
    };
    let field = field(target)?;
    let (shown, mut notes) = rules_for(column, field);
    let mut rules = said.rules.clone();
    if rules.unit.is_some() && rules.unit != shown.unit {
        notes.retain(|note| !note.starts_with("unit"));
        notes.extend(rules.unit.map(|unit| format!("unit {unit} by the format")));
    }
    rules.unit = rules.unit.or(shown.unit);
    rules.decimal_style = rules.decimal_style.or(shown.decimal_style);
    rules.date_order = rules.date_order.or(shown.date_order);
    rules.list_separator = rules.list_separator.or(shown.list_separator);
    rules.currency = rules.currency.or(shown.currency);
    if rules.value_map.is_empty() {
        rules.value_map = shown.value_map;
    }
    let same_field = || known.iter().filter(|other| other.field == said.field);
    let several = same_field().count() > 1;
    // A format that ranks some of the columns means the others to go first.
    if several && same_field().all(|other| other.rules.priority == 0) {
        rules.priority = u16::try_from(rank + 1).unwrap_or(u16::MAX);
    }
    let (confidence, told) = weighed(FORMAT, MatchType::Format, verdict(field, column, &rules));
    Some(Candidate {
        field: Some(field),
        confidence,
        kind: MatchType::Format,
        rank,
        shares: several,
        reason: sentence(
            format!("the export format says that this is {}{told}", field.name),
            &notes,
        ),
        rules,
    })
}

fn by_name(column: &ColumnProfile, found: &names::NameMatch) -> Candidate {
    let field = found.field;
    let (rules, notes) = rules_for(column, field);
    let (confidence, told) = weighed(found.confidence, found.kind, verdict(field, column, &rules));
    let mut reason = match found.kind {
        MatchType::Exact => format!("the header is the name of {}", field.name),
        MatchType::Alias => format!("'{}' is a known name of {}", found.name, field.name),
        _ => format!(
            "the header is similar to '{}', a name of {}",
            found.name, field.name
        ),
    };
    reason.push_str(&told);
    Candidate {
        field: Some(field),
        confidence,
        kind: found.kind,
        rank: found.rank,
        shares: matches!(field.kind, FieldKind::AssetReferences | FieldKind::Tags),
        reason: sentence(reason, &notes),
        rules,
    }
}

/// The confidence after the values have spoken, and what they said.
///
/// Of a known name, values that fit close part of the gap to certainty; values of which some fit leave it approvable; values
/// that are something else make it unlikely. A similar name gains and loses more.
fn weighed(base: f64, kind: MatchType, verdict: Verdict) -> (f64, String) {
    let certain = kind != MatchType::Fuzzy;
    match verdict {
        Verdict::Silent => (base, String::new()),
        Verdict::Supports(share) => {
            let gain = if certain { 0.8 } else { 0.3 };
            (
                base + (1.0 - base) * gain * share,
                format!("; {} of its values fit", percent(share)),
            )
        }
        Verdict::Mixed(share) if certain => (
            0.86 + (base - 0.86) * share,
            format!("; only {} of its values fit", percent(share)),
        ),
        Verdict::Mixed(share) => (
            base * (0.6 + 0.4 * share),
            format!("; only {} of its values fit", percent(share)),
        ),
        Verdict::Contradicts(share) => (
            base * (0.15 + 0.5 * share),
            "; but its values are something else".to_owned(),
        ),
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn fitting(column: &ColumnProfile, field: &'static Field, rules: &TransformationRules) -> usize {
    match verdict(field, column, rules) {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most 200"
        )]
        Verdict::Supports(share) | Verdict::Mixed(share) => {
            (share * column.samples.len() as f64).round() as usize
        }
        _ => column.samples.len(),
    }
}

fn sentence(start: String, notes: &[String]) -> String {
    notes.iter().fold(start, |text, note| format!("{text}; {note}"))
}

/// "Server Name" is a host name where its values are; where they are free text, they are display names.
fn display_name(column: &ColumnProfile, candidates: &mut Vec<Candidate>) {
    let lost = candidates.iter().any(|candidate| {
        candidate
            .field
            .is_some_and(|field| field.kind == FieldKind::Hostname)
            && matches!(candidate.kind, MatchType::Alias)
            && candidate.confidence < DISPLAY_NAME
    });
    let Some(name) = field("name").filter(|_| lost) else {
        return;
    };
    if verdict(name, column, &TransformationRules::default()) == Verdict::Silent {
        push(
            candidates,
            Candidate {
                field: Some(name),
                confidence: DISPLAY_NAME,
                kind: MatchType::Alias,
                rank: usize::MAX,
                shares: false,
                reason: "names a machine, but its values are no host names, so it is the display name"
                    .to_owned(),
                rules: TransformationRules::default(),
            },
        );
    }
}
