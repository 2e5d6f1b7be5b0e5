//! Listening, answering, and ending without dropping anybody.

use crate::options::ApiOptions;
use crate::state::State;
use actix_web::HttpServer;
use actix_web::dev::Server;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// A server that has its addresses and waits to be run.
pub struct BoundServer {
    server: Server,
    state: State,
    addresses: Vec<SocketAddr>,
}

impl std::fmt::Debug for BoundServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BoundServer")
            .field("addresses", &self.addresses)
            .finish_non_exhaustive()
    }
}

/// Takes the addresses of the options.
///
/// # Errors
/// An address that cannot be taken, or one of others without authentication, named in the message.
pub fn bind(state: &State) -> io::Result<BoundServer> {
    let options: &ApiOptions = state.options();
    let open_door = options.bind.iter().find(|address| !address.ip().is_loopback());
    if let (false, Some(address)) = (options.authentication, open_door) {
        let message = format!("{address} can be reached by others: switch authentication on to listen there");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let factory = {
        let state = state.clone();
        move || crate::app(&state)
    };
    let mut server = HttpServer::new(factory)
        .client_request_timeout(HEAD_TIMEOUT)
        .shutdown_timeout(options.shutdown_timeout.as_secs())
        .disable_signals();
    if let Some(workers) = options.workers {
        server = server.workers(workers);
    }
    for address in &options.bind {
        server = server
            .bind(address)
            .map_err(|error| io::Error::new(error.kind(), format!("cannot listen on {address}: {error}")))?;
    }
    let addresses = server.addrs();
    Ok(BoundServer {
        server: server.run(),
        state: state.clone(),
        addresses,
    })
}

impl BoundServer {
    /// Where it listens; with port 0 in the options, the port that was free.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Answers until `shutdown` is ready, then takes no new connection and lets running requests end.
    ///
    /// # Errors
    /// What made the server end by itself.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        let handle = self.server.handle();
        let mut server = std::pin::pin!(self.server);
        tokio::select! {
            ended = &mut server => return ended,
            () = self.state.write_usage() => {}
            () = shutdown => {}
        }
        tracing::info!("no new requests; running ones may end");
        let (ended, ()) = tokio::join!(server, handle.stop(true));
        self.state.flush_usage().await;
        ended
    }
}

/// Takes the addresses and answers until `shutdown` is ready.
///
/// # Errors
/// As [`bind`] and [`BoundServer::run`].
pub async fn serve(state: &State, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    bind(state)?.run(shutdown).await
}
