//! Finding the row of column names and making them unique.

use std::collections::HashSet;

use super::{FileFault, Limits, Notes, unescape_formula};

/// Longest column name kept, in characters.
const LONGEST_NAME: usize = 255;

/// What stands above the rows of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Records before the header: titles.
    pub(super) skipped: usize,
    /// Unique column names.
    pub(super) columns: Vec<String>,
}

impl Header {
    /// Finds the header among the first records of a table. Titles above it are skipped only where they cannot be a header:
    /// one cell each, with a wider row of different texts below, and a row as wide below that.
    pub(super) fn find(
        records: &[Vec<String>],
        notes: &Notes,
        limits: &Limits,
    ) -> Result<Option<Self>, FileFault> {
        let filled = |record: &Vec<String>| record.iter().filter(|cell| !cell.trim().is_empty()).count();
        let Some(first) = records.iter().position(|record| filled(record) > 0) else {
            return Ok(None);
        };
        let titles = records
            .iter()
            .skip(first)
            .take_while(|record| filled(record) <= 1)
            .count();
        let candidate = first + titles;
        let is_header = |index: usize| {
            records
                .get(index)
                .is_some_and(|record| filled(record) >= 2 && are_names(record))
                && records.get(index + 1).is_some_and(|next| filled(next) >= 2)
        };
        let skipped = if titles > 0 && is_header(candidate) {
            candidate
        } else {
            first
        };
        let Some(names) = records.get(skipped) else {
            return Ok(None);
        };
        let row = skipped as u64 + 1;
        if names.len() > limits.columns {
            return Err(FileFault::TooManyColumns {
                row,
                limit: limits.columns,
            });
        }
        refuse_data(names)?;
        if skipped > 0 && filled(records.first().unwrap_or(names)) > 0 {
            notes.add(
                "title_skipped",
                format!("{skipped} rows above the column names were skipped"),
            );
        }
        Ok(Some(Self {
            skipped,
            columns: unique_columns(names, notes),
        }))
    }
}

fn are_names(record: &[String]) -> bool {
    let mut seen = HashSet::new();
    record
        .iter()
        .filter(|cell| !cell.trim().is_empty())
        .all(|cell| !is_value(cell.trim()) && seen.insert(cell.trim()))
}

fn is_value(cell: &str) -> bool {
    cell.parse::<std::net::IpAddr>().is_ok() || cell.parse::<f64>().is_ok()
}

/// A first row with an address in it, or mostly of numbers, holds values.
fn refuse_data(names: &[String]) -> Result<(), FileFault> {
    let cells = || {
        names
            .iter()
            .map(|cell| cell.trim())
            .enumerate()
            .filter(|(_, cell)| !cell.is_empty())
    };
    let address = cells().find(|(_, cell)| cell.parse::<std::net::IpAddr>().is_ok());
    let numbers = cells().filter(|(_, cell)| is_value(cell)).count();
    let mostly = numbers * 2 > cells().count();
    match address.or_else(|| {
        if mostly {
            cells().find(|(_, cell)| is_value(cell))
        } else {
            None
        }
    }) {
        Some((index, cell)) => Err(FileFault::NoHeader {
            column: index + 1,
            value: cell.to_owned(),
        }),
        None => Ok(()),
    }
}

/// Column names trimmed, on one line, and made unique: an empty one becomes `Column 7`, a repeated one `Name (2)`.
pub(super) fn unique_columns(names: &[String], notes: &Notes) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::with_capacity(names.len());
    let tidy: Vec<String> = names.iter().map(|name| tidy_name(name)).collect();
    let mut columns = Vec::with_capacity(names.len());
    for (index, name) in tidy.iter().enumerate() {
        let column = if name.is_empty() {
            let column = first_free(&format!("Column {}", index + 1), &taken, &tidy);
            notes.add(
                "empty_header",
                format!("column {} has no name; it is called '{column}'", index + 1),
            );
            column
        } else if taken.contains(name) {
            let column = first_free(name, &taken, &tidy);
            notes.add(
                "duplicate_header",
                format!(
                    "column name '{name}' is there twice; column {} is called '{column}'",
                    index + 1
                ),
            );
            column
        } else {
            name.clone()
        };
        taken.insert(column.clone());
        columns.push(column);
    }
    columns
}

fn tidy_name(name: &str) -> String {
    let words: Vec<&str> = name.trim_matches('\u{feff}').split_whitespace().collect();
    unescape_formula(&words.join(" "))
        .chars()
        .filter(|c| *c != '\0')
        .take(LONGEST_NAME)
        .collect()
}

pub(super) fn first_free(name: &str, taken: &HashSet<String>, given: &[String]) -> String {
    let free = |candidate: &String| !taken.contains(candidate) && !given.contains(candidate);
    let plain = name.to_owned();
    if free(&plain) {
        return plain;
    }
    // One more than there are names: one of them is free.
    (2..=taken.len() + given.len() + 2)
        .map(|n| format!("{name} ({n})"))
        .find(free)
        .unwrap_or(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter()
            .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
            .collect()
    }

    fn find(records: &[&[&str]]) -> Result<Option<Header>, FileFault> {
        Header::find(&rows(records), &Notes::default(), &Limits::default())
    }

    #[test]
    fn empty_and_repeated_names_become_unique_and_are_reported() {
        let notes = Notes::default();
        let names = rows(&[&[" Name ", "", "Name", "Na\nme", "Name (2)", "Column 2"]]).remove(0);
        assert_eq!(
            unique_columns(&names, &notes),
            [
                "Name",
                "Column 2 (2)",
                "Name (3)",
                "Na me",
                "Name (2)",
                "Column 2"
            ]
        );
        let codes: Vec<_> = notes.list().into_iter().map(|note| note.code).collect();
        assert_eq!(codes, ["empty_header", "duplicate_header"]);
    }

    #[test]
    fn a_title_is_skipped_only_above_a_table() {
        let header = find(&[
            &["Server list 2026"],
            &["", ""],
            &["Name", "IP"],
            &["web", "10.0.0.1"],
        ])
        .unwrap()
        .unwrap();
        assert_eq!(
            (header.skipped, header.columns),
            (2, vec!["Name".to_owned(), "IP".to_owned()])
        );
        assert_eq!(find(&[&["Name"], &["web"], &["db"]]).unwrap().unwrap().skipped, 0);
        assert_eq!(
            find(&[&["Name"], &["web", "10.0.0.1"], &["db", "10.0.0.2"]])
                .unwrap()
                .unwrap()
                .skipped,
            0
        );
        assert_eq!(find(&[&["", ""]]).unwrap(), None);
    }

    #[test]
    fn a_first_row_of_values_is_refused() {
        let fault = find(&[&["web-01", "10.0.0.1", "4"], &["web-02", "10.0.0.2", "4"]]).unwrap_err();
        assert!(matches!(fault, FileFault::NoHeader { column: 2, .. }), "{fault}");
        assert_eq!(
            find(&[&["a", "4", "16"], &["b", "4", "16"]]).unwrap_err().code(),
            "no_header"
        );
        assert!(find(&[&["Name", "2024", "IP"], &["b", "4", "16"]]).is_ok());
    }
}
