//! Words that sources use for the same thing, in English and German. A word that is not known is never bent into one that
//! is: each function answers `None`.

use landfall_domain::{AssetType, SixrStrategy};

use super::Folded;

/// The environment's usual word.
pub fn environment(text: &str) -> Option<&'static str> {
    Some(match Folded::of(text)?.as_str() {
        "production"
        | "prod"
        | "prd"
        | "live"
        | "produktion"
        | "produktiv"
        | "prod environment"
        | "production environment"
        | "produktivsystem"
        | "produktivumgebung" => "Production",
        "development"
        | "dev"
        | "devel"
        | "entwicklung"
        | "development environment"
        | "entwicklungsumgebung" => "Development",
        "test" | "tst" | "testing" | "test environment" | "testumgebung" | "testsystem" => "Test",
        "staging" | "stg" | "stage" | "staging environment" => "Staging",
        "preprod" | "pre prod" | "preproduction" | "pre production" | "ppe" | "vorproduktion" => {
            "Pre-Production"
        }
        "uat"
        | "user acceptance"
        | "user acceptance testing"
        | "user acceptance test"
        | "acceptance"
        | "abnahme" => "UAT",
        "qa" | "quality assurance" | "qualitaetssicherung" | "qs" => "QA",
        "dr" | "disaster recovery" | "drp" | "notfall" => "DR",
        "integration" | "int" | "integration test" | "sit" => "Integration",
        "sandbox" | "sbx" | "sandpit" => "Sandbox",
        "training" | "schulung" => "Training",
        "demo" | "demonstration" => "Demo",
        "lab" | "labor" => "Lab",
        _ => return None,
    })
}

/// Low, Medium, High or Critical. `critical` stays critical.
pub fn criticality(text: &str) -> Option<&'static str> {
    Some(match Folded::of(text)?.as_str() {
        "critical" | "crit" | "mission critical" | "business critical" | "very high" | "highest"
        | "kritisch" | "sehr hoch" | "geschaeftskritisch" | "hochkritisch" | "tier 1" | "tier1"
        | "tier 0" | "1 critical" | "1 most critical" | "most critical" | "1 sehr hoch" => "Critical",
        "high"
        | "hi"
        | "important"
        | "hoch"
        | "wichtig"
        | "tier 2"
        | "tier2"
        | "2 high"
        | "1 high"
        | "somewhat critical"
        | "2 somewhat critical" => "High",
        "medium" | "med" | "moderate" | "normal" | "standard" | "mittel" | "tier 3" | "tier3"
        | "3 medium" | "2 medium" | "less critical" | "3 less critical" | "3 moderate" => "Medium",
        "low" | "minimal" | "minor" | "lowest" | "very low" | "niedrig" | "gering" | "unkritisch"
        | "tier 4" | "tier4" | "4 low" | "3 low" | "not critical" | "4 not critical" | "non critical" => {
            "Low"
        }
        _ => return None,
    })
}

/// Low, Medium or High.
pub fn level(text: &str) -> Option<&'static str> {
    Some(match Folded::of(text)?.as_str() {
        "low" | "simple" | "easy" | "small" | "very low" | "trivial" | "niedrig" | "gering" | "einfach" => {
            "Low"
        }
        "medium" | "med" | "moderate" | "normal" | "average" | "mittel" => "Medium",
        "high" | "complex" | "hard" | "difficult" | "large" | "very high" | "hoch" | "sehr hoch"
        | "komplex" => "High",
        _ => return None,
    })
}

/// State in the life of an asset.
pub fn status(text: &str) -> Option<&'static str> {
    Some(match Folded::of(text)?.as_str() {
        "active" | "running" | "online" | "up" | "operational" | "in use" | "in service" | "installed"
        | "live" | "enabled" | "powered on" | "poweredon" | "aktiv" | "in betrieb" | "produktiv" => "Active",
        "inactive" | "down" | "offline" | "stopped" | "non operational" | "not in use" | "disabled"
        | "powered off" | "poweredoff" | "inaktiv" | "abgeschaltet" | "ausgeschaltet" => "Inactive",
        "retired" | "decommissioned" | "disposed" | "decom" | "stillgelegt" | "ausgemustert"
        | "ausser betrieb" => "Retired",
        "maintenance" | "in maintenance" | "repair" | "in repair" | "pending repair"
        | "repair in progress" | "wartung" | "in wartung" => "Maintenance",
        "planned" | "ordered" | "on order" | "pending install" | "pending" | "staged" | "geplant"
        | "bestellt" => "Planned",
        _ => return None,
    })
}

