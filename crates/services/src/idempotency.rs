//! Requests that must not be done twice.

use crate::Services;
use chrono::TimeDelta;
use landfall_domain::Scope;
pub use landfall_repositories::{KeptAnswer, KeyState};
use landfall_repositories::{StoreResult, retry};
use uuid::Uuid;

/// How long an answer is kept for repetitions.
pub const KEPT: TimeDelta = TimeDelta::hours(24);
/// How long whoever does a request may take before its key counts as abandoned.
const LOCKED: TimeDelta = TimeDelta::minutes(30);

impl Services {
    /// Takes the key of a request, unless somebody has it.
    pub async fn claim_key(&self, scope: &Scope, id: Uuid) -> StoreResult<KeyState> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let now = uow.now();
            let state = uow.idempotency().claim(id, now + LOCKED, now + KEPT).await?;
            uow.commit().await?;
            Ok(state)
        })
        .await
    }

    /// What became of the request that has the key; `None` if nobody has it any more.
    pub async fn look_at_key(&self, scope: &Scope, id: Uuid) -> StoreResult<Option<KeyState>> {
        self.store().begin_read(scope).await?.idempotency().look(id).await
    }

    /// Leaves the answer for repetitions of the request.
    pub async fn keep_answer(&self, scope: &Scope, id: Uuid, answer: KeptAnswer) -> StoreResult<()> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            uow.idempotency().keep(id, answer.clone()).await?;
            uow.commit().await
        })
        .await
    }

    /// Gives the key back: the request had no effect.
    pub async fn release_key(&self, scope: &Scope, id: Uuid) -> StoreResult<()> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            uow.idempotency().release(id).await?;
            uow.commit().await
        })
        .await
    }
}
