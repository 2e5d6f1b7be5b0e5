//! One tenant in a fresh database, with a place for files.

use landfall_domain::{Actor, ImportId, PageRequest, Scope, SystemClock};
use landfall_repositories::entities::{asset_dependencies, assets, data_imports};
use landfall_repositories::{DependencyFilter, NewClientAccount, NewEngagement, Store, StoreOptions};
use landfall_services::imports::{ImportOptions, ImportReceipt, UploadRequest};
use landfall_services::jobs::Worker;
use landfall_services::{FileStore, Services, Settings, StagedFile};
use landfall_testkit::{Role, TestDatabase};
use std::io::Write;
use std::sync::Arc;
use tempfile::TempDir;

pub(crate) struct World {
    pub(crate) services: Services,
    pub(crate) scope: Scope,
    _folder: TempDir,
    _database: TestDatabase,
}

impl World {
    /// Batches are small, so that a handful of rows makes several.
    pub(crate) async fn new(database: TestDatabase) -> Self {
        let options = StoreOptions {
            url: database.url(),
            system_url: Some(database.url_as(Role::System)),
            max_connections: 5,
            clock: Arc::new(SystemClock),
        };
        let store = Store::connect(&options).await.unwrap();
        let system = store.begin_system("test").await.unwrap();
        let client = NewClientAccount {
            name: "Client".to_owned(),
            ..NewClientAccount::default()
        };
        let client = system.tenants().create_client_account(client).await.unwrap();
        let engagement = NewEngagement {
            name: "Move".to_owned(),
            ..NewEngagement::default()
        };
        let engagement = system
            .tenants()
            .create_engagement(client.id, engagement)
            .await
            .unwrap();
        system.commit().await.unwrap();
        let scope = Scope {
            client_account_id: client.id,
            engagement_id: engagement.id,
            actor: Actor::system("test"),
        };
        let folder = tempfile::tempdir().unwrap();
        let files = FileStore::local(folder.path()).unwrap();
        let settings = Settings {
            batch_rows: 2,
            ..Settings::default()
        };
        Self {
            services: Services::new(store, files, settings),
            scope,
            _folder: folder,
            _database: database,
        }
    }

    pub(crate) fn stage(&self, name: &str, content: &str) -> StagedFile {
        let mut staged = self.services.files().stage(name, Some("text/csv")).unwrap();
        staged.file.write_all(content.as_bytes()).unwrap();
        staged
    }

    pub(crate) async fn upload(&self, name: &str, content: &str, options: ImportOptions) -> ImportReceipt {
        let request = UploadRequest {
            options,
            ..UploadRequest::default()
        };
        self.services
            .upload(&self.scope, self.stage(name, content), request)
            .await
            .unwrap()
    }

    /// Uploads a file and does everything that follows.
    pub(crate) async fn import(&self, name: &str, content: &str) -> data_imports::Model {
        let receipt = self.upload(name, content, ImportOptions::default()).await;
        self.work().await;
        self.import_row(receipt.import_id).await
    }

    pub(crate) async fn work(&self) {
        Worker::new(self.services.clone()).drain().await.unwrap();
    }

    pub(crate) async fn import_row(&self, id: ImportId) -> data_imports::Model {
        let uow = self.services.store().begin_read(&self.scope).await.unwrap();
        uow.imports().get(id).await.unwrap()
    }

    /// All assets in order of their names.
    pub(crate) async fn assets(&self) -> Vec<assets::Model> {
        let uow = self.services.store().begin_read(&self.scope).await.unwrap();
        let mut all = uow.inventory().assets_after(None, 10_000).await.unwrap();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }

    pub(crate) async fn asset(&self, name: &str) -> assets::Model {
        let all = self.assets().await;
        let names: Vec<_> = all.iter().map(|asset| asset.name.clone()).collect();
        all.into_iter()
            .find(|asset| asset.name == name)
            .unwrap_or_else(|| panic!("no asset {name} among {names:?}"))
    }

    pub(crate) async fn dependencies(&self) -> Vec<(String, String, asset_dependencies::Model)> {
        let uow = self.services.store().begin_read(&self.scope).await.unwrap();
        let page = uow
            .dependencies()
            .list(DependencyFilter::All, &PageRequest::first(500))
            .await
            .unwrap();
        drop(uow);
        let assets = self.assets().await;
        let name = |id| assets.iter().find(|asset| asset.id == id).unwrap().name.clone();
        let mut all: Vec<_> = page
            .items
            .into_iter()
            .map(|edge| (name(edge.asset_id), name(edge.depends_on_asset_id), edge))
            .collect();
        all.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        all
    }
}
