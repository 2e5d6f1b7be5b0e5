//! The faulty rows as a CSV to be corrected and imported again: the source's columns, and what is wrong in a column of its own.

use super::ImportError;
use super::readers::escape_formula;
use crate::services::Services;
use landfall_domain::{ImportId, PageRequest, Scope};
use serde_json::{Map, Value};
use tokio::sync::mpsc;

/// Name of the column that says what is wrong. Importing ignores it.
pub(crate) const ERRORS_COLUMN: &str = "landfall_errors";

/// Chunks that may wait to be sent.
const CHUNKS_AHEAD: usize = 2;

impl Services {
    /// The faulty rows of an import as CSV, in chunks of one page of rows each. Cost: the faulty rows, one page in memory.
    pub async fn corrected_rows(
        &self,
        scope: &Scope,
        import: ImportId,
    ) -> Result<mpsc::Receiver<Result<Vec<u8>, ImportError>>, ImportError> {
        let uow = self.store().begin_read(scope).await?;
        let import = uow.imports().get(import).await?;
        drop(uow);
        let mut columns: Vec<String> = serde_json::from_value(import.source_columns).unwrap_or_default();
        columns.retain(|column| column != ERRORS_COLUMN);
        let (sender, receiver) = mpsc::channel(CHUNKS_AHEAD);
        let (services, scope) = (self.clone(), scope.clone());
        tokio::spawn(async move {
            if let Err(error) = services
                .send_faulty_rows(&scope, import.id, &columns, &sender)
                .await
            {
                // The reader has gone away if this fails too.
                let _ = sender.send(Err(error)).await;
            }
        });
        Ok(receiver)
    }

    async fn send_faulty_rows(
        &self,
        scope: &Scope,
        import: ImportId,
        columns: &[String],
        sender: &mpsc::Sender<Result<Vec<u8>, ImportError>>,
    ) -> Result<(), ImportError> {
        let mut chunk = header(columns);
        let mut request = PageRequest::first(PageRequest::MAX);
        loop {
            let uow = self.store().begin_read(scope).await?;
            let page = uow.records().page_of_invalid(import, &request).await?;
            drop(uow);
            for row in &page.items {
                chunk.extend(corrected_row(
                    columns,
                    &row.raw_data,
                    row.validation_errors.as_ref(),
                ));
            }
            if sender.send(Ok(std::mem::take(&mut chunk))).await.is_err() {
                return Ok(());
            }
            match page.next {
                Some(next) => request.after = Some(next),
                None => return Ok(()),
            }
        }
    }
}

/// The header line.
pub(super) fn header(columns: &[String]) -> Vec<u8> {
    line(columns.iter().map(String::as_str).chain([ERRORS_COLUMN]))
}

/// One faulty row.
pub(super) fn corrected_row(columns: &[String], raw: &Value, errors: Option<&Value>) -> Vec<u8> {
    let nothing = Map::new();
    let raw = raw.as_object().unwrap_or(&nothing);
    let messages: Vec<&str> = errors
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|error| error.get("message").and_then(Value::as_str))
        .collect();
    let cells: Vec<String> = columns
        .iter()
        .map(|column| raw.get(column).map(cell).unwrap_or_default())
        .collect();
    let messages = messages.join("; ");
    line(cells.iter().map(String::as_str).chain([messages.as_str()]))
}

fn cell(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn line<'a>(cells: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let cells: Vec<_> = cells.map(escape_formula).collect();
    // Writing to memory cannot fail; if it did, the line would be empty and not half.
    let written = writer.write_record(cells.iter().map(AsRef::<str>::as_ref));
    written
        .ok()
        .and_then(|()| writer.into_inner().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_faulty_row_keeps_its_columns_in_order_and_says_what_is_wrong() {
        let columns = ["host".to_owned(), "ip".to_owned()];
        let errors = json!([{"message": "no IP address"}, {"message": "too long"}]);
        let row = corrected_row(&columns, &json!({"ip": "x,y", "host": "=cmd"}), Some(&errors));
        assert_eq!(
            String::from_utf8(row).unwrap(),
            "'=cmd,\"x,y\",no IP address; too long\n"
        );
        assert_eq!(
            String::from_utf8(header(&columns)).unwrap(),
            "host,ip,landfall_errors\n"
        );
    }
}
