//! What PostgreSQL needs before the first migration: the lock, the roles and the schema.

use super::{MIGRATION_TABLE, MigrateError};
use crate::POSTGRES_SCHEMA;
use crate::setup::{OWNER, ROLES, create_role};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

/// "landfall" in ASCII: the number of the advisory lock.
const LOCK: i64 = 0x6c61_6e64_6661_6c6c;

/// Waits until no other migration runs in this database.
pub(super) async fn lock<C: ConnectionTrait>(connection: &C) -> Result<(), DbErr> {
    if !holds(connection, &format!("SELECT pg_try_advisory_lock({LOCK}) AS yes")).await? {
        tracing::info!("another migration runs in this database; waiting for it to end");
        connection
            .execute_unprepared(&format!("SELECT pg_advisory_lock({LOCK})"))
            .await?;
    }
    Ok(())
}

/// Everybody who comes after a statement that waits for a table waits as well, so it does not wait for long.
pub(super) async fn wait_briefly_for_tables<C: ConnectionTrait>(connection: &C) -> Result<(), DbErr> {
    connection.execute_unprepared("SET lock_timeout = '3s'").await?;
    Ok(())
}

/// Makes roles and schema if missing, and goes on as their owner where the connected user may.
pub(super) async fn roles_and_schema<C: ConnectionTrait>(connection: &C) -> Result<(), MigrateError> {
    create_missing_roles(connection).await?;
    let may_be_owner = holds(
        connection,
        &format!("SELECT pg_has_role('{OWNER}', 'MEMBER') AS yes"),
    )
    .await?;
    let schema =
        format!("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = '{POSTGRES_SCHEMA}') AS yes");
    if !holds(connection, &schema).await? {
        let owner = if may_be_owner {
            format!(" AUTHORIZATION {OWNER}")
        } else {
            String::new()
        };
        connection
            .execute_unprepared(&format!("CREATE SCHEMA {POSTGRES_SCHEMA}{owner}"))
            .await?;
    }
    if may_be_owner {
        let usable =
            format!("SELECT has_schema_privilege('{OWNER}', '{POSTGRES_SCHEMA}', 'CREATE, USAGE') AS yes");
        if !holds(connection, &usable).await? {
            connection
                .execute_unprepared(&format!("GRANT ALL ON SCHEMA {POSTGRES_SCHEMA} TO {OWNER}"))
                .await?;
        }
        connection
            .execute_unprepared(&format!("SET ROLE {OWNER}"))
            .await?;
    } else {
        tracing::warn!("the connected user is no member of {OWNER}: it will own what the migrations make");
    }
    Ok(())
}

/// The server checks at its start that no migration is missing; it may not write the record.
pub(super) async fn grant_reading_of_migrations<C: ConnectionTrait>(connection: &C) -> Result<(), DbErr> {
    if connection.get_database_backend() == DbBackend::Postgres {
        let grant = format!("GRANT SELECT ON {MIGRATION_TABLE} TO landfall_app, landfall_system");
        connection.execute_unprepared(&grant).await?;
    }
    Ok(())
}

async fn create_missing_roles<C: ConnectionTrait>(connection: &C) -> Result<(), MigrateError> {
    let mut missing = Vec::new();
    for role in &ROLES {
        let exists = format!(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '{}') AS yes",
            role.name
        );
        if !holds(connection, &exists).await? {
            missing.push(role);
        }
    }
    for role in &missing {
        if let Err(error) = connection.execute_unprepared(&create_role(role)).await {
            let names: Vec<_> = missing.iter().map(|role| role.name).collect();
            let statements: Vec<_> = missing
                .iter()
                .map(|role| format!("CREATE ROLE {} {};", role.name, role.attributes))
                .collect();
            return Err(MigrateError::Roles {
                roles: names.join(", "),
                reason: error.to_string(),
                statements: format!("{} GRANT {OWNER} TO CURRENT_USER;", statements.join(" ")),
            });
        }
    }
    let member = holds(
        connection,
        &format!("SELECT pg_has_role('{OWNER}', 'MEMBER') AS yes"),
    )
    .await?;
    if !missing.is_empty() && !member {
        // Who makes a role is not yet a member of it.
        connection
            .execute_unprepared(&format!("GRANT {OWNER} TO CURRENT_USER"))
            .await?;
    }
    Ok(())
}

/// The answer of a statement whose one column is called `yes`.
async fn holds<C: ConnectionTrait>(connection: &C, sql: &str) -> Result<bool, DbErr> {
    let row = connection
        .query_one_raw(Statement::from_string(DbBackend::Postgres, sql))
        .await?;
    row.map_or(Ok(false), |row| row.try_get("", "yes"))
}