/// On, Off or Suspended; numbers are those of the CIM class that Hyper-V reports.
pub fn power_state(text: &str) -> Option<&'static str> {
    Some(match Folded::of(text)?.as_str() {
        "poweredon" | "powered on" | "on" | "running" | "up" | "started" | "powering on" | "2" | "an"
        | "eingeschaltet" | "gestartet" => "On",
        "poweredoff" | "powered off" | "off" | "stopped" | "down" | "shut off" | "shutdown"
        | "deallocated" | "3" | "aus" | "ausgeschaltet" | "gestoppt" | "terminated" => "Off",
        "suspended" | "paused" | "saved" | "hibernated" | "standby" | "32768" | "32769" | "angehalten" => {
            "Suspended"
        }
        _ => return None,
    })
}

/// BIOS or UEFI.
pub fn boot_type(text: &str) -> Option<&'static str> {
    Some(match Folded::of(text)?.as_str() {
        "bios" | "legacy" | "legacy bios" | "mbr" => "BIOS",
        "uefi" | "efi" | "uefi secure boot" | "efi secure boot" => "UEFI",
        _ => return None,
    })
}

/// Processor architecture.
pub fn architecture(text: &str) -> Option<&'static str> {
    Some(match Folded::of(text)?.as_str() {
        "x64" | "x86 64" | "amd64" | "64 bit" | "64bit" | "64" | "em64t" | "intel 64" | "x64 based pc" => {
            "x64"
        }
        "x86" | "i386" | "i486" | "i586" | "i686" | "ia32" | "32 bit" | "32bit" | "32" | "x86 32" => "x86",
        "arm64" | "aarch64" | "armv8" => "arm64",
        "arm" | "arm32" | "armv7" | "armhf" => "arm",
        "ppc64le" => "ppc64le",
        "ppc64" | "ppc" | "powerpc" | "power" => "ppc64",
        "s390x" | "s390" => "s390x",
        "sparc" | "sparc64" | "sparcv9" | "sun4v" | "sun4u" => "sparc",
        "ia64" | "itanium" => "ia64",
        _ => return None,
    })
}

/// What an asset is, by the whole words of a type, class or category. The more special word wins: a "database server" is a
/// database, a "virtual server" a virtual machine.
pub fn asset_type(text: &str) -> Option<AssetType> {
    let folded = Folded::of(text)?;
    let words = folded.as_str();
    if let Ok(label) = text.trim().parse::<AssetType>() {
        return Some(label);
    }
    let has = |known: &[&str]| words.split(' ').any(|word| known.contains(&word));
    let kind = if words.contains("load balancer") || has(&["loadbalancer", "lb", "adc", "lastverteiler"]) {
        AssetType::LoadBalancer
    } else if words.contains("security group") || has(&["firewall", "firewalls", "waf"]) {
        AssetType::SecurityGroup
    } else if has(&[
        "database",
        "databases",
        "db",
        "datenbank",
        "datenbankserver",
        "dbms",
        "rdbms",
        "sql",
        "mysql",
        "postgres",
        "postgresql",
        "oracle",
        "mongodb",
    ]) {
        AssetType::Database
    } else if has(&["container", "containers", "pod", "kubernetes", "k8s", "docker"]) {
        AssetType::Container
    } else if words.contains("virtual machine")
        || words.contains("virtual server")
        || words.contains("vm instance")
        || has(&[
            "vm",
            "vms",
            "virtual",
            "virtuell",
            "virtuelle",
            "virtueller",
            "ec2",
            "instance",
        ])
    {
        AssetType::VirtualMachine
    } else if has(&["storage", "san", "nas", "filer", "speichersystem", "volume"]) {
        AssetType::Storage
    } else if has(&[
        "server",
        "servers",
        "srv",
        "host",
        "hypervisor",
        "esx",
        "esxi",
        "mainframe",
        "physical",
        "blade",
    ]) {
        AssetType::Server
    } else if has(&[
        "network", "router", "switch", "netzwerk", "netgear", "gateway", "access", "vpn", "proxy",
    ]) {
        AssetType::Network
    } else if has(&[
        "application",
        "applications",
        "app",
        "anwendung",
        "applikation",
        "webapp",
        "software",
        "appl",
    ]) {
        AssetType::Application
    } else if has(&[
        "service",
        "services",
        "dienst",
        "middleware",
        "cache",
        "queue",
        "broker",
    ]) {
        AssetType::Service
    } else {
        return None;
    };
    Some(kind)
}

