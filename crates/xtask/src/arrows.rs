//! Which crate may use which. The table below is the only place that says so; the drawing in docs/architecture.md is made
//! from it.

use crate::Result;
use crate::workspace::{Metadata, Package};
use std::fmt::Write;

/// A crate of the workspace and the crates that it may use.
pub(crate) struct Arrow {
    from: &'static str,
    to: &'static [&'static str],
}

const fn arrow(from: &'static str, to: &'static [&'static str]) -> Arrow {
    Arrow { from, to }
}

/// Every crate of the workspace, lowest first.
pub(crate) const ARROWS: &[Arrow] = &[
    arrow("landfall-domain", &[]),
    arrow("migration", &[]),
    arrow("landfall-compat", &["landfall-domain"]),
    arrow("landfall-entities", &["landfall-domain"]),
    arrow("landfall-planning", &["landfall-domain"]),
    arrow(
        "landfall-repositories",
        &["landfall-domain", "landfall-compat", "landfall-entities"],
    ),
    arrow(
        "landfall-services",
        &[
            "landfall-domain",
            "landfall-compat",
            "landfall-planning",
            "landfall-repositories",
        ],
    ),
    arrow(
        "landfall-api",
        &["landfall-domain", "landfall-compat", "landfall-services"],
    ),
    arrow("landfall-consolidation", &["landfall-domain", "migration"]),
    arrow(
        "landfall",
        &[
            "landfall-domain",
            "migration",
            "landfall-consolidation",
            "landfall-compat",
            "landfall-entities",
            "landfall-repositories",
            "landfall-services",
            "landfall-api",
        ],
    ),
    arrow(
        "landfall-testkit",
        &["landfall-domain", "migration", "landfall-repositories"],
    ),
    arrow(
        "landfall-tests",
        &[
            "landfall-domain",
            "migration",
            "landfall-consolidation",
            "landfall-compat",
            "landfall-repositories",
            "landfall-services",
            "landfall-api",
            "landfall",
            "landfall-testkit",
        ],
    ),
    arrow(
        "xtask",
        &[
            "landfall-domain",
            "landfall-compat",
            "landfall-planning",
            "landfall-consolidation",
            "landfall-testkit",
        ],
    ),
];

/// Every crate's tests may use these as well.
const FOR_TESTS: &[&str] = &["landfall-testkit", "migration"];

/// Tests that compare two crates: that the migrations make what the entities describe.
const COMPARISONS: &[(&str, &str)] = &[("migration", "landfall-entities")];

/// Libraries that belong to one layer, and the crates that make up that layer. SQL stays in the storage layer and HTTP in
/// the API; the binary and the tests connect both.
const CONFINED: &[(&str, &[&str])] = &[
    (
        "sea-orm",
        &[
            "landfall-domain",
            "landfall-entities",
            "landfall-repositories",
            "migration",
            "landfall",
            "landfall-testkit",
            "landfall-tests",
        ],
    ),
    ("sea-orm-migration", &["migration"]),
    (
        "sqlx",
        &[
            "landfall-repositories",
            "landfall-consolidation",
            "migration",
            "landfall-testkit",
            "landfall-tests",
        ],
    ),
    ("actix-web", &["landfall-api", "landfall", "landfall-tests"]),
];

/// Fails with one sentence per forbidden dependency.
pub(crate) fn check() -> Result {
    let faults = faults(&Metadata::of_workspace()?.packages);
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.join("\n").into())
    }
}

