//! Mapping profiles: approved mappings, reused when the same headers come again.

use crate::keyset::{self, Sort};
use crate::scoped::{ScopedWrites, insert, one};
use crate::{StoreError, StoreResult, Uow};
use landfall_domain::{Page, PageRequest, ids};
use landfall_entities::{TenantScoped, mapping_profiles};
use mapping_profiles::Column;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use serde_json::Value;
use uuid::Uuid;

/// Mapping profiles of the unit of work's scope.
#[derive(Debug)]
pub struct ProfileRepository<'u> {
    uow: &'u Uow,
}

/// A profile to be kept.
#[derive(Clone, Debug)]
pub struct NewProfile {
    /// A name for a person.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// Fingerprint of the headers.
    pub fingerprint: String,
    /// Format of the export.
    pub source_format: Option<String>,
    /// The headers in order.
    pub columns: Value,
    /// Header → field, and what else the decision says.
    pub mappings: Value,
}

impl Uow {
    /// Mapping profiles.
    pub fn profiles(&self) -> ProfileRepository<'_> {
        ProfileRepository { uow: self }
    }
}

impl ProfileRepository<'_> {
    /// Keeps a profile as the next version for its headers; earlier versions stay, but are no longer active.
    pub async fn save(&self, new: NewProfile) -> StoreResult<mapping_profiles::Model> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let before = mapping_profiles::Entity::of(scope)
            .filter(Column::Fingerprint.eq(&new.fingerprint))
            .order_by_desc(Column::ProfileVersion)
            .one(&self.uow.connection)
            .await?;
        mapping_profiles::Entity::update_of(scope)
            .filter(Column::Fingerprint.eq(&new.fingerprint))
            .filter(Column::IsActive.eq(true))
            .col_expr(Column::IsActive, Expr::val(false))
            .col_expr(Column::UpdatedAt, Expr::val(now))
            .exec(&self.uow.connection)
            .await?;
        let row = mapping_profiles::Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            name: new.name,
            description: new.description,
            fingerprint: new.fingerprint,
            profile_version: before.map_or(0, |profile| profile.profile_version) + 1,
            source_format: new.source_format,
            columns: new.columns,
            mappings: new.mappings,
            is_active: true,
            usage_count: 0,
            last_used_at: None,
            created_by: scope.actor.user_id,
            created_at: now,
            updated_at: now,
        };
        insert(&self.uow.connection, row.clone()).await?;
        Ok(row)
    }

    /// The active profile for these headers, if there is one.
    pub async fn find(&self, fingerprint: &str) -> StoreResult<Option<mapping_profiles::Model>> {
        Ok(mapping_profiles::Entity::of(self.uow.scope())
            .filter(Column::IsActive.eq(true))
            .filter(Column::Fingerprint.eq(fingerprint))
            .order_by_desc(Column::ProfileVersion)
            .one(&self.uow.connection)
            .await?)
    }

    /// One profile.
    pub async fn get(&self, id: Uuid) -> StoreResult<mapping_profiles::Model> {
        one::<mapping_profiles::Entity>(self.uow, Column::Id.eq(id), "mapping profile", id).await
    }

    /// Active profiles, newest first.
    pub async fn list(&self, request: &PageRequest) -> StoreResult<Page<mapping_profiles::Model>> {
        let rows = mapping_profiles::Entity::of(self.uow.scope()).filter(Column::IsActive.eq(true));
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by_id(Column::Id, true),
            request,
        )
        .await
    }

    /// Counts a use of the profile.
    pub async fn mark_used(&self, id: Uuid) -> StoreResult<()> {
        let used = mapping_profiles::Entity::update_of(self.uow.scope())
            .filter(Column::Id.eq(id))
            .col_expr(Column::UsageCount, Expr::col(Column::UsageCount).add(1))
            .col_expr(Column::LastUsedAt, Expr::val(self.uow.now()))
            .exec(&self.uow.connection)
            .await?;
        if used.rows_affected == 0 {
            Err(StoreError::not_found("mapping profile", id))
        } else {
            Ok(())
        }
    }
}
