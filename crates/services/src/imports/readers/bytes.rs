//! Where the bytes of a table come from: a file, or an entry of an archive. Each can be opened many times and read from the
//! start, so that a file may be looked at before it is imported.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::PathBuf;

use flate2::read::DeflateDecoder;

/// A re-openable stream of bytes.
#[derive(Clone, Debug)]
pub(super) enum ByteSource {
    /// A whole file.
    File(PathBuf),
    /// An entry of an archive whose place and size were checked.
    Entry(EntryPlace),
    /// Bytes in memory.
    #[cfg(test)]
    Memory(std::sync::Arc<[u8]>),
}

/// Where an entry's packed bytes lie in its archive.
#[derive(Clone, Debug)]
pub(super) struct EntryPlace {
    /// The archive.
    pub(super) archive: PathBuf,
    /// First packed byte.
    pub(super) start: u64,
    /// Packed bytes.
    pub(super) packed: u64,
    /// Whether the bytes are deflated, else stored.
    pub(super) deflated: bool,
}

impl ByteSource {
    /// A new reader at the start.
    pub(super) fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        match self {
            Self::File(path) => Ok(Box::new(File::open(path)?)),
            Self::Entry(place) => place.open(),
            #[cfg(test)]
            Self::Memory(bytes) => Ok(Box::new(io::Cursor::new(bytes.clone()))),
        }
    }
}

impl EntryPlace {
    /// A reader of the unpacked bytes.
    pub(super) fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let mut file = File::open(&self.archive)?;
        file.seek(SeekFrom::Start(self.start))?;
        let packed = BufReader::with_capacity(64 << 10, file).take(self.packed);
        Ok(if self.deflated {
            Box::new(DeflateDecoder::new(packed))
        } else {
            Box::new(packed)
        })
    }
}

/// How often a byte occurs.
pub(super) fn count_of(wanted: u8, bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == wanted)).sum()
}

/// Fills the buffer as far as the reader goes; a short count means the end.
pub(super) fn read_full(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
