//! Who still uses old names and paths of the API, and how often.

use crate::scoped::insert_rows;
use crate::{StoreResult, Uow};
use compat_usage::Column;
use landfall_domain::ids;
use landfall_entities::{TenantScoped, compat_usage};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict};
use sea_orm::{EntityName, QueryOrder, QuerySelect};

/// Rows that are listed at most.
const MOST_LISTED: u64 = 1_000;

/// Uses of old names in the unit of work's scope.
#[derive(Debug)]
pub struct CompatUsageRepository<'u> {
    uow: &'u Uow,
}

/// What was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UseKind {
    /// An old name of a field.
    Field,
    /// A name that nobody knows, which was ignored.
    Ignored,
    /// A path of an earlier version.
    Path,
}

impl UseKind {
    /// The word that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Ignored => "ignored",
            Self::Path => "path",
        }
    }
}

/// Uses of one name by one caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompatUse {
    /// What kind of name it is.
    pub kind: UseKind,
    /// The resource of the field, or the version of the path.
    pub resource: String,
    /// The name or path.
    pub name: String,
    /// Who used it.
    pub actor_name: String,
    /// How often since it was written down last.
    pub uses: i64,
}

impl Uow {
    /// Uses of old names.
    pub fn compat_usage(&self) -> CompatUsageRepository<'_> {
        CompatUsageRepository { uow: self }
    }
}

impl CompatUsageRepository<'_> {
    /// Adds uses to those that are written down. Each name, resource and caller may occur once; up to a thousand.
    pub async fn add(&self, uses: Vec<CompatUse>) -> StoreResult<u64> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let rows: Vec<_> = uses
            .into_iter()
            .map(|each| compat_usage::Model {
                client_account_id: scope.client_account_id,
                id: ids::new_uuid(),
                engagement_id: scope.engagement_id,
                kind: each.kind.as_str().to_owned(),
                resource: each.resource,
                name: each.name,
                actor_name: each.actor_name,
                uses: each.uses,
                first_used_at: now,
                last_used_at: now,
            })
            .collect();
        let excluded = |column: Column| Expr::col((Alias::new("excluded"), column));
        let known = Expr::col((Alias::new(compat_usage::Entity.table_name()), Column::Uses));
        let add = OnConflict::columns([
            Column::ClientAccountId,
            Column::EngagementId,
            Column::Kind,
            Column::Resource,
            Column::Name,
            Column::ActorName,
        ])
        .value(Column::Uses, known.add(excluded(Column::Uses)))
        .value(Column::LastUsedAt, excluded(Column::LastUsedAt))
        .to_owned();
        insert_rows(&self.uow.connection, rows, Some(add)).await
    }

    /// What was used, the latest first, at most a thousand names.
    pub async fn list(&self) -> StoreResult<Vec<compat_usage::Model>> {
        Ok(compat_usage::Entity::of(self.uow.scope())
            .order_by_desc(Column::LastUsedAt)
            .order_by_asc(Column::Kind)
            .order_by_asc(Column::Resource)
            .order_by_asc(Column::Name)
            .order_by_asc(Column::ActorName)
            .limit(MOST_LISTED)
            .all(&self.uow.connection)
            .await?)
    }
}
