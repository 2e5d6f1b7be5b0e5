//! Checksums of values in SQL. Each is salted, so that the same value in another row has another one.

use crate::map::{LegacyColumn, LegacyType};
use migration::schema::ColumnType;

/// The salt of a row from its key.
pub(super) fn salt(kind: LegacyType, key: &str) -> String {
    match kind {
        LegacyType::Uuid => format!("uuid_hash_extended({key}, 0)"),
        _ => format!("hashtextextended(({key})::text, 0)"),
    }
}

/// The checksum of a legacy value; NULL of NULL.
pub(super) fn legacy(known: &LegacyColumn, value: &str, salt: &str) -> String {
    match known.kind() {
        LegacyType::Uuid => format!("uuid_hash_extended({value}, {salt})"),
        LegacyType::Text => format!("hashtextextended({value}::text, {salt})"),
        LegacyType::Enum | LegacyType::Other => format!("hashtextextended(({value})::text, {salt})"),
        LegacyType::Integer => format!("hashint4extended({value}, {salt})"),
        LegacyType::BigInt => format!("hashint8extended({value}, {salt})"),
        LegacyType::Numeric => format!("hash_numeric_extended({value}, {salt})"),
        LegacyType::Float => format!("hashfloat8extended({value}, {salt})"),
        LegacyType::Boolean => format!("hashint4extended(({value})::integer, {salt})"),
        LegacyType::Timestamp => format!("timestamp_hash_extended(({value}) AT TIME ZONE 'UTC', {salt})"),
        LegacyType::NaiveTimestamp => format!("timestamp_hash_extended({value}, {salt})"),
        LegacyType::Json => format!("consolidation.json_hash({value}, {salt})"),
        LegacyType::JsonBinary => format!("jsonb_hash_extended({value}, {salt})"),
    }
}

/// The checksum of a value of the target; NULL of NULL.
pub(super) fn target(kind: ColumnType, value: &str, salt: &str) -> String {
    match kind {
        ColumnType::Uuid => format!("uuid_hash_extended({value}, {salt})"),
        ColumnType::Text | ColumnType::Label(_) => format!("hashtextextended(({value})::text, {salt})"),
        ColumnType::Int => format!("hashint4extended({value}, {salt})"),
        ColumnType::BigInt => format!("hashint8extended({value}, {salt})"),
        ColumnType::Float => format!("hashfloat8extended({value}, {salt})"),
        ColumnType::Boolean => format!("hashint4extended(({value})::integer, {salt})"),
        ColumnType::Timestamp => format!("timestamp_hash_extended(({value}) AT TIME ZONE 'UTC', {salt})"),
        ColumnType::Json => format!("jsonb_hash_extended({value}, {salt})"),
    }
}
