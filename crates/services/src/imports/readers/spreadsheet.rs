//! Workbooks. The library that reads them borrows the workbook while it streams a sheet, so the workbook lives in a thread
//! of its own and hands rows over a bounded channel; whoever drops the rows ends the work on that sheet. Whatever the file
//! claims about its dimensions is ignored: rows are those that hold cells.

mod cells;
mod legacy;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use calamine::{Reader, SheetType, Xls, Xlsx};

use self::cells::{CellRow, RowGrouper, text_of};
use super::archive::Archive;
use super::header::Header;
use super::row::RowBuilder;
use super::table::{SourceRow, Table};
use super::{FileFault, Limits, Notes};

/// Rows handed over at once.
const BATCH: usize = 128;
/// Batches that may wait to be taken.
const WAITING: usize = 2;
/// Rows among which the header must be.
const HEADER_WITHIN: usize = 20;

/// An open workbook.
#[derive(Debug)]
pub(super) struct Workbook {
    /// Its sheets of cells, in order.
    pub(super) sheets: Vec<String>,
    requests: Sender<Request>,
    limits: Limits,
}

/// What the workbook's thread is asked for.
struct Request {
    sheet: String,
    reply: SyncSender<Reply>,
}

/// What it answers.
enum Reply {
    Rows(Vec<CellRow>),
    End,
    Broken(FileFault),
}

/// Which program family wrote the file.
#[derive(Clone, Copy)]
enum Flavour {
    Xlsx,
    Xls,
}

impl Workbook {
    /// Opens an XLSX workbook whose archive was checked.
    pub(super) fn open_xlsx(path: &Path, archive: &Archive, limits: &Limits) -> Result<Self, FileFault> {
        if archive.has("xl/workbook.bin") {
            return Err(FileFault::Unsupported {
                kind: "a binary workbook (.xlsb)",
                instead: ".xlsx or CSV",
            });
        }
        Self::start(path.to_owned(), Flavour::Xlsx, limits)
    }

    /// Opens a workbook of the old binary kind, under its caps.
    pub(super) fn open_xls(path: &Path, limits: &Limits) -> Result<Self, FileFault> {
        legacy::check(path, limits)?;
        Self::start(path.to_owned(), Flavour::Xls, limits)
    }

    fn start(path: PathBuf, flavour: Flavour, limits: &Limits) -> Result<Self, FileFault> {
        let (requests, inbox) = channel();
        let (ready, opened) = sync_channel(1);
        let columns = limits.columns;
        thread::Builder::new()
            .name("workbook".to_owned())
            .spawn(move || match flavour {
                Flavour::Xlsx => serve_xlsx(&path, &ready, &inbox, columns),
                Flavour::Xls => serve_xls(&path, &ready, &inbox, columns),
            })?;
        // A thread that ended without an answer met something that the library did not foresee.
        let sheets = opened
            .recv()
            .unwrap_or_else(|_| Err(broken("its structure is damaged")))?;
        Ok(Self {
            sheets,
            requests,
            limits: limits.clone(),
        })
    }

    /// The table on a sheet; none if there is none. Rows of one sheet at a time: take or drop them before the next sheet's.
    pub(super) fn table(&self, sheet: &str, notes: &Notes) -> Result<Option<Table>, FileFault> {
        let (reply, answers) = sync_channel(WAITING);
        let request = Request {
            sheet: sheet.to_owned(),
            reply,
        };
        self.requests
            .send(request)
            .map_err(|_| broken("its structure is damaged"))?;
        let mut rows = Rows {
            answers,
            batch: Vec::new().into_iter(),
            done: false,
        };
        let first: Vec<CellRow> = rows.by_ref().take(HEADER_WITHIN).collect::<Result<_, _>>()?;
        let dense: Vec<Vec<String>> = first.iter().map(CellRow::dense).collect();
        let Some(header) = Header::find(&dense, notes, &self.limits)? else {
            return Ok(None);
        };
        if dense.len() == header.skipped + 1 {
            return Ok(None);
        }
        let columns = header.columns;
        let builder = RowBuilder::new(columns.clone(), notes.clone());
        let limits = self.limits.clone();
        let cell_rows = first.into_iter().skip(header.skipped + 1).map(Ok).chain(rows);
        let rows = cell_rows.map(move |row| row.and_then(|row| source_row(&row, &builder, &limits)));
        Ok(Some(Table {
            name: sheet.to_owned(),
            columns,
            rows: Box::new(rows),
        }))
    }
}

/// Names the cells of a row. Cells beyond the header are kept, and the row is at fault.
fn source_row(row: &CellRow, builder: &RowBuilder, limits: &Limits) -> Result<SourceRow, FileFault> {
    let mut data = serde_json::Map::new();
    let mut bytes = 0;
    for (column, text) in &row.cells {
        if text.len() > limits.field_bytes {
            let (line, limit) = (row.number, limits.field_bytes);
            return Err(FileFault::FieldTooLong {
                row: row.number,
                line,
                column: column + 1,
                limit,
            });
        }
        bytes += text.len();
        data.insert(builder.name(*column), builder.cell(row.number, *column, text));
    }
    if bytes > limits.record_bytes {
        return Err(FileFault::RecordTooLong {
            row: row.number,
            line: row.number,
            limit: limits.record_bytes,
        });
    }
    let beyond = row.width().saturating_sub(builder.width());
    let faults = builder.shape_faults(row.number, builder.width() + beyond, false);
    Ok(SourceRow {
        row_number: row.number,
        data,
        faults,
    })
}

