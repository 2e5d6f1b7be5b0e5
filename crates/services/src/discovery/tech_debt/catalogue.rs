//! The catalogue of support dates: embedded TOML files, read and checked once.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use serde::Deserialize;

use super::text::{Form, forms};

/// The files of `catalogue/end_of_life`, by name.
const FILES: &[(&str, &str)] = &[
    (
        "windows.toml",
        include_str!("../../../catalogue/end_of_life/windows.toml"),
    ),
    (
        "linux.toml",
        include_str!("../../../catalogue/end_of_life/linux.toml"),
    ),
    (
        "unix.toml",
        include_str!("../../../catalogue/end_of_life/unix.toml"),
    ),
    (
        "databases.toml",
        include_str!("../../../catalogue/end_of_life/databases.toml"),
    ),
    (
        "runtimes.toml",
        include_str!("../../../catalogue/end_of_life/runtimes.toml"),
    ),
    (
        "middleware.toml",
        include_str!("../../../catalogue/end_of_life/middleware.toml"),
    ),
];

/// The catalogue cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// A file is not of the catalogue's form.
    #[error("the end-of-life catalogue file {file} cannot be read: {source}")]
    Unreadable {
        /// Name of the file.
        file: String,
        /// What the reader says: line, column, what was expected.
        source: Box<toml::de::Error>,
    },
    /// An entry breaks a rule.
    #[error("the end-of-life catalogue file {file}, product '{product}': {problem}")]
    Rule {
        /// Name of the file.
        file: String,
        /// Name of the product.
        product: String,
        /// What is wrong, and with which version.
        problem: String,
    },
}

/// What a product is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ProductKind {
    OperatingSystem,
    Software,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    as_of: NaiveDate,
    products: Vec<ProductEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProductEntry {
    name: String,
    kind: ProductKind,
    #[serde(default)]
    generic: bool,
    names: Vec<String>,
    #[serde(default)]
    short_names: Vec<String>,
    source: String,
    extended_support: Option<String>,
    note: Option<String>,
    cycles: Vec<Cycle>,
}

/// A version of a product with one set of dates.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cycle {
    pub(super) version: String,
    /// Other writings of the version.
    #[serde(default)]
    also: Vec<String>,
    /// Last day with security fixes that need no extra contract; `None`: no end is announced.
    pub(super) until: Option<NaiveDate>,
    /// Last day on which fixes can be had at all, by contract or from a long-term support project.
    pub(super) extended_until: Option<NaiveDate>,
}

/// A product with all that is known of it.
#[derive(Debug)]
pub(super) struct Product {
    pub(super) name: String,
    pub(super) kind: ProductKind,
    /// Named only where nothing more exact is: "Linux".
    pub(super) generic: bool,
    pub(super) source: String,
    pub(super) extended_support: Option<String>,
    pub(super) note: Option<String>,
    pub(super) as_of: NaiveDate,
    pub(super) cycles: Vec<Cycle>,
    pub(super) patterns: Vec<Pattern>,
}

/// One writing of a version.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) forms: Vec<Form>,
    pub(super) cycle: usize,
    /// The version itself, not another writing of it.
    pub(super) primary: bool,
}

/// One writing of a product's name, after its first word.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) rest: Vec<Form>,
    pub(super) product: usize,
    /// Names the product only with a known version right behind it: "Red Hat 8".
    pub(super) short: bool,
}

/// All products, and their names by first word: longest first, full before short.
#[derive(Debug)]
pub(super) struct Catalogue {
    pub(super) products: Vec<Product>,
    pub(super) names: HashMap<String, Vec<Name>>,
}

impl Catalogue {
    pub(super) fn embedded() -> Result<Self, CatalogueError> {
        Self::read(FILES)
    }

    pub(super) fn read(files: &[(&str, &str)]) -> Result<Self, CatalogueError> {
        let mut catalogue = Self {
            products: Vec::new(),
            names: HashMap::new(),
        };
        for &(file, text) in files {
            let content: File = toml::from_str(text).map_err(|source| CatalogueError::Unreadable {
                file: file.to_owned(),
                source: Box::new(source),
            })?;
            for entry in content.products {
                let product = entry.name.clone();
                catalogue
                    .add(entry, content.as_of)
                    .map_err(|problem| CatalogueError::Rule {
                        file: file.to_owned(),
                        product,
                        problem,
                    })?;
            }
        }
        for names in catalogue.names.values_mut() {
            names.sort_by_key(|name| (std::cmp::Reverse(name.rest.len()), name.short));
        }
        Ok(catalogue)
    }

    fn add(&mut self, entry: ProductEntry, as_of: NaiveDate) -> Result<(), String> {
        if entry.source.trim().is_empty() {
            return Err("has no source".to_owned());
        }
        if self.products.iter().any(|known| known.name == entry.name) {
            return Err("is listed twice".to_owned());
        }
        let index = self.products.len();
        let full = entry.names.iter().map(|name| (name, false));
        for (text, short) in full.chain(entry.short_names.iter().map(|name| (name, true))) {
            let mut forms = forms(text).into_iter();
            let Some(Form::Word(first)) = forms.next() else {
                return Err(format!("the name '{text}' does not begin with a word"));
            };
            self.names.entry(first).or_default().push(Name {
                rest: forms.collect(),
                product: index,
                short,
            });
        }
        self.products.push(Product {
            patterns: patterns(&entry.cycles)?,
            name: entry.name,
            kind: entry.kind,
            generic: entry.generic,
            source: entry.source,
            extended_support: entry.extended_support,
            note: entry.note,
            as_of,
            cycles: entry.cycles,
        });
        Ok(())
    }
}

