//! Paths of earlier versions of the API, and the paths of version 3 that serve them.
//!
//! A path is looked up in [`PATHS`] first, by the most specific pattern; what is not there but under one of [`PREFIXES`]
//! keeps the rest of its path.

use std::fmt::Write as _;

/// An earlier version of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its name in paths.
    pub name: &'static str,
    /// When it was deprecated, seconds since 1970 (RFC 9745 writes it after `@`).
    pub deprecated_at: i64,
    /// The day on which it was to be switched off, as HTTP writes it (RFC 8594).
    pub sunset: &'static str,
}

/// Version 1: deprecated when version 2 came.
pub const V1: Version = Version {
    name: "v1",
    // 2024-01-01T00:00:00Z
    deprecated_at: 1_704_067_200,
    sunset: "Sat, 01 Jun 2024 00:00:00 GMT",
};

/// Version 2: deprecated when version 3 came.
pub const V2: Version = Version {
    name: "v2",
    // 2024-03-01T00:00:00Z
    deprecated_at: 1_709_251_200,
    sunset: "Sun, 01 Sep 2024 00:00:00 GMT",
};

/// A path of an earlier version and its successor. `{}` stands for one segment, which the successor takes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathChange {
    /// The pattern of the old path.
    pub old: &'static str,
    /// The path of version 3.
    pub new: &'static str,
}

const fn change(old: &'static str, new: &'static str) -> PathChange {
    PathChange { old, new }
}

/// Paths whose shape changed.
pub const PATHS: &[PathChange] = &[
    change(
        "/api/v1/unified-discovery/flow/initialize",
        "/api/v3/discovery-flow/flows",
    ),
    change(
        "/api/v1/unified-discovery/flow/status/{}",
        "/api/v3/discovery-flow/flows/{}/status",
    ),
    change(
        "/api/v1/unified-discovery/flow/health",
        "/api/v3/discovery-flow/health",
    ),
    change(
        "/api/v1/discovery/flow/initialize",
        "/api/v3/discovery-flow/flows",
    ),
    change("/api/v1/discovery/flow/run", "/api/v3/discovery-flow/flows"),
    change(
        "/api/v1/discovery/flow/status/{}",
        "/api/v3/discovery-flow/flows/{}/status",
    ),
    change(
        "/api/v1/discovery/flow/{}/processing-status",
        "/api/v3/discovery-flow/flows/{}/status",
    ),
    change(
        "/api/v1/discovery/flow/{}/validation-status",
        "/api/v3/discovery-flow/flows/{}/status",
    ),
    change(
        "/api/v1/discovery/flow/continue/{}",
        "/api/v3/discovery-flow/flows/{}/resume",
    ),
    change(
        "/api/v1/discovery/flow/resume/{}",
        "/api/v3/discovery-flow/flows/{}/resume",
    ),
    change(
        "/api/v1/discovery/flow/pause/{}",
        "/api/v3/discovery-flow/flows/{}/pause",
    ),
    change(
        "/api/v1/discovery/flow/promote-assets/{}",
        "/api/v3/discovery-flow/flows/{}/promote-assets",
    ),
    change("/api/v1/discovery/flow/health", "/api/v3/discovery-flow/health"),
    change("/api/v1/discovery/flow/{}", "/api/v3/discovery-flow/flows/{}"),
    change("/api/v1/discovery/flows/active", "/api/v3/discovery-flow/flows"),
    change(
        "/api/v2/discovery-flows/flows/{}/continue",
        "/api/v3/discovery-flow/flows/{}/resume",
    ),
    change("/api/v1/data-import/store-import", "/api/v3/data-import/imports"),
    change("/api/v1/data-import/upload", "/api/v3/data-import/imports/upload"),
    change(
        "/api/v1/data-import/validate/{}",
        "/api/v3/data-import/imports/{}/validate",
    ),
    change(
        "/api/v1/data-import/field-mapping",
        "/api/v3/field-mapping/mappings",
    ),
    change(
        "/api/v1/data-import/field-mapping/{}",
        "/api/v3/field-mapping/mappings/{}",
    ),
    change(
        "/api/v1/data-import/available-target-fields",
        "/api/v3/field-mapping/schemas",
    ),
    change("/api/v1/field-mapping", "/api/v3/field-mapping/mappings"),
    change("/api/v1/field-mapping/{}", "/api/v3/field-mapping/mappings/{}"),
    change(
        "/api/v1/master-flows/master-flows/{}/summary",
        "/api/v3/master-flows/{}/summary",
    ),
    change(
        "/api/v1/master-flows/master-flows/coordination/summary",
        "/api/v3/master-flows/summary",
    ),
];

