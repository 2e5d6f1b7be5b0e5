//! The API's description, as the program prints it.

use crate::Result;
use crate::generated::{Mode, file};
use crate::workspace::{built, command, output};

/// Builds the program, asks it for its description and brings docs/openapi.json up to date.
pub(crate) fn run(mode: Mode) -> Result {
    let description = output(&mut command(built("landfall")?, &["openapi"]))?;
    file(
        "docs/openapi.json",
        &format!("{}\n", description.trim_end()),
        "openapi",
        mode,
    )
}
