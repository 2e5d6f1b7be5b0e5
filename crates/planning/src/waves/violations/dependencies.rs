//! Rules about dependencies: order, ties, and what does not move.

use super::{Found, NAMED, Told};
use crate::rows::{Rows, narrow};
use crate::waves::edges::Edge;
use crate::waves::links::{Links, Tie};
use crate::waves::portfolio::Portfolio;
use crate::waves::rules::{RuleId, Severity};
use crate::waves::settings::WaveSettings;
use crate::waves::sight::Sight;
use landfall_domain::SixrStrategy;
use std::cmp::Reverse;
use std::fmt::Write;
use uuid::Uuid;

/// Bytes of a message beside the names.
const WORDS: usize = 64;

/// The rules, two at most, that an edge breaks.
fn broken(portfolio: &Portfolio, sight: &Sight<'_>, edge: &Edge, tie: Tie) -> [Option<RuleId>; 2] {
    let (from, to) = edge.ends();
    match (sight.wave[from], sight.wave[to]) {
        (0, _) => [None, None],
        (_, 0) if portfolio.traits[to].strategy == Some(SixrStrategy::Retire) => {
            [Some(RuleId::NeedsWhatGoes), None]
        }
        (_, 0) => [tie.rule().map(|_| RuleId::NeedsWhatStays), None],
        (wave, needed) if wave == needed => [None, None],
        (wave, needed) => [(needed > wave).then_some(RuleId::DependencyOrder), tie.rule()],
    }
}

/// The breaches of every edge, with its place.
fn breaches<'p>(
    portfolio: &'p Portfolio,
    links: &'p Links,
    sight: &'p Sight<'_>,
) -> impl Iterator<Item = (RuleId, usize, &'p Edge)> {
    let edges = portfolio.edges.items().iter().zip(&links.ties).enumerate();
    edges.flat_map(|(place, (edge, tie))| {
        broken(portfolio, sight, edge, *tie)
            .into_iter()
            .flatten()
            .map(move |rule| (rule, place, edge))
    })
}

/// Penalty of all breaches of the rules about dependencies.
pub(in crate::waves) fn dependency_penalty(
    portfolio: &Portfolio,
    settings: &WaveSettings,
    links: &Links,
    sight: &Sight<'_>,
) -> u64 {
    breaches(portfolio, links, sight)
        .map(|(rule, _, edge)| settings.severity(rule).penalty() * edge.count())
        .sum()
}

/// One breach of one edge, among those of the unit that needs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Breach {
    /// The unit that is needed.
    to: u32,
    /// Waves of what needs and of what is needed.
    waves: (u32, u32),
    rule: RuleId,
    edge: u32,
}

/// Breaches between the same units in the same waves.
struct Entry<'b> {
    /// Ends of the first of their edges, which are sorted.
    ends: (u32, u32),
    /// Dependencies.
    count: u64,
    waves: (u32, u32),
    units: (u32, u32),
    rule: RuleId,
    breaches: &'b [Breach],
}

