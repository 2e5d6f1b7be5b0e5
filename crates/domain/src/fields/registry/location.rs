//! Where an asset is, and in which environment.

use super::TEXT;
use crate::fields::{Field, FieldGroup, FieldKind};

const LOCATION: Field = Field {
    group: FieldGroup::Location,
    ..TEXT
};

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "environment",
        kind: FieldKind::Environment,
        description: "Deployment environment: Production, Development, Test, Staging, UAT, QA, DR and others.",
        aliases: &[
            "env",
            "environment type",
            "environment name",
            "deployment environment",
            "server environment",
            "used for",
            "lifecycle",
            "lifecycle stage",
            "sdlc stage",
            "landscape",
            "stage",
            "umgebung",
            "systemumgebung",
            "betriebsumgebung",
            "landschaft",
            "systemlandschaft",
        ],
        max_length: Some(64),
        ..LOCATION
    },
    Field {
        name: "location",
        description: "Place, site, city or region.",
        aliases: &[
            "location name",
            "physical location",
            "geographic location",
            "hosting location",
            "site",
            "site name",
            "site code",
            "city",
            "office",
            "region",
            "geo",
            "standort",
            "lokation",
            "ort",
            "niederlassung",
        ],
        ..LOCATION
    },
    Field {
        name: "datacenter",
        description: "Data centre, or the hypervisor's data centre object.",
        aliases: &[
            "data centre",
            "datacenter name",
            "data centre name",
            "dc name",
            "v info datacenter",
            "dc",
            "hosting facility",
            "rechenzentrum",
            "rz",
            "rz standort",
        ],
        ..LOCATION
    },
    Field {
        name: "rack_location",
        description: "Rack, and position in it.",
        aliases: &[
            "rack",
            "rack name",
            "rack number",
            "rack position",
            "rack unit",
            "rack u",
            "cabinet",
            "serverschrank",
            "schrank",
        ],
        ..LOCATION
    },
    Field {
        name: "availability_zone",
        description: "Availability zone of a cloud region.",
        aliases: &[
            "az",
            "aws availability zone",
            "cloud zone",
            "failure domain",
            "verfügbarkeitszone",
        ],
        ..LOCATION
    },
];
