//! Side tables of an export, such as disks and network cards, gathered by the machine that they belong to. Their rows lie in
//! a temporary file; only their places and the hashes of their keys are in memory.

use std::collections::HashMap;
use std::fs::File;
use std::hash::BuildHasher;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

use serde_json::{Map, Value};

use super::Notes;

/// Where a stored row lies.
#[derive(Clone, Copy)]
struct Place {
    start: u64,
    length: u32,
    table: u16,
    uses: u8,
}

/// A stored row.
pub(super) struct SideRow {
    /// Number of its table.
    pub(super) table: usize,
    /// Row in that table as a person sees it.
    pub(super) row_number: u64,
    /// Its cells that hold something.
    pub(super) data: Map<String, Value>,
}

/// Side tables being written.
pub(super) struct SideWriter {
    file: BufWriter<File>,
    length: u64,
    index: Index,
}

/// Side tables to be looked up.
pub(super) struct SideReader {
    file: BufReader<File>,
    position: u64,
    index: Index,
}

#[derive(Default)]
struct Index {
    places: Vec<Place>,
    by_key: HashMap<u64, Vec<u32>>,
    /// The first row of each machine, in order.
    first: Vec<u32>,
    hasher: std::hash::RandomState,
}

impl SideWriter {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            file: BufWriter::new(tempfile::tempfile()?),
            length: 0,
            index: Index::default(),
        })
    }

    /// Stores a row under its keys, the strongest first.
    pub(super) fn add(
        &mut self,
        table: usize,
        row_number: u64,
        keys: &[String],
        data: &Map<String, Value>,
    ) -> io::Result<()> {
        let filled: Map<String, Value> = data
            .iter()
            .filter(|(_, value)| !is_empty(value))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let bytes = serde_json::to_vec(&(row_number, filled))?;
        self.file.write_all(&bytes)?;
        let index = u32::try_from(self.index.places.len()).map_err(io::Error::other)?;
        let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        let table = u16::try_from(table).map_err(io::Error::other)?;
        self.index.places.push(Place {
            start: self.length,
            length,
            table,
            uses: 0,
        });
        self.length += u64::from(length);
        for (rank, key) in keys.iter().enumerate() {
            let hash = self.index.hasher.hash_one(key);
            let rows = self.index.by_key.entry(hash).or_default();
            if rank == 0 && rows.is_empty() {
                self.index.first.push(index);
            }
            rows.push(index);
        }
        Ok(())
    }

    /// Ends writing.
    pub(super) fn finish(self) -> io::Result<SideReader> {
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(SideReader {
            file: BufReader::new(file),
            position: 0,
            index: self.index,
        })
    }
}