/// Families that kept the rest of their paths.
pub const PREFIXES: &[PathChange] = &[
    change("/api/v1/unified-discovery", "/api/v3/discovery-flow"),
    change("/api/v1/discovery", "/api/v3/discovery-flow"),
    change("/api/v2/discovery-flows", "/api/v3/discovery-flow"),
    change("/api/v1/data-import", "/api/v3/data-import"),
];

/// What serves a path of an earlier version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Successor {
    /// The path of version 3.
    pub path: String,
    /// The pattern under which uses of the old path are counted: it holds no ids.
    pub pattern: &'static str,
    /// The version that it belonged to.
    pub version: Version,
}

/// What serves `path` today; nothing if it is no path of an earlier version, or has no successor.
pub fn successor(path: &str) -> Option<Successor> {
    let version = match path.split('/').nth(2)? {
        "v1" => V1,
        "v2" => V2,
        _ => return None,
    };
    let path = path.strip_suffix('/').unwrap_or(path);
    let exact = PATHS
        .iter()
        .filter_map(|known| Some((known, captured(known.old, path)?)))
        .min_by_key(|(_, parts)| parts.len());
    if let Some((known, parts)) = exact {
        return Some(Successor {
            path: filled(known.new, &parts),
            pattern: known.old,
            version,
        });
    }
    PREFIXES.iter().find_map(|known| {
        let rest = path.strip_prefix(known.old)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| Successor {
            path: format!("{}{rest}", known.new),
            pattern: known.old,
            version,
        })
    })
}

/// The segments that stand where the pattern has `{}`.
fn captured<'p>(pattern: &str, path: &'p str) -> Option<Vec<&'p str>> {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    let mut parts = Vec::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(parts),
            (Some("{}"), Some(part)) if !part.is_empty() => parts.push(part),
            (Some(a), Some(b)) if a == b => {}
            _ => return None,
        }
    }
}

fn filled(pattern: &str, parts: &[&str]) -> String {
    let mut parts = parts.iter();
    let mut path = String::with_capacity(pattern.len() + 36);
    for segment in pattern.split('/').skip(1) {
        let segment = if segment == "{}" {
            parts.next().copied().unwrap_or_default()
        } else {
            segment
        };
        // Writing to a string does not fail.
        let _ = write!(path, "/{segment}");
    }
    path
}

/// The families of version 3 that the predecessor had: there, names that nobody knows are ignored and told.
pub const OLD_FAMILIES: [&str; 3] = [
    "/api/v3/data-import",
    "/api/v3/discovery-flow",
    "/api/v3/field-mapping",
];

/// Whether the path belongs to a family that the predecessor had.
pub fn is_old_family(path: &str) -> bool {
    OLD_FAMILIES.iter().any(|family| {
        path.strip_prefix(family)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_earlier_versions_lead_to_those_that_serve_them() {
        for (old, new) in [
            (
                "/api/v1/unified-discovery/flow/initialize",
                "/api/v3/discovery-flow/flows",
            ),
            (
                "/api/v1/unified-discovery/flow/status/7",
                "/api/v3/discovery-flow/flows/7/status",
            ),
            (
                "/api/v2/discovery-flows/flows/7/continue",
                "/api/v3/discovery-flow/flows/7/resume",
            ),
            (
                "/api/v2/discovery-flows/flows/7",
                "/api/v3/discovery-flow/flows/7",
            ),
            ("/api/v1/data-import/store-import", "/api/v3/data-import/imports"),
            (
                "/api/v1/data-import/upload/",
                "/api/v3/data-import/imports/upload",
            ),
            ("/api/v1/data-import/imports/7", "/api/v3/data-import/imports/7"),
            ("/api/v1/discovery/flow/health", "/api/v3/discovery-flow/health"),
            ("/api/v1/discovery/flow/7", "/api/v3/discovery-flow/flows/7"),
            ("/api/v1/field-mapping", "/api/v3/field-mapping/mappings"),
        ] {
            assert_eq!(
                successor(old).map(|found| found.path),
                Some(new.to_owned()),
                "{old}"
            );
        }
        for path in [
            "/api/v3/data-import/imports",
            "/api/v1/chat",
            "/",
            "/api/v1/data-imports",
        ] {
            assert_eq!(successor(path), None, "{path}");
        }
    }

    #[test]
    fn no_successor_is_deprecated_itself_and_each_takes_over_every_segment() {
        for known in PATHS.iter().chain(PREFIXES) {
            assert_eq!(successor(known.new), None, "{}", known.new);
            assert_eq!(known.old.matches("{}").count(), known.new.matches("{}").count());
        }
    }

    #[test]
    fn only_whole_segments_make_an_old_family() {
        assert!(is_old_family("/api/v3/data-import") && is_old_family("/api/v3/field-mapping/schemas"));
        assert!(!is_old_family("/api/v3/data-imports") && !is_old_family("/api/v3/imports"));
    }
}
