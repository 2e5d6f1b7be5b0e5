//! What is refused, and what a person is told then.

use crate::run::{Place, sample};
use std::fs;

#[test]
fn an_unknown_tenant_is_answered_with_the_names_that_are_near() {
    let place = Place::new();
    place.landfall(&["tenant", "create", "Harbour Foods"]).exits(0);
    place
        .landfall(&[
            "engagement",
            "create",
            "Datacentre exit",
            "--client-account",
            "Harbour Foods",
        ])
        .exits(0);
    let of = |client: &str, engagement: &str| {
        place.import_sample(&["--client-account", client, "--engagement", engagement])
    };
    of("Harbor Foods", "Datacentre exit")
        .exits(2)
        .warns("did you mean 'Harbour Foods'?")
        .warns("--create");
    of("Harbour Foods", "Data center exit")
        .exits(2)
        .warns("did you mean 'Datacentre exit'?");
    of("Quarry", "x").exits(2).warns("known: 'Harbour Foods'");
    of("7e577e57-7e57-4e57-8e57-7e577e577e57", "x")
        .exits(2)
        .warns("there is no client account 7e577e57");
    of("Harbour Foods", "Datacentre exit").exits(0);
}

#[test]
fn create_makes_the_tenant_that_is_missing() {
    let place = Place::new();
    place
        .import_sample(&["--client-account", "New", "--engagement", "First", "--create"])
        .exits(0)
        .warns("Made the client account \"New\".")
        .warns("Made the engagement \"First\" of \"New\".");
    assert_eq!(place.assets(&["--client-account", "New"]), 57);
}

#[test]
fn several_tenants_have_to_be_told_apart() {
    let place = Place::new();
    for client in ["One", "Two"] {
        place.landfall(&["tenant", "create", client]).exits(0);
    }
    place
        .import_sample(&[])
        .exits(2)
        .warns("choose with --client-account")
        .warns("'One', 'Two'");
}

#[test]
fn a_file_that_is_no_table_is_refused_in_a_sentence_and_leaves_nothing() {
    let place = Place::new();
    fs::write(place.path("empty.csv"), "").unwrap();
    place
        .landfall(&["import", "empty.csv"])
        .exits(1)
        .warns("error: empty.csv: ");
    place
        .landfall(&["import", "missing.csv"])
        .exits(2)
        .warns("there is no file missing.csv");
    assert_eq!(
        place
            .landfall(&["flows", "list", "--json"])
            .exits(0)
            .json()
            .as_array()
            .unwrap()
            .len(),
        0
    );
}

#[test]
fn looking_at_a_database_that_is_not_there_does_not_make_one() {
    let place = Place::new();
    place
        .landfall(&["assets", "list"])
        .exits(1)
        .warns("there is no database ./landfall.db yet");
    assert!(place.content().is_empty());
}

#[test]
fn an_address_that_others_can_reach_is_not_served_without_authentication() {
    let place = Place::new();
    place
        .landfall(&["serve", "--listen", "0.0.0.0:0"])
        .exits(2)
        .warns("start with --auth bearer");
    assert!(place.content().is_empty());
}

#[test]
fn settings_come_from_the_file_then_the_environment_then_flags() {
    let place = Place::new().with("LANDFALL_DATABASE_URL", "sqlite://environment.db");
    fs::write(
        place.path("landfall.toml"),
        "database_url = \"sqlite://file.db\"\ndata_dir = \"files\"\n",
    )
    .unwrap();
    place
        .landfall(&["tenant", "create", "One"])
        .exits(0)
        .warns("environment.db");
    place
        .landfall(&["tenant", "create", "One", "--database-url", "sqlite://flag.db"])
        .exits(0)
        .warns("flag.db");
    let content = place.content();
    assert!(
        ["environment.db", "files", "flag.db"]
            .iter()
            .all(|name| content.contains(&(*name).to_owned()))
    );
    assert!(
        !content.contains(&"file.db".to_owned()) && !content.contains(&"landfall-data".to_owned()),
        "{content:?}"
    );
}

#[test]
fn a_setting_that_does_not_exist_or_has_no_such_value_is_named() {
    let place = Place::new();
    fs::write(place.path("landfall.toml"), "databaze_url = \"sqlite://x.db\"\n").unwrap();
    place.landfall(&["tenant", "list"]).exits(2).warns("databaze_url");
    fs::write(place.path("landfall.toml"), "max_connections = \"many\"\n").unwrap();
    place
        .landfall(&["tenant", "list"])
        .exits(2)
        .warns("max_connections")
        .warns("landfall.toml");
    place
        .landfall(&["tenant", "list", "--config", "nowhere.toml"])
        .exits(2)
        .warns("nowhere.toml");
}

#[test]
fn a_password_is_never_shown() {
    let url = "postgres://ann:s3cret-word@127.0.0.1:1/landfall";
    let answer = Place::new()
        .landfall(&["assets", "list", "--database-url", url])
        .exits(1)
        .warns("postgres://ann@127.0.0.1:1");
    assert!(!answer.stderr.contains("s3cret-word") && !answer.stdout.contains("s3cret-word"));
}

#[test]
fn a_client_account_is_deleted_when_empty_and_erased_with_all_it_has_when_that_is_meant() {
    let place = Place::new();
    let tenant = ["--client-account", "Full", "--engagement", "Only", "--create"];
    place.import_sample(&tenant).exits(0);
    place.landfall(&["tenant", "create", "Empty"]).exits(0);
    place.landfall(&["tenant", "delete", "Empty"]).exits(0);
    place
        .landfall(&["tenant", "delete", "Full"])
        .exits(2)
        .warns("has 1 engagement");
    place
        .landfall(&["tenant", "erase", "Full"])
        .exits(2)
        .warns("nothing was changed");
    place
        .landfall(&["tenant", "erase", "Full", "--yes"])
        .exits(0)
        .says("assets ")
        .says("uploaded files");
    assert_eq!(
        place
            .landfall(&["tenant", "list", "--json"])
            .exits(0)
            .json()
            .as_array()
            .unwrap()
            .len(),
        0
    );
    let left = std::fs::read_dir(place.path("landfall-data/uploads"))
        .unwrap()
        .count();
    assert_eq!(left, 0, "the uploaded files are gone");
    assert!(sample().is_file());
}
