//! One fact after the other.

use super::words::{first_of, has_word};
use super::{AssetProfile, Finding, FindingKind, Source, Subject};
use crate::sixr::inputs::Input;
use crate::sixr::policy::Policy;
use crate::sixr::value::Value;
use landfall_domain::{AssetType, RiskLevel};

pub(super) fn derive(profile: &AssetProfile<'_>, policy: &Policy, subject: &mut Subject) {
    nature(profile, subject);
    life(profile, subject);
    business(profile, subject);
    load_and_size(profile, subject);
    platform(profile, policy, subject);
    support(profile, subject);
    software(profile, policy, subject);
    if let Some(number) = profile.dependencies {
        let text = format!("{number} assets need it or are needed by it.");
        subject.give(
            Input::Dependencies,
            Value::Number(number.into()),
            Source::Dependencies,
            text,
        );
    }
    if let Some(months) = profile.months_to_exit {
        let text = "The engagement's target date.";
        subject.give(
            Input::MonthsToExit,
            Value::Number(months.round()),
            Source::Engagement,
            text,
        );
    }
}

fn says(subject: &mut Subject, input: Input, value: Value, field: &str, text: &str) {
    subject.give(
        input,
        value,
        Source::Inventory,
        format!("The inventory's {field} is '{text}'."),
    );
}

fn nature(profile: &AssetProfile<'_>, subject: &mut Subject) {
    let role = match profile.asset_type {
        AssetType::Server | AssetType::VirtualMachine => "server",
        AssetType::Database => "database",
        AssetType::Application | AssetType::Service => "application",
        AssetType::Container => "container",
        AssetType::Network | AssetType::LoadBalancer | AssetType::SecurityGroup => "network",
        AssetType::Storage => "storage",
        AssetType::Other | AssetType::Unknown => "other",
    };
    says(
        subject,
        Input::Role,
        Value::Word(role),
        "asset type",
        profile.asset_type.as_str(),
    );
    subject.give(
        Input::Servers,
        Value::Number(1.0),
        Source::Inventory,
        "It is one asset.",
    );
    let is_virtual = match (profile.is_virtual, profile.asset_type) {
        (Some(is_virtual), _) => Some(is_virtual),
        (None, AssetType::VirtualMachine | AssetType::Container) => Some(true),
        _ => None,
    };
    if let Some(is_virtual) = is_virtual {
        let text = if is_virtual {
            "It is a virtual machine."
        } else {
            "It is a physical machine."
        };
        subject.give(Input::IsVirtual, Value::Flag(is_virtual), Source::Inventory, text);
    }
}

fn life(profile: &AssetProfile<'_>, subject: &mut Subject) {
    if let Some(status) = profile.status {
        let word = match status.trim().to_lowercase().as_str() {
            "active" | "maintenance" => Some("active"),
            "inactive" => Some("inactive"),
            "planned" => Some("planned"),
            "retired" => Some("retired"),
            _ => None,
        };
        if let Some(word) = word {
            says(subject, Input::Lifecycle, Value::Word(word), "status", status);
        }
    }
    if let Some(power) = profile.power_state {
        let word = match power.trim().to_lowercase().as_str() {
            "on" => Some("on"),
            "off" => Some("off"),
            "suspended" => Some("suspended"),
            _ => None,
        };
        if let Some(word) = word {
            says(subject, Input::Power, Value::Word(word), "power state", power);
        }
    }
}

