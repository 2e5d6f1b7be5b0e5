//! Archetypes on the wire.

use crate::error::ApiResult;
use crate::extract::{Body, Change};
use crate::stakeholders::dto::RoleOf;
use crate::tags::dto::{TagIn, TagOut};
use chrono::{DateTime, Utc};
use landfall_services::assessments::{
    Archetype, ArchetypeChange, ArchetypeDetail, ArchetypeNew, StakeholderRole,
};
use landfall_services::tags::TagName;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// An archetype to be made.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Java on JBoss", "criteria": [{"category": "Language", "name": "Java"}]}))]
pub(crate) struct ArchetypeIn {
    /// Its name; no two archetypes of an engagement have the same, whatever the letter case.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    name: String,
    /// What it is.
    #[validate(length(max = 4000, message = "must have at most 4000 characters"))]
    description: Option<String>,
    /// Tags that its members bear; at least one. Where the criteria of another archetype that matches contain these, only
    /// that one counts.
    #[validate(nested, length(min = 1, max = 50, message = "must have 1 to 50 tags"))]
    criteria: Vec<TagIn>,
    /// Tags that it gives its members.
    #[serde(default)]
    #[validate(nested, length(max = 50, message = "must have at most 50 tags"))]
    tags: Vec<TagIn>,
    /// Who has a say in it.
    #[serde(default)]
    #[validate(nested, length(max = 100, message = "must have at most 100 stakeholders"))]
    stakeholders: Vec<RoleOf>,
}

impl Body for ArchetypeIn {}

fn names(tags: Vec<TagIn>) -> Vec<TagName> {
    tags.into_iter().map(TagName::from).collect()
}

fn roles(people: Vec<RoleOf>) -> Vec<StakeholderRole> {
    people.into_iter().map(StakeholderRole::from).collect()
}

impl ArchetypeIn {
    pub(super) fn into_new(self) -> ArchetypeNew {
        let Self {
            name,
            description,
            criteria,
            tags,
            stakeholders,
        } = self;
        ArchetypeNew {
            name,
            description,
            criteria: names(criteria),
            tags: names(tags),
            stakeholders: roles(stakeholders),
        }
    }
}

/// A change of an archetype: what is absent stays.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"criteria": [{"category": "Language", "name": "Java"}, {"category": "Server", "name": "JBoss"}]}))]
pub(crate) struct ArchetypePatchIn {
    /// Its name.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    name: Option<String>,
    /// What it is; null takes it away.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    description: Change<String>,
    /// Tags that its members bear from now on.
    #[validate(nested, length(min = 1, max = 50, message = "must have 1 to 50 tags"))]
    criteria: Option<Vec<TagIn>>,
    /// Tags that it gives its members from now on.
    #[validate(nested, length(max = 50, message = "must have at most 50 tags"))]
    tags: Option<Vec<TagIn>>,
    /// Who has a say in it from now on.
    #[validate(nested, length(max = 100, message = "must have at most 100 stakeholders"))]
    stakeholders: Option<Vec<RoleOf>>,
}

impl Body for ArchetypePatchIn {}

impl ArchetypePatchIn {
    pub(super) fn into_change(self) -> ApiResult<ArchetypeChange> {
        Ok(ArchetypeChange {
            name: self.name,
            description: self.description.text("description", 4000)?,
            criteria: self.criteria.map(names),
            tags: self.tags.map(names),
            stakeholders: self.stakeholders.map(roles),
        })
    }
}

/// An archetype without its tags.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ArchetypeRowOut {
    /// Its id.
    id: Uuid,
    /// Its name.
    #[schema(example = "Java on JBoss")]
    name: String,
    /// What it is.
    description: Option<String>,
    /// Grows with each change; also the `ETag`.
    version: i64,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was changed last.
    updated_at: DateTime<Utc>,
}

impl From<Archetype> for ArchetypeRowOut {
    fn from(row: Archetype) -> Self {
        let Archetype {
            id,
            name,
            description,
            version,
            created_at,
            updated_at,
            ..
        } = row;
        Self {
            id,
            name,
            description,
            version,
            created_at,
            updated_at,
        }
    }
}

/// An archetype.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ArchetypeOut {
    #[serde(flatten)]
    row: ArchetypeRowOut,
    /// Tags that its members bear.
    criteria: Vec<TagOut>,
    /// Tags that it gives them.
    tags: Vec<TagOut>,
    /// Who has a say in it.
    stakeholders: Vec<RoleOf>,
}

impl From<ArchetypeDetail> for ArchetypeOut {
    fn from(detail: ArchetypeDetail) -> Self {
        let ArchetypeDetail {
            archetype,
            criteria,
            tags,
            stakeholders,
        } = detail;
        Self {
            row: archetype.into(),
            criteria: criteria.into_iter().map(TagOut::from).collect(),
            tags: tags.into_iter().map(TagOut::from).collect(),
            stakeholders: stakeholders.into_iter().map(RoleOf::from).collect(),
        }
    }
}
