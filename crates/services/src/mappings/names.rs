//! Which fields a header names.

use std::{collections::HashMap, sync::LazyLock};

use landfall_domain::{
    MatchType,
    fields::{FIELDS, Field, FieldKind, field, header::compact},
};

use super::{
    header::{Header, words},
    similarity::similarity,
};
use crate::cleansing::units::dimension_of;

/// Confidence of a header that is the field's name.
pub(super) const EXACT: f64 = 1.0;
/// Confidence of a header that is a known other name.
pub(super) const ALIAS: f64 = 0.95;
/// A similar header's likeness is worth this much.
const FUZZY: f64 = 0.9;
/// Least likeness that is worth a thought.
const LEAST_LIKENESS: f64 = 0.82;

/// A field that a header names, by the name alone.
#[derive(Clone, Debug)]
pub(super) struct NameMatch {
    pub(super) field: &'static Field,
    pub(super) kind: MatchType,
    pub(super) confidence: f64,
    /// The name or alias that was met.
    pub(super) name: &'static str,
    /// Place of that name in the field's list, the field's own name first.
    pub(super) rank: usize,
}

struct Term {
    field: &'static Field,
    name: &'static str,
    rank: usize,
    words: Vec<String>,
    words_without_unit: Vec<String>,
}

struct Names {
    /// Every name in its compact form.
    whole: HashMap<String, usize>,
    /// Names of fields with a unit, without words of units.
    bare: HashMap<String, Vec<usize>>,
    terms: Vec<Term>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names {
        whole: HashMap::new(),
        bare: HashMap::new(),
        terms: Vec::new(),
    };
    for field in FIELDS {
        for (rank, name) in std::iter::once(&field.name).chain(field.aliases).enumerate() {
            let header = Header::of(name);
            let place = names.terms.len();
            names.whole.entry(compact(name)).or_insert(place);
            if field.unit.is_some() {
                names.bare.entry(header.bare.clone()).or_default().push(place);
            }
            names.terms.push(Term {
                field,
                name,
                rank,
                words: words(name),
                words_without_unit: header.words,
            });
        }
    }
    names
});

/// Every field that the header may name, the best match of each.
pub(super) fn candidates(header: &Header, others: &dyn Fn(&str) -> bool) -> Vec<NameMatch> {
    let mut found: Vec<NameMatch> = Vec::new();
    if let Some(term) = NAMES
        .whole
        .get(&header.compact)
        .and_then(|place| NAMES.terms.get(*place))
    {
        add(&mut found, known(term));
    }
    if let Some(special) = in_context(header, others) {
        for known in &mut found {
            known.confidence = known.confidence.min(0.6);
        }
        add(&mut found, special);
    }
    if header.unit.is_some() || header.currency.is_some() {
        for term in NAMES
            .bare
            .get(&header.bare)
            .into_iter()
            .flatten()
            .filter_map(|place| NAMES.terms.get(*place))
        {
            if fits_unit(header, term.field) {
                add(
                    &mut found,
                    NameMatch {
                        kind: MatchType::Alias,
                        confidence: ALIAS,
                        ..known(term)
                    },
                );
            }
        }
    }
    if header.compact == "id"
        && let Some(field) = field("source_id")
    {
        // An id, but not said of what: a person should look.
        add(
            &mut found,
            NameMatch {
                field,
                kind: MatchType::Fuzzy,
                confidence: 0.7,
                name: "source id",
                rank: usize::MAX,
            },
        );
    }
    for term in &NAMES.terms {
        if !fits_unit(header, term.field) {
            continue;
        }
        // "In Use" alone is not "In Use MiB".
        let name = if header.unit.is_some() || header.currency.is_some() {
            &term.words_without_unit
        } else {
            &term.words
        };
        let likeness = similarity(&header.words, name);
        if likeness >= LEAST_LIKENESS {
            add(
                &mut found,
                NameMatch {
                    field: term.field,
                    kind: MatchType::Fuzzy,
                    confidence: FUZZY * likeness,
                    name: term.name,
                    rank: term.rank,
                },
            );
        }
    }
    found
}

