use std::io::Write;

use rust_xlsxwriter::{Format, Workbook as Writer};
use tempfile::NamedTempFile;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

fn open(file: &NamedTempFile) -> Result<Workbook, FileFault> {
    open_within(file, &Limits::default())
}

fn open_within(file: &NamedTempFile, limits: &Limits) -> Result<Workbook, FileFault> {
    let archive = Archive::open(file.path(), limits)?;
    Workbook::open_xlsx(file.path(), &archive, limits)
}

fn saved(writer: &mut Writer) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    writer.save(file.path()).unwrap();
    file
}

/// A minimal workbook of one sheet, part by part, so that parts can be malicious.
fn raw(sheet: &str, extra: &[(&str, &str)]) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    let mut zip = ZipWriter::new(file.reopen().unwrap());
    let workbook = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    let relations = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let root = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let types = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
    let parts = [
        ("[Content_Types].xml", types),
        ("_rels/.rels", root),
        ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", relations),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    for (name, content) in parts.iter().chain(extra) {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    file
}

fn rows_of(file: &NamedTempFile, sheet: &str) -> Vec<SourceRow> {
    open(file)
        .unwrap()
        .table(sheet, &Notes::default())
        .unwrap()
        .unwrap()
        .rows
        .map(Result::unwrap)
        .collect()
}

#[test]
fn cells_are_read_as_text_and_empty_ones_are_absent() {
    let mut writer = Writer::new();
    let sheet = writer.add_worksheet();
    for (column, name) in ["Name", "CPUs", "Installed", "Virtual", "Note"]
        .into_iter()
        .enumerate()
    {
        sheet.write(0, u16::try_from(column).unwrap(), name).unwrap();
    }
    sheet.write(1, 0, "web").unwrap();
    sheet.write(1, 1, 4).unwrap();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    sheet.write_with_format(1, 2, 45_943.0, &date).unwrap();
    sheet.write(1, 3, true).unwrap();
    sheet.write(3, 0, "'=db").unwrap();
    let rows = rows_of(&saved(&mut writer), "Sheet1");
    assert_eq!(
        serde_json::Value::Object(rows[0].data.clone()),
        serde_json::json!({"Name": "web", "CPUs": "4", "Installed": "2025-10-13", "Virtual": "TRUE"})
    );
    assert_eq!(
        (rows[1].row_number, &rows[1].data["Name"]),
        (4, &serde_json::Value::from("=db"))
    );
    assert!(rows.iter().all(|row| row.faults.is_empty()));
}

#[test]
fn cells_beyond_the_header_are_kept_and_the_row_is_at_fault() {
    let mut writer = Writer::new();
    let sheet = writer.add_worksheet();
    for (row, column, text) in [(0, 0, "Name"), (0, 1, "IP"), (1, 0, "web"), (1, 3, "extra")] {
        sheet.write(row, column, text).unwrap();
    }
    let rows = rows_of(&saved(&mut writer), "Sheet1");
    assert_eq!(
        (rows[0].faults[0].rule, &rows[0].data["Column 4"]),
        ("too_many_cells", &"extra".into())
    );
}

#[test]
fn a_sheet_of_all_possible_rows_ends_with_its_last_value() {
    let blank: Vec<String> = (3..40_000)
        .map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" s=\"1\"/></row>"))
        .collect();
    let blank = blank.concat();
    let sheet = format!(
        r#"<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="str"><v>Name</v></c><c r="B1" t="str"><v>IP</v></c></row><row r="2"><c r="A2" t="str"><v>web</v></c><c r="B2" t="str"><v>x</v></c></row>{blank}</sheetData></worksheet>"#
    );
    assert_eq!(rows_of(&raw(&sheet, &[]), "S").len(), 1);
}

#[test]
fn a_tiny_file_that_declares_billions_of_texts_is_refused_before_they_are_allocated() {
    let texts = r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="90000000000" uniqueCount="90000000000"><si><t>a</t></si></sst>"#;
    let file = raw(
        "<worksheet><sheetData/></worksheet>",
        &[("xl/sharedStrings.xml", texts)],
    );
    assert!(std::fs::metadata(file.path()).unwrap().len() < 2_500);
    assert_eq!(open(&file).unwrap_err().code(), "shared_strings");
}

#[test]
fn a_document_type_in_a_part_is_refused() {
    let sheet = "<!DOCTYPE lolz [<!ENTITY lol \"lol\">]><worksheet><sheetData/></worksheet>";
    assert_eq!(open(&raw(sheet, &[])).unwrap_err().code(), "document_type");
}

#[test]
fn a_sheet_that_unpacks_like_a_bomb_is_refused() {
    let cells = "<c r=\"A1\" t=\"str\"><v>0</v></c>".repeat(300_000);
    let sheet = format!("<worksheet><sheetData><row r=\"1\">{cells}</row></sheetData></worksheet>");
    assert_eq!(open(&raw(&sheet, &[])).unwrap_err().code(), "suspicious_ratio");
}

#[test]
fn a_cell_in_the_last_possible_column_is_refused() {
    let sheet = r#"<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>a</v></c><c r="XFD1" t="str"><v>b</v></c></row></sheetData></worksheet>"#;
    assert_eq!(
        open(&raw(sheet, &[]))
            .unwrap()
            .table("S", &Notes::default())
            .map(|_| ())
            .unwrap_err()
            .code(),
        "too_many_columns"
    );
}

#[test]
fn a_broken_sheet_is_a_fault_and_the_workbook_still_answers() {
    let sheet =
        r#"<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v>"#;
    let workbook = open(&raw(sheet, &[])).unwrap();
    assert_eq!(
        workbook
            .table("S", &Notes::default())
            .map(|_| ())
            .unwrap_err()
            .code(),
        "broken_workbook"
    );
    assert_eq!(
        workbook
            .table("S", &Notes::default())
            .map(|_| ())
            .unwrap_err()
            .code(),
        "broken_workbook"
    );
    assert_eq!(
        workbook
            .table("T", &Notes::default())
            .map(|_| ())
            .unwrap_err()
            .code(),
        "broken_workbook"
    );
}

#[test]
fn rows_that_are_dropped_early_let_the_next_sheet_be_read() {
    let mut writer = Writer::new();
    for name in ["One", "Two"] {
        let sheet = writer.add_worksheet().set_name(name).unwrap();
        for row in 0..5_000 {
            sheet.write(row, 0, format!("{name} {row}")).unwrap();
            sheet.write(row, 1, "x").unwrap();
        }
    }
    let workbook = open(&saved(&mut writer)).unwrap();
    let mut first = workbook.table("One", &Notes::default()).unwrap().unwrap();
    assert!(first.rows.next().unwrap().is_ok());
    drop(first);
    let second = workbook.table("Two", &Notes::default()).unwrap().unwrap();
    // The rows outlive the workbook that gave them.
    drop(workbook);
    assert_eq!(second.rows.count(), 4_999);
}

#[test]
fn a_sheet_without_rows_is_no_table() {
    let mut writer = Writer::new();
    let sheet = writer.add_worksheet();
    sheet.write(0, 0, "Name").unwrap();
    sheet.write(0, 1, "IP").unwrap();
    assert!(
        open(&saved(&mut writer))
            .unwrap()
            .table("Sheet1", &Notes::default())
            .unwrap()
            .is_none()
    );
}
