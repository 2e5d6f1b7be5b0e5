//! Measured load.

use super::number;
use crate::fields::{Field, FieldGroup, FieldKind, Unit};

const PERCENT: Field = Field {
    group: FieldGroup::Performance,
    ..number(FieldKind::Percent, Unit::Percent, (0.0, 100.0))
};

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "cpu_utilization_percent",
        description: "Average processor load in percent of what is there.",
        aliases: &[
            "cpu utilization",
            "cpu utilisation",
            "cpu utilization percentage",
            "cpu utilization average",
            "cpu utilization avg",
            "average cpu utilization",
            "avg cpu utilization",
            "cpu usage",
            "cpu usage percentage",
            "cpu usage average",
            "cpu usage avg",
            "cpu usage pct avg",
            "average cpu usage",
            "avg cpu",
            "cpu avg",
            "cpu load",
            "cpu percent",
            "cpu util",
            "cpu utilization peak",
            "cpu utilization max",
            "cpu usage peak",
            "cpu usage max",
            "cpu usage pct max",
            "cpu auslastung",
            "prozessorauslastung",
        ],
        ..PERCENT
    },
    Field {
        name: "memory_utilization_percent",
        description: "Average memory in use in percent of what is there.",
        aliases: &[
            "memory utilization",
            "memory utilisation",
            "memory utilization percentage",
            "memory utilization average",
            "memory utilization avg",
            "average memory utilization",
            "avg memory utilization",
            "memory usage",
            "memory usage percentage",
            "memory usage average",
            "memory usage avg",
            "avg memory",
            "memory util",
            "mem util",
            "ram utilization",
            "ram usage",
            "ram percent",
            "memory percent",
            "memory utilization peak",
            "memory utilization max",
            "memory usage peak",
            "memory usage max",
            "ram auslastung",
            "arbeitsspeicherauslastung",
            "speicherauslastung",
        ],
        ..PERCENT
    },
    Field {
        name: "disk_iops",
        description: "Disk operations per second, reads and writes together.",
        aliases: &[
            "iops",
            "total iops",
            "iops total",
            "storage iops",
            "disk ops",
            "disk operations per second",
            "disk io per second",
        ],
        group: FieldGroup::Performance,
        ..number(FieldKind::Number, Unit::PerSecond, (0.0, 100_000_000.0))
    },
    Field {
        name: "network_throughput_mbps",
        description: "Network traffic in megabits per second, both directions together.",
        aliases: &[
            "network throughput",
            "network bandwidth",
            "network usage",
            "network io",
            "network mbps",
            "throughput mbps",
            "netzwerkdurchsatz",
        ],
        group: FieldGroup::Performance,
        ..number(FieldKind::Number, Unit::MegabitsPerSecond, (0.0, 10_000_000.0))
    },
];