fn business(profile: &AssetProfile<'_>, subject: &mut Subject) {
    if let Some(environment) = profile.environment {
        let word = match environment.trim().to_lowercase().as_str() {
            "production" | "prod" | "prd" | "live" => Some("production"),
            "dr" | "disaster recovery" | "recovery" => Some("recovery"),
            "development" | "test" | "staging" | "pre-production" | "uat" | "qa" | "integration"
            | "sandbox" | "training" | "demo" | "lab" | "dev" => Some("non_production"),
            _ => None,
        };
        if let Some(word) = word {
            says(
                subject,
                Input::Environment,
                Value::Word(word),
                "environment",
                environment,
            );
        }
    }
    let level = |text: &str| match text.trim().to_lowercase().as_str() {
        "low" => Some("low"),
        "medium" => Some("medium"),
        "high" => Some("high"),
        "critical" => Some("critical"),
        _ => None,
    };
    if let Some(text) = profile.criticality
        && let Some(word) = level(text)
    {
        says(
            subject,
            Input::Criticality,
            Value::Word(word),
            "criticality",
            text,
        );
    }
    if let Some(text) = profile.complexity
        && let Some(word) = level(text).filter(|word| *word != "critical")
    {
        says(
            subject,
            Input::StatedComplexity,
            Value::Word(word),
            "migration complexity",
            text,
        );
    }
    let text = if profile.has_owner {
        "The inventory names an owner."
    } else {
        "The inventory names no owner."
    };
    subject.give(
        Input::OwnerKnown,
        Value::Flag(profile.has_owner),
        Source::Inventory,
        text,
    );
    for (input, amount) in [
        (Input::MonthlyCost, profile.monthly_cost),
        (Input::CloudCost, profile.cloud_cost),
    ] {
        if let Some(amount) = amount {
            subject.give(
                input,
                Value::Number(amount),
                Source::Inventory,
                "A cost of the inventory.",
            );
        }
    }
}

fn load_and_size(profile: &AssetProfile<'_>, subject: &mut Subject) {
    for (input, number, text) in [
        (Input::CpuPercent, profile.cpu_percent, "Measured average."),
        (Input::MemoryPercent, profile.memory_percent, "Measured average."),
        (
            Input::ObservationDays,
            profile.observation_days,
            "The window of its measurements.",
        ),
        (Input::CpuCores, profile.cpu_cores, "The inventory's cores."),
        (Input::MemoryGb, profile.memory_gb, "The inventory's memory."),
        (Input::StorageGb, profile.storage_gb, "The inventory's storage."),
    ] {
        if let Some(number) = number {
            subject.give(input, Value::Number(number), Source::Inventory, text);
        }
    }
}

fn platform(profile: &AssetProfile<'_>, policy: &Policy, subject: &mut Subject) {
    let texts = [profile.architecture, profile.operating_system, profile.hardware];
    let described = texts
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase();
    if let Some(word) = first_of(&described, &policy.words.proprietary_platforms) {
        let text = format!("'{word}' is one of the policy's proprietary platforms.");
        subject.give(Input::Platform, Value::Word("proprietary"), Source::Policy, text);
    } else if let Some(architecture) = profile.architecture {
        let word = if architecture.to_lowercase().starts_with("arm") {
            "arm"
        } else {
            "x86"
        };
        says(
            subject,
            Input::Platform,
            Value::Word(word),
            "architecture",
            architecture,
        );
    } else if [
        "windows", "linux", "ubuntu", "debian", "centos", "red hat", "rhel", "suse", "sles", "vmware",
    ]
    .iter()
    .any(|word| has_word(&described, word))
    {
        let text = "Its operating system runs on x86 unless an architecture says otherwise.";
        subject.give(Input::Platform, Value::Word("x86"), Source::Inventory, text);
    }
    let origin = [profile.source, profile.hardware]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase();
    if ["vmware", "vsphere", "vcenter", "rvtools", "esxi"]
        .iter()
        .any(|word| has_word(&origin, word))
    {
        subject.give(
            Input::Hypervisor,
            Value::Word("vmware"),
            Source::Inventory,
            "It comes from a VMware inventory.",
        );
    } else if profile.is_virtual == Some(true) && profile.hardware.is_some() {
        subject.give(
            Input::Hypervisor,
            Value::Word("other"),
            Source::Inventory,
            "It is virtual, and nothing says VMware.",
        );
    }
}

