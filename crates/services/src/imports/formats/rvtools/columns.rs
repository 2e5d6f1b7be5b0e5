//! Columns of vInfo, by their headers for people and by their machine names.

use crate::cleansing::SourceUnit::{Mib, Percent};
use crate::imports::formats::KnownColumn;

const fn field(header: &'static str, field: &'static str) -> KnownColumn {
    KnownColumn::field(header, field)
}

const fn facts(header: &'static str, facts: &'static str) -> KnownColumn {
    KnownColumn::facts(header, facts)
}

const fn mib(header: &'static str, name: &'static str) -> KnownColumn {
    field(header, name).unit(Mib).whole()
}

const FIRMWARE: &[(&str, &str)] = &[("efi", "UEFI"), ("bios", "BIOS")];

/// What the columns mean.
pub(super) const COLUMNS: &[KnownColumn] = &[
    field("vm", "name"),
    field("vinfovmname", "name"),
    field("powerstate", "power_state"),
    field("vinfopowerstate", "power_state"),
    field("dns name", "fqdn"),
    field("vinfoguesthostname", "fqdn"),
    field("cpus", "cpu_cores").whole(),
    field("vinfocpus", "cpu_cores").whole(),
    mib("memory", "memory_gb"),
    mib("vinfomemory", "memory_gb"),
    mib("total disk capacity mib", "storage_gb"),
    mib("vinfototaldiskcapacitymib", "storage_gb"),
    mib("provisioned mib", "storage_gb").priority(1),
    mib("provisioned mb", "storage_gb").priority(1),
    mib("vinfoprovisioned", "storage_gb").priority(1),
    mib("in use mib", "storage_used_gb"),
    mib("in use mb", "storage_used_gb"),
    mib("vinfoinuse", "storage_used_gb"),
    field("primary ip address", "ip_address"),
    field("vinfoprimaryipaddress", "ip_address"),
    field("os according to the vmware tools", "operating_system"),
    field("vinfoostools", "operating_system"),
    field("os according to the configuration file", "operating_system").priority(1),
    field("vinfoos", "operating_system").priority(1),
    field("firmware", "boot_type").words(FIRMWARE),
    field("vinfofirmware", "boot_type").words(FIRMWARE),
    field("datacenter", "datacenter"),
    field("vinfodatacenter", "datacenter"),
    field("cluster", "cluster_name"),
    field("vinfocluster", "cluster_name"),
    field("host", "hypervisor_host"),
    field("vinfohost", "hypervisor_host"),
    field("annotation", "description"),
    field("vinfonotes", "description"),
    field("cpu usage %", "cpu_utilization_percent").unit(Percent),
    field("memory usage %", "memory_utilization_percent").unit(Percent),
    field("smbios uuid", "system_uuid"),
    facts("vm id", "identities"),
    facts("vm uuid", "identities"),
    facts("uuid", "identities"),
    facts("vinfouuid", "identities"),
    facts("vinfoobjectid", "identities"),
    facts("object id", "identities"),
    facts("vi sdk uuid", "identities"),
    facts("vcenter uuid", "identities"),
    facts("vi sdk server", "identities"),
    facts("vinfovisdkuuid", "identities"),
    facts("vinfovisdkserver", "identities"),
    facts("template", "role"),
    facts("vinfotemplate", "role"),
    facts("srm placeholder", "role"),
    facts("vinfosrmplaceholder", "role"),
    facts("network #{n}", "networks"),
    facts("vinfonetwork{n}", "networks"),
];
