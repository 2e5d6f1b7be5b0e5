//! What a write to a view does: the target gets what the map makes of the row, the archive what the target has no place for, so
//! that the view shows what was written.

use super::live;
use crate::map::{LegacyTable, Tenant, target_column, target_tables};
use crate::statement::{archived_part, archived_whole, name, targets};

/// The function of a view's trigger.
pub(super) fn function(table: &'static LegacyTable) -> String {
    let body = match table.target {
        Some(target) => moved(table, target),
        None => retired(table),
    };
    // Nobody may read a log that can only be appended to; the function has to, and is called by a write only.
    let rights = if is_append_only(table) {
        " SECURITY DEFINER SET search_path = pg_catalog"
    } else {
        ""
    };
    format!(
        "CREATE FUNCTION consolidation.write_{}() RETURNS trigger LANGUAGE plpgsql{rights} AS $write$\n{body}\n$write$",
        table.name
    )
}

/// Whether rows of the target can only be added.
fn is_append_only(table: &LegacyTable) -> bool {
    target_tables()
        .iter()
        .any(|target| Some(target.name) == table.target && target.append_only)
}

/// The expression of the archive's client account for rows of a table without a place in the target.
fn archive_client(table: &LegacyTable, row: &str) -> String {
    match table.tenant {
        Tenant::Client(column) => format!("consolidation.live_client({row}.{})", name(column)),
        Tenant::Via { column, owner } => {
            let (target, key) = crate::map::legacy_table(owner)
                .and_then(|owner| Some((owner.target?, owner.target_key)))
                .unwrap_or(("data_imports", "id"));
            format!(
                "COALESCE((SELECT w.client_account_id FROM landfall.{target} w WHERE w.{key} = \
                 consolidation.target_id('{owner}', {row}.{}::text)::uuid LIMIT 1), consolidation.live_client(NULL))",
                name(column)
            )
        }
        _ => "consolidation.live_client(NULL)".to_owned(),
    }
}

/// The whole row into the archive.
fn keep_whole(table: &'static LegacyTable, client: &str, why: &str) -> String {
    let (values, raw) = archived_whole(table);
    format!(
        "PERFORM consolidation.keep({client}, '{}', NEW.{key}::text, jsonb_build_object('{}', NEW.{key}), {values}, {raw}, {why}) \
         FROM (SELECT NEW.*) x;",
        table.name,
        table.key,
        key = name(table.key),
    )
}

fn retired(table: &'static LegacyTable) -> String {
    let key = name(table.key);
    let of = |row: &str| {
        format!(
            "a.source_table = '{}' AND a.id = consolidation.archive_id('{0}', {row}.{key}::text)",
            table.name
        )
    };
    format!(
        "DECLARE client uuid;\nBEGIN\n\
         IF TG_OP = 'DELETE' THEN DELETE FROM landfall.legacy_archive a WHERE {old}; \
         IF NOT FOUND THEN RETURN NULL; END IF; RETURN OLD; END IF;\n\
         client := {client};\n\
         IF TG_OP = 'UPDATE' THEN SELECT a.client_account_id INTO client FROM landfall.legacy_archive a WHERE {old};\n\
         IF NOT FOUND THEN RETURN NULL; END IF;\n\
         IF NEW.{key} IS DISTINCT FROM OLD.{key} THEN DELETE FROM landfall.legacy_archive a WHERE {old}; END IF;\n\
         ELSIF EXISTS (SELECT FROM landfall.legacy_archive a WHERE {new}) THEN \
         RAISE unique_violation USING MESSAGE = 'a row of {name} with this key exists'; END IF;\n\
         {keep}\nRETURN NEW;\nEND",
        old = of("OLD"),
        new = of("NEW"),
        client = archive_client(table, "NEW"),
        keep = keep_whole(table, "client", "'retired_table'"),
        name = table.name,
    )
}

