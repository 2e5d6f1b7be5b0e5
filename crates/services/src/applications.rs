//! Applications: groups of assets that are planned together. They come from imports, from proposals that a person accepts,
//! and by hand.

mod candidates;
mod proposals;

use crate::Services;
use crate::assessments::standing;
use crate::tags::{TagName, check_assets};
use landfall_domain::{AssetId, Page, PageRequest, Scope};
use landfall_planning::assessments::archetypes::Standing;
pub use landfall_repositories::entities::application_assets::Model as Membership;
pub use landfall_repositories::entities::applications::Model as Application;
pub use landfall_repositories::{ApplicationFilter, ApplicationPatch, NewApplication};
use landfall_repositories::{Change, StoreError, StoreResult, Transient, Uow, retry};
pub use proposals::{Acceptance, Proposal, ProposalFilter, ProposalOptions, ProposalSource, ProposalSummary};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Who says so: a person.
const MANUAL: &str = "manual";

/// Why something was not done with an application.
#[derive(Debug, thiserror::Error)]
pub enum ApplicationError {
    /// The name is in use.
    #[error("there is an application called '{name}' already")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// Somebody has decided on the proposal.
    #[error("the proposal '{name}' was {status} already")]
    Decided {
        /// Its name.
        name: String,
        /// `accepted` or `rejected`.
        status: String,
    },
    /// The database refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Transient for ApplicationError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}

/// A tag of an application and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationTag {
    /// The tag; none for one that only an archetype's answers give.
    pub id: Option<Uuid>,
    /// Its category.
    pub category: String,
    /// Its name.
    pub name: String,
    /// `manual`, `assessment`, `archetype`, or `assets` where a member bears it.
    pub source: String,
}

/// An application with what is known around it.
#[derive(Clone, Debug)]
pub struct ApplicationDetail {
    /// The row.
    pub application: Application,
    /// Number of its assets.
    pub asset_count: i64,
    /// Its tags, by category and name.
    pub tags: Vec<ApplicationTag>,
    /// Ids of the archetypes that it is a member of.
    pub archetypes: Vec<Uuid>,
    /// How it stands by its assessments and those of its archetypes.
    pub standing: Standing,
}

impl Services {
    /// Applications by name, with what is known around them.
    pub async fn applications(
        &self,
        scope: &Scope,
        filter: &ApplicationFilter,
        page: &PageRequest,
    ) -> StoreResult<Page<ApplicationDetail>> {
        let uow = self.store().begin_read(scope).await?;
        let found = uow.applications().list(filter, page).await?;
        Ok(Page {
            items: detailed(&uow, found.items).await?,
            next: found.next,
        })
    }

    /// One application.
    pub async fn application(&self, scope: &Scope, id: Uuid) -> StoreResult<ApplicationDetail> {
        let uow = self.store().begin_read(scope).await?;
        let found = uow.applications().get(id).await?;
        one(detailed(&uow, vec![found]).await?, id)
    }

