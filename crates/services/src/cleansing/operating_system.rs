//! Names of operating systems.

use super::{Folded, vocabulary};

/// What an operating system's name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// The name without the architecture; the version stays in it, because people look for "Windows Server 2019".
    pub name: &'a str,
    /// The version: `2019`, `2012 R2`, `20.04`.
    pub version: Option<&'a str>,
    /// The architecture: `x64`, `x86`, …
    pub architecture: Option<&'static str>,
}

/// Kinds of operating systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OsFamily {
    /// Microsoft Windows.
    Windows,
    /// Any Linux.
    Linux,
    /// AIX, Solaris, HP-UX, BSD.
    Unix,
    /// macOS.
    Mac,
    /// ESX and other hypervisors.
    Hypervisor,
    /// z/OS, IBM i, `OpenVMS`.
    Mainframe,
}

/// The family that the words of a name belong to; `None` if they name no operating system.
pub fn family(text: &str) -> Option<OsFamily> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() >= 2)
        .find_map(|word| {
            let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
            let mut lower = [0_u8; 12];
            let slot = lower.get_mut(..letters.len())?;
            slot.copy_from_slice(letters.as_bytes());
            slot.make_ascii_lowercase();
            family_of(std::str::from_utf8(slot).ok()?)
        })
}

fn family_of(word: &str) -> Option<OsFamily> {
    Some(match word {
        "windows" | "win" | "w2k" => OsFamily::Windows,
        "linux" | "ubuntu" | "centos" | "rhel" | "redhat" | "debian" | "suse" | "sles" | "fedora"
        | "rocky" | "almalinux" | "alma" | "opensuse" | "photon" | "coreos" | "rhcos" | "gentoo" | "oel" => {
            OsFamily::Linux
        }
        "aix" | "solaris" | "sunos" | "hpux" | "unix" | "freebsd" | "openbsd" | "netbsd" | "tru" | "irix" => {
            OsFamily::Unix
        }
        "macos" | "osx" | "darwin" => OsFamily::Mac,
        "esxi" | "esx" | "xenserver" | "proxmox" | "ahv" => OsFamily::Hypervisor,
        "zos" | "openvms" | "vms" | "os400" => OsFamily::Mainframe,
        _ => return None,
    })
}

/// Divides "Red Hat Enterprise Linux 8 (64-bit)" into name, version and architecture.
pub fn split(text: &str) -> Parts<'_> {
    let (name, architecture) = without_architecture(text.trim());
    Parts {
        name,
        version: version(name),
        architecture,
    }
}

fn without_architecture(text: &str) -> (&str, Option<&'static str>) {
    let trimmed = |name: &str| name.trim_end_matches([' ', ',', '-', '_', ';']).len();
    let candidates = [
        text.strip_suffix(')').and_then(|inner| inner.rsplit_once('(')),
        text.rsplit_once(' '),
    ];
    for (name, tail) in candidates.into_iter().flatten() {
        // "… 64 bit" ends in two words; "Windows 32" ends in none.
        let (name, found) = if tail.eq_ignore_ascii_case("bit") {
            match name.rsplit_once(' ') {
                Some((name, bits)) => (name, vocabulary::architecture(bits)),
                None => (name, None),
            }
        } else if tail.bytes().all(|b| b.is_ascii_digit()) {
            (name, None)
        } else {
            (name, vocabulary::architecture(tail))
        };
        let length = trimmed(name);
        if found.is_some() && length > 0 {
            return (&name[..length], found);
        }
    }
    (text, None)
}

/// The first number that follows a word of an operating system's name directly, with "R2" or "SP1" behind it.
fn version(name: &str) -> Option<&str> {
    let mut previous = None::<&str>;
    for word in words(name) {
        let starts_with_digit = word.starts_with(|c: char| c.is_ascii_digit());
        if starts_with_digit && previous.is_some_and(is_name_word) {
            let start = word.as_ptr() as usize - name.as_ptr() as usize;
            let tail = name.get(start..)?;
            return Some(with_release(tail, word.trim_end_matches([',', ';', ')'])));
        }
        if let Some(glued) = glued_version(word) {
            return Some(glued);
        }
        previous = Some(word);
    }
    None
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '\u{a0}']).filter(|word| !word.is_empty())
}

