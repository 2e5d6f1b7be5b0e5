//! Batches of the shapes that exports have.

mod reading;

use std::collections::HashMap;

use landfall_domain::{AssetId, AssetType};
use proptest::prelude::*;
use uuid::Uuid;

use super::{
    AssetRef, Candidate, DependencyHint, DependencyType, Direction, Edge, MatchedBy, NormalisedName, Reason,
    Resolution, resolve,
};

fn id(number: u128) -> AssetId {
    AssetId(Uuid::from_u128(number))
}

fn known(number: u128, asset_type: AssetType) -> AssetRef {
    AssetRef::Known(id(number), asset_type)
}

type Lookup = HashMap<NormalisedName, Vec<Candidate>>;

/// An inventory: name, how it matches, asset, type.
fn inventory(entries: &[(&str, MatchedBy, u128, AssetType)]) -> Lookup {
    let mut lookup = Lookup::new();
    for &(name, matched_by, number, asset_type) in entries {
        let candidate = Candidate {
            asset_id: id(number),
            asset_type,
            matched_by,
        };
        lookup
            .entry(NormalisedName::of(name).unwrap())
            .or_default()
            .push(candidate);
    }
    lookup
}

fn edges(resolution: &Resolution) -> Vec<(u128, u128, DependencyType, u16)> {
    let short = |edge: &Edge| (edge.from.0.as_u128(), edge.to.0.as_u128(), edge.kind, edge.port);
    resolution.edges.iter().map(short).collect()
}

fn refusals(resolution: &Resolution) -> Vec<(u64, &str, Reason)> {
    resolution
        .unresolved
        .iter()
        .map(|one| (one.row_number, one.name.as_str(), one.reason))
        .collect()
}

#[test]
fn a_cmdb_that_lists_ids_in_a_column_gives_edges_of_the_targets_kind() {
    let lookup = inventory(&[
        ("DB001", MatchedBy::SourceId, 10, AssetType::Database),
        ("LB001", MatchedBy::SourceId, 11, AssetType::LoadBalancer),
        ("SRV001", MatchedBy::SourceId, 12, AssetType::Server),
        ("SRV002", MatchedBy::SourceId, 13, AssetType::Server),
    ]);
    let mut batch = DependencyHint::of_cell(&known(12, AssetType::Server), "DB001,LB001", "dependencies", 2);
    batch.extend(DependencyHint::of_cell(
        &known(10, AssetType::Database),
        "SRV001,SRV002",
        "dependencies",
        4,
    ));
    batch.extend(DependencyHint::of_cell(
        &known(20, AssetType::Application),
        "SRV001,DB009",
        "dependencies",
        6,
    ));
    batch.extend(DependencyHint::of_cell(
        &known(12, AssetType::Server),
        "srv001",
        "dependencies",
        7,
    ));
    let resolution = resolve(&batch, &lookup);
    assert_eq!(
        edges(&resolution),
        [
            (12, 10, DependencyType::Database, 0),
            (12, 11, DependencyType::Network, 0),
            (10, 12, DependencyType::Application, 0),
            (10, 13, DependencyType::Application, 0),
            (20, 12, DependencyType::Hosting, 0),
        ]
    );
    assert_eq!(
        refusals(&resolution),
        [
            (6, "DB009", Reason::NotFound),
            (7, "srv001", Reason::SelfReference)
        ]
    );
    assert!(
        resolution
            .edges
            .iter()
            .all(|edge| edge.hard && edge.source == "dependencies")
    );
}

#[test]
fn applications_with_their_servers_and_other_applications_are_connected() {
    let lookup = inventory(&[
        ("app-users", MatchedBy::SourceId, 1, AssetType::Application),
        ("app-orders", MatchedBy::SourceId, 2, AssetType::Application),
        ("app-orders-01", MatchedBy::Hostname, 3, AssetType::VirtualMachine),
        ("app-users", MatchedBy::Hostname, 4, AssetType::Server),
    ]);
    let portal = known(9, AssetType::Application);
    let hosted = DependencyHint::of_cell(
        &known(2, AssetType::Application),
        "app-orders-01;app-orders-02",
        "server_hostnames",
        2,
    )
    .into_iter()
    .map(|hint| DependencyHint {
        kind: Some(DependencyType::Hosting),
        expected: Some(AssetType::Server),
        ..hint
    });
    let needs = DependencyHint::of_cell(&portal, "app-users;app-orders", "depends_on", 4)
        .into_iter()
        .map(|hint| DependencyHint {
            expected: Some(AssetType::Application),
            ..hint
        });
    let batch: Vec<DependencyHint> = hosted.chain(needs).collect();
    let resolution = resolve(&batch, &lookup);
    assert_eq!(
        edges(&resolution),
        [
            (2, 3, DependencyType::Hosting, 0),
            (9, 1, DependencyType::Application, 0),
            (9, 2, DependencyType::Application, 0),
        ]
    );
    assert_eq!(refusals(&resolution), [(2, "app-orders-02", Reason::NotFound)]);
}