/// The writings of all versions, with the rules that keep a file sane: in order, no writing twice, dates in order.
fn patterns(cycles: &[Cycle]) -> Result<Vec<Pattern>, String> {
    let mut patterns = Vec::new();
    let mut seen = HashSet::new();
    let mut before = 0;
    for (cycle, entry) in cycles.iter().enumerate() {
        match (entry.until, entry.extended_until) {
            (Some(until), Some(extended)) if extended <= until => {
                return Err(format!(
                    "version {}: extended support ends before standard support",
                    entry.version
                ));
            }
            (None, Some(_)) => {
                return Err(format!(
                    "version {}: has an end of extended support only",
                    entry.version
                ));
            }
            _ => {}
        }
        let writings =
            std::iter::once((&entry.version, true)).chain(entry.also.iter().map(|text| (text, false)));
        for (text, primary) in writings {
            let forms = forms(text);
            if forms.is_empty() {
                return Err("a version is empty".to_owned());
            }
            if !seen.insert(forms.clone()) {
                return Err(format!("version {text} is listed twice"));
            }
            if primary && let Some(&[first, ..]) = forms.first().and_then(Form::number) {
                if first < before {
                    return Err(format!("version {text} stands behind a higher one"));
                }
                before = first;
            }
            patterns.push(Pattern {
                forms,
                cycle,
                primary,
            });
        }
    }
    Ok(patterns)
}

#[cfg(test)]
mod tests {
    use super::{Catalogue, FILES, ProductKind};
    use chrono::NaiveDate;

    #[test]
    fn the_embedded_catalogue_keeps_its_own_rules() {
        let catalogue = Catalogue::embedded().unwrap();
        let systems = catalogue
            .products
            .iter()
            .filter(|product| product.kind == ProductKind::OperatingSystem)
            .count();
        let cycles: usize = catalogue
            .products
            .iter()
            .map(|product| product.cycles.len())
            .sum();
        assert!(systems >= 15, "{systems} operating systems");
        assert!(
            catalogue.products.len() - systems >= 20,
            "{} products",
            catalogue.products.len()
        );
        assert!(cycles >= 400, "{cycles} versions");
        for product in &catalogue.products {
            assert!(
                product.source.contains('(') || product.generic,
                "{}: source names no place",
                product.name
            );
            assert!(product.as_of > NaiveDate::from_ymd_opt(2026, 1, 1).unwrap());
            let extended = product.cycles.iter().any(|cycle| cycle.extended_until.is_some());
            assert_eq!(
                extended,
                product.extended_support.is_some(),
                "{}: name of extended support",
                product.name
            );
        }
    }

    #[test]
    fn every_file_of_the_folder_is_embedded() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/catalogue/end_of_life");
        let mut on_disk: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        on_disk.sort();
        let mut embedded: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        embedded.sort_unstable();
        assert_eq!(on_disk, embedded);
    }

    #[test]
    fn a_broken_entry_is_refused_with_its_file_product_and_reason() {
        let head = "as_of = \"2026-01-01\"\n[[products]]\nname = \"Thing\"\nkind = \"software\"\nnames = [\"thing\"]\n";
        for (rest, reason) in [
            ("source = \" \"\ncycles = []", "has no source"),
            (
                "source = \"S\"\ncycles = [{ version = \"2\" }, { version = \"1\" }]",
                "version 1 stands behind",
            ),
            (
                "source = \"S\"\ncycles = [{ version = \"2\" }, { version = \"3\", also = [\"2\"] }]",
                "listed twice",
            ),
            (
                "source = \"S\"\ncycles = [{ version = \"2\", until = \"2020-01-01\", extended_until = \"2019-01-01\" }]",
                "extended support ends before",
            ),
            (
                "source = \"S\"\ncycles = [{ version = \"2\", extended_until = \"2019-01-01\" }]",
                "extended support only",
            ),
            (
                "source = \"S\"\ncycles = [{ version = \"2\", until = \"2019-02-30\" }]",
                "cannot be read",
            ),
            (
                "source = \"S\"\nshort_names = [\"9x\"]\ncycles = []",
                "does not begin with a word",
            ),
            (
                "source = \"S\"\ncycles = []\n[[products]]\nname = \"Thing\"\nkind = \"software\"\nnames = []\nsource = \"S\"\ncycles = []",
                "listed twice",
            ),
        ] {
            let error = Catalogue::read(&[("x.toml", &format!("{head}{rest}"))])
                .unwrap_err()
                .to_string();
            assert!(error.contains(reason) && error.contains("x.toml"), "{error}");
        }
    }
}
