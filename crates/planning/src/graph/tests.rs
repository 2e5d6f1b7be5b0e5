use super::queue::Queue;
use super::*;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use proptest::prelude::*;

fn id(number: usize) -> Uuid {
    Uuid::from_u128(number as u128 + 1)
}

fn graph(nodes: usize, edges: &[(usize, usize, f64, bool)]) -> DependencyGraph {
    let nodes = (0..nodes)
        .map(|number| Node {
            id: id(number),
            name: format!("asset {number}"),
            kind: "server".to_owned(),
            application: None,
            environment: None,
        })
        .collect();
    let dependencies = edges
        .iter()
        .enumerate()
        .map(|(number, (from, to, weight, is_hard))| Dependency {
            id: id(1_000_000 + number),
            from: id(*from),
            to: id(*to),
            kind: "application".to_owned(),
            port: 0,
            weight: *weight,
            is_hard: *is_hard,
        })
        .collect();
    DependencyGraph::new(nodes, dependencies)
}

fn cut_pairs(cycle: &Cycle) -> Vec<(Uuid, Uuid)> {
    cycle.cuts.iter().map(|cut| (cut.from, cut.to)).collect()
}

#[test]
fn the_cheapest_cut_of_a_ring_is_its_weakest_dependency() {
    let ring = graph(
        4,
        &[
            (0, 1, 5.0, false),
            (1, 2, 2.0, false),
            (2, 0, 9.0, false),
            (2, 3, 1.0, false),
        ],
    );
    let cycles = ring.cycles();
    assert_eq!(cycles.len(), 1);
    assert_eq!(cycles[0].members, [id(0), id(1), id(2)]);
    assert_eq!(cut_pairs(&cycles[0]), [(id(1), id(2))]);
    assert!((cycles[0].cuts[0].price - 2.0).abs() < f64::EPSILON && cycles[0].is_cheapest);
}

#[test]
fn a_hard_dependency_is_cut_only_if_nothing_else_helps() {
    let pair = graph(2, &[(0, 1, 1.0, true), (1, 0, 1_000_000.0, false)]);
    assert_eq!(cut_pairs(&pair.cycles()[0]), [(id(1), id(0))]);
    let hard = graph(2, &[(0, 1, 1.0, true), (1, 0, 2.0, true)]);
    assert_eq!(cut_pairs(&hard.cycles()[0]), [(id(0), id(1))]);
    assert_eq!(hard.cycles()[0].cuts[0].hard_dependencies, 1);
}

#[test]
fn all_ports_between_two_assets_are_one_cut_with_the_sum_of_their_weights() {
    let pair = graph(2, &[(0, 1, 1.0, false), (0, 1, 2.0, false), (1, 0, 4.0, false)]);
    let cycle = &pair.cycles()[0];
    assert_eq!(
        (
            cycle.dependencies,
            cycle.cuts.len(),
            cycle.cuts[0].dependencies.len()
        ),
        (3, 1, 2)
    );
    assert!((cycle.cuts[0].price - 3.0).abs() < f64::EPSILON);
}

#[test]
fn a_blast_radius_goes_both_ways_and_says_how_far() {
    // 3 → 2 → 1 → 0, and 4 → 0.
    let chain = graph(
        5,
        &[
            (3, 2, 1.0, true),
            (2, 1, 1.0, false),
            (1, 0, 1.0, true),
            (4, 0, 1.0, true),
        ],
    );
    let reached = chain.blast_radius(id(0), Direction::NeededBy, usize::MAX);
    assert_eq!(reached.by_distance, [2, 1, 1]);
    let ids: Vec<_> = reached
        .affected
        .iter()
        .map(|a| (a.id, a.distance, a.through, a.is_hard))
        .collect();
    assert_eq!(
        ids,
        [
            (id(1), 1, id(0), true),
            (id(4), 1, id(0), true),
            (id(2), 2, id(1), false),
            (id(3), 3, id(2), false)
        ]
    );
    let needs = chain.blast_radius(id(3), Direction::Needs, 2);
    assert_eq!(needs.by_distance, [1, 1]);
    assert!(
        chain
            .blast_radius(id(99), Direction::Needs, 9)
            .affected
            .is_empty()
    );
}

#[test]
fn a_chain_of_a_hundred_thousand_assets_overflows_no_stack() {
    let edges: Vec<_> = (1..100_000)
        .map(|number| (number, number - 1, 1.0, false))
        .collect();
    let chain = graph(100_000, &edges);
    assert_eq!(chain.summary().cycles, 0);
    let reached = chain.blast_radius(id(0), Direction::NeededBy, usize::MAX);
    assert_eq!(reached.affected.len(), 99_999);
}

