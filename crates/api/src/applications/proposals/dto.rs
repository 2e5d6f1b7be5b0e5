//! Proposals on the wire.

use crate::extract::Body;
use chrono::{DateTime, Utc};
use landfall_domain::AssetId;
use landfall_services::applications::{
    Acceptance, Proposal, ProposalFilter, ProposalOptions, ProposalSource, ProposalSummary,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// What applications are looked for by.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SourceIn {
    /// The assets' field `application_name`.
    ApplicationName,
    /// Assets that are applications, with what they run on.
    ApplicationAssets,
    /// Tags of one category.
    Tags,
    /// Communities of the dependency graph.
    Dependencies,
}

impl From<SourceIn> for ProposalSource {
    fn from(source: SourceIn) -> Self {
        match source {
            SourceIn::ApplicationName => Self::ApplicationName,
            SourceIn::ApplicationAssets => Self::ApplicationAssets,
            SourceIn::Tags => Self::Tags,
            SourceIn::Dependencies => Self::Dependencies,
        }
    }
}

/// Which proposals are listed.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProposalQuery {
    /// `proposed`, `accepted` or `rejected`.
    status: Option<String>,
    /// Found by this.
    #[param(inline)]
    source: Option<SourceIn>,
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    pub(super) limit: Option<u32>,
    /// `next` of the page before.
    pub(super) cursor: Option<String>,
}

impl ProposalQuery {
    pub(super) fn filter(self) -> ProposalFilter {
        ProposalFilter {
            status: self.status,
            source: self
                .source
                .map(|source| ProposalSource::from(source).as_str().to_owned()),
        }
    }
}

/// How applications are looked for.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"sources": ["dependencies"], "most_neighbours": 25}))]
pub(crate) struct ProposeIn {
    /// By what; by everything if absent.
    #[serde(default)]
    sources: Vec<SourceIn>,
    /// Category of the tags that name an application; `application` if absent.
    #[validate(length(min = 1, max = 100, message = "must have 1 to 100 characters"))]
    tag_category: Option<String>,
    /// An asset with more neighbours than this is shared by many and joins no community; 25 if absent.
    #[validate(range(min = 1, max = 100_000, message = "must be from 1 to 100000"))]
    most_neighbours: Option<u32>,
}

impl Body for ProposeIn {}

impl ProposeIn {
    pub(super) fn into_options(self) -> ProposalOptions {
        let default = ProposalOptions::default();
        ProposalOptions {
            sources: self.sources.into_iter().map(ProposalSource::from).collect(),
            tag_category: self.tag_category.unwrap_or(default.tag_category),
            most_neighbours: self
                .most_neighbours
                .map_or(default.most_neighbours, |most| most as usize),
        }
    }
}

/// What came of a search.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SearchOut {
    /// Applications found that are not in place yet, decided ones among them.
    #[schema(example = 12)]
    found: u64,
    /// Those of them that nobody was asked about before.
    #[schema(example = 3)]
    new: u64,
}

impl From<ProposalSummary> for SearchOut {
    fn from(summary: ProposalSummary) -> Self {
        let ProposalSummary { found, new } = summary;
        Self { found, new }
    }
}

/// As what a proposal is accepted.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Web shop"}))]
pub(crate) struct AcceptIn {
    /// Into this application; into the one with the name if absent, made if there is none.
    application_id: Option<Uuid>,
    /// Under this name instead of the proposed one.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    name: Option<String>,
    /// These of its assets only; all if absent.
    asset_ids: Option<Vec<AssetId>>,
}

impl Body for AcceptIn {}

impl AcceptIn {
    pub(super) fn into_acceptance(self) -> Acceptance {
        let Self {
            application_id,
            name,
            asset_ids,
        } = self;
        Acceptance {
            application_id,
            name,
            assets: asset_ids,
        }
    }
}

/// An application that the inventory hints at.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProposalOut {
    /// Its id.
    id: Uuid,
    /// Proposed name.
    #[schema(example = "Web shop")]
    name: String,
    /// What it was found by.
    #[schema(example = "dependencies")]
    source: String,
    /// Why, in a sentence.
    rationale: String,
    /// How sure it is, 0 to 1.
    #[schema(example = 0.86)]
    confidence_score: f64,
    /// `proposed`, `accepted` or `rejected`.
    #[schema(example = "proposed")]
    status: String,
    /// Number of its assets.
    asset_count: i32,
    /// Its assets.
    #[schema(value_type = Vec<Uuid>)]
    asset_ids: Value,
    /// The application that it was accepted as.
    application_id: Option<Uuid>,
    /// Who decided.
    decided_by: Option<String>,
    /// When.
    decided_at: Option<DateTime<Utc>>,
    /// When it was found.
    created_at: DateTime<Utc>,
}

impl From<Proposal> for ProposalOut {
    fn from(row: Proposal) -> Self {
        let Proposal {
            id,
            name,
            source,
            rationale,
            confidence_score,
            status,
            asset_count,
            asset_ids,
            application_id,
            decided_by,
            decided_at,
            created_at,
            ..
        } = row;
        Self {
            id,
            name,
            source,
            rationale,
            confidence_score,
            status,
            asset_count,
            asset_ids,
            application_id,
            decided_by,
            decided_at,
            created_at,
        }
    }
}
