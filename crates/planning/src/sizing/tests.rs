//! Readiness, sizes, prices and stars on cases worked out by hand.

use super::*;
use proptest::prelude::*;

fn catalogue() -> PriceCatalogue {
    PriceCatalogue::read(SAMPLE_CATALOGUE).unwrap()
}

fn machine() -> Machine {
    Machine {
        cores: Some(8),
        memory_gib: Some(32.0),
        disks: vec![Disk {
            label: "C:".to_owned(),
            size_gib: 100.0,
        }],
        nics: 1,
        boot_type: Some("BIOS".to_owned()),
        architecture: Some("x64".to_owned()),
        operating_system: Some("Ubuntu 22.04".to_owned()),
        os_support_ends: None,
        measured: Vec::new(),
    }
}

fn measured(metric: Metric, p95: f64) -> Measured {
    Measured {
        metric,
        average: Some(p95 / 2.0),
        p50: None,
        p95: Some(p95),
        maximum: None,
        days: None,
    }
}

fn loaded(cpu: f64, memory: f64) -> Machine {
    Machine {
        measured: vec![
            measured(Metric::CpuPercent, cpu),
            measured(Metric::MemoryPercent, memory),
        ],
        ..machine()
    }
}

fn size_of(machine: &Machine, options: &Options) -> (String, MonthlyCost) {
    let placement = assess(machine, &catalogue(), options).placement.unwrap();
    (placement.size, placement.cost)
}

#[test]
fn stars_follow_the_published_bands() {
    let bands = [
        (0, 1),
        (1, 1),
        (20, 1),
        (21, 2),
        (40, 2),
        (41, 3),
        (60, 3),
        (61, 4),
        (80, 4),
        (81, 5),
        (100, 5),
    ];
    for (percent, expected) in bands {
        assert_eq!(stars(percent), expected, "{percent} %");
    }
}

#[test]
fn data_points_are_counted_per_disk_and_per_adapter() {
    let of = |machine: &Machine| {
        let points = DataPoints::of(machine, &Options::default());
        (
            points.available,
            points.needed,
            points.percent(),
            stars(points.percent()),
        )
    };
    // Needed with one disk and one adapter: 2 + 4 + 2.
    assert_eq!(of(&machine()), (0, 8_000, 0, 1));
    assert_eq!(of(&loaded(10.0, 10.0)), (2_000, 8_000, 25, 2));
    // With two disks and two adapters: 2 + 8 + 4.
    let mut two = loaded(10.0, 10.0);
    two.disks.push(two.disks[0].clone());
    two.nics = 2;
    assert_eq!(of(&two), (2_000, 14_000, 14, 1));
    two.measured.push(measured(Metric::DiskReadOps, 5.0));
    two.measured.push(measured(Metric::DiskWriteOps, 5.0));
    assert_eq!(of(&two), (6_000, 14_000, 43, 3));
    two.measured.push(measured(Metric::NetworkInMbps, 5.0));
    two.measured.push(measured(Metric::NetworkOutMbps, 5.0));
    assert_eq!(of(&two), (10_000, 14_000, 71, 4));
    two.measured.push(measured(Metric::DiskReadMbPerSecond, 5.0));
    two.measured.push(measured(Metric::DiskWriteMbPerSecond, 5.0));
    assert_eq!(of(&two), (14_000, 14_000, 100, 5));
    // Three of thirty days are a tenth.
    for measured in &mut two.measured {
        measured.days = Some(3.0);
    }
    assert_eq!(of(&two), (1_400, 14_000, 10, 1));
    let group = DataPoints {
        available: 1_400,
        needed: 14_000,
    }
    .and(DataPoints {
        available: 6_000,
        needed: 6_000,
    });
    assert_eq!(group.percent(), 37);
    assert_eq!(DataPoints::default().percent(), 0);
}

