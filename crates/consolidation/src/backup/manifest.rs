//! What is written beside a dump: its checksum, and what must be in it.

use crate::Error;
use crate::database::hexadecimal;
use crate::outcome::Backup;
use crate::sums::Sums;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// How much of a file is read at once.
const PIECE: usize = 1 << 18;

/// A table as it was in the snapshot that was dumped.
pub(super) struct DumpedTable {
    pub(super) table: String,
    pub(super) sums: Sums,
}

impl DumpedTable {
    fn rows(&self) -> i64 {
        self.sums
            .first()
            .and_then(|(_, rows)| rows.parse().ok())
            .unwrap_or(0)
    }
}

/// What there is to know about a dump.
pub(super) struct Manifest {
    pub(super) made_at: DateTime<Utc>,
    pub(super) source: String,
    pub(super) schema: String,
    pub(super) restored: bool,
    pub(super) tables: Vec<DumpedTable>,
}

impl Manifest {
    /// Writes the manifest, and the checksum in the form that `sha256sum --check` reads.
    pub(super) fn write(&self, dump: &Path) -> Result<Backup, Error> {
        let cannot = |what: &Path, error: io::Error| {
            Error::Failed(format!("{} cannot be written or read: {error}", what.display()))
        };
        let (bytes, sha256) = digest(dump).map_err(|error| cannot(dump, error))?;
        let name = dump.file_name().unwrap_or_default().to_string_lossy();
        let sum_file = beside(dump, "dump.sha256");
        std::fs::write(&sum_file, format!("{sha256}  {name}\n")).map_err(|error| cannot(&sum_file, error))?;
        let manifest = beside(dump, "manifest.json");
        let text = serde_json::to_string_pretty(&self.document(&name, bytes, &sha256)).unwrap_or_default();
        std::fs::write(&manifest, text).map_err(|error| cannot(&manifest, error))?;
        Ok(Backup {
            file: dump.to_owned(),
            manifest,
            bytes,
            sha256,
            tables: i64::try_from(self.tables.len()).unwrap_or(0),
            rows: self.tables.iter().map(DumpedTable::rows).sum(),
            restored: self.restored,
        })
    }

    fn document(&self, file: &str, bytes: u64, sha256: &str) -> Value {
        let tables: Vec<_> = self
            .tables
            .iter()
            .map(|table| {
                let columns: serde_json::Map<_, _> = table
                    .sums
                    .iter()
                    .skip(1)
                    .map(|(column, sum)| (column.clone(), Value::from(sum.as_str())))
                    .collect();
                json!({ "table": table.table, "rows": table.rows(), "checksums": columns })
            })
            .collect();
        json!({
            "file": file, "bytes": bytes, "sha256": sha256, "made_at": self.made_at, "source": self.source,
            "schema": self.schema, "restored_and_compared": self.restored, "tables": tables,
        })
    }
}

/// Says why a backup is not what it was, if it is not.
pub(super) fn check(backup: &Backup) -> Result<(), String> {
    let shown = backup.file.display();
    let (bytes, sha256) =
        digest(&backup.file).map_err(|error| format!("the backup {shown} cannot be read ({error})"))?;
    if bytes != backup.bytes {
        return Err(format!(
            "the backup {shown} has {bytes} bytes, but had {} when it was made",
            backup.bytes
        ));
    }
    if sha256 != backup.sha256 {
        return Err(format!(
            "the backup {shown} was changed since it was made: its sha256 is {sha256} and was {}",
            backup.sha256
        ));
    }
    Ok(())
}

/// The file beside a dump with another ending.
fn beside(dump: &Path, ending: &str) -> PathBuf {
    dump.with_extension(ending)
}

/// Size and checksum of a file.
fn digest(file: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(file)?;
    let (mut hasher, mut bytes, mut piece) = (Sha256::new(), 0, vec![0; PIECE]);
    loop {
        let read = file.read(&mut piece)?;
        let Some(filled) = piece.get(..read).filter(|filled| !filled.is_empty()) else {
            return Ok((bytes, hexadecimal(&hasher.finalize())));
        };
        hasher.update(filled);
        bytes += u64::try_from(read).unwrap_or(0);
    }
}

#[cfg(test)]
mod tests {
    use super::{DumpedTable, Manifest, check};
    use landfall_domain::{Clock, SystemClock};
    use std::fs;

    #[test]
    fn a_backup_that_is_truncated_changed_or_gone_is_told_from_the_one_that_was_made() {
        let folder = tempfile::tempdir().unwrap();
        let dump = folder.path().join("legacy.dump");
        fs::write(&dump, vec![7; 600_000]).unwrap();
        let manifest = Manifest {
            made_at: SystemClock.now(),
            source: "postgres://db/legacy".to_owned(),
            schema: "migration".to_owned(),
            restored: true,
            tables: vec![DumpedTable {
                table: "tags".to_owned(),
                sums: vec![
                    ("rows".to_owned(), "3".to_owned()),
                    ("id".to_owned(), "42".to_owned()),
                ],
            }],
        };
        let backup = manifest.write(&dump).unwrap();
        assert_eq!((backup.bytes, backup.tables, backup.rows), (600_000, 1, 3));
        check(&backup).unwrap();
        let written = fs::read_to_string(&backup.manifest).unwrap();
        assert!(
            written.contains(&backup.sha256) && written.contains("\"id\": \"42\""),
            "{written}"
        );
        let sum = fs::read_to_string(folder.path().join("legacy.dump.sha256")).unwrap();
        assert_eq!(sum, format!("{}  legacy.dump\n", backup.sha256));

        let mut flipped = vec![7; 600_000];
        flipped[300_000] ^= 1;
        fs::write(&dump, flipped).unwrap();
        assert!(check(&backup).unwrap_err().contains("was changed since"));
        fs::write(&dump, vec![7; 599_999]).unwrap();
        assert!(check(&backup).unwrap_err().contains("599999 bytes"));
        fs::remove_file(&dump).unwrap();
        assert!(check(&backup).unwrap_err().contains("cannot be read"));
    }
}
