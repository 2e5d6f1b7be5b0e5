//! What one field of a row says about another. A field that a column states is never touched; one that nothing states stays
//! empty unless its value stands in a neighbour.

use landfall_domain::fields::{FieldValue, field};
use serde_json::Value;

use super::{Cleansed, operating_system};

/// Divides dotted host names, and takes version and architecture out of the operating system's name.
pub(super) fn complete(cleansed: &mut Cleansed) {
    host_and_domain(cleansed);
    operating_system_parts(cleansed);
}

fn position(cleansed: &Cleansed, name: &str) -> Option<usize> {
    cleansed.fields.iter().position(|(field, _)| field.name == name)
}

fn text_at(cleansed: &Cleansed, place: Option<usize>) -> Option<&str> {
    cleansed.fields.get(place?)?.1.as_text()
}

fn set(cleansed: &mut Cleansed, place: Option<usize>, name: &str, text: String) {
    cleansed.changes += 1;
    let value = FieldValue::Text(text);
    if let Some(slot) = place.and_then(|place| cleansed.fields.get_mut(place)) {
        slot.1 = value;
    } else if let Some(field) = field(name) {
        cleansed.fields.push((field, value));
    }
}

/// "web01.corp.example" as a hostname is a hostname and an FQDN; "web01" as an FQDN is only a hostname. A second spelling
/// that contradicts the first stays among the custom attributes.
fn host_and_domain(cleansed: &mut Cleansed) {
    let host = position(cleansed, "hostname");
    let domain = position(cleansed, "fqdn");
    let stated_host = text_at(cleansed, host).map(str::to_owned);
    let stated_domain = text_at(cleansed, domain).map(str::to_owned);
    match (stated_host, stated_domain) {
        (Some(whole), stated) if whole.contains('.') => {
            set(cleansed, host, "hostname", first_label(&whole).to_owned());
            match stated {
                Some(stated) if stated == whole => {}
                Some(stated) if stated.contains('.') => aside(cleansed, "hostname", whole),
                _ => set(cleansed, domain, "fqdn", whole),
            }
        }
        (None, Some(stated)) if stated.contains('.') => {
            set(cleansed, None, "hostname", first_label(&stated).to_owned());
        }
        (host, Some(stated)) if !stated.contains('.') => {
            if let Some(place) = domain {
                cleansed.fields.remove(place);
            }
            match host {
                None => set(cleansed, None, "hostname", stated),
                Some(host) if host == stated => {}
                Some(_) => aside(cleansed, "fqdn", stated),
            }
        }
        _ => {}
    }
}

fn first_label(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

fn aside(cleansed: &mut Cleansed, name: &str, text: String) {
    cleansed
        .custom_attributes
        .insert(name.to_owned(), Value::String(text));
}

fn operating_system_parts(cleansed: &mut Cleansed) {
    let place = position(cleansed, "operating_system");
    let Some(text) = text_at(cleansed, place) else {
        return;
    };
    let parts = operating_system::split(text);
    let version = parts.version.map(str::to_owned);
    let architecture = parts.architecture;
    let stated = text_at(cleansed, position(cleansed, "os_architecture"));
    // An architecture that contradicts its own column stays where it stands.
    let movable = stated.is_none() || stated == architecture;
    let name = (movable && parts.name.len() < text.len()).then(|| parts.name.to_owned());
    if let Some(name) = name {
        set(cleansed, place, "operating_system", name);
    }
    if let (Some(version), None) = (version, position(cleansed, "os_version")) {
        set(cleansed, None, "os_version", version);
    }
    if let (Some(architecture), None) = (architecture, position(cleansed, "os_architecture")) {
        set(cleansed, None, "os_architecture", architecture.to_owned());
    }
}

/// Every asset has a name: the stated one, else the asset name, else the hostname, else the FQDN. `spelled` are host names as
/// the source writes them, because people look for their own letters.
pub(super) fn name<'a>(cleansed: &mut Cleansed, spelled: impl Iterator<Item = std::borrow::Cow<'a, str>>) {
    let found = ["asset_name", "hostname", "fqdn"]
        .iter()
        .find_map(|other| text_at(cleansed, position(cleansed, other)).map(str::to_owned));
    let Some(found) = found else { return };
    let mut own = spelled.filter_map(|text| text.get(..found.len()).map(str::to_owned));
    let name = own
        .find(|text| text.eq_ignore_ascii_case(&found))
        .unwrap_or(found);
    set(cleansed, None, "name", name);
}