/// The rows of a sheet, as they arrive.
struct Rows {
    answers: Receiver<Reply>,
    batch: std::vec::IntoIter<CellRow>,
    done: bool,
}

impl Iterator for Rows {
    type Item = Result<CellRow, FileFault>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.batch.next() {
                return Some(Ok(row));
            }
            if self.done {
                return None;
            }
            match self.answers.recv() {
                Ok(Reply::Rows(batch)) => self.batch = batch.into_iter(),
                Ok(Reply::End) => self.done = true,
                Ok(Reply::Broken(fault)) => {
                    self.done = true;
                    return Some(Err(fault));
                }
                Err(_) => {
                    self.done = true;
                    return Some(Err(broken("a sheet of it is damaged")));
                }
            }
        }
    }
}

fn broken(reason: impl std::fmt::Display) -> FileFault {
    FileFault::BrokenWorkbook {
        reason: reason.to_string(),
    }
}

type Opened = Result<Vec<String>, FileFault>;

fn sheet_names<R: Reader<BufReader<File>>>(workbook: &R) -> Vec<String> {
    let cells = |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet;
    workbook
        .sheets_metadata()
        .iter()
        .filter(cells)
        .map(|sheet| sheet.name.clone())
        .collect()
}

fn serve_xlsx(path: &Path, ready: &SyncSender<Opened>, inbox: &Receiver<Request>, columns: usize) {
    let opened = File::open(path)
        .map_err(FileFault::from)
        .and_then(|file| Xlsx::new(BufReader::new(file)).map_err(broken));
    let mut workbook = match opened {
        Ok(workbook) => workbook,
        Err(fault) => {
            // Nobody waits any more if this fails.
            let _ = ready.send(Err(fault));
            return;
        }
    };
    if ready.send(Ok(sheet_names(&workbook))).is_err() {
        return;
    }
    for request in inbox {
        let end = stream_xlsx(&mut workbook, &request, columns);
        // The receiver may have had enough of this sheet.
        let _ = request
            .reply
            .send(end.map_or_else(Reply::Broken, |()| Reply::End));
    }
}

fn stream_xlsx(
    workbook: &mut Xlsx<BufReader<File>>,
    request: &Request,
    columns: usize,
) -> Result<(), FileFault> {
    let mut reader = workbook.worksheet_cells_reader(&request.sheet).map_err(broken)?;
    let mut rows = RowGrouper::new(columns);
    let mut batch = Vec::with_capacity(BATCH);
    while let Some(cell) = reader.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let Some(text) = text_of(cell.get_value()) else {
            continue;
        };
        if let Some(done) = rows.add(row, column, text)? {
            batch.push(done);
            if batch.len() == BATCH
                && request
                    .reply
                    .send(Reply::Rows(std::mem::take(&mut batch)))
                    .is_err()
            {
                return Ok(());
            }
        }
    }
    batch.extend(rows.finish());
    // The receiver may have had enough of this sheet.
    let _ = request.reply.send(Reply::Rows(batch));
    Ok(())
}

fn serve_xls(path: &Path, ready: &SyncSender<Opened>, inbox: &Receiver<Request>, columns: usize) {
    let opened = File::open(path)
        .map_err(FileFault::from)
        .and_then(|file| Xls::new(BufReader::new(file)).map_err(broken));
    let mut workbook = match opened {
        Ok(workbook) => workbook,
        Err(fault) => {
            // Nobody waits any more if this fails.
            let _ = ready.send(Err(fault));
            return;
        }
    };
    if ready.send(Ok(sheet_names(&workbook))).is_err() {
        return;
    }
    for request in inbox {
        let end = stream_xls(&mut workbook, &request, columns);
        // The receiver may have had enough of this sheet.
        let _ = request
            .reply
            .send(end.map_or_else(Reply::Broken, |()| Reply::End));
    }
}

fn stream_xls(
    workbook: &mut Xls<BufReader<File>>,
    request: &Request,
    columns: usize,
) -> Result<(), FileFault> {
    let range = workbook.worksheet_range(&request.sheet).map_err(broken)?;
    let (first_row, first_column) = range.start().unwrap_or_default();
    let mut rows = RowGrouper::new(columns);
    let mut batch = Vec::with_capacity(BATCH);
    for (row, column, value) in range.used_cells() {
        let Some(text) = text_of(value) else { continue };
        let (row, column) = (first_row as usize + row, first_column as usize + column);
        if let Some(done) = rows.add(index(row), index(column), text)? {
            batch.push(done);
            if batch.len() == BATCH
                && request
                    .reply
                    .send(Reply::Rows(std::mem::take(&mut batch)))
                    .is_err()
            {
                return Ok(());
            }
        }
    }
    batch.extend(rows.finish());
    // The receiver may have had enough of this sheet.
    let _ = request.reply.send(Reply::Rows(batch));
    Ok(())
}

/// Positions in such a sheet fit 16 bits.
fn index(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[path = "spreadsheet/tests.rs"]
mod tests;
