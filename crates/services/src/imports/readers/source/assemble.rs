//! Which tables of a file are read, and how they belong together.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::attach::attach;
use super::supplement::supplements;
use super::{OpenOptions, Source, finished, numbered};
use crate::imports::formats::{Format, Joined, Place, Recognised, recognise, recognise_export};
use crate::imports::readers::join::{SideReader, SideWriter};
use crate::imports::readers::physical::Physical;
use crate::imports::readers::table::Rows;
use crate::imports::readers::{FileFault, Notes};

/// A table's place in the file and what its header says.
pub(super) struct Seen {
    pub(super) index: usize,
    pub(super) name: String,
    pub(super) columns: Vec<String>,
}

/// Chooses the tables of a file and makes one stream of records of them.
pub(super) fn assemble(
    physical: &Arc<Physical>,
    notes: &Notes,
    options: &OpenOptions,
) -> Result<Source, FileFault> {
    let seen = look(physical)?;
    let tables: Vec<(&str, &[String])> = seen
        .iter()
        .map(|table| (table.name.as_str(), table.columns.as_slice()))
        .collect();
    match recognise_export(&tables) {
        Some(export) => joined(
            physical,
            &seen,
            export.format,
            export.joined,
            &export.places,
            notes,
            options,
        ),
        None => single(physical, &seen, notes),
    }
}

/// The header of every table.
fn look(physical: &Physical) -> Result<Vec<Seen>, FileFault> {
    let mut seen = Vec::new();
    for index in 0..physical.len() {
        if let Some(table) = physical.table(index, &Notes::default())? {
            seen.push(Seen {
                index,
                name: table.name,
                columns: table.columns,
            });
        }
    }
    if seen.is_empty() {
        let names: Vec<String> = (0..physical.len().min(10))
            .map(|index| physical.name(index))
            .collect();
        return Err(FileFault::NoTable {
            names: names.join(", "),
        });
    }
    Ok(seen)
}

fn source(
    physical: &Physical,
    format: Recognised,
    table: String,
    columns: Vec<String>,
    notes: &Notes,
    rows: Rows,
) -> Source {
    let (encoding, delimiter) = physical.text_properties();
    Source {
        format,
        encoding,
        delimiter,
        table,
        columns,
        notes: notes.clone(),
        records: Box::new(numbered(rows)),
    }
}

/// One table, or several of the same columns after one another: of a workbook the one that is recognised best, the first
/// such; an archive of different tables is refused, because leaving all but one out would look like success.
fn single(physical: &Arc<Physical>, seen: &[Seen], notes: &Notes) -> Result<Source, FileFault> {
    let chosen: Vec<&Seen> = match (physical.as_ref(), seen) {
        (Physical::Texts(_), [first, rest @ ..]) => {
            if rest.iter().any(|table| table.columns != first.columns) {
                let names: Vec<&str> = seen.iter().take(10).map(|table| table.name.as_str()).collect();
                return Err(FileFault::SeveralTables {
                    names: names.join(", "),
                });
            }
            seen.iter().collect()
        }
        _ => best(seen).into_iter().collect(),
    };
    let Some(first) = chosen.first() else {
        return Err(FileFault::Empty);
    };
    for table in seen
        .iter()
        .filter(|table| chosen.iter().all(|chosen| chosen.index != table.index))
    {
        notes.add("table_left_out", format!("sheet '{}' was not read", table.name));
    }
    let (format, recognised) = recognise(&first.columns);
    let rows = rows_of(physical, &chosen, notes);
    Ok(source(
        physical,
        recognised,
        first.name.clone(),
        first.columns.clone(),
        notes,
        finished(format, rows),
    ))
}

fn best(seen: &[Seen]) -> Option<&Seen> {
    let score = |table: &Seen| recognise(&table.columns).1.score;
    let wide = |table: &&Seen| table.columns.len() > 1;
    let first = seen.iter().find(wide).or_else(|| seen.first())?;
    Some(seen.iter().filter(wide).fold(
        first,
        |best, table| if score(table) > score(best) { table } else { best },
    ))
}

