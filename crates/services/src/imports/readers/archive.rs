//! ZIP archives, checked before anything in them is used: their directory first, then every entry while it is unpacked once,
//! because sizes in the directory may lie. Names of entries are never used as paths.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use flate2::Crc;
use zip::{CompressionMethod, ZipArchive};

use super::bytes::{ByteSource, EntryPlace, read_full};
use super::xml_check::XmlCheck;
use super::{FileFault, Limits};

/// An archive that passed the checks.
#[derive(Debug)]
pub(super) struct Archive {
    /// Its files, in order of the directory.
    pub(super) entries: Vec<Entry>,
}

/// A file in an archive.
#[derive(Debug)]
pub(super) struct Entry {
    /// Name as written, with folders.
    pub(super) name: String,
    /// Its bytes.
    pub(super) bytes: ByteSource,
}

impl Entry {
    /// The name without folders.
    pub(super) fn file_name(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name)
    }
}

/// What the directory says of an entry.
struct Listed {
    name: String,
    place: EntryPlace,
    crc: u32,
}

impl Archive {
    /// Opens and checks an archive.
    pub(super) fn open(path: &Path, limits: &Limits) -> Result<Self, FileFault> {
        let listed = list(path, limits)?;
        let mut left = limits.archive_bytes;
        let mut entries = Vec::with_capacity(listed.len());
        for entry in listed {
            left -= unpack(&entry, left, limits)?;
            entries.push(Entry {
                name: entry.name,
                bytes: ByteSource::Entry(entry.place),
            });
        }
        Ok(Self { entries })
    }

    /// Whether there is an entry of this name, in any case of letters.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entries
            .iter()
            .any(|entry| entry.name.eq_ignore_ascii_case(name))
    }
}

fn broken(error: impl std::fmt::Display) -> FileFault {
    FileFault::BrokenArchive {
        reason: error.to_string(),
    }
}

/// Reads the directory and checks what it says.
fn list(path: &Path, limits: &Limits) -> Result<Vec<Listed>, FileFault> {
    let mut archive = ZipArchive::new(BufReader::new(File::open(path)?)).map_err(broken)?;
    if archive.len() > limits.archive_entries {
        return Err(FileFault::TooManyEntries {
            found: archive.len(),
            limit: limits.archive_entries,
        });
    }
    if archive.has_overlapping_entries().map_err(broken)? {
        return Err(broken("its entries overlap"));
    }
    let mut listed = Vec::with_capacity(archive.len());
    let mut declared = 0_u64;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(broken)?;
        if entry.is_dir() {
            continue;
        }
        let name = entry.name().map_err(broken)?.into_owned();
        if entry.encrypted() {
            return Err(FileFault::Encrypted {
                what: format!("entry '{name}'"),
            });
        }
        declared = declared.saturating_add(entry.size());
        if declared > limits.archive_bytes {
            return Err(FileFault::ArchiveTooLarge {
                limit: limits.archive_bytes,
            });
        }
        let deflated = match entry.compression() {
            CompressionMethod::Stored => false,
            CompressionMethod::Deflated => true,
            other => {
                return Err(broken(format!(
                    "entry '{name}' is packed by the method {other}; use Deflate"
                )));
            }
        };
        let start = entry
            .data_start()
            .ok_or_else(|| broken(format!("entry '{name}' has no data")))?;
        let place = EntryPlace {
            archive: path.to_owned(),
            start,
            packed: entry.compressed_size(),
            deflated,
        };
        listed.push(Listed {
            name,
            place,
            crc: entry.crc32(),
        });
    }
    Ok(listed)
}

/// Unpacks an entry to nowhere, counting; returns its true size.
fn unpack(entry: &Listed, left: u64, limits: &Limits) -> Result<u64, FileFault> {
    let mut reader = entry.place.open()?;
    let mut buffer = vec![0; 64 << 10];
    let mut size = 0_u64;
    let mut crc = Crc::new();
    let mut xml = XmlCheck::of(&entry.name, limits);
    loop {
        let filled = read_full(&mut *reader as &mut dyn Read, &mut buffer).map_err(broken)?;
        let step = buffer.get(..filled).unwrap_or_default();
        if size == 0 && is_archive(step) {
            return Err(FileFault::NestedArchive {
                entry: entry.name.clone(),
            });
        }
        size += filled as u64;
        if size > left {
            return Err(FileFault::ArchiveTooLarge {
                limit: limits.archive_bytes,
            });
        }
        if size > limits.archive_ratio_from && size / entry.place.packed.max(1) > limits.archive_ratio {
            return Err(FileFault::SuspiciousRatio {
                entry: entry.name.clone(),
                limit: limits.archive_ratio,
            });
        }
        crc.update(step);
        if let Some(xml) = &mut xml {
            xml.step(step)?;
        }
        if filled < buffer.len() {
            break;
        }
    }
    if crc.sum() != entry.crc {
        return Err(broken(format!("the checksum of entry '{}' is wrong", entry.name)));
    }
    xml.map_or(Ok(()), XmlCheck::finish)?;
    Ok(size)
}

