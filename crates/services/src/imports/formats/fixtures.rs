//! Every fixture of an export, read as an import reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::{RowRole, format};
use crate::imports::readers::{FileFault, OpenOptions, RawRecord, Source, open};

fn fixture(name: &str) -> Result<Source, FileFault> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures/imports")
        .join(name);
    assert!(path.is_file(), "{} is missing", path.display());
    open(&path, name.rsplit('/').next().unwrap(), &OpenOptions::default())
}

/// A fixture, the format it is of, and how many rows have each role.
type Expected = (&'static str, &'static str, &'static [(&'static str, usize)]);

/// The format and how many rows have each role.
fn roles(name: &str) -> (&'static str, BTreeMap<String, usize>) {
    let source = fixture(name).unwrap();
    let id = source.format.id;
    let mut roles = BTreeMap::new();
    for record in source {
        let role = match format(id).role(&record.unwrap().data, &BTreeSet::new()) {
            RowRole::Asset { asset_type } => {
                asset_type.map_or_else(|| "asset".to_owned(), |kind| kind.to_string())
            }
            RowRole::Supplement => "supplement".to_owned(),
            RowRole::Dependency => "dependency".to_owned(),
            RowRole::Skipped { reason_code, .. } => format!("-{reason_code}"),
        };
        *roles.entry(role).or_default() += 1;
    }
    (id, roles)
}

fn records(name: &str) -> (&'static dyn super::Format, Vec<RawRecord>) {
    let source = fixture(name).unwrap();
    (format(source.format.id), source.map(Result::unwrap).collect())
}

#[test]
fn every_export_is_recognised_and_its_rows_have_their_roles() {
    let expected: &[Expected] = &[
        (
            "rvtools/vinfo-4x.csv",
            "rvtools",
            &[
                ("-placeholders", 1),
                ("-templates", 1),
                ("-vcls", 1),
                ("virtual_machine", 2),
            ],
        ),
        ("rvtools/vinfo-3x.csv", "rvtools", &[("virtual_machine", 2)]),
        (
            "rvtools/vinfo-machine-headers.csv",
            "rvtools",
            &[("virtual_machine", 1)],
        ),
        ("rvtools/vdisk.csv", "rvtools", &[("supplement", 2)]),
        (
            "azure-migrate/servers.csv",
            "azure_migrate",
            &[("server", 1), ("virtual_machine", 1)],
        ),
        (
            "azure-migrate/dependencies.csv",
            "azure_dependencies",
            &[("-incomplete_dependency", 1), ("dependency", 3)],
        ),
        (
            "aws-ads/servers.csv",
            "aws_ads",
            &[("-no_identity", 1), ("server", 1), ("virtual_machine", 1)],
        ),
        ("aws-cmf/intake.csv", "aws_cmf", &[("server", 2)]),
        (
            "aws-migration-evaluator/template.csv",
            "aws_migration_evaluator",
            &[("server", 1), ("virtual_machine", 1)],
        ),
        (
            "google-migration-center/vmInfo.csv",
            "google_migration_center",
            &[("server", 1), ("virtual_machine", 1)],
        ),
        (
            "google-migration-center/diskInfo.csv",
            "google_migration_center",
            &[("supplement", 1)],
        ),
        (
            "google-migration-center/tagInfo.csv",
            "google_migration_center",
            &[("supplement", 2)],
        ),
        (
            "google-migration-center/perfInfo.csv",
            "google_migration_center",
            &[("supplement", 1)],
        ),
        (
            "servicenow/servers-rest.json",
            "servicenow_servers",
            &[("network", 1), ("virtual_machine", 1)],
        ),
        (
            "servicenow/servers-list.csv",
            "servicenow_servers",
            &[("server", 1), ("virtual_machine", 1)],
        ),
        (
            "servicenow/applications.csv",
            "servicenow_applications",
            &[("application", 3)],
        ),
        (
            "servicenow/relations.csv",
            "servicenow_relations",
            &[("-unknown_relation", 1), ("dependency", 2)],
        ),
        (
            "konveyor/applications.csv",
            "konveyor",
            &[
                ("-incomplete_dependency", 1),
                ("-missing_record_type", 1),
                ("-no_name", 1),
                ("application", 2),
                ("dependency", 2),
            ],
        ),
        (
            "konveyor/no-record-type.csv",
            "konveyor",
            &[("-missing_record_type", 2)],
        ),
        ("nutanix/vms.csv", "nutanix", &[("virtual_machine", 2)]),
        ("hyper-v/get-vm.csv", "hyper_v", &[("virtual_machine", 2)]),
        (
            "device42/devices.json",
            "device42",
            &[("network", 1), ("virtual_machine", 1)],
        ),
        ("netbox/devices.csv", "netbox", &[("network", 1), ("server", 1)]),
        ("netbox/virtual-machines.csv", "netbox", &[("virtual_machine", 1)]),
        ("tables/servers.csv", "free_form", &[("asset", 3)]),
        ("tables/german-windows-1252.csv", "free_form", &[("asset", 2)]),
        ("tables/german-utf-16.csv", "free_form", &[("asset", 2)]),
        ("tables/assets.ndjson", "free_form", &[("asset", 3)]),
    ];
    for (name, id, rows) in expected {
        let rows: BTreeMap<String, usize> = rows
            .iter()
            .map(|(role, count)| ((*role).to_owned(), *count))
            .collect();
        assert_eq!(roles(name), (*id, rows), "{name}");
    }
}

