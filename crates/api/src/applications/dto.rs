//! Applications on the wire.

use crate::error::ApiResult;
use crate::extract::{Body, Change};
use chrono::{DateTime, Utc};
use landfall_domain::{AssetId, ImportId};
use landfall_services::applications::{
    Application, ApplicationDetail, ApplicationFilter, ApplicationPatch, ApplicationTag, Membership,
    NewApplication,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// Which applications are listed.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ApplicationQuery {
    /// Whose name begins with this, whatever the letter case.
    name_prefix: Option<String>,
    /// Made from this: `import`, `manual`, `application_name`, `application_assets`, `tags`, `dependencies`.
    source: Option<String>,
    /// As critical as this.
    criticality: Option<String>,
    /// Which this asset is part of.
    asset_id: Option<AssetId>,
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    pub(super) limit: Option<u32>,
    /// `next` of the page before.
    pub(super) cursor: Option<String>,
}

impl ApplicationQuery {
    pub(super) fn filter(self) -> ApplicationFilter {
        ApplicationFilter {
            name_prefix: self.name_prefix,
            source: self.source,
            criticality: self.criticality,
            asset_id: self.asset_id,
        }
    }
}

/// An application to be made.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Web shop", "business_owner": "Sales", "criticality": "High"}))]
pub(crate) struct ApplicationIn {
    /// Its name; no two applications of an engagement have the same, whatever the letter case.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    name: String,
    /// Free text.
    #[validate(length(max = 4000, message = "must have at most 4000 characters"))]
    description: Option<String>,
    /// Business service that it is part of.
    #[validate(length(max = 255, message = "must have at most 255 characters"))]
    business_service: Option<String>,
    /// Who answers for it in the business.
    #[validate(length(max = 255, message = "must have at most 255 characters"))]
    business_owner: Option<String>,
    /// Who answers for it in IT.
    #[validate(length(max = 255, message = "must have at most 255 characters"))]
    technical_owner: Option<String>,
    /// How critical it is.
    #[validate(length(max = 50, message = "must have at most 50 characters"))]
    criticality: Option<String>,
}

impl Body for ApplicationIn {}

impl ApplicationIn {
    pub(super) fn into_new(self) -> NewApplication {
        let Self {
            name,
            description,
            business_service,
            business_owner,
            technical_owner,
            criticality,
        } = self;
        NewApplication {
            name: name.trim().to_owned(),
            description,
            business_service,
            business_owner,
            technical_owner,
            criticality,
            ..NewApplication::default()
        }
    }
}

/// A change of an application: what is absent stays, null takes a value away.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"criticality": "High", "description": null}))]
pub(crate) struct ApplicationPatchIn {
    /// Its name.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    name: Option<String>,
    /// Free text.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    description: Change<String>,
    /// Business service that it is part of.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    business_service: Change<String>,
    /// Who answers for it in the business.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    business_owner: Change<String>,
    /// Who answers for it in IT.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    technical_owner: Change<String>,
    /// How critical it is.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    criticality: Change<String>,
}

impl Body for ApplicationPatchIn {}

impl ApplicationPatchIn {
    pub(super) fn into_patch(self) -> ApiResult<ApplicationPatch> {
        let Self {
            name,
            description,
            business_service,
            business_owner,
            technical_owner,
            criticality,
        } = self;
        Ok(ApplicationPatch {
            name: name.map(|name| name.trim().to_owned()),
            description: description.text("description", 4000)?,
            business_service: business_service.text("business_service", 255)?,
            business_owner: business_owner.text("business_owner", 255)?,
            technical_owner: technical_owner.text("technical_owner", 255)?,
            criticality: criticality.text("criticality", 50)?,
        })
    }
}

