//! Judging one subject, and recognising a result that is there already.

use super::facts::{Facts, Loaded};
use super::given::Configuration;
use super::policies::CurrentPolicy;
use super::{SixrError, Subject};
use landfall_domain::AssetId;
use landfall_planning::sixr::{self, Recommendation};
use landfall_repositories::Uow;
use landfall_repositories::entities::assets;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

/// Bytes of a fingerprint that are kept.
const KEPT: usize = 16;

/// What a subject is called and made of.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) members: usize,
}

impl Named {
    /// As kept with the analysis.
    pub(super) fn to_json(&self) -> Json {
        json!({ "name": self.name, "members": self.members })
    }
}

/// A subject with its recommendation.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) subject: sixr::Subject,
    pub(super) recommendation: Recommendation,
    pub(super) digest: String,
    /// How the policy is named.
    pub(super) policy: String,
}

/// Judges what was derived, with what was said for the engagement and by persons over it.
pub(super) fn judge(
    policy: &CurrentPolicy,
    facts: &Facts,
    mut subject: sixr::Subject,
    configuration: &Configuration,
) -> Result<Judged, SixrError> {
    facts.apply_settings(&mut subject);
    configuration.apply(&mut subject);
    Ok(Judged {
        digest: digest(&policy.label, &subject)?,
        recommendation: policy.engine.recommend(subject.inputs()),
        policy: policy.label.clone(),
        subject,
    })
}

/// The same inputs under the same policy have the same fingerprint.
fn digest(policy: &str, subject: &sixr::Subject) -> Result<String, SixrError> {
    let text = serde_json::to_string(&(policy, subject.inputs()))?;
    let hash = Sha256::digest(text.as_bytes());
    Ok(hex::encode(hash.get(..KEPT).unwrap_or(&hash)))
}

/// What the inventory says about one subject.
pub(super) async fn derived(
    uow: &Uow,
    facts: &mut Facts,
    policy: &CurrentPolicy,
    of: Subject,
) -> Result<(sixr::Subject, Named), SixrError> {
    let rules = policy.engine.policy();
    match of {
        Subject::Asset(id) => {
            let asset = uow.assets().get(id).await?;
            let loaded: Loaded = facts.load(uow, std::slice::from_ref(&asset)).await?;
            let subject = facts.subject(&asset, &loaded, rules);
            let (name, members) = (asset.name, 1);
            Ok((subject, Named { name, members }))
        }
        Subject::Application(id) => {
            let application = uow.applications().get(id).await?;
            let members = uow.sixr().members_of(&[id]).await?;
            let ids: Vec<AssetId> = members.into_iter().map(|(_, asset)| asset).collect();
            let assets = uow.inventory().assets(&ids).await?;
            let loaded = facts.load(uow, &assets).await?;
            let all: Vec<&assets::Model> = assets.iter().collect();
            let subject = facts.application(&application, &all, &loaded, rules);
            let (name, members) = (application.name, assets.len());
            Ok((subject, Named { name, members }))
        }
    }
}
