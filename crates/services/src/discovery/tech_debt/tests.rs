//! What follows from what an inventory says, on which day.

mod texts;

use std::sync::LazyLock;

use super::catalogue::ProductKind;
use super::{Assessor, AssetFacts, Finding, FindingKind, TechDebt};
use chrono::NaiveDate;
use landfall_domain::RiskLevel;
use proptest::prelude::*;

/// Read once: reading it for each generated case would be most of the tests' time.
static DEBT: LazyLock<TechDebt> = LazyLock::new(|| TechDebt::catalogue().unwrap());

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn an_applications_name_is_read_by_full_product_names_only() {
    let debt = &*DEBT;
    for (name, count) in [
        ("SharePoint 2013 Intranet", 1),
        ("Exchange 2013", 0),
        ("Oracle 9 Plaza", 0),
        ("ERP 2012", 0),
    ] {
        let facts = AssetFacts {
            application_name: Some(name),
            ..AssetFacts::default()
        };
        assert_eq!(debt.assess(&facts, day("2026-11-23")).len(), count, "{name}");
    }
}

fn of_system(name: &str, today: &str) -> Option<Finding> {
    let facts = AssetFacts {
        operating_system: Some(name),
        ..AssetFacts::default()
    };
    TechDebt::catalogue()
        .unwrap()
        .assess(&facts, day(today))
        .into_iter()
        .next()
}

#[test]
fn the_severity_follows_the_day() {
    for (today, severity) in [
        ("2019-06-29", None),
        ("2023-06-30", Some(RiskLevel::Low)),
        ("2024-06-30", Some(RiskLevel::Low)),
        ("2024-07-01", Some(RiskLevel::Medium)),
        ("2029-05-31", Some(RiskLevel::Medium)),
        ("2029-06-01", Some(RiskLevel::High)),
        ("2032-05-31", Some(RiskLevel::High)),
        ("2032-06-01", Some(RiskLevel::Critical)),
    ] {
        let found = of_system("Red Hat Enterprise Linux 7 (64-bit)", today);
        assert_eq!(
            found.as_ref().map(|finding| finding.severity),
            severity,
            "{today}"
        );
        if let Some(finding) = found {
            assert_eq!(finding.end_of_support, Some(day("2024-06-30")));
            assert_eq!(
                (finding.kind, finding.version.as_deref()),
                (FindingKind::OsEndOfLife, Some("7"))
            );
        }
    }
    // Without extended support there is no medium between low and high.
    assert_eq!(
        of_system("CentOS 7", "2024-06-30").unwrap().severity,
        RiskLevel::Low
    );
    assert_eq!(
        of_system("CentOS 7", "2024-07-01").unwrap().severity,
        RiskLevel::High
    );
}

#[test]
fn a_critical_asset_in_production_is_one_level_worse_and_the_reason_is_told() {
    let debt = &*DEBT;
    let severity = |environment, criticality| {
        let facts = AssetFacts {
            operating_system: Some("CentOS 7"),
            environment: Some(environment),
            business_criticality: Some(criticality),
            ..AssetFacts::default()
        };
        let finding = debt.assess(&facts, day("2026-11-23")).remove(0);
        assert_eq!(
            finding.severity == RiskLevel::Critical,
            finding.explanation.contains("Raised from high to critical")
        );
        finding.severity
    };
    assert_eq!(severity("Production", "Critical"), RiskLevel::Critical);
    assert_eq!(severity("prod", "high"), RiskLevel::Critical);
    assert_eq!(severity("Production", "Medium"), RiskLevel::High);
    assert_eq!(severity("Development", "Critical"), RiskLevel::High);
}

#[test]
fn the_explanation_says_what_when_what_it_means_and_where_from() {
    let finding = of_system("Microsoft Windows Server 2012 R2 (64-bit)", "2026-11-23").unwrap();
    assert_eq!(
        finding.explanation,
        "Windows Server 2012 R2 has no support: standard support ended on 2023-10-10 and Extended Security Updates on \
         2026-10-13. New vulnerabilities are no longer fixed. Source: Microsoft Lifecycle Policy: Windows Server \
         (learn.microsoft.com/lifecycle); catalogue of 2026-08-22."
    );
    let extended = of_system("RHEL 7", "2026-11-23").unwrap().explanation;
    assert!(
        extended.contains("only with Extended Life Cycle Support, until 2029-05-31"),
        "{extended}"
    );
    let soon = of_system("Windows Server 2016", "2026-11-23")
        .unwrap()
        .explanation;
    assert!(
        soon.contains("ends on 2027-01-12") && soon.contains("until 2030-01-12"),
        "{soon}"
    );
}

