//! Telling an answer's envelope from a record by its first keys.

/// Names under which answers of web services carry their records.
const ENVELOPES: [&str; 9] = [
    "data", "result", "results", "records", "items", "value", "assets", "Devices", "devices",
];
/// Names of plain values that such answers carry beside them.
const BESIDE: [&str; 14] = [
    "count",
    "total",
    "total_count",
    "next",
    "previous",
    "limit",
    "offset",
    "page",
    "page_size",
    "status",
    "success",
    "version",
    "has_more",
    "@odata.context",
];
/// The keys of the first object, watched for an envelope: it ends with the first key that no envelope has.
#[derive(Default)]
pub(super) struct Keys {
    /// Whether it can still be an envelope.
    watching: bool,
    /// Where the last text starts.
    pub(super) text_from: usize,
    last: String,
    records: bool,
}

impl Keys {
    /// Keys that are watched, or not.
    pub(super) fn watching(watching: bool) -> Self {
        Self {
            watching,
            ..Self::default()
        }
    }

    /// A text has ended with the last byte of `piece`.
    pub(super) fn end_text(&mut self, depth: u32, piece: &[u8]) {
        if self.watching && depth == 1 {
            let text = piece
                .get(self.text_from..piece.len().saturating_sub(1))
                .unwrap_or_default();
            self.last = String::from_utf8_lossy(text).into_owned();
            self.records = false;
        }
    }

    /// The last text was a key.
    pub(super) fn colon(&mut self) {
        if self.watching {
            self.records = ENVELOPES.contains(&self.last.as_str());
            self.watching = self.records || BESIDE.contains(&self.last.as_str());
        }
    }

    /// Whether an array that starts now carries the records.
    pub(super) const fn opens_records(&self) -> bool {
        self.watching && self.records
    }
}
