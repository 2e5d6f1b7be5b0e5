//! The test at start-up that tenants cannot see each other's rows.

use crate::tenant_tables::tenant_tables;
use crate::{StoreError, StoreResult};
use sqlx::PgPool;

/// Tables of the schema in force, those of tenants under row-level security with a policy.
const SECURED: &str = "SELECT c.relname::text FROM pg_class c
     WHERE c.relnamespace = 'landfall'::regnamespace AND c.relrowsecurity AND c.relforcerowsecurity
       AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)";

pub(super) async fn check(pool: &PgPool) -> StoreResult<()> {
    let mut faults = Vec::new();
    let (role, is_above): (String, bool) = sqlx::query_as(
        "SELECT rolname::text, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user",
    )
    .fetch_one(pool)
    .await?;
    if is_above {
        faults.push(format!(
            "the serving role {role} is above row-level security (superuser or BYPASSRLS): \
             ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS, or log in as a member of landfall_app"
        ));
    }
    let secured: Vec<String> = sqlx::query_scalar(SECURED).fetch_all(pool).await?;
    let open: Vec<&str> = tenant_tables()
        .into_iter()
        .map(|table| table.name)
        .filter(|name| !secured.iter().any(|s| s == name))
        .collect();
    if !open.is_empty() {
        faults.push(format!(
            "these tables are missing, or do not force row-level security with a policy: {}; migrate the database",
            open.join(", ")
        ));
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(StoreError::Unfit(faults.join(". ")))
    }
}
