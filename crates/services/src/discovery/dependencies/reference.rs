//! References to other assets, as one cell lists them.

use std::net::IpAddr;

use serde_json::Value;

use super::kind::DependencyType;
use crate::cleansing::is_absent;

/// One asset that a cell names, with what the cell says about the connection to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Name, host name or address.
    pub name: String,
    /// Port at its side.
    pub port: Option<u16>,
    /// Protocol: `tcp`, `udp`.
    pub protocol: Option<String>,
    /// What a connection string tells about the kind.
    pub kind: Option<DependencyType>,
}

/// Separators of lists, the strongest first: the first that occurs divides the cell.
const SEPARATORS: [char; 4] = [';', '\n', '|', ','];
/// Keys under which an object of a JSON list holds the name, the best first.
const NAME_KEYS: [&str; 10] = [
    "source_id",
    "fqdn",
    "hostname",
    "host",
    "name",
    "asset_name",
    "asset",
    "display_value",
    "ip_address",
    "id",
];

/// The assets that a cell names, each once, in order: lists with commas, semicolons, bars or line breaks, JSON lists of
/// texts or objects, `host:port`, `host:port/tcp`, URLs and connection strings. Words for nothing are left out.
pub fn references(cell: &str) -> Vec<Reference> {
    let cell = cell.trim();
    let mut found: Vec<Reference> = Vec::new();
    let mut add = |reference: Option<Reference>| {
        if let Some(reference) = reference
            && !found
                .iter()
                .any(|known| known.name.eq_ignore_ascii_case(&reference.name) && known.port == reference.port)
        {
            found.push(reference);
        }
    };
    if let Some(items) = json(cell) {
        for item in &items {
            add(of_json(item));
        }
        return found;
    }
    let listed = without_brackets(cell);
    match SEPARATORS.into_iter().find(|mark| listed.contains(*mark)) {
        Some(mark) => listed.split(mark).for_each(|item| add(of_text(item))),
        None => add(of_text(listed)),
    }
    found
}

/// The inside of a list in brackets; a single IPv6 address in brackets is none.
fn without_brackets(cell: &str) -> &str {
    let inside = cell.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inside
        .filter(|inside| inside.contains(SEPARATORS) || !inside.contains(':'))
        .unwrap_or(cell)
}

fn json(cell: &str) -> Option<Vec<Value>> {
    if !cell.starts_with(['[', '{']) {
        return None;
    }
    match serde_json::from_str(cell).ok()? {
        Value::Array(items) => Some(items),
        Value::Object(object) => Some(vec![Value::Object(object)]),
        _ => None,
    }
}

fn of_json(item: &Value) -> Option<Reference> {
    match item {
        Value::String(text) => of_text(text),
        Value::Number(number) => of_text(&number.to_string()),
        Value::Object(object) => {
            let said = |key: &&str| {
                object
                    .get(*key)
                    .and_then(Value::as_str)
                    .filter(|text| !is_absent(text))
            };
            let reference = of_text(NAME_KEYS.iter().find_map(said)?)?;
            let port = object.get("port").and_then(|port| match port {
                Value::Number(number) => number.as_u64().and_then(|number| u16::try_from(number).ok()),
                Value::String(text) => text.trim().parse().ok(),
                _ => None,
            });
            let protocol = object
                .get("protocol")
                .and_then(Value::as_str)
                .map(str::to_lowercase);
            Some(Reference {
                port: port.or(reference.port),
                protocol: protocol.or(reference.protocol),
                ..reference
            })
        }
        _ => None,
    }
}

fn of_text(item: &str) -> Option<Reference> {
    let text = item.trim().trim_matches(['"', '\'']).trim();
    if is_absent(text) || !text.contains(char::is_alphanumeric) {
        return None;
    }
    let plain = |name: &str| Reference {
        name: name.to_owned(),
        port: None,
        protocol: None,
        kind: None,
    };
    if text.parse::<IpAddr>().is_ok() {
        return Some(plain(text));
    }
    if let Some((scheme, rest)) = connection(text) {
        let kind = DependencyType::of_scheme(scheme);
        let authority = rest.split(['/', '?', ';', '\\']).next().unwrap_or_default();
        let host = without_sid(authority.rsplit('@').next().unwrap_or_default());
        let (name, port, protocol) = host_and_port(host).unwrap_or((host, None, None));
        return (!name.is_empty()).then(|| Reference {
            port,
            protocol,
            kind,
            ..plain(name)
        });
    }
    // What is left of a connection string that its own separators divided: `databaseName=orders`.
    if text.contains('=') {
        return None;
    }
    match host_and_port(text) {
        Some((name, port, protocol)) => Some(Reference {
            port,
            protocol,
            ..plain(name)
        }),
        None => Some(plain(text)),
    }
}

/// Scheme and the rest of a URL or a connection string.
fn connection(text: &str) -> Option<(&str, &str)> {
    if let Some(parts) = text.split_once("://") {
        return Some(parts);
    }
    let (driver, target) = text.split_once('@')?;
    driver
        .starts_with("jdbc:oracle")
        .then(|| (driver, target.trim_start_matches('/')))
}

/// Oracle writes `host:port:sid`.
fn without_sid(authority: &str) -> &str {
    match authority.match_indices(':').nth(1) {
        Some((end, _)) if !authority.starts_with('[') => authority.get(..end).unwrap_or(authority),
        _ => authority,
    }
}

/// `host:port`, `host:port/tcp`, `[v6]:port`. More colons are no port but a MAC address or a sentence.
fn host_and_port(text: &str) -> Option<(&str, Option<u16>, Option<String>)> {
    let (host, rest) = match text.strip_prefix('[') {
        Some(bracketed) => {
            let (host, rest) = bracketed.split_once(']')?;
            (host, rest.strip_prefix(':')?)
        }
        None => text.split_once(':')?,
    };
    let (port, after) = rest.split_once('/').unwrap_or((rest, ""));
    let port: u16 = port.trim().parse().ok()?;
    let protocol = after.trim().to_lowercase();
    let protocol = matches!(protocol.as_str(), "tcp" | "udp").then_some(protocol);
    let host = host.trim();
    (!host.is_empty()).then_some((host, (port != 0).then_some(port), protocol))
}
