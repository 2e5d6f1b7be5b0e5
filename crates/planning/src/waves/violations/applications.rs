//! Rules about applications: in one wave, rehearsed before production.

use super::{Found, Told, ids};
use crate::waves::portfolio::Portfolio;
use crate::waves::rules::RuleId;
use crate::waves::sight::Sight;
use crate::waves::workload::EnvironmentClass;
use std::cmp::Reverse;
use uuid::Uuid;

/// First and last wave of an application in one environment class.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    application: Uuid,
    class: EnvironmentClass,
    first: u32,
    last: u32,
}

impl Found<'_> {
    /// Applications that are spread over waves, and production that is not rehearsed before.
    pub(in crate::waves) fn applications(&mut self, portfolio: &Portfolio, sight: &Sight<'_>) {
        let mut spans: Vec<Span> = Vec::new();
        // Wave and position of what moves of a unit.
        let mut moving: Vec<(u32, u32)> = Vec::new();
        for (number, unit) in portfolio.units.iter().enumerate() {
            let Some(application) = unit.application else {
                continue;
            };
            moving.clear();
            let members = portfolio.members.row(number).iter();
            moving.extend(
                members
                    .map(|member| (sight.wave[*member as usize], *member))
                    .filter(|(wave, _)| *wave > 0),
            );
            moving.sort_unstable();
            if let (Some((first, _)), Some((last, _))) = (moving.first(), moving.last()) {
                spans.push(Span {
                    application,
                    class: unit.class,
                    first: *first,
                    last: *last,
                });
                if first != last {
                    self.spread(portfolio, number, &moving);
                }
            }
        }
        spans.sort_unstable();
        for pair in spans.windows(2) {
            // Non-production comes first.
            if pair[0].application == pair[1].application && pair[1].first <= pair[0].last {
                self.unrehearsed(portfolio, pair[0], pair[1]);
            }
        }
    }

    fn spread(&mut self, portfolio: &Portfolio, unit: usize, moving: &[(u32, u32)]) {
        let waves = || moving.chunk_by(|(wave, _), (other, _)| wave == other);
        // The wave with most of it is where the rest is missing.
        let most = waves().max_by_key(|of_wave| (of_wave.len(), Reverse(of_wave[0].0)));
        let main = most.map_or(0, |of_wave| of_wave[0].0);
        let strays: Vec<u32> = moving
            .iter()
            .filter(|(wave, _)| *wave != main)
            .map(|(_, member)| *member)
            .collect();
        self.add(RuleId::ApplicationTogether, strays.len() as u64, || Told {
            waves: waves().map(|of_wave| of_wave[0].0).collect(),
            workloads: ids(portfolio, &strays),
            message: format!(
                "{} is spread over {} waves: {} of its workloads are not in wave {main}.",
                portfolio.unit_name(unit),
                waves().count(),
                strays.len()
            ),
        });
    }

    fn unrehearsed(&mut self, portfolio: &Portfolio, rehearsal: Span, production: Span) {
        let (first, rehearsed) = (production.first, rehearsal.last);
        self.add(RuleId::NonProductionFirst, 1, || {
            let name = portfolio
                .application_name(production.application)
                .unwrap_or("An application");
            Told {
                waves: vec![first, rehearsed],
                workloads: Vec::new(),
                message: format!(
                    "Production of {name} moves in wave {first}; its development and test are done only with wave \
                     {rehearsed}."
                ),
            }
        });
    }
}
