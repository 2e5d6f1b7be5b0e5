//! Tokens of identity providers (`OpenID` Connect): whose they are, checked by the provider's public keys.
//!
//! A provider is trusted because the operator named it. Nothing in a token chooses an address to ask, an algorithm or a key
//! that the provider's own documents do not offer.

mod fetch;
mod keys;
mod verify;

use keys::KeyCache;
use serde::{Deserialize, Serialize};
use url::Url;
pub(super) use verify::{Claims, verify};

/// An identity provider, as the operator names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityProvider {
    /// Its name for itself, the claim `iss`: an `https` address, or `http` on this machine.
    pub issuer: Url,
    /// Values of the claim `aud` that mean this installation; one of them must be in the token.
    pub audience: Vec<String>,
    /// Where its public keys are; asked from its discovery document if absent.
    #[serde(default)]
    pub jwks_uri: Option<Url>,
    /// Algorithms that are taken.
    #[serde(default = "algorithms")]
    pub algorithms: Vec<Signature>,
    /// Whether somebody who is new becomes a user. He has no role until an administrator gives him one.
    #[serde(default = "yes")]
    pub create_users: bool,
    /// Whether somebody with the verified e-mail address of a user is that user.
    #[serde(default = "yes")]
    pub link_by_email: bool,
    /// A file of certificates (PEM) that the provider's is signed by; the public authorities if absent.
    #[serde(default)]
    pub ca_file: Option<std::path::PathBuf>,
}

/// Signatures with a public key. Those with a shared secret are not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names of RFC 7518 and RFC 8037")]
pub enum Signature {
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    EdDSA,
}

fn algorithms() -> Vec<Signature> {
    vec![Signature::RS256, Signature::ES256, Signature::EdDSA]
}

const fn yes() -> bool {
    true
}

impl IdentityProvider {
    /// A provider with what is usual.
    pub fn new(issuer: Url, audience: Vec<String>) -> Self {
        Self {
            issuer,
            audience,
            jwks_uri: None,
            algorithms: algorithms(),
            create_users: true,
            link_by_email: true,
            ca_file: None,
        }
    }

    /// What is wrong with it, if anything: a sentence for the operator.
    pub fn fault(&self) -> Option<String> {
        let issuer = &self.issuer;
        if !fetch::is_safe(issuer) {
            return Some(format!(
                "the identity provider {issuer} must be an https address, or one of this machine"
            ));
        }
        if let Some(keys) = self.jwks_uri.as_ref().filter(|keys| !fetch::is_safe(keys)) {
            return Some(format!(
                "the keys {keys} must be at an https address, or one of this machine"
            ));
        }
        if self.audience.is_empty() {
            return Some(format!(
                "say in `audience` which tokens of {issuer} are meant for this installation: a token for another \
                 application must not open this one"
            ));
        }
        self.algorithms
            .is_empty()
            .then(|| format!("no algorithm of {issuer} would be taken"))
    }
}

/// A provider with the keys that are known of it.
#[derive(Debug)]
pub(super) struct Provider {
    terms: IdentityProvider,
    keys: KeyCache,
}

impl Provider {
    pub(super) fn new(terms: IdentityProvider) -> Self {
        Self {
            terms,
            keys: KeyCache::default(),
        }
    }

    pub(super) fn terms(&self) -> &IdentityProvider {
        &self.terms
    }

    /// The claim `iss`: an address without path is written without the slash that `Url` adds.
    pub(super) fn issuer(&self) -> &str {
        let text = self.terms.issuer.as_str();
        if self.terms.issuer.path() == "/" {
            text.trim_end_matches('/')
        } else {
            text
        }
    }

    pub(super) fn host(&self) -> &str {
        self.terms.issuer.host_str().unwrap_or("provider")
    }

    /// Whether a token says that it is from here. Some providers end their name with a slash.
    fn is_issuer(&self, claim: &str) -> bool {
        claim.trim_end_matches('/') == self.issuer().trim_end_matches('/')
    }
}
