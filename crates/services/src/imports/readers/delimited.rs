//! CSV and its relatives: finds the delimiter and the header, then reads rows as a stream.

use std::io::{Cursor, Read};

use super::bytes::{ByteSource, count_of, read_full};
use super::encoding::TextEncoding;
use super::header::Header;
use super::records::RecordReader;
use super::row::RowBuilder;
use super::table::{SourceRow, Table};
use super::{FileFault, Limits, Notes};

/// Delimiters looked for, the likelier first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Bytes of the start of a file by which the delimiter and the header are found.
const HEAD: usize = 64 << 10;
/// Records looked at for the delimiter.
const SAMPLE: usize = 200;
/// Records among which the header must be.
const HEADER_WITHIN: usize = 20;
/// Empty rows held back until it is known whether they are the last.
const EMPTY_ROWS_HELD: usize = 65_536;

/// A delimited file, looked at and ready to be read.
#[derive(Debug)]
pub(super) struct Delimited {
    source: ByteSource,
    name: String,
    pub(super) encoding: TextEncoding,
    pub(super) delimiter: u8,
    header: Header,
    limits: Limits,
}

impl Delimited {
    /// Looks at a source: its encoding, delimiter and header.
    pub(super) fn open(
        source: ByteSource,
        name: &str,
        notes: &Notes,
        limits: &Limits,
    ) -> Result<Self, FileFault> {
        let encoding = TextEncoding::detect(&source, notes)?;
        let mut reader = encoding.reader(&source)?;
        let mut head = vec![0; HEAD];
        let filled = read_full(&mut *reader, &mut head)?;
        head.truncate(filled);
        let whole = filled < HEAD;
        let stated = stated_delimiter(&head);
        let delimiter = match stated {
            Some(delimiter) => delimiter,
            None => sniff(&head, whole, limits),
        };
        let records = first_records(encoding, &source, delimiter, limits)?;
        let preamble = preamble(&records, stated.is_some(), notes);
        let below = records.get(preamble..).unwrap_or_default();
        let mut header = Header::find(below, notes, limits)?.ok_or(FileFault::Empty)?;
        header.skipped += preamble;
        if records.len() == header.skipped + 1 {
            return Err(FileFault::NoRows {
                columns: header.columns.len(),
            });
        }
        refuse_prose(&records, header.skipped)?;
        Ok(Self {
            source,
            name: name.to_owned(),
            encoding,
            delimiter,
            header,
            limits: limits.clone(),
        })
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Its rows, from the first.
    pub(super) fn table(&self, notes: &Notes) -> Result<Table, FileFault> {
        let mut records =
            RecordReader::new(self.encoding.reader(&self.source)?, self.delimiter, &self.limits);
        for _ in 0..=self.header.skipped {
            records.next()?;
        }
        let rows = DelimitedRows {
            records,
            builder: RowBuilder::new(self.header.columns.clone(), notes.clone()),
            held: Vec::new(),
            ready: None,
            notes: notes.clone(),
            done: false,
        };
        Ok(Table {
            name: self.name.clone(),
            columns: self.header.columns.clone(),
            rows: Box::new(rows),
        })
    }
}

/// Rows of a delimited file. Empty rows at the end are left out and counted; elsewhere they are faults.
struct DelimitedRows {
    records: RecordReader<Box<dyn Read + Send>>,
    builder: RowBuilder,
    /// Numbers and widths of empty rows, last first once they are being given out.
    held: Vec<(u64, usize)>,
    /// The row that follows the held ones.
    ready: Option<SourceRow>,
    notes: Notes,
    done: bool,
}

impl DelimitedRows {
    fn advance(&mut self) -> Result<Option<SourceRow>, FileFault> {
        if self.ready.is_some() {
            return Ok(match self.held.pop() {
                Some((row, width)) => Some(self.builder.row(row, width, std::iter::repeat_n("", width))),
                None => self.ready.take(),
            });
        }
        while let Some(record) = self.records.next()? {
            if record.cells().all(|cell| cell.trim().is_empty()) {
                if self.held.len() < EMPTY_ROWS_HELD {
                    self.held.push((record.row, record.len()));
                } else {
                    self.notes.again("empty_rows", || {
                        format!("empty rows from row {} on were left out", record.row)
                    });
                }
                continue;
            }
            let row = self.builder.row(record.row, record.len(), record.cells());
            if self.held.is_empty() {
                return Ok(Some(row));
            }
            self.held.reverse();
            self.ready = Some(row);
            return self.advance();
        }
        let count = self.held.len() as u64;
        self.notes.add_many(
            "empty_rows",
            "empty rows at the end of the table were left out",
            count,
        );
        Ok(None)
    }
}

impl Iterator for DelimitedRows {
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

/// The delimiter of a first line `sep=;`, as spreadsheet programs write it.
fn stated_delimiter(head: &[u8]) -> Option<u8> {
    let line = head.split(|byte| matches!(byte, b'\r' | b'\n')).next()?;
    match line {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] if DELIMITERS.contains(delimiter) => {
            Some(*delimiter)
        }
        _ => None,
    }
}

/// Lines above the table that belong to the tool which wrote it.
fn preamble(records: &[Vec<String>], stated_delimiter: bool, notes: &Notes) -> usize {
    if stated_delimiter {
        return 1;
    }
    let typed = records
        .first()
        .and_then(|record| record.first())
        .is_some_and(|cell| cell.starts_with("#TYPE "));
    if typed {
        notes.add(
            "type_line_skipped",
            "the first line names a PowerShell type and was skipped",
        );
    }
    usize::from(typed)
}

fn first_records(
    encoding: TextEncoding,
    source: &ByteSource,
    delimiter: u8,
    limits: &Limits,
) -> Result<Vec<Vec<String>>, FileFault> {
    let mut reader = RecordReader::new(encoding.reader(source)?, delimiter, limits);
    let mut records = Vec::new();
    while records.len() < HEADER_WITHIN {
        match reader.next() {
            Ok(Some(record)) => records.push(record.cells().map(str::to_owned).collect()),
            Ok(None) => break,
            // The header is known; what is wrong further down is told when it is read.
            Err(_) if records.len() > 3 => break,
            Err(fault) => return Err(fault),
        }
    }
    Ok(records)
}

/// The delimiter under which most rows are as wide as the header. Quotes are respected. A file of one column has none.
fn sniff(head: &[u8], whole: bool, limits: &Limits) -> u8 {
    let mut best: Option<(u64, usize, u8)> = None;
    for delimiter in DELIMITERS {
        let widths = widths(head, whole, delimiter, limits);
        let Some((header, width)) = widths
            .iter()
            .copied()
            .enumerate()
            .take(HEADER_WITHIN)
            .find(|(_, width)| *width > 1)
        else {
            continue;
        };
        let below = widths.get(header + 1..).unwrap_or_default();
        let fitting = below.iter().filter(|other| **other == width).count();
        let score = (fitting as u64 + 1) * 1_000 / (below.len() as u64 + 1);
        // A header in the first row speaks for a delimiter more than one below what would then be titles.
        let score = if header == 0 { score } else { score * 9 / 10 };
        if best.is_none_or(|(most, widest, _)| (score, width) > (most, widest)) {
            best = Some((score, width, delimiter));
        }
    }
    if let Some((_, _, delimiter)) = best {
        return delimiter;
    }
    // Not even one row ends within the head, or there is one column: the commonest delimiter, if any.
    let count = |delimiter: u8| count_of(delimiter, head);
    let most = DELIMITERS
        .into_iter()
        .rev()
        .max_by_key(|delimiter| count(*delimiter))
        .unwrap_or(b',');
    if whole || head.contains(&b'\n') {
        b','
    } else {
        most
    }
}

/// Widths of the complete records in the head.
fn widths(head: &[u8], whole: bool, delimiter: u8, limits: &Limits) -> Vec<usize> {
    let mut reader = RecordReader::new(Cursor::new(head), delimiter, limits);
    let mut widths = Vec::new();
    while widths.len() < SAMPLE {
        match reader.next() {
            Ok(Some(record)) => widths.push(record.len()),
            Ok(None) => {
                if !whole {
                    widths.pop();
                }
                break;
            }
            Err(_) => break,
        }
    }
    widths
}

/// Words that one column name may have; a sentence has more.
const WORDS_OF_NAME: usize = 12;

/// One column is a list of names, or it is text that somebody called a table; so is a header of sentences.
fn refuse_prose(records: &[Vec<String>], header: usize) -> Result<(), FileFault> {
    let words = |cell: &str| cell.split_whitespace().count();
    let names = records.get(header).map(Vec::as_slice).unwrap_or_default();
    let sentences = names.iter().any(|name| words(name) > WORDS_OF_NAME);
    let one_column = names.iter().filter(|name| !name.trim().is_empty()).count() == 1;
    let mut cells = records.iter().skip(header).filter_map(|record| record.first());
    let prose = one_column
        && (cells.any(|cell| words(cell) > 6 || cell.chars().count() > 120)
            || names
                .first()
                .is_some_and(|name| name.ends_with(['.', ':', '!', '?'])));
    if sentences || prose {
        return Err(FileFault::NotTabular {
            found: "text without columns".to_owned(),
        });
    }
    Ok(())
}

#[cfg(test)]
#[path = "delimited/tests.rs"]
mod tests;