fn known(term: &Term) -> NameMatch {
    let exact = term.rank == 0;
    NameMatch {
        field: term.field,
        kind: if exact { MatchType::Exact } else { MatchType::Alias },
        confidence: if exact { EXACT } else { ALIAS },
        name: term.name,
        rank: term.rank,
    }
}

/// Keeps the better match of each field.
fn add(found: &mut Vec<NameMatch>, new: NameMatch) {
    match found
        .iter_mut()
        .find(|known| std::ptr::eq(known.field, new.field))
    {
        Some(known) if known.confidence < new.confidence => *known = new,
        Some(_) => {}
        None => found.push(new),
    }
}

/// A header with a unit names only fields that are measured in units of that kind, one with a currency only money.
fn fits_unit(header: &Header, field: &Field) -> bool {
    if header.currency.is_some() && field.kind != FieldKind::Money {
        return false;
    }
    match (header.unit, field.unit) {
        (Some(stated), Some(stored)) => stated.dimension() == dimension_of(stored),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

/// Words whose meaning depends on their neighbours: header, other headers of which one is there, field.
const CONTEXT: [(&str, &[&str], &str); 5] = [
    (
        "host",
        &["vm", "vmname", "virtualmachine", "vms", "vmuuid"],
        "hypervisor_host",
    ),
    (
        "state",
        &["processorcount", "vmid", "vmname", "vcpus", "memoryassigned"],
        "power_state",
    ),
    (
        "cpucount",
        &["cpucorecount", "cpucore", "cpucores", "cores", "corecount"],
        "cpu_sockets",
    ),
    ("processors", &["cores", "cpucores", "corecount"], "cpu_sockets"),
    ("applicationname", &["recordtype1", "recordtype"], "name"),
];

fn in_context(header: &Header, others: &dyn Fn(&str) -> bool) -> Option<NameMatch> {
    let (name, _, target) = CONTEXT.iter().find(|(name, neighbours, _)| {
        *name == header.compact && neighbours.iter().any(|other| others(other))
    })?;
    Some(NameMatch {
        field: field(target)?,
        kind: MatchType::Alias,
        confidence: ALIAS,
        name,
        rank: 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(header: &str) -> Option<(&'static str, MatchType)> {
        candidates(&Header::of(header), &|_| false)
            .into_iter()
            .max_by(|a, b| a.confidence.total_cmp(&b.confidence))
            .map(|found| (found.field.name, found.kind))
    }

    #[test]
    fn names_and_aliases_are_met_in_any_writing() {
        assert_eq!(best("IP_Address"), Some(("ip_address", MatchType::Exact)));
        assert_eq!(best("Primary IP Address"), Some(("ip_address", MatchType::Alias)));
        assert_eq!(best("RAM (GB)"), Some(("memory_gb", MatchType::Alias)));
        assert_eq!(best("Memory MB"), Some(("memory_gb", MatchType::Alias)));
        assert_eq!(best("In Use MiB"), Some(("storage_used_gb", MatchType::Alias)));
        assert_eq!(best("Enviroment"), Some(("environment", MatchType::Fuzzy)));
    }

    #[test]
    fn parts_of_words_and_other_units_name_nothing() {
        for header in [
            "Business Name",
            "Parameter",
            "Program",
            "Video Ram KiB",
            "Guest state",
            "Change Version",
            "Network #1",
            "CPU Speed (MHz)",
            "In Use",
            "Folder",
            "Heartbeat",
            "Overall Cpu Readiness",
            "client_account_id",
        ] {
            assert_eq!(best(header), None, "{header}");
        }
        assert_eq!(best("Description").unwrap().0, "description");
        assert_eq!(best("Cost").unwrap().0, "current_monthly_cost");
    }

    #[test]
    fn a_neighbour_decides_what_host_means() {
        let beside = |neighbour: &'static str| {
            let mut found = candidates(&Header::of("Host"), &move |name| name == neighbour);
            found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
            found[0].field.name
        };
        assert_eq!(beside("vm"), "hypervisor_host");
        assert_eq!(beside("owner"), "hostname");
    }
}
