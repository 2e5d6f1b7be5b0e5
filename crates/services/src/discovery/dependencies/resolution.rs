//! From names to edges.

use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasher;

use landfall_domain::{AssetId, AssetType};
use serde::Serialize;

use super::{AssetRef, Candidate, DependencyHint, DependencyType, Evidence, MatchedBy, NormalisedName};

/// That one asset needs another.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// What needs.
    pub from: AssetId,
    /// What is needed.
    pub to: AssetId,
    /// The kind.
    pub kind: DependencyType,
    /// Port at the needed side; 0 if no source says.
    pub port: u16,
    /// Protocol, where a source says.
    pub protocol: Option<String>,
    /// Sum of the observations.
    pub weight: f64,
    /// Whether anybody stated it.
    pub hard: bool,
    /// Where it comes from: the source of its first row.
    pub source: String,
    /// The first row that says so.
    pub row_number: u64,
}

/// Why a dependency makes no edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The source says that there is something, but not what.
    Empty,
    /// No asset has it.
    NotFound,
    /// It is an address of the public internet and no asset has it.
    PublicAddress,
    /// Several assets have it.
    Ambiguous {
        /// How many.
        assets: usize,
        /// Which of their values equals it.
        matched_by: MatchedBy,
    },
    /// Both ends are one asset.
    SelfReference,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("the row names no asset at this end"),
            Self::NotFound => f.write_str(
                "no asset of this engagement has this as source id, domain name, host name, name or address: import it or correct the text",
            ),
            Self::PublicAddress => {
                f.write_str("a public address that belongs to no asset of this engagement: something outside the estate")
            }
            Self::Ambiguous { assets, matched_by } => write!(
                f,
                "{assets} assets have this {}: name the one that is meant by its source id or fully qualified domain name",
                matched_by.label()
            ),
            Self::SelfReference => f.write_str("the asset names itself"),
        }
    }
}

/// A dependency that makes no edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unresolved {
    /// The row that says so.
    pub row_number: u64,
    /// The text that could not be used.
    pub name: String,
    /// Why; its `Display` is a sentence.
    pub reason: Reason,
}

/// What became of a batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resolution {
    /// Edges, unique by from, to, port and kind, in the order of their first rows.
    pub edges: Vec<Edge>,
    /// What makes no edge, in the order of the rows.
    pub unresolved: Vec<Unresolved>,
    /// Places in the batch of what makes no edge because no asset has the name yet.
    pub open: Vec<usize>,
}

type EdgeKey = (AssetId, AssetId, u16, DependencyType);

/// Resolves hint after hint.
pub(super) struct Builder<'a, S> {
    found: &'a HashMap<NormalisedName, Vec<Candidate>, S>,
    place: HashMap<EdgeKey, usize>,
    taken: usize,
    resolution: Resolution,
}

impl<'a, S: BuildHasher> Builder<'a, S> {
    pub(super) fn new(found: &'a HashMap<NormalisedName, Vec<Candidate>, S>) -> Self {
        Self {
            found,
            place: HashMap::new(),
            taken: 0,
            resolution: Resolution::default(),
        }
    }

    pub(super) fn finish(self) -> Resolution {
        self.resolution
    }

    pub(super) fn add(&mut self, hint: &DependencyHint) {
        self.taken += 1;
        let from = match self.pick(&hint.from, hint.expected) {
            Ok(from) => from,
            Err(reason) => return self.refuse(hint, &hint.from, reason),
        };
        // "localhost" is the machine that says it.
        if hint
            .to
            .texts()
            .iter()
            .find_map(|text| NormalisedName::of(text))
            .is_some_and(|name| name.is_own_machine())
        {
            return self.refuse(hint, &hint.to, Reason::SelfReference);
        }
        let to = match self.pick(&hint.to, hint.expected) {
            Ok(to) => to,
            Err(reason) => return self.refuse(hint, &hint.to, reason),
        };
        if from.0 == to.0 {
            return self.refuse(hint, &hint.to, Reason::SelfReference);
        }
        self.connect(hint, from, to);
    }

