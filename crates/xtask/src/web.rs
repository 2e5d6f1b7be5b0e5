//! `cargo xtask web`: the TypeScript types that are made from the API's description, and the typed client, tried on a server.

use crate::generated::{Mode, file};
use crate::workspace::{built, command, output, root, succeed};
use crate::{Result, setup};
use landfall_testkit::Server;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

/// Where the types are.
const SCHEMA: &str = "apps/web/src/api/schema.d.ts";

/// Brings the types up to date with docs/openapi.json, and runs the client's tests against a server on a fresh database.
pub(crate) fn run(mode: Mode) -> Result {
    let path = setup::node()?;
    succeed(npm(&["ci", "--silent", "--no-audit", "--no-fund"]).env("PATH", &path))?;
    let cli = folder().join("node_modules/openapi-typescript/bin/cli.js");
    let mut generate = command("node", &[]);
    generate.arg(cli).env("PATH", &path);
    generate.args([
        "docs/openapi.json",
        "--root-types",
        "--root-types-no-schema-prefix",
    ]);
    file(SCHEMA, &output(&mut generate)?, "web", mode)?;
    test(&path)
}

fn test(path: &OsStr) -> Result {
    let folder = tempfile::tempdir()?;
    let database = format!("sqlite://{}", folder.path().join("landfall.db").display());
    let data = folder.path().join("data");
    let settings = [
        ("LANDFALL_DATABASE_URL", database.as_str()),
        ("LANDFALL_DATA_DIR", &data.to_string_lossy()),
        ("LANDFALL_LOG", "warn"),
    ];
    let server = Server::start(&built("landfall")?, &settings, folder.path())?;
    let url = format!("http://{}", server.address());
    succeed(
        npm(&["test", "--silent"])
            .env("PATH", path)
            .env("LANDFALL_URL", url),
    )
}

fn folder() -> PathBuf {
    root().join("apps/web")
}

fn npm(arguments: &[&str]) -> Command {
    let mut npm = command("npm", arguments);
    npm.current_dir(folder());
    npm
}
