//! What stakeholders are to applications, archetypes and assessments.

use super::StakeholderRepository;
use crate::StoreResult;
use crate::scoped::{ScopedWrites, insert_rows};
use landfall_domain::ids;
use landfall_entities::{TenantScoped, stakeholder_roles, stakeholders};
use sea_orm::{ColumnTrait, Condition, QueryFilter};
use stakeholder_roles::Column;
use std::collections::HashMap;
use uuid::Uuid;

/// What somebody has a say in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    /// An application.
    Application(Uuid),
    /// An archetype.
    Archetype(Uuid),
    /// An assessment.
    Assessment(Uuid),
}

impl Concern {
    fn condition(self) -> Condition {
        Condition::all().add(match self {
            Self::Application(id) => Column::ApplicationId.eq(id),
            Self::Archetype(id) => Column::ArchetypeId.eq(id),
            Self::Assessment(id) => Column::AssessmentId.eq(id),
        })
    }
}

impl StakeholderRepository<'_> {
    /// The stakeholders of something with their roles, by name.
    pub async fn of(&self, concern: Concern) -> StoreResult<Vec<(stakeholders::Model, String)>> {
        let scope = self.uow.scope();
        let roles = stakeholder_roles::Entity::of(scope)
            .filter(concern.condition())
            .all(&self.uow.connection)
            .await?;
        let known: HashMap<Uuid, stakeholders::Model> = stakeholders::Entity::of(scope)
            .filter(stakeholders::Column::Id.is_in(roles.iter().map(|role| role.stakeholder_id)))
            .all(&self.uow.connection)
            .await?
            .into_iter()
            .map(|person| (person.id, person))
            .collect();
        let mut found: Vec<_> = roles
            .into_iter()
            .filter_map(|role| Some((known.get(&role.stakeholder_id)?.clone(), role.role)))
            .collect();
        found.sort_by(|(one, a), (other, b)| (&one.name, one.id, a).cmp(&(&other.name, other.id, b)));
        Ok(found)
    }

    /// Makes these the stakeholders of something: the person and what he is to it.
    pub async fn set(&self, concern: Concern, people: &[(Uuid, String)]) -> StoreResult<()> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        stakeholder_roles::Entity::delete_of(scope)
            .filter(concern.condition())
            .exec(&self.uow.connection)
            .await?;
        let (mut application_id, mut archetype_id, mut assessment_id) = (None, None, None);
        match concern {
            Concern::Application(id) => application_id = Some(id),
            Concern::Archetype(id) => archetype_id = Some(id),
            Concern::Assessment(id) => assessment_id = Some(id),
        }
        let row = |(person, role): &(Uuid, String)| stakeholder_roles::Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            stakeholder_id: *person,
            application_id,
            archetype_id,
            assessment_id,
            role: role.clone(),
            created_at: now,
        };
        insert_rows(&self.uow.connection, people.iter().map(row).collect(), None).await?;
        Ok(())
    }
}
