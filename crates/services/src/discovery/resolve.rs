//! From cleansed records to assets: one batch at a time, against what the inventory knows already.

use super::identity::{Candidate, Key, Match, keys_of, label_of, recognise};
use super::merge::{applications_of, apply, locked_fields, tags_of};
use super::record;
use crate::cleansing::{Cleansed, Issue};
use chrono::{DateTime, Utc};
use landfall_domain::{AssetId, AssetType, Scope};
use landfall_repositories::entities::{asset_field_sources, assets};
use landfall_repositories::{AssetOrigin, AssetRow, KnownIdentity, RecordOutcome};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A record on its way to an asset.
#[derive(Clone, Debug)]
pub(crate) struct Incoming {
    /// Position in the import.
    pub record_index: i64,
    /// The cleansed values.
    pub record: Cleansed,
    /// What the source says it is, if it does not say so in a field.
    pub fallback_type: Option<AssetType>,
    /// Whether the row only adds to an asset that must be known already.
    pub is_supplement: bool,
}

/// What the inventory knows about the assets that share a key with a batch.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// The assets.
    pub assets: Vec<assets::Model>,
    /// All their identities.
    pub identities: Vec<KnownIdentity>,
    /// What persons said about them.
    pub person_sources: Vec<asset_field_sources::Model>,
    /// Assets that the records name by their ids here: see [`exported`](super::exported::exported).
    pub exported: Vec<(Key, AssetId)>,
}

/// Counts of what an import did to the inventory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InventoryCounts {
    /// Assets that are new.
    pub created: u64,
    /// Rows that changed an asset that was known before this import.
    pub updated: u64,
    /// Rows that joined an asset that another row of this import had stated.
    pub merged: u64,
    /// Rows that make no asset, by the reason.
    pub skipped: BTreeMap<String, u64>,
    /// Rows without anything to recognise an asset by.
    pub unidentified: u64,
    /// Keys that two different assets claim.
    pub conflicts: u64,
}

/// An asset that a batch makes or changes.
#[derive(Debug)]
pub(crate) struct Draft {
    /// The row.
    pub row: AssetRow,
    /// Whether it is new.
    pub is_new: bool,
    locked: HashSet<String>,
}

/// What a batch writes.
#[derive(Debug, Default)]
pub(crate) struct Resolved {
    /// Assets made or changed, in the order in which they were first met.
    pub drafts: Vec<Draft>,
    /// Identities that are new.
    pub identities: Vec<(AssetId, Key)>,
    /// What each record said about its asset: asset, record index, values.
    pub sources: Vec<(AssetId, i64, Value)>,
    /// What ids of those sources are unique in.
    pub namespace: String,
    /// What became of each record.
    pub outcomes: Vec<RecordOutcome>,
    /// Tags by asset, as category and name.
    pub tags: Vec<(AssetId, String, String)>,
    /// Applications by asset.
    pub applications: Vec<(AssetId, String)>,
}

/// Works a batch of records into assets.
pub(crate) struct Resolver<'a> {
    scope: &'a Scope,
    origin: &'a AssetOrigin,
    source_format: &'a str,
    source: String,
    now: DateTime<Utc>,
    found: HashMap<Key, Vec<AssetId>>,
    candidates: HashMap<AssetId, Candidate>,
    unread: HashMap<AssetId, (assets::Model, HashSet<String>)>,
    places: HashMap<AssetId, usize>,
    resolved: Resolved,
    counts: InventoryCounts,
}

impl<'a> Resolver<'a> {
    /// A resolver for one batch. `source` names what ids are unique in: see [`keys_of`].
    pub(crate) fn new(
        scope: &'a Scope,
        origin: &'a AssetOrigin,
        source_format: &'a str,
        source: String,
        known: Known,
        now: DateTime<Utc>,
    ) -> Self {
        let mut resolver = Self {
            scope,
            origin,
            source_format,
            now,
            found: HashMap::new(),
            candidates: HashMap::new(),
            unread: HashMap::new(),
            places: HashMap::new(),
            resolved: Resolved {
                namespace: source.clone(),
                ..Resolved::default()
            },
            source,
            counts: InventoryCounts::default(),
        };
        resolver.learn(known);
        resolver
    }

    fn learn(&mut self, known: Known) {
        let mut by_asset: HashMap<AssetId, Vec<asset_field_sources::Model>> = HashMap::new();
        for source in known.person_sources {
            by_asset.entry(source.asset_id).or_default().push(source);
        }
        for asset in known.assets {
            let label = asset
                .hostname
                .as_deref()
                .unwrap_or(&asset.name)
                .trim()
                .to_lowercase();
            let candidate = Candidate {
                label: (!label.is_empty()).then_some(label),
                ..Candidate::default()
            };
            self.candidates.insert(asset.id, candidate);
            let locked = by_asset
                .get(&asset.id)
                .map(|sources| locked_fields(sources))
                .unwrap_or_default();
            self.unread.insert(asset.id, (asset, locked));
        }
        for (key, id) in known.exported {
            self.found.entry(key).or_default().push(id);
        }
        for identity in known.identities {
            let Some(kind) = super::identity::KINDS
                .into_iter()
                .find(|kind| *kind == identity.kind)
            else {
                continue;
            };
            if let Some(candidate) = self.candidates.get_mut(&identity.asset_id) {
                candidate
                    .keys
                    .entry(identity.kind.clone())
                    .or_default()
                    .push(identity.value.clone());
                if identity.data_import_id == Some(self.origin.data_import_id) {
                    candidate
                        .stated_by_this_import
                        .push((identity.kind.clone(), identity.value.clone()));
                }
            }
            self.found
                .entry(Key {
                    kind,
                    value: identity.value,
                })
                .or_default()
                .push(identity.asset_id);
        }
    }

