//! `finish`: the operator's word that the legacy tables can go.

use crate::backup::Dump;
use crate::cutover::{RETIRED, unwatch_target};
use crate::database::{catalog, check_rights, connect, execute, lock};
use crate::expand::{SHARED, WORK, drop_made_schema, schema_made};
use crate::outcome::{Finished, RunState};
use crate::progress::Progress;
use crate::source::SOURCE;
use crate::{Error, Options, deliver, rollback, state};
use sqlx::Connection;

/// Drops the retired legacy tables after a dump of them was made and checked, and with `drop_views` the views under the old
/// names as well.
///
/// # Errors
/// [`Error::Refused`] if there is no run that was cut over; [`Error::Busy`] if somebody else is at work; else what failed.
/// Nothing is dropped then.
pub async fn finish(options: &Options, drop_views: bool, progress: &dyn Progress) -> Result<Finished, Error> {
    if deliver::is_file(&options.target) {
        return deliver::finish(options).await;
    }
    let mut connection = connect(&options.target).await?;
    check_rights(&mut connection, &options.target).await?;
    lock(&mut connection, &options.target).await?;
    let run = state::current(&mut connection)
        .await?
        .filter(|run| run.state != RunState::Running)
        .ok_or_else(|| {
            Error::Refused(
                "nothing was cut over in this database yet, so there is nothing to finish".to_owned(),
            )
        })?;
    let tables = catalog(&mut connection, RETIRED).await?;
    let names: Vec<_> = tables.keys().cloned().collect();
    let dump = match &options.backup_dir {
        Some(directory) if !names.is_empty() => {
            let retired = Dump {
                url: &options.target,
                schema: RETIRED,
                // The columns' types stayed where the tables were.
                types_of: Some(&run.settings.source_schema),
                file_name: &format!("{}-retired", run.id),
            };
            Some(retired.make(options, directory, progress).await?)
        }
        _ => None,
    };
    let mut transaction = connection.begin().await?;
    for statement in unwatch_target() {
        execute(&mut transaction, &statement).await?;
    }
    for schema in [SOURCE, WORK, RETIRED] {
        execute(
            &mut transaction,
            &format!("DROP SCHEMA IF EXISTS {schema} CASCADE"),
        )
        .await?;
    }
    if drop_views {
        rollback::drop_views(&mut transaction, &run).await?;
        if schema_made(&mut transaction).await? {
            drop_made_schema(&mut transaction, &run.settings.source_schema).await?;
        }
        execute(
            &mut transaction,
            &format!("DROP SCHEMA IF EXISTS {SHARED} CASCADE"),
        )
        .await?;
    }
    state::set_state(&mut transaction, &run, "finished").await?;
    transaction.commit().await?;
    Ok(Finished {
        run_id: run.id,
        dump,
        tables_dropped: i64::try_from(names.len()).unwrap_or(0),
        views_dropped: drop_views,
    })
}