fn moved(table: &'static LegacyTable, target: &str) -> String {
    let given = targets(table);
    let key = name(table.target_key);
    let tenant = match target {
        "client_accounts" => Some("id"),
        _ => target_column(target, "client_account_id")
            .filter(|_| table.tenant != Tenant::None)
            .map(|_| "client_account_id"),
    };
    let columns: Vec<_> = given.iter().map(|column| name(column)).collect();
    let values: Vec<_> = given.iter().map(|column| format!("x.f_{column}")).collect();
    let changes: Vec<_> = given
        .iter()
        .map(|column| {
            format!(
                "{0} = CASE WHEN n.f_{column} IS DISTINCT FROM b.f_{column} THEN n.f_{column} ELSE t.{0} END",
                name(column)
            )
        })
        .collect();
    let shown: Vec<_> = given
        .iter()
        .map(|column| format!("t.{} AS f_{column}", name(column)))
        .collect();
    let old_id = target_key(table, "OLD");
    let new_id = target_key(table, "NEW");
    let (part, raw) = archived_part(table);
    let client = match (table.tenant, tenant) {
        (Tenant::None, _) | (_, None) => format!(
            "'{}'::uuid",
            landfall_domain::ids::fixed::QUARANTINE_CLIENT_ACCOUNT
        ),
        (_, Some(column)) => format!("t.{column}"),
    };
    let archive_row = |row: &str| {
        format!(
            "a.source_table = '{0}' AND a.reason NOT IN ('no_column', 'unknown') AND a.id = consolidation.archive_id('{0}', {row}.{1}::text)",
            table.name,
            name(table.key)
        )
    };
    format!(
        "DECLARE client uuid;\nBEGIN\n\
         IF TG_OP = 'DELETE' THEN\n\
         DELETE FROM landfall.legacy_archive a WHERE a.source_table = '{table_name}' AND a.id = consolidation.archive_id('{table_name}', {old_id}::text);\n\
         DELETE FROM landfall.{target} t WHERE t.{key} = {old_id};\n\
         IF NOT FOUND THEN DELETE FROM landfall.legacy_archive a WHERE {old_archive}; IF NOT FOUND THEN RETURN NULL; END IF; END IF;\n\
         RETURN OLD;\nEND IF;\n\
         IF TG_OP = 'INSERT' THEN\n\
         PERFORM {parents} FROM ({new_values}) x;\n\
         INSERT INTO landfall.{target} ({columns}) SELECT {values} FROM ({new_values}) x;\n\
         IF NOT FOUND THEN RAISE foreign_key_violation USING MESSAGE = 'the row of {table_name} belongs to a row that does not exist'; END IF;\n\
         ELSE\n\
         UPDATE landfall.{target} t SET {changes} FROM ({new_values}) n, ({old_values}) b WHERE t.{key} = {old_id};\n\
         IF NOT FOUND THEN\n\
         SELECT a.client_account_id INTO client FROM landfall.legacy_archive a WHERE {old_archive};\n\
         IF NOT FOUND THEN RETURN NULL; END IF;\n\
         {keep_whole}\nRETURN NEW;\nEND IF;\nEND IF;\n\
         PERFORM consolidation.keep({client}, '{table_name}', t.{key}::text, jsonb_build_object('{legacy_key}', NEW.{quoted_key}), x.part, x.raw, 'no_column') \
         FROM landfall.{target} t CROSS JOIN LATERAL (SELECT {part} AS part, {raw} AS raw FROM (SELECT NEW.*, {shown}) x) x \
         WHERE t.{key} = {new_id};\n\
         RETURN NEW;\nEND",
        table_name = table.name,
        old_archive = archive_row("OLD"),
        parents = parents(table, &given),
        new_values = live::values(table, "NEW"),
        old_values = live::values(table, "OLD"),
        columns = columns.join(", "),
        values = values.join(", "),
        changes = changes.join(", "),
        keep_whole = keep_whole(table, "client", "'kept_whole'"),
        legacy_key = table.key,
        quoted_key = name(table.key),
        shown = shown.join(", "),
    )
}

/// The key in the target of a row of the view.
fn target_key(table: &LegacyTable, row: &str) -> String {
    let kind = crate::map::LegacyType::of(table.name, table.key);
    match table.name {
        "crewai_flow_state_extensions" => format!("{row}.flow_id"),
        _ if kind == crate::map::LegacyType::Uuid => format!(
            "consolidation.target_id('{}', {row}.{}::text)::uuid",
            table.name,
            name(table.key)
        ),
        _ => format!(
            "consolidation.derived_id('{} ' || {row}.{})",
            table.name,
            name(table.key)
        ),
    }
}

/// Makes what the row refers to and nobody has made.
fn parents(table: &LegacyTable, given: &[&str]) -> String {
    let engagement = if given.contains(&"engagement_id") {
        "x.f_engagement_id"
    } else {
        "NULL"
    };
    let kind = match table.name {
        "assessments" | "sixr_analyses" => "assessment",
        "migration_waves" | "wave_plans" => "planning",
        _ => "discovery",
    };
    let flow = if given.contains(&"master_flow_id") {
        "x.f_master_flow_id"
    } else {
        "NULL"
    };
    let client = if given.contains(&"client_account_id") {
        "x.f_client_account_id"
    } else {
        "NULL"
    };
    format!("consolidation.make_parents({client}, {engagement}, {flow}, '{kind}')")
}
