//! The tables of the guide for those who move from the predecessor's API, made from the tables that the program works by.

use crate::Result;
use crate::generated::{Mode, file, section};
use crate::workspace::root;
use landfall_compat::paths::{PATHS, PREFIXES, PathChange, V1, V2};
use landfall_compat::words::{
    FLOW_STATUS_WORDS, IMPORT_STATUS_WORDS, MAPPING_STATUS_WORDS, MATCH_TYPE_WORDS, PHASE_WORDS, V3Phase,
    flow_status_to_v3,
};
use landfall_compat::{Change, Resource, headers};
use landfall_domain::{FlowStatus, Phase};
use std::fmt::{Display, Write};

const GUIDE: &str = "docs/API_MIGRATION_GUIDE.md";

/// Brings the guide's tables up to date.
pub(super) fn run(mode: Mode) -> Result {
    let mut text = std::fs::read_to_string(root().join(GUIDE))?;
    for (name, table) in [
        ("fields", fields()),
        ("flow states", flow_states()),
        ("other words", other_words()),
        ("phases", phases()),
        ("paths", paths()),
        ("tenant headers", tenant_headers()),
    ] {
        text = section(&text, name, &table).map_err(|error| format!("{GUIDE}: {error}"))?;
    }
    file(GUIDE, &text, "docs", mode)
}

/// A table of Markdown.
fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(N));
    for row in rows {
        // Writing to a string does not fail.
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text
}

fn code(word: impl Display) -> String {
    format!("`{word}`")
}

fn fields() -> String {
    let changes = Resource::ALL
        .into_iter()
        .flat_map(|resource| resource.changes().iter().map(move |change| (resource, change)));
    let rows = changes.map(|(resource, change)| {
        let today = match change.change {
            Change::Renamed(new) => code(new),
            Change::Within(new) => format!("inside `{new}`, under its old name"),
            Change::Dropped => "removed: accepted and ignored".to_owned(),
        };
        [code(resource), code(change.old), today]
    });
    table(["Resource", "Old name", "Today"], rows)
}

fn flow_states() -> String {
    let rows = FlowStatus::ALL.iter().map(|status| {
        let others = words_for(FLOW_STATUS_WORDS, status);
        [code(status), code(flow_status_to_v3(*status)), others]
    });
    table(
        ["State", "In the old families", "Other words that are understood"],
        rows,
    )
}

fn words_for<T: PartialEq>(words: &[(&str, T)], meant: &T) -> String {
    let found = words.iter().filter(|(_, meaning)| meaning == meant);
    found.map(|(word, _)| code(word)).collect::<Vec<_>>().join(", ")
}

fn other_words() -> String {
    fn rows<T: Display>(of: &'static str, words: &[(&str, T)]) -> Vec<[String; 3]> {
        words
            .iter()
            .map(|(word, meant)| [of.to_owned(), code(word), code(meant)])
            .collect()
    }
    let rows = [
        rows("state of an import", IMPORT_STATUS_WORDS),
        rows("decision on a mapping", MAPPING_STATUS_WORDS),
        rows("how a mapping was found", MATCH_TYPE_WORDS),
    ];
    table(["Of what", "Old word", "Today"], rows.concat())
}

fn phases() -> String {
    let rows = V3Phase::ALL.into_iter().map(|phase| {
        let ours: Option<Phase> = phase.phase();
        let today = ours.map_or_else(|| "after the last phase".to_owned(), code);
        [code(phase), words_for(PHASE_WORDS, &phase), today]
    });
    table(
        ["In the old families", "Other words that are understood", "Phase"],
        rows,
    )
}

fn paths() -> String {
    let row = |change: &PathChange, rest: &str| {
        let version = if change.old.starts_with("/api/v1") { V1 } else { V2 };
        let shown = |path: &str| code(format!("{}{rest}", path.replace("{}", "{id}")));
        [shown(change.old), shown(change.new), version.sunset.to_owned()]
    };
    let exact = PATHS.iter().map(|change| row(change, ""));
    let families = PREFIXES.iter().map(|change| row(change, "/…"));
    table(["Old path", "Successor", "Was to end"], exact.chain(families))
}

fn tenant_headers() -> String {
    let rows = [
        ("client account", headers::CLIENT_ACCOUNT.as_slice()),
        ("engagement", headers::ENGAGEMENT.as_slice()),
    ];
    let rows = rows.map(|(what, names)| {
        let names: Vec<String> = names.iter().map(code).collect();
        [what.to_owned(), names.join(", ")]
    });
    table(["What", "Headers; the first that is sent counts"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_old_name_and_word_is_in_its_table() {
        let fields = fields();
        for resource in Resource::ALL {
            for change in resource.changes() {
                let row = format!("| `{resource}` | `{}` |", change.old);
                assert!(fields.contains(&row), "{row}");
            }
        }
        assert!(flow_states().contains("| `waiting` | `paused` | `waiting_for_user` |"));
        assert!(other_words().contains("| state of an import | `uploaded` | `pending` |"));
        assert!(phases().contains("| `inventory_building` | `inventory` | `asset_inventory` |"));
    }

    #[test]
    fn every_old_path_is_in_the_table_with_its_successor() {
        let paths = paths();
        for change in PATHS {
            assert!(
                paths.contains(&change.old.replace("{}", "{id}")),
                "{}",
                change.old
            );
        }
        assert!(
            paths.contains("`/api/v2/discovery-flows/…` | `/api/v3/discovery-flow/…`"),
            "{paths}"
        );
    }
}
