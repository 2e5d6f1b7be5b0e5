//! What questionnaires are made of, who answers and reviews, and what the target costs.

use super::labels;
use crate::schema::{Table, bigint, boolean, int, json, label, text, timestamp, uuid};

pub(super) fn tables() -> Vec<Table> {
    vec![
        questionnaires(),
        stakeholders(),
        archetypes(),
        archetype_tags(),
        stakeholder_roles(),
        reviews(),
        price_catalogues(),
    ]
}

fn questionnaires() -> Table {
    Table::tenant("questionnaires", "Questionnaires that assessments are made by.")
        .columns([
            uuid("id"),
            text("name"),
            text("name_key"),
            text("description").null(),
            boolean("is_required").default("false"),
            text("source").default("'manual'"),
            json("document"),
            bigint("version").default("1"),
            timestamp("created_at"),
            timestamp("updated_at"),
        ])
        .unique(["client_account_id", "engagement_id", "name_key"])
        .in_engagement()
}

fn stakeholders() -> Table {
    Table::tenant(
        "stakeholders",
        "People with a say in applications and assessments.",
    )
    .columns([
        uuid("id"),
        text("name"),
        text("email"),
        text("job_function").null(),
        bigint("version").default("1"),
        timestamp("created_at"),
        timestamp("updated_at"),
    ])
    .unique(["client_account_id", "engagement_id", "email"])
    .in_engagement()
}

fn archetypes() -> Table {
    Table::tenant(
        "archetypes",
        "Kinds of applications that are assessed once for all of their members.",
    )
    .columns([
        uuid("id"),
        text("name"),
        text("name_key"),
        text("description").null(),
        bigint("version").default("1"),
        timestamp("created_at"),
        timestamp("updated_at"),
    ])
    .unique(["client_account_id", "engagement_id", "name_key"])
    .in_engagement()
}

fn archetype_tags() -> Table {
    Table::tenant(
        "archetype_tags",
        "Tags by which an archetype knows its members, and tags that it gives them.",
    )
    .columns([
        uuid("id"),
        uuid("archetype_id"),
        uuid("tag_id"),
        text("purpose"),
        timestamp("created_at"),
    ])
    .check("purpose IN ('criterion', 'given')")
    .unique(["client_account_id", "archetype_id", "tag_id", "purpose"])
    .owned_by("archetype_id", "archetypes", "id")
    .owned_by("tag_id", "tags", "id")
    .index(["client_account_id", "tag_id"])
    .index(["client_account_id", "engagement_id", "id"])
}

fn stakeholder_roles() -> Table {
    Table::tenant(
        "stakeholder_roles",
        "What a stakeholder is to an application, archetype or assessment.",
    )
    .columns([
        uuid("id"),
        uuid("stakeholder_id"),
        uuid("application_id").null(),
        uuid("archetype_id").null(),
        uuid("assessment_id").null(),
        text("role"),
        timestamp("created_at"),
    ])
    .check(
        "(CASE WHEN application_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN archetype_id IS NULL THEN 0 ELSE 1 END) \
         + (CASE WHEN assessment_id IS NULL THEN 0 ELSE 1 END) = 1",
    )
    .owned_by("stakeholder_id", "stakeholders", "id")
    .owned_by("application_id", "applications", "id")
    .owned_by("archetype_id", "archetypes", "id")
    .owned_by("assessment_id", "assessments", "id")
    .index(["client_account_id", "stakeholder_id"])
    .unique_where(
        ["client_account_id", "application_id", "stakeholder_id", "role"],
        "application_id IS NOT NULL",
    )
    .unique_where(
        ["client_account_id", "archetype_id", "stakeholder_id", "role"],
        "archetype_id IS NOT NULL",
    )
    .unique_where(
        ["client_account_id", "assessment_id", "stakeholder_id", "role"],
        "assessment_id IS NOT NULL",
    )
}

fn reviews() -> Table {
    Table::tenant(
        "reviews",
        "What reviewers propose to do with an application or archetype.",
    )
    .columns([
        uuid("id"),
        uuid("application_id").null(),
        uuid("archetype_id").null(),
        label("proposed_action", labels::SIXR_STRATEGY),
        text("effort_estimate"),
        int("business_criticality"),
        int("work_priority"),
        text("comments").null(),
        text("reviewer"),
        bigint("version").default("1"),
        timestamp("created_at"),
        timestamp("updated_at"),
    ])
    .check("effort_estimate IN ('small', 'medium', 'large', 'extra_large')")
    .check("business_criticality BETWEEN 1 AND 10")
    .check("work_priority BETWEEN 1 AND 10")
    .check("(application_id IS NULL) <> (archetype_id IS NULL)")
    .in_engagement()
    .owned_by("application_id", "applications", "id")
    .owned_by("archetype_id", "archetypes", "id")
    .index(["client_account_id", "engagement_id", "id"])
    .unique_where(
        ["client_account_id", "application_id"],
        "application_id IS NOT NULL",
    )
    .unique_where(["client_account_id", "archetype_id"], "archetype_id IS NOT NULL")
}

fn price_catalogues() -> Table {
    Table::tenant(
        "price_catalogues",
        "Sizes and prices of a target that machines are placed on.",
    )
    .columns([
        uuid("id"),
        text("name"),
        text("name_key"),
        text("source"),
        text("as_of"),
        text("currency"),
        json("document"),
        bigint("version").default("1"),
        timestamp("created_at"),
        timestamp("updated_at"),
    ])
    .unique(["client_account_id", "engagement_id", "name_key"])
    .in_engagement()
}
