//! Records of a delimited text, one at a time, in memory bounded by the limits however long a line is.

use std::io::Read;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::bytes::count_of;
use super::{FileFault, Limits};

/// Bytes read at once.
const STEP: usize = 64 << 10;

/// Splits UTF-8 text into records.
pub(super) struct RecordReader<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    core: Reader,
    limits: Limits,
    /// Unquoted bytes of the current record's cells.
    cells: Vec<u8>,
    cells_len: usize,
    /// End of each complete cell in `cells`.
    ends: Vec<usize>,
    ends_len: usize,
    row: u64,
    line: u64,
    line_of_record: u64,
    /// The last byte was a carriage return: a newline that follows ends no further record.
    after_return: bool,
}

/// One record.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    /// Row as a spreadsheet counts: the first is 1, blank lines count, line breaks within quotes do not.
    pub(super) row: u64,
    cells: &'a [u8],
    ends: &'a [usize],
}

impl<'a> Record<'a> {
    /// Number of cells.
    pub(super) fn len(self) -> usize {
        self.ends.len()
    }

    /// The cells.
    pub(super) fn cells(self) -> impl Iterator<Item = &'a str> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let cell = self.cells.get(start..*end).unwrap_or_default();
            start = *end;
            // The text was checked as a whole and is cut at ASCII characters only.
            std::str::from_utf8(cell).unwrap_or_default()
        })
    }
}

impl<R: Read> RecordReader<R> {
    pub(super) fn new(input: R, delimiter: u8, limits: &Limits) -> Self {
        Self {
            input,
            buffer: vec![0; STEP],
            start: 0,
            end: 0,
            core: ReaderBuilder::new().delimiter(delimiter).build(),
            limits: limits.clone(),
            cells: vec![0; 4 << 10],
            cells_len: 0,
            ends: vec![0; 64],
            ends_len: 0,
            row: 0,
            line: 1,
            line_of_record: 1,
            after_return: false,
        }
    }

