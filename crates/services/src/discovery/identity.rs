//! Telling assets apart: by which keys a record is recognised, and when a key is not to be trusted.
//!
//! Keys in order of strength: id in the source, serial number, system UUID, FQDN, host name with IP address; where a source
//! gives none of these, the name within the host or cluster that the source names. A weaker key never joins what a stronger
//! key or the host name tells apart.

use crate::cleansing::Cleansed;
use landfall_domain::AssetId;
use landfall_domain::fields::FieldValue;
use std::collections::HashMap;

/// Kinds of identity, strongest first.
pub(crate) const KINDS: [&str; 6] = [
    "source_id",
    "serial_number",
    "system_uuid",
    "fqdn",
    "hostname_ip",
    "name_in_source",
];

/// Values that makers put where a number should be.
const NO_SERIAL: [&str; 9] = [
    "to be filled by o.e.m.",
    "system serial number",
    "default string",
    "not specified",
    "chassis serial number",
    "123456789",
    "0123456789",
    "none",
    "0",
];

/// One key of a record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    /// Its kind: one of [`KINDS`].
    pub kind: &'static str,
    /// Normalised value.
    pub value: String,
}

impl Key {
    fn strength(&self) -> usize {
        strength(self.kind)
    }
}

fn strength(kind: &str) -> usize {
    KINDS
        .iter()
        .position(|known| *known == kind)
        .unwrap_or(KINDS.len())
}

/// What is known about an asset that a record could be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Candidate {
    /// Its keys by kind; a kind may have several.
    pub keys: HashMap<String, Vec<String>>,
    /// Its host name, or its name where it has none; lowercase.
    pub label: Option<String>,
    /// Keys that the running import stated itself, as `kind` and `value`.
    pub stated_by_this_import: Vec<(String, String)>,
}

/// The keys of a cleansed record, strongest first. `source` names the system or sheet that ids are unique in.
pub(crate) fn keys_of(record: &Cleansed, source: &str) -> Vec<Key> {
    let text = |name: &str| {
        record
            .get(name)
            .and_then(FieldValue::as_text)
            .map(normalise)
            .filter(|t| !t.is_empty())
    };
    let serial = text("serial_number").filter(|serial| !NO_SERIAL.contains(&serial.as_str()));
    let uuid = text("system_uuid").filter(|uuid| uuid.chars().any(|c| !matches!(c, '0' | '-' | 'f')));
    let host_and_ip = text("hostname")
        .zip(text("ip_address"))
        .map(|(host, ip)| format!("{host}|{ip}"));
    let stated = [
        ("source_id", text("source_id").map(|id| format!("{source}|{id}"))),
        ("serial_number", serial),
        ("system_uuid", uuid),
        ("fqdn", text("fqdn")),
        ("hostname_ip", host_and_ip),
    ];
    let mut keys: Vec<Key> = stated
        .into_iter()
        .filter_map(|(kind, value)| Some(Key { kind, value: value? }))
        .collect();
    if keys.is_empty()
        && let Some(name) = ["hostname", "name", "asset_name"].into_iter().find_map(text)
    {
        let within = ["hypervisor_host", "cluster_name"]
            .into_iter()
            .find_map(text)
            .unwrap_or_default();
        keys.push(Key {
            kind: "name_in_source",
            value: format!("{source}|{within}|{name}"),
        });
    }
    keys
}

/// The host name of a record, or its name where it states none; lowercase.
pub(crate) fn label_of(record: &Cleansed) -> Option<String> {
    ["hostname", "name", "asset_name"]
        .into_iter()
        .find_map(|name| record.get(name)?.as_text().map(normalise))
}

fn normalise(text: &str) -> String {
    text.trim().to_lowercase()
}

/// What recognising a record came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    /// Nothing known is this.
    New,
    /// It is this asset.
    Known(AssetId),
}

/// A key that two different assets claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IdentityConflict {
    /// Kind of the key.
    pub kind: &'static str,
    /// The value that both state.
    pub value: String,
    /// The asset that states it already.
    pub other: AssetId,
    /// Why it is not the same asset.
    pub reason: String,
}

/// Which asset a record with these keys is. `candidates` has every asset that shares a key; conflicts say which shared keys
/// were not trusted, and why.
pub(crate) fn recognise(
    keys: &[Key],
    label: Option<&str>,
    found: &HashMap<Key, Vec<AssetId>>,
    candidates: &HashMap<AssetId, Candidate>,
) -> (Match, Vec<IdentityConflict>) {
    let mut conflicts = Vec::new();
    for key in keys {
        for id in found.get(key).into_iter().flatten() {
            let Some(candidate) = candidates.get(id) else {
                continue;
            };
            match contradiction(key, keys, label, candidate) {
                None => return (Match::Known(*id), conflicts),
                Some(reason) => conflicts.push(IdentityConflict {
                    kind: key.kind,
                    value: key.value.clone(),
                    other: *id,
                    reason,
                }),
            }
        }
    }
    (Match::New, conflicts)
}

