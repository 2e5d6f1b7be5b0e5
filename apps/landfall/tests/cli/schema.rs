//! The schema of the database.

use crate::run::Place;
use sea_orm::{ConnectionTrait, Database};

#[test]
fn a_column_that_was_dropped_is_found_and_named() {
    let place = Place::new();
    place.landfall(&["migrate", "up"]).exits(0).says("Applied ");
    place
        .landfall(&["validate-schema"])
        .exits(0)
        .says("all as expected");
    drop_column(&place);
    place
        .landfall(&["validate-schema"])
        .exits(1)
        .says("column assets.rack_location")
        .says("absent");
    let report = place.landfall(&["validate-schema", "--json"]).exits(1).json();
    assert_eq!(report["differences"][0]["object"], "column assets.rack_location");
}

#[tokio::main(flavor = "current_thread")]
async fn drop_column(place: &Place) {
    let url = format!("sqlite://{}", place.path("landfall.db").display());
    let database = Database::connect(url).await.unwrap();
    database
        .execute_unprepared("ALTER TABLE assets DROP COLUMN rack_location")
        .await
        .unwrap();
    database.close().await.unwrap();
}

#[test]
fn migrations_are_listed_and_taken_back_only_if_no_rows_are_lost_or_that_is_meant() {
    let place = Place::new();
    place.landfall(&["migrate", "status"]).exits(0).says("pending");
    assert!(place.content().is_empty(), "asking makes no database");
    place.landfall(&["tenant", "create", "One"]).exits(0);
    place
        .landfall(&["migrate", "down"])
        .exits(2)
        .warns("nothing was changed");
    place
        .landfall(&["migrate", "down", "--yes"])
        .exits(0)
        .says("Reverted ");
    place.landfall(&["validate-schema"]).exits(1).says("pending");
}

#[test]
fn the_description_of_the_api_is_json_and_needs_no_database() {
    let place = Place::new();
    let document = place.landfall(&["openapi"]).exits(0).json();
    assert_eq!(document["info"]["title"], "Landfall");
    assert!(document["paths"]["/healthz"].is_object());
    assert!(place.content().is_empty());
}
