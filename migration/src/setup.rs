//! What PostgreSQL needs before the first table: roles, functions and the named types.

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
    Ok(if installed {
        Dialect::Citus
    } else {
        Dialect::Postgres
    })
}

/// Owns every object and runs migrations.
pub(crate) const OWNER: &str = "landfall_owner";

/// A role that Landfall needs.
pub(crate) struct Role {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its attributes.
    pub(crate) attributes: &'static str,
}

/// Roles belong to the cluster, not to the database: made if missing, and left by `down`.
pub(crate) const ROLES: [Role; 3] = [
    Role {
        name: OWNER,
        attributes: "NOLOGIN",
    },
    Role {
        name: "landfall_app",
        attributes: "NOLOGIN NOBYPASSRLS",
    },
    Role {
        name: "landfall_system",
        attributes: "NOLOGIN BYPASSRLS",
    },
];

/// Lets the serving role, which owns no table, have the statistics of tables renewed that have grown fourfold since the last
/// time. Without it an import into an empty database works with plans for empty tables until autovacuum comes by: a check of
/// a foreign key then reads every row of the tenant.
const REFRESH_STATISTICS: &str = "CREATE FUNCTION app_refresh_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER \
     SET search_path = pg_catalog AS $$ DECLARE grown regclass; BEGIN \
     FOR grown IN SELECT c.oid::regclass FROM pg_class c \
         WHERE c.relnamespace = 'landfall'::regnamespace AND c.relkind = 'r' \
           AND pg_relation_size(c.oid) > 4 * GREATEST(c.relpages, 2) * current_setting('block_size')::bigint \
     LOOP EXECUTE format('ANALYZE %s', grown); END LOOP; END $$";

/// The functions, the named types, and who may use the schema.
pub(crate) fn functions_and_types(labels: &[LabelType]) -> Vec<String> {
    let mut statements = vec![
        "REVOKE CREATE ON SCHEMA landfall FROM PUBLIC".to_owned(),
        "GRANT USAGE ON SCHEMA landfall TO landfall_app, landfall_system".to_owned(),
        // NULLIF: a pooled connection that once had the setting yields '' afterwards, which is no uuid.
        "CREATE FUNCTION app_client_account() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS \
         $$ SELECT NULLIF(current_setting('app.client_account_id', true), '')::uuid $$"
            .to_owned(),
        REFRESH_STATISTICS.to_owned(),
        "REVOKE ALL ON FUNCTION app_refresh_statistics() FROM PUBLIC".to_owned(),
        "GRANT EXECUTE ON FUNCTION app_refresh_statistics() TO landfall_app, landfall_system".to_owned(),
    ];
    statements.extend(labels.iter().map(|kind| {
        let words: Vec<_> = kind.labels.iter().map(|word| format!("'{word}'")).collect();
        format!(
            "CREATE DOMAIN {} AS text COLLATE \"C\" CHECK (VALUE IN ({}))",
            kind.name,
            words.join(", ")
        )
    }));
    statements
}

/// Two databases of one cluster may be migrated at the same moment: who comes second finds the role.
pub(crate) fn create_role(role: &Role) -> String {
    let Role { name, attributes } = role;
    format!(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN \
         CREATE ROLE {name} {attributes}; END IF; \
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    )
}

/// Drops what [`functions_and_types`] made, if it is there.
pub(crate) fn drop_types(labels: &[LabelType]) -> Vec<String> {
    let mut statements: Vec<_> = labels
        .iter()
        .map(|kind| format!("DROP DOMAIN IF EXISTS {}", kind.name))
        .collect();
    for function in ["app_client_account", "app_refresh_statistics"] {
        statements.push(format!("DROP FUNCTION IF EXISTS {function}()"));
    }
    statements
}
