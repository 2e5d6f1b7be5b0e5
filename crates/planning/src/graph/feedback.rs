//! Which arcs to cut, so that no cycle is left, at the least price.
//!
//! The problem (minimum feedback arc set) is NP-hard. Up to [`EXACT`] nodes it is solved exactly, by dynamic programming
//! over the sets of nodes that come first; beyond that by the greedy order of Eades, Lin and Smyth (1993), weighted, whose
//! cuts are then taken back where they turn out to be superfluous.

use super::components;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Nodes of a component up to which the cheapest cuts are found exactly.
pub(super) const EXACT: usize = 12;
/// Steps that taking back superfluous cuts may cost in one component.
const STEPS: usize = 20_000_000;

/// An arc and what cutting it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Arc {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) price: i128,
}

/// Positions of the arcs to cut, ascending. Without them, no cycle is left. `n log n` beyond small components.
pub(crate) fn feedback_arcs(nodes: usize, arcs: &[Arc]) -> Vec<usize> {
    let components = components(nodes, arcs.iter().map(|arc| (arc.from, arc.to)));
    let mut component_of = vec![0; nodes];
    for (number, component) in components.iter().enumerate() {
        for node in component {
            component_of[*node] = number;
        }
    }
    let mut within: HashMap<usize, Vec<usize>> = HashMap::new();
    for (position, arc) in arcs.iter().enumerate() {
        if component_of[arc.from] == component_of[arc.to] {
            within.entry(component_of[arc.from]).or_default().push(position);
        }
    }
    let mut cut = Vec::new();
    for (number, positions) in within {
        let local: HashMap<usize, usize> = components[number]
            .iter()
            .enumerate()
            .map(|(local, node)| (*node, local))
            .collect();
        let inner: Vec<Arc> = positions
            .iter()
            .map(|position| {
                let arc = arcs[*position];
                Arc {
                    from: local[&arc.from],
                    to: local[&arc.to],
                    price: arc.price,
                }
            })
            .collect();
        cut.extend(
            of_component(local.len(), &inner)
                .into_iter()
                .map(|inner| positions[inner]),
        );
    }
    cut.sort_unstable();
    cut
}

fn of_component(nodes: usize, arcs: &[Arc]) -> Vec<usize> {
    let order = if nodes <= EXACT {
        exact_order(nodes, arcs)
    } else {
        greedy_order(nodes, arcs)
    };
    let mut place = vec![0; nodes];
    for (number, node) in order.iter().enumerate() {
        place[*node] = number;
    }
    let backward: Vec<usize> = (0..arcs.len())
        .filter(|position| place[arcs[*position].from] >= place[arcs[*position].to])
        .collect();
    without_superfluous(nodes, arcs, backward)
}

/// The order of nodes with the least price of arcs that lead backward.
fn exact_order(nodes: usize, arcs: &[Arc]) -> Vec<usize> {
    let mut price = vec![vec![0_i128; nodes]; nodes];
    for arc in arcs {
        price[arc.from][arc.to] += arc.price;
    }
    let sets = 1_usize << nodes;
    // Least price of the nodes of a set coming first, and the node that is the last of them.
    let mut best = vec![(i128::MAX, 0_usize); sets];
    best[0] = (0, 0);
    for set in 0..sets {
        let (so_far, _) = best[set];
        for next in (0..nodes).filter(|next| set >> next & 1 == 0) {
            // Arcs from `next` to what is already placed lead backward.
            let backward: i128 = (0..nodes)
                .filter(|placed| set >> placed & 1 == 1)
                .map(|placed| price[next][placed])
                .sum();
            let grown = set | 1 << next;
            if so_far + backward < best[grown].0 {
                best[grown] = (so_far + backward, next);
            }
        }
    }
    let (mut set, mut order) = (sets - 1, Vec::with_capacity(nodes));
    while set > 0 {
        let last = best[set].1;
        order.push(last);
        set &= !(1 << last);
    }
    order.reverse();
    order
}

/// Sinks go to the end, sources to the beginning, else the node with the greatest price of outgoing over incoming arcs
/// goes to the beginning.
fn greedy_order(nodes: usize, arcs: &[Arc]) -> Vec<usize> {
    let (mut out, mut into) = (vec![Vec::new(); nodes], vec![Vec::new(); nodes]);
    let (mut out_price, mut in_price) = (vec![0_i128; nodes], vec![0_i128; nodes]);
    let (mut out_count, mut in_count) = (vec![0_usize; nodes], vec![0_usize; nodes]);
    for arc in arcs.iter().filter(|arc| arc.from != arc.to) {
        out[arc.from].push((arc.to, arc.price));
        into[arc.to].push((arc.from, arc.price));
        out_price[arc.from] += arc.price;
        in_price[arc.to] += arc.price;
        out_count[arc.from] += 1;
        in_count[arc.to] += 1;
    }
    let mut left: BTreeSet<(i128, usize)> = (0..nodes)
        .map(|node| (in_price[node] - out_price[node], node))
        .collect();
    let mut ends: BTreeSet<usize> = (0..nodes)
        .filter(|node| out_count[*node] == 0 || in_count[*node] == 0)
        .collect();
    let mut placed = vec![false; nodes];
    let (mut first, mut last) = (Vec::with_capacity(nodes), Vec::new());
    while let Some((_, best)) = left.first().copied() {
        let node = ends.pop_first().unwrap_or(best);
        left.remove(&(in_price[node] - out_price[node], node));
        placed[node] = true;
        if out_count[node] == 0 {
            last.push(node);
        } else {
            first.push(node);
        }
        for (neighbour, price, outgoing) in out[node]
            .iter()
            .map(|(to, price)| (*to, *price, true))
            .chain(into[node].iter().map(|(from, price)| (*from, *price, false)))
        {
            if placed[neighbour] {
                continue;
            }
            left.remove(&(in_price[neighbour] - out_price[neighbour], neighbour));
            if outgoing {
                in_price[neighbour] -= price;
                in_count[neighbour] -= 1;
            } else {
                out_price[neighbour] -= price;
                out_count[neighbour] -= 1;
            }
            left.insert((in_price[neighbour] - out_price[neighbour], neighbour));
            if in_count[neighbour] == 0 || out_count[neighbour] == 0 {
                ends.insert(neighbour);
            }
        }
    }
    first.extend(last.into_iter().rev());
    first
}

/// Takes back cuts, the dearest first, that close no cycle with what is left.
fn without_superfluous(nodes: usize, arcs: &[Arc], cut: Vec<usize>) -> Vec<usize> {
    if nodes <= EXACT || cut.len().saturating_mul(arcs.len()) > STEPS {
        return cut;
    }
    let mut removed: HashSet<usize> = cut.iter().copied().collect();
    let mut out = vec![Vec::new(); nodes];
    for (position, arc) in arcs.iter().enumerate() {
        if !removed.contains(&position) {
            out[arc.from].push(arc.to);
        }
    }
    let mut dearest = cut;
    dearest.sort_by_key(|position| (-arcs[*position].price, *position));
    for position in dearest {
        let arc = arcs[position];
        if !reaches(&out, arc.to, arc.from) {
            removed.remove(&position);
            out[arc.from].push(arc.to);
        }
    }
    removed.into_iter().collect()
}

fn reaches(out: &[Vec<usize>], from: usize, to: usize) -> bool {
    let (mut seen, mut open) = (vec![false; out.len()], vec![from]);
    while let Some(node) = open.pop() {
        if node == to {
            return true;
        }
        if !std::mem::replace(&mut seen[node], true) {
            open.extend(out[node].iter().copied());
        }
    }
    false
}
