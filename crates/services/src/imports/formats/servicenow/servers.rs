//! Configuration items: servers above all, but a list may hold items of any class.

use std::collections::BTreeSet;

use landfall_domain::AssetType;

use super::{INSTALL_STATUS, OPERATIONAL_STATUS};
use crate::cleansing::SourceUnit::{self, Gib, Mib};
use crate::cleansing::vocabulary::asset_type;
use crate::imports::formats::cells::{cell, number_in, said, yes};
use crate::imports::formats::fingerprint::Fingerprint;
use crate::imports::formats::{DerivedValue, Format, Headers, KnownColumn, Recognised, Row, RowRole};

/// ServiceNow, configuration items.
pub(in crate::imports::formats) struct Servers;

const BY_NAME: Fingerprint = Fingerprint {
    all: &[&["sys_id"], &["name"]],
    some: &[
        "sys_class_name",
        "host_name",
        "hostname",
        "fqdn",
        "ip_address",
        "os",
        "os_version",
        "ram",
        "disk_space",
        "cpu_count",
        "cpu_core_count",
        "cpu_speed",
        "serial_number",
        "asset_tag",
        "install_status",
        "operational_status",
        "used_for",
        "discovery_source",
        "model_id",
        "business_criticality",
    ],
    least: 2,
};

const BY_LABEL: Fingerprint = Fingerprint {
    all: &[&["Name"]],
    some: &[
        "Operational status",
        "Install Status",
        "RAM (MB)",
        "Disk space (GB)",
        "CPU core count",
        "CPU core thread",
        "CPU speed (MHz)",
        "Discovery source",
        "Most recent discovery",
        "First discovered",
        "Is Virtual",
        "Used for",
        "Asset tag",
        "Class",
        "Fully qualified domain name",
    ],
    least: 3,
};

const fn field(header: &'static str, field: &'static str) -> KnownColumn {
    KnownColumn::field(header, field)
}

const COLUMNS: &[KnownColumn] = &[
    field("sys_id", "source_id"),
    field("sys id", "source_id"),
    field("name", "name"),
    field("host_name", "hostname"),
    field("hostname", "hostname"),
    field("host name", "hostname"),
    field("fqdn", "fqdn"),
    field("fully qualified domain name", "fqdn"),
    field("ip_address", "ip_address"),
    field("ip address", "ip_address"),
    field("mac_address", "mac_address"),
    field("mac address", "mac_address"),
    field("serial_number", "serial_number"),
    field("serial number", "serial_number"),
    field("os", "operating_system"),
    field("operating system", "operating_system"),
    field("os_version", "os_version"),
    field("os version", "os_version"),
    field("ram", "memory_gb").unit(Mib),
    field("ram (mb)", "memory_gb").unit(Mib),
    field("ram_gb", "memory_gb").unit(Gib),
    field("disk_space", "storage_gb").unit(Gib),
    field("disk space (gb)", "storage_gb").unit(Gib),
    field("cpus", "cpu_cores"),
    field("cpu_count", "cpu_sockets"),
    field("cpu count", "cpu_sockets"),
    KnownColumn::facts("cpu_core_count", "derived"),
    KnownColumn::facts("cpu core count", "derived"),
    field("manufacturer", "manufacturer"),
    field("manufacturer.name", "manufacturer"),
    field("model_id", "model"),
    field("model_id.name", "model"),
    field("model id", "model"),
    field("model", "model").priority(1),
    field("virtual", "is_virtual"),
    field("is virtual", "is_virtual"),
    field("environment", "environment"),
    field("used_for", "environment").priority(1),
    field("used for", "environment").priority(1),
    field("operational_status", "status").words(OPERATIONAL_STATUS),
    field("operational status", "status").words(OPERATIONAL_STATUS),
    field("install_status", "status")
        .words(INSTALL_STATUS)
        .priority(1),
    field("install status", "status")
        .words(INSTALL_STATUS)
        .priority(1),
    field("location", "location"),
    field("location.name", "location"),
    field("department", "department"),
    field("department.name", "department"),
    field("owned_by", "business_owner"),
    field("owned_by.name", "business_owner"),
    field("owned by", "business_owner"),
    field("managed_by", "technical_owner"),
    field("managed_by.name", "technical_owner"),
    field("managed by", "technical_owner"),
    field("supported_by", "technical_owner").priority(1),
    field("supported by", "technical_owner").priority(1),
    field("assigned_to", "technical_owner").priority(2),
    field("assigned_to.name", "technical_owner").priority(2),
    field("assigned to", "technical_owner").priority(2),
    field("business_criticality", "business_criticality"),
    field("business criticality", "business_criticality"),
    field("short_description", "description"),
    field("description", "description").priority(1),
    KnownColumn::facts("sys_class_name", "role"),
    KnownColumn::facts("class", "role"),
];

