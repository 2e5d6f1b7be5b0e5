//! ServiceNow: configuration items, applications, and the relations between items. Headers are labels where a list was
//! exported and column names where the REST interface was asked.

pub(super) mod applications;
pub(super) mod relations;
pub(super) mod servers;

/// Codes of `install_status`.
const INSTALL_STATUS: &[(&str, &str)] = &[
    ("1", "Installed"),
    ("2", "On Order"),
    ("3", "In Maintenance"),
    ("4", "Pending Install"),
    ("5", "Pending Repair"),
    ("6", "In Stock"),
    ("7", "Retired"),
    ("8", "Stolen"),
    ("100", "Absent"),
];

/// Codes of `operational_status`.
const OPERATIONAL_STATUS: &[(&str, &str)] = &[
    ("1", "Operational"),
    ("2", "Non-Operational"),
    ("3", "Repair in Progress"),
    ("4", "DR Standby"),
    ("5", "Ready"),
    ("6", "Retired"),
];