fn support(profile: &AssetProfile<'_>, subject: &mut Subject) {
    let Some(findings) = profile.findings else { return };
    let of = |kind: FindingKind| findings.iter().filter(move |finding| finding.kind == kind);
    match of(FindingKind::OperatingSystem).max_by_key(|finding| finding.severity) {
        Some(finding) => finds(subject, Input::OsSupport, finding, profile.is_exposed),
        None if of(FindingKind::VersionUnknown).next().is_none() && names_version(profile) => {
            let text = "The support catalogue has nothing against its operating system.";
            subject.give(Input::OsSupport, Value::Word("supported"), Source::Finding, text);
        }
        None => {}
    }
    match of(FindingKind::Software).max_by_key(|finding| finding.severity) {
        Some(finding) => finds(subject, Input::SoftwareSupport, finding, profile.is_exposed),
        None if profile.technology_stack.is_some() => {
            let text = "The support catalogue has nothing against its software.";
            subject.give(
                Input::SoftwareSupport,
                Value::Word("supported"),
                Source::Finding,
                text,
            );
        }
        None => {}
    }
}

/// Without a version nobody can say that an operating system is supported.
fn names_version(profile: &AssetProfile<'_>) -> bool {
    let has_digit = |text: Option<&str>| text.is_some_and(|text| text.chars().any(|c| c.is_ascii_digit()));
    profile.operating_system.is_some()
        && (has_digit(profile.os_version) || has_digit(profile.operating_system))
}

fn finds(subject: &mut Subject, input: Input, finding: &Finding<'_>, is_exposed: bool) {
    let severity = if is_exposed {
        lowered(finding.severity)
    } else {
        finding.severity
    };
    let word = match severity {
        RiskLevel::Low => "ends_soon",
        RiskLevel::Medium => "extended_only",
        RiskLevel::High | RiskLevel::Critical => "ended",
    };
    let until = finding
        .end_of_support
        .map_or_else(String::new, |day| format!(", standard support until {day}"));
    let text = format!("The support catalogue: {}{until}.", finding.product);
    subject.give(input, Value::Word(word), Source::Finding, text);
}

/// The level by dates alone, before it was raised because the asset is exposed.
fn lowered(severity: RiskLevel) -> RiskLevel {
    match severity {
        RiskLevel::Critical => RiskLevel::High,
        RiskLevel::High => RiskLevel::Medium,
        RiskLevel::Medium | RiskLevel::Low => RiskLevel::Low,
    }
}

fn software(profile: &AssetProfile<'_>, policy: &Policy, subject: &mut Subject) {
    let words = &policy.words;
    let texts = [profile.application_name, profile.technology_stack];
    let described = texts
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
        .to_lowercase();
    if let Some(product) = words
        .products
        .iter()
        .find(|product| has_word(&described, &product.word))
    {
        let text = format!("'{}' is one of the policy's products.", product.word);
        subject.give(Input::ApplicationType, Value::Word("cots"), Source::Policy, text);
        let (offered, text) = match &product.service {
            Some(service) => (true, format!("{service} takes its place.")),
            None => (
                false,
                format!("The policy knows no service for '{}'.", product.word),
            ),
        };
        subject.give(Input::SaasAvailable, Value::Flag(offered), Source::Policy, text);
    }
    let Some(stack) = profile.technology_stack else {
        return;
    };
    let stack = stack.to_lowercase();
    let managed = first_of(&stack, &words.managed_databases);
    let (engine, text) = match (managed, first_of(&stack, &words.other_databases)) {
        (Some(word), _) => (
            "managed_equivalent",
            format!("'{word}' is offered as a managed service."),
        ),
        (None, Some(word)) => (
            "other",
            format!("'{word}' is a database without a managed equivalent."),
        ),
        (None, None) => (
            "none",
            "Its technology stack names no database that the policy knows.".to_owned(),
        ),
    };
    subject.give(Input::DatabaseEngine, Value::Word(engine), Source::Policy, text);
    let ready = first_of(&stack, &words.container_ready);
    let text = match ready {
        Some(word) => format!("'{word}' runs in containers."),
        None => "Its technology stack names nothing that is known to run in containers.".to_owned(),
    };
    subject.give(
        Input::ContainerReady,
        Value::Flag(ready.is_some()),
        Source::Policy,
        text,
    );
}