fn faults(packages: &[Package]) -> Vec<String> {
    let mut faults = Vec::new();
    for package in packages {
        let Some(arrow) = ARROWS.iter().find(|arrow| arrow.from == package.name) else {
            faults.push(format!(
                "{} is in no row of the table in crates/xtask/src/arrows.rs: add it, with the crates it may use",
                package.name
            ));
            continue;
        };
        for dependency in &package.dependencies {
            let (from, to) = (package.name.as_str(), dependency.name.as_str());
            let dev = dependency.kind.as_deref() == Some("dev");
            let own = from == to || ARROWS.iter().any(|other| other.from == to);
            let for_tests = dev && (FOR_TESTS.contains(&to) || COMPARISONS.contains(&(from, to)));
            let allowed = from == to || arrow.to.contains(&to) || for_tests;
            if own && !allowed {
                faults.push(format!(
                    "{from} must not use {to}; it may use: {}",
                    if arrow.to.is_empty() {
                        "no crate of the workspace".to_owned()
                    } else {
                        arrow.to.join(", ")
                    }
                ));
            }
            let confined = CONFINED.iter().find(|(library, _)| *library == to);
            if let Some((library, layer)) = confined
                && !dev
                && !layer.contains(&from)
            {
                faults.push(format!(
                    "{from} must not use {library}; only these may: {}",
                    layer.join(", ")
                ));
            }
        }
    }
    faults
}

/// The table as a Mermaid flowchart. Arrows to `domain` are left out: nearly every crate has one.
pub(crate) fn drawing() -> String {
    let mut drawing = String::from("```mermaid\nflowchart TD\n");
    for arrow in ARROWS.iter().rev() {
        let to: Vec<_> = arrow
            .to
            .iter()
            .filter(|to| **to != "landfall-domain")
            .map(|to| node(to))
            .collect();
        let line = if to.is_empty() {
            node(arrow.from)
        } else {
            format!("{} --> {}", node(arrow.from), to.join(" & "))
        };
        // Writing to a String does not fail.
        let _ = writeln!(drawing, "    {line}");
    }
    drawing.push_str("```\n");
    drawing
}

/// The crate's short name; the binary `landfall` keeps its own.
fn node(package: &str) -> String {
    package.strip_prefix("landfall-").unwrap_or(package).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Dependency;

    fn package(name: &str, dependencies: &[(&str, Option<&str>)]) -> Package {
        Package {
            name: name.to_owned(),
            version: "0.1.0".to_owned(),
            license: None,
            dependencies: dependencies
                .iter()
                .map(|(name, kind)| Dependency {
                    name: (*name).to_owned(),
                    kind: kind.map(str::to_owned),
                })
                .collect(),
        }
    }

    #[test]
    fn an_arrow_upwards_is_named_with_both_its_ends() {
        let faults = faults(&[package(
            "landfall-repositories",
            &[("landfall-services", None), ("serde", None)],
        )]);
        assert_eq!(faults.len(), 1);
        assert!(
            faults[0].starts_with("landfall-repositories must not use landfall-services"),
            "{}",
            faults[0]
        );
    }

    #[test]
    fn the_api_does_not_reach_past_the_services() {
        let faults = faults(&[package("landfall-api", &[("landfall-repositories", None)])]);
        assert_eq!(faults.len(), 1);
    }

    #[test]
    fn tests_may_use_the_testkit_and_the_code_may_not() {
        assert!(faults(&[package("landfall-services", &[("landfall-testkit", Some("dev"))])]).is_empty());
        assert_eq!(
            faults(&[package("landfall-services", &[("landfall-testkit", None)])]).len(),
            1
        );
        assert_eq!(
            faults(&[package(
                "landfall-services",
                &[("landfall-testkit", Some("build"))]
            )])
            .len(),
            1
        );
    }

    #[test]
    fn sql_stays_in_the_storage_layer() {
        let faults = faults(&[package("landfall-services", &[("sqlx", None)])]);
        assert_eq!(faults.len(), 1);
        assert!(faults[0].contains("sqlx"), "{}", faults[0]);
    }

    #[test]
    fn a_crate_without_a_row_is_a_fault() {
        assert_eq!(faults(&[package("landfall-extras", &[])]).len(), 1);
    }

    #[test]
    fn the_table_has_no_cycle_because_each_row_names_only_earlier_rows() {
        for (place, arrow) in ARROWS.iter().enumerate() {
            for to in arrow.to {
                let earlier = ARROWS[..place].iter().any(|other| other.from == *to);
                assert!(
                    earlier,
                    "{} names {to}, which does not come before it",
                    arrow.from
                );
            }
        }
    }

    #[test]
    fn this_workspace_obeys_its_table() {
        let packages = Metadata::of_workspace().unwrap().packages;
        assert_eq!(faults(&packages), Vec::<String>::new());
    }
}