fn observed(from: &str, to: &[&str], port: u16, process: &str, row_number: u64) -> DependencyHint {
    DependencyHint {
        kind: Some(DependencyType::Network),
        port: Some(port),
        process: Some(process.to_owned()),
        hard: false,
        ..DependencyHint::stated(
            AssetRef::named(from),
            AssetRef::Named(to.iter().map(|&text| text.to_owned()).collect()),
            "azure_dependencies",
            row_number,
        )
    }
}

#[test]
fn observed_connections_add_weight_and_unknown_addresses_are_reported() {
    let lookup = inventory(&[
        ("shop-web01", MatchedBy::Hostname, 1, AssetType::VirtualMachine),
        ("shop-db01", MatchedBy::Hostname, 2, AssetType::VirtualMachine),
        ("10.60.0.5", MatchedBy::IpAddress, 2, AssetType::VirtualMachine),
    ]);
    let batch = [
        observed("shop-web01", &["shop-db01", "10.60.0.5"], 1433, "sqlservr", 2),
        observed("shop-web01", &["shop-db01", "10.60.0.5"], 1433, "sqlservr", 3),
        observed("shop-web01", &["", "52.1.2.3"], 25, "", 4),
        observed("shop-web01", &["renamed-db01", "10.60.0.5"], 1433, "sqlservr", 5),
        observed("shop-web01", &["", "10.60.0.99"], 443, "", 6),
        observed("unknown01", &["shop-db01"], 1433, "sqlservr", 7),
        observed("shop-web01", &["127.0.0.1"], 8080, "java", 8),
        observed("shop-web01", &["", ""], 8080, "java", 9),
    ];
    let resolution = resolve(&batch, &lookup);
    assert_eq!(edges(&resolution), [(1, 2, DependencyType::Database, 1433)]);
    assert!((resolution.edges[0].weight - 3.0).abs() < f64::EPSILON);
    assert!(!resolution.edges[0].hard);
    assert_eq!(resolution.edges[0].row_number, 2);
    assert_eq!(
        refusals(&resolution),
        [
            (4, "52.1.2.3", Reason::PublicAddress),
            (6, "10.60.0.99", Reason::NotFound),
            (7, "unknown01", Reason::NotFound),
            (8, "127.0.0.1", Reason::SelfReference),
            (9, "", Reason::Empty),
        ]
    );
}

#[test]
fn a_statement_makes_an_observed_edge_hard_and_ports_keep_edges_apart() {
    let lookup = inventory(&[
        ("web", MatchedBy::Hostname, 1, AssetType::Server),
        ("db", MatchedBy::Hostname, 2, AssetType::Database),
    ]);
    let stated = DependencyHint {
        port: Some(1433),
        protocol: Some("tcp".into()),
        ..observed("web", &["db"], 1433, "", 3)
    };
    let batch = [
        observed("web", &["db"], 1433, "", 1),
        observed("web", &["db"], 445, "", 2),
        DependencyHint { hard: true, ..stated },
    ];
    let resolution = resolve(&batch, &lookup);
    assert_eq!(
        edges(&resolution),
        [
            (1, 2, DependencyType::Database, 1433),
            (1, 2, DependencyType::Storage, 445)
        ]
    );
    assert!(resolution.edges[0].hard && !resolution.edges[1].hard);
    assert_eq!(resolution.edges[0].protocol.as_deref(), Some("tcp"));
}