/// Why a shared key does not make the record the candidate.
fn contradiction(key: &Key, keys: &[Key], label: Option<&str>, candidate: &Candidate) -> Option<String> {
    let stronger = keys
        .iter()
        .filter(|other| other.strength() < key.strength())
        .find_map(|other| {
            let known = candidate.keys.get(other.kind)?;
            // Ids of different sources say nothing about each other.
            let comparable: Vec<_> = known
                .iter()
                .filter(|value| same_namespace(other.kind, value, &other.value))
                .collect();
            (!comparable.is_empty() && !comparable.contains(&&other.value)).then(|| {
                format!(
                    "its {} is {}, not {}",
                    other.kind.replace('_', " "),
                    shown(comparable[0]),
                    shown(&other.value)
                )
            })
        });
    if stronger.is_some() || key.kind == "source_id" {
        return stronger;
    }
    let (Some(mine), Some(theirs)) = (label, candidate.label.as_deref()) else {
        return None;
    };
    if mine == theirs {
        return None;
    }
    // A machine may be renamed between two imports and keep its serial number; two rows of one import are two machines.
    let stated_here = candidate
        .stated_by_this_import
        .iter()
        .any(|(kind, value)| kind == key.kind && *value == key.value);
    let is_hardware = matches!(key.kind, "serial_number" | "system_uuid");
    (!is_hardware || stated_here).then(|| format!("it is called {theirs}, not {mine}"))
}

fn same_namespace(kind: &str, one: &str, other: &str) -> bool {
    let namespace = |value: &str| value.split_once('|').map(|(source, _)| source.to_owned());
    kind != "source_id" || namespace(one) == namespace(other)
}

fn shown(value: &str) -> &str {
    value.split_once('|').map_or(value, |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfall_domain::fields::field;

    fn record(fields: &[(&str, &str)]) -> Cleansed {
        let fields = fields
            .iter()
            .map(|(name, value)| (field(name).unwrap(), FieldValue::Text((*value).to_owned())))
            .collect();
        Cleansed {
            fields,
            ..Cleansed::default()
        }
    }

    fn known(
        records: &[(AssetId, Cleansed, bool)],
    ) -> (HashMap<Key, Vec<AssetId>>, HashMap<AssetId, Candidate>) {
        let (mut found, mut candidates) = (HashMap::<Key, Vec<AssetId>>::new(), HashMap::new());
        for (id, record, this_import) in records {
            let mut candidate = Candidate {
                label: label_of(record),
                ..Candidate::default()
            };
            for key in keys_of(record, "cmdb") {
                candidate
                    .keys
                    .entry(key.kind.to_owned())
                    .or_default()
                    .push(key.value.clone());
                if *this_import {
                    candidate
                        .stated_by_this_import
                        .push((key.kind.to_owned(), key.value.clone()));
                }
                found.entry(key).or_default().push(*id);
            }
            candidates.insert(*id, candidate);
        }
        (found, candidates)
    }

    fn recognised(new: &Cleansed, old: &[(AssetId, Cleansed, bool)]) -> (Match, Vec<IdentityConflict>) {
        let (found, candidates) = known(old);
        recognise(
            &keys_of(new, "cmdb"),
            label_of(new).as_deref(),
            &found,
            &candidates,
        )
    }

    #[test]
    fn two_servers_that_share_a_mistyped_fqdn_stay_two_and_the_conflict_is_told() {
        let id = AssetId::new();
        let six = record(&[("hostname", "Server6"), ("fqdn", "server6.example.local")]);
        let eight = record(&[("hostname", "Server8"), ("fqdn", "server6.example.local")]);
        let (matched, conflicts) = recognised(&eight, &[(id, six, true)]);
        assert_eq!(matched, Match::New);
        assert_eq!(conflicts.len(), 1);
        assert_eq!((conflicts[0].kind, conflicts[0].other), ("fqdn", id));
        assert!(conflicts[0].reason.contains("server6") && conflicts[0].reason.contains("server8"));
    }

    #[test]
    fn a_renamed_machine_keeps_its_serial_number_but_two_rows_of_one_file_are_two_machines() {
        let id = AssetId::new();
        let old = record(&[("hostname", "old"), ("serial_number", "SN1")]);
        let new = record(&[("hostname", "new"), ("serial_number", "sn1")]);
        assert_eq!(recognised(&new, &[(id, old.clone(), false)]).0, Match::Known(id));
        assert_eq!(recognised(&new, &[(id, old, true)]).0, Match::New);
    }

    #[test]
    fn a_cloned_vm_with_the_same_uuid_but_another_source_id_is_another_asset() {
        let id = AssetId::new();
        let original = record(&[
            ("name", "vm"),
            ("source_id", "vm-1"),
            ("system_uuid", "422e-6d92"),
        ]);
        let clone = record(&[
            ("name", "vm"),
            ("source_id", "vm-2"),
            ("system_uuid", "422e-6d92"),
        ]);
        let (matched, conflicts) = recognised(&clone, &[(id, original, false)]);
        assert_eq!(matched, Match::New);
        assert!(
            conflicts[0].reason.contains("source id is vm-1, not vm-2"),
            "{}",
            conflicts[0].reason
        );
    }

    #[test]
    fn a_name_counts_only_where_nothing_else_is_stated() {
        assert_eq!(
            keys_of(&record(&[("name", "a"), ("fqdn", "a.b.c")]), "cmdb")[0].kind,
            "fqdn"
        );
        let key = &keys_of(&record(&[("name", "A"), ("cluster_name", "C1")]), "cmdb")[0];
        assert_eq!((key.kind, key.value.as_str()), ("name_in_source", "cmdb|c1|a"));
        assert!(keys_of(&record(&[("operating_system", "AIX")]), "cmdb").is_empty());
        assert!(keys_of(&record(&[("serial_number", "To Be Filled By O.E.M.")]), "cmdb").is_empty());
    }
}