#[test]
fn an_operating_system_without_a_clear_version_is_reported_as_such() {
    for (name, part) in [
        (
            "Oracle Linux 4/5 or later",
            "'Oracle Linux 4/5 or later' does not say which one version of Oracle Linux",
        ),
        (
            "Ubuntu Linux (64-bit)",
            "does not say which one version of Ubuntu",
        ),
        ("Other 3.x Linux (64-bit)", "names no distribution"),
        (
            "RHEL 3",
            "a version of Red Hat Enterprise Linux that the catalogue does not have",
        ),
        (
            "Oracle Solaris 11",
            "does not say which one version of Oracle Solaris",
        ),
    ] {
        let finding = of_system(name, "2026-11-23").unwrap();
        assert_eq!(
            (finding.kind, finding.severity),
            (FindingKind::OsVersionUnknown, RiskLevel::Low),
            "{name}"
        );
        assert_eq!((finding.version, finding.end_of_support), (None, None));
        assert!(finding.explanation.contains(part), "{}", finding.explanation);
    }
    for name in [
        "F5 BigIP",
        "Keycloak",
        "Windows Server 2030",
        "AIX 7.2",
        "Ubuntu 24.04",
    ] {
        assert_eq!(of_system(name, "2026-11-23"), None, "{name}");
    }
    // Every 20.x is past standard support, so the part is enough.
    assert_eq!(
        of_system("Ubuntu 20", "2026-11-23").unwrap().severity,
        RiskLevel::Medium
    );
}

#[test]
fn system_and_software_of_one_asset_are_both_found_and_each_product_once() {
    let debt = &*DEBT;
    let facts = AssetFacts {
        operating_system: Some("PostgreSQL 9.6 on Ubuntu"),
        os_version: Some("16.04"),
        technology_stack: Some("Java 17, Java 7, PHP, postgres 12"),
        application_name: Some("Billing"),
        ..AssetFacts::default()
    };
    let found: Vec<(FindingKind, String, String)> = debt
        .assess(&facts, day("2026-11-23"))
        .into_iter()
        .map(|finding| (finding.kind, finding.product, finding.version.unwrap_or_default()))
        .collect();
    let expected = [
        (FindingKind::OsEndOfLife, "Ubuntu", "16.04"),
        (FindingKind::SoftwareEndOfLife, "PostgreSQL", "9.6"),
        (FindingKind::SoftwareEndOfLife, "Java", "7"),
    ];
    assert_eq!(
        found,
        expected.map(|(kind, product, version)| (kind, product.to_owned(), version.to_owned()))
    );
}

#[test]
fn the_stack_names_the_operating_system_only_where_its_own_field_is_empty() {
    let debt = &*DEBT;
    let stack = AssetFacts {
        technology_stack: Some("LAMP on CentOS 6, Windows clients"),
        ..AssetFacts::default()
    };
    let products = |facts: &AssetFacts<'_>| -> Vec<String> {
        debt.assess(facts, day("2026-11-23"))
            .into_iter()
            .map(|finding| finding.product)
            .collect()
    };
    assert_eq!(products(&stack), ["CentOS"]);
    assert!(
        products(&AssetFacts {
            operating_system: Some("Ubuntu 24.04"),
            ..stack
        })
        .is_empty()
    );
}

#[test]
fn an_assessor_that_has_seen_many_texts_still_answers_the_same() {
    let debt = &*DEBT;
    let mut assessor = Assessor::new(debt, day("2026-11-23"));
    let facts = AssetFacts {
        operating_system: Some("CentOS 7"),
        ..AssetFacts::default()
    };
    let first = assessor.assess(&facts);
    for number in 0..50_000 {
        let text = format!("Appliance {number}");
        assert!(
            assessor
                .assess(&AssetFacts {
                    operating_system: Some(&text),
                    ..AssetFacts::default()
                })
                .is_empty()
        );
    }
    assert_eq!(assessor.assess(&facts), first);
}

proptest! {
    #[test]
    fn any_text_is_judged_without_panic_and_always_alike(
        name in "\\PC{0,60}", version in "[0-9a-zA-Z./+ -]{0,20}", stack in "(Windows|Oracle|Java|\\.NET|/|\\+|or later|[0-9]{1,4}|\\.| ){0,12}",
    ) {
        let debt = &*DEBT;
        let facts = AssetFacts {
            operating_system: Some(&name), os_version: Some(&version), technology_stack: Some(&stack),
            application_name: Some(&stack), ..AssetFacts::default()
        };
        let first = debt.assess(&facts, day("2026-11-23"));
        prop_assert_eq!(&first, &debt.assess(&facts, day("2026-11-23")));
        let mut keys: Vec<_> = first.iter().map(|finding| (finding.kind, &finding.product)).collect();
        keys.sort();
        keys.dedup();
        prop_assert_eq!(keys.len(), first.len());
    }

    #[test]
    fn a_finding_never_gets_milder_as_time_goes_by(cycle in 0_usize..10_000, first in 0_i64..9_000, later in 0_i64..3_000) {
        let debt = &*DEBT;
        let all: Vec<_> = debt.catalogue.products.iter()
            .flat_map(|product| product.cycles.iter().map(move |cycle| (product, cycle))).collect();
        let (product, cycle) = all[cycle % all.len()];
        let text = format!("{} {}", product.name, cycle.version);
        let start = day("2005-01-01") + chrono::TimeDelta::days(first);
        let severity = |today| {
            let facts = match product.kind {
                ProductKind::OperatingSystem => AssetFacts { operating_system: Some(&text), ..AssetFacts::default() },
                ProductKind::Software => AssetFacts { technology_stack: Some(&text), ..AssetFacts::default() },
            };
            debt.assess(&facts, today).into_iter().find(|finding| finding.product == product.name).map(|finding| finding.severity)
        };
        prop_assert!(severity(start) <= severity(start + chrono::TimeDelta::days(later)), "{text}");
    }
}
