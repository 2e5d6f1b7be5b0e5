//! `docs/schema.md`, made from the descriptions of the tables.

/// x
pub fn schema_markdown() -> String {
    String::new()
}