#[test]
fn konveyors_directions_and_two_sided_relation_types_put_the_ends_right() {
    let lookup = inventory(&[
        ("gateway", MatchedBy::Name, 1, AssetType::Application),
        ("inventory", MatchedBy::Name, 2, AssetType::Application),
        ("customers", MatchedBy::Name, 3, AssetType::Application),
        ("inventory", MatchedBy::Hostname, 4, AssetType::Server),
    ]);
    let row = |app: &str, other: &str, direction: &str, row_number| {
        let hint = DependencyHint::stated(
            AssetRef::named(app),
            AssetRef::named(other),
            "konveyor",
            row_number,
        );
        let hint = DependencyHint {
            expected: Some(AssetType::Application),
            ..hint
        };
        hint.directed(direction.parse().unwrap())
    };
    let batch = [
        row("Gateway", "Inventory", "southbound", 5),
        row("Inventory", "Customers", "NORTHBOUND", 6),
    ];
    let resolution = resolve(&batch, &lookup);
    assert_eq!(
        edges(&resolution),
        [
            (1, 2, DependencyType::Application, 0),
            (3, 2, DependencyType::Application, 0)
        ]
    );
    assert_eq!(resolution.unresolved, []);
    for (text, direction) in [
        ("Depends on::Used by", Direction::DependsOn),
        ("Runs on::Runs", Direction::DependsOn),
        ("hosts::hosted on", Direction::UsedBy),
        ("depends_on", Direction::DependsOn),
    ] {
        assert_eq!(text.parse(), Ok(direction), "{text}");
    }
    assert!(
        "eastbound"
            .parse::<Direction>()
            .unwrap_err()
            .to_string()
            .contains("southbound")
    );
}

#[test]
fn the_stronger_match_wins_and_equals_are_not_guessed() {
    let lookup = inventory(&[
        ("web", MatchedBy::Name, 1, AssetType::Server),
        ("web", MatchedBy::Hostname, 2, AssetType::Server),
        ("app", MatchedBy::Name, 3, AssetType::Application),
        ("app", MatchedBy::Name, 4, AssetType::Application),
        ("10.0.0.4", MatchedBy::IpAddress, 4, AssetType::Application),
        ("10.0.0.9", MatchedBy::IpAddress, 9, AssetType::Application),
        ("both", MatchedBy::Hostname, 5, AssetType::Server),
        ("both", MatchedBy::Hostname, 5, AssetType::Server),
    ]);
    let from = || known(8, AssetType::Server);
    let to = |texts: &[&str]| AssetRef::Named(texts.iter().map(|&text| text.to_owned()).collect());
    let batch = [
        DependencyHint::stated(from(), to(&["WEB"]), "x", 1),
        DependencyHint::stated(from(), to(&["app"]), "x", 2),
        DependencyHint::stated(from(), to(&["app", "10.0.0.4"]), "x", 3),
        DependencyHint::stated(from(), to(&["app", "10.0.0.9"]), "x", 4),
        DependencyHint::stated(from(), to(&["both"]), "x", 5),
    ];
    let resolution = resolve(&batch, &lookup);
    assert_eq!(
        edges(&resolution).iter().map(|edge| edge.1).collect::<Vec<_>>(),
        [2, 4, 5]
    );
    let ambiguous = Reason::Ambiguous {
        assets: 2,
        matched_by: MatchedBy::Name,
    };
    assert_eq!(
        refusals(&resolution),
        [(2, "app", ambiguous), (4, "app", ambiguous)]
    );
    assert_eq!(
        ambiguous.to_string(),
        "2 assets have this name: name the one that is meant by its source id or fully qualified domain name"
    );
}

proptest! {
    #[test]
    fn every_hint_is_counted_once_as_weight_or_refusal(rows in prop::collection::vec((0_u128..6, 0_u128..6, 0_u16..3), 0..40)) {
        let names = ["a", "b", "c", "d"];
        let entries: Vec<_> = names.iter().zip(1..).map(|(name, number)| (*name, MatchedBy::Name, number, AssetType::Server)).collect();
        let lookup = inventory(&entries);
        let label = |number: u128| ["a", "b", "c", "d", "e", "n/a"][usize::try_from(number).unwrap()];
        let batch: Vec<DependencyHint> = rows.iter().zip(1..)
            .map(|(&(from, to, port), row)| observed(label(from), &[label(to)], 1430 + port, "", row)).collect();
        let resolution = resolve(&batch, &lookup);
        let weight: f64 = resolution.edges.iter().map(|edge| edge.weight).sum();
        let refused = f64::from(u32::try_from(resolution.unresolved.len()).unwrap());
        prop_assert!((weight + refused - f64::from(u32::try_from(batch.len()).unwrap())).abs() < f64::EPSILON);
        let mut keys = edges(&resolution);
        keys.sort_unstable();
        keys.dedup();
        prop_assert_eq!(keys.len(), resolution.edges.len());
        prop_assert!(resolution.edges.iter().all(|edge| edge.from != edge.to));
        prop_assert_eq!(resolve(&batch, &lookup), resolution);
    }
}
