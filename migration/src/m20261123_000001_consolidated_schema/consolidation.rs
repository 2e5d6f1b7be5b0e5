//! Bookkeeping of the takeover of a legacy database.

use crate::schema::{OnDelete, Table, bigint, int, json, text, timestamp, uuid};

pub(super) fn tables() -> Vec<Table> {
    vec![
        consolidation_runs(),
        consolidation_steps(),
        consolidation_batches(),
        consolidation_map(),
        consolidation_conflicts(),
        consolidation_quarantine(),
        consolidation_ledger(),
        legacy_archive(),
    ]
}

fn consolidation_runs() -> Table {
    Table::global("consolidation_runs", "Runs of the consolidation.")
        .columns([
            uuid("id"),
            text("source_url_hash"),
            text("source_fingerprint"),
            text("state"),
            json("options").default("'{}'"),
            timestamp("started_at"),
            timestamp("heartbeat_at").null(),
            timestamp("completed_at").null(),
            text("error_message").null(),
        ])
        .index(["started_at"])
}

fn consolidation_steps() -> Table {
    Table::global("consolidation_steps", "Steps of a run.")
        .columns([
            uuid("id"),
            uuid("run_id"),
            text("name"),
            int("ordinal"),
            text("state"),
            json("details").default("'{}'"),
            timestamp("started_at").null(),
            timestamp("completed_at").null(),
        ])
        .unique(["run_id", "name"])
        .references("run_id", "consolidation_runs", "id", OnDelete::Cascade)
}

fn consolidation_batches() -> Table {
    Table::global("consolidation_batches", "Committed batches of a step.")
        .columns([
            uuid("id"),
            uuid("run_id"),
            text("source_table"),
            bigint("batch_number"),
            text("last_key").null(),
            bigint("rows_in"),
            bigint("rows_out"),
            bigint("rows_merged").default("0"),
            bigint("rows_archived").default("0"),
            bigint("rows_rejected").default("0"),
            timestamp("committed_at"),
        ])
        .unique(["run_id", "source_table", "batch_number"])
        .references("run_id", "consolidation_runs", "id", OnDelete::Cascade)
}

fn consolidation_map() -> Table {
    Table::global("consolidation_map", "Where each legacy row went.")
        .columns([
            uuid("run_id"),
            text("source_table"),
            text("source_key"),
            uuid("client_account_id").null(),
            text("target_table").null(),
            text("target_key").null(),
            text("outcome"),
            text("rule").null(),
        ])
        .primary_key(["run_id", "source_table", "source_key"])
        .references("run_id", "consolidation_runs", "id", OnDelete::Cascade)
        .index(["target_table", "target_key"])
}

fn consolidation_conflicts() -> Table {
    Table::global(
        "consolidation_conflicts",
        "Two legacy rows that said different things.",
    )
    .columns([
        uuid("id"),
        uuid("run_id"),
        text("source_table"),
        text("source_key"),
        text("other_table"),
        text("other_key"),
        text("source_column"),
        text("kept_value").null(),
        text("lost_value").null(),
        text("rule"),
    ])
    .references("run_id", "consolidation_runs", "id", OnDelete::Cascade)
    .index(["run_id", "source_table"])
}

fn consolidation_quarantine() -> Table {
    Table::global(
        "consolidation_quarantine",
        "Legacy rows whose tenant is missing or unknown.",
    )
    .columns([
        uuid("id"),
        uuid("run_id"),
        text("source_table"),
        text("source_key"),
        text("reason"),
        uuid("client_account_id").null(),
        uuid("engagement_id").null(),
    ])
    .references("run_id", "consolidation_runs", "id", OnDelete::Cascade)
    .index(["run_id", "source_table"])
}

fn consolidation_ledger() -> Table {
    Table::global(
        "consolidation_ledger",
        "Outcome of each legacy column: kept, renamed, converted, merged, archived, rejected.",
    )
    .columns([
        uuid("id"),
        uuid("run_id"),
        text("source_table"),
        text("source_column"),
        text("outcome"),
        text("rule").null(),
        bigint("row_count"),
        text("checksum").null(),
    ])
    .references("run_id", "consolidation_runs", "id", OnDelete::Cascade)
    .index(["run_id", "source_table", "source_column"])
}

fn legacy_archive() -> Table {
    Table::client(
        "legacy_archive",
        "Legacy values that have no place in the schema.",
    )
    .columns([
        uuid("id"),
        uuid("run_id"),
        text("source_table"),
        json("source_key"),
        json("columns"),
        text("raw_text").null(),
        text("row_sha256"),
        text("reason"),
        timestamp("archived_at"),
    ])
    .references("client_account_id", "client_accounts", "id", OnDelete::NoAction)
    .references("run_id", "consolidation_runs", "id", OnDelete::NoAction)
    .index(["client_account_id", "source_table", "id"])
    .index(["run_id"])
}
