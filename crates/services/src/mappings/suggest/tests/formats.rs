//! The headers of the export formats in the field, without values and without knowledge of the format.

mod headers;

use super::*;
use headers::{
    AWS_DISCOVERY, AZURE_MIGRATE, DEVICE42, HYPERV, KONVEYOR, MIGRATION_CENTER, MIGRATION_EVALUATOR,
    MIGRATION_FACTORY, NETBOX, NUTANIX, RVTOOLS, RVTOOLS_3, RVTOOLS_CSV, SERVICENOW,
};

/// A format's headers, each with the field that a person would choose; `""` is none.
type Golden = &'static [(&'static str, &'static str)];

const CMDB: Golden = &[
    ("asset_id", "source_id"),
    ("asset_name", "asset_name"),
    ("asset_type", "asset_type"),
    ("ram_gb", "memory_gb"),
    ("storage_gb", "storage_gb"),
    ("business_criticality", "business_criticality"),
    ("criticality", "criticality"),
    ("owner", "business_owner"),
    ("dependencies", "dependencies"),
    ("last_updated", ""),
    ("Business Unit", "department"),
    ("Migration Wave", "migration_wave"),
    ("6R Strategy", "six_r_strategy"),
    ("Uptime_Hours", ""),
    ("Availability Zone", "availability_zone"),
    ("Tech Stack", "technology_stack"),
    ("Complexity", "migration_complexity"),
    ("Priority", "migration_priority"),
    ("Monthly Cost", "current_monthly_cost"),
    ("Estimated Cloud Cost", "estimated_cloud_cost"),
    ("Disk IOPS", "disk_iops"),
    ("Network Throughput (Mbps)", "network_throughput_mbps"),
];

const GERMAN: Golden = &[
    ("Servername", "hostname"),
    ("Bezeichnung", "name"),
    ("Betriebssystem", "operating_system"),
    ("Betriebssystem-Version", "os_version"),
    ("Arbeitsspeicher (GB)", "memory_gb"),
    ("Festplattengröße GB", "storage_gb"),
    ("Belegter Speicher (GB)", "storage_used_gb"),
    ("Anzahl CPUs", "cpu_cores"),
    ("IP-Adresse", "ip_address"),
    ("MAC-Adresse", "mac_address"),
    ("Standort", "location"),
    ("Rechenzentrum", "datacenter"),
    ("Umgebung", "environment"),
    ("Verantwortlicher", "business_owner"),
    ("Technischer Ansprechpartner", "technical_owner"),
    ("Kritikalität", "criticality"),
    ("Abteilung", "department"),
    ("Anwendung", "application_name"),
    ("Hersteller", "manufacturer"),
    ("Modell", "model"),
    ("Seriennummer", "serial_number"),
    ("Inventarnummer", "source_id"),
    ("Abhängigkeiten", "dependencies"),
    ("Bemerkungen", "description"),
    ("Kosten pro Monat (EUR)", "current_monthly_cost"),
    ("Virtualisiert", "is_virtual"),
    ("Welle", "migration_wave"),
    ("Priorität", "migration_priority"),
    ("CPU-Auslastung (%)", "cpu_utilization_percent"),
    ("Wartungsvertrag", ""),
    ("Garantie bis", ""),
];

fn check(format: &str, golden: Golden) -> usize {
    let columns: Vec<ColumnProfile> = golden.iter().map(|(header, _)| column(header, &[])).collect();
    let found = suggest(&columns, &[], &[]);
    let wrong: Vec<String> = golden
        .iter()
        .zip(&found)
        .filter(|((_, wanted), found)| found.target_field.unwrap_or("") != *wanted)
        .map(|((header, wanted), found)| {
            format!(
                "{header}: wanted '{wanted}', found {:?} {} ({})",
                found.target_field, found.confidence, found.reason
            )
        })
        .collect();
    assert!(wrong.is_empty(), "{format}\n{}", wrong.join("\n"));
    for ((header, wanted), found) in golden.iter().zip(&found) {
        let approved = found.confidence >= APPROVAL_THRESHOLD;
        assert_eq!(
            approved,
            !wanted.is_empty(),
            "{format}: {header} {}",
            found.confidence
        );
    }
    golden.len()
}

#[test]
fn headers_of_every_format_map_as_a_person_would_map_them() {
    let formats: [(&str, Golden); 15] = [
        ("RVTools", RVTOOLS),
        ("RVTools 3", RVTOOLS_3),
        ("RVTools CSV", RVTOOLS_CSV),
        ("Azure Migrate", AZURE_MIGRATE),
        ("AWS Application Discovery", AWS_DISCOVERY),
        ("AWS Migration Evaluator", MIGRATION_EVALUATOR),
        ("AWS Cloud Migration Factory", MIGRATION_FACTORY),
        ("Google Migration Center", MIGRATION_CENTER),
        ("ServiceNow", SERVICENOW),
        ("Konveyor", KONVEYOR),
        ("NetBox", NETBOX),
        ("Device42", DEVICE42),
        ("Nutanix", NUTANIX),
        ("Hyper-V", HYPERV),
        ("CMDB", CMDB),
    ];
    let cases: usize = formats.iter().map(|(name, golden)| check(name, golden)).sum();
    assert!(cases >= 120);
}

#[test]
fn german_headers_map_as_a_person_would_map_them() {
    assert!(check("German", GERMAN) >= 30);
}