    /// Makes an application.
    pub async fn create_application(
        &self,
        scope: &Scope,
        new: NewApplication,
    ) -> Result<ApplicationDetail, ApplicationError> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            if let Some(known) = uow.applications().find(&new.name).await? {
                return Err(ApplicationError::NameTaken { name: known.name });
            }
            let made = uow.applications().create(new.clone()).await?;
            log(&uow, "created", &made, None, Some(facts(&made))).await?;
            let detail = one(detailed(&uow, vec![made.clone()]).await?, made.id)?;
            uow.commit().await?;
            Ok(detail)
        })
        .await
    }

    /// Changes an application. `expected` is the version that the person saw; `None` changes it whatever the version.
    pub async fn change_application(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
        patch: ApplicationPatch,
    ) -> Result<ApplicationDetail, ApplicationError> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let before = uow.applications().get(id).await?;
            if let Some(name) = &patch.name
                && let Some(known) = uow
                    .applications()
                    .find(name)
                    .await?
                    .filter(|known| known.id != id)
            {
                return Err(ApplicationError::NameTaken { name: known.name });
            }
            let expected = expected.unwrap_or(before.version);
            let changed = uow.applications().update(id, expected, patch.clone()).await?;
            log(
                &uow,
                "changed",
                &changed,
                Some(facts(&before)),
                Some(facts(&changed)),
            )
            .await?;
            let detail = one(detailed(&uow, vec![changed]).await?, id)?;
            uow.commit().await?;
            Ok(detail)
        })
        .await
    }

    /// Deletes an application; its assets stay.
    pub async fn delete_application(&self, scope: &Scope, id: Uuid) -> StoreResult<()> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let known = uow.applications().get(id).await?;
            uow.applications().delete(id).await?;
            log(&uow, "deleted", &known, Some(facts(&known)), None).await?;
            uow.commit().await
        })
        .await
    }

    /// The assets of an application, in the order in which they were put into it.
    pub async fn application_assets(
        &self,
        scope: &Scope,
        id: Uuid,
        page: &PageRequest,
    ) -> StoreResult<Page<Membership>> {
        let uow = self.store().begin_read(scope).await?;
        uow.applications().get(id).await?;
        uow.applications().assets(id, page).await
    }

    /// Puts assets into an application, up to a thousand. Gives how many are new in it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an asset that does not exist here; none is put into it then.
    pub async fn add_application_assets(
        &self,
        scope: &Scope,
        id: Uuid,
        assets: &[AssetId],
    ) -> StoreResult<u64> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let application = uow.applications().get(id).await?;
            check_assets(&uow, assets).await?;
            let new = uow.applications().add_assets(id, assets, MANUAL).await?;
            let after = json!({ "assets": assets });
            log(&uow, "assets added", &application, None, Some(after)).await?;
            uow.commit().await?;
            Ok(new)
        })
        .await
    }

    /// Takes an asset out of an application.
    pub async fn remove_application_asset(&self, scope: &Scope, id: Uuid, asset: AssetId) -> StoreResult<()> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let application = uow.applications().get(id).await?;
            uow.applications().remove_asset(id, asset).await?;
            let before = json!({ "assets": [asset] });
            log(&uow, "asset removed", &application, Some(before), None).await?;
            uow.commit().await
        })
        .await
    }

    /// Puts a tag on an application, made if there is none.
    pub async fn tag_application(
        &self,
        scope: &Scope,
        id: Uuid,
        name: &TagName,
    ) -> StoreResult<ApplicationDetail> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let application = uow.applications().get(id).await?;
            let tag = name.obtain(&uow).await?;
            uow.applications().add_tags(id, &[tag.id], MANUAL).await?;
            let detail = one(detailed(&uow, vec![application]).await?, id)?;
            uow.commit().await?;
            Ok(detail)
        })
        .await
    }

    /// Takes a tag off an application that a person put on it.
    pub async fn untag_application(&self, scope: &Scope, id: Uuid, tag: Uuid) -> StoreResult<()> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            uow.applications().get(id).await?;
            if uow.applications().remove_tags(id, Some(tag), MANUAL).await? == 0 {
                return Err(StoreError::not_found("tag put on this application by hand", tag));
            }
            uow.commit().await
        })
        .await
    }
}

fn one(mut details: Vec<ApplicationDetail>, id: Uuid) -> StoreResult<ApplicationDetail> {
    details
        .pop()
        .ok_or_else(|| StoreError::not_found("application", id))
}

/// What is known around applications, in a handful of queries for a page of them.
async fn detailed(uow: &Uow, applications: Vec<Application>) -> StoreResult<Vec<ApplicationDetail>> {
    let ids: Vec<Uuid> = applications.iter().map(|application| application.id).collect();
    let counts: HashMap<Uuid, i64> = uow.applications().asset_counts(&ids).await?.into_iter().collect();
    let mut standings = standing::of_applications(uow, &ids).await?;
    let detail = |application: Application| {
        let placed = standings.remove(&application.id).unwrap_or_default();
        ApplicationDetail {
            asset_count: counts.get(&application.id).copied().unwrap_or(0),
            tags: placed.tags,
            archetypes: placed.archetypes,
            standing: placed.standing,
            application,
        }
    };
    Ok(applications.into_iter().map(detail).collect())
}

async fn log(
    uow: &Uow,
    action: &str,
    of: &Application,
    before: Option<Value>,
    after: Option<Value>,
) -> StoreResult<()> {
    uow.change_log()
        .record(Change {
            entity_type: "application",
            entity_id: of.id.to_string(),
            action,
            before,
            after,
        })
        .await
}

fn facts(of: &Application) -> Value {
    json!({
        "name": of.name, "description": of.description, "business_service": of.business_service,
        "business_owner": of.business_owner, "technical_owner": of.technical_owner, "criticality": of.criticality,
    })
}
