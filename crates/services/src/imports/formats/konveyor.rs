//! The application import of Konveyor and of the older Tackle: record type 1 is an application, type 2 a dependency between
//! two. Rows of type 2 may be short.

use std::collections::BTreeSet;

use landfall_domain::AssetType;

use super::cells::{cell, said};
use super::fingerprint::Fingerprint;
use super::{DependencyFact, DerivedValue, Format, Headers, KnownColumn, Recognised, Row, RowFault, RowRole};

/// Konveyor and Tackle.
pub(super) struct Konveyor;

const RECORD_TYPE: &[&str] = &["Record Type 1", "Record Type"];
const NAME: &[&str] = &["Application Name"];
const DIRECTION: &[&str] = &["Dependency Direction"];
const BINARY: [&str; 3] = ["Binary Group", "Binary Artifact", "Binary Version"];
/// Pairs of columns for tags.
const TAGS: u32 = 64;

const FINGERPRINT: Fingerprint = Fingerprint {
    all: &[&["Application Name"]],
    some: &[
        "Record Type 1",
        "Record Type",
        "Business Service",
        "Dependency Direction",
        "Binary Group",
        "Repository Type",
        "Repository URL",
        "Tag Category 1",
        "Tag Type 1",
        "Tag 1",
    ],
    least: 3,
};

const COLUMNS: &[KnownColumn] = &[
    KnownColumn::field("application name", "name"),
    KnownColumn::field("description", "description"),
    KnownColumn::field("business service", "department"),
    KnownColumn::field("owner", "business_owner"),
    KnownColumn::facts("record type 1", "role"),
    KnownColumn::facts("record type", "role"),
    KnownColumn::facts("dependency", "dependencies"),
    KnownColumn::facts("dependency direction", "dependencies"),
    KnownColumn::facts("tag category {n}", "tags"),
    KnownColumn::facts("tag type {n}", "tags"),
    KnownColumn::facts("tag {n}", "tags"),
];

/// What a row says it is.
enum Record {
    Application,
    Dependency,
    Unknown(String),
    Missing,
}

fn record(row: &Row) -> Record {
    match cell(row, RECORD_TYPE).as_deref() {
        Some("1") => Record::Application,
        Some("2") => Record::Dependency,
        Some(other) => Record::Unknown(other.to_owned()),
        None => Record::Missing,
    }
}

/// The column of record types as the file calls it.
fn record_type_column(row: &Row) -> &'static str {
    if row.contains_key("Record Type") {
        "Record Type"
    } else {
        "Record Type 1"
    }
}

impl Format for Konveyor {
    fn id(&self) -> &'static str {
        "konveyor"
    }

    fn label(&self) -> &'static str {
        "Konveyor application import"
    }

    fn recognise(&self, headers: &Headers) -> Option<Recognised> {
        let old = headers.has("Tag Type 1") || headers.has("Tag 1") && !headers.has("Tag Category 1");
        FINGERPRINT.recognise(self, Some(if old { "Tackle" } else { "Konveyor" }), headers)
    }

    fn columns(&self) -> &'static [KnownColumn] {
        COLUMNS
    }

    fn role(&self, row: &Row, _include: &BTreeSet<String>) -> RowRole {
        match record(row) {
            Record::Application if cell(row, NAME).is_some() => RowRole::asset(AssetType::Application),
            Record::Application => RowRole::skipped("no_name", "the row names no application"),
            Record::Dependency if self.dependencies(row).is_empty() => RowRole::skipped(
                "incomplete_dependency",
                "the row lacks an application, a dependency or a direction",
            ),
            Record::Dependency => RowRole::Dependency,
            Record::Unknown(other) => RowRole::skipped(
                "unknown_record_type",
                format!("record type '{other}' is neither 1 nor 2"),
            ),
            Record::Missing => RowRole::skipped("missing_record_type", "the row has no record type"),
        }
    }

    /// Operating system and technologies, which are tags here.
    fn derived(&self, row: &Row) -> Vec<DerivedValue> {
        let tags = self.tags(row);
        let of = |categories: &[&str]| -> Vec<String> {
            let named = |category: &str| {
                categories
                    .iter()
                    .any(|known| category.eq_ignore_ascii_case(known))
            };
            tags.iter()
                .filter(|(category, _)| named(category))
                .map(|(_, tag)| tag.clone())
                .collect()
        };
        let mut values = Vec::new();
        if let Some(system) = of(&["Operating System"]).first() {
            values.push(DerivedValue::new("operating_system", system.as_str()));
        }
        let technologies = of(&[
            "Language",
            "Runtime",
            "Framework",
            "Database",
            "Application Server",
        ]);
        if !technologies.is_empty() {
            values.push(DerivedValue::new("technology_stack", technologies.join(", ")));
        }
        values
    }

    /// Southbound: this application needs the other. Northbound: the other needs this one.
    fn dependencies(&self, row: &Row) -> Vec<DependencyFact> {
        let pair = said(row, NAME).zip(said(row, &["Dependency"]));
        let (Record::Dependency, Some((this, other))) = (record(row), pair) else {
            return Vec::new();
        };
        match cell(row, DIRECTION).unwrap_or_default().to_lowercase().as_str() {
            "southbound" => vec![DependencyFact::stated(this, other, "application")],
            "northbound" => vec![DependencyFact::stated(other, this, "application")],
            _ => Vec::new(),
        }
    }

    fn tags(&self, row: &Row) -> Vec<(String, String)> {
        let tag = |number: u32| {
            let tag = said(row, &[&format!("Tag {number}")])?.into_owned();
            let category = said(
                row,
                &[&format!("Tag Category {number}"), &format!("Tag Type {number}")],
            );
            Some((category.unwrap_or_default().into_owned(), tag))
        };
        let columns = (1..=TAGS).take_while(|number| row.contains_key(&format!("Tag {number}")));
        columns.filter_map(tag).collect()
    }

    fn check(&self, row_number: u64, row: &Row) -> Vec<RowFault> {
        let at = |column: &str, value: Option<String>, rule, message: String| {
            vec![RowFault::of_cell(
                row_number,
                column,
                value,
                rule,
                format!("row {row_number}, column '{column}': {message}"),
            )]
        };
        match record(row) {
            Record::Missing => at(
                record_type_column(row),
                None,
                "missing_record_type",
                "1 for an application or 2 for a dependency is needed".to_owned(),
            ),
            Record::Unknown(other) => {
                let message = format!("'{other}' is neither 1 (application) nor 2 (dependency)");
                at(
                    record_type_column(row),
                    Some(other),
                    "unknown_record_type",
                    message,
                )
            }
            Record::Application if cell(row, NAME).is_none() => at(
                "Application Name",
                None,
                "missing_name",
                "an application needs a name".to_owned(),
            ),
            Record::Application => incomplete_binary(row)
                .map(|column| {
                    at(
                        column,
                        None,
                        "incomplete_binary",
                        "group, artifact and version are needed together".to_owned(),
                    )
                })
                .unwrap_or_default(),
            Record::Dependency if cell(row, NAME).is_none() => at(
                "Application Name",
                None,
                "missing_name",
                "a dependency needs an application".to_owned(),
            ),
            Record::Dependency if said(row, &["Dependency"]).is_none() => at(
                "Dependency",
                None,
                "missing_dependency",
                "the application that it depends on is needed".to_owned(),
            ),
            Record::Dependency if self.dependencies(row).is_empty() => {
                let value = cell(row, DIRECTION).map(std::borrow::Cow::into_owned);
                at(
                    "Dependency Direction",
                    value,
                    "dependency_direction",
                    "NORTHBOUND or SOUTHBOUND is needed".to_owned(),
                )
            }
            Record::Dependency => Vec::new(),
        }
    }

    fn excuses_missing_cells(&self, row: &Row) -> bool {
        matches!(record(row), Record::Dependency)
    }
}

