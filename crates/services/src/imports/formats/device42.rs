//! Devices of Device42, as its REST answers or flattened as CSV. Numbers come as texts, yes and no as words.

use std::collections::BTreeSet;

use landfall_domain::AssetType;
use serde_json::Value;

use super::cells::{attached, list, number_in, said, size_in, yes};
use super::facts::named_cards;
use super::fingerprint::Fingerprint;
use super::{DerivedValue, Format, Headers, KnownColumn, NetworkFact, Recognised, Row, RowRole};
use crate::cleansing::SourceUnit::{self, Gib, Mib, Tib};

/// Device42.
pub(super) struct Device42;

const FINGERPRINT: Fingerprint = Fingerprint {
    all: &[
        &["device_id", "serial_no", "asset_no"],
        &["hw_model", "virtual_subtype", "in_service", "service_level"],
    ],
    some: &[
        "cpucount",
        "cpucore",
        "corethread",
        "cpuspeed",
        "hddsize",
        "hddcount",
        "ram",
        "osver",
        "is_it_virtual_host",
        "virtual_host_name",
        "mac_addresses",
        "ip_addresses",
    ],
    least: 2,
};

const COLUMNS: &[KnownColumn] = &[
    KnownColumn::field("device_id", "source_id"),
    KnownColumn::field("name", "name"),
    KnownColumn::field("serial_no", "serial_number"),
    KnownColumn::field("uuid", "system_uuid"),
    KnownColumn::field("virtual_host_name", "hypervisor_host"),
    KnownColumn::field("hw_model", "model"),
    KnownColumn::field("manufacturer", "manufacturer"),
    KnownColumn::field("os", "operating_system"),
    KnownColumn::field("osver", "os_version"),
    KnownColumn::field("osverno", "os_version").priority(1),
    KnownColumn::field("osarch", "os_architecture"),
    KnownColumn::field("cpucount", "cpu_sockets"),
    KnownColumn::field("service_level", "environment"),
    KnownColumn::field("customer", "department"),
    KnownColumn::field("building", "datacenter"),
    KnownColumn::field("room", "location"),
    KnownColumn::field("rack", "rack_location"),
    KnownColumn::field("tags", "tags"),
    KnownColumn::field("notes", "description"),
    KnownColumn::facts("type", "role"),
    KnownColumn::facts("is_it_switch", "role"),
    KnownColumn::facts("cpucore", "derived"),
    KnownColumn::facts("ram", "derived"),
    KnownColumn::facts("hddcount", "disks"),
    KnownColumn::facts("hddsize", "derived"),
    KnownColumn::facts("ip_addresses", "networks"),
    KnownColumn::facts("mac_addresses", "networks"),
];

/// The unit that the record names for a size, else the usual one.
fn unit(row: &Row, names: &[&str], usual: SourceUnit) -> SourceUnit {
    match said(row, names).map(|unit| unit.to_uppercase()).as_deref() {
        Some("MB") => Mib,
        Some("GB") => Gib,
        Some("TB") => Tib,
        _ => usual,
    }
}