/// Extends a version by the release that belongs to it: "2012" of "2012 R2 Standard" becomes "2012 R2".
fn with_release<'a>(tail: &'a str, version: &'a str) -> &'a str {
    let rest = &tail[version.len()..];
    let Some(next) = rest.strip_prefix(' ').and_then(|rest| words(rest).next()) else {
        return version;
    };
    let is_release = ["R2", "SP1", "SP2", "SP3", "SP4", "SP5", "SP6", "SP7"]
        .iter()
        .any(|release| next.eq_ignore_ascii_case(release));
    if is_release {
        &tail[..version.len() + 1 + next.len()]
    } else {
        version
    }
}

/// "8" of "RHEL8".
fn glued_version(word: &str) -> Option<&str> {
    let digit = word.find(|c: char| c.is_ascii_digit())?;
    let (letters, version) = word.split_at(digit);
    let known = [
        "rhel", "sles", "centos", "ubuntu", "debian", "ol", "oel", "win", "windows", "aix", "w2k",
    ];
    let fits = known.iter().any(|name| letters.eq_ignore_ascii_case(name))
        && version.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    fits.then_some(version)
}

fn is_name_word(word: &str) -> bool {
    let Some(folded) = Folded::of(word) else {
        return false;
    };
    let word = folded.as_str();
    family_of(word).is_some()
        || matches!(
            word,
            "server"
                | "enterprise"
                | "release"
                | "version"
                | "hat"
                | "leap"
                | "tumbleweed"
                | "stream"
                | "gnu linux"
                | "os"
                | "x"
                | "professional"
                | "pro"
                | "desktop"
                | "workstation"
                | "ux"
                | "hp ux"
                | "nt"
                | "solaris"
                | "lts"
                | "es"
                | "as"
                | "ws"
                | "advanced"
                | "other"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_divided_where_a_version_follows_a_word_of_the_name() {
        for (text, name, version, architecture) in [
            (
                "Red Hat Enterprise Linux 8 (64-bit)",
                "Red Hat Enterprise Linux 8",
                Some("8"),
                Some("x64"),
            ),
            (
                "Microsoft Windows Server 2019 (64-bit)",
                "Microsoft Windows Server 2019",
                Some("2019"),
                Some("x64"),
            ),
            (
                "Windows Server 2012 R2 Standard",
                "Windows Server 2012 R2 Standard",
                Some("2012 R2"),
                None,
            ),
            (
                "SUSE Linux Enterprise Server 12 SP5",
                "SUSE Linux Enterprise Server 12 SP5",
                Some("12 SP5"),
                None,
            ),
            ("Ubuntu 20.04 LTS", "Ubuntu 20.04 LTS", Some("20.04"), None),
            (
                "Debian GNU/Linux 10 (64-bit)",
                "Debian GNU/Linux 10",
                Some("10"),
                Some("x64"),
            ),
            (
                "CentOS 4/5 or later (32-bit)",
                "CentOS 4/5 or later",
                Some("4/5"),
                Some("x86"),
            ),
            ("Windows 7 x64", "Windows 7", Some("7"), Some("x64")),
            ("Windows 10 Pro 64 bit", "Windows 10 Pro", Some("10"), Some("x64")),
            ("RHEL8", "RHEL8", Some("8"), None),
            ("Ubuntu Linux (64-bit)", "Ubuntu Linux", None, Some("x64")),
            ("Ubuntu", "Ubuntu", None, None),
            ("PostgreSQL 14 on Ubuntu", "PostgreSQL 14 on Ubuntu", None, None),
            ("Java 11 Spring Boot", "Java 11 Spring Boot", None, None),
            ("x64", "x64", None, None),
        ] {
            let expected = Parts {
                name,
                version,
                architecture,
            };
            assert_eq!(split(text), expected, "{text}");
        }
    }

    #[test]
    fn families_are_found_by_whole_words() {
        for (text, expected) in [
            ("Microsoft Windows Server 2019", Some(OsFamily::Windows)),
            ("win2016", Some(OsFamily::Windows)),
            ("oracle linux", Some(OsFamily::Linux)),
            ("IBM AIX 7.2", Some(OsFamily::Unix)),
            ("VMware ESXi 6.5 or later", Some(OsFamily::Hypervisor)),
            ("F5 BigIP", None),
            ("Winery", None),
            ("cost centre", None),
        ] {
            assert_eq!(family(text), expected, "{text}");
        }
    }
}
