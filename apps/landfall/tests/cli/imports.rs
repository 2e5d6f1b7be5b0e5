//! Importing, rehearsing and undoing.

use crate::run::{Place, sample};
use std::fs;

#[test]
fn the_sample_becomes_an_inventory_and_everything_about_it_is_told() {
    let place = Place::new();
    place
        .import_sample(&[])
        .exits(0)
        .warns("made the client account \"Default\" with the engagement \"Default\"")
        .says("59 rows, 20 columns")
        .says("Columns: 18 of 20 became fields")
        .says("57     created")
        .says("1      merged")
        .says("1      no asset")
        .says("5 of 59 rows have faults")
        .says("'two' is not a number")
        .says("Dependencies: 60 found (32 application, 20 database, 8 storage)")
        .says("row 41: 'fax-gateway01'")
        .says("Out of support or soon to be: ")
        .says("landfall undo ");
    assert_eq!(place.assets(&[]), 57);
    assert_eq!(
        place.assets(&["--where", "operating_system=Windows Server 2012 R2"]),
        5
    );
}

#[test]
fn the_report_for_programs_has_the_same_facts() {
    let place = Place::new();
    let report = place.import_sample(&["--json", "--errors", "2"]).exits(0).json();
    assert_eq!(report["status"], "completed");
    assert_eq!(report["rows"], 59);
    assert_eq!(report["faulty_rows"], 5);
    assert_eq!(report["inventory"]["created"], 57);
    assert_eq!(report["dependencies"]["unresolved"], 1);
    let errors = report["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 2);
    assert_eq!(
        (errors[0]["row_number"].as_u64(), errors[0]["value"].as_str()),
        (Some(56), Some("10.20.300.14"))
    );
}

#[test]
fn a_second_import_of_the_same_file_changes_the_same_assets() {
    let place = Place::new();
    place.import_sample(&[]).exits(0);
    place
        .import_sample(&[])
        .exits(0)
        .says("57     updated")
        .says("1      merged");
    assert_eq!(place.assets(&[]), 57);
}

#[test]
fn a_dry_run_says_what_would_happen_and_stores_nothing() {
    let place = Place::new();
    let faulty = place.path("faulty.csv");
    let flags = ["--dry-run", "--corrected-rows", faulty.to_str().unwrap()];
    let first = place
        .import_sample(&flags)
        .exits(0)
        .says("57     created")
        .says("Nothing was stored.");
    assert!(!first.stdout.contains("landfall undo"));
    assert_eq!(place.content(), ["faulty.csv"]);
    assert_eq!(
        fs::read_to_string(faulty).unwrap().lines().count(),
        6,
        "a header and five faulty rows"
    );

    place.import_sample(&[]).exits(0);
    place
        .import_sample(&["--dry-run"])
        .exits(0)
        .says("57     updated");
    let flows = place.landfall(&["flows", "list", "--json"]).exits(0).json();
    assert_eq!(
        flows.as_array().unwrap().len(),
        1,
        "the rehearsal left no flow behind"
    );
}

#[test]
fn an_undone_import_leaves_no_asset_and_cannot_be_undone_again() {
    let place = Place::new();
    let report = place.import_sample(&["--json"]).exits(0).json();
    let import = report["import_id"].as_str().unwrap();
    place
        .landfall(&["undo", import])
        .exits(0)
        .says("removed   57 assets, 60 dependencies");
    assert_eq!(place.assets(&[]), 0);
    place.landfall(&["undo", import]).exits(1).warns("undone already");
}

#[test]
fn a_strict_import_of_a_faulty_file_fails_and_stores_nothing() {
    let place = Place::new();
    place
        .import_sample(&["--strict"])
        .exits(1)
        .warns("nothing was stored")
        .says("'two' is not a number");
    assert_eq!(place.assets(&[]), 0);
}

#[test]
fn a_mapping_file_decides_what_a_column_means() {
    let place = Place::new();
    let mapping = place.path("mapping.csv");
    fs::write(&mapping, "column,field\nCost Centre,department\nTechnology,\n").unwrap();
    let report = place
        .import_sample(&["--mapping", mapping.to_str().unwrap(), "--json"])
        .exits(0)
        .json();
    let column = |name: &str| {
        report["columns"]
            .as_array()
            .unwrap()
            .iter()
            .find(|c| c["column"] == name)
            .unwrap()
            .clone()
    };
    assert_eq!(
        (&column("Cost Centre")["field"], &column("Cost Centre")["is_used"]),
        (&"department".into(), &true.into())
    );
    assert_eq!(column("Technology")["is_used"], false);
    assert_eq!(place.assets(&["--where", "department=CC-5300"]), 6);
    assert_eq!(place.assets(&["--where", "technology_stack="]), 57);

    fs::write(&mapping, "Kost Centre,departement\n").unwrap();
    place
        .import_sample(&["--mapping", mapping.to_str().unwrap()])
        .exits(1)
        .warns("no column 'Kost Centre'")
        .warns("'departement': there is no such field");
}

#[test]
fn a_reviewed_import_waits_until_its_mappings_are_taken() {
    let place = Place::new();
    let file = place.path("odd.csv");
    let rows: Vec<String> = (1..=12)
        .map(|number| format!("web{number},10.0.0.{number}"))
        .collect();
    fs::write(&file, format!("Hostname,Adress\n{}\n", rows.join("\n"))).unwrap();
    let report = place
        .landfall(&["import", file.to_str().unwrap(), "--review", "--json"])
        .exits(0)
        .json();
    assert_eq!(report["status"], "waiting");
    assert_eq!(place.assets(&[]), 0);
    place
        .landfall(&["flows", "resume", report["flow_id"].as_str().unwrap()])
        .exits(0);
    place.landfall(&["worker", "--drain"]).exits(0).says("1 job done");
    assert_eq!(place.assets(&[]), 12);
}

#[test]
fn an_export_imports_back_to_the_same_assets() {
    let place = Place::new();
    place.import_sample(&[]).exits(0);
    for file in ["inventory.csv", "inventory.xlsx", "inventory.ndjson"] {
        place.landfall(&["export", "-o", file]).exits(0);
        place.landfall(&["import", file]).exits(0).says("57     updated");
    }
    assert_eq!(place.assets(&[]), 57);
}

#[test]
fn the_demo_tenants_are_made_once_and_go_through_the_whole_pipeline() {
    let place = Place::new();
    let first = place.landfall(&["seed", "--json"]).exits(0).json();
    let imports = first.as_array().unwrap();
    assert_eq!(imports.len(), 8);
    assert!(imports.iter().all(|import| import["is_new"] == true));
    let waiting: Vec<_> = imports
        .iter()
        .filter(|import| import["status"] == "waiting")
        .collect();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["import_name"], "Store servers");

    let retail = [
        "--client-account",
        "Demo Retail",
        "--engagement",
        "Leave the data centres",
    ];
    let bank = ["--client-account", "Demo Bank", "--engagement", "Core renewal"];
    assert_eq!((place.assets(&retail), place.assets(&bank)), (48, 70));
    let second = place.landfall(&["seed", "--json"]).exits(0).json();
    assert!(
        second
            .as_array()
            .unwrap()
            .iter()
            .all(|import| import["is_new"] == false)
    );
    assert_eq!((place.assets(&retail), place.assets(&bank)), (48, 70));
    assert!(sample().is_file());
}