fn is_archive(head: &[u8]) -> bool {
    [
        b"PK\x03\x04".as_slice(),
        b"\x1F\x8B",
        b"7z\xBC\xAF",
        b"Rar!",
        b"\xFD7zXZ",
        b"BZh",
    ]
    .iter()
    .any(|magic| head.starts_with(magic))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use tempfile::NamedTempFile;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(entries: &[(&str, &[u8])]) -> NamedTempFile {
        let file = NamedTempFile::new().unwrap();
        let mut writer = ZipWriter::new(file.reopen().unwrap());
        for (name, content) in entries {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap();
        file
    }

    fn refused(entries: &[(&str, &[u8])], limits: &Limits) -> String {
        Archive::open(archive(entries).path(), limits)
            .unwrap_err()
            .code()
            .to_owned()
    }

    #[test]
    fn entries_are_read_back_and_folders_are_left_out_of_their_names() {
        let file = archive(&[("export/a.csv", b"a,b\n1,2\n"), ("b.csv", b"")]);
        let opened = Archive::open(file.path(), &Limits::default()).unwrap();
        let mut text = String::new();
        opened.entries[0]
            .bytes
            .open()
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(
            (opened.entries[0].file_name(), text.as_str()),
            ("a.csv", "a,b\n1,2\n")
        );
        assert!(opened.has("B.CSV"));
    }

    #[test]
    fn bombs_are_refused_while_they_unpack() {
        let zeros = vec![b'0'; 4 << 20];
        assert_eq!(
            refused(&[("a.csv", &zeros)], &Limits::default()),
            "suspicious_ratio"
        );
        let small = Limits {
            archive_bytes: 100,
            ..Limits::default()
        };
        assert_eq!(
            refused(&[("a.csv", &[b'x'; 60]), ("b.csv", &[b'y'; 60])], &small),
            "archive_too_large"
        );
        let few = Limits {
            archive_entries: 1,
            ..Limits::default()
        };
        assert_eq!(
            refused(&[("a.csv", b"1"), ("b.csv", b"2")], &few),
            "too_many_entries"
        );
    }

    #[test]
    fn sizes_that_lie_do_not_help_a_bomb() {
        let zeros = vec![b'0'; 4 << 20];
        let file = archive(&[("a.csv", &zeros)]);
        let mut bytes = std::fs::read(file.path()).unwrap();
        let directory = bytes
            .windows(4)
            .rposition(|window| window == b"PK\x01\x02")
            .unwrap();
        bytes[directory + 24..directory + 28].copy_from_slice(&10_u32.to_le_bytes());
        std::fs::write(file.path(), bytes).unwrap();
        let fault = Archive::open(file.path(), &Limits::default()).unwrap_err();
        assert!(
            ["suspicious_ratio", "broken_archive"].contains(&fault.code()),
            "{fault}"
        );
    }

    #[test]
    fn nested_archives_are_refused() {
        let inner = std::fs::read(archive(&[("a.csv", b"1")]).path()).unwrap();
        assert_eq!(
            refused(&[("inner.dat", &inner)], &Limits::default()),
            "nested_archive"
        );
    }

    #[test]
    fn damage_is_refused() {
        let file = archive(&[("a.csv", b"name,ip\nweb,10.0.0.1\n")]);
        let mut bytes = std::fs::read(file.path()).unwrap();
        bytes[40] ^= 0xFF;
        std::fs::write(file.path(), &bytes).unwrap();
        assert_eq!(
            Archive::open(file.path(), &Limits::default()).unwrap_err().code(),
            "broken_archive"
        );
        std::fs::write(file.path(), &bytes[..30]).unwrap();
        assert_eq!(
            Archive::open(file.path(), &Limits::default()).unwrap_err().code(),
            "broken_archive"
        );
    }
}
