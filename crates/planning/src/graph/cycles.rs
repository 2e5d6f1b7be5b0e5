//! Cycles: sets of assets of which each needs each, and the cheapest cuts that would dissolve them.

use super::feedback::{Arc, EXACT, feedback_arcs};
use super::{Dependency, DependencyGraph};
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

/// Assets of which each needs each, directly or not. They move together, or somebody pays for the cuts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cycle {
    /// The assets, by id.
    pub members: Vec<Uuid>,
    /// Dependencies between them.
    pub dependencies: usize,
    /// What to cut, the cheapest first. Without these dependencies, no cycle is left among the members.
    pub cuts: Vec<Cut>,
    /// Whether no cheaper set of cuts exists. Found exactly for small cycles, else a good approximation.
    pub is_cheapest: bool,
}

/// Two assets between which every dependency in this direction is cut.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cut {
    /// The asset that needs the other.
    pub from: Uuid,
    /// The asset that is needed.
    pub to: Uuid,
    /// The dependencies to be cut.
    pub dependencies: Vec<Uuid>,
    /// How many of them are hard. Cuts without hard dependencies are preferred, whatever their weight.
    pub hard_dependencies: usize,
    /// The price: the weight of the dependencies, that is, the observations to be replaced or bridged.
    pub price: f64,
}

impl DependencyGraph {
    /// Every cycle with its cheapest cuts, largest first. Small cycles (up to twelve assets) are solved exactly.
    pub fn cycles(&self) -> Vec<Cycle> {
        let components = self.cyclic_components();
        let mut component_of = HashMap::new();
        for (number, component) in components.iter().enumerate() {
            component_of.extend(component.iter().map(|node| (*node, number)));
        }
        let mut within: Vec<Vec<usize>> = vec![Vec::new(); components.len()];
        for (position, (from, to)) in self.ends.iter().enumerate() {
            if let (Some(a), Some(b)) = (component_of.get(from), component_of.get(to))
                && a == b
            {
                within[*a].push(position);
            }
        }
        let mut cycles: Vec<Cycle> = components
            .iter()
            .zip(&within)
            .map(|(component, positions)| self.cycle(component, positions))
            .collect();
        cycles.sort_by(|a, b| (b.members.len(), &a.members).cmp(&(a.members.len(), &b.members)));
        cycles
    }

    fn cycle(&self, component: &[usize], positions: &[usize]) -> Cycle {
        let local: HashMap<usize, usize> = component
            .iter()
            .enumerate()
            .map(|(local, node)| (*node, local))
            .collect();
        // Dependencies are sorted by their ends: those of one pair follow each other.
        let mut pairs: Vec<(Arc, Vec<usize>)> = Vec::new();
        for position in positions {
            let (from, to) = self.ends[*position];
            let (from, to) = (local[&from], local[&to]);
            let price = price_of(&self.dependencies[*position]);
            match pairs.last_mut() {
                Some((arc, of_pair)) if (arc.from, arc.to) == (from, to) => {
                    arc.price += price;
                    of_pair.push(*position);
                }
                _ => pairs.push((Arc { from, to, price }, vec![*position])),
            }
        }
        let arcs: Vec<Arc> = pairs.iter().map(|(arc, _)| *arc).collect();
        let mut chosen = feedback_arcs(component.len(), &arcs);
        chosen.sort_by_key(|position| (arcs[*position].price, *position));
        Cycle {
            members: component.iter().map(|node| self.nodes[*node].id).collect(),
            dependencies: positions.len(),
            cuts: chosen.into_iter().map(|pair| self.cut(&pairs[pair].1)).collect(),
            is_cheapest: component.len() <= EXACT,
        }
    }

    fn cut(&self, positions: &[usize]) -> Cut {
        let dependencies = || positions.iter().map(|position| &self.dependencies[*position]);
        let ends = dependencies()
            .next()
            .map_or((Uuid::nil(), Uuid::nil()), |d| (d.from, d.to));
        Cut {
            from: ends.0,
            to: ends.1,
            dependencies: dependencies().map(|dependency| dependency.id).collect(),
            hard_dependencies: dependencies().filter(|dependency| dependency.is_hard).count(),
            price: dependencies().map(|dependency| dependency.weight).sum(),
        }
    }
}

/// A price that can be added without rounding: any number of soft dependencies is cheaper than one hard one.
fn price_of(dependency: &Dependency) -> i128 {
    price(dependency.weight, dependency.is_hard)
}

/// As [`price_of`], in thousandths of a weight.
pub(crate) fn price(weight: f64, is_hard: bool) -> i128 {
    #[expect(clippy::cast_possible_truncation, reason = "weights are at most 1e12")]
    let thousandths = (weight.clamp(0.0, 1e12) * 1000.0).round() as i128;
    thousandths.max(1) + if is_hard { 1_i128 << 80 } else { 0 }
}
