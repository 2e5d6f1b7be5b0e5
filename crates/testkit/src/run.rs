//! One test body, two tests.

use crate::database::{Backend, TestDatabase};

/// Runs a test's body with a migrated database on `backend`, on a runtime with two worker threads.
///
/// # Panics
/// If the runtime or the database cannot be made.
pub fn run_on<T, F: Future<Output = T>>(backend: Backend, body: impl FnOnce(TestDatabase) -> F) -> T {
    #[expect(clippy::expect_used, reason = "a test cannot go on without a runtime")]
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a tokio runtime starts");
    runtime.block_on(async { body(TestDatabase::new(backend).await).await })
}

/// Writes each body as two tests, `name::sqlite` and `name::postgres`, so that a failure names the backend. The body gets
/// a migrated database of its own; it may return a `Result`.
///
/// ```
/// landfall_testkit::both_backends! {
///     async fn an_asset_is_found_by_its_hostname(db: TestDatabase) {
///         assert!(!db.url().is_empty());
///     }
/// }
/// ```
#[macro_export]
macro_rules! both_backends {
    ($(
        $(#[$attribute:meta])*
        async fn $name:ident($database:ident: TestDatabase) $(-> $answer:ty)? $body:block
    )+) => {$(
        $(#[$attribute])*
        async fn $name($database: $crate::TestDatabase) $(-> $answer)? $body

        #[cfg(test)]
        mod $name {
            #[test]
            fn sqlite() -> impl std::process::Termination {
                $crate::run_on($crate::Backend::Sqlite, super::$name)
            }

            #[test]
            fn postgres() -> impl std::process::Termination {
                $crate::run_on($crate::Backend::Postgres, super::$name)
            }
        }
    )+};
}
