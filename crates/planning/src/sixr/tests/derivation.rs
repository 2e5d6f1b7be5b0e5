use super::{engine, inputs};
use crate::sixr::{AssetProfile, Finding, FindingKind, Input, Policy, Source, Subject, Value, diff};
use chrono::NaiveDate;
use landfall_domain::{AssetType, RiskLevel};
use serde_json::json;

fn ended(severity: RiskLevel) -> Finding<'static> {
    Finding {
        kind: FindingKind::OperatingSystem,
        severity,
        product: "Windows Server 2012 R2",
        end_of_support: NaiveDate::from_ymd_opt(2023, 10, 10),
    }
}

fn of(profile: &AssetProfile<'_>) -> Subject {
    Subject::of_asset(profile, &Policy::standard().unwrap())
}

fn word(subject: &Subject, input: Input) -> String {
    subject
        .inputs()
        .get(input)
        .map_or_else(|| "unknown".to_owned(), |value| value.to_string())
}

#[test]
fn an_asset_becomes_inputs_each_with_its_reason() {
    let findings = [ended(RiskLevel::High)];
    let subject = of(&AssetProfile {
        asset_type: AssetType::VirtualMachine,
        status: Some("Active"),
        power_state: Some("On"),
        environment: Some("Production"),
        criticality: Some("High"),
        operating_system: Some("Windows Server 2012 R2"),
        technology_stack: Some("SQL Server 2014, Tomcat 8"),
        source: Some("rvtools"),
        has_owner: true,
        cpu_percent: Some(7.3),
        dependencies: Some(4),
        findings: Some(&findings),
        ..AssetProfile::default()
    });
    for (input, expected) in [
        (Input::Role, "server"),
        (Input::Lifecycle, "active"),
        (Input::Power, "on"),
        (Input::Environment, "production"),
        (Input::Criticality, "high"),
        (Input::OsSupport, "ended"),
        (Input::SoftwareSupport, "supported"),
        (Input::DatabaseEngine, "managed_equivalent"),
        (Input::ContainerReady, "yes"),
        (Input::Hypervisor, "vmware"),
        (Input::Platform, "x86"),
        (Input::IsVirtual, "yes"),
        (Input::CpuPercent, "7.3"),
        (Input::Dependencies, "4"),
        (Input::OwnerKnown, "yes"),
        (Input::SaasAvailable, "unknown"),
        (Input::MemoryGb, "unknown"),
    ] {
        assert_eq!(word(&subject, input), expected, "{input}");
    }
    let support = subject
        .derivations()
        .iter()
        .find(|derivation| derivation.input == Input::OsSupport)
        .unwrap();
    assert_eq!(support.source, Source::Finding);
    assert_eq!(
        support.explanation,
        "The support catalogue: Windows Server 2012 R2, standard support until 2023-10-10."
    );
    assert_eq!(
        subject.derivations().len(),
        subject.inputs().known().count(),
        "every value has a reason"
    );
}

#[test]
fn a_level_that_was_raised_for_exposure_is_lowered_again() {
    for (severity, is_exposed, expected) in [
        (RiskLevel::Low, false, "ends_soon"),
        (RiskLevel::Medium, true, "ends_soon"),
        (RiskLevel::Medium, false, "extended_only"),
        (RiskLevel::High, true, "extended_only"),
        (RiskLevel::High, false, "ended"),
        (RiskLevel::Critical, true, "ended"),
        (RiskLevel::Critical, false, "ended"),
    ] {
        let findings = [ended(severity)];
        let subject = of(&AssetProfile {
            findings: Some(&findings),
            is_exposed,
            ..AssetProfile::default()
        });
        assert_eq!(
            word(&subject, Input::OsSupport),
            expected,
            "{severity} {is_exposed}"
        );
    }
}

#[test]
fn what_nobody_looked_at_or_nobody_said_stays_unknown() {
    let never = of(&AssetProfile {
        operating_system: Some("Windows Server 2022"),
        ..AssetProfile::default()
    });
    assert_eq!(word(&never, Input::OsSupport), "unknown");
    let looked = AssetProfile {
        findings: Some(&[]),
        ..AssetProfile::default()
    };
    let named = of(&AssetProfile {
        operating_system: Some("Windows Server 2022"),
        ..looked
    });
    assert_eq!(word(&named, Input::OsSupport), "supported");
    let unnamed = of(&AssetProfile {
        operating_system: Some("Linux"),
        ..looked
    });
    assert_eq!(
        word(&unnamed, Input::OsSupport),
        "unknown",
        "no version, no support"
    );
    assert_eq!(word(&unnamed, Input::Dependencies), "unknown");
}

