//! Strategy, wave, state, and what belongs together.

use super::{TEXT, number};
use crate::fields::{Field, FieldGroup, FieldKind, Storage, Unit};

const MIGRATION: Field = Field {
    group: FieldGroup::Migration,
    max_length: Some(64),
    ..TEXT
};

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "six_r_strategy",
        kind: FieldKind::SixrStrategy,
        description: "Migration strategy stated by the source: rehost, replatform, refactor and others.",
        aliases: &[
            "6r strategy",
            "6r",
            "6rs",
            "7r strategy",
            "7r",
            "7rs",
            "5r",
            "r type",
            "r strategy",
            "sixr",
            "migration strategy",
            "migration approach",
            "migration path",
            "migration pattern",
            "migration type",
            "disposition",
            "target disposition",
            "recommended strategy",
            "strategy",
            "treatment",
            "migrationsstrategie",
            "strategie",
        ],
        ..MIGRATION
    },
    Field {
        name: "migration_wave",
        description: "Number of the wave in which the asset moves.",
        aliases: &[
            "wave",
            "wave number",
            "wave no",
            "wave name",
            "wave id",
            "application wave",
            "mgn wave name",
            "migrationswelle",
            "welle",
        ],
        group: FieldGroup::Migration,
        ..number(FieldKind::Wave, Unit::Count, (0.0, 9_999.0))
    },
    Field {
        name: "migration_priority",
        description: "Order of migration; 1 comes first.",
        aliases: &[
            "priority",
            "prio",
            "migration order",
            "migrationspriorität",
            "priorität",
        ],
        group: FieldGroup::Migration,
        ..number(FieldKind::Integer, Unit::Count, (0.0, 1_000_000.0))
    },
    Field {
        name: "migration_complexity",
        kind: FieldKind::Level,
        description: "How hard the move is: Low, Medium or High.",
        aliases: &[
            "complexity",
            "complexity level",
            "technical complexity",
            "migrationskomplexität",
            "komplexität",
        ],
        ..MIGRATION
    },
    Field {
        name: "status",
        kind: FieldKind::Status,
        description: "State in the life of the asset: Active, Inactive, Retired, Maintenance, Planned and others.",
        aliases: &[
            "operational status",
            "install status",
            "asset status",
            "ci status",
            "lifecycle status",
            "state",
            "betriebsstatus",
            "zustand",
        ],
        ..MIGRATION
    },
    Field {
        name: "dependencies",
        kind: FieldKind::AssetReferences,
        storage: Storage::Dependency,
        group: FieldGroup::Relations,
        description: "Names, hostnames or ids of the assets that this one needs.",
        aliases: &[
            "depends on",
            "depends upon",
            "dependent on",
            "dependency",
            "upstream dependencies",
            "required assets",
            "related assets",
            "server hostnames",
            "abhängigkeiten",
            "abhängig von",
            "abhängigkeit",
        ],
        max_length: Some(255),
        ..TEXT
    },
    Field {
        name: "tags",
        kind: FieldKind::Tags,
        storage: Storage::Tags,
        group: FieldGroup::Relations,
        description: "Tags, as key=value or a single word.",
        aliases: &[
            "tag",
            "labels",
            "categories",
            "keywords",
            "asset tags",
            "schlagworte",
            "schlagwörter",
            "stichwörter",
        ],
        max_length: Some(255),
        ..TEXT
    },
];