impl Format for Device42 {
    fn id(&self) -> &'static str {
        "device42"
    }

    fn label(&self) -> &'static str {
        "Device42"
    }

    fn recognise(&self, headers: &Headers) -> Option<Recognised> {
        FINGERPRINT.recognise(self, None, headers)
    }

    fn columns(&self) -> &'static [KnownColumn] {
        COLUMNS
    }

    fn role(&self, row: &Row, _include: &BTreeSet<String>) -> RowRole {
        if said(row, &["name", "device_id", "serial_no"]).is_none() {
            return RowRole::skipped("no_name", "the row names no device");
        }
        if yes(row, &["is_it_switch"]) == Some(true) {
            return RowRole::asset(AssetType::Network);
        }
        RowRole::asset(
            match said(row, &["type"]).unwrap_or_default().to_lowercase().as_str() {
                "virtual" => AssetType::VirtualMachine,
                "cluster" | "other" | "unknown" => AssetType::Other,
                _ => AssetType::Server,
            },
        )
    }

    fn derived(&self, row: &Row) -> Vec<DerivedValue> {
        let mut values = Vec::new();
        if let Some(kind) = said(row, &["type"]) {
            values.push(DerivedValue::new(
                "is_virtual",
                if kind.eq_ignore_ascii_case("virtual") {
                    "true"
                } else {
                    "false"
                },
            ));
        }
        // Cores are counted in each processor.
        if let Some(cores) = number_in(row, &["cpucore"]) {
            let all = cores * number_in(row, &["cpucount"]).unwrap_or(1.0).max(1.0);
            values.push(DerivedValue::with_unit("cpu_cores", all, SourceUnit::Count));
        }
        if let Some(memory) = size_in(row, &["ram"], unit(row, &["ram_size_type", "ramsizetype"], Mib)) {
            values.push(DerivedValue::with_unit("memory_gb", memory, Gib));
        }
        if let Some(disk) = size_in(
            row,
            &["hddsize"],
            unit(row, &["hddsize_type", "hddsizetype"], Gib),
        ) {
            let disks = number_in(row, &["hddcount"]).unwrap_or(1.0).max(1.0);
            values.push(DerivedValue::with_unit("storage_gb", disk * disks, Gib));
        }
        let cards = self.networks(row);
        if let Some(address) = cards.iter().find_map(|card| card.ip_addresses.first()) {
            values.push(DerivedValue::new("ip_address", address.as_str()));
        }
        if let Some(mac) = cards.iter().find_map(|card| card.mac_address.as_deref()) {
            values.push(DerivedValue::new("mac_address", mac));
        }
        values
    }

    fn networks(&self, row: &Row) -> Vec<NetworkFact> {
        let text = |entry: &Row, name: &str| said(entry, &[name]).map(std::borrow::Cow::into_owned);
        if row.get("ip_addresses").is_some_and(Value::is_array) {
            let card = |entry: &Row| NetworkFact {
                label: text(entry, "label").unwrap_or_default(),
                network: text(entry, "subnet"),
                mac_address: text(entry, "macaddress"),
                ip_addresses: text(entry, "ip").into_iter().collect(),
                connected: None,
            };
            return named_cards(attached(row, "ip_addresses").map(card));
        }
        let addresses = list(row, &["ip_addresses"], &[',', ';']).into_iter();
        let cards = list(row, &["mac_addresses"], &[',', ';']).into_iter();
        let addresses = addresses.map(|address| NetworkFact {
            ip_addresses: vec![address],
            ..NetworkFact::default()
        });
        let cards = cards.map(|mac| NetworkFact {
            mac_address: Some(mac),
            ..NetworkFact::default()
        });
        named_cards(addresses.chain(cards))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sizes_cores_and_cards_are_put_together() {
        let row = json!({"device_id": 7, "name": "web", "type": "virtual", "cpucount": "2", "cpucore": "4", "ram": "16384",
            "hddcount": "2", "hddsize": "500", "ip_addresses": [{"ip": "10.0.0.1", "label": "eth0", "macaddress": "00:11:22:33:44:55"}]});
        let row = row.as_object().unwrap();
        let derived = Device42.derived(row);
        for expected in [
            DerivedValue::with_unit("cpu_cores", 8.0, SourceUnit::Count),
            DerivedValue::with_unit("memory_gb", 16.0, Gib),
            DerivedValue::with_unit("storage_gb", 1_000.0, Gib),
            DerivedValue::new("ip_address", "10.0.0.1"),
        ] {
            assert!(derived.contains(&expected), "{expected:?} is not in {derived:?}");
        }
        assert_eq!(
            Device42.role(row, &BTreeSet::new()),
            RowRole::asset(AssetType::VirtualMachine)
        );
    }

    #[test]
    fn a_size_in_another_unit_is_read_in_it() {
        let row = json!({"name": "web", "ram": "16", "ram_size_type": "GB"});
        assert!(
            Device42
                .derived(row.as_object().unwrap())
                .contains(&DerivedValue::with_unit("memory_gb", 16.0, Gib))
        );
    }

    #[test]
    fn a_switch_is_a_network_device_and_flat_lists_are_split() {
        let row = json!({"name": "sw1", "type": "physical", "is_it_switch": "yes", "ip_addresses": "10.0.0.1,10.0.0.2"});
        let row = row.as_object().unwrap();
        assert_eq!(
            Device42.role(row, &BTreeSet::new()),
            RowRole::asset(AssetType::Network)
        );
        assert_eq!(Device42.networks(row).len(), 2);
    }
}