/// The first part that is missing while another is there.
fn incomplete_binary(row: &Row) -> Option<&'static str> {
    let missing: Vec<&'static str> = BINARY
        .into_iter()
        .filter(|part| cell(row, &[part]).is_none())
        .collect();
    missing.first().copied().filter(|_| missing.len() < BINARY.len())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn rules(row: &Value) -> Vec<&'static str> {
        Konveyor
            .check(2, row.as_object().unwrap())
            .into_iter()
            .map(|fault| fault.rule)
            .collect()
    }

    #[test]
    fn types_say_what_a_row_is() {
        let role = |row: Value| Konveyor.role(row.as_object().unwrap(), &BTreeSet::new());
        assert_eq!(
            role(json!({"Record Type 1": "1", "Application Name": "Shop"})),
            RowRole::asset(AssetType::Application)
        );
        let dependency = json!({"Record Type": "2", "Application Name": "Gateway", "Dependency": "Inventory", "Dependency Direction": "southbound"});
        assert_eq!(role(dependency), RowRole::Dependency);
        assert!(matches!(
            role(json!({"Application Name": "Shop"})),
            RowRole::Skipped {
                reason_code: "missing_record_type",
                ..
            }
        ));
    }

    #[test]
    fn the_direction_says_who_needs_whom() {
        let fact = |direction: &str| {
            let row = json!({"Record Type 1": "2", "Application Name": "A", "Dependency": "B", "Dependency Direction": direction});
            let fact = Konveyor.dependencies(row.as_object().unwrap()).remove(0);
            (fact.from, fact.to)
        };
        assert_eq!(fact("SOUTHBOUND"), ("A".to_owned(), "B".to_owned()));
        assert_eq!(fact("northbound"), ("B".to_owned(), "A".to_owned()));
    }

    #[test]
    fn rows_that_break_the_rules_are_named() {
        assert_eq!(rules(&json!({"Application Name": "x"})), ["missing_record_type"]);
        assert_eq!(rules(&json!({"Record Type 1": "3"})), ["unknown_record_type"]);
        assert_eq!(
            rules(&json!({"Record Type 1": "1", "Application Name": ""})),
            ["missing_name"]
        );
        assert_eq!(
            rules(&json!({"Record Type 1": "1", "Application Name": "x", "Binary Group": "g"})),
            ["incomplete_binary"]
        );
        assert_eq!(
            rules(&json!({"Record Type 1": "2", "Application Name": "x"})),
            ["missing_dependency"]
        );
        assert_eq!(
            rules(
                &json!({"Record Type 1": "2", "Application Name": "x", "Dependency": "y", "Dependency Direction": "up"})
            ),
            ["dependency_direction"]
        );
        assert_eq!(
            rules(&json!({"Record Type 1": "1", "Application Name": "x"})),
            [""; 0]
        );
    }

    #[test]
    fn tags_of_both_layouts_are_read_and_tell_technologies() {
        let row = json!({"Tag Type 1": "Language", "Tag 1": "Java", "Tag Category 2": "Operating System", "Tag 2": "RHEL 8", "Tag 3": ""});
        let row = row.as_object().unwrap();
        assert_eq!(
            Konveyor.tags(row),
            [
                ("Language".into(), "Java".into()),
                ("Operating System".into(), "RHEL 8".into())
            ]
        );
        let derived = Konveyor.derived(row);
        assert_eq!(
            derived,
            [
                DerivedValue::new("operating_system", "RHEL 8"),
                DerivedValue::new("technology_stack", "Java")
            ]
        );
    }
}