impl SideReader {
    /// Rows that carry the strongest of these keys that any row carries. A row found by a weaker key is left out if its
    /// stronger key says that it belongs elsewhere. `keys_of` gives the keys of a row; rows go to `take` one at a time.
    pub(super) fn find(
        &mut self,
        keys: &[String],
        keys_of: impl Fn(&Map<String, Value>) -> Vec<String>,
        mut take: impl FnMut(SideRow),
    ) -> io::Result<()> {
        for key in keys {
            let hash = self.index.hasher.hash_one(key);
            let candidates = self.index.by_key.get(&hash).cloned().unwrap_or_default();
            let mut found = false;
            for index in candidates {
                let row = self.read(index)?;
                let row_keys = keys_of(&row.data);
                if row_keys.contains(key) && !contradicts(keys, &row_keys, key) {
                    found = true;
                    if let Some(place) = self.index.places.get_mut(index as usize) {
                        place.uses = place.uses.saturating_add(1);
                    }
                    take(row);
                }
            }
            if found {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The first row of the machine with this number; machines are numbered in order of appearance.
    pub(super) fn machine(&mut self, number: usize) -> io::Result<Option<SideRow>> {
        match self.index.first.get(number).copied() {
            Some(index) => self.read(index).map(Some),
            None => Ok(None),
        }
    }

    /// Whether the first row of a machine was already given out with a machine before it.
    pub(super) fn machine_is_used(&self, number: usize) -> bool {
        self.index
            .first
            .get(number)
            .and_then(|index| self.index.places.get(*index as usize))
            .is_some_and(|p| p.uses > 0)
    }

    /// Notes rows that belong to no machine, and rows that were taken for those of several.
    pub(super) fn report(&self, tables: &[String], notes: &Notes) {
        for (number, table) in tables.iter().enumerate() {
            let of_table = || {
                self.index
                    .places
                    .iter()
                    .filter(|place| usize::from(place.table) == number)
            };
            let orphans = of_table().filter(|place| place.uses == 0).count() as u64;
            notes.add_many(
                "orphan_rows",
                format!("rows of '{table}' belong to no machine of this file"),
                orphans,
            );
            let shared = of_table().filter(|place| place.uses > 1).count() as u64;
            let message =
                format!("rows of '{table}' fit several machines of the same name and were given to each");
            notes.add_many("ambiguous_rows", message, shared);
        }
    }

    fn read(&mut self, index: u32) -> io::Result<SideRow> {
        let place = self
            .index
            .places
            .get(index as usize)
            .copied()
            .ok_or(io::ErrorKind::NotFound)?;
        // Seeking within the buffer keeps it: rows of one machine mostly lie together.
        let distance = place
            .start
            .cast_signed()
            .wrapping_sub(self.position.cast_signed());
        self.file.seek_relative(distance)?;
        self.position = place.start + u64::from(place.length);
        let mut bytes = vec![0; place.length as usize];
        self.file.read_exact(&mut bytes)?;
        let (row_number, data) = serde_json::from_slice(&bytes)?;
        Ok(SideRow {
            table: usize::from(place.table),
            row_number,
            data,
        })
    }
}

/// Keys are written `kind:value`. A row contradicts if it has another value for a kind that is stronger than the key.
fn contradicts(wanted: &[String], row: &[String], key: &str) -> bool {
    let kind = |key: &str| {
        key.split_once(':')
            .map_or_else(String::new, |(kind, _)| kind.to_owned())
    };
    wanted
        .iter()
        .take_while(|stronger| *stronger != key)
        .any(|stronger| {
            let same_kind = row.iter().find(|other| kind(other) == kind(stronger));
            same_kind.is_some_and(|other| other != stronger)
        })
}

/// Whether a cell holds nothing.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn keys(row: &Map<String, Value>) -> Vec<String> {
        ["id", "name"]
            .iter()
            .filter_map(|kind| {
                row.get(*kind)
                    .map(|value| format!("{kind}:{}", value.as_str().unwrap()))
            })
            .collect()
    }

    fn reader(rows: &[Value]) -> SideReader {
        let mut writer = SideWriter::new().unwrap();
        for (index, row) in rows.iter().enumerate() {
            let row = row.as_object().unwrap();
            writer.add(0, index as u64 + 2, &keys(row), row).unwrap();
        }
        writer.finish().unwrap()
    }

    fn found(reader: &mut SideReader, wanted: &[&str]) -> Vec<u64> {
        let wanted: Vec<String> = wanted.iter().map(|key| (*key).to_owned()).collect();
        let mut rows = Vec::new();
        reader
            .find(&wanted, keys, |row| rows.push(row.row_number))
            .unwrap();
        rows
    }

    #[test]
    fn rows_are_found_by_the_strongest_key_and_never_against_it() {
        let rows = [
            json!({"id": "1", "name": "web", "disk": "a"}),
            json!({"id": "2", "name": "web", "disk": "b"}),
            json!({"name": "db", "disk": "c", "empty": ""}),
            json!({"id": "1", "name": "web", "disk": "d"}),
        ];
        let mut reader = reader(&rows);
        assert_eq!(found(&mut reader, &["id:1", "name:web"]), [2, 5]);
        assert_eq!(found(&mut reader, &["id:9", "name:db"]), [4]);
        assert_eq!(found(&mut reader, &["id:9", "name:web"]), [0_u64; 0]);
        let notes = Notes::default();
        reader.report(&["vDisk".to_owned()], &notes);
        assert_eq!((notes.list()[0].code, notes.list()[0].count), ("orphan_rows", 1));
    }

    #[test]
    fn machines_are_numbered_as_they_appear() {
        let rows = [json!({"id": "1"}), json!({"id": "2"}), json!({"id": "1"})];
        let mut reader = reader(&rows);
        assert_eq!(reader.machine(1).unwrap().unwrap().row_number, 3);
        assert!(reader.machine(2).unwrap().is_none());
    }
}
