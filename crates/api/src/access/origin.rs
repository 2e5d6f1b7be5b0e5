//! Where a request comes from.

use crate::state::State;
use actix_web::HttpRequest;
use actix_web::http::header::{HeaderMap, USER_AGENT};
use actix_web::web::Data;
use ipnet::IpNet;
use landfall_services::access::Origin;
use std::net::IpAddr;

/// Longest text of a client that is kept, in characters.
const LONGEST: usize = 512;

/// Where a request comes from, as far as the network and trusted proxies say.
pub(super) fn origin(request: &HttpRequest) -> Origin {
    let kept = |text: &str| text.chars().take(LONGEST).collect::<String>();
    let trusted = request
        .app_data::<Data<State>>()
        .map(|state| state.options().trusted_proxies.as_slice())
        .unwrap_or_default();
    let peer = request.peer_addr().map(|peer| peer.ip());
    Origin {
        ip_address: peer.map(|peer| client(peer, request.headers(), trusted).to_string()),
        user_agent: request
            .headers()
            .get(USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .map(kept),
        method: Some(request.method().to_string()),
        path: Some(kept(request.path())),
    }
}

/// The nearest address that is no trusted proxy. What a client itself writes into the header lies beyond it.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut nearest = peer;
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for address in forwarded.into_iter().rev() {
        if !is_trusted(&nearest) {
            break;
        }
        let Ok(address) = address.trim().parse() else {
            break;
        };
        nearest = address;
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    #[test]
    fn only_trusted_proxies_say_who_is_behind_them() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        let seen = |peer: &str, forwarded: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(
                HeaderName::from_static("x-forwarded-for"),
                HeaderValue::from_static(forwarded),
            );
            client(peer.parse().unwrap(), &headers, &trusted).to_string()
        };
        assert_eq!(seen("10.0.0.1", "198.51.100.7"), "198.51.100.7");
        assert_eq!(
            seen("10.0.0.1", "1.2.3.4, 198.51.100.7, 10.0.0.2"),
            "198.51.100.7"
        );
        assert_eq!(seen("203.0.113.9", "198.51.100.7"), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", "somebody"), "10.0.0.1");
    }
}
