//! Passwords: hashed with Argon2id, two at a time, so that logins do not starve imports.

use super::AccessError;
use crate::StoreError;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Memory in KiB, passes and lanes: the least that OWASP's Password Storage Cheat Sheet (2023) recommends.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Hashes made at the same time.
const AT_ONCE: usize = 2;
/// Shortest password in characters (NIST SP 800-63B-4: 15 where it is the only factor, at least 8; between them lies what
/// people put up with).
const SHORTEST: usize = 12;
/// Longest password in bytes, so that nobody sends a book to be hashed.
const LONGEST: usize = 1_024;
/// The hash of no password, for users that do not exist: finding out costs the same time.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhlcmU$\
                      3PbCxxxP7kXvYV5sLzvWDOrUGnJDs2Y5Rr8tW0nQz2c";

/// Hashes and checks passwords.
#[derive(Clone, Debug)]
pub(super) struct Passwords(Arc<Semaphore>);

impl Default for Passwords {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

fn argon2() -> Result<Argon2<'static>, AccessError> {
    let params = Params::new(MEMORY, PASSES, LANES, None).map_err(failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn failed(error: impl std::fmt::Display) -> AccessError {
    StoreError::Unfit(format!("a password cannot be hashed: {error}")).into()
}

impl Passwords {
    /// Whether a password does: long enough, and not the address itself.
    pub(super) fn check(password: &str, email: &str) -> Result<(), AccessError> {
        let plain = |text: &str| text.trim().to_lowercase();
        let length = password.chars().count();
        let weak = if length < SHORTEST {
            format!("a password has at least {SHORTEST} characters; this one has {length}")
        } else if password.len() > LONGEST {
            format!("a password has at most {LONGEST} bytes")
        } else if plain(password) == plain(email) {
            "the e-mail address is no password".to_owned()
        } else if password.chars().all(|letter| password.starts_with(letter)) {
            "one character over and over is no password".to_owned()
        } else {
            return Ok(());
        };
        Err(AccessError::WeakPassword(weak))
    }

    /// What is kept of a password.
    pub(super) async fn hash(&self, password: &str) -> Result<String, AccessError> {
        let password = password.to_owned();
        self.run(move || {
            let mut salt = [0_u8; 16];
            getrandom::fill(&mut salt).map_err(failed)?;
            let salt = SaltString::encode_b64(&salt).map_err(failed)?;
            let hash = argon2()?
                .hash_password(password.as_bytes(), &salt)
                .map_err(failed)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether the password is the one of which this was kept. Without anything kept it is not, after the same time.
    pub(super) async fn verify(&self, password: &str, kept: Option<&str>) -> Result<bool, AccessError> {
        let (password, exists) = (password.to_owned(), kept.is_some());
        let kept = kept.unwrap_or(NOBODY).to_owned();
        if password.len() > LONGEST {
            return Ok(false);
        }
        self.run(move || {
            let Ok(hash) = PasswordHash::new(&kept) else {
                return Ok(false);
            };
            let is_it = argon2()?.verify_password(password.as_bytes(), &hash).is_ok();
            Ok(is_it && exists)
        })
        .await
    }

    /// Whether what was kept was made with other parameters than today's.
    pub(super) fn is_outdated(kept: &str) -> bool {
        let Ok(hash) = PasswordHash::new(kept) else {
            return true;
        };
        let used = Params::try_from(&hash);
        hash.algorithm.as_str() != "argon2id"
            || used.map_or(true, |used| {
                (used.m_cost(), used.t_cost(), used.p_cost()) != (MEMORY, PASSES, LANES)
            })
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AccessError> + Send + 'static,
    ) -> Result<T, AccessError> {
        let permit = self.0.clone().acquire_owned().await.map_err(failed)?;
        tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(permit);
            outcome
        })
        .await
        .map_err(failed)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other_is() {
        let passwords = Passwords::default();
        let kept = passwords.hash("correct horse battery").await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(
            passwords
                .verify("correct horse battery", Some(&kept))
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .verify("correct horse batterz", Some(&kept))
                .await
                .unwrap()
        );
        assert!(!passwords.verify("correct horse battery", None).await.unwrap());
        assert!(!passwords.verify("x", Some("no hash")).await.unwrap());
        assert!(!Passwords::is_outdated(&kept));
        assert!(Passwords::is_outdated(&kept.replace("t=2", "t=1")));
    }

    #[test]
    fn the_hash_of_nobody_costs_what_every_hash_costs() {
        assert!(PasswordHash::new(NOBODY).is_ok());
        assert!(!Passwords::is_outdated(NOBODY));
    }

    #[test]
    fn weak_passwords_are_refused_with_what_is_wrong() {
        for (password, wrong) in [
            ("short", "at least 12"),
            ("aaaaaaaaaaaaaaaa", "over and over"),
            ("Ann.Smith@Example.com", "no password"),
        ] {
            let error = Passwords::check(password, "ann.smith@example.com")
                .unwrap_err()
                .to_string();
            assert!(error.contains(wrong), "{error}");
        }
        assert!(Passwords::check(&"x1".repeat(600), "a@b.c").is_err());
        assert!(Passwords::check("correct horse battery", "a@b.c").is_ok());
    }
}
