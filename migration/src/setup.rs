//! What PostgreSQL needs before the first table: roles, the tenant function and the named types.

use crate::schema::{Dialect, LabelType};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

/// The schema in which Landfall lives on PostgreSQL.
pub const POSTGRES_SCHEMA: &str = "landfall";

/// Which dialect the connected database speaks. Citus is used when its extension is installed in the database.
pub(crate) async fn dialect<C: ConnectionTrait>(connection: &C) -> Result<Dialect, DbErr> {
    let backend = connection.get_database_backend();
    if backend == DbBackend::Sqlite {
        return Ok(Dialect::Sqlite);
    }
    let citus = Statement::from_string(backend, "SELECT 1 FROM pg_extension WHERE extname = 'citus'");
    let installed = connection.query_one_raw(citus).await?.is_some();
    Ok(if installed { Dialect::Citus } else { Dialect::Postgres })
}

/// Roles belong to the cluster, not to the database: made if missing, and left by `down`.
pub(crate) fn roles_and_types(labels: &[LabelType]) -> Vec<String> {
    let mut statements = vec![
        create_role("landfall_owner", "NOLOGIN"),
        create_role("landfall_app", "NOLOGIN NOBYPASSRLS"),
        create_role("landfall_system", "NOLOGIN BYPASSRLS"),
        "REVOKE CREATE ON SCHEMA landfall FROM PUBLIC".to_owned(),
        "GRANT USAGE ON SCHEMA landfall TO landfall_app, landfall_system".to_owned(),
        // NULLIF: a pooled connection that once had the setting yields '' afterwards, which is no uuid.
        "CREATE FUNCTION app_client_account() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS \
         $$ SELECT NULLIF(current_setting('app.client_account_id', true), '')::uuid $$"
            .to_owned(),
    ];
    statements.extend(labels.iter().map(|kind| {
        let words: Vec<_> = kind.labels.iter().map(|word| format!("'{word}'")).collect();
        format!("CREATE DOMAIN {} AS text CHECK (VALUE IN ({}))", kind.name, words.join(", "))
    }));
    statements
}

fn create_role(name: &str, attributes: &str) -> String {
    // Two databases of one cluster may be migrated at the same moment.
    format!(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN \
         CREATE ROLE {name} {attributes}; END IF; \
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    )
}

/// Drops what [`roles_and_types`] made in the database.
pub(crate) fn drop_types(labels: &[LabelType]) -> Vec<String> {
    let mut statements: Vec<_> = labels.iter().map(|kind| format!("DROP DOMAIN {}", kind.name)).collect();
    statements.push("DROP FUNCTION app_client_account()".to_owned());
    statements
}
