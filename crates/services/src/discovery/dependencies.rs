//! Dependencies: from what sources say about them to edges between assets.
//!
//! Pure. A caller gathers [`DependencyHint`]s of a batch of rows, asks [`names_to_look_up`] which names they use, finds
//! the assets of these names in one query, and gets edges and explained refusals from [`resolve`]. Nothing is created
//! for a name that no asset has. The rules are told in `docs/dependencies.md`.

mod kind;
mod name;
mod reference;
mod relation;
mod resolution;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::hash::BuildHasher;

use landfall_domain::{AssetId, AssetType};
use serde::{Deserialize, Serialize};

pub use kind::{DependencyType, Evidence};
pub use name::NormalisedName;
pub use reference::{Reference, references};
pub use relation::Direction;
pub use resolution::{Edge, Reason, Resolution, Unresolved};

/// One end of a dependency, as far as the source tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssetRef {
    /// The asset is known.
    Known(AssetId, AssetType),
    /// Texts that name the asset, best first: a name, then an address to fall back to.
    Named(Vec<String>),
}

impl AssetRef {
    /// An asset named by one text.
    pub fn named(text: impl Into<String>) -> Self {
        Self::Named(vec![text.into()])
    }

    /// What to call it in a report: the first text.
    fn label(&self) -> String {
        match self {
            Self::Known(id, _) => id.to_string(),
            Self::Named(texts) => texts
                .iter()
                .find(|text| !text.trim().is_empty())
                .cloned()
                .unwrap_or_default(),
        }
    }

    fn texts(&self) -> &[String] {
        match self {
            Self::Known(..) => &[],
            Self::Named(texts) => texts,
        }
    }
}

/// One statement or observation that `from` needs `to`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DependencyHint {
    /// What needs.
    pub from: AssetRef,
    /// What is needed.
    pub to: AssetRef,
    /// What the source says of the kind, beyond port and process.
    pub kind: Option<DependencyType>,
    /// What the named ends are, where the column tells: servers in `server_hostnames`, applications in a list of
    /// applications. Assets of other types with the same name are then left aside.
    pub expected: Option<AssetType>,
    /// Port at the needed side.
    pub port: Option<u16>,
    /// Protocol, where the source says.
    pub protocol: Option<String>,
    /// Process or application at the needed side.
    pub process: Option<String>,
    /// How often it was observed; 1 for a statement.
    pub weight: u32,
    /// Stated by somebody, rather than observed on the wire.
    pub hard: bool,
    /// Where it comes from: a format or a column.
    pub source: String,
    /// Row of the source, counted from 1 as the source's reader counts.
    pub row_number: u64,
}

impl DependencyHint {
    /// That somebody stated: `from` needs `to`.
    pub fn stated(from: AssetRef, to: AssetRef, source: impl Into<String>, row_number: u64) -> Self {
        Self {
            from,
            to,
            kind: None,
            expected: None,
            port: None,
            protocol: None,
            process: None,
            weight: 1,
            hard: true,
            source: source.into(),
            row_number,
        }
    }

    /// The hints of a cell that lists other assets: "DB001,LB001", "app-users;app-orders", `["a", "b"]`, connection
    /// strings.
    pub fn of_cell(from: &AssetRef, cell: &str, source: &str, row_number: u64) -> Vec<Self> {
        let hint = |reference: Reference| Self {
            kind: reference.kind,
            port: reference.port,
            protocol: reference.protocol,
            ..Self::stated(from.clone(), AssetRef::named(reference.name), source, row_number)
        };
        references(cell).into_iter().map(hint).collect()
    }

    /// The same with the ends as the direction tells: a dependency that is used *by* the other is the other's.
    pub fn directed(self, direction: Direction) -> Self {
        match direction {
            Direction::DependsOn => self,
            Direction::UsedBy => Self {
                from: self.to,
                to: self.from,
                ..self
            },
        }
    }
}

/// By what an asset was found, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    /// The id in its source.
    SourceId,
    /// The fully qualified domain name.
    Fqdn,
    /// The host name.
    Hostname,
    /// The name.
    Name,
    /// An IP address.
    IpAddress,
}

impl MatchedBy {
    /// The words for a person.
    pub const fn label(self) -> &'static str {
        match self {
            Self::SourceId => "source id",
            Self::Fqdn => "fully qualified domain name",
            Self::Hostname => "host name",
            Self::Name => "name",
            Self::IpAddress => "IP address",
        }
    }
}

/// An asset that a name may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The asset.
    pub asset_id: AssetId,
    /// What it is.
    pub asset_type: AssetType,
    /// Which of its values equals the name.
    pub matched_by: MatchedBy,
}

/// The names that a batch uses, each once and in order, ready to be looked up in one query.
pub fn names_to_look_up(batch: &[DependencyHint]) -> Vec<NormalisedName> {
    let texts = batch
        .iter()
        .flat_map(|hint| hint.from.texts().iter().chain(hint.to.texts()));
    let mut names: Vec<NormalisedName> = texts.filter_map(|text| NormalisedName::of(text)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Edges and refusals of a batch, given the assets found for its names. Same input, same output, in the order of the
/// batch.
pub fn resolve<S: BuildHasher>(
    batch: &[DependencyHint],
    found: &HashMap<NormalisedName, Vec<Candidate>, S>,
) -> Resolution {
    let mut resolution = resolution::Builder::new(found);
    for hint in batch {
        resolution.add(hint);
    }
    resolution.finish()
}
