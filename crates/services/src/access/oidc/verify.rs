//! Checking a token: from whom, for whom, when, and that it was not changed.

use super::super::{AccessError, Refusal};
use super::{Provider, Signature};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;

/// How far clocks may differ.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);
/// Longest token in bytes.
const LONGEST: usize = 16 * 1024;

/// What a provider says about somebody.
#[derive(Clone, Debug)]
pub(in crate::access) struct Claims {
    pub(in crate::access) subject: String,
    pub(in crate::access) email: Option<String>,
    pub(in crate::access) email_verified: bool,
    pub(in crate::access) given_name: Option<String>,
    pub(in crate::access) family_name: Option<String>,
    pub(in crate::access) expires_at: DateTime<Utc>,
}

#[derive(Debug, Deserialize)]
struct Raw {
    iss: String,
    sub: String,
    aud: Audience,
    exp: f64,
    nbf: Option<f64>,
    email: Option<String>,
    #[serde(default)]
    email_verified: Truth,
    given_name: Option<String>,
    family_name: Option<String>,
}

/// One audience or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Some providers write truth as text.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
enum Truth {
    Bool(bool),
    Text(String),
    #[default]
    Absent,
}

/// Who the token is from, before anything of it is believed.
#[derive(Deserialize)]
struct Issuer {
    iss: String,
}

fn refused(reason: impl Into<String>) -> AccessError {
    AccessError::Token(Refusal::Jwt(reason.into()))
}

/// Checks a token with the keys of the provider that it claims to be from.
pub(in crate::access) async fn verify<'p>(
    providers: &'p [Provider],
    token: &str,
    now: DateTime<Utc>,
) -> Result<(&'p Provider, Claims), AccessError> {
    if token.len() > LONGEST {
        return Err(refused("it is too long"));
    }
    let header =
        decode_header(token).map_err(|error| refused(format!("its header cannot be read: {error}")))?;
    let claimed = jsonwebtoken::dangerous::insecure_decode_claims::<Issuer>(token)
        .map_err(|error| refused(format!("it names no issuer: {error}")))?;
    let provider = providers
        .iter()
        .find(|provider| provider.is_issuer(&claimed.iss))
        .ok_or_else(|| refused("its issuer is not trusted here"))?;
    let allowed = provider
        .terms
        .algorithms
        .iter()
        .map(|signature| algorithm(*signature));
    if !allowed.into_iter().any(|allowed| allowed == header.alg) {
        return Err(refused(format!("its algorithm {:?} is not taken", header.alg)));
    }
    let kind = header.typ.as_deref().map(str::to_ascii_lowercase);
    if !matches!(
        kind.as_deref(),
        None | Some("jwt" | "at+jwt" | "application/at+jwt")
    ) {
        return Err(refused("it is a token of another kind"));
    }
    let key = provider
        .keys
        .find(&provider.terms, header.kid.as_deref(), now)
        .await
        .map_err(|cause| AccessError::Provider {
            issuer: provider.issuer().to_owned(),
            cause,
        })?
        .filter(|key| is_for_signatures(key, header.alg))
        .ok_or_else(|| refused("its key is not one of the provider's"))?;
    let key =
        DecodingKey::from_jwk(&key).map_err(|error| refused(format!("its key cannot be used: {error}")))?;
    let raw = decode::<Raw>(token, &key, &signature_only(header.alg))
        .map_err(|error| refused(format!("it cannot be verified: {error}")))?
        .claims;
    Ok((provider, accepted(provider, raw, now)?))
}

/// The library checks the signature; times are checked here, by our clock.
fn signature_only(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.set_required_spec_claims::<&str>(&[]);
    validation
}

/// A key for encryption, or for another algorithm than the token's, signs nothing.
fn is_for_signatures(key: &Jwk, used: Algorithm) -> bool {
    let for_signatures = !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption));
    let of_the_key = key
        .common
        .key_algorithm
        .is_none_or(|own: KeyAlgorithm| own.to_string().parse::<Algorithm>().is_ok_and(|own| own == used));
    for_signatures && of_the_key
}

fn accepted(provider: &Provider, raw: Raw, now: DateTime<Utc>) -> Result<Claims, AccessError> {
    if !provider.is_issuer(&raw.iss) {
        return Err(refused("it is from somebody else"));
    }
    let meant = |audience: &String| provider.terms.audience.contains(audience);
    let for_us = match &raw.aud {
        Audience::One(one) => meant(one),
        Audience::Several(several) => several.iter().any(meant),
    };
    if !for_us {
        return Err(refused("it is for somebody else"));
    }
    let expires_at = time(raw.exp)? + LEEWAY;
    if expires_at <= now {
        return Err(AccessError::Token(Refusal::Ended));
    }
    if raw
        .nbf
        .map(time)
        .transpose()?
        .is_some_and(|from| from - LEEWAY > now)
    {
        return Err(refused("it is not good yet"));
    }
    if raw.sub.is_empty() || raw.sub.len() > 255 {
        return Err(refused("it names nobody"));
    }
    Ok(Claims {
        subject: raw.sub,
        email: raw.email.filter(|email| !email.trim().is_empty()),
        email_verified: match raw.email_verified {
            Truth::Bool(truth) => truth,
            Truth::Text(text) => text == "true",
            Truth::Absent => false,
        },
        given_name: raw.given_name,
        family_name: raw.family_name,
        expires_at,
    })
}

/// Seconds since 1970, with or without a fraction.
fn time(seconds: f64) -> Result<DateTime<Utc>, AccessError> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "what is no time of this calendar is refused"
    )]
    DateTime::from_timestamp(seconds as i64, 0).ok_or_else(|| refused("its times are no times"))
}

const fn algorithm(signature: Signature) -> Algorithm {
    match signature {
        Signature::RS256 => Algorithm::RS256,
        Signature::RS384 => Algorithm::RS384,
        Signature::RS512 => Algorithm::RS512,
        Signature::PS256 => Algorithm::PS256,
        Signature::PS384 => Algorithm::PS384,
        Signature::PS512 => Algorithm::PS512,
        Signature::ES256 => Algorithm::ES256,
        Signature::ES384 => Algorithm::ES384,
        Signature::EdDSA => Algorithm::EdDSA,
    }
}
