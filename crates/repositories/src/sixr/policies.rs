//! Policies: versions of what a client account decides by. They belong to the client account, not to an engagement.

use super::SixrRepository;
use crate::scoped::insert;
use crate::{StoreError, StoreResult};
use landfall_domain::ids;
use landfall_entities::{TenantScoped, sixr_policies};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use sixr_policies::{Column, Model};

/// Versions that are listed.
const LISTED: u64 = 100;

/// A policy to be kept.
#[derive(Clone, Debug)]
pub struct NewPolicy {
    /// Its name.
    pub name: String,
    /// The TOML text.
    pub body: String,
    /// Fingerprint of the text.
    pub digest: String,
    /// Why it was changed.
    pub comment: Option<String>,
}

impl SixrRepository<'_> {
    /// Keeps a policy as the next version.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if somebody else keeps one at the same moment.
    pub async fn add_policy(&self, new: NewPolicy) -> StoreResult<Model> {
        let newest = self.policy(None).await?;
        let scope = self.uow.scope();
        let row = Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            policy_version: newest.map_or(0, |policy| policy.policy_version) + 1,
            name: new.name,
            body: new.body,
            digest: new.digest,
            comment: new.comment,
            created_by: Some(scope.actor.name.clone()),
            created_at: self.uow.now(),
        };
        insert(&self.uow.connection, row.clone()).await?;
        Ok(row)
    }

    /// A version, the newest if no number is given; none where the client account has no policy of its own.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a number that no version has.
    pub async fn policy(&self, version: Option<i32>) -> StoreResult<Option<Model>> {
        let rows = sixr_policies::Entity::of(self.uow.scope());
        let Some(version) = version else {
            let newest = rows.order_by_desc(Column::PolicyVersion);
            return Ok(newest.one(&self.uow.connection).await?);
        };
        let found = rows
            .filter(Column::PolicyVersion.eq(version))
            .one(&self.uow.connection)
            .await?;
        found
            .map(Some)
            .ok_or_else(|| StoreError::not_found("version of the 6R policy", version))
    }

    /// The newest hundred versions, the newest first.
    pub async fn policies(&self) -> StoreResult<Vec<Model>> {
        Ok(sixr_policies::Entity::of(self.uow.scope())
            .order_by_desc(Column::PolicyVersion)
            .limit(LISTED)
            .all(&self.uow.connection)
            .await?)
    }
}
