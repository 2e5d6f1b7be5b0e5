//! Archetypes: kinds of applications that are assessed once for all of their members.

use super::stakeholders::StakeholderRole;
use super::{AssessmentError, standing};
use crate::Services;
use crate::tags::{Tag, TagName};
use landfall_domain::{Page, PageRequest, Scope};
use landfall_repositories::entities::applications;
pub use landfall_repositories::entities::archetypes::Model as Archetype;
use landfall_repositories::{
    ApplicationFilter, ArchetypePatch, Change, Concern, NewArchetype, StoreResult, TagPurpose, Uow, retry,
};
use serde_json::json;
use uuid::Uuid;

/// An archetype to be made.
#[derive(Clone, Debug)]
pub struct ArchetypeNew {
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// Tags that its members bear; at least one.
    pub criteria: Vec<TagName>,
    /// Tags that it gives them.
    pub tags: Vec<TagName>,
    /// Who has a say in it.
    pub stakeholders: Vec<StakeholderRole>,
}

/// What changes about an archetype; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct ArchetypeChange {
    /// Its name.
    pub name: Option<String>,
    /// What it is; `Some(None)` takes it away.
    pub description: Option<Option<String>>,
    /// Tags that its members bear.
    pub criteria: Option<Vec<TagName>>,
    /// Tags that it gives them.
    pub tags: Option<Vec<TagName>>,
    /// Who has a say in it.
    pub stakeholders: Option<Vec<StakeholderRole>>,
}

/// An archetype with what hangs on it.
#[derive(Clone, Debug)]
pub struct ArchetypeDetail {
    /// The row.
    pub archetype: Archetype,
    /// Tags that its members bear.
    pub criteria: Vec<Tag>,
    /// Tags that it gives them.
    pub tags: Vec<Tag>,
    /// Who has a say in it.
    pub stakeholders: Vec<StakeholderRole>,
}

impl Services {
    /// Archetypes by name.
    pub async fn archetypes(&self, scope: &Scope, page: &PageRequest) -> StoreResult<Page<Archetype>> {
        let uow = self.store().begin_read(scope).await?;
        uow.archetypes().list(page).await
    }

    /// One archetype.
    pub async fn archetype(&self, scope: &Scope, id: Uuid) -> StoreResult<ArchetypeDetail> {
        let uow = self.store().begin_read(scope).await?;
        let found = uow.archetypes().get(id).await?;
        detailed(&uow, found).await
    }

