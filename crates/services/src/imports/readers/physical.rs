//! A file as a set of tables, whatever it is made of.

use std::fs::File;
use std::path::Path;

use super::archive::{Archive, Entry};
use super::bytes::{ByteSource, read_full};
use super::delimited::Delimited;
use super::detect::{Kind, detect};
use super::json::Json;
use super::spreadsheet::Workbook;
use super::table::Table;
use super::{FileFault, Limits, Notes};

/// Bytes by which a file is recognised.
const HEAD: usize = 8 << 10;
/// Sheets of a workbook looked at.
const SHEETS: usize = 100;

/// An open file.
#[derive(Debug)]
pub(super) enum Physical {
    /// One table of text, or several of an archive.
    Texts(Vec<Text>),
    /// Sheets.
    Workbook(Workbook),
}

/// A table of text.
#[derive(Debug)]
pub(super) enum Text {
    /// Separated values.
    Delimited(Delimited),
    /// JSON records.
    Json(Json),
}

impl Physical {
    /// Opens a file by its content; `name` is the one under which it was uploaded.
    pub(super) fn open(path: &Path, name: &str, notes: &Notes, limits: &Limits) -> Result<Self, FileFault> {
        let mut head = vec![0; HEAD];
        let filled = read_full(&mut File::open(path)?, &mut head)?;
        match detect(head.get(..filled).unwrap_or_default(), name)? {
            Kind::Zip => Self::open_zip(path, notes, limits),
            Kind::Compound => Workbook::open_xls(path, limits).map(Self::Workbook),
            kind => {
                let text = Text::open(kind, ByteSource::File(path.to_owned()), name, notes, limits)?;
                Ok(Self::Texts(vec![text]))
            }
        }
    }

    fn open_zip(path: &Path, notes: &Notes, limits: &Limits) -> Result<Self, FileFault> {
        let archive = Archive::open(path, limits)?;
        if archive.has("[Content_Types].xml") {
            if archive.has("xl/workbook.xml") || archive.has("xl/workbook.bin") {
                return Workbook::open_xlsx(path, &archive, limits).map(Self::Workbook);
            }
            return Err(FileFault::NotTabular {
                found: "an Office document without sheets".to_owned(),
            });
        }
        if archive.has("mimetype") && archive.has("content.xml") {
            return Err(FileFault::Unsupported {
                kind: "an OpenDocument file (.ods)",
                instead: ".xlsx or CSV",
            });
        }
        let mut texts = Vec::new();
        for entry in archive.entries.iter().filter(|entry| is_table(entry)) {
            match open_entry(entry, notes, limits) {
                Ok(text) => texts.push(text),
                // Exports of many tabs have empty ones.
                Err(FileFault::Empty | FileFault::NoRows { .. }) => {
                    notes.add("empty_table", format!("'{}' holds no row", entry.file_name()));
                }
                Err(fault) => return Err(fault),
            }
        }
        if texts.is_empty() {
            let names: Vec<&str> = archive.entries.iter().take(10).map(Entry::file_name).collect();
            return Err(FileFault::NoTable {
                names: names.join(", "),
            });
        }
        Ok(Self::Texts(texts))
    }

    /// The encoding and delimiter, where there is one table and it has them.
    pub(super) fn text_properties(&self) -> (Option<String>, Option<char>) {
        match self {
            Self::Texts(texts) => match texts.as_slice() {
                [Text::Delimited(text)] => (
                    Some(text.encoding.name().to_owned()),
                    Some(char::from(text.delimiter)),
                ),
                [Text::Json(text)] => (Some(text.encoding.name().to_owned()), None),
                _ => (None, None),
            },
            Self::Workbook(_) => (None, None),
        }
    }

    /// How many tables there may be.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Texts(texts) => texts.len(),
            Self::Workbook(workbook) => workbook.sheets.len().min(SHEETS),
        }
    }

    /// A table from its first row; none if the sheet holds none. Tables are to be read one after the other.
    pub(super) fn table(&self, index: usize, notes: &Notes) -> Result<Option<Table>, FileFault> {
        match self {
            Self::Texts(texts) => match texts.get(index) {
                Some(Text::Delimited(text)) => text.table(notes).map(Some),
                Some(Text::Json(text)) => text.table(notes).map(Some),
                None => Ok(None),
            },
            Self::Workbook(workbook) => match workbook.sheets.get(index) {
                Some(sheet) => workbook.table(sheet, notes),
                None => Ok(None),
            },
        }
    }

    /// The name of a table.
    pub(super) fn name(&self, index: usize) -> String {
        let name = match self {
            Self::Texts(texts) => texts.get(index).map(|text| match text {
                Text::Delimited(text) => text.name(),
                Text::Json(text) => text.name(),
            }),
            Self::Workbook(workbook) => workbook.sheets.get(index).map(String::as_str),
        };
        name.unwrap_or_default().to_owned()
    }
}

impl Text {
    fn open(
        kind: Kind,
        source: ByteSource,
        name: &str,
        notes: &Notes,
        limits: &Limits,
    ) -> Result<Self, FileFault> {
        match kind {
            Kind::Json => Json::open(source, name, notes, limits).map(Self::Json),
            _ => Delimited::open(source, name, notes, limits).map(Self::Delimited),
        }
    }
}

fn open_entry(entry: &Entry, notes: &Notes, limits: &Limits) -> Result<Text, FileFault> {
    let mut head = vec![0; HEAD];
    let filled = read_full(&mut *entry.bytes.open()?, &mut head)?;
    let kind = match detect(head.get(..filled).unwrap_or_default(), &entry.name)? {
        Kind::Zip | Kind::Compound => {
            return Err(FileFault::NestedArchive {
                entry: entry.name.clone(),
            });
        }
        kind => kind,
    };
    Text::open(kind, entry.bytes.clone(), entry.file_name(), notes, limits)
}

/// Whether an entry is meant as a table, by its name. Archives made on a Mac hold shadows of every file.
fn is_table(entry: &Entry) -> bool {
    let name = entry.file_name().to_ascii_lowercase();
    let ending = [".csv", ".tsv", ".txt", ".json", ".ndjson", ".jsonl"]
        .iter()
        .any(|ending| name.ends_with(ending));
    ending && !name.starts_with('.') && !name.starts_with("readme") && !entry.name.starts_with("__MACOSX")
}
