//! Side tables uploaded without the table of machines: one record per machine, which adds to an asset that is there already.

use serde_json::Map;

use super::assemble::Seen;
use super::attach::gather;
use super::{Source, numbered};
use crate::imports::formats::{Format, Joined, Recognised};
use crate::imports::readers::join::SideReader;
use crate::imports::readers::physical::Physical;
use crate::imports::readers::table::SourceRow;
use crate::imports::readers::{FileFault, Limits, Notes};

/// The machines of side tables in order of appearance.
struct Machines {
    index: SideReader,
    number: usize,
    joined: &'static dyn Joined,
    names: Vec<&'static str>,
    notes: Notes,
    limits: Limits,
    failed: bool,
}

impl Machines {
    fn advance(&mut self) -> Result<Option<SourceRow>, FileFault> {
        loop {
            if self.index.machine_is_used(self.number) {
                self.number += 1;
                continue;
            }
            let Some(first) = self.index.machine(self.number)? else {
                return Ok(None);
            };
            self.number += 1;
            let keys = self.joined.keys(&first.data);
            let mut data: Map<_, _> = first
                .data
                .iter()
                .filter(|(name, _)| self.joined.is_key_column(name))
                .map(|(n, v)| (n.clone(), v.clone()))
                .collect();
            gather(
                &mut data,
                &keys,
                &mut self.index,
                self.joined,
                &self.names,
                &self.notes,
                &self.limits,
            )?;
            return Ok(Some(SourceRow {
                row_number: first.row_number,
                data,
                faults: Vec::new(),
            }));
        }
    }
}

impl Iterator for Machines {
    type Item = Result<SourceRow, FileFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let row = self.advance().transpose();
        self.failed = matches!(row, Some(Err(_)));
        row
    }
}

/// Records of machines made of side tables alone.
pub(super) fn supplements(
    physical: &Physical,
    sides: &[(&Seen, &'static str)],
    index: SideReader,
    format: &'static dyn Format,
    joined: &'static dyn Joined,
    notes: &Notes,
    limits: &Limits,
) -> Result<Source, FileFault> {
    let names: Vec<&'static str> = sides.iter().map(|(_, name)| *name).collect();
    let mut columns: Vec<String> = Vec::new();
    for column in sides.iter().flat_map(|(table, _)| &table.columns) {
        if joined.is_key_column(column) && !columns.contains(column) {
            columns.push(column.clone());
        }
    }
    let table = sides
        .first()
        .map(|(table, _)| table.name.clone())
        .ok_or(FileFault::Empty)?;
    let (encoding, delimiter) = physical.text_properties();
    let evidence = names.iter().map(|name| format!("table '{name}'")).collect();
    notes.add(
        "supplement",
        format!(
            "{} describes machines of another file: it adds to assets that are there and makes none",
            names.join(", ")
        ),
    );
    let machines = Machines {
        index,
        number: 0,
        joined,
        names,
        notes: notes.clone(),
        limits: limits.clone(),
        failed: false,
    };
    Ok(Source {
        format: Recognised {
            id: format.id(),
            label: format.label(),
            version: None,
            score: 1.0,
            evidence,
        },
        encoding,
        delimiter,
        table,
        columns,
        notes: notes.clone(),
        records: Box::new(numbered(Box::new(machines))),
    })
}
