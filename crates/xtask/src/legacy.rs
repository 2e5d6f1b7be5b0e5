//! `cargo xtask legacy`: the predecessor's database as the tests make it, for `psql`.

use crate::Result;
use clap::Args;
use landfall_testkit::LegacyDatabase;
use std::io::Write;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Assets; without a number a small database with every difficult case
    #[arg(long)]
    assets: Option<u64>,
    /// Raw records
    #[arg(long, default_value_t = 0, requires = "assets")]
    records: u64,
    /// Without foreign keys, and with rows that refer to nothing
    #[arg(long)]
    without_foreign_keys: bool,
}

/// Prints the script.
pub(crate) fn run(arguments: &Arguments) -> Result {
    let mut database = match arguments.assets {
        Some(assets) => LegacyDatabase::sized(assets, arguments.records),
        None => LegacyDatabase::small(),
    };
    if arguments.without_foreign_keys {
        database = database.without_foreign_keys();
    }
    std::io::stdout().write_all(database.script().as_bytes())?;
    Ok(())
}
