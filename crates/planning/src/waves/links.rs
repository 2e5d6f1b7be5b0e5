//! How tight each link is: what ties workloads to one wave, and what merely orders them.

use super::edges::{DependencyKind, Edge};
use super::portfolio::Portfolio;
use super::rules::RuleId;
use super::settings::WaveSettings;

/// Observed links below which no percentile is taken: too few to say what is strong.
const FEW: usize = 10;

/// How tight a link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tie {
    /// Both directions, at least one of them strong.
    TwoWay,
    /// One runs on the other.
    Hosting,
    /// Hard: stated as such, shared data, both directions, or among the strongest that were observed.
    Hard,
    /// An order, no more.
    Loose,
}

impl Tie {
    /// The rule that keeps the ends in one wave.
    pub(super) const fn rule(self) -> Option<RuleId> {
        match self {
            Self::TwoWay => Some(RuleId::TwoWayTogether),
            Self::Hosting | Self::Hard => Some(RuleId::HardDependencyTogether),
            Self::Loose => None,
        }
    }
}

/// The tie of each edge of a portfolio, in their order.
#[derive(Clone, Debug)]
pub(super) struct Links {
    pub(super) ties: Vec<Tie>,
}

impl Links {
    pub(super) fn of(portfolio: &Portfolio, settings: &WaveSettings) -> Self {
        let strong_from = strong_from(portfolio.edges.items(), settings.strong_percentile);
        let is_strong = |edge: &Edge| {
            edge.kind != DependencyKind::Network
                && (edge.is_hard || strong_from.is_some_and(|least| edge.weight >= least))
        };
        let edges = portfolio.edges.items();
        let ties = edges
            .iter()
            .zip(&portfolio.backward)
            .map(|(edge, back)| {
                if edge.kind == DependencyKind::Hosting {
                    return Tie::Hosting;
                }
                match back.map(|place| &edges[place as usize]) {
                    Some(other) if is_strong(edge) || is_strong(other) => Tie::TwoWay,
                    Some(other)
                        if edge.kind != DependencyKind::Network || other.kind != DependencyKind::Network =>
                    {
                        Tie::Hard
                    }
                    _ if is_strong(edge) => Tie::Hard,
                    _ => Tie::Loose,
                }
            })
            .collect();
        Self { ties }
    }
}

/// The weight from which an observed link is strong: the percentile, if it stands out from the median at all.
fn strong_from(edges: &[Edge], percentile: u32) -> Option<f64> {
    let mut observed: Vec<f64> = edges
        .iter()
        .filter(|edge| !edge.is_hard && edge.kind != DependencyKind::Network)
        .map(|edge| edge.weight)
        .collect();
    if observed.len() < FEW {
        return None;
    }
    let last = observed.len() - 1;
    let mut at = |percentile: usize| {
        let place = (last * percentile.min(100)).div_ceil(100);
        *observed.select_nth_unstable_by(place, f64::total_cmp).1
    };
    let (strong, median) = (at(usize::try_from(percentile).unwrap_or(100)), at(50));
    (strong > median).then_some(strong)
}