/// The rows of several tables after one another, each opened when the one before it has ended.
fn rows_of(physical: &Arc<Physical>, tables: &[&Seen], notes: &Notes) -> Rows {
    let (physical, notes) = (Arc::clone(physical), notes.clone());
    let indexes: Vec<usize> = tables.iter().map(|table| table.index).collect();
    Box::new(
        indexes
            .into_iter()
            .flat_map(move |index| match physical.table(index, &notes) {
                Ok(Some(table)) => table.rows,
                Ok(None) => Box::new(std::iter::empty()),
                Err(fault) => Box::new(std::iter::once(Err(fault))),
            }),
    )
}

/// Tables of one export: side tables first into the index, then the machines with their rows attached.
fn joined(
    physical: &Arc<Physical>,
    seen: &[Seen],
    format: &'static dyn Format,
    joined: &'static dyn Joined,
    places: &[Place],
    notes: &Notes,
    options: &OpenOptions,
) -> Result<Source, FileFault> {
    let of = |wanted: fn(&Place) -> bool| -> Vec<&Seen> {
        seen.iter()
            .zip(places)
            .filter(|(_, place)| wanted(place))
            .map(|(table, _)| table)
            .collect()
    };
    let machines = of(|place| matches!(place, Place::Machines));
    let hosts = of(|place| matches!(place, Place::Hosts));
    let sides: Vec<(&Seen, &'static str)> = seen
        .iter()
        .zip(places)
        .filter_map(|(table, place)| {
            if let Place::Side(name) = place {
                Some((table, *name))
            } else {
                None
            }
        })
        .collect();
    for table in of(|place| matches!(place, Place::Ignored | Place::Foreign)) {
        notes.add(
            "table_left_out",
            format!(
                "'{}' holds nothing about single machines and was not read",
                table.name
            ),
        );
    }
    let names: Vec<&'static str> = sides.iter().map(|(_, name)| *name).collect();
    let index = index_sides(physical, &sides, joined, notes)?;
    let Some(first) = machines.first() else {
        return supplements(physical, &sides, index, format, joined, notes, &options.limits);
    };
    let with_hosts = options.include.contains("hosts");
    let (_, recognised) = recognise(&first.columns);
    let recognised = Recognised {
        id: format.id(),
        label: format.label(),
        ..recognised
    };
    let mut columns = first.columns.clone();
    let mut tables = machines.clone();
    if with_hosts {
        tables.extend(&hosts);
    } else {
        count_hosts(physical, &hosts, notes)?;
    }
    let known: BTreeSet<String> = columns.iter().cloned().collect();
    let more = tables
        .iter()
        .skip(1)
        .flat_map(|table| &table.columns)
        .filter(|name| !known.contains(*name));
    columns.extend(more.cloned().collect::<BTreeSet<_>>());
    let rows = finished(format, rows_of(physical, &tables, notes));
    let rows = attach(rows, index, joined, names, notes.clone(), options.limits.clone());
    Ok(source(
        physical,
        recognised,
        first.name.clone(),
        columns,
        notes,
        rows,
    ))
}

fn count_hosts(physical: &Physical, hosts: &[&Seen], notes: &Notes) -> Result<(), FileFault> {
    for table in hosts {
        let Some(opened) = physical.table(table.index, notes)? else {
            continue;
        };
        let mut count = 0;
        for row in opened.rows {
            row?;
            count += 1;
        }
        notes.add_many(
            "hosts_left_out",
            "hosts are not imported as assets; include 'hosts' to have them",
            count,
        );
    }
    Ok(())
}

/// Stores the rows of all side tables by the keys of their machines.
fn index_sides(
    physical: &Physical,
    sides: &[(&Seen, &'static str)],
    joined: &'static dyn Joined,
    notes: &Notes,
) -> Result<SideReader, FileFault> {
    let mut writer = SideWriter::new()?;
    for (number, (table, name)) in sides.iter().enumerate() {
        let Some(opened) = physical.table(table.index, notes)? else {
            continue;
        };
        for row in opened.rows {
            let row = row?;
            if let Some(fault) = row.faults.first() {
                notes.again("side_row_fault", || format!("'{name}': {}", fault.message));
            }
            writer.add(number, row.row_number, &joined.keys(&row.data), &row.data)?;
        }
    }
    Ok(writer.finish()?)
}
