//! Asking a provider for its documents: small ones, soon, from where the operator said, and never by way of another place.

use serde::de::DeserializeOwned;
use std::path::PathBuf;
use std::time::Duration;
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use url::{Host, Url};

/// Longest wait for a document.
const PATIENCE: Duration = Duration::from_secs(10);
/// Largest document in bytes.
const LARGEST: u64 = 256 * 1024;

/// Whether what comes from this address is what its owner sent: it is encrypted, or never leaves this machine.
pub(super) fn is_safe(url: &Url) -> bool {
    match url.scheme() {
        "https" => url.host().is_some(),
        "http" => match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        },
        _ => false,
    }
}

/// A JSON document.
pub(super) async fn json<T: DeserializeOwned + Send + 'static>(
    url: Url,
    ca_file: Option<PathBuf>,
) -> Result<T, String> {
    if !is_safe(&url) {
        return Err(format!("{url} is neither https nor on this machine"));
    }
    let asked = url.clone();
    tokio::task::spawn_blocking(move || {
        let text = agent(ca_file)?
            .get(asked.as_str())
            .call()
            .map_err(|error| error.to_string())?
            .body_mut()
            .with_config()
            .limit(LARGEST)
            .read_to_string()
            .map_err(|error| error.to_string())?;
        serde_json::from_str(&text).map_err(|error| error.to_string())
    })
    .await
    .map_err(|error| error.to_string())?
    .map_err(|error| format!("{url}: {error}"))
}

fn agent(ca_file: Option<PathBuf>) -> Result<Agent, String> {
    let mut tls = TlsConfig::builder();
    if let Some(file) = ca_file {
        let pem = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let certificates: Vec<Certificate<'static>> = parse_pem(&pem)
            .filter_map(|item| match item {
                Ok(PemItem::Certificate(certificate)) => Some(certificate),
                _ => None,
            })
            .collect();
        if certificates.is_empty() {
            return Err(format!("there is no certificate in {}", file.display()));
        }
        tls = tls.root_certs(RootCerts::from(certificates));
    }
    let config = Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .proxy(None)
        .tls_config(tls.build())
        .build();
    Ok(Agent::new_with_config(config))
}

#[cfg(test)]
mod tests {
    use super::is_safe;

    #[test]
    fn only_encrypted_addresses_and_those_of_this_machine_are_asked() {
        for (url, safe) in [
            ("https://login.example.com/realm", true),
            ("http://127.0.0.1:8080/", true),
            ("http://[::1]:8080/", true),
            ("http://localhost/", true),
            ("http://login.example.com/", false),
            ("http://169.254.169.254/latest/meta-data", false),
            ("http://localhost.example.com/", false),
            ("file:///etc/passwd", false),
        ] {
            assert_eq!(is_safe(&url.parse().unwrap()), safe, "{url}");
        }
    }
}