    /// The next record; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, FileFault> {
        self.cells_len = 0;
        self.ends_len = 0;
        if !self.skip_blank_lines()? {
            return Ok(None);
        }
        self.row += 1;
        self.line_of_record = self.line;
        let mut ended = false;
        loop {
            if self.start == self.end && !ended {
                ended = !self.fill()?;
            }
            if ended && self.start == self.end {
                // A line break closes the last record, unless it falls within quotes.
                self.buffer.splice(..1, [b'\n']);
                (self.start, self.end) = (0, 1);
                return match self.step()? {
                    ReadRecordResult::Record => self.record().map(Some),
                    _ => Err(self.unterminated()),
                };
            }
            match self.step()? {
                ReadRecordResult::Record => return self.record().map(Some),
                ReadRecordResult::End => return Ok(None),
                _ => {}
            }
        }
    }

    /// Passes bytes to the state machine until it wants more or has a record, growing the buffers up to the limits.
    fn step(&mut self) -> Result<ReadRecordResult, FileFault> {
        loop {
            let input = self.buffer.get(self.start..self.end).unwrap_or_default();
            let cells = self.cells.get_mut(self.cells_len..).unwrap_or_default();
            let ends = self.ends.get_mut(self.ends_len..).unwrap_or_default();
            let (result, read, wrote, ended) = self.core.read_record(input, cells, ends);
            let consumed = input.get(..read).unwrap_or_default();
            self.line += count_of(b'\n', consumed);
            self.after_return = consumed.last().map_or(self.after_return, |last| *last == b'\r');
            self.start += read;
            self.cells_len += wrote;
            self.ends_len += ended;
            match result {
                ReadRecordResult::OutputFull => self.grow_cells()?,
                ReadRecordResult::OutputEndsFull => self.grow_ends()?,
                other => return Ok(other),
            }
            // The state machine takes an empty input for the end of the text.
            if self.start == self.end {
                return Ok(ReadRecordResult::InputEmpty);
            }
        }
    }

    fn grow_cells(&mut self) -> Result<(), FileFault> {
        let field = self.cells_len - self.field_start();
        if field > self.limits.field_bytes {
            return Err(self.field_too_long(self.ends_len));
        }
        if self.cells.len() > self.limits.record_bytes {
            return Err(FileFault::RecordTooLong {
                row: self.row,
                line: self.line_of_record,
                limit: self.limits.record_bytes,
            });
        }
        let larger = (self.cells.len() * 2).min(self.limits.record_bytes + 1);
        self.cells.resize(larger, 0);
        Ok(())
    }

    fn grow_ends(&mut self) -> Result<(), FileFault> {
        if self.ends.len() > self.limits.columns {
            return Err(FileFault::TooManyColumns {
                row: self.row,
                limit: self.limits.columns,
            });
        }
        let larger = (self.ends.len() * 2).min(self.limits.columns + 1);
        self.ends.resize(larger, 0);
        Ok(())
    }

    /// Where the cell being read starts in `cells`.
    fn field_start(&self) -> usize {
        self.ends_len
            .checked_sub(1)
            .and_then(|last| self.ends.get(last))
            .copied()
            .unwrap_or(0)
    }

    /// A cell that is too long and goes over lines is one whose quote was not closed where it should be.
    fn field_too_long(&self, column: usize) -> FileFault {
        if self
            .cells
            .get(self.field_start()..self.cells_len)
            .unwrap_or_default()
            .contains(&b'\n')
        {
            return self.unterminated();
        }
        FileFault::FieldTooLong {
            row: self.row,
            line: self.line_of_record,
            column: column + 1,
            limit: self.limits.field_bytes,
        }
    }

    /// The quote opened at the start of the cell being read.
    fn unterminated(&self) -> FileFault {
        let before = self.cells.get(..self.field_start()).unwrap_or_default();
        let line = self.line_of_record + count_of(b'\n', before);
        FileFault::UnterminatedQuote { line }
    }

    fn record(&self) -> Result<Record<'_>, FileFault> {
        let cells = self.cells.get(..self.cells_len).unwrap_or_default();
        let ends = self.ends.get(..self.ends_len).unwrap_or_default();
        if ends.len() > self.limits.columns {
            return Err(FileFault::TooManyColumns {
                row: self.row,
                limit: self.limits.columns,
            });
        }
        if cells.len() > self.limits.record_bytes {
            let limit = self.limits.record_bytes;
            return Err(FileFault::RecordTooLong {
                row: self.row,
                line: self.line_of_record,
                limit,
            });
        }
        if cells.len() > self.limits.field_bytes {
            let starts = std::iter::once(&0).chain(ends);
            if let Some(column) = starts
                .zip(ends)
                .position(|(start, end)| end - start > self.limits.field_bytes)
            {
                let limit = self.limits.field_bytes;
                return Err(FileFault::FieldTooLong {
                    row: self.row,
                    line: self.line_of_record,
                    column: column + 1,
                    limit,
                });
            }
        }
        Ok(Record {
            row: self.row,
            cells,
            ends,
        })
    }

    /// Passes over blank lines, counting them; false at the end of the text.
    fn skip_blank_lines(&mut self) -> Result<bool, FileFault> {
        loop {
            if self.start == self.end && !self.fill()? {
                return Ok(false);
            }
            match self.buffer.get(self.start) {
                Some(b'\n') => {
                    self.row += u64::from(!self.after_return);
                    self.line += 1;
                    self.after_return = false;
                }
                Some(b'\r') => {
                    self.row += 1;
                    self.after_return = true;
                }
                _ => {
                    self.after_return = false;
                    return Ok(true);
                }
            }
            self.start += 1;
        }
    }

    /// Reads more; false at the end.
    fn fill(&mut self) -> Result<bool, FileFault> {
        self.start = 0;
        self.end = 0;
        loop {
            match self.input.read(&mut self.buffer) {
                Ok(count) => {
                    self.end = count;
                    return Ok(count > 0);
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

#[cfg(test)]
#[path = "records/tests.rs"]
mod tests;
