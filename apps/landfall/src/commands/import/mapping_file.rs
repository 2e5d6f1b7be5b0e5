//! Mappings that were decided beforehand, from a file: column to field.

use crate::failure::Failure;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Column to field; an empty field keeps the column as a custom attribute.
pub(super) type Decided = BTreeMap<String, String>;

/// Reads JSON (`{"Column": "field"}`), TOML (`"Column" = "field"`) or CSV (column, field; a header is not needed).
pub(super) fn read(file: &Path) -> Result<Decided, Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        Failure::usage(format_args!(
            "the mapping file {} cannot be read: {error}",
            file.display()
        ))
    })?;
    let ending = file
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default()
        .to_lowercase();
    let decided = match ending.as_str() {
        "json" => of_json(&text),
        "toml" => of_toml(&text),
        "csv" => of_csv(&text),
        _ => Err("its name must end with .json, .toml or .csv".to_owned()),
    };
    decided.map_err(|reason| Failure::usage(format_args!("the mapping file {}: {reason}", file.display())))
}

/// The fields, some of which may be missing or empty.
#[derive(Deserialize)]
#[serde(transparent)]
struct Fields(BTreeMap<String, Option<String>>);

impl From<Fields> for Decided {
    fn from(fields: Fields) -> Self {
        fields
            .0
            .into_iter()
            .map(|(column, field)| (column, field.unwrap_or_default()))
            .collect()
    }
}

fn of_json(text: &str) -> Result<Decided, String> {
    serde_json::from_str::<Fields>(text)
        .map(Decided::from)
        .map_err(|error| format!("an object of column to field is expected: {error}"))
}

fn of_toml(text: &str) -> Result<Decided, String> {
    toml::from_str::<Fields>(text)
        .map(Decided::from)
        .map_err(|error| format!("lines such as \"Column\" = \"field\" are expected: {error}"))
}

fn of_csv(text: &str) -> Result<Decided, String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut decided = Decided::new();
    for (line, record) in (1..).zip(reader.records()) {
        let record = record.map_err(|error| format!("line {line}: {error}"))?;
        let (column, field) = (
            record.get(0).unwrap_or_default(),
            record.get(1).unwrap_or_default(),
        );
        let is_header = line == 1 && field.eq_ignore_ascii_case("field");
        if record.len() > 2 {
            return Err(format!(
                "line {line} has {} cells, two are expected: column and field",
                record.len()
            ));
        }
        if !is_header && !column.is_empty() {
            decided.insert(column.to_owned(), field.to_owned());
        }
    }
    Ok(decided)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_kinds_of_file_say_the_same() {
        let expected = Decided::from([
            ("Box, old".to_owned(), "hostname".to_owned()),
            ("Notes".to_owned(), String::new()),
        ]);
        assert_eq!(
            of_json(r#"{"Box, old": "hostname", "Notes": null}"#).unwrap(),
            expected
        );
        assert_eq!(
            of_toml("\"Box, old\" = \"hostname\"\nNotes = \"\"\n").unwrap(),
            expected
        );
        assert_eq!(
            of_csv("Column,Field\n\"Box, old\", hostname\nNotes,\n").unwrap(),
            expected
        );
        assert_eq!(of_csv("\"Box, old\",hostname\nNotes\n").unwrap(), expected);
    }

    #[test]
    fn a_file_that_is_no_mapping_is_refused_with_the_place() {
        assert!(of_csv("a,b,c\n").unwrap_err().contains("line 1 has 3 cells"));
        assert!(of_json("[1]").is_err());
    }
}