    /// Takes a row that makes no asset.
    pub(crate) fn skip(&mut self, record_index: i64, reason_code: &str, reason: &str) {
        *self.counts.skipped.entry(reason_code.to_owned()).or_default() += 1;
        self.resolved.outcomes.push(RecordOutcome {
            record_index,
            cleansed_data: json!({}),
            processing_notes: Some(reason.to_owned()),
            asset_id: None,
        });
    }

    /// Takes a record that should be an asset.
    pub(crate) fn add(&mut self, incoming: Incoming) {
        let Incoming {
            record_index,
            record,
            fallback_type,
            is_supplement,
        } = incoming;
        let keys = keys_of(&record, &self.source);
        if keys.is_empty() {
            self.counts.unidentified += 1;
            self.resolved.outcomes.push(RecordOutcome {
                record_index,
                cleansed_data: record::to_json(&record),
                processing_notes: Some(
                    "no asset was made: the row has nothing to recognise one by".to_owned(),
                ),
                asset_id: None,
            });
            return;
        }
        let label = label_of(&record);
        let (matched, conflicts) = recognise(&keys, label.as_deref(), &self.found, &self.candidates);
        if is_supplement && matched == Match::New {
            let reason = "the row adds to an asset that is not in the inventory";
            self.skip(record_index, "unknown_asset", reason);
            return;
        }
        self.counts.conflicts += conflicts.len() as u64;
        let notes = (!conflicts.is_empty()).then(|| {
            let sentences: Vec<_> = conflicts
                .iter()
                .map(|c| {
                    format!(
                        "{} '{}' is also stated by asset {}, kept apart because {}",
                        c.kind, c.value, c.other, c.reason
                    )
                })
                .collect();
            sentences.join("; ")
        });
        let id = self.place(&matched);
        self.remember(id, keys, label);
        self.state(id, record_index, &record, fallback_type);
        self.resolved.outcomes.push(RecordOutcome {
            record_index,
            cleansed_data: record::to_json(&record),
            processing_notes: notes,
            asset_id: Some(id),
        });
    }

    /// What the batch writes, and what it did.
    pub(crate) fn finish(self) -> (Resolved, InventoryCounts) {
        (self.resolved, self.counts)
    }

    /// The asset in this batch's drafts, made or opened if it is not there yet.
    fn place(&mut self, matched: &Match) -> AssetId {
        let id = match matched {
            Match::New => {
                let row = AssetRow::new(self.scope, self.origin, self.now);
                let id = row.id();
                self.counts.created += 1;
                self.open(
                    id,
                    Draft {
                        row,
                        is_new: true,
                        locked: HashSet::new(),
                    },
                );
                return id;
            }
            Match::Known(id) => *id,
        };
        let stated_here = self
            .candidates
            .get(&id)
            .is_some_and(|candidate| !candidate.stated_by_this_import.is_empty());
        if stated_here {
            self.counts.merged += 1;
        } else {
            self.counts.updated += 1;
        }
        if let Some((model, locked)) = self.unread.remove(&id) {
            self.open(
                id,
                Draft {
                    row: AssetRow::change(model, self.now),
                    is_new: false,
                    locked,
                },
            );
        }
        id
    }

    fn open(&mut self, id: AssetId, draft: Draft) {
        self.places.insert(id, self.resolved.drafts.len());
        self.resolved.drafts.push(draft);
    }

    fn remember(&mut self, id: AssetId, keys: Vec<Key>, label: Option<String>) {
        let candidate = self.candidates.entry(id).or_default();
        if label.is_some() {
            candidate.label = label;
        }
        for key in keys {
            let stated = (key.kind.to_owned(), key.value.clone());
            if !candidate.stated_by_this_import.contains(&stated) {
                candidate.stated_by_this_import.push(stated);
            }
            let values = candidate.keys.entry(key.kind.to_owned()).or_default();
            if values.contains(&key.value) {
                continue;
            }
            values.push(key.value.clone());
            self.found.entry(key.clone()).or_default().push(id);
            self.resolved.identities.push((id, key));
        }
    }

    fn state(&mut self, id: AssetId, record_index: i64, record: &Cleansed, fallback_type: Option<AssetType>) {
        let Some(draft) = self
            .places
            .get(&id)
            .and_then(|place| self.resolved.drafts.get_mut(*place))
        else {
            return;
        };
        apply(&mut draft.row, record, &draft.locked, fallback_type);
        self.resolved
            .sources
            .push((id, record_index, record::to_json(record)));
        self.resolved.tags.extend(
            tags_of(record)
                .into_iter()
                .map(|(category, name)| (id, category, name)),
        );
        let applications = applications_of(record, self.source_format);
        self.resolved
            .applications
            .extend(applications.into_iter().map(|name| (id, name)));
    }
}

impl InventoryCounts {
    /// Adds the counts of another batch.
    pub fn add(&mut self, other: &Self) {
        self.created += other.created;
        self.updated += other.updated;
        self.merged += other.merged;
        self.unidentified += other.unidentified;
        self.conflicts += other.conflicts;
        for (reason, count) in &other.skipped {
            *self.skipped.entry(reason.clone()).or_default() += count;
        }
    }
}

/// The issues as stored in `validation_errors`: a list, or nothing.
pub(crate) fn issues_json(issues: &[Issue]) -> Option<Value> {
    (!issues.is_empty()).then(|| json!(issues))
}

/// What is wrong with a row that nothing can be recognised by.
pub(crate) fn no_identity(row_number: u64) -> Issue {
    Issue {
        row_number,
        column: String::new(),
        value: String::new(),
        rule: "identity",
        message:
            "the row has no name, host name, FQDN, serial number, UUID or id: no asset can be made from it"
                .to_owned(),
    }
}
