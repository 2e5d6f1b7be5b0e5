//! What can be wrong with a file or with one of its rows.

use serde::Serialize;

/// Why a whole file is refused. Nothing of it is imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileFault {
    /// No byte, or only white space.
    #[error("the file is empty; export it again and upload the new file")]
    Empty,
    /// A header without a row below it.
    #[error("the file holds a header of {columns} columns but no row; export it again with its data")]
    NoRows {
        /// Columns in the header.
        columns: usize,
    },
    /// The content is something else than a table.
    #[error("the file is not a table: it is {found}; upload CSV, JSON, XLSX or a ZIP of CSV files")]
    NotTabular {
        /// What the content looks like, with an article.
        found: String,
    },
    /// A workbook or archive of a kind that is not read.
    #[error("{kind} cannot be read; save it as {instead}")]
    Unsupported {
        /// What it is.
        kind: &'static str,
        /// What to save it as.
        instead: &'static str,
    },
    /// A password is needed.
    #[error("{what} is protected by a password; remove the password and upload it again")]
    Encrypted {
        /// The file, or the entry inside it.
        what: String,
    },
    /// The first row holds values, not names.
    #[error(
        "the first row looks like data, not like column names: column {column} is '{value}'; add a row of column names"
    )]
    NoHeader {
        /// Position of the cell, from 1.
        column: usize,
        /// The cell.
        value: String,
    },
    /// A quote was opened and never closed.
    #[error(
        "the quote opened in line {line} is not closed; close it, or double it if it belongs to the text"
    )]
    UnterminatedQuote {
        /// Line of the opening quote, from 1.
        line: u64,
    },
    /// One cell is too long.
    #[error("row {row}, line {line}: column {column} is longer than {limit} bytes")]
    FieldTooLong {
        /// Row, from 1.
        row: u64,
        /// Line where the row starts, from 1.
        line: u64,
        /// Position of the cell, from 1.
        column: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// One row is too long.
    #[error("row {row}, line {line}: the row is longer than {limit} bytes")]
    RecordTooLong {
        /// Row, from 1.
        row: u64,
        /// Line where the row starts, from 1.
        line: u64,
        /// Bytes allowed.
        limit: usize,
    },
    /// A row is too wide.
    #[error("row {row} has more than {limit} columns; split the table or leave columns out")]
    TooManyColumns {
        /// Row, from 1.
        row: u64,
        /// Columns allowed.
        limit: usize,
    },
    /// A NUL byte, which no database text can hold.
    #[error("line {line} holds a NUL byte; export the file as plain text (UTF-8)")]
    NulByte {
        /// Line, from 1.
        line: u64,
    },
    /// JSON that ends too early or does not parse.
    #[error("{place}: the JSON is broken: {reason}")]
    BrokenJson {
        /// Where, as a person counts.
        place: String,
        /// What the parser met.
        reason: String,
    },
    /// JSON without records.
    #[error("{place}: expected a JSON object with one value per column, found {found}")]
    NotAnObject {
        /// Where, as a person counts.
        place: String,
        /// What stood there.
        found: &'static str,
    },
    /// Too many entries in an archive.
    #[error("the archive holds {found} entries; at most {limit} are read")]
    TooManyEntries {
        /// Entries found.
        found: usize,
        /// Entries allowed.
        limit: usize,
    },
    /// An archive that unpacks to too much.
    #[error("the archive unpacks to more than {limit} bytes; split it")]
    ArchiveTooLarge {
        /// Bytes allowed for all entries together.
        limit: u64,
    },
    /// An entry whose content is compressed like a bomb's.
    #[error("entry '{entry}' unpacks to more than {limit} times its size, which no inventory does")]
    SuspiciousRatio {
        /// The entry.
        entry: String,
        /// Ratio allowed.
        limit: u64,
    },
    /// An archive within the archive.
    #[error("entry '{entry}' is itself an archive; unpack it and upload its content")]
    NestedArchive {
        /// The entry.
        entry: String,
    },
    /// An archive that is damaged or made to confuse.
    #[error("the archive is damaged: {reason}; create it again")]
    BrokenArchive {
        /// What is wrong with it.
        reason: String,
    },
    /// A document type declaration, which no spreadsheet program writes.
    #[error(
        "part '{part}' of the workbook declares a document type, which is not accepted; save it again with a spreadsheet program"
    )]
    DocumentType {
        /// The part.
        part: String,
    },
    /// The table of texts of a workbook is too large or lies about its size.
    #[error(
        "the workbook declares {declared} texts in {bytes} bytes; at most {limit} are read; save the table as CSV"
    )]
    SharedStrings {
        /// Number of texts declared.
        declared: u64,
        /// Size of the part.
        bytes: u64,
        /// Texts allowed.
        limit: u64,
    },
    /// A file that only fits in memory as a whole, over its cap.
    #[error("{kind} of {bytes} bytes is too large, {limit} are allowed; save the table as CSV")]
    TooLarge {
        /// What it is.
        kind: &'static str,
        /// Its size.
        bytes: u64,
        /// Size allowed.
        limit: u64,
    },
    /// A workbook that the reader cannot make sense of.
    #[error("the workbook cannot be read: {reason}; save it again with a spreadsheet program, or as CSV")]
    BrokenWorkbook {
        /// What the reader met.
        reason: String,
    },
    /// No sheet or entry holds a table.
    #[error("none of {names} holds a table: a row of column names and rows below it")]
    NoTable {
        /// The sheets or entries, comma separated.
        names: String,
    },
    /// Several tables that do not belong together.
    #[error(
        "the archive holds several tables ({names}) that belong to no known export; upload one at a time"
    )]
    SeveralTables {
        /// The entries, comma separated.
        names: String,
    },
    /// The file cannot be read from disk.
    #[error("the file cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
}