    /// Makes an archetype.
    pub async fn create_archetype(
        &self,
        scope: &Scope,
        new: &ArchetypeNew,
    ) -> Result<ArchetypeDetail, AssessmentError> {
        if new.criteria.is_empty() {
            return Err(AssessmentError::NoCriteria);
        }
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            free_name(&uow, &new.name, None).await?;
            let row = NewArchetype {
                name: new.name.trim().to_owned(),
                description: new.description.clone(),
            };
            let made = uow.archetypes().create(row).await?;
            set_tags(&uow, made.id, TagPurpose::Criterion, &new.criteria).await?;
            set_tags(&uow, made.id, TagPurpose::Given, &new.tags).await?;
            StakeholderRole::set(&uow, Concern::Archetype(made.id), &new.stakeholders).await?;
            let detail = detailed(&uow, made).await?;
            log(&uow, "created", &detail.archetype).await?;
            uow.commit().await?;
            Ok(detail)
        })
        .await
    }

    /// Changes an archetype. `expected` is the version that the person saw; `None` changes it whatever the version.
    pub async fn change_archetype(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
        change: &ArchetypeChange,
    ) -> Result<ArchetypeDetail, AssessmentError> {
        if change.criteria.as_ref().is_some_and(Vec::is_empty) {
            return Err(AssessmentError::NoCriteria);
        }
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let before = uow.archetypes().get(id).await?;
            if let Some(name) = &change.name {
                free_name(&uow, name, Some(id)).await?;
            }
            let patch = ArchetypePatch {
                name: change.name.clone(),
                description: change.description.clone(),
            };
            let expected = expected.unwrap_or(before.version);
            let changed = uow.archetypes().update(id, expected, patch).await?;
            if let Some(criteria) = &change.criteria {
                set_tags(&uow, id, TagPurpose::Criterion, criteria).await?;
            }
            if let Some(tags) = &change.tags {
                set_tags(&uow, id, TagPurpose::Given, tags).await?;
            }
            if let Some(people) = &change.stakeholders {
                StakeholderRole::set(&uow, Concern::Archetype(id), people).await?;
            }
            let detail = detailed(&uow, changed).await?;
            log(&uow, "changed", &detail.archetype).await?;
            uow.commit().await?;
            Ok(detail)
        })
        .await
    }

    /// Deletes an archetype that was not assessed; applications stay.
    pub async fn delete_archetype(&self, scope: &Scope, id: Uuid) -> StoreResult<()> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let known = uow.archetypes().get(id).await?;
            uow.archetypes().delete(id).await?;
            log(&uow, "deleted", &known).await?;
            uow.commit().await
        })
        .await
    }

    /// The applications that are members of an archetype, by name. Cost: tags are compared for every application up to the
    /// end of the page.
    pub async fn archetype_members(
        &self,
        scope: &Scope,
        id: Uuid,
        page: &PageRequest,
    ) -> StoreResult<Page<applications::Model>> {
        let uow = self.store().begin_read(scope).await?;
        uow.archetypes().get(id).await?;
        let limit = page.limit.clamp(1, PageRequest::MAX) as usize;
        let mut request = page.clone();
        let mut members = Vec::new();
        loop {
            // No more are read than the page can take, so that the next page begins where this one ends.
            let left = u32::try_from(limit - members.len()).unwrap_or(PageRequest::MAX);
            request.limit = left;
            let read = uow
                .applications()
                .list(&ApplicationFilter::default(), &request)
                .await?;
            let ids: Vec<Uuid> = read.items.iter().map(|application| application.id).collect();
            let placed = standing::of_applications(&uow, &ids).await?;
            let is_member = |application: &applications::Model| {
                placed
                    .get(&application.id)
                    .is_some_and(|placed| placed.archetypes.contains(&id))
            };
            members.extend(read.items.into_iter().filter(is_member));
            let is_full = members.len() >= limit;
            match read.next {
                Some(next) if !is_full => request.after = Some(next),
                next => {
                    return Ok(Page { items: members, next });
                }
            }
        }
    }
}

async fn free_name(uow: &Uow, name: &str, except: Option<Uuid>) -> Result<(), AssessmentError> {
    match uow.archetypes().find(name).await? {
        Some(known) if Some(known.id) != except => Err(AssessmentError::NameTaken {
            what: "an archetype",
            name: known.name,
        }),
        _ => Ok(()),
    }
}

async fn set_tags(uow: &Uow, id: Uuid, purpose: TagPurpose, names: &[TagName]) -> StoreResult<()> {
    let mut tags = Vec::new();
    for name in names {
        tags.push(name.obtain(uow).await?.id);
    }
    tags.sort_unstable();
    tags.dedup();
    uow.archetypes().set_tags(id, purpose, &tags).await
}

async fn detailed(uow: &Uow, archetype: Archetype) -> StoreResult<ArchetypeDetail> {
    let (mut criteria, mut tags) = (Vec::new(), Vec::new());
    for (_, purpose, tag) in uow.archetypes().tags(Some(&[archetype.id])).await? {
        match purpose {
            TagPurpose::Criterion => criteria.push(tag),
            TagPurpose::Given => tags.push(tag),
        }
    }
    let stakeholders = StakeholderRole::of(uow, Concern::Archetype(archetype.id)).await?;
    Ok(ArchetypeDetail {
        archetype,
        criteria,
        tags,
        stakeholders,
    })
}

async fn log(uow: &Uow, action: &str, of: &Archetype) -> StoreResult<()> {
    uow.change_log()
        .record(Change {
            entity_type: "archetype",
            entity_id: of.id.to_string(),
            action,
            before: None,
            after: Some(json!({ "name": of.name, "description": of.description })),
        })
        .await
}
