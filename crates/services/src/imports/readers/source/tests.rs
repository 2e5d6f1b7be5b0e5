use std::io::Write;

use rust_xlsxwriter::Workbook as Writer;
use serde_json::json;
use tempfile::NamedTempFile;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::imports::formats::{RowRole, format};

fn file(content: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(content).unwrap();
    file
}

fn opened(file: &NamedTempFile, name: &str) -> Source {
    open(file.path(), name, &OpenOptions::default()).unwrap()
}

fn archive(entries: &[(&str, &str)]) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    let mut zip = ZipWriter::new(file.reopen().unwrap());
    for (name, content) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    file
}

/// Sheets of texts.
fn workbook(sheets: &[(&str, &[&[&str]])]) -> NamedTempFile {
    let mut writer = Writer::new();
    for (name, rows) in sheets {
        let sheet = writer.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                sheet
                    .write(u32::try_from(row).unwrap(), u16::try_from(column).unwrap(), *cell)
                    .unwrap();
            }
        }
    }
    let file = NamedTempFile::new().unwrap();
    writer.save(file.path()).unwrap();
    file
}

fn records(source: Source) -> (Vec<RawRecord>, Notes) {
    let notes = source.notes.clone();
    (source.map(Result::unwrap).collect(), notes)
}

fn codes(notes: &Notes) -> Vec<&'static str> {
    notes.list().into_iter().map(|note| note.code).collect()
}

const VINFO: &str = "VM,Powerstate,Template,CPUs,Memory,Provisioned MiB,Host,VM ID,VM UUID,VI SDK UUID\n\
    web,poweredOn,False,2,\"4,096\",100,esx1,vm-1,u1,S\n\
    web,poweredOn,False,4,8192,200,esx1,vm-2,u2,S\n\
    gold,poweredOff,True,1,1024,10,esx2,vm-3,u3,S\n";

#[test]
fn one_file_of_machines_is_an_export_by_itself() {
    let upload = file(VINFO.as_bytes());
    let source = opened(&upload, "inventory.csv");
    assert_eq!(
        (source.format.id, source.format.version.as_deref()),
        ("rvtools", Some("4.x"))
    );
    assert_eq!(
        (source.encoding.as_deref(), source.delimiter, source.columns.len()),
        (Some("UTF-8"), Some(','), 10)
    );
    let (records, _) = records(source);
    assert_eq!(
        records
            .iter()
            .map(|record| (record.index, record.row_number))
            .collect::<Vec<_>>(),
        [(0, 2), (1, 3), (2, 4)]
    );
}

#[test]
fn tabs_of_an_archive_are_joined_by_the_strongest_key() {
    let disks = "VM,Disk,Disk Mode,Capacity MiB,Host,VM ID,VM UUID,VI SDK UUID\n\
        web,Hard disk 1,persistent,1024,esx1,vm-2,u2,S\n\
        web,Hard disk 1,persistent,2048,esx1,vm-1,u1,S\n\
        web,Hard disk 2,persistent,4096,esx1,vm-1,u1,S\n\
        lost,Hard disk 1,persistent,1,esx9,vm-9,u9,S\n";
    let file = archive(&[
        ("export/RVTools_tabvInfo.csv", VINFO),
        ("export/RVTools_tabvDisk.csv", disks),
        (
            "export/RVTools_tabvHost.csv",
            "Host,# CPU,# Cores,# Memory,ESX Version\nesx1,2,32,\"262,144\",VMware ESXi 7\n",
        ),
        (
            "export/RVTools_tabvSnapshot.csv",
            "VM,Name,Description,Date / time\n",
        ),
        ("export/RVTools_tabvHealth.csv", "Name,Message\nx,y\n"),
        ("__MACOSX/._RVTools_tabvInfo.csv", "junk"),
    ]);
    let (records, notes) = records(opened(&file, "export.zip"));
    assert_eq!(records.len(), 3);
    let disks = records[0].data["vDisk"].as_array().unwrap();
    assert_eq!(disks.len(), 2);
    // What the machine says already is not said again.
    assert_eq!(
        disks[0],
        json!({"Disk": "Hard disk 1", "Disk Mode": "persistent", "Capacity MiB": "2048"})
    );
    assert_eq!(records[1].data["vDisk"].as_array().unwrap().len(), 1);
    assert!(!records[2].data.contains_key("vDisk"));
    assert_eq!(
        codes(&notes),
        ["empty_table", "table_left_out", "hosts_left_out", "orphan_rows"]
    );
}

