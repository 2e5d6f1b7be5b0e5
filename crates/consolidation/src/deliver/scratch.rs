//! The scratch database in which the work for a file is done, on the server of the legacy database.

use crate::Error;
use crate::database::{connect, execute, hexadecimal, scalar, shown};
use crate::options::{Options, Step};
use crate::state::{self, Run};
use crate::statement::literal;
use sha2::{Digest, Sha256};
use sqlx::{Connection, PgConnection};
use url::Url;

/// The options of the work in the scratch database, and the name of that. It need not be there.
fn named(options: &Options) -> Result<(Options, String), Error> {
    let source = source(options)?;
    let mut url = Url::parse(source).map_err(|error| {
        Error::usage(format_args!(
            "the address {} cannot be read: {error}",
            shown(source)
        ))
    })?;
    let digest = Sha256::digest(format!("{} {}", shown(source), options.target));
    let mut database = format!("landfall_consolidation_{}", hexadecimal(&digest));
    // A name is that of a file, and there is one for each pair of source and file.
    database.truncate("landfall_consolidation_".len() + 12);
    url.set_path(&database);
    let options = Options {
        target: url.into(),
        until: Step::Verify,
        ..options.clone()
    };
    Ok((options, database))
}

fn source(options: &Options) -> Result<&str, Error> {
    options.source.as_deref().ok_or_else(|| {
        Error::usage("a SQLite file holds no legacy tables; name the legacy database with --source")
    })
}

async fn is_there(server: &mut PgConnection, database: &str) -> Result<bool, Error> {
    scalar(
        server,
        &format!(
            "SELECT EXISTS (SELECT FROM pg_database WHERE datname = {})",
            literal(database)
        ),
    )
    .await
}

/// The options of the work, with the scratch database made if it is not there.
pub(super) async fn made(options: &Options) -> Result<Options, Error> {
    let (scratch, database) = named(options)?;
    let mut server = connect(source(options)?).await?;
    if !is_there(&mut server, &database).await? {
        execute(&mut server, &format!("CREATE DATABASE {database}")).await?;
    }
    Ok(scratch)
}

/// The run for a file and a connection to its scratch database; none if nothing was begun for the file.
pub(crate) async fn run(options: &Options) -> Result<Option<(PgConnection, Run)>, Error> {
    let (scratch, database) = named(options)?;
    let mut server = connect(source(options)?).await?;
    if !is_there(&mut server, &database).await? {
        return Ok(None);
    }
    let mut connection = connect(&scratch.target).await?;
    let run = state::current(&mut connection).await?;
    Ok(run.map(|run| (connection, run)))
}

/// Throws the scratch database away.
pub(super) async fn throw_away(options: &Options) -> Result<Run, Error> {
    let (mut connection, run) = run(options)
        .await?
        .ok_or_else(|| Error::Refused("nothing was delivered into this file yet".to_owned()))?;
    crate::database::lock(&mut connection, &options.target).await?;
    connection.close().await?;
    let mut server = connect(source(options)?).await?;
    execute(&mut server, &format!("DROP DATABASE {}", named(options)?.1)).await?;
    Ok(run)
}
