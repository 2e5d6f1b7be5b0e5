//! The public keys of a provider, asked for seldom.

use super::{IdentityProvider, fetch};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;
use url::Url;

/// How long keys are used before they are asked for again.
const FRESH: TimeDelta = TimeDelta::hours(1);
/// How long old keys are used while the provider does not answer.
const STALE: TimeDelta = TimeDelta::hours(24);
/// How often at most a key that is not known makes the keys be asked for: tokens with made-up keys cost nothing.
const UNKNOWN_KEY: TimeDelta = TimeDelta::minutes(5);
/// How soon after a failure the provider is asked again.
const FAILED: TimeDelta = TimeDelta::seconds(10);

/// The keys that are known.
#[derive(Debug, Default)]
pub(super) struct KeyCache(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    keys: Vec<Jwk>,
    since: Option<DateTime<Utc>>,
    asked: Option<DateTime<Utc>>,
    failure: Option<String>,
}

/// What of a discovery document is needed.
#[derive(Debug, Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: Url,
}

impl KeyCache {
    /// The key of this name; the only key, if the token names none.
    ///
    /// # Errors
    /// Why there are no keys, if the provider has never answered, or not for too long.
    pub(super) async fn find(
        &self,
        terms: &IdentityProvider,
        name: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Option<Jwk>, String> {
        let mut known = self.0.lock().await;
        let found = known.find(name);
        let age = known.since.map(|since| now - since);
        let wanted = match (age, &found) {
            (None, _) => TimeDelta::zero(),
            (Some(age), _) if age >= FRESH => TimeDelta::zero(),
            (Some(_), None) => UNKNOWN_KEY,
            (Some(_), Some(_)) => return Ok(found),
        };
        let wait = if known.failure.is_some() {
            wanted.max(FAILED)
        } else {
            wanted
        };
        if known.asked.is_none_or(|asked| now - asked >= wait) {
            known.asked = Some(now);
            match ask(terms).await {
                Ok(keys) => {
                    known.keys = keys;
                    known.since = Some(now);
                    known.failure = None;
                }
                Err(error) => {
                    tracing::warn!(issuer = %terms.issuer, error, "the keys of the identity provider cannot be asked");
                    known.failure = Some(error);
                }
            }
        }
        match (known.since, &known.failure) {
            (Some(since), _) if now - since < STALE => Ok(known.find(name)),
            (_, failure) => Err(failure
                .clone()
                .unwrap_or_else(|| "it has not answered".to_owned())),
        }
    }
}

impl Known {
    fn find(&self, name: Option<&str>) -> Option<Jwk> {
        match name {
            Some(name) => self
                .keys
                .iter()
                .find(|key| key.common.key_id.as_deref() == Some(name))
                .cloned(),
            None => <&[Jwk; 1]>::try_from(self.keys.as_slice())
                .ok()
                .map(|[only]| only.clone()),
        }
    }
}

async fn ask(terms: &IdentityProvider) -> Result<Vec<Jwk>, String> {
    let address = match &terms.jwks_uri {
        Some(address) => address.clone(),
        None => discover(terms).await?,
    };
    let document: Value = fetch::json(address, terms.ca_file.clone()).await?;
    // One key of a kind that is not known here must not hide the others.
    let keys = document
        .get("keys")
        .and_then(Value::as_array)
        .ok_or("the keys of the identity provider have no list `keys`")?;
    let keys = keys
        .iter()
        .filter_map(|key| serde_json::from_value(key.clone()).ok());
    Ok(JwkSet { keys: keys.collect() }.keys)
}

/// Where the keys are, by the provider's discovery document, which must be the provider's own.
async fn discover(terms: &IdentityProvider) -> Result<Url, String> {
    let issuer = terms.issuer.as_str().trim_end_matches('/');
    let address = format!("{issuer}/.well-known/openid-configuration");
    let address = address.parse().map_err(|error| format!("{address}: {error}"))?;
    let found: Discovery = fetch::json(address, terms.ca_file.clone()).await?;
    if found.issuer.trim_end_matches('/') != issuer {
        return Err(format!(
            "the discovery document of {issuer} is of {}",
            found.issuer
        ));
    }
    // Only a provider on this machine may have its keys on this machine.
    if found.jwks_uri.scheme() != "https" && terms.issuer.scheme() == "https" {
        return Err(format!(
            "the keys {} are not encrypted on their way",
            found.jwks_uri
        ));
    }
    Ok(found.jwks_uri)
}