#[test]
fn included_hosts_follow_the_machines() {
    let rows: &[&[&str]] = &[
        &["Host", "# CPU", "# Cores", "# Memory", "ESX Version"],
        &["esx1", "2", "32", "1024", "ESXi"],
    ];
    let machines: &[&[&str]] = &[
        &[
            "VM",
            "Powerstate",
            "CPUs",
            "Memory",
            "Provisioned MiB",
            "VI SDK UUID",
        ],
        &["web", "poweredOn", "2", "1024", "5", "S"],
    ];
    let file = workbook(&[
        ("vInfo", machines),
        ("vHost", rows),
        ("vDisk", &[&["VM", "Disk", "Capacity MiB"], &["web", "d", "1"]]),
    ]);
    let options = OpenOptions {
        include: ["hosts".to_owned()].into(),
        ..OpenOptions::default()
    };
    let source = open(file.path(), "export.xlsx", &options).unwrap();
    assert!(source.columns.contains(&"ESX Version".to_owned()));
    let (records, _) = records(source);
    assert_eq!(records.len(), 2);
    assert!(records[0].data.contains_key("vDisk"));
    let role = format("rvtools").role(&records[1].data, &options.include);
    assert!(matches!(role, RowRole::Asset { .. }));
    let (without, notes) = self::records(opened(&file, "export.xlsx"));
    assert_eq!((without.len(), notes.list()[0].code), (1, "hosts_left_out"));
}

#[test]
fn the_sheet_that_is_recognised_is_read_and_the_others_are_named() {
    let glossary: &[&[&str]] = &[&["Field", "Meaning"], &["Server Name", "Name of the server"]];
    let template: &[&[&str]] = &[
        &[
            "Server Name",
            "CPU Cores",
            "Memory (MB)",
            "Provisioned Storage (GB)",
            "Is Virtual?",
        ],
        &["apache", "4", "4096", "500", "Yes"],
    ];
    let upload = workbook(&[("Glossary", glossary), ("Template", template), ("Empty", &[])]);
    let source = opened(&upload, "inventory.xlsx");
    assert_eq!(
        (source.format.id, source.table.as_str()),
        ("aws_migration_evaluator", "Template")
    );
    let (records, notes) = records(source);
    assert_eq!(records[0].data["Server Name"], "apache");
    assert!(notes.list()[0].message.contains("Glossary"));
}

#[test]
fn a_workbook_without_a_table_is_refused() {
    let fault = open(
        workbook(&[("Notes", &[&["just text"]])]).path(),
        "a.xlsx",
        &OpenOptions::default(),
    )
    .unwrap_err();
    assert_eq!(fault.code(), "no_table");
}

const MACHINES: &str = "MachineId,MachineName,MemoryGiB,AllocatedProcessorCoreCount,IsPhysical\nvm-1,web,16,4,false\nvm-2,db,64,8,true\n";
const SAMPLES: &str = "MachineId,TimeStamp,CpuUtilizationPercentage\nvm-2,2026-09-06 00:00:00,10\nvm-2,2026-09-06 14:00:00,60\nvm-7,2026-09-06 14:00:00,1\n";

#[test]
fn side_tables_are_joined_and_samples_summed_up() {
    let file = archive(&[
        ("perfInfo.csv", SAMPLES),
        ("tagInfo.csv", "MachineId,Key,Value\nvm-2,app,shop\n"),
        ("vmInfo.csv", MACHINES),
        (
            "diskInfo.csv",
            "MachineId,DiskLabel,SizeInGib,UsedInGib\nvm-2,C:,200,90\nvm-2,E:,1000,400\n",
        ),
    ]);
    let (records, notes) = records(opened(&file, "estate.zip"));
    assert_eq!(records.len(), 2);
    assert_eq!(records[1].data["perfInfo"][0]["average"], 35.0);
    let gmc = format("google_migration_center");
    assert_eq!(
        (
            gmc.disks(&records[1].data).len(),
            gmc.tags(&records[1].data).len()
        ),
        (2, 1)
    );
    assert_eq!((notes.list()[0].code, notes.list()[0].count), ("orphan_rows", 1));
}

