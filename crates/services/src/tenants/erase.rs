//! Removing a client account with everything that it has.

use super::{TenantError, of_client};
use crate::access::{Identity, Origin};
use crate::{FileError, Services};
use landfall_domain::ClientAccountId;
use landfall_repositories::{ErasedRows, StoreError};
use std::collections::BTreeMap;

/// Rows removed in one unit of work.
const BATCH: u64 = 5_000;
/// How often somebody may write a row in between before it is given up.
const PATIENCE: usize = 20;

/// What a client account had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// The tables that had rows, by name.
    pub tables: Vec<ErasedRows>,
    /// Uploaded files.
    pub files: u64,
}

/// Why not everything could be removed. Calling again goes on where it stopped.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// A file could not be deleted.
    #[error(transparent)]
    File(#[from] FileError),
    /// The database refused or failed.
    #[error(transparent)]
    Tenant(#[from] TenantError),
}

impl From<StoreError> for EraseError {
    fn from(error: StoreError) -> Self {
        Self::Tenant(error.into())
    }
}

impl Services {
    /// Removes a client account: its keys and jobs first, so that nobody adds to it, then its files, then its rows in batches.
    /// What is left after a failure is removed by the next call.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if there is no such client account.
    pub async fn erase_client_account(
        &self,
        by: &Identity,
        client: ClientAccountId,
        origin: &Origin,
    ) -> Result<Erased, EraseError> {
        let name = self
            .store()
            .begin_read(&of_client(client))
            .await?
            .engagements()
            .client_account()
            .await?
            .name;
        let (mut tables, mut disturbed) = (BTreeMap::new(), 0);
        let mut files = self.files().delete_all_of(client).await?;
        loop {
            let uow = self.store().begin_system("erase a client account").await?;
            let batch = match uow.tenants().erase_batch(client, BATCH).await {
                Ok(batch) => batch,
                // Somebody wrote meanwhile: from the start again, with what is there now.
                Err(StoreError::MissingReference { .. } | StoreError::Retryable(_))
                    if disturbed < PATIENCE =>
                {
                    disturbed += 1;
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            uow.commit().await?;
            if batch.is_empty() {
                break;
            }
            for ErasedRows { table, rows } in batch {
                *tables.entry(table).or_insert(0) += rows;
            }
        }
        // An upload may have been on its way when the work began.
        files += self.files().delete_all_of(client).await?;
        self.note_erased(by, client, &name, origin).await;
        let tables = tables.into_iter().map(|(table, rows)| ErasedRows { table, rows });
        Ok(Erased {
            tables: tables.collect(),
            files,
        })
    }
}
