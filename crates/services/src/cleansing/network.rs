//! IP and MAC addresses.

use std::net::{IpAddr, Ipv6Addr};

use landfall_domain::fields::FieldValue;

use super::{Fault, Reading, is_absent};

const SEPARATORS: [char; 7] = [',', ';', '|', ' ', '\n', '\t', '\r'];

/// The address of a machine out of a list of addresses: the first one that can be reached from elsewhere. A prefix length
/// and a zone are left out; addresses that are link-local, loopback or unspecified are no use. Where the list says more than
/// the address taken, the reading is partial.
///
/// # Errors
/// No address in the text, or only networks.
pub(super) fn ip_address(text: &str) -> Result<Reading, Fault> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(if is_usable(address) {
            Reading::text(address.to_string())
        } else {
            Reading::Unused
        });
    }
    let mut chosen = None;
    let mut unusable = false;
    let mut fault = None;
    let mut items = 0;
    for item in text.split(SEPARATORS) {
        let item = item.trim_matches(['[', ']', '"', '\'', '(', ')', '{', '}']);
        if item.is_empty() || is_absent(item) {
            continue;
        }
        items += 1;
        match host_address(item) {
            Ok(address) if is_usable(address) => {
                chosen.get_or_insert(address);
            }
            Ok(_) => unusable = true,
            Err(why) => {
                fault.get_or_insert(why);
            }
        }
    }
    match (chosen, fault) {
        (Some(address), _) if items == 1 => Ok(Reading::text(address.to_string())),
        (Some(address), _) => Ok(Reading::Partial(FieldValue::Text(address.to_string()))),
        (None, Some(fault)) => Err(fault),
        (None, None) if unusable => Ok(Reading::Unused),
        (None, None) => Ok(Reading::Absent),
    }
}

fn host_address(item: &str) -> Result<IpAddr, Fault> {
    let (address, prefix) = match item.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (item, None),
    };
    let address = address.split_once('%').map_or(address, |(address, _)| address);
    let Ok(parsed) = address.parse::<IpAddr>() else {
        let shown: String = item.chars().take(45).collect();
        return Err(Fault::new(
            "ip_address",
            format!("'{shown}' is no IP address; expected one such as 10.0.0.7 or fd00::7"),
        ));
    };
    if let Some(prefix) = prefix {
        let Ok(bits) = prefix.parse::<u8>() else {
            return Err(Fault::new(
                "ip_address",
                format!("'{item}' has no valid prefix length"),
            ));
        };
        if is_network(parsed, bits) {
            return Err(Fault::new(
                "ip_address",
                format!("'{item}' is a network, not the address of a machine"),
            ));
        }
    }
    Ok(parsed)
}

/// Whether all host bits are zero, in a network that has room for more than two addresses.
fn is_network(address: IpAddr, bits: u8) -> bool {
    match address {
        IpAddr::V4(v4) => bits < 31 && u32::from(v4).checked_shl(u32::from(bits)).unwrap_or(0) == 0,
        IpAddr::V6(v6) => bits < 127 && u128::from(v6).checked_shl(u32::from(bits)).unwrap_or(0) == 0,
    }
}

fn is_usable(address: IpAddr) -> bool {
    let link_local = match address {
        IpAddr::V4(v4) => v4.is_link_local() || v4.is_broadcast(),
        IpAddr::V6(v6) => is_link_local_v6(v6),
    };
    !(link_local || address.is_loopback() || address.is_unspecified() || address.is_multicast())
}

fn is_link_local_v6(address: Ipv6Addr) -> bool {
    address
        .segments()
        .first()
        .is_some_and(|first| first & 0xffc0 == 0xfe80)
}

