//! Who still uses old names and paths: counted in memory, written down in batches.

use crate::Services;
use landfall_domain::{Actor, ClientAccountId, EngagementId, Scope};
pub use landfall_repositories::UseKind;
pub use landfall_repositories::entities::compat_usage::Model as UsageRow;
use landfall_repositories::{CompatUse, StoreResult};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Distinct names that are kept for one scope between two writings; further ones are counted together.
const MOST_NAMES: usize = 500;
/// Longest name that is kept, in characters.
const LONGEST_NAME: usize = 100;
/// The name of those that were not kept apart.
pub const OTHERS: &str = "(others)";

type ScopeKey = (ClientAccountId, EngagementId);
type Name = (UseKind, String, String, String);

/// Uses of old names since they were written down last. Cheap to clone; all clones count together.
#[derive(Clone, Debug, Default)]
pub struct UsageCounter(Arc<Mutex<HashMap<ScopeKey, HashMap<Name, i64>>>>);

impl UsageCounter {
    /// Counts a use by the scope's actor. `resource` is that of the field, or the version of the path.
    pub fn count(&self, scope: &Scope, kind: UseKind, resource: &str, name: &str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_scope = counts
            .entry((scope.client_account_id, scope.engagement_id))
            .or_default();
        let shown: String = name.chars().take(LONGEST_NAME).collect();
        let mut key = (kind, resource.to_owned(), shown, scope.actor.name.clone());
        if of_scope.len() >= MOST_NAMES && !of_scope.contains_key(&key) {
            OTHERS.clone_into(&mut key.2);
        }
        *of_scope.entry(key).or_default() += 1;
    }

    fn scopes(&self) -> Vec<ScopeKey> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.keys().copied().collect()
    }

    fn take(&self, scope: ScopeKey) -> Vec<CompatUse> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = counts.remove(&scope).unwrap_or_default();
        taken
            .into_iter()
            .map(|((kind, resource, name, actor_name), uses)| CompatUse {
                kind,
                resource,
                name,
                actor_name,
                uses,
            })
            .collect()
    }

    fn give_back(&self, scope: ScopeKey, uses: Vec<CompatUse>) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_scope = counts.entry(scope).or_default();
        for each in uses {
            let key = (each.kind, each.resource, each.name, each.actor_name);
            *of_scope.entry(key).or_default() += each.uses;
        }
    }
}

impl Services {
    /// Writes down what was counted, one statement for each scope. What cannot be written is counted on.
    pub async fn flush_usage(&self, counter: &UsageCounter) -> StoreResult<()> {
        for scope in counter.scopes() {
            self.flush_scope(counter, scope).await?;
        }
        Ok(())
    }

    /// Who uses which old names in a scope, the latest first. What was counted is written down before.
    pub async fn compat_usage(&self, scope: &Scope, counter: &UsageCounter) -> StoreResult<Vec<UsageRow>> {
        self.flush_scope(counter, (scope.client_account_id, scope.engagement_id))
            .await?;
        let uow = self.store().begin_read(scope).await?;
        uow.compat_usage().list().await
    }

    async fn flush_scope(&self, counter: &UsageCounter, key: ScopeKey) -> StoreResult<()> {
        let uses = counter.take(key);
        if uses.is_empty() {
            return Ok(());
        }
        let scope = Scope {
            client_account_id: key.0,
            engagement_id: key.1,
            actor: Actor::system("compat usage"),
        };
        let written = async {
            let uow = self.store().begin(&scope).await?;
            uow.compat_usage().add(uses.clone()).await?;
            uow.commit().await
        }
        .await;
        if written.is_err() {
            counter.give_back(key, uses);
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_beyond_the_bound_are_counted_together_and_nothing_is_lost() {
        let scope = Scope {
            client_account_id: ClientAccountId::new(),
            engagement_id: EngagementId::new(),
            actor: Actor::system("test"),
        };
        let counter = UsageCounter::default();
        for number in 0..MOST_NAMES + 7 {
            counter.count(&scope, UseKind::Ignored, "r", &format!("n{number}"));
        }
        counter.count(&scope, UseKind::Ignored, "r", "n1");
        let key = (scope.client_account_id, scope.engagement_id);
        let uses = counter.take(key);
        let others = uses.iter().find(|each| each.name == OTHERS).map(|each| each.uses);
        assert_eq!(others, Some(7));
        assert_eq!(
            uses.iter().map(|each| each.uses).sum::<i64>(),
            i64::try_from(MOST_NAMES).unwrap() + 8
        );
        assert!(counter.take(key).is_empty());
        counter.give_back(key, uses);
        assert_eq!(counter.take(key).len(), MOST_NAMES + 1);
    }
}
