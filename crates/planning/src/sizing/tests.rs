//! Readiness, sizes, prices and stars on cases worked out by hand.

mod properties;
mod readiness;

use super::*;

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
