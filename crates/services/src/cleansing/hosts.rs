//! Host names and domain names (RFC 1123, with the underscore that Windows allows). Names are case-insensitive, so they are
//! kept in lowercase.

use super::{Fault, Reading};

/// A host name. A dotted one is returned whole: the caller divides it between hostname and FQDN.
///
/// # Errors
/// An IP address, or characters, labels or lengths that no host name has.
pub(super) fn hostname(text: &str) -> Result<Reading, Fault> {
    let name = text.strip_suffix('.').unwrap_or(text);
    check(name)?;
    Ok(if is_nobody(name) {
        Reading::Unused
    } else {
        Reading::text(name.to_ascii_lowercase())
    })
}

/// A domain name. One label alone is a host name and is returned as it is: the caller puts it there.
///
/// # Errors
/// As [`hostname`].
pub(super) fn fqdn(text: &str) -> Result<Reading, Fault> {
    hostname(text)
}

/// Names that machines have before anybody gives them one; they would make strangers look like one machine.
fn is_nobody(name: &str) -> bool {
    let first = name.split('.').next().unwrap_or_default();
    first.eq_ignore_ascii_case("localhost")
}

fn check(name: &str) -> Result<(), Fault> {
    if name.len() > 253 {
        return Err(Fault::new(
            "hostname",
            "is longer than the 253 characters a host name may have",
        ));
    }
    let mut labels = 0;
    let mut numeric = true;
    for label in name.split('.') {
        labels += 1;
        if label.is_empty() || label.len() > 63 || label.starts_with('-') || label.ends_with('-') {
            return Err(bad(name));
        }
        if !label
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        {
            return Err(bad(name));
        }
        numeric = label.bytes().all(|b| b.is_ascii_digit());
    }
    // The last label of a domain is never a number: RFC 3696. This also keeps addresses out.
    if labels > 1 && numeric {
        return Err(Fault::new(
            "hostname",
            format!("'{name}' is an address, not a host name"),
        ));
    }
    Ok(())
}

fn bad(name: &str) -> Fault {
    let shown: String = name.chars().take(60).collect();
    Fault::new(
        "hostname",
        format!("'{shown}' is no host name: letters, digits and hyphens, divided by single points"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_names_are_checked_and_lowercased() {
        assert_eq!(hostname("APDC03").unwrap(), Reading::text("apdc03"));
        assert_eq!(
            fqdn("Web01.Corp.Example.").unwrap(),
            Reading::text("web01.corp.example")
        );
        assert_eq!(hostname("59").unwrap(), Reading::text("59"));
        assert_eq!(hostname("localhost.localdomain").unwrap(), Reading::Unused);
        for bad in ["10.0.0.1", "web server", "-x", "a..b", "straße", &"x".repeat(64)] {
            assert!(hostname(bad).is_err(), "{bad}");
        }
    }
}
