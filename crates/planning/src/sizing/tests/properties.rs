//! What holds for every machine.

use super::{catalogue, machine, measured};
use crate::sizing::{Disk, Machine, Metric, Options, Readiness, Sizing, assess};
use proptest::prelude::*;

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
