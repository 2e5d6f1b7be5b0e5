//! How tight each link is: what ties workloads to one wave, and what merely orders them.

use super::portfolio::{DependencyKind, Edge, Portfolio};
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

/// The tie of each edge of a portfolio.
#[derive(Clone, Debug)]
pub(super) struct Links {
    pub(super) ties: Vec<Tie>,
}

impl Links {
    pub(super) fn of(portfolio: &Portfolio, settings: &WaveSettings) -> Self {
        let strong_from = strong_from(&portfolio.edges, settings.strong_percentile);
        let is_strong = |edge: &Edge| {
            edge.kind != DependencyKind::Network
                && (edge.is_hard || strong_from.is_some_and(|least| edge.weight >= least))
        };
        let backward = |edge: &Edge| {
            portfolio
                .edges
                .binary_search_by_key(&(edge.to, edge.from), |other| (other.from, other.to))
                .ok()
                .map(|position| &portfolio.edges[position])
        };
        let ties = portfolio
            .edges
            .iter()
            .map(|edge| {
                if edge.kind == DependencyKind::Hosting {
                    return Tie::Hosting;
                }
                match backward(edge) {
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
    observed.sort_unstable_by(f64::total_cmp);
    let at = |percentile: usize| observed[((observed.len() - 1) * percentile).div_ceil(100)];
    let (strong, median) = (at(usize::try_from(percentile).unwrap_or(100)), at(50));
    (strong > median).then_some(strong)
}
