//! Rules about dependencies: order, ties, and what does not move.

use super::{Found, NAMED, Told};
use crate::rows::narrow;
use crate::waves::edges::Edge;
use crate::waves::links::{Links, Tie};
use crate::waves::portfolio::Portfolio;
use crate::waves::rules::{RuleId, Severity};
use crate::waves::settings::WaveSettings;
use crate::waves::sight::Sight;
use landfall_domain::SixrStrategy;
use std::cmp::Reverse;
use uuid::Uuid;

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

/// One breach of one edge.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Breach {
    /// Units and waves of what needs and of what is needed.
    units: (u32, u32),
    waves: (u32, u32),
    rule: RuleId,
    edge: u32,
}

impl Found<'_> {
    /// Breaches between the same units in the same waves are one entry. `n log n` in the breaches.
    pub(in crate::waves) fn dependencies(&mut self, portfolio: &Portfolio, links: &Links, sight: &Sight<'_>) {
        let mut all: Vec<Breach> = breaches(portfolio, links, sight)
            .filter(|(rule, _, _)| self.settings.severity(*rule) != Severity::Off)
            .map(|(rule, place, edge)| {
                let (from, to) = edge.ends();
                Breach {
                    units: (narrow(portfolio.unit_of(from)), narrow(portfolio.unit_of(to))),
                    waves: (sight.wave[from], sight.wave[to]),
                    rule,
                    edge: narrow(place),
                }
            })
            .collect();
        all.sort_unstable();
        let is_one = |a: &Breach, b: &Breach| (a.units, a.waves, a.rule) == (b.units, b.waves, b.rule);
        let mut entries: Vec<&[Breach]> = all.chunk_by(is_one).collect();
        // As they are listed in the end. Workloads that entries name are in the order of edges.
        entries.sort_unstable_by_key(|entry| {
            let Breach {
                waves: (from, to),
                rule,
                edge,
                ..
            } = entry[0];
            (
                Reverse(self.settings.severity(rule)),
                rule,
                (from.min(to), from.max(to)),
                edge,
            )
        });
        for entry in entries {
            let edges = || {
                entry
                    .iter()
                    .map(|breach| &portfolio.edges.items()[breach.edge as usize])
            };
            self.add(entry[0].rule, edges().map(Edge::count).sum(), || Told {
                waves: waves(entry[0]),
                workloads: named(portfolio, edges()),
                message: message(portfolio, entry[0]),
            });
        }
    }
}

/// The waves that a breach concerns.
fn waves(breach: Breach) -> Vec<u32> {
    match breach.waves {
        (from, 0) => vec![from],
        (from, to) => vec![from, to],
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

fn message(portfolio: &Portfolio, breach: Breach) -> String {
    let unit = |number: u32| portfolio.unit_name(number as usize);
    let (from, to) = (unit(breach.units.0), unit(breach.units.1));
    let (from_wave, to_wave) = breach.waves;
    match breach.rule {
        RuleId::NeedsWhatGoes => {
            format!("{from} moves in wave {from_wave} and needs {to}, which is retired.")
        }
        RuleId::NeedsWhatStays => {
            format!("{from} moves in wave {from_wave} and is tied to {to}, which does not move.")
        }
        RuleId::DependencyOrder => {
            format!("{from} moves in wave {from_wave}, before {to} in wave {to_wave}, which it needs.")
        }
        RuleId::TwoWayTogether => {
            format!("{from} in wave {from_wave} and {to} in wave {to_wave} need each other.")
        }
        _ => format!("{from} in wave {from_wave} cannot be separated from {to} in wave {to_wave}."),
    }
}
