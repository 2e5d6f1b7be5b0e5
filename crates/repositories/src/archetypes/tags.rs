//! Tags of archetypes: those by which they know their members, and those that they give them.

use super::ArchetypeRepository;
use crate::StoreResult;
use crate::scoped::{ScopedWrites, insert_rows};
use landfall_domain::ids;
use landfall_entities::{TenantScoped, archetype_tags, tags};
use sea_orm::{ColumnTrait, QueryFilter};
use std::collections::HashMap;
use uuid::Uuid;

/// What a tag is to an archetype.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagPurpose {
    /// Members bear it.
    Criterion,
    /// Members are given it.
    Given,
}

impl TagPurpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Criterion => "criterion",
            Self::Given => "given",
        }
    }
}

impl ArchetypeRepository<'_> {
    /// The tags of these archetypes with their purpose; of all archetypes if `ids` is `None`. An engagement has few.
    pub async fn tags(&self, ids: Option<&[Uuid]>) -> StoreResult<Vec<(Uuid, TagPurpose, tags::Model)>> {
        let scope = self.uow.scope();
        let mut rows = archetype_tags::Entity::of(scope);
        if let Some(ids) = ids {
            rows = rows.filter(archetype_tags::Column::ArchetypeId.is_in(ids.iter().copied()));
        }
        let rows = rows.all(&self.uow.connection).await?;
        let known: HashMap<Uuid, tags::Model> = tags::Entity::of(scope)
            .filter(tags::Column::Id.is_in(rows.iter().map(|row| row.tag_id)))
            .all(&self.uow.connection)
            .await?
            .into_iter()
            .map(|tag| (tag.id, tag))
            .collect();
        let named = |row: archetype_tags::Model| {
            let purpose = if row.purpose == TagPurpose::Criterion.as_str() {
                TagPurpose::Criterion
            } else {
                TagPurpose::Given
            };
            Some((row.archetype_id, purpose, known.get(&row.tag_id)?.clone()))
        };
        let mut found: Vec<_> = rows.into_iter().filter_map(named).collect();
        found.sort_by(|(_, _, one), (_, _, other)| {
            (&one.category, &one.name).cmp(&(&other.category, &other.name))
        });
        Ok(found)
    }

    /// Makes these the archetype's tags for a purpose.
    pub async fn set_tags(&self, id: Uuid, purpose: TagPurpose, tags: &[Uuid]) -> StoreResult<()> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        archetype_tags::Entity::delete_of(scope)
            .filter(archetype_tags::Column::ArchetypeId.eq(id))
            .filter(archetype_tags::Column::Purpose.eq(purpose.as_str()))
            .exec(&self.uow.connection)
            .await?;
        let row = |tag: &Uuid| archetype_tags::Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            archetype_id: id,
            tag_id: *tag,
            purpose: purpose.as_str().to_owned(),
            created_at: now,
        };
        insert_rows(&self.uow.connection, tags.iter().map(row).collect(), None).await?;
        Ok(())
    }
}
