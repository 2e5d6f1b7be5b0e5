//! The file of a backup: a tar archive of a description, the database and the uploads.

use crate::failure::Failure;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io;
use std::path::{Component, Path, PathBuf};
use tar::{Archive, Builder, Entry, EntryType, Header};

/// Entry that says what the archive is. It is the first.
const DESCRIPTION: &str = "landfall-backup.json";
/// Entry of the database.
const DATABASE: &str = "database";
/// Folder of the uploads, in the archive and in the data directory.
pub(crate) const UPLOADS: &str = "uploads";

/// What a backup says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Description {
    /// Version of Landfall that made it.
    pub(crate) landfall: String,
    /// `sqlite` or `postgres`: a backup is restored to the kind of database that it was made of.
    pub(crate) database: String,
    /// When, in UTC.
    pub(crate) made_at: String,
}

/// What a backup held.
#[derive(Debug)]
pub(crate) struct Restored {
    /// What it says about itself.
    pub(crate) description: Description,
    /// Uploads brought back.
    pub(crate) uploads: u64,
}

/// Writes a backup. It appears under its name when it is whole.
pub(crate) fn write(
    file: &Path,
    description: &Description,
    database: &Path,
    uploads: &Path,
) -> Result<(), Failure> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let partial = tempfile::NamedTempFile::new_in(folder)?;
    let mut archive = Builder::new(io::BufWriter::new(partial.as_file()));
    archive.follow_symlinks(false);
    let text = serde_json::to_vec_pretty(description)?;
    let mut header = Header::new_gnu();
    header.set_size(text.len() as u64);
    header.set_mode(0o600);
    archive.append_data(&mut header, DESCRIPTION, text.as_slice())?;
    archive.append_path_with_name(database, DATABASE)?;
    if uploads.is_dir() {
        archive.append_dir_all(UPLOADS, uploads)?;
    }
    archive
        .into_inner()?
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?
        .sync_all()?;
    partial.persist_noclobber(file).map_err(|error| error.error)?;
    Ok(())
}

/// What a backup says about itself.
pub(crate) fn describe(file: &Path) -> Result<Description, Failure> {
    let mut archive = Archive::new(io::BufReader::new(File::open(file)?));
    match archive.entries()?.next() {
        Some(Ok(entry)) if is(&entry, DESCRIPTION) => Ok(serde_json::from_reader(entry)?),
        _ => Err(Failure::new(format_args!(
            "{} is no backup that `landfall backup` has made",
            file.display()
        ))),
    }
}

/// Brings the parts of a backup to their places. Nothing is written anywhere else, whatever the archive says.
pub(crate) fn unpack(file: &Path, database: &Path, uploads: &Path) -> Result<Restored, Failure> {
    let description = describe(file)?;
    let mut archive = Archive::new(io::BufReader::new(File::open(file)?));
    let (mut has_database, mut count) = (false, 0);
    for entry in archive.entries()? {
        let mut entry = entry?;
        if entry.header().entry_type() != EntryType::Regular {
            continue;
        }
        if is(&entry, DATABASE) {
            io::copy(&mut entry, &mut File::create(database)?)?;
            has_database = true;
        } else if let Some(path) = upload_path(&entry.path()?) {
            let place = uploads.join(path);
            if let Some(folder) = place.parent() {
                std::fs::create_dir_all(folder)?;
            }
            io::copy(&mut entry, &mut File::create(place)?)?;
            count += 1;
        }
    }
    if has_database {
        return Ok(Restored {
            description,
            uploads: count,
        });
    }
    Err(Failure::new(format_args!(
        "{} holds no database: it was cut off, or is no backup",
        file.display()
    )))
}

fn is(entry: &Entry<'_, impl io::Read>, name: &str) -> bool {
    entry.path().is_ok_and(|path| path == Path::new(name))
}

/// The place of an upload beneath the folder of uploads; none for what lies elsewhere or would lead out of it.
fn upload_path(path: &Path) -> Option<PathBuf> {
    let beneath = path.strip_prefix(UPLOADS).ok()?;
    let is_plain = beneath
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    (is_plain && beneath.components().next().is_some()).then(|| beneath.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn description() -> Description {
        Description {
            landfall: "0.1.0".to_owned(),
            database: "sqlite".to_owned(),
            made_at: "now".to_owned(),
        }
    }

    #[test]
    fn what_was_backed_up_comes_back_byte_for_byte() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("db"), b"rows").unwrap();
        std::fs::create_dir_all(at("uploads/tenant/engagement")).unwrap();
        std::fs::write(at("uploads/tenant/engagement/file"), b"a,b\n1,2\n").unwrap();
        write(&at("backup.tar"), &description(), &at("db"), &at("uploads")).unwrap();
        assert_eq!(describe(&at("backup.tar")).unwrap(), description());

        let restored = unpack(&at("backup.tar"), &at("db2"), &at("uploads2")).unwrap();
        assert_eq!((restored.description, restored.uploads), (description(), 1));
        assert_eq!(std::fs::read(at("db2")).unwrap(), b"rows");
        assert_eq!(
            std::fs::read(at("uploads2/tenant/engagement/file")).unwrap(),
            b"a,b\n1,2\n"
        );
    }

    #[test]
    fn a_backup_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("backup.tar");
        std::fs::write(&file, "precious").unwrap();
        std::fs::write(folder.path().join("db"), b"rows").unwrap();
        assert!(
            write(
                &file,
                &description(),
                &folder.path().join("db"),
                Path::new("none")
            )
            .is_err()
        );
        assert_eq!(std::fs::read(&file).unwrap(), b"precious");
    }

    #[test]
    fn paths_that_lead_elsewhere_are_left_out() {
        for path in [
            "uploads/../../etc/passwd",
            "/uploads/a",
            "uploads",
            "other/file",
            "uploads/a/../b",
        ] {
            assert_eq!(upload_path(Path::new(path)), None, "{path}");
        }
        assert_eq!(upload_path(Path::new("uploads/a/b")), Some(PathBuf::from("a/b")));
    }
}
