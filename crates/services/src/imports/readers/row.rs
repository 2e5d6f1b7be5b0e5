//! Cells of a record under the names of their columns.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::header::first_free;
use super::table::SourceRow;
use super::{Notes, RowFault, unescape_formula};

/// Names the cells of records and says which records do not fit the header.
#[derive(Clone)]
pub(super) struct RowBuilder {
    columns: Vec<String>,
    /// Positions of the columns in alphabetical order.
    in_order: Vec<usize>,
    taken: HashSet<String>,
    notes: Notes,
}

impl RowBuilder {
    pub(super) fn new(columns: Vec<String>, notes: Notes) -> Self {
        let taken = columns.iter().cloned().collect();
        let mut in_order: Vec<usize> = (0..columns.len()).collect();
        in_order.sort_by_key(|index| columns.get(*index));
        Self {
            columns,
            in_order,
            taken,
            notes,
        }
    }

    /// Columns of the header.
    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// The name of a column by position; columns beyond the header are called by their number.
    pub(super) fn name(&self, index: usize) -> String {
        match self.columns.get(index) {
            Some(name) => name.clone(),
            None => first_free(&format!("Column {}", index + 1), &self.taken, &[]),
        }
    }

    /// The cell's text as kept: without the apostrophe of an escaped formula, invisible characters noted.
    pub(super) fn cell(&self, row_number: u64, index: usize, text: &str) -> Value {
        if !text.is_ascii() && text.chars().any(is_invisible) {
            self.notes.again("invisible_characters", || {
                format!(
                    "cells hold invisible or direction-changing characters; the first is in row {row_number}, column '{}'",
                    self.name(index)
                )
            });
        }
        Value::String(unescape_formula(text).to_owned())
    }

    /// A row of consecutive cells; `count` is how many there are.
    pub(super) fn row<'a>(
        &self,
        row_number: u64,
        count: usize,
        cells: impl Iterator<Item = &'a str>,
    ) -> SourceRow {
        let cells: Vec<&str> = cells.collect();
        let empty = cells.iter().all(|cell| cell.trim().is_empty());
        // A map is built fastest from names in order.
        let known = self.in_order.iter().filter_map(|index| {
            let (name, text) = (self.columns.get(*index)?, cells.get(*index)?);
            Some((name.clone(), self.cell(row_number, *index, text)))
        });
        let mut data: Map<String, Value> = known.collect();
        for (index, text) in cells.iter().enumerate().skip(self.columns.len()) {
            data.insert(self.name(index), self.cell(row_number, index, text));
        }
        SourceRow {
            row_number,
            data,
            faults: self.shape_faults(row_number, count, empty),
        }
    }

    /// Faults of a row with this many cells.
    pub(super) fn shape_faults(&self, row_number: u64, count: usize, empty: bool) -> Vec<RowFault> {
        let expected = self.columns.len();
        if empty {
            vec![RowFault::of_row(
                row_number,
                "empty_row",
                format!("row {row_number} holds no value"),
            )]
        } else if count < expected {
            let first = self.name(count);
            let message = format!(
                "row {row_number} has {count} cells but there are {expected} columns; the first without a cell is '{first}'"
            );
            vec![RowFault::of_cell(
                row_number,
                first,
                None,
                "too_few_cells",
                message,
            )]
        } else if count > expected {
            let message = format!("row {row_number} has {count} cells but there are only {expected} columns");
            vec![RowFault::of_row(row_number, "too_many_cells", message)]
        } else {
            Vec::new()
        }
    }
}

/// Zero-width characters and those that change the direction of text, which can make a name look like another.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_do_not_fit_keep_their_cells() {
        let builder = RowBuilder::new(vec!["a".into(), "b".into()], Notes::default());
        let short = builder.row(5, 1, ["1"].into_iter());
        assert_eq!(
            (short.faults[0].rule, short.faults[0].column.as_deref()),
            ("too_few_cells", Some("b"))
        );
        let long = builder.row(6, 3, ["1", "2", "3"].into_iter());
        assert_eq!(
            (long.faults[0].rule, &long.data["Column 3"]),
            ("too_many_cells", &Value::from("3"))
        );
        assert_eq!(
            builder.row(7, 2, ["", " "].into_iter()).faults[0].rule,
            "empty_row"
        );
    }
}
