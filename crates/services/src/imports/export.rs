//! The rows of an import as a file.

use super::{ImportError, ImportOptions};
use crate::assets::ExportFormat;
use crate::services::Services;
use crate::table_writer::{TableWriter, WriteError};
use landfall_domain::{ImportId, Scope};
use landfall_repositories::RawRow;
use serde_json::{Value, json};
use tokio::sync::mpsc;

/// Pieces that may wait to be sent.
const PIECES_AHEAD: usize = 2;
/// Columns that say what became of a row, with `include_metadata`.
const METADATA: [&str; 5] = [
    "landfall_record_index",
    "landfall_row_number",
    "landfall_is_valid",
    "landfall_errors",
    "landfall_asset_id",
];

impl From<WriteError> for ImportError {
    fn from(error: WriteError) -> Self {
        Self::Write(error.0)
    }
}

impl Services {
    /// The rows of an import as they came, with the rules applied that were given for their texts; with `metadata` also what
    /// became of each. Cost: one pass over them, one batch in memory.
    pub async fn export_import(
        &self,
        scope: &Scope,
        id: ImportId,
        format: ExportFormat,
        metadata: bool,
    ) -> Result<mpsc::Receiver<Result<Vec<u8>, ImportError>>, ImportError> {
        let import = self.import(scope, id).await?;
        let mut rows = self.import_rows(scope, &import).await?;
        let columns: Vec<String> = serde_json::from_value(import.source_columns.clone()).unwrap_or_default();
        let options: ImportOptions = serde_json::from_value(import.options).unwrap_or_default();
        let (sender, receiver) = mpsc::channel(PIECES_AHEAD);
        tokio::spawn(async move {
            let sent = async {
                let mut headers: Vec<&str> = columns.iter().map(String::as_str).collect();
                headers.extend(METADATA.iter().filter(|_| metadata));
                let (mut writer, mut piece) = TableWriter::begin(format, "records", &headers)?;
                loop {
                    let batch = rows.next().await?;
                    if batch.is_empty() {
                        break;
                    }
                    for row in batch {
                        piece.extend(writer.row(cells(&columns, &options, row, metadata))?);
                    }
                    if !piece.is_empty() && sender.send(Ok(std::mem::take(&mut piece))).await.is_err() {
                        return Ok(());
                    }
                }
                if !piece.is_empty() && sender.send(Ok(piece)).await.is_err() {
                    return Ok(());
                }
                let rest = sender.clone();
                tokio::task::spawn_blocking(move || {
                    writer.finish(|piece| rest.blocking_send(Ok(piece)).is_ok())
                })
                .await
                .map_err(|error| ImportError::Interrupted(error.to_string()))??;
                Ok::<(), ImportError>(())
            }
            .await;
            if let Err(error) = sent {
                // The reader has gone away if this fails too.
                let _ = sender.send(Err(error)).await;
            }
        });
        Ok(receiver)
    }
}

fn cells(columns: &[String], options: &ImportOptions, row: RawRow, metadata: bool) -> Vec<Value> {
    let mut data = match row.raw_data {
        Value::Object(data) => data,
        _ => serde_json::Map::new(),
    };
    super::cleansing_rules::apply_rules(&options.cleansing, &mut data);
    let mut cells: Vec<Value> = columns
        .iter()
        .map(|column| data.remove(column).unwrap_or(Value::Null))
        .collect();
    if metadata {
        let errors = row.validation_errors.unwrap_or(Value::Null);
        let messages: Vec<&str> = errors
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|error| error.get("message")?.as_str())
            .collect();
        cells.extend([
            json!(row.record_index),
            json!(row.row_number),
            json!(errors.is_null()),
            json!(messages.join("; ")),
            json!(row.asset_id),
        ]);
    }
    cells
}
