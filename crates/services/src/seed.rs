//! Demo and test client accounts, made the way everything is made: generated export files go through the same upload, jobs
//! and phases as a customer's. Nothing in the result tells it from other data but its client account.

mod bank;
mod retail;
mod table;
mod trial;

use crate::Services;
use crate::discovery::INSPECTION;
use crate::files::FileError;
use crate::imports::{ImportError, ImportOptions, Inspection, UploadRequest};
use crate::jobs::Worker;
use crate::tenants::{NewClientAccount, NewEngagement, TenantError};
use landfall_domain::{
    Actor, ClientAccountId, DiscoveryFlowId, EngagementId, FlowStatus, ImportId, ImportStatus, PageRequest,
    Scope,
};
use landfall_repositories::entities::data_imports;
use landfall_repositories::{ImportFilter, StoreError};
use serde::Serialize;
use std::io::Write;
use std::time::Duration;

/// How often work that another process has taken is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// Why the demo data could not be made. What was made stays, and making it again goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// A client account or engagement could not be made.
    #[error(transparent)]
    Tenant(#[from] TenantError),
    /// A generated file was refused.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A generated file could not be kept.
    #[error(transparent)]
    File(#[from] FileError),
    /// The database refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An import of a demo or test client account.
#[derive(Clone, Debug, Serialize)]
pub struct SeededImport {
    /// Name of the client account.
    pub client_account: String,
    /// Name of the engagement.
    pub engagement: String,
    /// The import.
    pub import_id: ImportId,
    /// Its name.
    pub import_name: String,
    /// State of its flow: completed, or waiting where a person should decide mappings.
    pub status: FlowStatus,
    /// Rows of its file.
    pub records: u64,
    /// Whether it was made just now.
    pub is_new: bool,
}

/// A client account with one engagement and the files that fill it.
struct Tenant {
    client_account: ClientAccountId,
    name: &'static str,
    industry: &'static str,
    engagement: EngagementId,
    engagement_name: &'static str,
    currency: &'static str,
    files: Vec<ExportFile>,
}

/// A generated export.
struct ExportFile {
    /// Name of the import, by which it is found again.
    name: &'static str,
    filename: &'static str,
    /// Whether its flow waits for a person where a mapping is not sure.
    review: bool,
    content: Vec<u8>,
}

/// Makes two demo client accounts and the test client account with flows and inventories. What is there already is left
/// alone, so it may be called any number of times.
///
/// # Errors
/// What the pipeline says about a file, or the database.
pub async fn seed(services: &Services) -> Result<Vec<SeededImport>, SeedError> {
    let mut seeded = Vec::new();
    for tenant in [retail::tenant(), bank::tenant(), trial::tenant()] {
        let scope = make_tenant(services, &tenant).await?;
        for file in &tenant.files {
            seeded.push(make_import(services, &scope, &tenant, file).await?);
        }
    }
    Ok(seeded)
}

async fn make_tenant(services: &Services, tenant: &Tenant) -> Result<Scope, SeedError> {
    let scope = Scope {
        client_account_id: tenant.client_account,
        engagement_id: tenant.engagement,
        actor: Actor::system("seed"),
    };
    if is_missing(services.client_account(tenant.client_account).await)? {
        services
            .create_client_account(NewClientAccount {
                id: Some(tenant.client_account),
                name: tenant.name.to_owned(),
                industry: Some(tenant.industry.to_owned()),
                ..NewClientAccount::default()
            })
            .await?;
    }
    if is_missing(services.check_scope(&scope).await)? {
        services
            .create_engagement(
                tenant.client_account,
                NewEngagement {
                    id: Some(tenant.engagement),
                    name: tenant.engagement_name.to_owned(),
                    currency: Some(tenant.currency.to_owned()),
                    ..NewEngagement::default()
                },
            )
            .await?;
    }
    Ok(scope)
}

fn is_missing<T>(found: Result<T, StoreError>) -> Result<bool, StoreError> {
    match found {
        Ok(_) => Ok(false),
        Err(StoreError::NotFound { .. }) => Ok(true),
        Err(error) => Err(error),
    }
}

async fn make_import(
    services: &Services,
    scope: &Scope,
    tenant: &Tenant,
    file: &ExportFile,
) -> Result<SeededImport, SeedError> {
    let known = find(services, scope, file.name).await?;
    let is_new = known.is_none();
    let import_id = match known {
        Some(import) => import.id,
        None => upload(services, scope, file).await?,
    };
    let flow = settle(services, scope, import_id).await?;
    Ok(SeededImport {
        client_account: tenant.name.to_owned(),
        engagement: tenant.engagement_name.to_owned(),
        import_id,
        import_name: file.name.to_owned(),
        status: flow.1,
        records: flow.2,
        is_new,
    })
}

/// The import of this name, unless it failed or was taken back.
async fn find(
    services: &Services,
    scope: &Scope,
    name: &str,
) -> Result<Option<data_imports::Model>, SeedError> {
    let filter = ImportFilter {
        statuses: vec![
            ImportStatus::Pending,
            ImportStatus::Processing,
            ImportStatus::Completed,
        ],
        ..ImportFilter::default()
    };
    let mut request = PageRequest::first(PageRequest::MAX);
    loop {
        let page = services
            .store()
            .begin_read(scope)
            .await?
            .imports()
            .list(&filter, &request)
            .await?;
        if let Some(found) = page.items.into_iter().find(|import| import.import_name == name) {
            return Ok(Some(found));
        }
        let Some(next) = page.next else { return Ok(None) };
        request.after = Some(next);
    }
}

async fn upload(services: &Services, scope: &Scope, file: &ExportFile) -> Result<ImportId, SeedError> {
    let mut staged = services.files().stage(file.filename, Some("text/csv"))?;
    staged.file.write_all(&file.content).map_err(FileError::from)?;
    let request = UploadRequest {
        name: Some(file.name.to_owned()),
        options: ImportOptions {
            review: file.review,
            ..ImportOptions::default()
        },
        ..UploadRequest::default()
    };
    Ok(services.upload(scope, staged, request).await?.import_id)
}

/// Does what is due until the import's flow has ended or waits for a person; other processes may do it as well. Gives the
/// flow, its state and the rows of its file.
async fn settle(
    services: &Services,
    scope: &Scope,
    import: ImportId,
) -> Result<(DiscoveryFlowId, FlowStatus, u64), SeedError> {
    let worker = Worker::new(services.clone());
    loop {
        worker.drain().await?;
        let flow = services
            .store()
            .begin_read(scope)
            .await?
            .discovery()
            .get_by_import(import)
            .await?;
        if flow.status.is_final() || matches!(flow.status, FlowStatus::Waiting | FlowStatus::Paused) {
            let inspection: Option<Inspection> = flow
                .flow_state
                .get(INSPECTION)
                .and_then(|kept| serde_json::from_value(kept.clone()).ok());
            return Ok((
                flow.flow_id,
                flow.status,
                inspection.map_or(0, |inspection| inspection.records),
            ));
        }
        tokio::time::sleep(LOOK).await;
    }
}

#[cfg(test)]
mod tests {
    use super::{bank, retail, trial};
    use crate::imports::{ImportOptions, inspect};
    use std::io::Write;

    #[test]
    fn every_generated_file_is_an_export_that_is_recognised_and_has_no_rows_of_a_wrong_shape() {
        let expected = [
            ("Retail virtual machines", "rvtools"),
            ("Retail applications", "konveyor"),
            ("Retail network flows", "azure_dependencies"),
            ("Store servers", "free_form"),
            ("Bank servers", "servicenow_servers"),
            ("Bank applications", "servicenow_applications"),
            ("Bank core systems", "free_form"),
            ("Trial inventory", "free_form"),
        ];
        let files = [retail::tenant(), bank::tenant(), trial::tenant()]
            .into_iter()
            .flat_map(|tenant| tenant.files);
        for (file, (name, format)) in files.zip(expected) {
            assert_eq!(file.name, name);
            let mut kept = tempfile::NamedTempFile::new().unwrap();
            kept.write_all(&file.content).unwrap();
            let inspection = inspect(kept.path(), file.filename, &ImportOptions::default()).unwrap();
            assert_eq!(
                (inspection.format.as_str(), inspection.faulty_records),
                (format, 0),
                "{name}"
            );
            assert!(inspection.records >= 10, "{name}: {}", inspection.records);
        }
    }
}
