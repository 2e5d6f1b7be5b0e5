//! Fingerprints the migrations, so that a template database made by other migrations is never used.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{fs, io};

fn main() -> io::Result<()> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migration/src");
    let mut hasher = DefaultHasher::new();
    for file in files(&sources)? {
        file.strip_prefix(&sources).unwrap_or(&file).hash(&mut hasher);
        fs::read(&file)?.hash(&mut hasher);
    }
    println!("cargo::rerun-if-changed={}", sources.display());
    println!("cargo::rustc-env=MIGRATION_FINGERPRINT={:016x}", hasher.finish());
    Ok(())
}

fn files(directory: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.insert(path);
        }
    }
    Ok(found)
}
