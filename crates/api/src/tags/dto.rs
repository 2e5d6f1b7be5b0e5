//! Tags on the wire.

use crate::extract::Body;
use chrono::{DateTime, Utc};
use landfall_domain::AssetId;
use landfall_services::tags::{Tag, TagMark, TagName};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A tag by its words.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"category": "Language", "name": "Java"}))]
pub(crate) struct TagIn {
    /// Category.
    #[validate(length(min = 1, max = 100, message = "must have 1 to 100 characters"))]
    category: String,
    /// Name within the category.
    #[validate(length(min = 1, max = 200, message = "must have 1 to 200 characters"))]
    name: String,
}

impl Body for TagIn {}

impl From<TagIn> for TagName {
    fn from(tag: TagIn) -> Self {
        let TagIn { category, name } = tag;
        Self { category, name }
    }
}

/// A tag to be made.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"category": "Language", "name": "Java", "description": "Written in Java"}))]
pub(crate) struct NewTagIn {
    /// Category.
    #[validate(length(min = 1, max = 100, message = "must have 1 to 100 characters"))]
    category: String,
    /// Name within the category.
    #[validate(length(min = 1, max = 200, message = "must have 1 to 200 characters"))]
    name: String,
    /// Free text.
    #[validate(length(max = 4000, message = "must have at most 4000 characters"))]
    description: Option<String>,
}

impl Body for NewTagIn {}

impl NewTagIn {
    pub(super) fn into_parts(self) -> (TagName, Option<String>) {
        let Self {
            category,
            name,
            description,
        } = self;
        (TagName { category, name }, description)
    }
}

/// Assets.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"asset_ids": ["0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11"]}))]
pub(crate) struct AssetIdsIn {
    /// Their ids, up to a thousand.
    #[validate(length(min = 1, max = 1000, message = "must have 1 to 1000 ids"))]
    pub(crate) asset_ids: Vec<AssetId>,
}

impl Body for AssetIdsIn {}

/// How many assets it is new to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TaggedOut {
    /// Assets that were not among them before.
    #[schema(example = 1)]
    pub(crate) added: u64,
}

/// A tag.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TagOut {
    /// Its id.
    id: Uuid,
    /// Category.
    #[schema(example = "Language")]
    category: String,
    /// Name within the category.
    #[schema(example = "Java")]
    name: String,
    /// Free text.
    description: Option<String>,
    /// When it was made.
    created_at: DateTime<Utc>,
}

impl From<Tag> for TagOut {
    fn from(row: Tag) -> Self {
        let Tag {
            id,
            category,
            name,
            description,
            created_at,
            ..
        } = row;
        Self {
            id,
            category,
            name,
            description,
            created_at,
        }
    }
}

/// That an asset bears a tag.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MarkOut {
    /// The asset.
    asset_id: AssetId,
    /// Who put it there: `manual`, or `import`.
    #[schema(example = "manual")]
    assigned_method: Option<String>,
    /// When.
    created_at: DateTime<Utc>,
}

impl From<TagMark> for MarkOut {
    fn from(row: TagMark) -> Self {
        Self {
            asset_id: row.asset_id,
            assigned_method: row.assigned_method,
            created_at: row.created_at,
        }
    }
}
