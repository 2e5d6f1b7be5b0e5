//! Checks of a workbook of the old binary kind. Its reader holds all sheets in memory, each as large as the box around its
//! cells, so a tiny file could ask for gigabytes. The records of the workbook stream are walked first and the boxes summed.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use crate::imports::readers::{FileFault, Limits};

/// Start of a sheet's records.
const BOF: u16 = 0x0809;
/// The stream is encrypted from here on.
const FILEPASS: u16 = 0x002F;
/// Records that place a cell: row and column are their first two words.
const CELLS: [u16; 10] = [
    0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E,
];

/// The box around the cells of a sheet.
#[derive(Default)]
struct Bounds {
    rows: Option<(u16, u16)>,
    columns: Option<(u16, u16)>,
}

impl Bounds {
    fn add(&mut self, row: u16, column: u16) {
        let widen = |bounds: Option<(u16, u16)>, at: u16| match bounds {
            Some((low, high)) => Some((low.min(at), high.max(at))),
            None => Some((at, at)),
        };
        self.rows = widen(self.rows, row);
        self.columns = widen(self.columns, column);
    }

    fn cells(&self) -> u64 {
        let length = |bounds: Option<(u16, u16)>| bounds.map_or(0, |(low, high)| u64::from(high - low) + 1);
        length(self.rows) * length(self.columns)
    }
}

/// Refuses files that are encrypted, no workbook, or ask for too much memory.
pub(super) fn check(path: &Path, limits: &Limits) -> Result<(), FileFault> {
    let bytes = std::fs::metadata(path)?.len();
    if bytes > limits.xls_bytes {
        return Err(FileFault::TooLarge {
            kind: "an .xls workbook",
            bytes,
            limit: limits.xls_bytes,
        });
    }
    let broken = |error: std::io::Error| FileFault::BrokenWorkbook {
        reason: error.to_string(),
    };
    let mut container = cfb::CompoundFile::open(BufReader::new(File::open(path)?)).map_err(broken)?;
    let names: HashMap<String, String> = container
        .walk()
        .filter(cfb::Entry::is_stream)
        .map(|entry| {
            (
                entry.name().to_ascii_lowercase(),
                entry.path().to_string_lossy().into_owned(),
            )
        })
        .collect();
    if names.contains_key("encryptedpackage") {
        return Err(FileFault::Encrypted {
            what: "the workbook".to_owned(),
        });
    }
    let Some(stream) = names.get("workbook").or_else(|| names.get("book")) else {
        return Err(FileFault::NotTabular {
            found: "an Office document or mail without sheets".to_owned(),
        });
    };
    let stream = container.open_stream(stream).map_err(broken)?;
    let cells = count_cells(&mut BufReader::new(stream))?;
    if cells > limits.xls_cells {
        return Err(FileFault::TooLarge {
            kind: "an .xls workbook by its cells",
            bytes: cells,
            limit: limits.xls_cells,
        });
    }
    Ok(())
}

/// Walks the records and sums the boxes of all sheets.
fn count_cells(stream: &mut impl Read) -> Result<u64, FileFault> {
    let mut total = 0;
    let mut bounds = Bounds::default();
    let mut head = [0; 4];
    let mut body = Vec::new();
    while stream.read_exact(&mut head).is_ok() {
        let [kind_low, kind_high, length_low, length_high] = head;
        let kind = u16::from_le_bytes([kind_low, kind_high]);
        let length = u64::from(u16::from_le_bytes([length_low, length_high]));
        body.clear();
        if stream.by_ref().take(length).read_to_end(&mut body).is_err() {
            break;
        }
        match kind {
            BOF => {
                total += bounds.cells();
                bounds = Bounds::default();
            }
            FILEPASS => {
                return Err(FileFault::Encrypted {
                    what: "the workbook".to_owned(),
                });
            }
            _ if CELLS.contains(&kind) => {
                if let [row_low, row_high, column_low, column_high, ..] = *body.as_slice() {
                    bounds.add(
                        u16::from_le_bytes([row_low, row_high]),
                        u16::from_le_bytes([column_low, column_high]),
                    );
                    if let (0x00BD | 0x00BE, [.., last_low, last_high]) = (kind, body.as_slice()) {
                        bounds.add(
                            u16::from_le_bytes([row_low, row_high]),
                            u16::from_le_bytes([*last_low, *last_high]),
                        );
                    }
                }
            }
            _ => {}
        }
    }
    Ok(total + bounds.cells())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len()).unwrap();
        [&kind.to_le_bytes(), &length.to_le_bytes(), body].concat()
    }

    fn cell(row: u16, column: u16) -> Vec<u8> {
        let place = [row.to_le_bytes(), column.to_le_bytes()].concat();
        record(0x0203, &[place, vec![0; 10]].concat())
    }

    #[test]
    fn the_boxes_of_all_sheets_are_summed() {
        let stream = [
            record(BOF, &[0; 4]),
            cell(0, 0),
            cell(9, 4),
            record(BOF, &[0; 4]),
            cell(65_535, 255),
            cell(0, 0),
        ]
        .concat();
        assert_eq!(count_cells(&mut stream.as_slice()).unwrap(), 50 + 65_536 * 256);
    }

    #[test]
    fn an_encrypted_workbook_is_named_so() {
        let stream = [record(BOF, &[0; 4]), record(FILEPASS, &[0; 6])].concat();
        assert_eq!(
            count_cells(&mut stream.as_slice()).unwrap_err().code(),
            "encrypted_file"
        );
    }

    #[test]
    fn a_small_file_that_asks_for_much_memory_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut container = cfb::create(file.path()).unwrap();
        let sheet = [record(BOF, &[0; 4]), cell(0, 0), cell(65_535, 255)].concat();
        std::io::Write::write_all(&mut container.create_stream("/Workbook").unwrap(), &sheet).unwrap();
        container.flush().unwrap();
        drop(container);
        assert_eq!(
            check(file.path(), &Limits::default()).unwrap_err().code(),
            "file_too_large"
        );
        let small = Limits {
            xls_bytes: 10,
            ..Limits::default()
        };
        assert_eq!(check(file.path(), &small).unwrap_err().code(), "file_too_large");
    }

    #[test]
    fn an_encrypted_package_is_named_so() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut container = cfb::create(file.path()).unwrap();
        container.create_stream("/EncryptedPackage").unwrap();
        container.flush().unwrap();
        drop(container);
        assert_eq!(
            check(file.path(), &Limits::default()).unwrap_err().code(),
            "encrypted_file"
        );
    }
}
