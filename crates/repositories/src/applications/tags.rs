//! Tags of applications: their own, and those of their assets.

use super::ApplicationRepository;
use crate::StoreResult;
use crate::scoped::{ScopedWrites, insert_rows};
use landfall_domain::ids;
use landfall_entities::{TenantScoped, application_assets, application_tags, asset_tags, tags};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// Who says that a member's tag is the application's too.
const ASSETS: &str = "assets";

impl ApplicationRepository<'_> {
    /// The tags of the applications with who says so; `assets` where a member bears the tag. Three queries, for a page of
    /// applications.
    pub async fn tags(&self, ids: &[Uuid]) -> StoreResult<Vec<(Uuid, tags::Model, String)>> {
        let (scope, connection) = (self.uow.scope(), &self.uow.connection);
        let own = application_tags::Entity::of(scope)
            .filter(application_tags::Column::ApplicationId.is_in(ids.iter().copied()))
            .all(connection)
            .await?;
        let through = application_assets::Entity::belongs_to(asset_tags::Entity)
            .from((
                application_assets::Column::ClientAccountId,
                application_assets::Column::AssetId,
            ))
            .to((asset_tags::Column::ClientAccountId, asset_tags::Column::AssetId));
        let of_members: Vec<(Uuid, Uuid)> = application_assets::Entity::of(scope)
            .join(JoinType::InnerJoin, through.into())
            .filter(application_assets::Column::ApplicationId.is_in(ids.iter().copied()))
            .select_only()
            .column(application_assets::Column::ApplicationId)
            .column(asset_tags::Column::TagId)
            .distinct()
            .into_tuple()
            .all(connection)
            .await?;
        let wanted = own
            .iter()
            .map(|row| row.tag_id)
            .chain(of_members.iter().map(|(_, tag)| *tag));
        let known: HashMap<Uuid, tags::Model> = tags::Entity::of(scope)
            .filter(tags::Column::Id.is_in(wanted))
            .all(connection)
            .await?
            .into_iter()
            .map(|tag| (tag.id, tag))
            .collect();
        let own = own
            .into_iter()
            .map(|row| (row.application_id, row.tag_id, row.source));
        let of_members = of_members
            .into_iter()
            .map(|(application, tag)| (application, tag, ASSETS.to_owned()));
        let mut found: Vec<(Uuid, tags::Model, String)> = own
            .chain(of_members)
            .filter_map(|(application, tag, source)| Some((application, known.get(&tag)?.clone(), source)))
            .collect();
        found.sort_by(|one, other| {
            let key = |(application, tag, source): &(Uuid, tags::Model, String)| {
                (
                    *application,
                    tag.category.clone(),
                    tag.name.clone(),
                    source.clone(),
                )
            };
            key(one).cmp(&key(other))
        });
        Ok(found)
    }

    /// Puts tags on an application, as `source` says; those that it says already stay.
    pub async fn add_tags(&self, id: Uuid, tags: &[Uuid], source: &str) -> StoreResult<u64> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let row = |tag: &Uuid| application_tags::Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            application_id: id,
            tag_id: *tag,
            source: source.to_owned(),
            created_at: now,
        };
        let keep = OnConflict::new().do_nothing().to_owned();
        insert_rows(&self.uow.connection, tags.iter().map(row).collect(), Some(keep)).await
    }

    /// Takes tags off an application that `source` says: one, or all of them. Gives how many there were.
    pub async fn remove_tags(&self, id: Uuid, tag: Option<Uuid>, source: &str) -> StoreResult<u64> {
        use application_tags::Column;
        let mut rows = application_tags::Entity::delete_of(self.uow.scope())
            .filter(Column::ApplicationId.eq(id))
            .filter(Column::Source.eq(source));
        if let Some(tag) = tag {
            rows = rows.filter(Column::TagId.eq(tag));
        }
        Ok(rows.exec(&self.uow.connection).await?.rows_affected)
    }
}
