//! Devices and virtual machines of NetBox, by the headers of its import forms and of its list exports. Memory is in MB of
//! 1,024s; disks are in MB of 1,000s, as since version 4.1.

use std::collections::BTreeSet;

use landfall_domain::AssetType;

use super::cells::{cell, said};
use super::fingerprint::Fingerprint;
use super::{DerivedValue, Format, Headers, KnownColumn, Recognised, Row, RowRole};
use crate::cleansing::SourceUnit::{Gib, MbSi, Mib};
use crate::cleansing::vocabulary::asset_type;

/// NetBox.
pub(super) struct NetBox;

const DEVICES: Fingerprint = Fingerprint {
    all: &[
        &["name"],
        &["device_type", "Type"],
        &["role", "device_role"],
        &["site"],
        &["status"],
    ],
    some: &[
        "rack",
        "manufacturer",
        "face",
        "position",
        "airflow",
        "virtual_chassis",
        "tenant",
        "asset_tag",
        "device_bay",
        "platform",
    ],
    least: 2,
};

const MACHINES: Fingerprint = Fingerprint {
    all: &[&["name"], &["vcpus"], &["cluster"], &["status"]],
    some: &[
        "platform",
        "role",
        "tenant",
        "device",
        "disk",
        "site",
        "memory",
        "Memory (MB)",
    ],
    least: 2,
};

const COLUMNS: &[KnownColumn] = &[
    KnownColumn::field("name", "name"),
    KnownColumn::field("id", "source_id"),
    KnownColumn::field("tenant", "department"),
    KnownColumn::field("manufacturer", "manufacturer"),
    KnownColumn::field("device_type", "model"),
    KnownColumn::field("type", "model"),
    KnownColumn::field("platform", "operating_system"),
    KnownColumn::field("serial", "serial_number"),
    KnownColumn::field("serial number", "serial_number"),
    KnownColumn::field("status", "status"),
    KnownColumn::field("site", "datacenter"),
    KnownColumn::field("location", "location"),
    KnownColumn::field("rack", "rack_location"),
    KnownColumn::field("cluster", "cluster_name"),
    KnownColumn::field("device", "hypervisor_host"),
    KnownColumn::field("description", "description"),
    KnownColumn::field("owner", "technical_owner"),
    KnownColumn::field("tags", "tags"),
    KnownColumn::field("ip address", "ip_address"),
    KnownColumn::field("primary_ip4", "ip_address"),
    KnownColumn::field("primary_ip", "ip_address"),
    KnownColumn::field("vcpus", "cpu_cores"),
    KnownColumn::field("memory", "memory_gb").unit(Mib),
    KnownColumn::field("memory (mb)", "memory_gb").unit(Mib),
    KnownColumn::field("disk", "storage_gb").unit(MbSi),
    KnownColumn::field("disk (mb)", "storage_gb").unit(MbSi),
    KnownColumn::field("disk (gb)", "storage_gb").unit(Gib),
    KnownColumn::facts("role", "role"),
    KnownColumn::facts("device_role", "role"),
];

fn is_machine(row: &Row) -> bool {
    row.keys().any(|name| name.eq_ignore_ascii_case("vcpus"))
}

/// A device in a rack is hardware, whatever runs on it.
fn device_type(role: &str) -> AssetType {
    let hardware = [
        AssetType::Network,
        AssetType::Storage,
        AssetType::LoadBalancer,
        AssetType::SecurityGroup,
    ];
    asset_type(role)
        .filter(|kind| hardware.contains(kind))
        .unwrap_or(AssetType::Server)
}

impl Format for NetBox {
    fn id(&self) -> &'static str {
        "netbox"
    }

    fn label(&self) -> &'static str {
        "NetBox"
    }

    fn recognise(&self, headers: &Headers) -> Option<Recognised> {
        MACHINES
            .recognise(self, None, headers)
            .or_else(|| DEVICES.recognise(self, None, headers))
    }

    fn columns(&self) -> &'static [KnownColumn] {
        COLUMNS
    }

    fn role(&self, row: &Row, _include: &BTreeSet<String>) -> RowRole {
        if cell(row, &["name", "Name"]).is_none() {
            return RowRole::skipped("no_name", "the row has no name");
        }
        if is_machine(row) {
            return RowRole::asset(AssetType::VirtualMachine);
        }
        RowRole::asset(device_type(
            &said(row, &["role", "Role", "device_role"]).unwrap_or_default(),
        ))
    }

    fn derived(&self, row: &Row) -> Vec<DerivedValue> {
        vec![DerivedValue::new(
            "is_virtual",
            if is_machine(row) { "true" } else { "false" },
        )]
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::imports::formats::recognise;

    #[test]
    fn devices_and_machines_are_recognised_by_form_and_by_list_headers() {
        for columns in [
            "name,role,tenant,manufacturer,device_type,platform,serial,asset_tag,status,site,location,rack",
            "Name,Status,Tenant,Site,Rack,Role,Manufacturer,Type,IP Address",
            "name,role,status,site,cluster,device,platform,vcpus,memory,disk,tags",
        ] {
            let columns: Vec<String> = columns.split(',').map(str::to_owned).collect();
            assert_eq!(recognise(&columns).0.id(), "netbox");
        }
    }

    #[test]
    fn the_role_says_what_a_device_is() {
        let role = |row: serde_json::Value| NetBox.role(row.as_object().unwrap(), &BTreeSet::new());
        for (name, kind) in [
            ("Core Switch", AssetType::Network),
            ("san-array", AssetType::Storage),
            ("Application Server", AssetType::Server),
            ("load-balancer", AssetType::LoadBalancer),
        ] {
            assert_eq!(
                role(json!({"name": "x", "role": name})),
                RowRole::asset(kind),
                "{name}"
            );
        }
        assert_eq!(
            role(json!({"name": "x", "vcpus": "2"})),
            RowRole::asset(AssetType::VirtualMachine)
        );
    }
}