/// A migration strategy and whether the word says more than the label: "relocate" is a rehost to another hypervisor.
pub fn sixr_strategy(text: &str) -> Option<(SixrStrategy, bool)> {
    let folded = Folded::of(text)?;
    let strategy = match folded.as_str() {
        "rehost" | "re host" | "rehosting" | "lift and shift" | "lift shift" => SixrStrategy::Rehost,
        "relocate" | "relocation" | "hypervisor level lift and shift" => {
            return Some((SixrStrategy::Rehost, true));
        }
        "replatform" | "re platform" | "replatforming" | "lift and reshape" | "lift tinker and shift" => {
            SixrStrategy::Replatform
        }
        "refactor" | "re factor" | "refactoring" => SixrStrategy::Refactor,
        "rearchitect" | "re architect" | "rearchitecting" => SixrStrategy::Rearchitect,
        "replace" | "replacement" | "rebuild" | "re build" => SixrStrategy::Replace,
        "repurchase" | "re purchase" | "drop and shop" | "repurchasing" => SixrStrategy::Repurchase,
        "retire" | "retired" | "decommission" | "decom" | "stilllegen" => SixrStrategy::Retire,
        "retain" | "revisit" | "retain revisit" | "keep" | "stay" | "do nothing" | "behalten" => {
            SixrStrategy::Retain
        }
        _ => return None,
    };
    Some((strategy, false))
}

/// The number of a wave: `2`, `Wave 2`, `W02`, `Welle 3`; `None` without a number or with more than one.
pub fn wave(text: &str) -> Option<i64> {
    let text = text.trim();
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let digits = &text[start..];
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at(end);
    let rest = rest.strip_prefix(".0").unwrap_or(rest);
    let before = text[..start].trim_end_matches([' ', '-', '_', '#', ':', '.']);
    let named = before.is_empty()
        || [
            "wave",
            "w",
            "welle",
            "migration wave",
            "move wave",
            "migrationswelle",
            "mw",
        ]
        .iter()
        .any(|word| before.eq_ignore_ascii_case(word));
    let free = rest.chars().all(|c| !c.is_ascii_digit());
    (named && free && !before.ends_with('-')).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn critical_stays_critical_and_unknown_words_stay_unknown() {
        assert_eq!(criticality("CRITICAL"), Some("Critical"));
        assert_eq!(criticality("1 - most critical"), Some("Critical"));
        assert_eq!(criticality("med"), Some("Medium"));
        assert_eq!(criticality("geringfügig"), None);
        assert_eq!(environment("PRD"), Some("Production"));
        assert_eq!(environment("Entwicklung"), Some("Development"));
        assert_eq!(environment("prod-eu-7"), None);
        assert_eq!(status("Non-Operational"), Some("Inactive"));
        assert_eq!(status("sold"), None);
    }

    #[test]
    fn types_are_found_by_whole_words_the_special_before_the_general() {
        for (text, kind) in [
            ("Application Server", AssetType::Server),
            ("Database Server", AssetType::Database),
            ("Load Balancer", AssetType::LoadBalancer),
            ("cmdb_ci_linux_server", AssetType::Server),
            ("cmdb_ci_vm_instance", AssetType::VirtualMachine),
            ("VIRTUAL_MACHINE", AssetType::VirtualMachine),
            ("Physical", AssetType::Server),
            ("Core Switch", AssetType::Network),
            ("Webapp", AssetType::Application),
        ] {
            assert_eq!(asset_type(text), Some(kind), "{text}");
        }
        // Parts of words are no words: "dbms" in "feedbms", "app" in "apparel".
        assert_eq!(asset_type("Apparel"), None);
        assert_eq!(asset_type("Printer"), None);
    }

    #[test]
    fn strategies_keep_their_own_labels() {
        assert_eq!(
            sixr_strategy("Re-Architect"),
            Some((SixrStrategy::Rearchitect, false))
        );
        assert_eq!(sixr_strategy("lift & shift"), Some((SixrStrategy::Rehost, false)));
        assert_eq!(sixr_strategy("Relocate"), Some((SixrStrategy::Rehost, true)));
        assert_eq!(sixr_strategy("TBD later"), None);
        for strategy in SixrStrategy::ALL {
            assert_eq!(sixr_strategy(strategy.as_str()), Some((*strategy, false)));
        }
    }

    #[test]
    fn waves_are_numbers_with_or_without_the_word() {
        for text in ["2", "Wave 2", "wave-02", "W2", "Welle 2", "2.0", "Wave 2 (pilot)"] {
            assert_eq!(wave(text), Some(2), "{text}");
        }
        for text in ["Pilot", "Wave 2 of 3", "2024-01-01", "Release 2", ""] {
            assert_eq!(wave(text), None, "{text}");
        }
    }

    #[test]
    fn states_architectures_and_firmware_have_one_word_each() {
        assert_eq!(power_state("poweredOff"), Some("Off"));
        assert_eq!(power_state("Running"), Some("On"));
        assert_eq!(boot_type("efi"), Some("UEFI"));
        assert_eq!(architecture("x86_64"), Some("x64"));
        assert_eq!(architecture("32-bit"), Some("x86"));
        assert_eq!(level("Hoch"), Some("High"));
    }
}
