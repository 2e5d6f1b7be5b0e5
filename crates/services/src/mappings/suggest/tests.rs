//! Whole files of headers, mapped as a person would.

mod formats;
mod properties;

use landfall_domain::MatchType;

use super::*;
use crate::mappings::{ProfileColumn, column::ColumnProfile};

fn column(header: &str, samples: &[&str]) -> ColumnProfile {
    ColumnProfile::from_samples(header, samples.iter().copied(), 100, 100)
}

fn one(header: &str, samples: &[&str]) -> Suggestion {
    suggest(&[column(header, samples)], &[], &[]).remove(0)
}

const PROSE: [&str; 4] = [
    "Primary web server for customers",
    "moved in 2019, ask Jane",
    "do not restart during the day",
    "spare",
];

#[test]
fn misfires_of_substring_matching_do_not_happen() {
    for (header, samples, wrong) in [
        ("description", &PROSE[..], "ip_address"),
        ("cost", &["1,200.50", "99", "1"][..], "operating_system"),
        ("parameter", &["a", "b", "c"][..], "memory_gb"),
        ("program", &["a", "b", "c"][..], "memory_gb"),
        (
            "business name",
            &["Acme Ltd", "Initech", "Hooli"][..],
            "asset_name",
        ),
        (
            "company name",
            &["Acme Ltd", "Initech", "Hooli"][..],
            "asset_name",
        ),
        ("owner name", &["Jane Doe", "Bob", "Al"][..], "asset_name"),
        ("recipient", &PROSE[..], "ip_address"),
        ("envelope", &PROSE[..], "environment"),
        ("programme status", &PROSE[..], "memory_gb"),
    ] {
        let found = one(header, samples);
        assert_ne!(found.target_field, Some(wrong), "{header}");
        assert!(
            found.alternatives.iter().all(|other| other.target_field != wrong),
            "{header}"
        );
    }
    assert_eq!(one("description", &PROSE).target_field, Some("description"));
    assert_eq!(
        one("cost", &["1,200.50", "99"]).target_field,
        Some("current_monthly_cost")
    );
    assert_eq!(one("business name", &["Acme"]).target_field, None);
}

#[test]
fn columns_that_landfall_keeps_itself_are_never_targets() {
    let ids = [
        "0190a6b2-0000-7000-8000-000000000001",
        "0190a6b2-0000-7000-8000-000000000002",
        "0190a6b2-0000-7000-8000-000000000003",
    ];
    for header in [
        "client_account_id",
        "engagement_id",
        "tenant_id",
        "created_at",
        "master_flow_id",
        "row_index",
    ] {
        let found = one(header, &ids);
        assert_eq!(found.target_field, None, "{header}");
        assert!(found.reason.contains("Landfall"), "{header}: {}", found.reason);
    }
    let id = one("id", &ids);
    assert_eq!(id.target_field, Some("source_id"));
    assert!(id.confidence < APPROVAL_THRESHOLD);
}

