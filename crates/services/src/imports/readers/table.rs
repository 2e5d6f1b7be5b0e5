//! A table as it stands in a file: named columns and rows of cells, before anybody knows what they mean.

use serde_json::{Map, Value};

use super::{FileFault, RowFault};

/// A row as read: its cells by column name.
#[derive(Clone, Debug)]
pub(super) struct SourceRow {
    /// Row as a person sees it, see [`RowFault::row_number`].
    pub(super) row_number: u64,
    /// Cells by column. A cell that the file does not hold is absent; an empty cell of a CSV file is an empty text.
    pub(super) data: Map<String, Value>,
    /// What is wrong with the row's shape.
    pub(super) faults: Vec<RowFault>,
}

/// The rows of a table, read as they are asked for.
pub(super) type Rows = Box<dyn Iterator<Item = Result<SourceRow, FileFault>> + Send>;

/// A table of a file.
pub(super) struct Table {
    /// Name of the sheet or entry; the file's name where there is only one.
    pub(super) name: String,
    /// Column names, unique, in the file's order.
    pub(super) columns: Vec<String>,
    /// Its rows.
    pub(super) rows: Rows,
}
