//! Two tenants in a fresh database, and a clock that stands still.

use chrono::DateTime;
use landfall_domain::{Actor, AssetId, ClientAccountId, DiscoveryFlowId, FlowType, MasterFlowId, Scope};
use landfall_repositories::entities::{assets, data_imports, discovery_flows};
use landfall_repositories::{
    NewAsset, NewClientAccount, NewDiscoveryFlow, NewEngagement, NewImport, NewMasterFlow, Store,
    StoreOptions, Uow,
};
use landfall_testkit::{FakeClock, Role, TestDatabase};
use serde_json::{Map, Value, json};
use std::sync::Arc;

pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) clock: Arc<FakeClock>,
    pub(crate) ours: Scope,
    pub(crate) theirs: Scope,
    /// Dropped last: it removes the database.
    pub(crate) database: TestDatabase,
}

impl World {
    pub(crate) async fn new(database: TestDatabase) -> Self {
        let clock = Arc::new(FakeClock::at(DateTime::from_timestamp(1_790_000_000, 0).unwrap()));
        let store = open(&database, &clock).await;
        let ours = tenant(&store, "Ours").await;
        let theirs = tenant(&store, "Theirs").await;
        Self {
            store,
            clock,
            ours,
            theirs,
            database,
        }
    }

    pub(crate) async fn begin(&self) -> Uow {
        self.store.begin(&self.ours).await.unwrap()
    }
}

pub(crate) async fn open(database: &TestDatabase, clock: &Arc<FakeClock>) -> Store {
    let options = StoreOptions {
        url: database.url(),
        system_url: Some(database.url_as(Role::System)),
        max_connections: 10,
        clock: clock.clone(),
    };
    Store::connect(&options).await.unwrap()
}

async fn tenant(store: &Store, name: &str) -> Scope {
    let system = store.begin_system("test").await.unwrap();
    let new = NewClientAccount {
        name: name.to_owned(),
        ..NewClientAccount::default()
    };
    let client = system.tenants().create_client_account(new).await.unwrap();
    let new = NewEngagement {
        name: "Move".to_owned(),
        ..NewEngagement::default()
    };
    let engagement = system.tenants().create_engagement(client.id, new).await.unwrap();
    system.commit().await.unwrap();
    scope(client.id, engagement.id)
}

pub(crate) fn scope(client: ClientAccountId, engagement: landfall_domain::EngagementId) -> Scope {
    Scope {
        client_account_id: client,
        engagement_id: engagement,
        actor: Actor::system("test"),
    }
}

pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("not an object: {other}"),
    }
}

pub(crate) async fn master_flow(uow: &Uow) -> MasterFlowId {
    let new = NewMasterFlow {
        flow_type: FlowType::Discovery,
        flow_name: Some("Move".to_owned()),
        parent_flow_id: None,
        configuration: json!({}),
    };
    uow.flows().create(new).await.unwrap().flow_id
}

pub(crate) async fn import(uow: &Uow, filename: &str) -> data_imports::Model {
    let new = NewImport {
        filename: filename.to_owned(),
        ..NewImport::default()
    };
    uow.imports().create(new).await.unwrap()
}

pub(crate) async fn discovery_flow(uow: &Uow) -> discovery_flows::Model {
    let new = NewDiscoveryFlow {
        master_flow_id: master_flow(uow).await,
        data_import_id: None,
        flow_name: "Discovery".to_owned(),
        flow_state: Map::new(),
    };
    uow.discovery().create(new).await.unwrap()
}

/// Makes assets, all hung on one flow.
pub(crate) struct AssetMaker {
    discovery: DiscoveryFlowId,
    master: MasterFlowId,
}

impl AssetMaker {
    pub(crate) async fn new(uow: &Uow) -> Self {
        let flow = discovery_flow(uow).await;
        Self {
            discovery: flow.flow_id,
            master: flow.master_flow_id,
        }
    }

    pub(crate) async fn asset(&self, uow: &Uow, fields: Value) -> assets::Model {
        let (new, _) = NewAsset::from_object(object(fields), "test");
        uow.assets()
            .create_from_discovery(new, self.discovery, self.master)
            .await
            .unwrap()
    }

    pub(crate) async fn named(&self, uow: &Uow, name: &str) -> AssetId {
        self.asset(uow, json!({ "name": name })).await.id
    }
}
