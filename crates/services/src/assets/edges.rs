//! Dependencies in one cell of an export: `database:0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11:5432/tcp*12!; network:…`
//!
//! Each is the kind and the id of the needed asset, then, where there is one, its port, protocol and weight; `!` says that
//! it was stated and not only observed. What [`write`] writes, [`read`] reads back.

use landfall_domain::AssetId;
use landfall_repositories::entities::asset_dependencies::Model as Dependency;
use std::fmt::Write as _;

/// A dependency of an exported asset.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// Kind, such as `network`.
    pub kind: String,
    /// The needed asset, by its id in the exporting inventory.
    pub to: AssetId,
    /// Port of the needed asset; 0 if unknown.
    pub port: u16,
    /// Protocol.
    pub protocol: Option<String>,
    /// How strong it is.
    pub weight: f64,
    /// Whether the two cannot be separated.
    pub is_hard: bool,
}

/// A part of the cell that is no dependency.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is no dependency: expected kind:id, then :port, /protocol, *weight and ! where they apply")]
pub struct EdgeFault {
    /// The part.
    pub text: String,
}

impl From<&Dependency> for Edge {
    fn from(row: &Dependency) -> Self {
        Self {
            kind: row.dependency_type.clone(),
            to: row.depends_on_asset_id,
            port: u16::try_from(row.port).unwrap_or(0),
            protocol: row.protocol.clone(),
            weight: row.weight,
            is_hard: row.is_hard,
        }
    }
}

/// The edges as a cell.
pub(crate) fn write(edges: &[Edge]) -> String {
    let mut cell = String::new();
    for edge in edges {
        if !cell.is_empty() {
            cell.push_str("; ");
        }
        // Writing to a String does not fail.
        let _ = write!(cell, "{}:{}", edge.kind, edge.to);
        if edge.port != 0 {
            let _ = write!(cell, ":{}", edge.port);
        }
        if let Some(protocol) = &edge.protocol {
            let _ = write!(cell, "/{protocol}");
        }
        if (edge.weight - 1.0).abs() > f64::EPSILON {
            let _ = write!(cell, "*{}", edge.weight);
        }
        if edge.is_hard {
            cell.push('!');
        }
    }
    cell
}

/// The edges of a cell.
///
/// # Errors
/// The first part that is no dependency.
pub(crate) fn read(cell: &str) -> Result<Vec<Edge>, EdgeFault> {
    let parts = cell.split(';').map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            one(part).ok_or_else(|| EdgeFault {
                text: part.to_owned(),
            })
        })
        .collect()
}

fn one(text: &str) -> Option<Edge> {
    let (text, is_hard) = text.strip_suffix('!').map_or((text, false), |rest| (rest, true));
    let (text, weight) = match text.rsplit_once('*') {
        Some((rest, weight)) => (
            rest,
            weight.parse().ok().filter(|weight: &f64| weight.is_finite())?,
        ),
        None => (text, 1.0),
    };
    let (kind, rest) = text.split_once(':')?;
    let (rest, protocol) = match rest.split_once('/') {
        Some((rest, protocol)) => (rest, Some(protocol.to_owned())),
        None => (rest, None),
    };
    let (id, port) = match rest.split_once(':') {
        Some((id, port)) => (id, port.parse().ok()?),
        None => (rest, 0),
    };
    Some(Edge {
        kind: kind.to_owned(),
        to: id.parse().ok()?,
        port,
        protocol,
        weight,
        is_hard,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    prop_compose! {
        fn edge()(
            kind in "[a-z_]{1,12}", id in any::<u128>(), port in any::<u16>(),
            protocol in proptest::option::of("[a-z]{2,5}"), weight in 0.0..1e9_f64, is_hard in any::<bool>()
        ) -> Edge {
            Edge { kind, to: AssetId(uuid::Uuid::from_u128(id)), port, protocol, weight, is_hard }
        }
    }

    proptest! {
        #[test]
        fn a_cell_of_dependencies_reads_back_as_it_was_written(edges in proptest::collection::vec(edge(), 0..5)) {
            prop_assert_eq!(read(&write(&edges)).unwrap(), edges);
        }

        #[test]
        fn any_other_text_is_refused_or_read_and_never_panics(text in ".{0,60}") {
            let _ = read(&text);
        }
    }

    #[test]
    fn a_part_that_is_no_dependency_is_named() {
        assert_eq!(read("web01").unwrap_err().text, "web01");
    }
}
