//! Proposals: applications that the inventory hints at. A person accepts or rejects each; nothing is grouped by itself.

use super::candidates::{self, Candidate};
use super::{Application, ApplicationError, log};
use crate::Services;
use landfall_domain::{AssetId, Page, PageRequest, Scope};
pub use landfall_repositories::ProposalFilter;
pub use landfall_repositories::entities::application_proposals::Model as Proposal;
use landfall_repositories::{NewApplication, NewProposal, StoreResult, Uow, retry};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Assets that are put into an application by one statement.
const ASSETS_AT_ONCE: usize = 1_000;

/// What applications are looked for by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProposalSource {
    /// The assets' field `application_name`.
    ApplicationName,
    /// Assets that are applications, as Konveyor and ServiceNow export them, with what they run on.
    ApplicationAssets,
    /// Tags of one category.
    Tags,
    /// Communities of the dependency graph, among assets of no application.
    Dependencies,
}

impl ProposalSource {
    /// Every source.
    pub const ALL: [Self; 4] = [
        Self::ApplicationName,
        Self::ApplicationAssets,
        Self::Tags,
        Self::Dependencies,
    ];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ApplicationName => "application_name",
            Self::ApplicationAssets => "application_assets",
            Self::Tags => "tags",
            Self::Dependencies => "dependencies",
        }
    }

    /// The source with this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == word)
    }
}

/// How applications are looked for.
#[derive(Clone, Debug, PartialEq)]
pub struct ProposalOptions {
    /// By what; by everything if empty.
    pub sources: Vec<ProposalSource>,
    /// Category of the tags that name an application.
    pub tag_category: String,
    /// An asset with more neighbours than this is shared by many, and joins no community.
    pub most_neighbours: usize,
}

impl Default for ProposalOptions {
    fn default() -> Self {
        Self {
            sources: Vec::new(),
            tag_category: "application".to_owned(),
            most_neighbours: 25,
        }
    }
}

/// What came of a search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProposalSummary {
    /// Applications found that are not in place yet, decided ones among them.
    pub found: u64,
    /// Those of them that nobody was asked about before.
    pub new: u64,
}

/// As what a proposal is accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acceptance {
    /// Into this application; into the one with the proposal's name if absent, made if there is none.
    pub application_id: Option<Uuid>,
    /// Under this name instead of the proposed one.
    pub name: Option<String>,
    /// These of its assets only; all if absent.
    pub assets: Option<Vec<AssetId>>,
}

impl Services {
    /// Looks for applications and keeps what it finds as proposals. What was decided on stays decided. Cost: a pass over the
    /// assets; for communities all dependencies between ungrouped assets in memory, about 100 bytes each.
    pub async fn propose_applications(
        &self,
        scope: &Scope,
        options: &ProposalOptions,
    ) -> StoreResult<ProposalSummary> {
        let sources = if options.sources.is_empty() {
            ProposalSource::ALL.to_vec()
        } else {
            options.sources.clone()
        };
        let found = candidates::find(self, scope, &sources, options).await?;
        let words: Vec<&str> = sources.iter().map(|source| source.as_str()).collect();
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let rows: Vec<NewProposal> = found.iter().map(proposal).collect();
            let found = rows.len() as u64;
            let new = uow.proposals().replace(&words, rows).await?;
            uow.commit().await?;
            Ok(ProposalSummary { found, new })
        })
        .await
    }

    /// Proposals in the order in which they were found.
    pub async fn application_proposals(
        &self,
        scope: &Scope,
        filter: &ProposalFilter,
        page: &PageRequest,
    ) -> StoreResult<Page<Proposal>> {
        let uow = self.store().begin_read(scope).await?;
        uow.proposals().list(filter, page).await
    }

    /// One proposal.
    pub async fn application_proposal(&self, scope: &Scope, id: Uuid) -> StoreResult<Proposal> {
        self.store().begin_read(scope).await?.proposals().get(id).await
    }

    /// Makes an application of a proposal, or adds its assets to one. Assets that are gone meanwhile are left out.
    ///
    /// # Errors
    /// [`ApplicationError::Decided`] if somebody has decided before.
    pub async fn accept_proposal(
        &self,
        scope: &Scope,
        id: Uuid,
        acceptance: &Acceptance,
    ) -> Result<Application, ApplicationError> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let proposal = undecided(&uow, id).await?;
            let application = target(&uow, &proposal, acceptance).await?;
            let proposed: Vec<AssetId> =
                serde_json::from_value(proposal.asset_ids.clone()).unwrap_or_default();
            let wanted = |asset: &AssetId| {
                acceptance
                    .assets
                    .as_ref()
                    .is_none_or(|assets| assets.contains(asset))
            };
            let assets: Vec<AssetId> = proposed.into_iter().filter(wanted).collect();
            for chunk in assets.chunks(ASSETS_AT_ONCE) {
                let known = uow.inventory().asset_types(chunk).await?;
                let there: Vec<AssetId> = chunk
                    .iter()
                    .filter(|asset| known.contains_key(asset))
                    .copied()
                    .collect();
                uow.applications()
                    .add_assets(application.id, &there, &proposal.source)
                    .await?;
            }
            uow.proposals().decide(&proposal, Some(application.id)).await?;
            let after = json!({ "proposal": proposal.id, "source": proposal.source, "assets": assets.len() });
            log(&uow, "accepted from a proposal", &application, None, Some(after)).await?;
            uow.commit().await?;
            Ok(application)
        })
        .await
    }

    /// Rejects a proposal: the same is not proposed again.
    ///
    /// # Errors
    /// [`ApplicationError::Decided`] if somebody has decided before.
    pub async fn reject_proposal(&self, scope: &Scope, id: Uuid) -> Result<Proposal, ApplicationError> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let proposal = undecided(&uow, id).await?;
            let rejected = uow.proposals().decide(&proposal, None).await?;
            uow.commit().await?;
            Ok(rejected)
        })
        .await
    }
}

async fn undecided(uow: &Uow, id: Uuid) -> Result<Proposal, ApplicationError> {
    let proposal = uow.proposals().get(id).await?;
    if proposal.status == "proposed" {
        Ok(proposal)
    } else {
        Err(ApplicationError::Decided {
            name: proposal.name,
            status: proposal.status,
        })
    }
}

async fn target(uow: &Uow, proposal: &Proposal, acceptance: &Acceptance) -> StoreResult<Application> {
    if let Some(id) = acceptance.application_id {
        return uow.applications().get(id).await;
    }
    let name = acceptance.name.as_deref().unwrap_or(&proposal.name);
    if let Some(known) = uow.applications().find(name).await? {
        return Ok(known);
    }
    let new = NewApplication {
        name: name.trim().to_owned(),
        source: Some(proposal.source.clone()),
        ..NewApplication::default()
    };
    uow.applications().create(new).await
}

/// What is kept of a candidate. The same source, name and assets have the same fingerprint; a community has no name of its
/// own, so its assets decide.
fn proposal(candidate: &Candidate) -> NewProposal {
    let mut hash = Sha256::new();
    hash.update(candidate.source.as_str());
    if candidate.source != ProposalSource::Dependencies {
        hash.update(candidate.name.as_bytes());
    }
    for asset in &candidate.assets {
        hash.update(asset.0.as_bytes());
    }
    let fingerprint = hex::encode(hash.finalize());
    NewProposal {
        name: candidate.name.clone(),
        source: candidate.source.as_str().to_owned(),
        rationale: candidate.rationale.clone(),
        confidence_score: candidate.confidence,
        fingerprint,
        assets: candidate.assets.iter().copied().collect(),
    }
}
