//! Client accounts and engagements of everyone, for administration and start-up.

use super::{NewClientAccount, NewEngagement};
use crate::scoped::insert;
use crate::{StoreError, StoreResult, SystemUow};
use landfall_domain::{ClientAccountId, EngagementId};
use landfall_entities::{client_accounts, engagements};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Every client account and engagement.
#[derive(Debug)]
pub struct TenantDirectory<'u> {
    pub(super) uow: &'u SystemUow,
}

impl SystemUow {
    /// Client accounts and engagements.
    pub fn tenants(&self) -> TenantDirectory<'_> {
        TenantDirectory { uow: self }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the directory is there to see every tenant"
)]
impl TenantDirectory<'_> {
    /// Makes a client account.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if there is one with this name already.
    pub async fn create_client_account(&self, new: NewClientAccount) -> StoreResult<client_accounts::Model> {
        required("client account", &new.name)?;
        let row = new.into_model(self.uow.now());
        insert(&self.uow.connection, row.clone()).await?;
        Ok(row)
    }

    /// Makes an engagement.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if the client account has one with this name, [`StoreError::MissingReference`] if there is no
    /// such client account.
    pub async fn create_engagement(
        &self,
        client: ClientAccountId,
        new: NewEngagement,
    ) -> StoreResult<engagements::Model> {
        required("engagement", &new.name)?;
        let row = new.into_model(client, self.uow.now());
        insert(&self.uow.connection, row.clone()).await?;
        Ok(row)
    }

    /// Every client account, by name.
    pub async fn client_accounts(&self) -> StoreResult<Vec<client_accounts::Model>> {
        Ok(client_accounts::Entity::find()
            .order_by_asc(client_accounts::Column::Name)
            .all(&self.uow.connection)
            .await?)
    }

    /// The client account with this id or exact name.
    pub async fn find_client_account(&self, id_or_name: &str) -> StoreResult<Option<client_accounts::Model>> {
        use client_accounts::Column;
        let mut either = Condition::any().add(Column::Name.eq(id_or_name));
        if let Ok(id) = id_or_name.parse::<ClientAccountId>() {
            either = either.add(Column::Id.eq(id));
        }
        let found = client_accounts::Entity::find()
            .filter(either)
            .limit(2)
            .all(&self.uow.connection)
            .await?;
        one_of(found, "client account", id_or_name)
    }

    /// Every engagement of a client account, by name.
    pub async fn engagements(&self, client: ClientAccountId) -> StoreResult<Vec<engagements::Model>> {
        Ok(engagements::Entity::find()
            .filter(engagements::Column::ClientAccountId.eq(client))
            .order_by_asc(engagements::Column::Name)
            .all(&self.uow.connection)
            .await?)
    }

    /// Every engagement of these client accounts, by name.
    pub async fn engagements_of(&self, clients: &[ClientAccountId]) -> StoreResult<Vec<engagements::Model>> {
        Ok(engagements::Entity::find()
            .filter(engagements::Column::ClientAccountId.is_in(clients.iter().copied()))
            .order_by_asc(engagements::Column::Name)
            .all(&self.uow.connection)
            .await?)
    }

    /// The engagement of a client account with this id or exact name.
    pub async fn find_engagement(
        &self,
        client: ClientAccountId,
        id_or_name: &str,
    ) -> StoreResult<Option<engagements::Model>> {
        use engagements::Column;
        let mut either = Condition::any().add(Column::Name.eq(id_or_name));
        if let Ok(id) = id_or_name.parse::<EngagementId>() {
            either = either.add(Column::Id.eq(id));
        }
        let found = engagements::Entity::find()
            .filter(Column::ClientAccountId.eq(client))
            .filter(either)
            .limit(2)
            .all(&self.uow.connection)
            .await?;
        one_of(found, "engagement", id_or_name)
    }
}

fn required(what: &str, name: &str) -> StoreResult<()> {
    if name.trim().is_empty() {
        return Err(StoreError::invalid(format!("the {what} needs a name")));
    }
    Ok(())
}

/// Names of client accounts are not unique in a database that was taken over: then only the id tells them apart.
fn one_of<M>(mut found: Vec<M>, what: &str, name: &str) -> StoreResult<Option<M>> {
    if found.len() > 1 {
        return Err(StoreError::invalid(format!(
            "more than one {what} is called '{name}': give its id"
        )));
    }
    Ok(found.pop())
}
