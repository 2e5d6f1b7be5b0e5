//! The machine itself: its state, its hardware and where it runs.

use super::TEXT;
use crate::fields::{Field, FieldGroup, FieldKind};

const TECHNICAL: Field = Field {
    group: FieldGroup::Technical,
    ..TEXT
};

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "power_state",
        kind: FieldKind::PowerState,
        description: "On, Off or Suspended.",
        aliases: &[
            "power status",
            "power",
            "v info powerstate",
            "vm state",
            "vm status",
            "machine status",
            "machine state",
            "instance state",
            "running state",
            "guest power state",
            "betriebszustand",
            "energiezustand",
        ],
        max_length: Some(32),
        ..TECHNICAL
    },
    Field {
        name: "boot_type",
        kind: FieldKind::BootType,
        description: "Firmware that starts the machine: BIOS or UEFI.",
        aliases: &[
            "firmware",
            "firmware type",
            "boot firmware",
            "boot mode",
            "boot method",
            "bios type",
            "startmodus",
        ],
        max_length: Some(32),
        ..TECHNICAL
    },
    Field {
        name: "manufacturer",
        description: "Maker of the hardware.",
        aliases: &[
            "vendor",
            "hardware vendor",
            "hardware manufacturer",
            "server manufacturer",
            "make",
            "oem",
            "hersteller",
        ],
        ..TECHNICAL
    },
    Field {
        name: "model",
        description: "Maker's model name.",
        aliases: &[
            "model name",
            "model id",
            "model number",
            "hardware model",
            "hw model",
            "server model",
            "product model",
            "product name",
            "modell",
            "gerätemodell",
            "modellbezeichnung",
            "typenbezeichnung",
        ],
        ..TECHNICAL
    },
    Field {
        name: "is_virtual",
        kind: FieldKind::Boolean,
        description: "Whether the asset is a virtual machine.",
        aliases: &[
            "virtual",
            "virtualized",
            "virtualised",
            "is vm",
            "is virtual machine",
            "virtual flag",
            "virtual physical",
            "physical virtual",
            "virtual or physical",
            "physical or virtual",
            "is physical",
            "physical",
            "virtuell",
            "ist virtuell",
            "virtualisiert",
            "virtuell physisch",
            "physisch virtuell",
        ],
        max_length: None,
        ..TECHNICAL
    },
    Field {
        name: "hypervisor_host",
        description: "Host on which the virtual machine runs.",
        aliases: &[
            "hypervisor name",
            "esx host",
            "esxi host",
            "vm host",
            "v info host",
            "virtual host",
            "virtual host name",
            "virtualization host",
            "physical host",
            "parent host",
            "host server",
            "host system",
            "compute host",
            "hyper v host",
            "virtualisierungshost",
            "wirtssystem",
        ],
        ..TECHNICAL
    },
    Field {
        name: "cluster_name",
        description: "Cluster to which the machine or its host belongs.",
        aliases: &[
            "cluster",
            "vm cluster",
            "v info cluster",
            "hypervisor cluster",
            "esx cluster",
            "compute cluster",
        ],
        ..TECHNICAL
    },
];
