//! What an operator can set about the API.

use ipnet::IpNet;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

/// How the API listens and what it takes.
#[derive(Clone, Debug)]
pub struct ApiOptions {
    /// Addresses to listen on; port 0 takes any free port.
    pub bind: Vec<SocketAddr>,
    /// Whether everybody must say who he is. Without it, only addresses of the machine itself can be listened on.
    pub authentication: bool,
    /// Requests per second that one caller may make on average, with bursts of five times as many; without limit if absent.
    pub requests_per_second: Option<NonZeroU32>,
    /// Networks of proxies that are believed when they say for whom they ask (`X-Forwarded-For`).
    pub trusted_proxies: Vec<IpNet>,
    /// Origins of other sites whose pages may ask, such as `https://plan.example.com`. None by default.
    pub cors_origins: Vec<String>,
    /// Largest JSON body in bytes.
    pub json_limit: usize,
    /// Threads that answer; one for each processor if absent.
    pub workers: Option<usize>,
    /// How long running requests may take to end after the signal to stop.
    pub shutdown_timeout: Duration,
}

impl Default for ApiOptions {
    fn default() -> Self {
        Self {
            bind: vec![SocketAddr::from(([127, 0, 0, 1], 8080))],
            authentication: false,
            requests_per_second: None,
            trusted_proxies: Vec::new(),
            cors_origins: Vec::new(),
            json_limit: 2 * 1024 * 1024,
            workers: None,
            shutdown_timeout: Duration::from_secs(30),
        }
    }
}