#[test]
fn a_side_table_alone_supplements_machines_of_another_file() {
    let upload = file(SAMPLES.as_bytes());
    let source = opened(&upload, "perfInfo.csv");
    assert_eq!(
        (source.format.id, source.columns.as_slice()),
        ("google_migration_center", ["MachineId".to_owned()].as_slice())
    );
    let (records, notes) = records(source);
    let rows: Vec<_> = records
        .iter()
        .map(|record| (record.row_number, record.data["MachineId"].as_str().unwrap()))
        .collect();
    assert_eq!(rows, [(2, "vm-2"), (4, "vm-7")]);
    let gmc = format("google_migration_center");
    assert_eq!(gmc.role(&records[0].data, &BTreeSet::new()), RowRole::Supplement);
    assert_eq!(gmc.metrics(&records[0].data)[0].maximum, Some(60.0));
    assert_eq!(codes(&notes), ["supplement"]);
}

#[test]
fn an_archive_of_unrelated_tables_is_refused_and_one_of_equal_tables_is_read() {
    let a = "hostname,ip_address\nweb,10.0.0.1\n";
    let refused = archive(&[("a.csv", a), ("b.csv", "name,owner\nx,y\n")]);
    assert_eq!(
        open(refused.path(), "a.zip", &OpenOptions::default())
            .unwrap_err()
            .code(),
        "several_tables"
    );
    let parts = archive(&[
        ("part1.csv", a),
        ("part2.csv", "hostname,ip_address\ndb,10.0.0.2\n"),
        ("README.txt", "hello"),
    ]);
    let (records, _) = records(opened(&parts, "a.zip"));
    assert_eq!(
        records.iter().map(|record| record.index).collect::<Vec<_>>(),
        [0, 1]
    );
}

#[test]
fn the_format_excuses_short_rows_and_adds_rules_of_its_own() {
    let text = "Record Type 1,Application Name,Description,Business Service,Dependency,Dependency Direction,Owner\n\
        1,Gateway,,Retail,,,John Doe <jdoe@example.com>\n\
        2,Gateway,,,Inventory,southbound\n\
        ,,,,,,\n\
        1,,,Retail,,,\n";
    let upload = file(text.as_bytes());
    let source = opened(&upload, "apps.csv");
    assert_eq!(source.format.id, "konveyor");
    let (records, _) = records(source);
    let rules: Vec<Vec<&str>> = records
        .iter()
        .map(|record| record.faults.iter().map(|fault| fault.rule).collect())
        .collect();
    assert_eq!(rules, [vec![], vec![], vec!["empty_row"], vec!["missing_name"]]);
}

#[test]
fn json_of_a_web_service_is_recognised_and_flattened() {
    let text = r#"{"result":[{"sys_id":"1","name":"web","sys_class_name":"cmdb_ci_linux_server","os":"Linux","install_status":"1",
        "location":{"display_value":"Paris","link":"https://x"}}]}"#;
    let upload = file(text.as_bytes());
    let source = opened(&upload, "cmdb.json");
    assert_eq!(source.format.id, "servicenow_servers");
    let (records, _) = records(source);
    assert_eq!(records[0].data["location"], "Paris");
}

#[test]
fn records_of_a_request_are_a_source() {
    let record = json!({"hostname": "web", "os": {"name": "Linux"}});
    let source = from_records(&[record.as_object().unwrap().clone()]).unwrap();
    assert_eq!((source.format.id, source.columns.len()), ("free_form", 2));
    let (records, _) = records(source);
    assert_eq!(
        (records[0].row_number, &records[0].data["os.name"]),
        (1, &json!("Linux"))
    );
    assert_eq!(from_records(&[]).unwrap_err().code(), "no_rows");
}

#[test]
fn images_and_documents_are_refused_whatever_their_name() {
    for (content, name) in [
        (b"\x89PNG\r\n\x1a\n\0".as_slice(), "a.csv"),
        (b"%PDF-1.7\n", "a.xlsx"),
        (b"", "a.csv"),
    ] {
        let fault = open(file(content).path(), name, &OpenOptions::default()).unwrap_err();
        assert!(["not_tabular", "empty_file"].contains(&fault.code()), "{fault}");
    }
}

proptest::proptest! {
    #[test]
    fn no_file_makes_opening_panic(content in proptest::collection::vec(proptest::num::u8::ANY, 0..600), start in 0_usize..5) {
        let starts: [&[u8]; 5] = [b"", b"PK\x03\x04", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"[{\"a\":", b"\xFF\xFE"];
        let bytes = [starts[start], &content].concat();
        if let Ok(source) = open(file(&bytes).path(), "upload", &OpenOptions::default()) {
            let _ = source.count();
        }
    }
}
