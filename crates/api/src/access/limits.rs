//! How much one caller may ask for, and how often somebody may be wrong about who he is.

use crate::error::{ApiError, ApiResult};
use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::num::NonZeroU32;
use std::time::Duration;

/// Seconds of requests that may be made at once.
const BURST_SECONDS: u32 = 5;
/// Wrong tokens from one address: this many at once, then one in so many seconds.
const WRONG_TOKENS: (NonZeroU32, Duration) = (NonZeroU32::new(30).unwrap(), Duration::from_secs(2));
/// Logins of one user from one address: this many at once, then one in so many seconds.
const LOGINS: (NonZeroU32, Duration) = (NonZeroU32::new(10).unwrap(), Duration::from_secs(90));
/// Callers remembered before those who have been quiet are forgotten.
const MANY: usize = 10_000;

type Limiter = RateLimiter<String, HashMapStateStore<String>, DefaultClock>;

/// Requests of callers, wrong tokens, and logins.
pub(crate) struct Limits {
    requests: Option<Limiter>,
    wrong_tokens: Limiter,
    logins: Limiter,
}

fn limiter(quota: Quota) -> Limiter {
    RateLimiter::new(quota, HashMapStateStore::default(), DefaultClock::default())
}

fn one_in((burst, period): (NonZeroU32, Duration)) -> Limiter {
    limiter(
        Quota::with_period(period)
            .unwrap_or(Quota::per_minute(burst))
            .allow_burst(burst),
    )
}

fn check(limiter: &Limiter, key: &str, message: &'static str) -> ApiResult<()> {
    if limiter.len() > MANY {
        limiter.retain_recent();
    }
    limiter.check_key(&key.to_owned()).map_err(|until| {
        let wait = until.wait_time_from(DefaultClock::default().now());
        ApiError::rate_limited(message, wait)
    })
}

impl Limits {
    pub(crate) fn new(requests_per_second: Option<NonZeroU32>) -> Self {
        let requests = requests_per_second.map(|rate| {
            let burst = rate.saturating_mul(NonZeroU32::MIN.saturating_add(BURST_SECONDS - 1));
            limiter(Quota::per_second(rate).allow_burst(burst))
        });
        Self {
            requests,
            wrong_tokens: one_in(WRONG_TOKENS),
            logins: one_in(LOGINS),
        }
    }

    /// Counts a request of a caller.
    pub(crate) fn request(&self, caller: &str) -> ApiResult<()> {
        match &self.requests {
            Some(limiter) => check(limiter, caller, "too many requests: ask less often"),
            None => Ok(()),
        }
    }

    /// Counts a wrong token from an address.
    pub(crate) fn wrong_token(&self, address: &str) -> ApiResult<()> {
        check(
            &self.wrong_tokens,
            address,
            "too many wrong tokens from this address: wait",
        )
    }

    /// Counts a try to log in as a user from an address.
    pub(crate) fn login(&self, email: &str, address: &str) -> ApiResult<()> {
        let key = format!("{} {address}", email.trim().to_lowercase());
        check(
            &self.logins,
            &key,
            "too many tries to log in: wait before the next one",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn a_caller_who_asks_too_much_is_stopped_and_others_are_not() {
        let limits = Limits::new(NonZeroU32::new(2));
        for _ in 0..10 {
            limits.request("a").unwrap();
        }
        assert_eq!(limits.request("a").unwrap_err().code(), Code::RateLimited);
        limits.request("b").unwrap();
        let unlimited = Limits::new(None);
        assert!((0..1_000).all(|_| unlimited.request("a").is_ok()));
    }

    #[test]
    fn tries_to_log_in_are_counted_by_user_and_address_whatever_the_spelling() {
        let limits = Limits::new(None);
        for _ in 0..10 {
            limits.login("Ann@Example.com", "10.0.0.1").unwrap();
        }
        assert_eq!(
            limits.login(" ann@example.com", "10.0.0.1").unwrap_err().code(),
            Code::RateLimited
        );
        limits.login("ann@example.com", "10.0.0.2").unwrap();
        limits.login("bob@example.com", "10.0.0.1").unwrap();
    }
}
