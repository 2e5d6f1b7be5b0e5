//! The formats of tables that are sent as files. Each takes the cells of one row at a time.

use crate::assets::ExportFormat;
use crate::imports::readers::{escape_formula, unescape_formula};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde_json::{Map, Value};
use std::io::{Read, Seek, SeekFrom};

/// A table could not be written; the sentence says why.
#[derive(Debug)]
pub(crate) struct WriteError(pub(crate) String);

/// Writes a table piece by piece.
pub(crate) enum TableWriter {
    /// Comma separated, with a header line.
    Csv,
    /// One JSON object per line.
    Ndjson(Vec<String>),
    /// One JSON array of objects; whether it has a row yet.
    Json(Vec<String>, bool),
    /// A workbook, which is complete only at its end: rows are kept on disk until then.
    Xlsx(Box<Sheet>),
}

/// A workbook with one sheet that keeps no row in memory.
pub(crate) struct Sheet {
    workbook: Workbook,
    row: u32,
}

impl TableWriter {
    /// A writer, and the first bytes.
    pub(crate) fn begin(
        format: ExportFormat,
        title: &str,
        headers: &[&str],
    ) -> Result<(Self, Vec<u8>), WriteError> {
        Ok(match format {
            ExportFormat::Csv => (
                Self::Csv,
                line(headers.iter().map(|header| escape_formula(header).into_owned()))?,
            ),
            ExportFormat::Ndjson => (
                Self::Ndjson(headers.iter().map(|header| (*header).to_owned()).collect()),
                Vec::new(),
            ),
            ExportFormat::Json => (
                Self::Json(headers.iter().map(|header| (*header).to_owned()).collect(), false),
                b"[".to_vec(),
            ),
            ExportFormat::Xlsx => (
                Self::Xlsx(Box::new(Sheet::new(title, headers).map_err(broken)?)),
                Vec::new(),
            ),
        })
    }

    /// The bytes of one asset, which may be none yet.
    pub(crate) fn row(&mut self, cells: Vec<Value>) -> Result<Vec<u8>, WriteError> {
        match self {
            Self::Csv => line(cells.into_iter().map(text)),
            Self::Ndjson(headers) => {
                let mut line = object(headers, cells)?;
                line.push(b'\n');
                Ok(line)
            }
            Self::Json(headers, begun) => {
                let mut item = if *begun { b",\n".to_vec() } else { Vec::new() };
                *begun = true;
                item.extend(object(headers, cells)?);
                Ok(item)
            }
            Self::Xlsx(sheet) => sheet.row(cells).map(|()| Vec::new()).map_err(broken),
        }
    }

    /// What is left at the end, in pieces.
    pub(crate) fn finish(self, mut send: impl FnMut(Vec<u8>) -> bool) -> Result<(), WriteError> {
        let mut sheet = match self {
            Self::Xlsx(sheet) => sheet,
            Self::Json(..) => {
                send(b"]".to_vec());
                return Ok(());
            }
            Self::Csv | Self::Ndjson(_) => return Ok(()),
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
        let mut file = file.map_err(|error| WriteError(error.to_string()))?;
        loop {
            let mut chunk = vec![0; 256 * 1024];
            let length = file
                .read(&mut chunk)
                .map_err(|error| WriteError(error.to_string()))?;
            chunk.truncate(length);
            if length == 0 || !send(chunk) {
                return Ok(());
            }
        }
    }
}

impl Sheet {
    fn new(title: &str, headers: &[&str]) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(title)?;
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

/// What a row says, as JSON.
fn object(headers: &[String], cells: Vec<Value>) -> Result<Vec<u8>, WriteError> {
    let object: Map<String, Value> = headers
        .iter()
        .cloned()
        .zip(cells)
        .filter(|(_, value)| !value.is_null())
        .collect();
    serde_json::to_vec(&object).map_err(|error| WriteError(error.to_string()))
}

/// A whole table of few rows in memory. Blocks while a workbook is put together.
pub(crate) fn whole_table(
    format: ExportFormat,
    title: &str,
    headers: &[&str],
    rows: impl Iterator<Item = Vec<Value>>,
) -> Result<Vec<u8>, WriteError> {
    let (mut writer, mut bytes) = TableWriter::begin(format, title, headers)?;
    for row in rows {
        bytes.extend(writer.row(row)?);
    }
    writer.finish(|piece| {
        bytes.extend(piece);
        true
    })?;
    Ok(bytes)
}

fn at(column: usize) -> Result<u16, XlsxError> {
    u16::try_from(column).map_err(|_| XlsxError::RowColumnLimitError)
}

fn broken(error: XlsxError) -> WriteError {
    WriteError(match error {
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

fn line(cells: impl Iterator<Item = String>) -> Result<Vec<u8>, WriteError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(cells)
        .map_err(|error| WriteError(error.to_string()))?;
    writer.into_inner().map_err(|error| WriteError(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cells_that_look_like_formulas_are_escaped_in_csv_and_numbers_are_not() {
        let (mut writer, head) = TableWriter::begin(ExportFormat::Csv, "t", &["a", "b", "c"]).unwrap();
        let row = writer.row(vec![json!("=1+1"), json!(-5), Value::Null]).unwrap();
        assert_eq!(
            String::from_utf8([head, row].concat()).unwrap(),
            "a,b,c\n'=1+1,-5,\n"
        );
    }

    #[test]
    fn a_line_of_json_holds_what_the_asset_has() {
        let (mut writer, _) = TableWriter::begin(ExportFormat::Ndjson, "t", &["a", "b"]).unwrap();
        assert_eq!(
            writer.row(vec![json!("=1"), Value::Null]).unwrap(),
            b"{\"a\":\"=1\"}\n"
        );
    }

    #[test]
    fn a_json_table_is_one_array_also_without_rows() {
        let rows = [vec![json!(1), Value::Null], vec![json!(2), json!("x")]];
        let table = whole_table(ExportFormat::Json, "t", &["a", "b"], rows.into_iter()).unwrap();
        let read: Value = serde_json::from_slice(&table).unwrap();
        assert_eq!(read, json!([{"a": 1}, {"a": 2, "b": "x"}]));
        let nothing = whole_table(ExportFormat::Json, "t", &["a"], std::iter::empty()).unwrap();
        assert_eq!(nothing, b"[]");
    }

    #[test]
    fn a_workbook_arrives_in_pieces_at_the_end() {
        let (mut writer, head) = TableWriter::begin(ExportFormat::Xlsx, "t", &["a"]).unwrap();
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