#[test]
fn broken_files_are_refused_with_their_code() {
    for (name, code) in [
        ("header-only.csv", "no_rows"),
        ("empty.csv", "empty_file"),
        ("open-quote.csv", "unterminated_quote"),
        ("image.csv", "not_tabular"),
        ("document.csv", "not_tabular"),
        ("nul-byte.csv", "nul_byte"),
        ("letter.csv", "not_tabular"),
        ("no-header.csv", "no_header"),
        ("cut-off.json", "broken_json"),
    ] {
        let fault = fixture(&format!("broken/{name}"))
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .unwrap_err();
        assert_eq!(fault.code(), code, "{name}: {fault}");
    }
}

#[test]
fn faulty_rows_are_kept_with_what_is_wrong() {
    let faults = |name: &str| -> Vec<(u64, &'static str)> {
        let (_, records) = records(name);
        records
            .iter()
            .flat_map(|record| record.faults.iter().map(|fault| (record.row_number, fault.rule)))
            .collect()
    };
    assert_eq!(
        faults("broken/ragged.csv"),
        [(2, "too_few_cells"), (3, "too_many_cells"), (4, "too_few_cells")]
    );
    assert_eq!(faults("tables/assets.ndjson"), [(2, "invalid_json")]);
    assert_eq!(
        faults("konveyor/applications.csv"),
        [(6, "empty_row"), (7, "missing_name"), (8, "dependency_direction")]
    );
}

#[test]
fn the_same_table_reads_the_same_in_every_encoding() {
    let (_, narrow) = records("tables/german-windows-1252.csv");
    let (_, wide) = records("tables/german-utf-16.csv");
    assert_eq!(
        narrow.iter().map(|record| &record.data).collect::<Vec<_>>(),
        wide.iter().map(|record| &record.data).collect::<Vec<_>>()
    );
    assert_eq!(
        (narrow[0].row_number, narrow[0].data["Name"].as_str()),
        (4, Some("münchen-01"))
    );
    let source = fixture("tables/german-windows-1252.csv").unwrap();
    assert_eq!(
        (source.encoding.as_deref(), source.delimiter),
        (Some("windows-1252"), Some(';'))
    );
    let notes: Vec<&str> = source.notes.list().iter().map(|note| note.code).collect();
    assert_eq!(notes, ["encoding_guessed", "title_skipped"]);
}

#[test]
fn facts_are_read_off_the_rows() {
    let (nutanix, rows) = records("nutanix/vms.csv");
    assert_eq!(
        nutanix.networks(&rows[0].data)[0].ip_addresses,
        ["10.95.1.11", "10.95.9.11"]
    );
    let (azure, rows) = records("azure-migrate/servers.csv");
    let sizes: Vec<Option<f64>> = azure
        .disks(&rows[0].data)
        .iter()
        .map(|disk| disk.capacity_gib)
        .collect();
    assert_eq!(sizes, [Some(128.0), Some(256.0)]);
    let (konveyor, rows) = records("konveyor/applications.csv");
    let edges: Vec<(String, String)> = rows
        .iter()
        .flat_map(|row| konveyor.dependencies(&row.data))
        .map(|fact| (fact.from, fact.to))
        .collect();
    assert_eq!(
        edges,
        [
            ("Invoices".to_owned(), "Ledger".to_owned()),
            ("Reports".to_owned(), "Ledger".to_owned())
        ]
    );
    let (gmc, rows) = records("google-migration-center/perfInfo.csv");
    assert_eq!(gmc.metrics(&rows[0].data).len(), 7);
    let (device42, rows) = records("device42/devices.json");
    assert_eq!(device42.networks(&rows[0].data)[0].label, "eth0");
}
