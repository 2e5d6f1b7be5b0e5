//! The virtual machines, as RVTools lists them.

use super::super::table::{csv, scattered};
use super::{TIERS, Tier, names};
use landfall_domain::ids::fixed;
use uuid::Uuid;

pub(super) fn machines() -> Vec<u8> {
    let header = [
        "VM",
        "Powerstate",
        "Template",
        "SRM Placeholder",
        "DNS Name",
        "CPUs",
        "Memory",
        "NICs",
        "Disks",
        "Total disk capacity MiB",
        "Primary IP Address",
        "Network #1",
        "Provisioned MiB",
        "In Use MiB",
        "Annotation",
        "Application",
        "Environment",
        "Datacenter",
        "Cluster",
        "Host",
        "OS according to the configuration file",
        "OS according to the VMware Tools",
        "VM ID",
        "SMBIOS UUID",
        "VM UUID",
        "VI SDK Server",
        "VI SDK UUID",
    ];
    let machines = TIERS.iter().enumerate().flat_map(|(place, tier)| {
        names(tier)
            .enumerate()
            .map(move |(number, name)| machine(place, tier, number, &name))
    });
    csv(header, machines)
}

fn machine(place: usize, tier: &Tier, number: usize, name: &str) -> [String; 27] {
    let unique = place * 100 + number;
    let uuid = Uuid::new_v5(&Uuid::from(fixed::DEMO_RETAIL), name.as_bytes()).to_string();
    let site = if number % 3 == 2 { "Utrecht" } else { "Antwerp" };
    let disk_mib = tier.disk_gib * 1024;
    let used_mib = disk_mib * (35 + scattered(unique, 50)) / 100;
    let is_last_spare = number > 0 && number + 1 == tier.machines && tier.needs.is_empty();
    let environment = if tier.application == "Build" {
        "Development"
    } else {
        "Production"
    };
    [
        name.to_owned(),
        if is_last_spare && tier.application == "Build" {
            "poweredOff"
        } else {
            "poweredOn"
        }
        .to_owned(),
        "False".to_owned(),
        "False".to_owned(),
        format!("{name}.retail.example"),
        tier.cores.to_string(),
        tier.memory_mib.to_string(),
        "1".to_owned(),
        if tier.disk_gib > 1000 { "4" } else { "1" }.to_owned(),
        disk_mib.to_string(),
        format!("10.40.{}.{}", place + 1, number + 11),
        format!("VLAN {}", 400 + place),
        (disk_mib + 2048).to_string(),
        used_mib.to_string(),
        format!("{} of {}", tier.prefix, tier.application),
        tier.application.to_owned(),
        environment.to_owned(),
        site.to_owned(),
        format!("{site}-{}", if tier.cores > 8 { "database" } else { "general" }),
        format!("esx{:02}.retail.example", scattered(unique, 8) + 1),
        tier.system.to_owned(),
        tier.system.to_owned(),
        format!("vm-{}", 2000 + unique),
        uuid.clone(),
        uuid,
        "vcenter.retail.example".to_owned(),
        "6f1d0c1e-2b57-4b5e-9a70-5b7d1a3c9e44".to_owned(),
    ]
}