/// The first MAC address of a list, lowercase with colons. All zeros or all ones are no address.
///
/// # Errors
/// No MAC address in the text.
pub(super) fn mac_address(text: &str) -> Result<Reading, Fault> {
    if let Some(mac) = mac(text) {
        return Ok(mac.map_or(Reading::Unused, Reading::text));
    }
    let mut unusable = false;
    let mut chosen = None;
    let mut items = 0;
    for item in text
        .split([',', ';', '|', ' ', '\n', '\t', '\r'])
        .filter(|item| !is_absent(item))
    {
        items += 1;
        match mac(item) {
            Some(Some(found)) => {
                chosen.get_or_insert(found);
            }
            Some(None) => unusable = true,
            None => {}
        }
    }
    match chosen {
        Some(mac) if items == 1 => Ok(Reading::text(mac)),
        Some(mac) => Ok(Reading::Partial(FieldValue::Text(mac))),
        None if unusable => Ok(Reading::Unused),
        None => {
            let shown: String = text.chars().take(40).collect();
            Err(Fault::new(
                "mac_address",
                format!("'{shown}' is no MAC address; expected one such as 00:50:56:01:02:03"),
            ))
        }
    }
}

/// Twelve hexadecimal digits with `:`, `-` or `.` between groups, or nothing. `Some(None)` is a placeholder.
#[expect(clippy::option_option, reason = "no address and a placeholder differ")]
fn mac(text: &str) -> Option<Option<String>> {
    if !matches!(text.len(), 12 | 14 | 17) {
        return None;
    }
    let mut digits = [0_u8; 12];
    let mut count = 0;
    let mut since_mark = 0;
    for byte in text.bytes() {
        if byte.is_ascii_hexdigit() {
            *digits.get_mut(count)? = byte.to_ascii_lowercase();
            count += 1;
            since_mark += 1;
        } else if matches!(byte, b':' | b'-' | b'.') && matches!(since_mark, 2 | 4) {
            since_mark = 0;
        } else {
            return None;
        }
    }
    if count != 12 {
        return None;
    }
    if digits.iter().all(|digit| *digit == b'0') || digits.iter().all(|digit| *digit == b'f') {
        return Some(None);
    }
    let mut mac = String::with_capacity(17);
    for pair in digits.chunks(2) {
        if !mac.is_empty() {
            mac.push(':');
        }
        mac.extend(pair.iter().map(|digit| char::from(*digit)));
    }
    Some(Some(mac))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(reading: Result<Reading, Fault>) -> String {
        match reading.unwrap() {
            Reading::Value(FieldValue::Text(text)) => text,
            Reading::Partial(FieldValue::Text(text)) => format!("{text} and more"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn the_first_usable_address_is_taken() {
        for (list, taken) in [
            ("10.0.0.7", "10.0.0.7"),
            ("169.254.3.4, 10.0.0.7", "10.0.0.7 and more"),
            ("fe80::1;FD00:0::4", "fd00::4 and more"),
            ("10.0.0.7/24", "10.0.0.7"),
            ("N/A; 10.0.0.9", "10.0.0.9"),
            ("bad 10.0.0.9", "10.0.0.9 and more"),
            ("[10.1.1.1]", "10.1.1.1"),
            ("169.254.3.4", "Unused"),
            ("127.0.0.1", "Unused"),
        ] {
            assert_eq!(text(ip_address(list)), taken, "{list}");
        }
    }

    #[test]
    fn what_is_no_address_of_a_machine_is_refused() {
        for list in [
            "invalid_ip",
            "10.0.0.256",
            "10.10.1.0/24",
            "10.0.0",
            "010.1.1.1",
            "prose about an address",
        ] {
            assert_eq!(ip_address(list).unwrap_err().rule, "ip_address", "{list}");
        }
    }

    #[test]
    fn every_way_of_writing_a_mac_address_becomes_one() {
        for written in [
            "00:50:56:01:0A:03",
            "00-50-56-01-0a-03",
            "0050.5601.0A03",
            "005056010A03",
        ] {
            assert_eq!(text(mac_address(written)), "00:50:56:01:0a:03", "{written}");
        }
        assert_eq!(
            text(mac_address("00:50:56:01:02:03, 00:50:56:01:02:04")),
            "00:50:56:01:02:03 and more"
        );
        assert_eq!(mac_address("00:00:00:00:00:00").unwrap(), Reading::Unused);
        assert!(mac_address("00:50:56:01:02").is_err());
        assert!(mac_address("0:05056:01:02:03x").is_err());
    }
}
