//! Exports of several tables that describe the same machines.

use serde_json::Value;

use super::{FORMATS, Format, Row};

/// What a table of an export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// One row per machine.
    Machines,
    /// One row per host that carries machines.
    Hosts,
    /// Rows that belong to machines, under this name.
    Side(&'static str),
    /// Part of the export, but about nothing single.
    Ignored,
    /// No table of this export.
    Foreign,
}

/// How the tables of an export belong together.
pub trait Joined: Send + Sync {
    /// What a table is, by its name or columns.
    fn place(&self, name: &str, columns: &[String]) -> Place;
    /// Keys of the machine that a row is or belongs to, as `kind:value`, the strongest first.
    fn keys(&self, row: &Row) -> Vec<String>;
    /// Whether the column says which machine a row belongs to.
    fn is_key_column(&self, name: &str) -> bool;
    /// What gathers the rows of a side table for one machine.
    fn collect(&self, _side: &str) -> Box<dyn Collector> {
        Box::<Plain>::default()
    }
}

/// Gathers rows for one machine.
pub trait Collector {
    /// Takes a row; says how many bytes it keeps of it.
    fn add(&mut self, row: Row) -> usize;
    /// Takes no more rows.
    fn stop(&mut self);
    /// What is to be kept with the machine.
    fn finish(self: Box<Self>) -> Vec<Value>;
}

/// Keeps rows as they are.
#[derive(Default)]
pub(super) struct Plain {
    rows: Vec<Value>,
    stopped: bool,
}

impl Collector for Plain {
    fn add(&mut self, row: Row) -> usize {
        if self.stopped || row.is_empty() {
            return 0;
        }
        let bytes = row
            .iter()
            .map(|(name, value)| name.len() + value.as_str().map_or(8, str::len) + 8)
            .sum();
        self.rows.push(Value::Object(row));
        bytes
    }

    fn stop(&mut self) {
        self.stopped = true;
    }

    fn finish(self: Box<Self>) -> Vec<Value> {
        self.rows
    }
}

/// An export of several tables that was recognised.
pub(crate) struct Export {
    pub(crate) format: &'static dyn Format,
    pub(crate) joined: &'static dyn Joined,
    /// The place of each table.
    pub(crate) places: Vec<Place>,
}

/// Recognises an export by the names and columns of its tables; none if they are just tables.
pub(crate) fn recognise_export(tables: &[(&str, &[String])]) -> Option<Export> {
    FORMATS.iter().copied().find_map(|format| {
        let joined = format.joined()?;
        let places: Vec<Place> = tables
            .iter()
            .map(|(name, columns)| joined.place(name, columns))
            .collect();
        let ours = |place: &Place| matches!(place, Place::Machines | Place::Side(_));
        // Sheets of notes may stand beside the tables of an export, but machines of another format may not.
        let foreign =
            places.iter().all(|place| *place != Place::Machines) && places.contains(&Place::Foreign);
        (places.iter().any(ours) && !foreign).then_some(Export {
            format,
            joined,
            places,
        })
    })
}
