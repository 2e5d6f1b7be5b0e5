//! Stakeholders, and what they are to applications, archetypes and assessments.

use super::AssessmentError;
use crate::Services;
use landfall_domain::{Page, PageRequest, Scope};
pub use landfall_repositories::entities::stakeholders::Model as Stakeholder;
use landfall_repositories::{Concern, StoreError, StoreResult, Uow, retry};
pub use landfall_repositories::{NewStakeholder, StakeholderPatch};
use uuid::Uuid;

/// Somebody with a say in something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StakeholderRole {
    /// The stakeholder.
    pub stakeholder_id: Uuid,
    /// What he is to it, such as `owner` or `contributor`.
    pub role: String,
}

impl StakeholderRole {
    pub(super) async fn of(uow: &Uow, concern: Concern) -> StoreResult<Vec<Self>> {
        let people = uow.stakeholders().of(concern).await?;
        let role = |(person, role): (Stakeholder, String)| Self {
            stakeholder_id: person.id,
            role,
        };
        Ok(people.into_iter().map(role).collect())
    }

    pub(super) async fn set(uow: &Uow, concern: Concern, people: &[Self]) -> StoreResult<()> {
        for person in people {
            uow.stakeholders().get(person.stakeholder_id).await?;
        }
        let mut people: Vec<(Uuid, String)> = people
            .iter()
            .map(|person| (person.stakeholder_id, person.role.trim().to_owned()))
            .collect();
        people.sort();
        people.dedup();
        uow.stakeholders().set(concern, &people).await
    }
}

impl Services {
    /// Stakeholders by name.
    pub async fn stakeholders(&self, scope: &Scope, page: &PageRequest) -> StoreResult<Page<Stakeholder>> {
        let uow = self.store().begin_read(scope).await?;
        uow.stakeholders().list(page).await
    }

    /// One stakeholder.
    pub async fn stakeholder(&self, scope: &Scope, id: Uuid) -> StoreResult<Stakeholder> {
        self.store().begin_read(scope).await?.stakeholders().get(id).await
    }

    /// Makes a stakeholder.
    pub async fn create_stakeholder(
        &self,
        scope: &Scope,
        new: &NewStakeholder,
    ) -> Result<Stakeholder, AssessmentError> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let made = uow.stakeholders().create(new.clone()).await;
            let made = made.map_err(|error| taken(error, &new.email))?;
            uow.commit().await?;
            Ok(made)
        })
        .await
    }

    /// Changes a stakeholder. `expected` is the version that the person saw; `None` changes it whatever the version.
    pub async fn change_stakeholder(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
        patch: &StakeholderPatch,
    ) -> Result<Stakeholder, AssessmentError> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let before = uow.stakeholders().get(id).await?;
            let expected = expected.unwrap_or(before.version);
            let changed = uow.stakeholders().update(id, expected, patch.clone()).await;
            let email = patch.email.as_deref().unwrap_or_default();
            let changed = changed.map_err(|error| taken(error, email))?;
            uow.commit().await?;
            Ok(changed)
        })
        .await
    }

    /// Deletes a stakeholder, and every role that he had.
    pub async fn delete_stakeholder(&self, scope: &Scope, id: Uuid) -> StoreResult<()> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            uow.stakeholders().delete(id).await?;
            uow.commit().await
        })
        .await
    }
}

fn taken(error: StoreError, email: &str) -> AssessmentError {
    match error {
        StoreError::Duplicate { .. } => AssessmentError::EmailTaken(email.to_owned()),
        error => error.into(),
    }
}
