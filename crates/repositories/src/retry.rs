//! Doing a whole unit of work again when the database asks for it.

use crate::StoreError;
use std::time::Duration;

/// Attempts of [`retry`], the first one included.
pub const ATTEMPTS: u32 = 5;

/// An error that knows whether the same work may succeed when it is done again.
pub trait Transient {
    /// Whether to try again.
    fn is_transient(&self) -> bool;
}

impl Transient for StoreError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Retryable(_))
    }
}

/// Runs `work`, which begins and commits its own unit of work, until it succeeds, fails for good or has been tried
/// [`ATTEMPTS`] times. Between attempts it waits 10 ms, 20 ms, 40 ms …
pub async fn retry<T, E, F, Work>(mut work: F) -> Result<T, E>
where
    E: Transient,
    F: FnMut() -> Work,
    Work: Future<Output = Result<T, E>>,
{
    let mut attempt = 1;
    loop {
        match work().await {
            Err(error) if error.is_transient() && attempt < ATTEMPTS => {
                tokio::time::sleep(Duration::from_millis(5 << attempt)).await;
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ATTEMPTS, Transient, retry};
    use std::cell::Cell;

    #[derive(Debug, PartialEq)]
    struct Busy(bool);

    impl Transient for Busy {
        fn is_transient(&self) -> bool {
            self.0
        }
    }

    #[tokio::test]
    async fn work_that_loses_twice_succeeds_at_the_third_attempt() {
        let tries = Cell::new(0);
        let outcome = retry(|| async {
            tries.set(tries.get() + 1);
            if tries.get() < 3 {
                Err(Busy(true))
            } else {
                Ok(tries.get())
            }
        });
        assert_eq!(outcome.await, Ok(3));
    }

    #[tokio::test]
    async fn work_that_fails_for_good_or_always_loses_ends() {
        let tries = Cell::new(0);
        let fails = |transient| {
            tries.set(tries.get() + 1);
            async move { Err::<(), _>(Busy(transient)) }
        };
        assert_eq!(retry(|| fails(false)).await, Err(Busy(false)));
        assert_eq!(tries.replace(0), 1);
        assert_eq!(retry(|| fails(true)).await, Err(Busy(true)));
        assert_eq!(tries.get(), ATTEMPTS);
    }
}