/// The type of a class, by its name in the database or its label.
fn class_type(class: &str) -> Option<AssetType> {
    let words = class.to_lowercase();
    let words = words.strip_prefix("cmdb_ci_").unwrap_or(&words).replace('_', " ");
    if words.is_empty() || words == "cmdb ci" {
        return None;
    }
    Some(match words.as_str() {
        "appl" | "business app" | "business application" | "web application" | "app server" => {
            AssetType::Application
        }
        words if words.starts_with("service") || words == "business service" => AssetType::Service,
        words if words.starts_with("lb") => AssetType::LoadBalancer,
        words if words.starts_with("vmware instance") || words.starts_with("vm instance") => {
            AssetType::VirtualMachine
        }
        words if words.starts_with("ip ") => AssetType::Network,
        words => asset_type(words).unwrap_or(AssetType::Other),
    })
}

impl Format for Servers {
    fn id(&self) -> &'static str {
        "servicenow_servers"
    }

    fn label(&self) -> &'static str {
        "ServiceNow configuration items"
    }

    fn recognise(&self, headers: &Headers) -> Option<Recognised> {
        BY_NAME
            .recognise(self, Some("column names"), headers)
            .or_else(|| BY_LABEL.recognise(self, Some("labels"), headers))
    }

    fn columns(&self) -> &'static [KnownColumn] {
        COLUMNS
    }

    fn role(&self, row: &Row, _include: &BTreeSet<String>) -> RowRole {
        if said(row, &["name", "host_name", "hostname", "fqdn", "Host name"]).is_none() {
            return RowRole::skipped("no_name", "the row names no configuration item");
        }
        let class = cell(row, &["sys_class_name", "Class"]).and_then(|class| class_type(&class));
        let kind = class.unwrap_or(AssetType::Server);
        let virtual_server = kind == AssetType::Server && yes(row, &["virtual", "Is Virtual"]) == Some(true);
        RowRole::asset(if virtual_server {
            AssetType::VirtualMachine
        } else {
            kind
        })
    }

    fn derived(&self, row: &Row) -> Vec<DerivedValue> {
        // Cores are counted in each processor.
        let cores = number_in(row, &["cpu_core_count", "CPU core count"]);
        let all = cores.map(|cores| {
            cores
                * number_in(row, &["cpu_count", "CPU count"])
                    .unwrap_or(1.0)
                    .max(1.0)
        });
        all.map(|all| DerivedValue::with_unit("cpu_cores", all, SourceUnit::Count))
            .into_iter()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::imports::formats::recognise;

    fn recognised(columns: &str) -> (&'static str, Option<String>) {
        let columns: Vec<String> = columns.split(',').map(str::to_owned).collect();
        let (format, recognised) = recognise(&columns);
        (format.id(), recognised.version)
    }

    #[test]
    fn names_and_labels_are_both_recognised() {
        let names = "sys_id,sys_class_name,name,ip_address,os,ram,cpu_count,install_status";
        assert_eq!(
            recognised(names),
            ("servicenow_servers", Some("column names".to_owned()))
        );
        let labels =
            "Name,Class,Manufacturer,IP Address,Operating System,RAM (MB),Disk space (GB),Install Status";
        assert_eq!(
            recognised(labels),
            ("servicenow_servers", Some("labels".to_owned()))
        );
    }

    #[test]
    fn the_class_says_what_an_item_is() {
        let role = |row: Value| Servers.role(row.as_object().unwrap(), &BTreeSet::new());
        for (class, kind) in [
            ("cmdb_ci_linux_server", AssetType::Server),
            ("Windows Server", AssetType::Server),
            ("cmdb_ci_vmware_instance", AssetType::VirtualMachine),
            ("cmdb_ci_db_ora_instance", AssetType::Database),
            ("cmdb_ci_lb_bigip", AssetType::LoadBalancer),
            ("cmdb_ci_ip_router", AssetType::Network),
            ("cmdb_ci_business_app", AssetType::Application),
            ("cmdb_ci_service_auto", AssetType::Service),
            ("cmdb_ci_printer", AssetType::Other),
            ("", AssetType::Server),
        ] {
            assert_eq!(
                role(json!({"name": "x", "sys_class_name": class})),
                RowRole::asset(kind),
                "{class}"
            );
        }
        assert_eq!(
            role(json!({"name": "x", "virtual": "true"})),
            RowRole::asset(AssetType::VirtualMachine)
        );
        assert!(matches!(role(json!({"sys_id": "1"})), RowRole::Skipped { .. }));
    }

    #[test]
    fn cores_of_all_processors_are_counted_and_codes_have_words() {
        let row = json!({"cpu_count": "2", "cpu_core_count": "8"});
        let derived = Servers.derived(row.as_object().unwrap());
        assert_eq!(
            derived,
            [DerivedValue::with_unit("cpu_cores", 16.0, SourceUnit::Count)]
        );
        assert_eq!(
            Servers.column("Install Status").unwrap().rules([]).value_map["7"],
            "Retired"
        );
    }
}
