//! Backups of an embedded database.

use crate::run::Place;
use std::fs;

#[test]
fn a_backup_brings_back_database_and_uploads_elsewhere() {
    let place = Place::new();
    let report = place.import_sample(&["--json"]).exits(0).json();
    place
        .landfall(&["backup", "copy.tar"])
        .exits(0)
        .says("Wrote copy.tar");
    place
        .landfall(&["backup", "copy.tar"])
        .exits(2)
        .warns("exists already");

    let other = Place::new();
    fs::copy(place.path("copy.tar"), other.path("copy.tar")).unwrap();
    other
        .landfall(&["restore", "copy.tar"])
        .exits(0)
        .says("and 1 upload from the backup");
    assert_eq!(other.assets(&[]), 57);
    // The upload is there: undoing works on the records, a retry would read the file again.
    let upload = format!(
        "landfall-data/uploads/{}/{}",
        report["client_account_id"].as_str().unwrap(),
        report["engagement_id"].as_str().unwrap()
    );
    let files: Vec<_> = fs::read_dir(other.path(&upload)).unwrap().collect();
    assert_eq!(files.len(), 1);
    assert_eq!(
        fs::read(files[0].as_ref().unwrap().path()).unwrap(),
        fs::read(crate::run::sample()).unwrap()
    );
}

#[test]
fn rows_are_not_overwritten_unless_that_is_meant() {
    let place = Place::new();
    place.import_sample(&[]).exits(0);
    place.landfall(&["backup", "copy.tar"]).exits(0);
    place.landfall(&["tenant", "erase", "Default", "--yes"]).exits(0);
    place.landfall(&["tenant", "create", "Later"]).exits(0);
    place
        .landfall(&["restore", "copy.tar"])
        .exits(2)
        .warns("nothing was changed");
    assert_eq!(
        place.landfall(&["tenant", "list", "--json"]).exits(0).json()[0]["name"],
        "Later"
    );
    place.landfall(&["restore", "copy.tar", "--yes"]).exits(0);
    assert_eq!(place.assets(&[]), 57);
}

#[test]
fn what_is_no_backup_is_refused_before_anything_is_touched() {
    let place = Place::new();
    place.import_sample(&[]).exits(0);
    fs::write(place.path("other.tar"), "not a backup").unwrap();
    place
        .landfall(&["restore", "other.tar", "--yes"])
        .exits(1)
        .warns("other.tar");
    place
        .landfall(&["restore", "missing.tar", "--yes"])
        .exits(1)
        .warns("missing.tar");
    assert_eq!(place.assets(&[]), 57);
}
