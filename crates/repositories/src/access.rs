//! Who may do what in a client account and its engagements.

use crate::scoped::{ScopedWrites, insert};
use crate::{StoreResult, SystemUow, Uow};
use chrono::{DateTime, Utc};
use landfall_compat::words;
use landfall_domain::{ClientAccountId, EngagementId, Role, UserId, ids};
use landfall_entities::{TenantScoped, client_access, engagement_access, user_account_associations};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// One role of one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Whose it is.
    pub user_id: UserId,
    /// In which client account.
    pub client_account_id: ClientAccountId,
    /// In which engagement; absent for the whole client account.
    pub engagement_id: Option<EngagementId>,
    /// What he may do there.
    pub role: Role,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
    /// Who gave it; the nil id where the program did.
    pub granted_by: UserId,
}

/// Roles in the client account of the unit of work's scope.
#[derive(Debug)]
pub struct AccessRepository<'u> {
    uow: &'u Uow,
}

impl Uow {
    /// Who may do what in the scope's client account.
    pub fn access(&self) -> AccessRepository<'_> {
        AccessRepository { uow: self }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "roles in all engagements of the client account, not the scope's alone; the client account is added here"
)]
impl AccessRepository<'_> {
    /// The roles of a user here, for the whole client account and for engagements, those that have not ended.
    pub async fn of_user(&self, user: UserId) -> StoreResult<Vec<Grant>> {
        let clients = client_access::Entity::of(self.uow.scope())
            .filter(client_access::Column::UserProfileId.eq(user))
            .all(&self.uow.connection)
            .await?;
        let engagements = engagement_access::Entity::find()
            .filter(engagement_access::Column::ClientAccountId.eq(self.client()))
            .filter(engagement_access::Column::UserProfileId.eq(user))
            .all(&self.uow.connection)
            .await?;
        Ok(grants(clients, engagements, self.uow.now()))
    }

    /// Every role of everybody here that has not ended.
    pub async fn all(&self) -> StoreResult<Vec<Grant>> {
        let clients = client_access::Entity::of(self.uow.scope())
            .all(&self.uow.connection)
            .await?;
        let engagements = engagement_access::Entity::find()
            .filter(engagement_access::Column::ClientAccountId.eq(self.client()))
            .all(&self.uow.connection)
            .await?;
        Ok(grants(clients, engagements, self.uow.now()))
    }

    /// Gives a user a role in the client account, or in one engagement, in the place of the one he has there.
    pub async fn grant(
        &self,
        user: UserId,
        engagement: Option<EngagementId>,
        role: Role,
        expires_at: Option<DateTime<Utc>>,
    ) -> StoreResult<()> {
        self.take_away(user, engagement).await?;
        let (now, by) = (self.uow.now(), self.uow.scope().actor.user_id);
        let granted_by = by.unwrap_or(UserId(Uuid::nil()));
        if let Some(engagement_id) = engagement {
            let row = engagement_access::Model {
                client_account_id: self.client(),
                id: ids::new_uuid(),
                engagement_id,
                user_profile_id: user,
                access_level: role.as_str().to_owned(),
                engagement_role: None,
                permissions: None,
                restricted_sessions: None,
                allowed_session_types: None,
                granted_at: Some(now),
                granted_by,
                expires_at,
                is_active: true,
                last_accessed_at: None,
                access_count: Some(0),
                created_at: now,
                updated_at: now,
            };
            insert(&self.uow.connection, row).await?;
        } else {
            let row = client_access::Model {
                client_account_id: self.client(),
                id: ids::new_uuid(),
                user_profile_id: user,
                access_level: role.as_str().to_owned(),
                permissions: None,
                restricted_environments: None,
                restricted_data_types: None,
                granted_at: Some(now),
                granted_by,
                expires_at,
                is_active: true,
                last_accessed_at: None,
                access_count: Some(0),
                created_at: now,
                updated_at: now,
            };
            insert(&self.uow.connection, row).await?;
        }
        self.belong(user).await
    }

    /// Takes a user's role in the client account, or in one engagement, away. Gives whether he had one.
    pub async fn revoke(&self, user: UserId, engagement: Option<EngagementId>) -> StoreResult<bool> {
        let had = self.take_away(user, engagement).await? > 0;
        self.belong(user).await?;
        Ok(had)
    }

    /// Takes all of a user's roles here away. Gives whether he had any.
    pub async fn revoke_all(&self, user: UserId) -> StoreResult<bool> {
        let had = engagement_access::Entity::delete_many()
            .filter(engagement_access::Column::ClientAccountId.eq(self.client()))
            .filter(engagement_access::Column::UserProfileId.eq(user))
            .exec(&self.uow.connection)
            .await?
            .rows_affected;
        Ok(self.revoke(user, None).await? || had > 0)
    }

    async fn take_away(&self, user: UserId, engagement: Option<EngagementId>) -> StoreResult<u64> {
        let deleted = match engagement {
            Some(engagement) => {
                use engagement_access::Column;
                engagement_access::Entity::delete_many()
                    .filter(Column::ClientAccountId.eq(self.client()))
                    .filter(Column::EngagementId.eq(engagement))
                    .filter(Column::UserProfileId.eq(user))
                    .exec(&self.uow.connection)
                    .await?
            }
            None => {
                client_access::Entity::delete_of(self.uow.scope())
                    .filter(client_access::Column::UserProfileId.eq(user))
                    .exec(&self.uow.connection)
                    .await?
            }
        };
        Ok(deleted.rows_affected)
    }

    /// Keeps the list of the user's client accounts, which is read before there is a tenant.
    async fn belong(&self, user: UserId) -> StoreResult<()> {
        use user_account_associations::Column;
        user_account_associations::Entity::delete_many()
            .filter(Column::UserId.eq(user))
            .filter(Column::ClientAccountId.eq(self.client()))
            .exec(&self.uow.connection)
            .await?;
        let Some(greatest) = self
            .of_user(user)
            .await?
            .into_iter()
            .map(|grant| grant.role)
            .max()
        else {
            return Ok(());
        };
        let now = self.uow.now();
        let row = user_account_associations::Model {
            id: ids::new_uuid(),
            user_id: user,
            client_account_id: self.client(),
            role: greatest.as_str().to_owned(),
            created_at: now,
            updated_at: now,
            created_by: self.uow.scope().actor.user_id,
        };
        insert(&self.uow.connection, row).await
    }

    fn client(&self) -> ClientAccountId {
        self.uow.scope().client_account_id
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "one user's roles in every client account"
)]
impl SystemUow {
    /// The roles of a user everywhere that have not ended.
    pub async fn access_of(&self, user: UserId) -> StoreResult<Vec<Grant>> {
        let clients = client_access::Entity::find()
            .filter(client_access::Column::UserProfileId.eq(user))
            .all(&self.connection)
            .await?;
        let engagements = engagement_access::Entity::find()
            .filter(engagement_access::Column::UserProfileId.eq(user))
            .all(&self.connection)
            .await?;
        Ok(grants(clients, engagements, self.now()))
    }
}

/// The rows as roles. A row whose word is no role gives none: who wrote it meant something that is not known here.
fn grants(
    clients: Vec<client_access::Model>,
    engagements: Vec<engagement_access::Model>,
    now: DateTime<Utc>,
) -> Vec<Grant> {
    let counts = |is_active: bool, end: Option<DateTime<Utc>>| is_active && end.is_none_or(|end| end > now);
    let clients = clients
        .into_iter()
        .filter(|row| counts(row.is_active, row.expires_at))
        .filter_map(|row| {
            Some(Grant {
                user_id: row.user_profile_id,
                client_account_id: row.client_account_id,
                engagement_id: None,
                role: words::role(&row.access_level)?,
                expires_at: row.expires_at,
                granted_by: row.granted_by,
            })
        });
    let engagements = engagements
        .into_iter()
        .filter(|row| counts(row.is_active, row.expires_at))
        .filter_map(|row| {
            Some(Grant {
                user_id: row.user_profile_id,
                client_account_id: row.client_account_id,
                engagement_id: Some(row.engagement_id),
                role: words::role(&row.access_level)?,
                expires_at: row.expires_at,
                granted_by: row.granted_by,
            })
        });
    clients.chain(engagements).collect()
}
