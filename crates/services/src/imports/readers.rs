//! Reading uploaded files: what a file is, the tables in it, the export format they come from, and their rows as a stream.
//!
//! [`open`] is the entrance; [`from_records`] is the one for records that came with a request. Both are synchronous and
//! touch neither database nor network: run them where blocking is allowed and pass the rows on over a bounded channel.
//! Memory does not grow with the file, except for XLSX by its table of texts and for XLS as a whole, both under caps.
//!
//! A [`FileFault`] refuses the file and may also appear while rows are read, so rows already taken must then be undone.
//! A [`RowFault`] belongs to a row, which is kept.

mod archive;
mod bytes;
mod delimited;
mod detect;
mod encoding;
mod fault;
mod formula;
mod header;
mod join;
mod json;
mod limits;
mod notes;
mod physical;
mod records;
mod row;
mod source;
mod spreadsheet;
mod table;
mod xml_check;

pub use self::fault::{FileFault, RowFault};
pub use self::formula::{escape_formula, unescape_formula};
pub use self::limits::Limits;
pub use self::notes::{Note, Notes};
pub use self::source::{OpenOptions, RawRecord, Source, from_records, open};
