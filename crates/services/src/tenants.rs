//! Client accounts and their engagements.

mod erase;

use crate::Services;
pub use erase::{EraseError, Erased};
use landfall_domain::ids::fixed;
use landfall_domain::{Actor, ClientAccountId, EngagementId, Scope};
pub use landfall_repositories::entities::client_accounts::Model as ClientAccount;
pub use landfall_repositories::entities::engagements::Model as Engagement;
pub use landfall_repositories::{NewClientAccount, NewEngagement};
use landfall_repositories::{StoreError, StoreResult, Transient, retry};
use uuid::Uuid;

/// Why a client account or engagement was not made or found.
#[derive(Debug, thiserror::Error)]
pub enum TenantError {
    /// The name is in use.
    #[error("there is a {what} called '{name}' already: choose another name")]
    NameTaken {
        /// `client account` or `engagement`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// The database refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Transient for TenantError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}

/// A client account as seen from the outside of its engagements.
fn of_client(client: ClientAccountId) -> Scope {
    Scope {
        client_account_id: client,
        engagement_id: EngagementId(Uuid::nil()),
        actor: Actor::system("tenants"),
    }
}

fn taken(error: StoreError, what: &'static str, name: &str) -> TenantError {
    match error {
        StoreError::Duplicate { .. } => TenantError::NameTaken {
            what,
            name: name.to_owned(),
        },
        other => other.into(),
    }
}

impl Services {
    /// Says whether the scope's engagement exists in its client account.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if it does not, whichever of the two is missing.
    pub async fn check_scope(&self, scope: &Scope) -> StoreResult<()> {
        self.store()
            .begin_read(scope)
            .await?
            .engagements()
            .current()
            .await
            .map(|_| ())
    }

    /// Says whether the database answers and has the schema.
    pub async fn check_ready(&self) -> StoreResult<()> {
        let nobody = Scope {
            client_account_id: fixed::TEST_CLIENT_ACCOUNT,
            engagement_id: fixed::TEST_ENGAGEMENT,
            actor: Actor::system("readiness"),
        };
        match self.check_scope(&nobody).await {
            Ok(()) | Err(StoreError::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Every client account, by name.
    pub async fn client_accounts(&self) -> StoreResult<Vec<ClientAccount>> {
        self.store()
            .begin_system("list client accounts")
            .await?
            .tenants()
            .client_accounts()
            .await
    }

    /// One client account.
    pub async fn client_account(&self, client: ClientAccountId) -> StoreResult<ClientAccount> {
        self.store()
            .begin_read(&of_client(client))
            .await?
            .engagements()
            .client_account()
            .await
    }

    /// Makes a client account.
    pub async fn create_client_account(&self, new: NewClientAccount) -> Result<ClientAccount, TenantError> {
        retry(|| async {
            let uow = self.store().begin_system("create client account").await?;
            let created = uow.tenants().create_client_account(new.clone()).await;
            let created = created.map_err(|error| taken(error, "client account", &new.name))?;
            uow.commit().await?;
            Ok(created)
        })
        .await
    }

    /// Every engagement of a client account, by name.
    pub async fn engagements(&self, client: ClientAccountId) -> StoreResult<Vec<Engagement>> {
        let uow = self.store().begin_read(&of_client(client)).await?;
        uow.engagements().client_account().await?;
        uow.engagements().of_client_account().await
    }

    /// Makes an engagement of a client account.
    pub async fn create_engagement(
        &self,
        client: ClientAccountId,
        new: NewEngagement,
    ) -> Result<Engagement, TenantError> {
        self.client_account(client).await?;
        retry(|| async {
            let uow = self.store().begin_system("create engagement").await?;
            let created = uow.tenants().create_engagement(client, new.clone()).await;
            let created = created.map_err(|error| taken(error, "engagement", &new.name))?;
            uow.commit().await?;
            Ok(created)
        })
        .await
    }
}
