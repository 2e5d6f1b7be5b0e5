//! The command line on PostgreSQL.

use crate::run::Place;
use landfall_testkit::{Backend, Role, TestDatabase};

const TENANT: [&str; 4] = ["--client-account", "Harbour Foods", "--engagement", "Exit"];

#[test]
fn a_database_that_is_not_migrated_is_refused_until_migrating_is_allowed() {
    let database = made(TestDatabase::empty(Backend::Postgres));
    let url = database.url_as(Role::Superuser);
    let place = Place::new().with("LANDFALL_DATABASE_URL", &url);
    let flags = [&TENANT[..], &["--create"]].concat();
    place
        .import_sample(&flags)
        .exits(1)
        .warns("lacks 1 migration")
        .warns("landfall migrate up");
    let allowed = [&flags[..], &["--auto-migrate"]].concat();
    place
        .import_sample(&allowed)
        .exits(0)
        .warns("for development")
        .says("57     created")
        .says("Dependencies: 60 found");
    place.landfall(&["validate-schema"]).exits(0);
}

#[test]
fn tenants_have_to_be_named() {
    let database = made(TestDatabase::postgres());
    let place = Place::new().with("LANDFALL_DATABASE_URL", &database.url_as(Role::Superuser));
    place
        .import_sample(&[])
        .exits(2)
        .warns("--client-account and --engagement");
}

#[test]
fn each_role_does_its_part_and_a_backup_comes_back_to_another_database() {
    let database = made(TestDatabase::postgres());
    let place = served(&database);
    place
        .import_sample(&[&TENANT[..], &["--create"]].concat())
        .exits(0)
        .says("57     created");
    place.landfall(&["backup", "copy.tar"]).exits(0);

    let other = made(TestDatabase::postgres());
    let elsewhere = served(&other);
    std::fs::copy(place.path("copy.tar"), elsewhere.path("copy.tar")).unwrap();
    elsewhere.landfall(&["restore", "copy.tar"]).exits(0);
    assert_eq!(elsewhere.assets(&TENANT), 57);
    elsewhere.landfall(&["validate-schema"]).exits(0);
    elsewhere
        .landfall(&["restore", "copy.tar"])
        .exits(2)
        .warns("nothing was changed");
    elsewhere.landfall(&["restore", "copy.tar", "--yes"]).exits(0);
    assert_eq!(elsewhere.assets(&TENANT), 57);
}

/// A place where the program serves a database in the three roles.
fn served(database: &TestDatabase) -> Place {
    Place::new()
        .with("LANDFALL_DATABASE_URL", &database.url_as(Role::App))
        .with("LANDFALL_SYSTEM_DATABASE_URL", &database.url_as(Role::System))
        .with("LANDFALL_MIGRATION_DATABASE_URL", &database.url_as(Role::Owner))
}

#[tokio::main(flavor = "current_thread")]
async fn made(database: impl Future<Output = TestDatabase>) -> TestDatabase {
    database.await
}
