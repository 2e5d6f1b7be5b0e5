//! How much a file may ask for. Every limit bounds memory or time, and each refusal names it.

/// Limits of the readers; [`Limits::default`] are the ones in force.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of one cell.
    pub field_bytes: usize,
    /// Bytes of one row.
    pub record_bytes: usize,
    /// Columns of one row.
    pub columns: usize,
    /// Entries of an archive.
    pub archive_entries: usize,
    /// Bytes of all entries of an archive, unpacked.
    pub archive_bytes: u64,
    /// How many times its packed size an entry may unpack to, once it is larger than `archive_ratio_from`.
    pub archive_ratio: u64,
    /// Unpacked bytes from which the ratio counts: small parts of a workbook may be very repetitive.
    pub archive_ratio_from: u64,
    /// Unpacked bytes of a workbook's table of texts, which is held in memory.
    pub shared_string_bytes: u64,
    /// Texts in a workbook's table of texts.
    pub shared_strings: u64,
    /// Bytes of a workbook of the old binary kind, which is held in memory.
    pub xls_bytes: u64,
    /// Cells in the bounding boxes of the sheets of such a workbook, which are held in memory.
    pub xls_cells: u64,
    /// Bytes of rows that are attached to one row from other tables of the same export.
    pub attached_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            field_bytes: 1 << 20,
            record_bytes: 16 << 20,
            columns: 2_000,
            archive_entries: 2_000,
            archive_bytes: 2 << 30,
            archive_ratio: 100,
            archive_ratio_from: 1 << 20,
            shared_string_bytes: 256 << 20,
            shared_strings: 4_000_000,
            xls_bytes: 32 << 20,
            xls_cells: 4_000_000,
            attached_bytes: 8 << 20,
        }
    }
}
