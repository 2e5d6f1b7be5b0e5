//! Which arcs to cut, so that no cycle is left, at the least price.
//!
//! The problem (minimum feedback arc set) is NP-hard. Up to [`EXACT`] nodes it is solved exactly, by dynamic programming
//! over the sets of nodes that come first; beyond that by the greedy order of Eades, Lin and Smyth (1993), weighted, whose
//! cuts are then taken back where they turn out to be superfluous.

use super::Components;
use super::queue::Queue;
use crate::rows::{Rows, narrow};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

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
    let needs = Rows::of(nodes, arcs.iter().map(|arc| (arc.from, narrow(arc.to))));
    let components = Components::of(&needs);
    let members = components.members();
    // Number of each node among the nodes of its component.
    let mut local = vec![0; nodes];
    for component in members.rows() {
        for (number, node) in component.iter().enumerate() {
            local[*node as usize] = number;
        }
    }
    let within = arcs.iter().enumerate().filter_map(|(position, arc)| {
        let component = components.of_node[arc.from];
        (component == components.of_node[arc.to]).then_some((component as usize, position))
    });
    let within = Rows::of(components.count, within);
    let mut cut = Vec::new();
    for (component, positions) in members.rows().zip(within.rows()) {
        if positions.is_empty() {
            continue;
        }
        let inner: Vec<Arc> = positions
            .iter()
            .map(|position| {
                let arc = arcs[*position];
                Arc {
                    from: local[arc.from],
                    to: local[arc.to],
                    price: arc.price,
                }
            })
            .collect();
        cut.extend(
            of_component(component.len(), &inner)
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
    let placed = arcs.iter().zip(0_u32..).filter(|(arc, _)| arc.from != arc.to);
    let out = Rows::of(nodes, placed.clone().map(|(arc, place)| (arc.from, place)));
    let into = Rows::of(nodes, placed.map(|(arc, place)| (arc.to, place)));
    let price = |places: &[u32]| -> i128 { places.iter().map(|place| arcs[*place as usize].price).sum() };
    let both = || out.rows().zip(into.rows());
    // Price of incoming arcs less that of outgoing ones, and how many there are of each.
    let mut left = Queue::of(both().map(|(out, into)| price(into) - price(out)).collect());
    let mut arcs_left: Vec<[usize; 2]> = both().map(|(out, into)| [out.len(), into.len()]).collect();
    let mut ends: BinaryHeap<Reverse<usize>> = (0..nodes)
        .filter(|node| arcs_left[*node].contains(&0))
        .map(Reverse)
        .collect();
    let (mut first, mut last) = (Vec::with_capacity(nodes), Vec::new());
    while let Some(best) = left.first() {
        let node = match ends.pop() {
            Some(Reverse(end)) if left.has(end) => end,
            Some(_) => continue,
            None => best,
        };
        left.remove(node);
        if arcs_left[node][0] == 0 {
            last.push(node);
        } else {
            first.push(node);
        }
        // Its neighbours lose an incoming, or an outgoing arc.
        for (places, lost, sign) in [(out.row(node), 1, -1), (into.row(node), 0, 1)] {
            for arc in places.iter().map(|place| arcs[*place as usize]) {
                let neighbour = if lost == 1 { arc.to } else { arc.from };
                if !left.has(neighbour) {
                    continue;
                }
                left.change(neighbour, |balance| *balance += sign * arc.price);
                arcs_left[neighbour][lost] -= 1;
                if arcs_left[neighbour][lost] == 0 {
                    ends.push(Reverse(neighbour));
                }
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
