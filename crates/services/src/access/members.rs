//! Who belongs to a client account, and with which roles.

use super::audit::Event;
use super::{Access, AccessError, Identity, Origin};
use crate::Services;
use landfall_domain::{ClientAccountId, EngagementId, Role, Scope, UserId};
use landfall_repositories::entities::{client_accounts, engagements, users};
use landfall_repositories::{Grant, Severity, StoreError, SystemUow};
use std::collections::HashMap;
use uuid::Uuid;

/// A user with his roles in one client account.
#[derive(Clone, Debug)]
pub struct Member {
    /// The user.
    pub user: users::Model,
    /// His roles.
    pub grants: Vec<Grant>,
}

/// The client account with the identity as actor; an engagement only where one is meant.
fn scope(by: &Identity, client: ClientAccountId, engagement: Option<EngagementId>) -> Scope {
    Scope {
        client_account_id: client,
        engagement_id: engagement.unwrap_or(EngagementId(Uuid::nil())),
        actor: by.actor(None),
    }
}

impl Services {
    /// The members of a client account, by e-mail address.
    pub async fn members(&self, by: &Identity, client: ClientAccountId) -> Result<Vec<Member>, AccessError> {
        let grants = self
            .store()
            .begin_read(&scope(by, client, None))
            .await?
            .access()
            .all()
            .await?;
        let mut of: HashMap<UserId, Vec<Grant>> = HashMap::new();
        for grant in grants {
            of.entry(grant.user_id).or_default().push(grant);
        }
        let ids: Vec<UserId> = of.keys().copied().collect();
        let users = self
            .store()
            .begin_identity_read()
            .await?
            .users()
            .with_ids(&ids)
            .await?;
        let mut members: Vec<Member> = users
            .into_iter()
            .map(|user| Member {
                grants: of.remove(&user.id).unwrap_or_default(),
                user,
            })
            .collect();
        members.sort_by(|a, b| a.user.email.cmp(&b.user.email));
        Ok(members)
    }

    /// One member of a client account.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if the user has no role here, whether he exists or not.
    pub async fn member(
        &self,
        by: &Identity,
        client: ClientAccountId,
        user: UserId,
    ) -> Result<Member, AccessError> {
        let uow = self.store().begin_read(&scope(by, client, None)).await?;
        let grants = uow.access().of_user(user).await?;
        if grants.is_empty() {
            return Err(StoreError::not_found("user", user).into());
        }
        let user = self
            .store()
            .begin_identity_read()
            .await?
            .users()
            .get(user)
            .await?;
        Ok(Member { user, grants })
    }

    /// Gives a user a role in a client account, or in one engagement of it.
    ///
    /// # Errors
    /// [`AccessError::TooMuch`] if the giver has less himself; [`StoreError::NotFound`] if the user or engagement does not exist.
    pub async fn grant(
        &self,
        by: &Identity,
        client: ClientAccountId,
        user: UserId,
        engagement: Option<EngagementId>,
        role: Role,
        origin: &Origin,
    ) -> Result<(), AccessError> {
        self.check_no_more(by, client, engagement, role).await?;
        let found = self
            .store()
            .begin_identity_read()
            .await?
            .users()
            .get(user)
            .await?;
        let uow = self.store().begin(&scope(by, client, engagement)).await?;
        match engagement {
            Some(_) => uow.engagements().current().await.map(|_| ())?,
            None => uow.engagements().client_account().await.map(|_| ())?,
        }
        uow.access().grant(user, engagement, role, None).await?;
        uow.commit().await?;
        self.access().forget();
        let place = engagement.map_or_else(
            || "the client account".to_owned(),
            |id| format!("the engagement {id}"),
        );
        let event = Event {
            severity: Severity::Info,
            target: Some(user.to_string()),
            target_email: Some(found.email),
            client: Some(client),
            ..Event::administration("role_granted", by, format!("a user was made {role} of {place}"))
        };
        self.note(event, origin).await;
        Ok(())
    }

    /// Takes a user's role in one engagement away, or without one all his roles in the client account.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if he has none.
    pub async fn revoke_role(
        &self,
        by: &Identity,
        client: ClientAccountId,
        user: UserId,
        engagement: Option<EngagementId>,
        origin: &Origin,
    ) -> Result<(), AccessError> {
        let uow = self.store().begin(&scope(by, client, engagement)).await?;
        let had = match engagement {
            Some(_) => uow.access().revoke(user, engagement).await?,
            None => uow.access().revoke_all(user).await?,
        };
        if !had {
            return Err(StoreError::not_found("user", user).into());
        }
        uow.commit().await?;
        self.access().forget();
        let event = Event {
            target: Some(user.to_string()),
            client: Some(client),
            ..Event::administration("role_revoked", by, "a user's role was taken away")
        };
        self.note(event, origin).await;
        Ok(())
    }

    /// Nobody gives more than he has: what cannot be done oneself cannot be done through somebody else or through a key.
    pub(super) async fn check_no_more(
        &self,
        by: &Identity,
        client: ClientAccountId,
        engagement: Option<EngagementId>,
        wanted: Role,
    ) -> Result<(), AccessError> {
        let access = self.access_to(by, client).await?;
        let own = match engagement {
            Some(engagement) => access.in_engagement(engagement),
            None => access.in_client_account(),
        };
        if own.is_some_and(|own| own.allows(wanted)) {
            return Ok(());
        }
        Err(AccessError::TooMuch {
            yours: own.map_or_else(|| "nobody".to_owned(), |role| role.to_string()),
            wanted: wanted.to_string(),
        })
    }

    /// The client accounts that an identity may see, by name, with what it may do in each.
    pub async fn visible_client_accounts(
        &self,
        identity: &Identity,
    ) -> Result<Vec<(client_accounts::Model, Access)>, AccessError> {
        let uow = self
            .store()
            .begin_system("list the client accounts that somebody may see")
            .await?;
        visible(&uow, identity).await
    }

    /// The same with all engagements of each client account, by name.
    pub async fn visible_engagements(
        &self,
        identity: &Identity,
    ) -> Result<Vec<(client_accounts::Model, Access, Vec<engagements::Model>)>, AccessError> {
        let uow = self
            .store()
            .begin_system("list the engagements that somebody may see")
            .await?;
        let visible = visible(&uow, identity).await?;
        let clients: Vec<ClientAccountId> = visible.iter().map(|(client, _)| client.id).collect();
        let mut engagements: HashMap<ClientAccountId, Vec<engagements::Model>> = HashMap::new();
        for engagement in uow.tenants().engagements_of(&clients).await? {
            engagements
                .entry(engagement.client_account_id)
                .or_default()
                .push(engagement);
        }
        let with_engagements = visible.into_iter().map(|(client, access)| {
            let own = engagements.remove(&client.id).unwrap_or_default();
            (client, access, own)
        });
        Ok(with_engagements.collect())
    }
}

async fn visible(
    uow: &SystemUow,
    identity: &Identity,
) -> Result<Vec<(client_accounts::Model, Access)>, AccessError> {
    let mut grants: HashMap<ClientAccountId, Vec<Grant>> = HashMap::new();
    if let Some(user) = identity.user_id {
        for grant in uow.access_of(user).await? {
            grants.entry(grant.client_account_id).or_default().push(grant);
        }
    }
    let with_access = uow.tenants().client_accounts().await?.into_iter().map(|client| {
        let grants = grants.get(&client.id).map(Vec::as_slice).unwrap_or_default();
        let access = identity.access_with(client.id, grants);
        (client, access)
    });
    Ok(with_access.filter(|(_, access)| access.is_any()).collect())
}