#[test]
fn a_size_is_the_cheapest_that_holds_the_load_times_the_comfort_factor() {
    let default = Options::default();
    let cases = [
        // 8 × 20 % × 1.3 = 2.08 cores, 32 × 20 % × 1.3 = 8.32 GiB: four cores, the cheapest with 16 GiB.
        (loaded(20.0, 20.0), default, "m5.xlarge"),
        // 8 × 19 % × 1.3 = 1.976, 32 × 12 % × 1.3 = 4.992: two cores and 8 GiB.
        (loaded(19.0, 12.0), default, "m5.large"),
        // 1.976 cores, 32 × 9 % × 1.3 = 3.744 GiB: the smallest.
        (loaded(19.0, 9.0), default, "c5.large"),
        // 1.976 cores, 32 × 50 % × 1.3 = 20.8 GiB: memory decides.
        (loaded(19.0, 50.0), default, "r5.xlarge"),
        // 8 × 80 % × 1.3 = 8.32 cores, 32 × 30 % × 1.3 = 12.48 GiB.
        (loaded(80.0, 30.0), default, "c5.4xlarge"),
        // Without comfort 8 × 80 % = 6.4 cores, 9.6 GiB.
        (
            loaded(80.0, 30.0),
            Options {
                comfort_factor: 1.0,
                ..default
            },
            "c5.2xlarge",
        ),
        // As on premises: 8 cores and 32 GiB, whatever the load and the factor.
        (
            loaded(1.0, 1.0),
            Options {
                criterion: Criterion::AsOnPremises,
                ..default
            },
            "m5.2xlarge",
        ),
        // Nothing measured: as allocated, without the factor.
        (machine(), default, "m5.2xlarge"),
        // The median is missing, so is the maximum: the 95th percentile stands in for the first, the mean for the last.
        (
            loaded(20.0, 20.0),
            Options {
                percentile: Percentile::P50,
                ..default
            },
            "m5.xlarge",
        ),
        (
            loaded(20.0, 20.0),
            Options {
                percentile: Percentile::Maximum,
                ..default
            },
            "m5.large",
        ),
    ];
    for (number, (machine, options, expected)) in cases.iter().enumerate() {
        assert_eq!(size_of(machine, options).0, *expected, "case {number}");
    }
}

#[test]
fn a_month_costs_what_the_catalogue_says_in_whole_cents() {
    let default = Options::default();
    let cost = |compute, licence, storage| MonthlyCost {
        compute,
        licence,
        storage,
        total: compute + licence + storage,
        currency: "USD".to_owned(),
    };
    // 0.192 × 730 = 140.16; 100 GiB × 0.08 = 8.00.
    assert_eq!(size_of(&loaded(20.0, 20.0), &default).1, cost(14_016, 0, 800));
    // Windows: 4 × 0.046 × 730 = 134.32.
    let mut windows = loaded(20.0, 20.0);
    windows.operating_system = Some("Microsoft Windows Server 2022 Standard".to_owned());
    assert_eq!(size_of(&windows, &default).1, cost(14_016, 13_432, 800));
    // A quarter off, twelve hours on 22 days: 0.192 × 264 × 0.75 = 38.016; 4 × 0.046 × 264 × 0.75 = 36.432; 8 × 0.75 = 6.
    let part_time = Options {
        hours_per_month: Some(264),
        discount_percent: 25,
        ..default
    };
    assert_eq!(size_of(&windows, &part_time).1, cost(3_802, 3_643, 600));
    // 5000 operations × 1.3 = 6500: 3500 further ones for 0.005 each = 17.50.
    let mut busy = loaded(20.0, 20.0);
    busy.measured.push(measured(Metric::DiskReadOps, 2_000.0));
    busy.measured.push(measured(Metric::DiskWriteOps, 3_000.0));
    let placed = assess(&busy, &catalogue(), &default).placement.unwrap();
    // m5.xlarge carries 6000 operations; the cheapest with 6500 is c5.2xlarge.
    assert_eq!(
        (placed.size.as_str(), placed.disks[0].iops),
        ("c5.2xlarge", 6_500)
    );
    // 0.34 × 730 = 248.20.
    assert_eq!(placed.cost, cost(24_820, 0, 800 + 1_750));
    // A disk beyond 16 TiB needs the other volume: 20,000 GiB × 0.125 = 2,500.00.
    let mut large = loaded(20.0, 20.0);
    large.disks[0].size_gib = 20_000.0;
    let placed = assess(&large, &catalogue(), &default).placement.unwrap();
    assert_eq!(
        (placed.disks[0].volume.as_str(), placed.cost.storage),
        ("io2", 250_000)
    );
}

#[test]
fn load_is_divided_over_disks_by_their_sizes() {
    let mut two = loaded(20.0, 20.0);
    two.disks.push(Disk {
        label: "D:".to_owned(),
        size_gib: 300.0,
    });
    two.measured.push(measured(Metric::DiskReadOps, 1_000.0));
    two.measured.push(measured(Metric::DiskReadMbPerSecond, 100.0));
    let disks = assess(&two, &catalogue(), &Options::default())
        .placement
        .unwrap()
        .disks;
    let rates: Vec<(u64, u64)> = disks.iter().map(|disk| (disk.iops, disk.mb_per_second)).collect();
    // 1300 operations and 130 MB per second, a quarter and three quarters.
    assert_eq!(rates, [(325, 33), (975, 98)]);
}

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

