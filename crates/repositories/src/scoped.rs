//! Writes that start from a scope, as reads do with [`TenantScoped::of`].

use crate::{StoreError, StoreResult, Uow};
use landfall_domain::Scope;
use landfall_entities::TenantScoped;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DeleteMany, EntityTrait, Insert, IntoActiveModel,
    Iterable, QueryFilter, UpdateMany,
};

/// Parameters of one statement at most: a little less than SQLite takes, which takes fewer than PostgreSQL.
const MAX_PARAMETERS: usize = 32_000;
/// Rows of one statement at most. More make statements slower to parse than they save.
const MAX_ROWS: usize = 500;

/// Updates and deletions of the rows that a scope may see.
pub(crate) trait ScopedWrites: TenantScoped {
    /// An update of the scope's rows.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where an update is given its tenant"
    )]
    fn update_of(scope: &Scope) -> UpdateMany<Self> {
        let rows = Self::update_many().filter(Self::CLIENT_ACCOUNT.eq(scope.client_account_id));
        match Self::ENGAGEMENT {
            Some(engagement) => rows.filter(engagement.eq(scope.engagement_id)),
            None => rows,
        }
    }

    /// A deletion of the scope's rows.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where a deletion is given its tenant"
    )]
    fn delete_of(scope: &Scope) -> DeleteMany<Self> {
        let rows = Self::delete_many().filter(Self::CLIENT_ACCOUNT.eq(scope.client_account_id));
        match Self::ENGAGEMENT {
            Some(engagement) => rows.filter(engagement.eq(scope.engagement_id)),
            None => rows,
        }
    }
}

impl<E: TenantScoped> ScopedWrites for E {}

/// The scope's row that the condition names. `id` is what the error calls it by.
pub(crate) async fn one<E: TenantScoped>(
    uow: &Uow,
    row: Expr,
    what: &'static str,
    id: impl ToString,
) -> StoreResult<E::Model> {
    E::of(uow.scope())
        .filter(row)
        .one(&uow.connection)
        .await?
        .ok_or_else(|| StoreError::not_found(what, id))
}

/// Deletes the scope's row that the condition names. `id` is what the error calls it by.
pub(crate) async fn delete<E: TenantScoped>(
    uow: &Uow,
    row: Expr,
    what: &'static str,
    id: impl ToString,
) -> StoreResult<()> {
    let deleted = E::delete_of(uow.scope())
        .filter(row)
        .exec(&uow.connection)
        .await?;
    match deleted.rows_affected {
        0 => Err(StoreError::not_found(what, id)),
        _ => Ok(()),
    }
}

/// Inserts one row as it is.
pub(crate) async fn insert<A, M, C>(connection: &C, row: M) -> StoreResult<()>
where
    A: ActiveModelTrait,
    M: IntoActiveModel<A>,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    C: ConnectionTrait,
{
    Insert::<A>::one(row).exec_without_returning(connection).await?;
    Ok(())
}

/// Inserts rows in as few statements as the parameter limit allows. For up to a thousand rows; more go through
/// [`Bulk`](crate::Bulk). Gives the number of rows written.
pub(crate) async fn insert_rows<A, M, C>(
    connection: &C,
    rows: Vec<M>,
    on_conflict: Option<OnConflict>,
) -> StoreResult<u64>
where
    A: ActiveModelTrait,
    M: IntoActiveModel<A>,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    C: ConnectionTrait,
{
    let columns = <A::Entity as EntityTrait>::Column::iter().count().max(1);
    let at_once = (MAX_PARAMETERS / columns).clamp(1, MAX_ROWS);
    let mut written = 0;
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut statement = Insert::<A>::many(rows.by_ref().take(at_once));
        if let Some(on_conflict) = &on_conflict {
            statement = statement.on_conflict(on_conflict.clone());
        }
        written += statement.exec_without_returning(connection).await?;
    }
    Ok(written)
}

/// The error for a version that is not the one that the caller had read.
#[expect(
    clippy::needless_pass_by_value,
    reason = "ids are small, and callers pass them as they are"
)]
pub(crate) fn conflict(what: &'static str, id: impl ToString, expected: i64, actual: i64) -> StoreError {
    StoreError::Conflict {
        what,
        id: id.to_string(),
        expected,
        actual,
    }
}
