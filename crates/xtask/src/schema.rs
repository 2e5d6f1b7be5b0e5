//! The description of the database, as the migrations print it.

use crate::Result;
use crate::generated::{Mode, file};
use crate::workspace::{built, command, output};

/// Builds the migration program, asks it for the schema and brings docs/schema.md up to date.
pub(crate) fn run(mode: Mode) -> Result {
    let description = output(&mut command(built("migration")?, &["docs"]))?;
    file(
        "docs/schema.md",
        &format!("{}\n", description.trim_end()),
        "schema",
        mode,
    )
}
