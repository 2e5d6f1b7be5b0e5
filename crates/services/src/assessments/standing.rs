//! How applications stand: their tags, the archetypes that they are members of, and the risk and confidence that follow from
//! assessments of their own or of their archetypes.

use super::answers::questionnaire_of;
use super::facts::named;
use crate::applications::ApplicationTag;
use landfall_planning::assessments::archetypes::{Assessed, Standing, memberships, standing};
use landfall_planning::assessments::{Progress, Tag};
use landfall_repositories::entities::{assessments, tags};
use landfall_repositories::{StoreError, StoreResult, TagPurpose, Uow};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Where an application stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Placed {
    /// Its tags with who says so.
    pub(crate) tags: Vec<ApplicationTag>,
    /// Its archetypes.
    pub(crate) archetypes: Vec<Uuid>,
    /// Risk and confidence.
    pub(crate) standing: Standing,
}

/// An assessment, and what it is of.
struct Made {
    questionnaire: Option<Uuid>,
    assessed: Assessed,
    tags: BTreeSet<Tag>,
}

/// Where each of these applications stands, in a handful of queries: for a page of them. An application counts as assessed
/// when every assessment that counts is complete and every required questionnaire is among them.
pub(crate) async fn of_applications(uow: &Uow, ids: &[Uuid]) -> StoreResult<HashMap<Uuid, Placed>> {
    let mut borne: HashMap<Uuid, Vec<(tags::Model, String)>> = HashMap::new();
    for (application, tag, source) in uow.applications().tags(ids).await? {
        borne.entry(application).or_default().push((tag, source));
    }
    let mut criteria: BTreeMap<Uuid, BTreeSet<Tag>> = BTreeMap::new();
    let mut given: HashMap<Uuid, Vec<tags::Model>> = HashMap::new();
    for (archetype, purpose, tag) in uow.archetypes().tags(None).await? {
        match purpose {
            TagPurpose::Criterion => {
                criteria.entry(archetype).or_default().insert(named(&tag));
            }
            TagPurpose::Given => given.entry(archetype).or_default().push(tag),
        }
    }
    let kinds: Vec<Uuid> = criteria.keys().copied().collect();
    let wanted: Vec<BTreeSet<Tag>> = criteria.into_values().collect();
    let required = uow.questionnaires().required().await?;
    let (own, of_kinds) = made(uow, ids, &kinds).await?;
    let mut placed = HashMap::new();
    for &id in ids {
        let tags = borne.remove(&id).unwrap_or_default();
        let names: BTreeSet<Tag> = tags.iter().map(|(tag, _)| named(tag)).collect();
        let archetypes: Vec<Uuid> = memberships(&wanted, &names)
            .into_iter()
            .filter_map(|position| kinds.get(position).copied())
            .collect();
        let mut tags: Vec<ApplicationTag> = tags.into_iter().map(|(tag, source)| of(&tag, &source)).collect();
        for archetype in &archetypes {
            tags.extend(
                given
                    .get(archetype)
                    .into_iter()
                    .flatten()
                    .map(|tag| of(tag, "archetype")),
            );
        }
        let own: &[Made] = own.get(&id).map_or(&[], Vec::as_slice);
        let inherited: Vec<&Made> = archetypes
            .iter()
            .filter_map(|archetype| of_kinds.get(archetype))
            .flatten()
            .collect();
        placed.insert(
            id,
            Placed {
                standing: judged(own, &inherited, &required),
                tags: with_inherited(tags, own, &inherited),
                archetypes,
            },
        );
    }
    Ok(placed)
}

fn of(tag: &tags::Model, source: &str) -> ApplicationTag {
    ApplicationTag {
        id: Some(tag.id),
        category: tag.category.clone(),
        name: tag.name.clone(),
        source: source.to_owned(),
    }
}

fn judged(own: &[Made], inherited: &[&Made], required: &[Uuid]) -> Standing {
    let assessed: Vec<Assessed> = own.iter().map(|made| made.assessed).collect();
    let of_archetypes: Vec<Assessed> = inherited.iter().map(|made| made.assessed).collect();
    let mut result = standing(&assessed, &of_archetypes);
    let answered: BTreeSet<Uuid> = if own.is_empty() {
        inherited.iter().filter_map(|made| made.questionnaire).collect()
    } else {
        own.iter().filter_map(|made| made.questionnaire).collect()
    };
    result.is_assessed &= required
        .iter()
        .all(|questionnaire| answered.contains(questionnaire));
    result
}

/// The tags with those that answers of archetypes give, where the application has no assessment of its own.
fn with_inherited(mut tags: Vec<ApplicationTag>, own: &[Made], inherited: &[&Made]) -> Vec<ApplicationTag> {
    if own.is_empty() {
        let applied: BTreeSet<&Tag> = inherited.iter().flat_map(|made| &made.tags).collect();
        for tag in applied {
            let is_known = tags
                .iter()
                .any(|known| known.category == tag.category && known.name == tag.tag);
            if !is_known {
                tags.push(ApplicationTag {
                    id: None,
                    category: tag.category.clone(),
                    name: tag.tag.clone(),
                    source: "archetype".to_owned(),
                });
            }
        }
    }
    tags.sort_by(|one, other| {
        (&one.category, &one.name, &one.source).cmp(&(&other.category, &other.name, &other.source))
    });
    tags
}

type ById = HashMap<Uuid, Vec<Made>>;

/// The assessments of applications and of archetypes.
async fn made(uow: &Uow, applications: &[Uuid], archetypes: &[Uuid]) -> StoreResult<(ById, ById)> {
    let (mut own, mut of_kinds) = (ById::new(), ById::new());
    for row in uow
        .assessments()
        .by_questionnaire(applications, archetypes)
        .await?
    {
        let Some(made) = read(&row)? else { continue };
        if let Some(application) = row.application_id {
            own.entry(application).or_default().push(made);
        } else if let Some(archetype) = row.archetype_id {
            of_kinds.entry(archetype).or_default().push(made);
        }
    }
    Ok((own, of_kinds))
}

fn read(row: &assessments::Model) -> StoreResult<Option<Made>> {
    let answered = questionnaire_of(row).map_err(|error| StoreError::invalid(error.to_string()))?;
    Ok(answered.map(|answered| Made {
        questionnaire: row.questionnaire_id,
        assessed: Assessed {
            risk: answered.risk(),
            confidence: answered.confidence(),
            is_complete: answered.progress() == Progress::Complete,
        },
        tags: answered.applied_tags(),
    }))
}