#[test]
fn as_on_premises_has_no_rating() {
    let options = Options {
        criterion: Criterion::AsOnPremises,
        ..Options::default()
    };
    let sizing = assess(&loaded(10.0, 10.0), &catalogue(), &options);
    assert_eq!((sizing.data_points, sizing.stars), (None, None));
}

#[test]
fn faults_of_a_catalogue_and_of_options_are_told() {
    let faulty = SAMPLE_CATALOGUE
        .replace("currency = \"USD\"", "currency = \"dollars\"")
        .replace("name = \"m5.xlarge\"", "name = \"m5.large\"")
        .replace("hours_per_month = 730", "hours_per_month = 9000");
    let error = PriceCatalogue::read(&faulty).unwrap_err().to_string();
    for part in [
        "3 faults",
        "ISO 4217",
        "two sizes have the same name",
        "1 to 744 hours",
    ] {
        assert!(error.contains(part), "{error}");
    }
    assert!(PriceCatalogue::read("sizes = 3").is_err());
    let json = serde_json::to_string(&catalogue()).unwrap();
    assert_eq!(PriceCatalogue::read(&json).unwrap(), catalogue());
    let outside = Options {
        comfort_factor: 0.5,
        ..Options::default()
    }
    .checked()
    .unwrap_err();
    assert_eq!(outside.to_string(), "comfort_factor must be from 1 to 10");
}

prop_compose! {
    fn any_machine()(
        cores in 1_u32..128, memory_gib in 1.0_f64..1024.0, disk in 1.0_f64..20_000.0, nics in 0_u32..16,
        cpu in 0.0_f64..100.0, memory in 0.0_f64..100.0, iops in 0.0_f64..20_000.0
    ) -> Machine {
        Machine {
            cores: Some(cores),
            memory_gib: Some(memory_gib),
            disks: vec![Disk { label: "sda".to_owned(), size_gib: disk }],
            nics,
            measured: vec![
                measured(Metric::CpuPercent, cpu), measured(Metric::MemoryPercent, memory), measured(Metric::DiskReadOps, iops),
            ],
            ..machine()
        }
    }
}

fn total(sizing: &Sizing) -> Option<i64> {
    sizing.placement.as_ref().map(|placement| placement.cost.total)
}

proptest! {
    #[test]
    fn a_place_holds_what_is_needed_and_costs_the_sum_of_its_parts(machine in any_machine()) {
        let sizing = assess(&machine, &catalogue(), &Options::default());
        prop_assert_eq!(sizing.placement.is_none(), sizing.readiness == Readiness::NotReady);
        if let Some(placed) = sizing.placement {
            prop_assert!(f64::from(placed.vcpus) >= sizing.demand.cores.unwrap());
            prop_assert!(placed.memory_gib >= sizing.demand.memory_gib.unwrap());
            prop_assert_eq!(placed.cost.total, placed.cost.compute + placed.cost.licence + placed.cost.storage);
        }
    }

    #[test]
    fn more_comfort_never_makes_it_cheaper_and_more_discount_never_dearer(
        machine in any_machine(), factor in 1.0_f64..5.0, discount in 0_u8..100
    ) {
        let options = Options { comfort_factor: factor, discount_percent: discount, ..Options::default() };
        let price = |options: &Options| total(&assess(&machine, &catalogue(), options));
        let more_comfort = Options { comfort_factor: factor + 0.5, ..options };
        if let (Some(before), Some(after)) = (price(&options), price(&more_comfort)) {
            prop_assert!(after >= before);
        }
        let more_discount = Options { discount_percent: discount + 1, ..options };
        prop_assert!(price(&more_discount) <= price(&options));
    }

    #[test]
    fn worse_support_of_the_system_never_makes_a_machine_readier(machine in any_machine()) {
        let mut ended = machine.clone();
        ended.os_support_ends = "2020-01-14".parse().ok();
        let readiness = |machine: &Machine| assess(machine, &catalogue(), &Options::default()).readiness;
        prop_assert!(readiness(&ended) >= readiness(&machine));
    }

    #[test]
    fn the_order_of_sizes_and_volumes_does_not_matter(machine in any_machine()) {
        let mut turned = catalogue();
        turned.sizes.reverse();
        turned.volumes.reverse();
        let options = Options::default();
        prop_assert_eq!(assess(&machine, &catalogue(), &options), assess(&machine, &turned, &options));
    }
}