impl Found<'_> {
    /// Breaches between the same units in the same waves are one entry. `n log n` in the breaches.
    pub(in crate::waves) fn dependencies(&mut self, portfolio: &Portfolio, links: &Links, sight: &Sight<'_>) {
        let edges = portfolio.edges.items();
        let mut all: Vec<(u32, Breach)> = Vec::with_capacity(edges.len());
        let breaches = breaches(portfolio, links, sight)
            .filter(|(rule, _, _)| self.settings.severity(*rule) != Severity::Off)
            .map(|(rule, place, edge)| {
                let (from, to) = edge.ends();
                let breach = Breach {
                    to: narrow(portfolio.unit_of(to)),
                    waves: (sight.wave[from], sight.wave[to]),
                    rule,
                    edge: narrow(place),
                };
                (narrow(portfolio.unit_of(from)), breach)
            });
        breaches.for_each(|breach| all.push(breach));
        let mut of_units = Rows::of(
            portfolio.units.len(),
            all.iter().map(|(unit, breach)| (*unit as usize, *breach)),
        );
        let mut entries: Vec<Entry<'_>> = Vec::with_capacity(all.len());
        drop(all);
        for unit in 0..of_units.count() {
            of_units.row_mut(unit).sort_unstable();
        }
        for (unit, of_unit) in (0..).zip(of_units.rows()) {
            let same = |a: &Breach, b: &Breach| (a.to, a.waves, a.rule) == (b.to, b.waves, b.rule);
            entries.extend(of_unit.chunk_by(same).map(|breaches| {
                let Breach {
                    to,
                    waves,
                    rule,
                    edge,
                } = breaches[0];
                let ends = edges[edge as usize].ends();
                Entry {
                    ends: (narrow(ends.0), narrow(ends.1)),
                    count: breaches
                        .iter()
                        .map(|breach| edges[breach.edge as usize].count())
                        .sum(),
                    waves,
                    units: (unit, to),
                    rule,
                    breaches,
                }
            }));
        }
        // As they are listed in the end. Workloads that entries name are in the order of their edges.
        entries.sort_by_cached_key(|entry| {
            let severity = Reverse(self.settings.severity(entry.rule));
            let (from, to) = entry.waves;
            (
                severity,
                entry.rule,
                (from.min(to), from.max(to)),
                entry.breaches[0].edge,
            )
        });
        self.make_room(entries.len());
        let id = |position: u32| portfolio.ids[position as usize];
        for entry in entries {
            self.add(entry.rule, entry.count, || Told {
                waves: [entry.waves.0, entry.waves.1]
                    .into_iter()
                    .filter(|wave| *wave > 0)
                    .collect(),
                workloads: match entry.breaches {
                    [_] => vec![id(entry.ends.0), id(entry.ends.1)],
                    breaches => named(
                        portfolio,
                        breaches.iter().map(|breach| &edges[breach.edge as usize]),
                    ),
                },
                message: message(portfolio, &entry),
            });
        }
    }
}

/// The first of the workloads at the ends of edges.
fn named<'e>(portfolio: &Portfolio, edges: impl Iterator<Item = &'e Edge>) -> Vec<Uuid> {
    let mut named = Vec::with_capacity(2);
    for edge in edges {
        let (from, to) = edge.ends();
        for id in [portfolio.ids[from], portfolio.ids[to]] {
            if !named.contains(&id) {
                named.push(id);
            }
        }
        if named.len() >= NAMED {
            break;
        }
    }
    named.truncate(NAMED);
    named
}

fn message(portfolio: &Portfolio, entry: &Entry<'_>) -> String {
    let (from_wave, to_wave) = entry.waves;
    let (from, to) = (
        portfolio.unit_name(entry.units.0 as usize),
        portfolio.unit_name(entry.units.1 as usize),
    );
    let mut message = String::with_capacity(from.len() + to.len() + WORDS);
    let words = &mut message;
    let written = match entry.rule {
        RuleId::NeedsWhatGoes => {
            write!(
                words,
                "{from} moves in wave {from_wave} and needs {to}, which is retired."
            )
        }
        RuleId::NeedsWhatStays => write!(
            words,
            "{from} moves in wave {from_wave} and is tied to {to}, which does not move."
        ),
        RuleId::DependencyOrder => write!(
            words,
            "{from} moves in wave {from_wave}, before {to} in wave {to_wave}, which it needs."
        ),
        RuleId::TwoWayTogether => write!(
            words,
            "{from} in wave {from_wave} and {to} in wave {to_wave} need each other."
        ),
        _ => write!(
            words,
            "{from} in wave {from_wave} cannot be separated from {to} in wave {to_wave}."
        ),
    };
    debug_assert!(written.is_ok(), "a text takes everything");
    message
}
