//! Each rule of readiness.

use super::{catalogue, machine, measured};
use crate::sizing::{Disk, Machine, Metric, Options, Readiness, Sizing, assess};

fn changed(change: impl FnOnce(&mut Machine)) -> Sizing {
    let mut machine = machine();
    change(&mut machine);
    assess(&machine, &catalogue(), &Options::default())
}

fn rules(sizing: &Sizing) -> Vec<&str> {
    sizing.reasons.iter().map(|reason| reason.rule.as_str()).collect()
}

#[test]
fn each_rule_of_readiness_has_its_verdict_and_its_reason() {
    use Readiness::{NotReady, Ready, ReadyWithConditions, Unknown};
    let disks = |count: usize, size_gib: f64| {
        (0..count)
            .map(move |number| Disk {
                label: format!("disk {number}"),
                size_gib,
            })
            .collect::<Vec<_>>()
    };
    let os = |name: &str| {
        let name = name.to_owned();
        changed(|machine| machine.operating_system = Some(name))
    };
    let cases = [
        (changed(|_| {}), Ready, vec![]),
        (
            changed(|machine| machine.boot_type = Some("UEFI".to_owned())),
            Ready,
            vec![],
        ),
        (changed(|machine| machine.boot_type = None), Ready, vec![]),
        (
            changed(|machine| machine.boot_type = Some("OpenFirmware".to_owned())),
            NotReady,
            vec!["boot_type"],
        ),
        (
            changed(|machine| machine.architecture = Some("x86".to_owned())),
            ReadyWithConditions,
            vec!["architecture"],
        ),
        (
            changed(|machine| machine.architecture = Some("ppc64".to_owned())),
            NotReady,
            vec!["architecture"],
        ),
        (
            changed(|machine| machine.cores = Some(97)),
            NotReady,
            vec!["cores"],
        ),
        (
            changed(|machine| machine.cores = None),
            Unknown,
            vec!["cores", "size"],
        ),
        (changed(|machine| machine.memory_gib = Some(768.0)), Ready, vec![]),
        (
            changed(|machine| machine.memory_gib = Some(768.5)),
            NotReady,
            vec!["memory"],
        ),
        (changed(|machine| machine.disks = disks(27, 10.0)), Ready, vec![]),
        (
            changed(|machine| machine.disks = disks(28, 10.0)),
            NotReady,
            vec!["disk_count"],
        ),
        (
            changed(|machine| machine.disks = disks(1, 65_537.0)),
            NotReady,
            vec!["disk_size"],
        ),
        (changed(|machine| machine.nics = 16), NotReady, vec!["nic_count"]),
        (
            changed(|machine| machine.os_support_ends = "2020-01-14".parse().ok()),
            ReadyWithConditions,
            vec!["os_support"],
        ),
        (
            os("Oracle Solaris 11 (64-bit)"),
            ReadyWithConditions,
            vec!["os_support"],
        ),
        (os("AIX 7.2"), NotReady, vec!["os_support"]),
        (os("Other (64-bit)"), Unknown, vec!["os_support"]),
        (
            changed(|machine| machine.operating_system = None),
            Unknown,
            vec!["os_support"],
        ),
    ];
    for (number, (sizing, readiness, reasons)) in cases.iter().enumerate() {
        assert_eq!(sizing.readiness, *readiness, "case {number}: {sizing:?}");
        assert_eq!(rules(sizing), *reasons, "case {number}");
        assert_eq!(
            sizing.placement.is_none(),
            reasons.contains(&"size") || *readiness == NotReady,
            "case {number}"
        );
    }
}

#[test]
fn a_catalogue_can_make_firmware_a_condition() {
    let mut strict = catalogue();
    strict.platform.boot_types = vec!["BIOS".to_owned()];
    strict.platform.conditional_boot_types = vec!["UEFI".to_owned()];
    let mut uefi = machine();
    uefi.boot_type = Some("UEFI".to_owned());
    let sizing = assess(&uefi, &strict, &Options::default());
    assert_eq!(sizing.readiness, Readiness::ReadyWithConditions);
    assert!(sizing.placement.is_some());
}

#[test]
fn limits_are_compared_with_the_load_and_not_with_the_nameplate() {
    // 200 cores at 10 % × 1.3 = 26: 36 processors for 1.530 are cheaper than 32 for 1.536.
    let sizing = changed(|machine| {
        machine.cores = Some(200);
        machine.measured = vec![measured(Metric::CpuPercent, 10.0)];
    });
    assert_eq!(
        sizing.placement.map(|placement| placement.size),
        Some("c5.9xlarge".to_owned())
    );
    let together = changed(|machine| {
        machine.measured = vec![measured(Metric::NetworkOutMbps, 50_000.0)];
    });
    assert_eq!(
        (together.readiness, rules(&together)),
        (Readiness::NotReady, vec!["size"])
    );
    let fast = changed(|machine| machine.measured = vec![measured(Metric::DiskReadMbPerSecond, 4_000.0)]);
    assert_eq!(rules(&fast), ["disk_performance"]);
}
