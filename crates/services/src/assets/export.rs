//! Exports: the inventory as a file that imports back to the same inventory.

use super::table::{Beside, Columns};
use super::{Asset, AssetError, AssetFilter};
use crate::Services;
use crate::table_writer::{TableWriter, WriteError};
use landfall_domain::{AssetId, Scope};
use std::collections::BTreeSet;
use std::str::FromStr;
use tokio::sync::mpsc;

/// Assets read at once.
const BATCH: u64 = 500;
/// Pieces that may wait to be sent.
const PIECES_AHEAD: usize = 2;

/// The file formats of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// Comma separated values.
    Csv,
    /// One JSON object per line.
    Ndjson,
    /// One JSON array of objects.
    Json,
    /// A workbook.
    Xlsx,
}

impl ExportFormat {
    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Ndjson => "application/x-ndjson",
            Self::Json => "application/json",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The ending of its files' names.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Json => "json",
            Self::Xlsx => "xlsx",
        }
    }
}

impl FromStr for ExportFormat {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let wanted = if word == "excel" { "xlsx" } else { word };
        [Self::Csv, Self::Ndjson, Self::Json, Self::Xlsx]
            .into_iter()
            .find(|format| format.extension() == wanted)
            .ok_or_else(|| format!("'{word}' is no export format; known are csv, json, ndjson and xlsx"))
    }
}

impl From<WriteError> for AssetError {
    fn from(error: WriteError) -> Self {
        Self::Write(error.0)
    }
}

/// Pieces of a file that is being written.
pub type Pieces = mpsc::Receiver<Result<Vec<u8>, AssetError>>;

impl Services {
    /// The assets that the filter finds, as a file in pieces. Cost: two passes over them in batches, the first to learn the
    /// names of custom attributes; one batch in memory. What is written while the export runs may be in it or not.
    pub async fn export_assets(
        &self,
        scope: &Scope,
        filter: AssetFilter,
        format: ExportFormat,
    ) -> Result<Pieces, AssetError> {
        let columns = Columns::new(self.attribute_names(scope, &filter).await?);
        let (sender, receiver) = mpsc::channel(PIECES_AHEAD);
        let (services, scope) = (self.clone(), scope.clone());
        tokio::spawn(async move {
            if let Err(error) = services
                .send_assets(&scope, &filter, format, &columns, &sender)
                .await
            {
                // The reader has gone away if this fails too.
                let _ = sender.send(Err(error)).await;
            }
        });
        Ok(receiver)
    }

    async fn attribute_names(
        &self,
        scope: &Scope,
        filter: &AssetFilter,
    ) -> Result<BTreeSet<String>, AssetError> {
        let (mut names, mut after) = (BTreeSet::new(), None);
        loop {
            let uow = self.store().begin_read(scope).await?;
            let batch = uow.assets().batch(filter, after, BATCH).await?;
            drop(uow);
            let Some(last) = batch.last() else {
                return Ok(names);
            };
            after = Some(last.id);
            names.extend(
                batch
                    .iter()
                    .filter_map(|asset| asset.custom_attributes.as_object())
                    .flat_map(|o| o.keys().cloned()),
            );
        }
    }

    async fn send_assets(
        &self,
        scope: &Scope,
        filter: &AssetFilter,
        format: ExportFormat,
        columns: &Columns,
        sender: &mpsc::Sender<Result<Vec<u8>, AssetError>>,
    ) -> Result<(), AssetError> {
        let (mut writer, mut piece) = TableWriter::begin(format, "assets", &columns.headers())?;
        let mut after = None;
        loop {
            let (batch, beside) = self.batch(scope, filter, after).await?;
            let Some(last) = batch.last() else { break };
            after = Some(last.id);
            for asset in &batch {
                piece.extend(writer.row(columns.cells(asset, &beside))?);
            }
            if !piece.is_empty() && sender.send(Ok(std::mem::take(&mut piece))).await.is_err() {
                return Ok(());
            }
        }
        if !piece.is_empty() && sender.send(Ok(piece)).await.is_err() {
            return Ok(());
        }
        let sender = sender.clone();
        let finished = tokio::task::spawn_blocking(move || {
            writer.finish(|piece| sender.blocking_send(Ok(piece)).is_ok())
        })
        .await;
        Ok(finished.map_err(|error| AssetError::Write(error.to_string()))??)
    }

    async fn batch(
        &self,
        scope: &Scope,
        filter: &AssetFilter,
        after: Option<AssetId>,
    ) -> Result<(Vec<Asset>, Beside), AssetError> {
        let uow = self.store().begin_read(scope).await?;
        let batch = uow.assets().batch(filter, after, BATCH).await?;
        let ids: Vec<AssetId> = batch.iter().map(|asset| asset.id).collect();
        if ids.is_empty() {
            return Ok((batch, Beside::default()));
        }
        let tags = uow.tags().of_assets(&ids).await?;
        let dependencies = uow.dependencies().of_assets(&ids).await?;
        Ok((batch, Beside::new(tags, &dependencies)))
    }
}
