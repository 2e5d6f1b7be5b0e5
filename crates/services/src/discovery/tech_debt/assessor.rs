//! Judges many assets: texts repeat, so each distinct one is read once.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use landfall_domain::RiskLevel;

use super::catalogue::{Product, ProductKind};
use super::recognition::{Found, System};
use super::severity::{Standing, is_exposed, raised};
use super::version::Version;
use super::{AssetFacts, Finding, FindingKind, TechDebt, explanation};

/// Distinct texts kept per kind; an inventory has hundreds. Beyond it the memory starts anew.
const MOST_TEXTS: usize = 20_000;

/// Judges assets on one day.
#[derive(Debug)]
pub struct Assessor<'a> {
    tech_debt: &'a TechDebt,
    today: NaiveDate,
    systems: HashMap<String, Arc<System>>,
    stacks: HashMap<String, Arc<[Found]>>,
    applications: HashMap<String, Arc<[Found]>>,
}

impl<'a> Assessor<'a> {
    /// An assessor that has read nothing yet.
    pub fn new(tech_debt: &'a TechDebt, today: NaiveDate) -> Self {
        Self {
            tech_debt,
            today,
            systems: HashMap::new(),
            stacks: HashMap::new(),
            applications: HashMap::new(),
        }
    }

    /// The findings of one asset, the operating system first, then software in the order of the texts; at most one
    /// per kind and product, the worst.
    pub fn assess(&mut self, facts: &AssetFacts<'_>) -> Vec<Finding> {
        let exposed = is_exposed(facts);
        let name = stated(facts.operating_system);
        let version = stated(facts.os_version);
        let stack = stated(facts.technology_stack);
        let application = stated(facts.application_name);
        let mut findings = Vec::new();
        if !(name.is_empty() && version.is_empty()) {
            let system = self.system(name, version);
            let found = system.operating_system;
            findings.extend(found.and_then(|found| self.of_system(found, name, version, exposed)));
            findings.extend(
                system
                    .software
                    .iter()
                    .filter_map(|&found| self.of_dates(found, exposed)),
            );
        } else if !stack.is_empty() {
            // A stack may name an operating system, but nobody owes it the version.
            let found = self.system(stack, "").operating_system;
            findings.extend(found.and_then(|found| self.of_dates(found, exposed)));
        }
        if !stack.is_empty() {
            findings.extend(
                self.stack(stack)
                    .iter()
                    .filter_map(|&found| self.of_dates(found, exposed)),
            );
        }
        if !application.is_empty() {
            findings.extend(
                self.application(application)
                    .iter()
                    .filter_map(|&found| self.of_dates(found, exposed)),
            );
        }
        worst_of_each(findings)
    }

    fn system(&mut self, name: &str, version: &str) -> Arc<System> {
        let tech_debt = self.tech_debt;
        let key = if version.is_empty() {
            name.to_owned()
        } else {
            format!("{name}\u{1f}{version}")
        };
        remembered(&mut self.systems, key, || {
            Arc::new(tech_debt.catalogue.system(name, version))
        })
    }

    fn stack(&mut self, stack: &str) -> Arc<[Found]> {
        let tech_debt = self.tech_debt;
        remembered(&mut self.stacks, stack.to_owned(), || {
            tech_debt.catalogue.software(stack, false).into()
        })
    }

    fn application(&mut self, name: &str) -> Arc<[Found]> {
        let tech_debt = self.tech_debt;
        remembered(&mut self.applications, name.to_owned(), || {
            tech_debt.catalogue.software(name, true).into()
        })
    }

    fn product(&self, found: Found) -> Option<&'a Product> {
        self.tech_debt.catalogue.products.get(found.product)
    }

    fn of_system(&self, found: Found, name: &str, version: &str, exposed: bool) -> Option<Finding> {
        let product = self.product(found)?;
        let unknown = |listed: bool| {
            let stated = if version.is_empty() {
                name.to_owned()
            } else {
                format!("{name} {version}")
            };
            let explanation = explanation::of_unknown_version(product, stated.trim(), listed)
                + &explanation::of_source(&product.source, product.as_of);
            finding(
                product,
                FindingKind::OsVersionUnknown,
                RiskLevel::Low,
                None,
                None,
                explanation,
            )
        };
        match found.version {
            Version::Known(_) => self.of_dates(found, exposed),
            // The version supported longest is out of support, then so are all it might be.
            Version::LongestSupported(_) => self.of_dates(found, exposed).or_else(|| Some(unknown(true))),
            Version::Uncertain | Version::Missing => Some(unknown(true)),
            Version::NotListed => Some(unknown(false)),
            Version::Newer => None,
        }
    }

    /// The finding that the dates give, if the version is known and they give one.
    fn of_dates(&self, found: Found, exposed: bool) -> Option<Finding> {
        let product = self.product(found)?;
        let (cycle, longest) = match found.version {
            Version::Known(cycle) => (cycle, false),
            Version::LongestSupported(cycle) => (cycle, true),
            Version::Uncertain | Version::Newer | Version::NotListed | Version::Missing => return None,
        };
        let cycle = product.cycles.get(cycle)?;
        let standing = Standing::of(cycle, self.today);
        let by_dates = standing.severity(self.today)?;
        let mut explanation = explanation::of_support(product, cycle, standing, longest);
        let severity = if exposed {
            explanation.push_str(&explanation::of_raise(by_dates));
            raised(by_dates)
        } else {
            by_dates
        };
        explanation.push_str(&explanation::of_source(&product.source, product.as_of));
        let kind = match product.kind {
            ProductKind::OperatingSystem => FindingKind::OsEndOfLife,
            ProductKind::Software => FindingKind::SoftwareEndOfLife,
        };
        Some(finding(
            product,
            kind,
            severity,
            Some(&cycle.version),
            standing.end_of_support(),
            explanation,
        ))
    }
}

fn finding(
    product: &Product,
    kind: FindingKind,
    severity: RiskLevel,
    version: Option<&str>,
    end_of_support: Option<NaiveDate>,
    explanation: String,
) -> Finding {
    Finding {
        kind,
        severity,
        product: product.name.clone(),
        version: version.map(str::to_owned),
        end_of_support,
        explanation,
        catalogue_source: product.source.clone(),
        catalogue_date: product.as_of,
    }
}

fn stated(text: Option<&str>) -> &str {
    text.map_or("", str::trim)
}

fn remembered<T: Clone>(memory: &mut HashMap<String, T>, key: String, read: impl FnOnce() -> T) -> T {
    if let Some(known) = memory.get(&key) {
        return known.clone();
    }
    if memory.len() >= MOST_TEXTS {
        memory.clear();
    }
    let value = read();
    memory.insert(key, value.clone());
    value
}

/// One finding per kind and product, the worst, at the place of the first.
fn worst_of_each(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    for next in findings {
        match kept
            .iter_mut()
            .find(|known| known.kind == next.kind && known.product == next.product)
        {
            Some(known) if next.severity > known.severity => *known = next,
            Some(_) => {}
            None => kept.push(next),
        }
    }
    kept
}
