//! A file as the records of an import: its tables joined, its format recognised.

mod assemble;
mod attach;
mod supplement;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value};

use self::assemble::assemble;
use super::json::{Columns, row_of};
use super::physical::Physical;
use super::table::Rows;
use super::{FileFault, Limits, Notes, RowFault};
use crate::imports::formats::{Format, Recognised, recognise};

/// What the caller wants of a file.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// Rows that are left out unless named here: `hosts`, `templates`, `placeholders`, `vcls`.
    pub include: BTreeSet<String>,
    /// Limits of the readers.
    pub limits: Limits,
}

/// A record as it is kept: the cells of a row, with those of other tables that belong to it.
#[derive(Clone, Debug)]
pub struct RawRecord {
    /// Position among the records, from 0, without gaps.
    pub index: u64,
    /// Row as a person sees it, see [`RowFault::row_number`].
    pub row_number: u64,
    /// Cells by column; rows of joined tables as arrays under the table's name.
    pub data: Map<String, Value>,
    /// What is wrong with it.
    pub faults: Vec<RowFault>,
}

/// An open file: what it is, and its records as an iterator.
///
/// After a fault the iterator ends. [`Source::notes`] is complete when it has ended.
pub struct Source {
    /// The export format.
    pub format: Recognised,
    /// Encoding of a text file, such as `UTF-8`.
    pub encoding: Option<String>,
    /// Delimiter of a delimited file.
    pub delimiter: Option<char>,
    /// Name of the sheet or archive entry that the rows come from; the file's own name otherwise.
    pub table: String,
    /// Column names in the file's order.
    pub columns: Vec<String>,
    /// Remarks for a person.
    pub notes: Notes,
    records: Box<dyn Iterator<Item = Result<RawRecord, FileFault>> + Send>,
}

impl Iterator for Source {
    type Item = Result<RawRecord, FileFault>;

    fn next(&mut self) -> Option<Self::Item> {
        self.records.next()
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source")
            .field("format", &self.format)
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}

/// Opens the file at `path`, uploaded under the name `file_name`. Reads a text file once to learn its encoding, and the
/// first rows of each table.
///
/// # Errors
/// The file is no table, breaks a limit, or cannot be read.
pub fn open(path: &Path, file_name: &str, options: &OpenOptions) -> Result<Source, FileFault> {
    let notes = Notes::default();
    let physical = Arc::new(Physical::open(path, file_name, &notes, &options.limits)?);
    assemble(&physical, &notes, options)
}

/// A source of records that are already in memory, such as those of a request. Nested values are flattened.
///
/// # Errors
/// There is no record, or one has too many columns.
pub fn from_records(records: &[Map<String, Value>]) -> Result<Source, FileFault> {
    let limit = Limits::default().columns;
    let rows: Vec<_> = (1..)
        .zip(records)
        .map(|(number, record)| row_of(number, record))
        .collect();
    let mut columns = Columns::default();
    for row in &rows {
        if row.data.len() > limit {
            return Err(FileFault::TooManyColumns {
                row: row.row_number,
                limit,
            });
        }
        columns.add(&row.data);
    }
    if rows.is_empty() || columns.names.is_empty() {
        return Err(FileFault::NoRows {
            columns: columns.names.len(),
        });
    }
    let (format, recognised) = recognise(&columns.names);
    Ok(Source {
        format: recognised,
        encoding: None,
        delimiter: None,
        table: "records".to_owned(),
        columns: columns.names,
        notes: Notes::default(),
        records: Box::new(numbered(finished(format, Box::new(rows.into_iter().map(Ok))))),
    })
}

/// Rows with the faults that the format knows of: it may excuse missing cells, and has rules of its own.
fn finished(format: &'static dyn Format, rows: Rows) -> Rows {
    Box::new(rows.map(move |row| {
        row.map(|mut row| {
            if row.faults.iter().any(|fault| fault.rule == "too_few_cells")
                && format.excuses_missing_cells(&row.data)
            {
                row.faults.retain(|fault| fault.rule != "too_few_cells");
            }
            if row.faults.iter().all(|fault| fault.rule != "empty_row") {
                row.faults.extend(format.check(row.row_number, &row.data));
            }
            row
        })
    }))
}

/// Rows as records.
fn numbered(rows: Rows) -> impl Iterator<Item = Result<RawRecord, FileFault>> + Send {
    (0..).zip(rows).map(|(index, row)| {
        row.map(|row| RawRecord {
            index,
            row_number: row.row_number,
            data: row.data,
            faults: row.faults,
        })
    })
}

#[cfg(test)]
#[path = "source/tests.rs"]
mod tests;
