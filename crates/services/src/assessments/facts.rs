//! What the inventory knows of something that is assessed: its tags, and the values of its assets' fields.

use landfall_domain::{AssetId, PageRequest};
use landfall_planning::assessments::{Facts, Tag};
use landfall_repositories::entities::{assets, tags};
use landfall_repositories::{AssessmentSubject, StoreResult, Uow, field_values};
use serde_json::json;
use std::collections::BTreeSet;

/// Tags and facts of what is assessed. An application has those of all its assets; cost: a pass over them.
pub(super) async fn of(uow: &Uow, subject: AssessmentSubject) -> StoreResult<(BTreeSet<Tag>, Facts)> {
    let mut facts = Facts::default();
    let tags = match subject {
        AssessmentSubject::Asset(id) => {
            let asset = uow.assets().get(id).await?;
            let needs = add(uow, &[asset], &mut facts).await?;
            facts.add("dependency_count", json!(needs));
            let borne = uow.tags().of_assets(&[id]).await?;
            borne.iter().map(|(_, tag)| named(tag)).collect()
        }
        AssessmentSubject::Application(id) => {
            uow.applications().get(id).await?;
            let mut request = PageRequest::first(PageRequest::MAX);
            let mut needs = 0;
            loop {
                let page = uow.applications().assets(id, &request).await?;
                let ids: Vec<AssetId> = page.items.iter().map(|member| member.asset_id).collect();
                let members = uow.inventory().assets(&ids).await?;
                needs += add(uow, &members, &mut facts).await?;
                let Some(next) = page.next else { break };
                request.after = Some(next);
            }
            facts.add("dependency_count", json!(needs));
            let borne = uow.applications().tags(&[id]).await?;
            borne.iter().map(|(_, tag, _)| named(tag)).collect()
        }
        AssessmentSubject::Archetype(id) => {
            uow.archetypes().get(id).await?;
            let borne = uow.archetypes().tags(Some(&[id])).await?;
            borne.iter().map(|(_, _, tag)| named(tag)).collect()
        }
    };
    Ok((tags, facts))
}

/// A tag as questionnaires name it.
pub(super) fn named(tag: &tags::Model) -> Tag {
    Tag::new(&tag.category, &tag.name)
}

/// Adds what is known of assets. Gives how many other assets they need.
async fn add(uow: &Uow, assets: &[assets::Model], facts: &mut Facts) -> StoreResult<usize> {
    let ids: Vec<AssetId> = assets.iter().map(|asset| asset.id).collect();
    for asset in assets {
        for (field, value) in field_values(asset) {
            facts.add(field.name, value.to_json());
        }
    }
    for finding in uow.findings().of_assets(&ids).await? {
        facts.add("finding_severity", json!(finding.severity));
        facts.add("finding_kind", json!(finding.kind));
    }
    Ok(uow.dependencies().of_assets(&ids).await?.len())
}