#[test]
fn products_and_platforms_are_understood_by_the_policys_words() {
    let product = of(&AssetProfile {
        application_name: Some("SharePoint 2016"),
        ..AssetProfile::default()
    });
    assert_eq!(word(&product, Input::ApplicationType), "cots");
    assert_eq!(word(&product, Input::SaasAvailable), "yes");
    let mainframe = of(&AssetProfile {
        operating_system: Some("IBM AIX 7.2"),
        ..AssetProfile::default()
    });
    assert_eq!(word(&mainframe, Input::Platform), "proprietary");
    let plain = of(&AssetProfile {
        application_name: Some("Massage booking"),
        ..AssetProfile::default()
    });
    assert_eq!(word(&plain, Input::ApplicationType), "unknown");
}

#[test]
fn parameters_follow_the_facts_as_worked_out_by_hand() {
    let result = engine().recommend(&inputs(&json!({
        "criticality": "high", "environment": "production", "os_support": "ended", "dependencies": 20,
        "months_to_exit": 6, "regulated": true
    })));
    let of = |input: Input| {
        result
            .parameters
            .iter()
            .find(|(known, _)| *known == input)
            .unwrap()
            .1
    };
    // 5 + 2 + 1; 3 + 3 + 1.5; 4 + 5; 3 + 4 + 0.5 + 1; 6 − 2 − 1; no fact is known: the base.
    assert_eq!(of(Input::BusinessValue), Value::Number(8.0));
    assert_eq!(of(Input::TechnicalComplexity), Value::Number(7.5));
    assert_eq!(of(Input::MigrationUrgency), Value::Number(9.0));
    assert_eq!(of(Input::ComplianceRequirements), Value::Number(8.5));
    assert_eq!(of(Input::RiskTolerance), Value::Number(3.0));
    assert_eq!(of(Input::InnovationPriority), Value::Number(4.0));
    let given = engine().recommend(&inputs(&json!({"criticality": "critical", "business_value": 2})));
    assert_eq!(
        given.parameters[0].1,
        Value::Number(2.0),
        "what a person gives is not derived"
    );
}

#[test]
fn an_application_takes_the_worst_the_busiest_and_the_sum_of_its_members() {
    let findings = [ended(RiskLevel::High)];
    let old = of(&AssetProfile {
        asset_type: AssetType::Server,
        findings: Some(&findings),
        cpu_percent: Some(1.0),
        storage_gb: Some(100.0),
        ..AssetProfile::default()
    });
    let busy = of(&AssetProfile {
        asset_type: AssetType::Database,
        findings: Some(&[]),
        operating_system: Some("Ubuntu 24.04"),
        cpu_percent: Some(60.0),
        storage_gb: Some(900.0),
        status: Some("Active"),
        ..AssetProfile::default()
    });
    let application = Subject::of_members(&[old.clone(), busy.clone()]);
    for (input, expected) in [
        (Input::OsSupport, "ended"),
        (Input::CpuPercent, "60"),
        (Input::StorageGb, "1000"),
        (Input::Servers, "2"),
        (Input::Lifecycle, "active"),
    ] {
        assert_eq!(word(&application, input), expected, "{input}");
    }
    assert_eq!(
        application.inputs(),
        Subject::of_members(&[busy, old]).inputs(),
        "the order of members does not matter"
    );
    let known = application
        .derivations()
        .iter()
        .find(|derivation| derivation.input == Input::Lifecycle)
        .unwrap();
    assert_eq!(
        known.explanation,
        "The greatest of the 1 of its 2 members of which it is known."
    );
}

#[test]
fn what_a_person_says_takes_the_place_of_what_was_derived() {
    let mut subject = of(&AssetProfile {
        has_owner: true,
        ..AssetProfile::default()
    });
    subject.give(Input::OwnerKnown, Value::Flag(false), Source::Person, "He left.");
    subject.give(
        Input::OwnerKnown,
        Value::Number(1.0),
        Source::Person,
        "no such value",
    );
    assert_eq!(word(&subject, Input::OwnerKnown), "no");
    assert_eq!(
        subject
            .derivations()
            .iter()
            .filter(|derivation| derivation.input == Input::OwnerKnown)
            .count(),
        1
    );
}

#[test]
fn a_diff_names_what_changed_and_nothing_else() {
    let before = json!({"strategy": "rehost", "policy": "1", "confidence": 0.6, "inputs": {"cpu_percent": 7.3, "role": "server"}, "scores": {"rehost": 70.1, "retire": 20.0}});
    let now = json!({"strategy": "retire", "policy": "1", "confidence": 0.8, "inputs": {"cpu_percent": 1, "role": "server", "active_users": 0}, "scores": {"rehost": 70.1, "retire": 55.5}});
    let changed = diff(&before, &now);
    let text = serde_json::to_value(&changed).unwrap();
    assert_eq!(
        text,
        json!({
            "strategy": ["rehost", "retire"], "policy": null, "confidence": 0.2,
            "inputs": [{"input": "cpu_percent", "from": 7.3, "to": 1}, {"input": "active_users", "from": null, "to": 0}],
            "scores": [{"strategy": "retire", "from": 20.0, "to": 55.5}],
        })
    );
    assert!(diff(&now, &now).is_empty());
}
