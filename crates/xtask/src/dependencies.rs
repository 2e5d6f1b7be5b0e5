//! Licences and bans, by the rules of deny.toml. It is the part of `cargo deny` that needs no network and no installation.

use crate::Result;
use crate::workspace::{Metadata, Package, root};
use serde::Deserialize;
use spdx::{Expression, LicenseReq, Licensee, ParseMode};

/// The rules of deny.toml that are checked here; `cargo deny` knows the rest.
#[derive(Debug, Deserialize)]
struct Rules {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Debug, Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

/// A crate that must not be there, or not twice.
#[derive(Debug, Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    #[serde(default, rename = "deny-multiple-versions")]
    one_version: bool,
}

/// Fails with one sentence per fault.
pub(crate) fn check() -> Result {
    let rules = std::fs::read_to_string(root().join("deny.toml"))?;
    let faults = faults(&toml::from_str(&rules)?, &Metadata::of_all()?.packages)?;
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.join("\n").into())
    }
}

fn faults(rules: &Rules, packages: &[Package]) -> Result<Vec<String>> {
    let allowed = rules
        .licenses
        .allow
        .iter()
        .map(|name| Licensee::parse(name).map_err(|error| format!("deny.toml allows '{name}': {error}")))
        .collect::<std::result::Result<Vec<_>, _>>()?;
    let mut faults: Vec<_> = packages
        .iter()
        .filter_map(|package| licence_fault(package, &allowed))
        .collect();
    for ban in &rules.bans.deny {
        let versions: Vec<_> = packages
            .iter()
            .filter(|package| package.name == ban.name)
            .map(|package| package.version.as_str())
            .collect();
        if ban.one_version && versions.len() > 1 {
            faults.push(format!(
                "{} is there in {} versions: {}",
                ban.name,
                versions.len(),
                versions.join(", ")
            ));
        } else if !ban.one_version && !versions.is_empty() {
            faults.push(format!(
                "{} is banned; `cargo tree --invert {}` shows who brings it",
                ban.name, ban.name
            ));
        }
    }
    Ok(faults)
}

fn licence_fault(package: &Package, allowed: &[Licensee]) -> Option<String> {
    let Package { name, version, .. } = package;
    let Some(licence) = &package.license else {
        return Some(format!("{name} {version} names no licence"));
    };
    let permits = |required: &LicenseReq| allowed.iter().any(|licensee| licensee.satisfies(required));
    match Expression::parse_mode(licence, ParseMode::LAX) {
        Err(error) => Some(format!(
            "{name} {version} has the licence '{licence}', which cannot be read: {error}"
        )),
        Ok(expression) if expression.evaluate(permits) => None,
        Ok(_) => Some(format!(
            "{name} {version} has the licence '{licence}', which deny.toml does not allow"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, version: &str, license: Option<&str>) -> Package {
        Package {
            name: name.to_owned(),
            version: version.to_owned(),
            license: license.map(str::to_owned),
            dependencies: Vec::new(),
        }
    }

    fn rules() -> Rules {
        toml::from_str(
            r#"
            [licenses]
            allow = ["MIT", "Apache-2.0 WITH LLVM-exception"]
            [bans]
            deny = [{ crate = "openssl" }, { crate = "sqlx", deny-multiple-versions = true }]
            "#,
        )
        .unwrap()
    }

    fn faults_of(packages: &[Package]) -> Vec<String> {
        faults(&rules(), packages).unwrap()
    }

    #[test]
    fn one_allowed_licence_of_a_choice_is_enough_and_one_of_a_sum_is_not() {
        assert!(faults_of(&[package("a", "1.0.0", Some("GPL-3.0-only OR MIT"))]).is_empty());
        assert!(faults_of(&[package("a", "1.0.0", Some("GPL-3.0-only/MIT"))]).is_empty());
        assert_eq!(
            faults_of(&[package("a", "1.0.0", Some("GPL-3.0-only AND MIT"))]).len(),
            1
        );
    }

    #[test]
    fn an_exception_is_allowed_only_where_it_is_listed() {
        assert!(faults_of(&[package("a", "1.0.0", Some("Apache-2.0 WITH LLVM-exception"))]).is_empty());
        assert_eq!(faults_of(&[package("a", "1.0.0", Some("Apache-2.0"))]).len(), 1);
    }

    #[test]
    fn a_package_without_a_licence_is_a_fault() {
        assert_eq!(
            faults_of(&[package("a", "1.0.0", None)]),
            ["a 1.0.0 names no licence"]
        );
    }

    #[test]
    fn a_banned_crate_is_found_and_a_single_one_only_in_two_versions() {
        let mit = Some("MIT");
        assert_eq!(faults_of(&[package("openssl", "0.10.0", mit)]).len(), 1);
        assert!(faults_of(&[package("sqlx", "0.9.0", mit)]).is_empty());
        let twice = faults_of(&[package("sqlx", "0.8.0", mit), package("sqlx", "0.9.0", mit)]);
        assert_eq!(twice, ["sqlx is there in 2 versions: 0.8.0, 0.9.0"]);
    }
}
