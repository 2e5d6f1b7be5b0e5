//! JSON: an array of objects, objects one per line or after one another, or such an array inside an answer's envelope
//! (`{"result": [...]}`). Objects are cut out of the stream one at a time; the file is never held as a whole.

mod envelope;
mod flatten;
mod split;

use std::collections::{HashSet, VecDeque};
use std::io::Read;

use serde_json::{Map, Value};

pub(super) use self::flatten::flatten;
use self::split::{Objects, Piece};
use super::bytes::ByteSource;
use super::encoding::TextEncoding;
use super::table::{SourceRow, Table};
use super::{FileFault, Limits, Notes, RowFault};

/// Records read ahead to learn the columns.
const AHEAD: usize = 200;
/// Bytes read ahead at most.
const AHEAD_BYTES: usize = 4 << 20;

/// A JSON file, looked at and ready to be read.
#[derive(Debug)]
pub(super) struct Json {
    source: ByteSource,
    name: String,
    pub(super) encoding: TextEncoding,
    limits: Limits,
}

impl Json {
    /// Looks at the encoding of a source.
    pub(super) fn open(
        source: ByteSource,
        name: &str,
        notes: &Notes,
        limits: &Limits,
    ) -> Result<Self, FileFault> {
        let encoding = TextEncoding::detect(&source, notes)?;
        Ok(Self {
            source,
            name: name.to_owned(),
            encoding,
            limits: limits.clone(),
        })
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Its records, from the first. The columns are those of the first records; later ones are noted.
    pub(super) fn table(&self, notes: &Notes) -> Result<Table, FileFault> {
        let objects = Objects::new(self.encoding.reader(&self.source)?, &self.limits);
        let mut rows = JsonRows {
            objects,
            limits: self.limits.clone(),
            done: false,
        };
        let mut ahead = VecDeque::new();
        let mut columns = Columns::default();
        let mut bytes = 0;
        while ahead.len() < AHEAD && bytes < AHEAD_BYTES {
            let Some(row) = rows.next() else { break };
            let row = row?;
            bytes += rows.objects.last_len();
            columns.add(&row.data);
            ahead.push_back(row);
        }
        if ahead.is_empty() {
            return Err(FileFault::NoRows { columns: 0 });
        }
        if columns.names.is_empty() {
            return Err(FileFault::NotTabular {
                found: "JSON without a single named value".to_owned(),
            });
        }
        let names = columns.names.clone();
        let rows = ahead.into_iter().map(Ok).chain(LateColumns {
            rows,
            columns,
            notes: notes.clone(),
        });
        Ok(Table {
            name: self.name.clone(),
            columns: names,
            rows: Box::new(rows),
        })
    }
}

/// Column names in order of first appearance.
#[derive(Default)]
pub(super) struct Columns {
    pub(super) names: Vec<String>,
    known: HashSet<String>,
}

impl Columns {
    /// Learns the columns of a record; returns how many were new.
    pub(super) fn add(&mut self, data: &Map<String, Value>) -> usize {
        let before = self.names.len();
        for name in data.keys() {
            if !self.known.contains(name) {
                self.known.insert(name.clone());
                self.names.push(name.clone());
            }
        }
        self.names.len() - before
    }
}

/// Notes columns that appear after the first records.
struct LateColumns {
    rows: JsonRows<Box<dyn Read + Send>>,
    columns: Columns,
    notes: Notes,
}

impl Iterator for LateColumns {
    type Item = Result<SourceRow, FileFault>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.rows.next()?;
        // Records that each bring new keys must not fill the memory.
        if let Ok(row) = &row
            && self.columns.names.len() < 100_000
        {
            let before = self.columns.names.len();
            self.columns.add(&row.data);
            for name in self.columns.names.get(before..).unwrap_or_default() {
                let message = format!(
                    "column '{name}' appears first in record {} and has no mapping of its own",
                    row.row_number
                );
                self.notes.add("late_column", message);
            }
        }
        Some(row)
    }
}

struct JsonRows<R> {
    objects: Objects<R>,
    limits: Limits,
    done: bool,
}

impl<R: Read> JsonRows<R> {
    fn advance(&mut self) -> Result<Option<SourceRow>, FileFault> {
        let Some(Piece {
            number,
            text,
            by_line,
        }) = self.objects.next()?
        else {
            return Ok(None);
        };
        let place = || format!("{} {number}", if by_line { "line" } else { "record" });
        let row = match serde_json::from_str::<Value>(text) {
            Ok(Value::Object(object)) => row_of(number, &object),
            Ok(other) => {
                let found = kind(&other);
                return Err(FileFault::NotAnObject {
                    place: place(),
                    found,
                });
            }
            // The line is broken, its neighbours are not.
            Err(error) if by_line => broken_line(number, text, &error),
            Err(error) => {
                return Err(FileFault::BrokenJson {
                    place: place(),
                    reason: error.to_string(),
                });
            }
        };
        if row.data.len() > self.limits.columns {
            return Err(FileFault::TooManyColumns {
                row: number,
                limit: self.limits.columns,
            });
        }
        Ok(Some(row))
    }
}

impl<R: Read> Iterator for JsonRows<R> {
    type Item = Result<SourceRow, FileFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let row = self.advance().transpose();
        self.done = !matches!(row, Some(Ok(_)));
        row
    }
}

/// A record as a row: nested values flattened.
pub(super) fn row_of(number: u64, object: &Map<String, Value>) -> SourceRow {
    let (data, faults) = flatten(number, object);
    SourceRow {
        row_number: number,
        data,
        faults,
    }
}

fn broken_line(number: u64, text: &str, error: &serde_json::Error) -> SourceRow {
    let start: String = text.chars().filter(|c| *c != '\0').take(1_000).collect();
    let message = format!("line {number} is not valid JSON: {error}");
    let mut data = Map::new();
    data.insert("line".to_owned(), Value::String(start));
    SourceRow {
        row_number: number,
        data,
        faults: vec![RowFault::of_row(number, "invalid_json", message)],
    }
}

/// What a JSON value is, with an article.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
#[path = "json/tests.rs"]
mod tests;
