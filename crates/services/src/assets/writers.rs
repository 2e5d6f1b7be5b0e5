//! The formats of an export. Each takes the cells of one asset at a time.

use super::{AssetError, ExportFormat};
use crate::imports::readers::{escape_formula, unescape_formula};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde_json::{Map, Value};
use std::io::{Read, Seek, SeekFrom};

/// Writes an export piece by piece.
pub(super) enum Writer {
    /// Comma separated, with a header line.
    Csv,
    /// One JSON object per line.
    Ndjson(Vec<String>),
    /// A workbook, which is complete only at its end: rows are kept on disk until then.
    Xlsx(Box<Sheet>),
}

/// A workbook with one sheet that keeps no row in memory.
pub(super) struct Sheet {
    workbook: Workbook,
    row: u32,
}

impl Writer {
    /// A writer, and the first bytes.
    pub(super) fn begin(format: ExportFormat, headers: &[&str]) -> Result<(Self, Vec<u8>), AssetError> {
        Ok(match format {
            ExportFormat::Csv => (
                Self::Csv,
                line(headers.iter().map(|header| escape_formula(header).into_owned()))?,
            ),
            ExportFormat::Ndjson => (
                Self::Ndjson(headers.iter().map(|header| (*header).to_owned()).collect()),
                Vec::new(),
            ),
            ExportFormat::Xlsx => (
                Self::Xlsx(Box::new(Sheet::new(headers).map_err(broken)?)),
                Vec::new(),
            ),
        })
    }

    /// The bytes of one asset, which may be none yet.
    pub(super) fn row(&mut self, cells: Vec<Value>) -> Result<Vec<u8>, AssetError> {
        match self {
            Self::Csv => line(cells.into_iter().map(text)),
            Self::Ndjson(headers) => {
                let object: Map<String, Value> = headers
                    .iter()
                    .cloned()
                    .zip(cells)
                    .filter(|(_, value)| !value.is_null())
                    .collect();
                let mut line =
                    serde_json::to_vec(&object).map_err(|error| AssetError::Write(error.to_string()))?;
                line.push(b'\n');
                Ok(line)
            }
            Self::Xlsx(sheet) => sheet.row(cells).map(|()| Vec::new()).map_err(broken),
        }
    }

    /// What is left at the end, in pieces.
    pub(super) fn finish(self, mut send: impl FnMut(Vec<u8>) -> bool) -> Result<(), AssetError> {
        let Self::Xlsx(mut sheet) = self else {
            return Ok(());
        };
        let file = (|| {
            let mut file = tempfile::tempfile()?;
            sheet
                .workbook
                .save_to_writer(&mut file)
                .map_err(std::io::Error::other)?;
            file.seek(SeekFrom::Start(0))?;
            Ok::<_, std::io::Error>(file)
        })();
        let mut file = file.map_err(|error| AssetError::Write(error.to_string()))?;
        loop {
            let mut chunk = vec![0; 256 * 1024];
            let length = file
                .read(&mut chunk)
                .map_err(|error| AssetError::Write(error.to_string()))?;
            chunk.truncate(length);
            if length == 0 || !send(chunk) {
                return Ok(());
            }
        }
    }
}

impl Sheet {
    fn new(headers: &[&str]) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name("assets")?;
        let bold = Format::new().set_bold();
        for (column, header) in headers.iter().enumerate() {
            sheet.write_string_with_format(0, at(column)?, untouched((*header).to_owned()), &bold)?;
        }
        Ok(Self { workbook, row: 0 })
    }

    fn row(&mut self, cells: Vec<Value>) -> Result<(), XlsxError> {
        self.row += 1;
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (column, value) in cells.into_iter().enumerate() {
            match value {
                Value::Null => {}
                Value::Number(number) => {
                    sheet.write_number(self.row, at(column)?, number.as_f64().unwrap_or_default())?;
                }
                Value::Bool(yes) => {
                    sheet.write_boolean(self.row, at(column)?, yes)?;
                }
                other => {
                    sheet.write_string(self.row, at(column)?, untouched(plain(other)))?;
                }
            }
        }
        Ok(())
    }
}

fn at(column: usize) -> Result<u16, XlsxError> {
    u16::try_from(column).map_err(|_| XlsxError::RowColumnLimitError)
}

fn broken(error: XlsxError) -> AssetError {
    AssetError::Write(match error {
        XlsxError::RowColumnLimitError => {
            "a sheet holds at most 1,048,576 rows and 16,384 columns: export CSV or NDJSON instead".to_owned()
        }
        XlsxError::MaxStringLengthExceeded => {
            "a cell of a sheet holds at most 32,767 characters: export CSV or NDJSON instead".to_owned()
        }
        other => other.to_string(),
    })
}

fn plain(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// The cell as text; what a spreadsheet program would evaluate is escaped, and unescaped by the import. A number is no formula.
fn text(value: Value) -> String {
    match value {
        Value::String(text) => escape_formula(&text).into_owned(),
        other => plain(other),
    }
}

/// A cell of type text is never evaluated, so it is escaped only where the import would unescape it.
fn untouched(text: String) -> String {
    if unescape_formula(&text) == text {
        text
    } else {
        escape_formula(&text).into_owned()
    }
}

fn line(cells: impl Iterator<Item = String>) -> Result<Vec<u8>, AssetError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(cells)
        .map_err(|error| AssetError::Write(error.to_string()))?;
    writer
        .into_inner()
        .map_err(|error| AssetError::Write(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cells_that_look_like_formulas_are_escaped_in_csv_and_numbers_are_not() {
        let (mut writer, head) = Writer::begin(ExportFormat::Csv, &["a", "b", "c"]).unwrap();
        let row = writer.row(vec![json!("=1+1"), json!(-5), Value::Null]).unwrap();
        assert_eq!(
            String::from_utf8([head, row].concat()).unwrap(),
            "a,b,c\n'=1+1,-5,\n"
        );
    }

    #[test]
    fn a_line_of_json_holds_what_the_asset_has() {
        let (mut writer, _) = Writer::begin(ExportFormat::Ndjson, &["a", "b"]).unwrap();
        assert_eq!(
            writer.row(vec![json!("=1"), Value::Null]).unwrap(),
            b"{\"a\":\"=1\"}\n"
        );
    }

    #[test]
    fn a_workbook_arrives_in_pieces_at_the_end() {
        let (mut writer, head) = Writer::begin(ExportFormat::Xlsx, &["a"]).unwrap();
        assert!(head.is_empty() && writer.row(vec![json!("=1")]).unwrap().is_empty());
        let mut bytes = Vec::new();
        writer
            .finish(|chunk| {
                bytes.extend(chunk);
                true
            })
            .unwrap();
        assert!(bytes.starts_with(b"PK"));
    }
}
