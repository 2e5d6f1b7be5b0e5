//! The least that an answer of the API can cost: a bare actix handler that does the same queries in the same scoped
//! transaction, and sends nothing of what they give. `cargo xtask bench api` measures the API beside it.
//!
//! Arguments: database URL, client account, engagement, master flow. It prints its address and serves until it is killed.

#![expect(
    clippy::print_stdout,
    reason = "the address is what whoever starts it waits for"
)]

use actix_web::web::{Data, get};
use actix_web::{App, HttpResponse, HttpServer, error, main};
use landfall_domain::{Actor, MasterFlowId, PageRequest, Scope, SystemClock};
use landfall_repositories::{AssetFilter, AssetSort, Store, StoreOptions};
use landfall_services::{FileStore, Services, Settings};
use std::io;
use std::sync::Arc;

/// As many as the program takes by default.
const CONNECTIONS: u32 = 10;
/// Assets of the measured page.
const PAGE: u32 = 100;

struct Floor {
    services: Services,
    scope: Scope,
    flow: MasterFlowId,
}

async fn assets(floor: Data<Floor>) -> Result<HttpResponse, error::Error> {
    let page = PageRequest::first(PAGE);
    floor
        .services
        .assets(&floor.scope, &AssetFilter::all(), AssetSort::default(), &page)
        .await
        .map_err(error::ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().finish())
}

async fn status(floor: Data<Floor>) -> Result<HttpResponse, error::Error> {
    floor
        .services
        .flow_status(&floor.scope, floor.flow)
        .await
        .map_err(error::ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().finish())
}

#[main]
async fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, client, engagement, flow] = arguments.as_slice() else {
        return Err(io::Error::other(
            "expected a database URL, a client account, an engagement and a master flow",
        ));
    };
    let folder = tempfile::tempdir()?;
    let store = Store::connect(&StoreOptions {
        url: url.clone(),
        system_url: None,
        max_connections: CONNECTIONS,
        clock: Arc::new(SystemClock),
    })
    .await
    .map_err(io::Error::other)?;
    let files = FileStore::local(folder.path()).map_err(io::Error::other)?;
    let floor = Data::new(Floor {
        services: Services::new(store, files, Settings::default()),
        scope: Scope {
            client_account_id: client.parse().map_err(io::Error::other)?,
            engagement_id: engagement.parse().map_err(io::Error::other)?,
            actor: Actor::system("floor"),
        },
        flow: flow.parse().map_err(io::Error::other)?,
    });
    let server = HttpServer::new(move || {
        App::new()
            .app_data(floor.clone())
            .route("/assets", get().to(assets))
            .route("/status", get().to(status))
    })
    .bind(("127.0.0.1", 0))?;
    for address in server.addrs() {
        println!("{address}");
    }
    server.run().await
}
