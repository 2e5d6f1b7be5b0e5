//! The API's description, as the program prints it.

use crate::Result;
use crate::generated::{Mode, file};
use crate::workspace::{Metadata, cargo, command, output, succeed};

/// Builds the program, asks it for its description and brings docs/openapi.json up to date.
pub(crate) fn run(mode: Mode) -> Result {
    // The whole workspace decides the features of shared libraries, so that nothing is built twice beside the tests.
    succeed(&mut cargo(&[
        "build",
        "--quiet",
        "--workspace",
        "--bin",
        "landfall",
    ]))?;
    let program = Metadata::of_workspace()?.target_directory.join("debug/landfall");
    let description = output(&mut command(program, &["openapi"]))?;
    file(
        "docs/openapi.json",
        &format!("{}\n", description.trim_end()),
        "openapi",
        mode,
    )
}
