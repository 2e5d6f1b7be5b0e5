//! Indexes and foreign keys, once the rows are there.

use crate::database::{execute, rows, text};
use crate::expand::{SHARED, filled_tables};
use crate::progress::Progress;
use crate::{Error, Step};
use sqlx::{Connection, PgConnection};

/// Makes what was taken off again, each in a transaction with its mark. Foreign keys check every row as they are made.
pub(crate) async fn build(connection: &mut PgConnection, progress: &dyn Progress) -> Result<(), Error> {
    let dropped = rows(
        connection,
        &format!("SELECT kind, table_name, name, definition FROM {SHARED}.dropped ORDER BY kind DESC, place"),
    )
    .await?;
    progress.begin(Step::Index, dropped.len() as u64);
    // Foreign keys are looked up in the keys of other tables: indexes first.
    for wanted in ["index", "foreign key"] {
        for row in &dropped {
            let (kind, table, name, definition) =
                (text(row, 0)?, text(row, 1)?, text(row, 2)?, text(row, 3)?);
            if kind != wanted {
                continue;
            }
            progress.at(&name);
            let statement = statement(&kind, &table, &name, &definition);
            let mut transaction = connection.begin().await?;
            execute(&mut transaction, &statement).await.map_err(|error| {
                Error::Failed(format!("{name} on {table} cannot be made: {}", told(&error)))
            })?;
            sqlx::query(
                "DELETE FROM consolidation.dropped WHERE kind = $1 AND table_name = $2 AND name = $3",
            )
            .bind(&kind)
            .bind(&table)
            .bind(&name)
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
            progress.advance(1);
        }
    }
    let tables: Vec<_> = filled_tables()
        .into_iter()
        .chain(["consolidation_map"])
        .map(|table| format!("landfall.{table}"))
        .collect();
    execute(connection, &format!("ANALYZE {}", tables.join(", "))).await?;
    progress.end(Step::Index);
    Ok(())
}

/// Makes what was taken off again, within the transaction of the connection.
pub(crate) async fn restore(connection: &mut PgConnection) -> Result<(), Error> {
    let dropped = rows(
        connection,
        &format!("SELECT kind, table_name, name, definition FROM {SHARED}.dropped ORDER BY kind DESC, place"),
    )
    .await?;
    for row in &dropped {
        let (kind, table, name, definition) = (text(row, 0)?, text(row, 1)?, text(row, 2)?, text(row, 3)?);
        execute(connection, &statement(&kind, &table, &name, &definition)).await?;
    }
    Ok(())
}

fn statement(kind: &str, table: &str, name: &str, definition: &str) -> String {
    if kind == "index" {
        definition.to_owned()
    } else {
        format!("ALTER TABLE landfall.\"{table}\" ADD CONSTRAINT \"{name}\" {definition}")
    }
}

/// The message of the database with its detail, which names the row.
fn told(error: &Error) -> String {
    let Error::Database { source, .. } = error else {
        return error.to_string();
    };
    match source.as_database_error() {
        Some(database) => {
            let detail = database
                .try_downcast_ref::<sqlx::postgres::PgDatabaseError>()
                .and_then(sqlx::postgres::PgDatabaseError::detail)
                .unwrap_or_default();
            format!("{} {detail}", database.message())
        }
        None => source.to_string(),
    }
}
