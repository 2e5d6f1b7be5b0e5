//! Which asset it is that discovery found: compared by keys, the surest first.
//!
//! The first two are the predecessor's own. It compared the type before anything else, though what discovery calls a thing says
//! little: the same machine is an "Application" in one row and a server in another. So a thing is also known by a full name, and
//! by its name with an address, whatever its type; but only within its engagement, only if exactly one asset fits, and never if
//! their host names say that they are two. A name alone is no key: an application and its server often share one.

/// A key by which an asset is known.
struct Key {
    /// The rule, as it stands beside each row.
    rule: &'static str,
    /// What a thing `d` and an asset `k` of its client account agree in.
    agree: &'static str,
    /// Whether exactly one asset must fit; else it is the first of them, as the predecessor took it.
    alone: bool,
}

const KEYS: [Key; 4] = [
    Key {
        rule: "same_name_and_type",
        agree: "k.engagement = d.engagement AND k.name = d.name AND k.kind = d.kind",
        alone: false,
    },
    Key {
        rule: "same_hostname_and_address",
        agree: "k.hostname = d.hostname AND k.ip_address = d.ip_address",
        alone: false,
    },
    Key {
        rule: "same_full_name",
        agree: "k.engagement = d.engagement AND k.full_name = d.full_name AND COALESCE(k.label = d.label, true)",
        alone: true,
    },
    Key {
        rule: "same_name_and_address",
        agree: "k.engagement = d.engagement AND k.name = d.name AND COALESCE(k.label = d.label, true) \
                AND COALESCE(k.full_name = d.full_name, true) AND (k.label = d.label OR k.ip_address = d.ip_address)",
        alone: true,
    },
];

/// The full name, from a name with a domain, and the first part of a host name.
const NAMES: &str = "lower(CASE WHEN fqdn LIKE '%_.%' THEN fqdn WHEN hostname LIKE '%_.%' THEN hostname END) AS full_name, \
    lower(split_part(COALESCE(NULLIF(hostname, ''), fqdn), '.', 1)) AS label";

/// The assets that can be meant, and `recognized`: which thing is which asset, and by which rule.
pub(super) fn statements() -> Vec<String> {
    let found: Vec<_> = (1..)
        .zip(&KEYS)
        .map(|(place, Key { rule, agree, alone })| {
            let alone = if *alone {
                "count(*) OVER (PARTITION BY d.key) = 1"
            } else {
                "true"
            };
            format!(
                "SELECT d.key, k.id AS known, k.engagement, '{rule}' AS rule, {place} AS place, {alone} AS alone, \
                 k.engagement <> d.engagement AS elsewhere \
                 FROM (SELECT *, {NAMES} FROM {{w}}.discovered) d JOIN {{w}}.known_assets k ON k.client = d.client AND {agree}"
            )
        })
        .collect();
    vec![
        format!(
            "CREATE TABLE {{w}}.known_assets AS SELECT *, {NAMES} FROM (SELECT a.id, p.client, p.engagement, a.name, \
             lower(a.asset_type::text) AS kind, a.hostname, a.ip_address, a.fqdn \
             FROM {{s}}.assets a JOIN {{w}}.placed_assets p ON p.key = a.id) a WHERE EXISTS (SELECT FROM {{w}}.discovered) \
             AND (name IN (SELECT name FROM {{w}}.discovered) OR hostname IN (SELECT hostname FROM {{w}}.discovered) \
             OR lower(hostname) IN (SELECT lower(COALESCE(fqdn, hostname)) FROM {{w}}.discovered) \
             OR lower(fqdn) IN (SELECT lower(COALESCE(fqdn, hostname)) FROM {{w}}.discovered)); ANALYZE {{w}}.known_assets"
        ),
        format!(
            "CREATE TABLE {{w}}.recognized AS SELECT DISTINCT ON (key) key, known, engagement, rule FROM ({}) found WHERE alone \
             ORDER BY key, place, elsewhere, known",
            found.join(" UNION ALL ")
        ),
        super::indexed("recognized"),
    ]
}
