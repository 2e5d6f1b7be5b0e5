//! What commands write: results to the standard output, remarks about the work to the error output.

use crate::failure::Failure;
use comfy_table::{ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle};
use serde::Serialize;
use std::fmt::Display;
use std::io::{ErrorKind, Write};

/// A line under the header, and nothing else.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
/// Width of tables where there is no terminal.
const WIDTH: u16 = 110;

/// Writes a line of the result.
pub(crate) fn line(text: impl Display) -> Result<(), Failure> {
    match writeln!(std::io::stdout(), "{text}") {
        // Whoever read it has seen enough, as `head` does.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Failure::told()),
        written => Ok(written?),
    }
}

/// Writes the result as JSON for programs.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Failure> {
    line(serde_json::to_string_pretty(value)?)
}

/// Says what is being done. It does not matter to the work whether anybody reads it.
pub(crate) fn say(text: impl Display) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// A table that fits the terminal.
pub(crate) fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    let width = console::Term::stdout()
        .size_checked()
        .map_or(WIDTH, |(_, columns)| columns.max(60));
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width)
        .set_header(header);
    // What the rows are about: an id that is broken in two cannot be copied.
    if let Some(first) = table.column_mut(0) {
        first.set_constraint(ColumnConstraint::ContentWidth);
    }
    table
}

/// `1 row`, `2 rows`.
pub(crate) fn count(number: u64, noun: &str) -> String {
    let (stem, plural) = noun.strip_suffix('y').map_or((noun, "s"), |stem| (stem, "ies"));
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {stem}{plural}")
    }
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn a_number_and_its_noun_agree() {
        assert_eq!(count(1, "dependency"), "1 dependency");
        assert_eq!(count(2, "dependency"), "2 dependencies");
        assert_eq!(count(0, "row"), "0 rows");
    }
}
