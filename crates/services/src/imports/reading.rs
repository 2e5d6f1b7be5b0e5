//! Reading a file away from the async runtime: a thread reads and parses, a short queue hands batches over.

use super::readers::{FileFault, OpenOptions, RawRecord, Source, open};
use std::path::PathBuf;
use tokio::sync::mpsc;

/// Batches that may wait; with batches of 1,000 rows about 3 MB.
const BATCHES_AHEAD: usize = 1;

/// Records in order.
pub(crate) type RecordBatch = Vec<RawRecord>;

/// Opens the file and reads it from record `skip` on, in batches. The receiver ends after the last record or a fault; when it
/// is dropped, reading stops.
pub(crate) fn read_in_background(
    path: PathBuf,
    filename: String,
    options: OpenOptions,
    skip: u64,
    batch_rows: usize,
) -> mpsc::Receiver<Result<RecordBatch, FileFault>> {
    let (sender, receiver) = mpsc::channel(BATCHES_AHEAD);
    tokio::task::spawn_blocking(move || {
        let source = match open(&path, &filename, &options) {
            Ok(source) => source,
            Err(fault) => {
                // Nobody listens any more: nothing to tell.
                let _ = sender.blocking_send(Err(fault));
                return;
            }
        };
        send_batches(source, skip, batch_rows, &sender);
    });
    receiver
}

fn send_batches(
    source: Source,
    skip: u64,
    batch_rows: usize,
    sender: &mpsc::Sender<Result<RecordBatch, FileFault>>,
) {
    let mut batch = Vec::with_capacity(batch_rows);
    for record in source {
        match record {
            Ok(record) if record.index < skip => {}
            Ok(record) => {
                batch.push(record);
                if batch.len() == batch_rows {
                    let full = std::mem::replace(&mut batch, Vec::with_capacity(batch_rows));
                    if sender.blocking_send(Ok(full)).is_err() {
                        return;
                    }
                }
            }
            Err(fault) => {
                let _ = sender.blocking_send(Err(fault));
                return;
            }
        }
    }
    if !batch.is_empty() {
        let _ = sender.blocking_send(Ok(batch));
    }
}
