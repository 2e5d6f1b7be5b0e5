//! Cells as text, and cells as rows.

use calamine::{Data, DataRef, ExcelDateTime};

use crate::imports::readers::FileFault;

/// The cells of one row that hold something, by column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct CellRow {
    /// Row, from 1.
    pub(super) number: u64,
    /// Column, from 0, and text.
    pub(super) cells: Vec<(usize, String)>,
}

impl CellRow {
    /// Columns up to the last cell.
    pub(super) fn width(&self) -> usize {
        self.cells.iter().map(|(column, _)| column + 1).max().unwrap_or(0)
    }

    /// The cells with empty texts between them. The width was checked when they were added.
    pub(super) fn dense(&self) -> Vec<String> {
        let mut dense = vec![String::new(); self.width()];
        for (column, text) in &self.cells {
            if let Some(cell) = dense.get_mut(*column) {
                text.clone_into(cell);
            }
        }
        dense
    }
}

/// Gathers cells into rows in the order in which the sheet gives them.
pub(super) struct RowGrouper {
    columns: usize,
    row: Option<CellRow>,
}

impl RowGrouper {
    pub(super) const fn new(columns: usize) -> Self {
        Self { columns, row: None }
    }

    /// Adds a cell; gives the row before it when the cell starts another.
    pub(super) fn add(&mut self, row: u32, column: u32, text: String) -> Result<Option<CellRow>, FileFault> {
        let (number, column) = (u64::from(row) + 1, column as usize);
        if column >= self.columns {
            return Err(FileFault::TooManyColumns {
                row: number,
                limit: self.columns,
            });
        }
        if let Some(current) = self.row.as_mut().filter(|current| current.number == number) {
            if current.cells.len() >= self.columns {
                return Err(FileFault::TooManyColumns {
                    row: number,
                    limit: self.columns,
                });
            }
            current.cells.push((column, text));
            return Ok(None);
        }
        Ok(self.row.replace(CellRow {
            number,
            cells: vec![(column, text)],
        }))
    }

    /// The last row.
    pub(super) fn finish(self) -> Option<CellRow> {
        self.row
    }
}

/// A cell's value, whichever way the library holds it.
pub(super) trait CellValue {
    /// The value as the library's borrowed kind.
    fn as_cell(&self) -> DataRef<'_>;
}

impl CellValue for DataRef<'_> {
    fn as_cell(&self) -> DataRef<'_> {
        match self {
            DataRef::String(text) => DataRef::SharedString(text),
            DataRef::SharedString(text) => DataRef::SharedString(text),
            other => other.clone(),
        }
    }
}

impl CellValue for Data {
    fn as_cell(&self) -> DataRef<'_> {
        match self {
            Self::String(text) => DataRef::SharedString(text),
            Self::Int(number) => DataRef::Int(*number),
            Self::Float(number) => DataRef::Float(*number),
            Self::Bool(yes) => DataRef::Bool(*yes),
            Self::DateTime(time) => DataRef::DateTime(*time),
            Self::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
            Self::DurationIso(text) => DataRef::DurationIso(text.clone()),
            Self::Error(error) => DataRef::Error(error.clone()),
            Self::Empty => DataRef::Empty,
        }
    }
}

/// The text of a cell as a person sees it: dates as ISO 8601, whole numbers without a fraction. None for an empty cell.
pub(super) fn text_of(value: &impl CellValue) -> Option<String> {
    let text = match value.as_cell() {
        DataRef::Empty => return None,
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.replace('\0', "")
        }
        DataRef::SharedString(text) => text.replace('\0', ""),
        DataRef::Bool(yes) => if yes { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(time) => time_text(time),
        DataRef::Error(error) => error.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

/// A number with the 15 digits that spreadsheet programs show.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        // Adding zero makes negative zero positive.
        return format!("{:.0}", number + 0.0);
    }
    let exact = number.to_string();
    let digits = exact.bytes().filter(u8::is_ascii_digit).count();
    if digits <= 15 {
        return exact;
    }
    format!("{number:.14e}")
        .parse::<f64>()
        .map_or(exact, |rounded| rounded.to_string())
}

fn time_text(time: ExcelDateTime) -> String {
    if time.is_duration() {
        let seconds = (time.as_f64() * 86_400.0).round();
        let (hours, rest) = ((seconds / 3_600.0).trunc(), (seconds % 3_600.0).abs());
        return format!("{hours:.0}:{:02.0}:{:02.0}", (rest / 60.0).trunc(), rest % 60.0);
    }
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let clock = format!("{hour:02}:{minute:02}:{second:02}");
    match (time.as_f64() < 1.0, hour, minute, second, milli) {
        (true, ..) => clock,
        (false, 0, 0, 0, 0) => date,
        (false, .., 0) => format!("{date}T{clock}"),
        (false, .., milli) => format!("{date}T{clock}.{milli:03}"),
    }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    fn float(number: f64) -> String {
        text_of(&DataRef::Float(number)).unwrap()
    }

    fn time(serial: f64, kind: ExcelDateTimeType) -> String {
        text_of(&DataRef::DateTime(ExcelDateTime::new(serial, kind, false))).unwrap()
    }

    #[test]
    fn numbers_are_written_as_a_person_sees_them() {
        assert_eq!(float(16_384.0), "16384");
        assert_eq!(float(-0.0), "0");
        assert_eq!(float(-100.0), "-100");
        assert_eq!(float(0.6), "0.6");
        assert_eq!(float(0.1 + 0.2), "0.3");
        assert_eq!(float(12.5), "12.5");
    }

    #[test]
    fn dates_are_iso_texts() {
        assert_eq!(time(45_943.0, ExcelDateTimeType::DateTime), "2025-10-13");
        assert_eq!(
            time(45_943.541, ExcelDateTimeType::DateTime),
            "2025-10-13T12:59:02.400"
        );
        assert_eq!(time(45_943.5, ExcelDateTimeType::DateTime), "2025-10-13T12:00:00");
        assert_eq!(time(0.25, ExcelDateTimeType::DateTime), "06:00:00");
        assert_eq!(time(1.5, ExcelDateTimeType::TimeDelta), "36:00:00");
    }

    #[test]
    fn cells_far_to_the_right_are_refused_before_they_take_room() {
        let mut rows = RowGrouper::new(2_000);
        assert_eq!(
            rows.add(0, 16_383, "x".into()).unwrap_err().code(),
            "too_many_columns"
        );
    }

    #[test]
    fn rows_without_cells_are_no_rows() {
        let mut rows = RowGrouper::new(10);
        assert_eq!(rows.add(0, 0, "a".into()).unwrap(), None);
        assert_eq!(rows.add(0, 2, "b".into()).unwrap(), None);
        let first = rows.add(1_048_575, 0, "c".into()).unwrap().unwrap();
        assert_eq!(first.dense(), ["a", "", "b"]);
        assert_eq!(rows.finish().unwrap().number, 1_048_576);
    }
}
