//! Documentation that is made from the code.

mod guide;

use crate::Result;
use crate::arrows;
use crate::generated::{Mode, file, section};
use crate::workspace::root;
use landfall_domain::fields::{FIELDS, Field};
use serde::Serialize;
use std::fmt::Write;

const ARCHITECTURE: &str = "docs/architecture.md";

/// Brings docs/fields.md, docs/consolidation-map.md, the drawing in docs/architecture.md and the tables in
/// `docs/API_MIGRATION_GUIDE.md` up to date.
pub(crate) fn run(mode: Mode) -> Result {
    file("docs/fields.md", &fields_page(FIELDS)?, "docs", mode)?;
    file(
        "docs/consolidation-map.md",
        &landfall_consolidation::map_markdown(),
        "docs",
        mode,
    )?;
    let text = std::fs::read_to_string(root().join(ARCHITECTURE))?;
    let text =
        section(&text, "arrows", &arrows::drawing()).map_err(|error| format!("{ARCHITECTURE}: {error}"))?;
    file(ARCHITECTURE, &text, "docs", mode)?;
    guide::run(mode)
}

/// One table per group, in the order of the registry.
fn fields_page(fields: &[Field]) -> Result<String> {
    let mut page = String::from(
        "# Asset fields\n\n\
         Made from `crates/domain/src/fields` by `cargo xtask docs`; change it there.\n\n\
         A column of an import is mapped to one of these fields when its header is the field's name or one of the other \
         names, or is close to one. Case, punctuation and a unit in the header do not matter. What maps to no field is \
         kept as a custom attribute under its own name.\n",
    );
    let mut groups: Vec<_> = fields.iter().map(|field| field.group).collect();
    groups.sort_unstable();
    groups.dedup();
    for group in groups {
        writeln!(page, "\n## {}\n", capitalized(&word(&group)?))?;
        page.push_str("| Field | Kind | Unit | Meaning | Other names |\n|---|---|---|---|---|\n");
        for field in fields.iter().filter(|field| field.group == group) {
            page.push_str(&row(field)?);
        }
    }
    Ok(page)
}

fn row(field: &Field) -> Result<String> {
    let unit = field
        .unit
        .map(|unit| word(&unit))
        .transpose()?
        .unwrap_or_default();
    let mut kind = word(&field.kind)?;
    if let Some((least, greatest)) = field.range {
        write!(kind, ", {least} to {greatest}")?;
    }
    if let Some(length) = field.max_length {
        write!(kind, ", up to {length} characters")?;
    }
    let cells = [kind, unit, field.description.to_owned(), field.aliases.join(", ")];
    let cells = cells.map(|cell| cell.replace('|', "\\|"));
    Ok(format!("| `{}` | {} |\n", field.name, cells.join(" | ")))
}

/// A label as it is written in JSON, with spaces.
fn word(label: &impl Serialize) -> Result<String> {
    let text = serde_json::to_value(label)?;
    Ok(text.as_str().ok_or("a label that is no text")?.replace('_', " "))
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfall_domain::fields::{FieldGroup, FieldKind, Storage, Unit};

    const MEMORY: Field = Field {
        name: "memory_gb",
        kind: FieldKind::Number,
        unit: Some(Unit::Gibibytes),
        group: FieldGroup::Technical,
        storage: Storage::Column,
        description: "Memory | RAM.",
        aliases: &["ram", "memory size"],
        max_length: None,
        range: Some((0.0, 65536.0)),
    };

    #[test]
    fn a_field_is_one_row_under_its_group() {
        let page = fields_page(&[MEMORY]).unwrap();
        let row = "| `memory_gb` | number, 0 to 65536 | gibibytes | Memory \\| RAM. | ram, memory size |\n";
        assert!(page.contains("\n## Technical\n"), "{page}");
        assert!(page.ends_with(row), "{page}");
    }

    #[test]
    fn every_field_of_the_registry_is_on_the_page() {
        let page = fields_page(FIELDS).unwrap();
        for field in FIELDS {
            assert!(
                page.contains(&format!("| `{}` |", field.name)),
                "{} is missing",
                field.name
            );
        }
    }
}
