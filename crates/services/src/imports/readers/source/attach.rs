//! Rows of side tables put with the machines that they belong to.

use serde_json::{Map, Value};

use crate::imports::formats::Joined;
use crate::imports::readers::join::SideReader;
use crate::imports::readers::table::{Rows, SourceRow};
use crate::imports::readers::{FileFault, Limits, Notes};

/// Rows of machines with the rows of side tables attached under the tables' names.
pub(super) fn attach(
    rows: Rows,
    index: SideReader,
    joined: &'static dyn Joined,
    names: Vec<&'static str>,
    notes: Notes,
    limits: Limits,
) -> Rows {
    if names.is_empty() {
        return rows;
    }
    Box::new(Attached {
        rows,
        index,
        joined,
        names,
        notes,
        limits,
        done: false,
    })
}

struct Attached {
    rows: Rows,
    index: SideReader,
    joined: &'static dyn Joined,
    names: Vec<&'static str>,
    notes: Notes,
    limits: Limits,
    done: bool,
}

impl Iterator for Attached {
    type Item = Result<SourceRow, FileFault>;

    fn next(&mut self) -> Option<Self::Item> {
        let Some(row) = self.rows.next() else {
            if !std::mem::replace(&mut self.done, true) {
                let tables: Vec<String> = self.names.iter().map(|name| (*name).to_owned()).collect();
                self.index.report(&tables, &self.notes);
            }
            return None;
        };
        Some(row.and_then(|mut row| {
            let keys = self.joined.keys(&row.data);
            gather(
                &mut row.data,
                &keys,
                &mut self.index,
                self.joined,
                &self.names,
                &self.notes,
                &self.limits,
            )?;
            Ok(row)
        }))
    }
}

/// Adds the rows of side tables that carry a machine's keys to its record, without cells that the record has already.
pub(super) fn gather(
    data: &mut Map<String, Value>,
    keys: &[String],
    index: &mut SideReader,
    joined: &'static dyn Joined,
    names: &[&'static str],
    notes: &Notes,
    limits: &Limits,
) -> Result<(), FileFault> {
    let mut collectors: Vec<_> = names.iter().map(|name| joined.collect(name)).collect();
    let mut bytes = 0;
    index.find(
        keys,
        |row| joined.keys(row),
        |side| {
            let mut row = side.data;
            row.retain(|name, value| data.get(name) != Some(value));
            let Some(collector) = collectors.get_mut(side.table) else {
                return;
            };
            bytes += collector.add(row);
            if bytes > limits.attached_bytes {
                collector.stop();
                notes.again("attached_rows_cut", || {
                    format!(
                        "row {} of a side table and those after it do not fit into one record",
                        side.row_number
                    )
                });
            }
        },
    )?;
    for (name, collector) in names.iter().zip(collectors) {
        let rows = collector.finish();
        if rows.is_empty() {
            continue;
        }
        match data.get_mut(*name) {
            Some(Value::Array(present)) => present.extend(rows),
            _ => {
                data.insert((*name).to_owned(), Value::Array(rows));
            }
        }
    }
    Ok(())
}
