//! Generated tables as CSV.

/// A CSV file of these rows.
pub(super) fn csv<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory fails for no row: all have the same number of cells.
    let mut written = writer.write_record(header);
    for row in rows {
        written = written.and_then(|()| writer.write_record(&row));
    }
    written
        .ok()
        .and_then(|()| writer.into_inner().ok())
        .unwrap_or_default()
}

/// A number that follows from others and looks like none of them, below `limit`.
pub(super) fn scattered(seed: usize, limit: usize) -> usize {
    // Knuth's multiplicative hash: 2^32 divided by the golden ratio.
    (seed.wrapping_mul(2_654_435_761) >> 7) % limit.max(1)
}
