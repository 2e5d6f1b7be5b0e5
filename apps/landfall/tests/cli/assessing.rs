//! Applications and assessments.

use crate::run::Place;
use std::fs;

#[test]
fn applications_of_the_sample_are_listed_proposed_and_decided_on() {
    let place = Place::new();
    place.import_sample(&[]).exits(0);
    let listed = place
        .landfall(&["applications", "list", "--json"])
        .exits(0)
        .json();
    let imported = listed.as_array().unwrap();
    assert!(!imported.is_empty() && imported.iter().all(|row| row["source"] == "import"));
    place
        .landfall(&["applications", "create", "Night jobs", "--criticality", "Low"])
        .exits(0)
        .says("Made the application \"Night jobs\"");
    place
        .landfall(&["applications", "create", "night JOBS"])
        .exits(1)
        .warns("there is an application called 'Night jobs' already");
    place.landfall(&["applications", "delete", "Night jobs"]).exits(0);
    place
        .landfall(&["applications", "propose", "--by", "dependencies"])
        .exits(0)
        .says("found");
    let proposals = place
        .landfall(&["applications", "proposals", "--json"])
        .exits(0)
        .json();
    if let Some(first) = proposals.as_array().unwrap().first() {
        let id = first["id"].as_str().unwrap();
        place
            .landfall(&["applications", "accept", id, "--name", "Grouped"])
            .exits(0)
            .says("\"Grouped\"");
        place
            .landfall(&["applications", "reject", id])
            .exits(1)
            .warns("was accepted already");
    }
    place
        .landfall(&["applications", "propose", "--by", "weather"])
        .exits(2)
        .warns("'weather' is none of");
}

#[test]
fn an_application_is_assessed_by_the_questionnaire_that_ships() {
    let place = Place::new();
    place.import_sample(&[]).exits(0);
    place.landfall(&["applications", "create", "Night jobs"]).exits(0);
    place
        .landfall(&["assess", "begin", "Night jobs"])
        .exits(0)
        .says("Is there somebody who decides for the")
        .says("risk unknown, confidence 70 %, pending");
    let listed = place.landfall(&["assess", "list", "--json"]).exits(0).json();
    let id = listed[0]["id"].as_str().unwrap().to_owned();
    // (14 × 70 + 100) / 1500 = 72 %.
    place
        .landfall(&["assess", "answer", &id, "1.1=1"])
        .exits(0)
        .says("confidence 72 %, in progress");
    place
        .landfall(&["assess", "answer", &id, "9.1=1"])
        .exits(1)
        .warns("no section 9");
    let shown = place.landfall(&["assess", "show", &id, "--json"]).exits(0).json();
    assert_eq!(shown["results"]["counts"]["green"], 1);
    place
        .landfall(&["assess", "begin", "Night jobs"])
        .exits(1)
        .warns("already");
    place
        .landfall(&["assess", "begin", "Nowhere"])
        .exits(2)
        .warns("there is no application 'Nowhere'");
}

#[test]
fn the_machines_of_the_sample_are_sized_by_the_sample_prices_and_by_own_ones() {
    let place = Place::new();
    place.import_sample(&[]).exits(0);
    let sized = place.landfall(&["assess", "sizes", "--json"]).exits(0).json();
    let machines = sized["summary"]["machines"].as_i64().unwrap();
    let counts = &sized["summary"]["readiness"];
    let sum: i64 = ["ready", "ready_with_conditions", "unknown", "not_ready"]
        .iter()
        .map(|name| counts[name].as_i64().unwrap())
        .sum();
    assert!(machines > 0 && sum == machines, "{sized}");
    assert!(sized["summary"]["target_cost"].as_i64().unwrap() > 0);
    place
        .landfall(&["assess", "sizes"])
        .exits(0)
        .says("machines: ")
        .says("stars");

    let sample = place.landfall(&["assess", "prices", "--sample"]).exits(0).stdout;
    let own = place.path("prices.toml");
    fs::write(&own, sample.replace("Sample: Amazon EC2 in US East", "Ours")).unwrap();
    let own = own.to_str().unwrap();
    place
        .landfall(&["assess", "prices", own])
        .exits(0)
        .says("Added the price catalogue \"Ours\"");
    place
        .landfall(&["assess", "prices", own])
        .exits(2)
        .warns("there is a price catalogue called 'Ours' already");
}