impl FileFault {
    /// Stable word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty_file",
            Self::NoRows { .. } => "no_rows",
            Self::NotTabular { .. } => "not_tabular",
            Self::Unsupported { .. } => "unsupported_file",
            Self::Encrypted { .. } => "encrypted_file",
            Self::NoHeader { .. } => "no_header",
            Self::UnterminatedQuote { .. } => "unterminated_quote",
            Self::FieldTooLong { .. } => "field_too_long",
            Self::RecordTooLong { .. } => "record_too_long",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::NulByte { .. } => "nul_byte",
            Self::BrokenJson { .. } => "broken_json",
            Self::NotAnObject { .. } => "not_an_object",
            Self::TooManyEntries { .. } => "too_many_entries",
            Self::ArchiveTooLarge { .. } => "archive_too_large",
            Self::SuspiciousRatio { .. } => "suspicious_ratio",
            Self::NestedArchive { .. } => "nested_archive",
            Self::BrokenArchive { .. } => "broken_archive",
            Self::DocumentType { .. } => "document_type",
            Self::SharedStrings { .. } => "shared_strings",
            Self::TooLarge { .. } => "file_too_large",
            Self::BrokenWorkbook { .. } => "broken_workbook",
            Self::NoTable { .. } => "no_table",
            Self::SeveralTables { .. } => "several_tables",
            Self::Unreadable(_) => "unreadable_file",
        }
    }
}

/// What is wrong with one row. The row is kept all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowFault {
    /// Row as a person sees it in the file: a spreadsheet's row number, the header being row 1 where nothing precedes it;
    /// for JSON the position in the array, from 1, or the line.
    pub row_number: u64,
    /// Column, where one is to blame.
    pub column: Option<String>,
    /// The value, where one is to blame.
    pub value: Option<String>,
    /// Stable word for the rule that was broken.
    pub rule: &'static str,
    /// Sentence for a person.
    pub message: String,
}

impl RowFault {
    /// A fault of the row as a whole.
    pub fn of_row(row_number: u64, rule: &'static str, message: impl Into<String>) -> Self {
        Self {
            row_number,
            column: None,
            value: None,
            rule,
            message: message.into(),
        }
    }

    /// A fault of one cell.
    pub fn of_cell(
        row_number: u64,
        column: impl Into<String>,
        value: Option<String>,
        rule: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            row_number,
            column: Some(column.into()),
            value,
            rule,
            message: message.into(),
        }
    }
}