#[test]
fn values_raise_and_lower_what_the_name_says() {
    let fits = one("IP", &["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
    let silent = one("IP", &[]);
    let mixed = one("IP", &["10.0.0.1", "broken"]);
    let prose = one("ip_address", &PROSE);
    assert!(fits.confidence > silent.confidence && silent.confidence > mixed.confidence);
    assert!(mixed.confidence >= APPROVAL_THRESHOLD);
    assert_eq!(prose.target_field, None);
    assert!(
        prose
            .alternatives
            .iter()
            .any(|other| other.target_field == "ip_address" && other.confidence < 0.3)
    );
    assert!(
        prose.reason.contains("its values are something else"),
        "{}",
        prose.reason
    );
    let single = one("ip_address", &["invalid_ip"]);
    assert_eq!(single.target_field, Some("ip_address"));
    assert!(single.confidence >= APPROVAL_THRESHOLD);
}

#[test]
fn values_alone_suggest_but_never_approve() {
    for (header, samples, target) in [
        (
            "Spalte 7",
            &["10.0.0.1", "10.0.0.2", "10.0.0.3"][..],
            "ip_address",
        ),
        (
            "Spalte 8",
            &["00:50:56:01:02:03", "00:50:56:01:02:04", "00:50:56:01:02:05"][..],
            "mac_address",
        ),
        (
            "Spalte 9",
            &["Windows Server 2019", "Ubuntu 22.04", "RHEL 8"][..],
            "operating_system",
        ),
        ("Spalte 10", &["Prod", "Dev", "Test"][..], "environment"),
        (
            "Spalte 11",
            &["a.corp.example", "b.corp.example", "c.corp.example"][..],
            "fqdn",
        ),
    ] {
        let found = one(header, samples);
        assert_eq!(found.target_field, Some(target), "{header}");
        assert_eq!(found.match_type, MatchType::Semantic);
        assert!(found.confidence < APPROVAL_THRESHOLD && found.confidence >= LEAST_CONFIDENCE);
    }
    assert_eq!(
        one("Default Gateway", &["10.0.0.1", "10.0.0.2", "10.0.0.3"]).target_field,
        None
    );
}

#[test]
fn of_two_columns_for_one_field_the_better_wins_and_the_other_says_why_not() {
    let found = suggest(
        &[
            column(
                "OS according to the configuration file",
                &["Ubuntu Linux (64-bit)"],
            ),
            column("OS according to the VMware Tools", &["Ubuntu Linux (64-bit)"]),
        ],
        &[],
        &[],
    );
    assert_eq!(found[1].target_field, Some("operating_system"));
    assert_eq!(found[0].target_field, None);
    assert_eq!(
        found[0].reason,
        "'OS according to the VMware Tools' is the better match for operating_system; it stays a custom attribute"
    );
    assert_eq!(found[0].alternatives[0].target_field, "operating_system");
}

#[test]
fn a_server_name_is_a_host_name_unless_its_values_are_not() {
    assert_eq!(
        one("Server Name", &["web01", "web02.corp.example", "db-3"]).target_field,
        Some("hostname")
    );
    let display = one(
        "Server Name",
        &["Web Server 1", "Database Primary", "Load Balancer"],
    );
    assert_eq!(display.target_field, Some("name"));
    assert!(display.confidence >= APPROVAL_THRESHOLD);
}

#[test]
fn the_format_knows_its_columns_their_units_and_their_order() {
    let known: [KnownColumn<'_>; 4] = [
        ("Memory", "memory_gb", Some(SourceUnit::Mib)).into(),
        ("OS tools", "operating_system", None).into(),
        ("OS config", "operating_system", None).into(),
        ("Heartbeat", "", None).into(),
    ];
    let found = suggest(
        &[
            column("Heartbeat", &["green"]),
            column("OS config", &[]),
            column("OS tools", &[]),
            column("memory", &["16", "8", "4"]),
        ],
        &known,
        &[],
    );
    assert_eq!(found[0].target_field, None);
    assert_eq!(found[0].match_type, MatchType::Format);
    assert_eq!(found[1].target_field, Some("operating_system"));
    assert_eq!(found[2].target_field, Some("operating_system"));
    assert!(found[2].rules.priority < found[1].rules.priority);
    assert_eq!(found[3].rules.unit, Some(SourceUnit::Mib));
    assert!(found[3].confidence >= 0.98);
}

#[test]
fn a_column_that_the_format_does_not_rank_goes_before_those_it_does() {
    let ranked = KnownColumn {
        header: "OsType",
        field: Some("operating_system"),
        rules: TransformationRules {
            priority: 1,
            ..TransformationRules::default()
        },
    };
    let known = [ranked, ("OsName", "operating_system", None).into()];
    let found = suggest(
        &[column("OsType", &["Linux"]), column("OsName", &["Ubuntu"])],
        &known,
        &[],
    );
    assert!(found[1].rules.priority < found[0].rules.priority);
}

#[test]
fn what_a_person_approved_for_the_same_columns_is_suggested_again() {
    let columns = vec![
        ProfileColumn {
            source_field: "Kennung".to_owned(),
            target_field: Some("hostname".to_owned()),
            ..ProfileColumn::default()
        },
        ProfileColumn {
            source_field: "IP".to_owned(),
            ..ProfileColumn::default()
        },
    ];
    let profiles = [MappingProfile::new("CMDB Bonn", 2, columns)];
    let found = suggest(
        &[column("ip", &["10.0.0.1"]), column("KENNUNG", &["web01"])],
        &[],
        &profiles,
    );
    assert_eq!(found[0].target_field, None);
    assert_eq!(found[1].target_field, Some("hostname"));
    assert_eq!(found[1].match_type, MatchType::Profile);
    assert_eq!(
        found[1].reason,
        "mapped so in the approved profile 'CMDB Bonn', version 2"
    );
    assert_eq!(found[1].status(APPROVAL_THRESHOLD), MappingStatus::Approved);
}

#[test]
fn reasons_name_units_and_what_was_met() {
    let found = one("RAM (GB)", &["16", "32", "64"]);
    assert_eq!(
        found.reason,
        "'ram' is a known name of memory_gb; 100 % of its values fit; unit gb from the header"
    );
}