#[test]
fn files_escape_what_their_format_reads() {
    let mut named = graph(2, &[(0, 1, 1.5, true)]);
    named.nodes[0].name = "a <\"b\"> & \u{1}".to_owned();
    let written = |format| {
        let mut bytes = Vec::new();
        named.write(format, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    let xml = written(GraphFormat::GraphMl);
    assert!(xml.contains("a &lt;&quot;b&quot;&gt; &amp; \u{fffd}"), "{xml}");
    assert!(xml.contains("<data key=\"edge_weight\">1.5</data>") && xml.ends_with("</graphml>\n"));
    assert!(written(GraphFormat::Dot).contains("label=\"a <\\\"b\\\"> & "));
    let json: serde_json::Value = serde_json::from_str(&written(GraphFormat::Json)).unwrap();
    assert_eq!(json["dependencies"][0]["is_hard"], true);
    for format in GraphFormat::ALL {
        assert_eq!(format.as_str().parse(), Ok(format));
    }
}

/// The least price of any set of arcs whose removal leaves no cycle, by trying all sets.
fn cheapest_by_trying(nodes: usize, arcs: &[Arc]) -> i128 {
    (0_u32..1 << arcs.len())
        .filter(|set| {
            let left = (0..arcs.len())
                .filter(|p| set >> p & 1 == 0)
                .map(|p| (arcs[p].from, arcs[p].to));
            components(nodes, left)
                .iter()
                .all(|component| component.len() == 1)
        })
        .map(|set| {
            (0..arcs.len())
                .filter(|p| set >> p & 1 == 1)
                .map(|p| arcs[p].price)
                .sum()
        })
        .min()
        .unwrap()
}

fn arcs(nodes: usize, most: usize) -> impl Strategy<Value = Vec<Arc>> {
    let arc = (0..nodes, 0..nodes, 1_i128..50).prop_map(|(from, to, price)| Arc { from, to, price });
    proptest::collection::vec(arc.prop_filter("no loop", |arc| arc.from != arc.to), 0..most)
}

/// Components by another algorithm, of another author.
fn components_by_kosaraju(nodes: usize, arcs: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut graph = DiGraph::<(), ()>::new();
    let indices: Vec<_> = (0..nodes).map(|_| graph.add_node(())).collect();
    for (from, to) in arcs {
        graph.add_edge(indices[*from], indices[*to], ());
    }
    let mut found: Vec<Vec<usize>> = kosaraju_scc(&graph)
        .into_iter()
        .map(|component| component.into_iter().map(NodeIndex::index).collect())
        .collect();
    for component in &mut found {
        component.sort_unstable();
    }
    found.sort_unstable();
    found
}

proptest! {
    #[test]
    fn components_are_those_that_another_algorithm_finds_what_is_needed_first(
        arcs in proptest::collection::vec((0_usize..25, 0_usize..25), 0..70),
    ) {
        let found = components(25, arcs.iter().copied());
        let place = |node: usize| found.iter().position(|component| component.contains(&node)).unwrap();
        for (from, to) in &arcs {
            prop_assert!(place(*to) <= place(*from), "{} needs {}", from, to);
        }
        let mut sorted = found;
        sorted.sort_unstable();
        prop_assert_eq!(sorted, components_by_kosaraju(25, &arcs));
    }

    #[test]
    fn a_queue_gives_the_least_key_whatever_was_changed_or_removed(
        keys in proptest::collection::vec(-20_i64..20, 1..40),
        steps in proptest::collection::vec((any::<prop::sample::Index>(), -20_i64..20, any::<bool>()), 0..120),
    ) {
        let mut queue = Queue::of(keys.clone());
        let mut left: std::collections::BTreeMap<usize, i64> = keys.into_iter().enumerate().collect();
        for (node, key, is_removed) in steps {
            let Some(first) = left.iter().map(|(node, key)| (*key, *node)).min() else { break };
            prop_assert_eq!(queue.first(), Some(first.1));
            let node = *node.get(&left.keys().copied().collect::<Vec<_>>());
            if is_removed {
                queue.remove(node);
                left.remove(&node);
            } else {
                queue.change(node, |own| *own = key);
                left.insert(node, key);
            }
            prop_assert_eq!(queue.has(node), !is_removed);
        }
        prop_assert_eq!(queue.first(), left.iter().map(|(node, key)| (*key, *node)).min().map(|(_, node)| node));
    }

    #[test]
    fn cuts_of_small_cycles_are_the_cheapest(arcs in arcs(5, 11)) {
        let cut = feedback_arcs(5, &arcs);
        let price: i128 = cut.iter().map(|position| arcs[*position].price).sum();
        prop_assert_eq!(price, cheapest_by_trying(5, &arcs));
    }

    #[test]
    fn cuts_leave_no_cycle_and_none_of_them_is_superfluous(arcs in arcs(30, 120)) {
        let cut = feedback_arcs(30, &arcs);
        let acyclic = |kept: Option<usize>| {
            let left = (0..arcs.len()).filter(|p| !cut.contains(p) || kept == Some(*p));
            components(30, left.map(|p| (arcs[p].from, arcs[p].to))).iter().all(|c| c.len() == 1)
        };
        prop_assert!(acyclic(None));
        for position in &cut {
            prop_assert!(!acyclic(Some(*position)), "cutting arc {} was not needed", position);
        }
    }

    #[test]
    fn the_order_of_input_changes_nothing(edges in proptest::collection::vec((0_usize..20, 0_usize..20, 1.0..9.0_f64, any::<bool>()), 0..60)) {
        let one = graph(20, &edges);
        let other = DependencyGraph::new(
            one.nodes().iter().rev().cloned().collect(),
            one.dependencies().iter().rev().cloned().collect(),
        );
        prop_assert_eq!(one.dependencies(), other.dependencies());
        prop_assert_eq!(one.cycles(), other.cycles());
    }
}