    fn connect(&mut self, hint: &DependencyHint, (from, from_type): Picked, (to, to_type): Picked) {
        let kind = DependencyType::classify(Evidence {
            stated: hint.kind,
            port: hint.port,
            process: hint.process.as_deref(),
            from: Some(from_type),
            to: Some(to_type),
        });
        let port = hint.port.unwrap_or(0);
        let weight = f64::from(hint.weight.max(1));
        let edges = &mut self.resolution.edges;
        let next = edges.len();
        let place = *self.place.entry((from, to, port, kind)).or_insert(next);
        if let Some(known) = edges.get_mut(place) {
            known.weight += weight;
            known.hard |= hint.hard;
            if known.protocol.is_none() {
                known.protocol.clone_from(&hint.protocol);
            }
            return;
        }
        edges.push(Edge {
            from,
            to,
            kind,
            port,
            protocol: hint.protocol.clone(),
            weight,
            hard: hint.hard,
            source: hint.source.clone(),
            row_number: hint.row_number,
        });
    }

    fn refuse(&mut self, hint: &DependencyHint, end: &AssetRef, reason: Reason) {
        if reason == Reason::NotFound {
            self.resolution.open.push(self.taken - 1);
        }
        self.resolution.unresolved.push(Unresolved {
            row_number: hint.row_number,
            name: end.label(),
            reason,
        });
    }

    /// The one asset that a reference means. A later text (the address) decides between the assets that an earlier one
    /// (the name) left open, and stands in for an earlier one that nobody has.
    fn pick(&self, reference: &AssetRef, expected: Option<AssetType>) -> Result<Picked, Reason> {
        let texts = match reference {
            AssetRef::Known(id, asset_type) => return Ok((*id, *asset_type)),
            AssetRef::Named(texts) => texts,
        };
        let mut refusal = Reason::Empty;
        let mut open: Option<Vec<Candidate>> = None;
        for name in texts.iter().filter_map(|text| NormalisedName::of(text)) {
            let candidates = self.found.get(&name).map_or(&[][..], Vec::as_slice);
            let strongest = match &open {
                Some(open) => strongest(
                    candidates
                        .iter()
                        .filter(|next| open.iter().any(|known| known.asset_id == next.asset_id)),
                ),
                None => strongest(expected_of(candidates, expected).into_iter()),
            };
            match strongest.as_slice() {
                [] if open.is_some() => {}
                [] if name.is_public_address() => refusal = Reason::PublicAddress,
                [] => refusal = Reason::NotFound,
                [one] => return Ok((one.asset_id, one.asset_type)),
                [first, ..] => {
                    refusal = Reason::Ambiguous {
                        assets: strongest.len(),
                        matched_by: first.matched_by,
                    };
                    open = Some(strongest);
                }
            }
        }
        Err(refusal)
    }
}

type Picked = (AssetId, AssetType);

/// The candidates of the expected type, or all if there is none of it.
fn expected_of(candidates: &[Candidate], expected: Option<AssetType>) -> Vec<&Candidate> {
    let Some(expected) = expected else {
        return candidates.iter().collect();
    };
    let fitting: Vec<&Candidate> = candidates
        .iter()
        .filter(|candidate| is_alike(candidate.asset_type, expected))
        .collect();
    if fitting.is_empty() {
        candidates.iter().collect()
    } else {
        fitting
    }
}

/// Whether an asset may be called by a word for the other type: a virtual machine is a server, too.
fn is_alike(is: AssetType, called: AssetType) -> bool {
    let is_machine = |asset_type| {
        matches!(
            asset_type,
            AssetType::Server | AssetType::VirtualMachine | AssetType::Container | AssetType::Database
        )
    };
    is == called || (is_machine(is) && matches!(called, AssetType::Server | AssetType::VirtualMachine))
}

/// The assets found by the strongest match, each once, in the order of their ids.
fn strongest<'c>(candidates: impl Iterator<Item = &'c Candidate> + Clone) -> Vec<Candidate> {
    let Some(best) = candidates.clone().map(|candidate| candidate.matched_by).min() else {
        return Vec::new();
    };
    let mut seen = BTreeSet::new();
    let mut kept: Vec<Candidate> = candidates
        .filter(|candidate| candidate.matched_by == best && seen.insert(candidate.asset_id))
        .copied()
        .collect();
    kept.sort_by_key(|candidate| candidate.asset_id);
    kept
}
