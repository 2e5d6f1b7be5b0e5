//! Client accounts and engagements. A scope sees its own; the [`TenantDirectory`] of a [`SystemUow`](crate::SystemUow)
//! sees all.

mod directory;
mod erase;
mod new;

use crate::{StoreError, StoreResult, Uow};
pub use directory::TenantDirectory;
pub use erase::ErasedRows;
use landfall_entities::{TenantScoped, client_accounts, engagements};
pub use new::{NewClientAccount, NewEngagement};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// The client account and engagements that the unit of work's scope may see.
#[derive(Debug)]
pub struct EngagementRepository<'u> {
    uow: &'u Uow,
}

impl Uow {
    /// The scope's engagement and client account.
    pub fn engagements(&self) -> EngagementRepository<'_> {
        EngagementRepository { uow: self }
    }
}

impl EngagementRepository<'_> {
    /// The scope's engagement.
    pub async fn current(&self) -> StoreResult<engagements::Model> {
        engagements::Entity::of(self.uow.scope())
            .one(&self.uow.connection)
            .await?
            .ok_or_else(|| StoreError::not_found("engagement", self.uow.scope().engagement_id))
    }

    /// The scope's client account.
    #[expect(
        clippy::disallowed_methods,
        reason = "the table's key is the client account itself"
    )]
    pub async fn client_account(&self) -> StoreResult<client_accounts::Model> {
        let id = self.uow.scope().client_account_id;
        client_accounts::Entity::find()
            .filter(client_accounts::Column::Id.eq(id))
            .one(&self.uow.connection)
            .await?
            .ok_or_else(|| StoreError::not_found("client account", id))
    }

    /// Every engagement of the scope's client account, by name.
    #[expect(
        clippy::disallowed_methods,
        reason = "all engagements of the client account, not the scope's alone"
    )]
    pub async fn of_client_account(&self) -> StoreResult<Vec<engagements::Model>> {
        Ok(engagements::Entity::find()
            .filter(engagements::Column::ClientAccountId.eq(self.uow.scope().client_account_id))
            .order_by_asc(engagements::Column::Name)
            .all(&self.uow.connection)
            .await?)
    }
}