/// A tag of an application.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApplicationTagOut {
    /// The tag; null for one that only an archetype's answers give.
    id: Option<Uuid>,
    /// Category.
    #[schema(example = "Language")]
    category: String,
    /// Name within the category.
    #[schema(example = "Java")]
    name: String,
    /// Who says so: `manual`, `assessment`, `archetype`, or `assets` where a member bears it.
    #[schema(example = "assets")]
    source: String,
}

impl From<ApplicationTag> for ApplicationTagOut {
    fn from(tag: ApplicationTag) -> Self {
        let ApplicationTag {
            id,
            category,
            name,
            source,
        } = tag;
        Self {
            id,
            category,
            name,
            source,
        }
    }
}

/// An application without what is computed around it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApplicationRowOut {
    /// Its id.
    id: Uuid,
    /// Its name.
    #[schema(example = "Web shop")]
    name: String,
    /// Free text.
    description: Option<String>,
    /// Business service that it is part of.
    business_service: Option<String>,
    /// Who answers for it in the business.
    business_owner: Option<String>,
    /// Who answers for it in IT.
    technical_owner: Option<String>,
    /// How critical it is.
    criticality: Option<String>,
    /// What it was made from.
    #[schema(example = "manual")]
    source: String,
    /// The import that made it.
    created_by_import_id: Option<ImportId>,
    /// Grows with each change; also the `ETag`.
    version: i64,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was changed last.
    updated_at: DateTime<Utc>,
}

impl From<Application> for ApplicationRowOut {
    fn from(row: Application) -> Self {
        let Application {
            id,
            name,
            description,
            business_service,
            business_owner,
            technical_owner,
            criticality,
            source,
            created_by_import_id,
            version,
            created_at,
            updated_at,
            ..
        } = row;
        Self {
            id,
            name,
            description,
            business_service,
            business_owner,
            technical_owner,
            criticality,
            source,
            created_by_import_id,
            version,
            created_at,
            updated_at,
        }
    }
}

/// An application with its tags, archetypes, risk and confidence.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApplicationOut {
    #[serde(flatten)]
    row: ApplicationRowOut,
    /// Number of its assets.
    #[schema(example = 3)]
    asset_count: i64,
    /// Its tags, by category and name.
    tags: Vec<ApplicationTagOut>,
    /// The archetypes that it is a member of.
    archetype_ids: Vec<Uuid>,
    /// `red`, `yellow`, `green`, `unknown`; null where nobody has assessed it or its archetypes.
    #[schema(example = "yellow")]
    risk: Option<&'static str>,
    /// Confidence in its move, 0 to 100.
    #[schema(example = 74)]
    confidence: Option<u8>,
    /// Whether risk and confidence are its archetypes'.
    is_inherited: bool,
    /// Whether every assessment that counts is complete, and every required questionnaire is among them.
    is_assessed: bool,
}

impl From<ApplicationDetail> for ApplicationOut {
    fn from(detail: ApplicationDetail) -> Self {
        let ApplicationDetail {
            application,
            asset_count,
            tags,
            archetypes,
            standing,
        } = detail;
        Self {
            row: application.into(),
            asset_count,
            tags: tags.into_iter().map(ApplicationTagOut::from).collect(),
            archetype_ids: archetypes,
            risk: standing.risk.map(landfall_services::assessments::Risk::as_str),
            confidence: standing.confidence,
            is_inherited: standing.is_inherited,
            is_assessed: standing.is_assessed,
        }
    }
}

/// That an asset is part of an application.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberOut {
    /// The asset.
    asset_id: AssetId,
    /// Who says so: `manual`, `import`, or what the proposal was found by.
    #[schema(example = "dependencies")]
    source: String,
    /// The import that said so.
    import_id: Option<ImportId>,
    /// Since when.
    created_at: DateTime<Utc>,
}

impl From<Membership> for MemberOut {
    fn from(row: Membership) -> Self {
        Self {
            asset_id: row.asset_id,
            source: row.source,
            import_id: row.data_import_id,
            created_at: row.created_at,
        }
    }
}
