//! Strategies, waves, dependencies and reports from the command line.

use crate::run::Place;
use std::fs;

/// The sample inventory with its strategies and a plan of waves.
fn planned() -> Place {
    let place = Place::new();
    place.import_sample(&[]).exits(0);
    let totals = place.landfall(&["sixr", "analyze", "--json"]).exits(0).json();
    assert_eq!(totals["total"], place.assets(&[]), "{totals}");
    place
        .landfall(&["plan", "create", "Exit", "--set", "start_date=2027-01-04"])
        .exits(0)
        .says("Exit");
    place
}

#[test]
fn strategies_are_explained_and_decided_otherwise() {
    let place = planned();
    let listed = place
        .landfall(&["sixr", "list", "--strategy", "rehost", "--json"])
        .exits(0)
        .json();
    let name = listed["analyses"][0]["name"].as_str().unwrap().to_owned();
    place
        .landfall(&["sixr", "show", &name])
        .exits(0)
        .says("rehost with confidence")
        .says("Strategy");
    place
        .landfall(&[
            "sixr",
            "override",
            &name,
            "retain",
            "--reason",
            "Its lease ends in 2030.",
        ])
        .exits(0);
    place.landfall(&["sixr", "analyze"]).exits(0);
    place
        .landfall(&["sixr", "show", &name])
        .exits(0)
        .says("retain, decided by")
        .says("Its lease ends in 2030.");
    place
        .landfall(&["sixr", "show", "nobody"])
        .exits(2)
        .warns("there is no asset and no application called 'nobody'");
}

#[test]
fn a_plan_is_written_for_every_tool_and_read_back() {
    let place = planned();
    for (file, format, begins) in [
        ("plan.csv", None, "asset_id,"),
        ("plan.xlsx", None, "PK"),
        ("plan.ics", None, "BEGIN:VCALENDAR"),
        ("mgn.csv", Some("mgn"), "mgn:account-id,"),
        ("cmf.csv", Some("cmf"), "wave_name,"),
        ("azure.csv", Some("azure"), "Workload name,"),
        ("jira.csv", Some("jira"), "Issue ID,"),
    ] {
        let mut arguments = vec!["plan", "export", "-o", file];
        arguments.extend(format.iter().flat_map(|format| ["--format", format]));
        place.landfall(&arguments).exits(0);
        let written = fs::read(place.path(file)).unwrap();
        assert!(written.starts_with(begins.as_bytes()), "{file}");
    }
    for file in ["plan.csv", "plan.xlsx"] {
        let read = place
            .landfall(&["plan", "import", file, "--dry-run", "--json"])
            .exits(0)
            .json();
        assert_eq!(read["moved"], 0, "{file}: {read}");
    }
    place.landfall(&["plan", "violations", "--json"]).exits(0).json();
    let versions = place.landfall(&["plan", "versions", "--json"]).exits(0).json();
    assert_eq!(versions[0]["action"], "generated");
    let copy = place
        .landfall(&["plan", "copy", "--name", "What if", "--json"])
        .exits(0)
        .json();
    let copy = copy["id"]
        .as_str()
        .unwrap_or_else(|| copy["plan"]["id"].as_str().unwrap())
        .to_owned();
    place
        .landfall(&["plan", "commit", &copy])
        .exits(0)
        .says("'What if' is the plan that is carried out.");
    place
        .landfall(&["plan", "revert", &copy])
        .exits(0)
        .says("is taken back");
}

#[test]
fn dependencies_say_what_breaks_and_are_drawn_by_other_tools() {
    let place = Place::new();
    place.import_sample(&[]).exits(0);
    let summary = place
        .landfall(&["dependencies", "summary", "--json"])
        .exits(0)
        .json();
    assert!(summary["dependencies"].as_u64().unwrap() > 20, "{summary}");
    place
        .landfall(&["dependencies", "summary"])
        .exits(0)
        .says("assets with ");
    // Both application servers of the shop need its database; the web servers need those.
    let radius = place
        .landfall(&["dependencies", "blast-radius", "shop-db01", "--json"])
        .exits(0)
        .json();
    let reached: Vec<(&str, u64)> = radius["affected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["name"].as_str().unwrap(), one["distance"].as_u64().unwrap()))
        .collect();
    assert!(
        reached.contains(&("shop-app01", 1)) && reached.contains(&("shop-web02", 2)),
        "{reached:?}"
    );
    place
        .landfall(&[
            "dependencies",
            "blast-radius",
            "shop-web02",
            "--needs",
            "--depth",
            "1",
        ])
        .exits(0)
        .says("shop-app01")
        .says("can affect shop-web02.");
    place
        .landfall(&["dependencies", "blast-radius", "nobody"])
        .exits(2)
        .warns("there is no asset called 'nobody'");
    place.landfall(&["dependencies", "cycles"]).exits(0);
    for (file, begins) in [
        ("graph.json", "{\"nodes\""),
        ("graph.graphml", "<?xml"),
        ("graph.dot", "digraph"),
    ] {
        place.landfall(&["dependencies", "graph", "-o", file]).exits(0);
        let written = fs::read_to_string(place.path(file)).unwrap();
        assert!(
            written.starts_with(begins) && written.contains("shop-db01"),
            "{file}"
        );
    }
    place
        .landfall(&["dependencies", "graph", "-o", "graph.png"])
        .exits(2)
        .warns("'png' is no format of a graph");
}

#[test]
fn reports_come_in_every_format_by_the_ending_of_their_file() {
    let place = planned();
    place
        .landfall(&["report", "portfolio"])
        .exits(0)
        .says("# ")
        .says("Production");
    for (file, has) in [
        ("report.md", "Exit"),
        ("report.json", "\"strategies\""),
        ("report.html", "<svg"),
    ] {
        place
            .landfall(&["report", "all", "-o", file])
            .exits(0)
            .warns("Wrote the report on Default / Default");
        assert!(
            fs::read_to_string(place.path(file)).unwrap().contains(has),
            "{file}"
        );
    }
    let json = place
        .landfall(&["report", "waves", "--format", "json"])
        .exits(0)
        .json();
    assert!(!json["waves"].as_array().unwrap().is_empty() && json.get("portfolio").is_none());
    place
        .landfall(&["report", "weather"])
        .exits(2)
        .warns("'weather' is no report");
}
