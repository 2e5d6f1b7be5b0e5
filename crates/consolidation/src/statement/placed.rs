//! Where a legacy row goes, as expressions over the row and its placement.

use super::name;
use crate::map::{LegacyTable, Tenant};

/// The id of the row in the target.
pub(crate) fn target_id(table: &LegacyTable) -> String {
    match table.tenant {
        Tenant::Placed => "p.target".to_owned(),
        _ => table
            .derived
            .iter()
            .find(|derived| derived.target == table.target_key)
            .map_or_else(
                || format!("{}.{}", table.alias(), name(table.key)),
                |derived| derived.sql.to_owned(),
            ),
    }
}

pub(super) fn placed_client(table: &LegacyTable) -> String {
    match table.tenant {
        Tenant::None => format!(
            "'{}'::uuid",
            landfall_domain::ids::fixed::QUARANTINE_CLIENT_ACCOUNT
        ),
        _ => format!(
            "COALESCE(p.client, '{}')",
            landfall_domain::ids::fixed::QUARANTINE_CLIENT_ACCOUNT
        ),
    }
}

pub(super) fn placed_engagement(table: &LegacyTable) -> String {
    match table.tenant {
        Tenant::None => "NULL::uuid".to_owned(),
        _ => format!(
            "COALESCE(p.engagement, '{}')",
            landfall_domain::ids::fixed::QUARANTINE_ENGAGEMENT
        ),
    }
}

/// What becomes of the row, by which rule, and whether it goes to the archive as a whole.
pub(super) fn outcome(table: &LegacyTable) -> (&'static str, &'static str, &'static str) {
    match (table.target, table.tenant) {
        (None, _) => ("'archived'", "'retired_table'", "true"),
        (Some(_), Tenant::Placed) => ("p.outcome", "p.rule", "p.whole"),
        (Some(_), Tenant::None) if table.person().is_none() => ("'kept'", "NULL::text", "false"),
        (Some(_), Tenant::Via { .. } | Tenant::None) => {
            ("COALESCE(sp.outcome, 'kept')", "sp.rule", "(sp.key IS NOT NULL)")
        }
        (Some(_), _) => ("'kept'", "NULL::text", "false"),
    }
}
