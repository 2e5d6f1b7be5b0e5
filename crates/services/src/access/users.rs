//! Users: making them, keeping them out, their passwords.

use super::audit::Event;
use super::oidc::{Claims, Provider};
use super::passwords::Passwords;
use super::{AccessError, Identity, Origin, Refusal, Secret};
use crate::Services;
use landfall_domain::{Page, PageRequest, UserId};
use landfall_repositories::entities::users;
use landfall_repositories::{NewUser, StoreError};

/// A person to be made a user.
#[derive(Clone, Debug, Default)]
pub struct NewPerson {
    /// E-mail address.
    pub email: String,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// How the password comes to be.
    pub password: NewPassword,
}

/// How the password of a new user comes to be.
#[derive(Clone, Debug, Default)]
pub enum NewPassword {
    /// A random one, shown once.
    #[default]
    Generated,
    /// This one.
    Given(String),
    /// None: the user comes through an identity provider.
    None,
}

/// A user who was made.
#[derive(Clone, Debug)]
pub struct MadeUser {
    /// The user.
    pub user: users::Model,
    /// The password that was generated, to be shown once.
    pub password: Option<Secret>,
}

/// An address has one `@` with something on both sides, and no white space: the rest only a letter to it can tell.
fn check_email(email: &str) -> Result<(), AccessError> {
    let email = email.trim();
    let is_address = email.len() <= 254
        && !email.chars().any(|c| c.is_whitespace() || c.is_control())
        && email
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    if is_address {
        return Ok(());
    }
    Err(AccessError::Invalid {
        field: "email",
        message: format!("'{email}' is no e-mail address"),
    })
}

/// A password that nobody has thought of.
fn generated() -> Result<Secret, AccessError> {
    Secret::password()
        .map_err(|error| StoreError::Unfit(format!("the system gives no random bytes: {error}")).into())
}

impl Services {
    /// Makes a user, who may do nothing yet.
    ///
    /// # Errors
    /// [`AccessError::EmailTaken`], [`AccessError::WeakPassword`] or [`AccessError::Invalid`].
    pub async fn create_user(
        &self,
        by: &Identity,
        new: NewPerson,
        origin: &Origin,
    ) -> Result<MadeUser, AccessError> {
        check_email(&new.email)?;
        let (hash, shown) = match &new.password {
            NewPassword::None => (None, None),
            NewPassword::Given(password) => {
                Passwords::check(password, &new.email)?;
                (Some(self.access().passwords.hash(password).await?), None)
            }
            NewPassword::Generated => {
                let password = generated()?;
                (
                    Some(self.access().passwords.hash(password.expose()).await?),
                    Some(password),
                )
            }
        };
        let row = NewUser {
            email: new.email.clone(),
            password_hash: hash,
            first_name: new.first_name,
            last_name: new.last_name,
            is_verified: false,
        };
        let uow = self.store().begin_identity().await?;
        let user = uow.users().create(row).await.map_err(|error| match error {
            StoreError::Duplicate { .. } => AccessError::EmailTaken(new.email.trim().to_lowercase()),
            other => other.into(),
        })?;
        uow.commit().await?;
        self.note_user("user_created", "a user was made", by, &user, origin)
            .await;
        Ok(MadeUser {
            user,
            password: shown,
        })
    }

    /// The user with this id or e-mail address.
    pub async fn find_user(&self, id_or_email: &str) -> Result<users::Model, AccessError> {
        let uow = self.store().begin_identity_read().await?;
        if let Ok(id) = id_or_email.parse::<UserId>() {
            return Ok(uow.users().get(id).await?);
        }
        let found = uow.users().by_email(id_or_email).await?;
        found.ok_or_else(|| StoreError::not_found("user", id_or_email).into())
    }

    /// Every user, in the order in which they were made.
    pub async fn users(&self, request: &PageRequest) -> Result<Page<users::Model>, AccessError> {
        Ok(self
            .store()
            .begin_identity_read()
            .await?
            .users()
            .list(request)
            .await?)
    }

    /// Whether anybody could log in at all: there is a user or a key.
    pub async fn anybody_known(&self) -> Result<bool, AccessError> {
        let uow = self.store().begin_identity_read().await?;
        Ok(uow.users().any().await? || !uow.api_keys().list(None).await?.is_empty())
    }

    /// Whether the user may do things across tenants.
    pub async fn is_platform_admin(&self, user: UserId) -> Result<bool, AccessError> {
        Ok(self
            .store()
            .begin_identity_read()
            .await?
            .users()
            .is_platform_admin(user)
            .await?)
    }

    /// Lets a user do things across tenants, or no longer.
    pub async fn set_platform_admin(
        &self,
        by: &Identity,
        user: UserId,
        is: bool,
        origin: &Origin,
    ) -> Result<(), AccessError> {
        let uow = self.store().begin_identity().await?;
        let found = uow.users().get(user).await?;
        uow.users().set_platform_admin(user, by.user_id, is).await?;
        uow.commit().await?;
        self.access().forget();
        let (kind, what) = if is {
            ("platform_admin_granted", "a user was made platform administrator")
        } else {
            (
                "platform_admin_revoked",
                "a user is no longer platform administrator",
            )
        };
        self.note_user(kind, what, by, &found, origin).await;
        Ok(())
    }

    /// Keeps a user out, with all his logins, or lets him in again.
    pub async fn set_user_active(
        &self,
        by: &Identity,
        user: UserId,
        is_active: bool,
        origin: &Origin,
    ) -> Result<users::Model, AccessError> {
        let uow = self.store().begin_identity().await?;
        uow.users().set_active(user, is_active).await?;
        if !is_active {
            uow.tokens().revoke_all_of(user).await?;
        }
        let found = uow.users().get(user).await?;
        uow.commit().await?;
        self.access().forget();
        let (kind, what) = if is_active {
            ("user_activated", "a user was let in again")
        } else {
            ("user_deactivated", "a user was kept out")
        };
        self.note_user(kind, what, by, &found, origin).await;
        Ok(found)
    }

    /// Removes a user with his roles and logins. What he did stays written down by his id.
    pub async fn delete_user(&self, by: &Identity, user: UserId, origin: &Origin) -> Result<(), AccessError> {
        let uow = self.store().begin_identity().await?;
        let found = uow.users().get(user).await?;
        uow.users().delete(user).await?;
        uow.commit().await?;
        self.access().forget();
        self.note_user("user_deleted", "a user was removed", by, &found, origin)
            .await;
        Ok(())
    }

    /// Gives a user a new random password and ends all his logins.
    pub async fn reset_password(
        &self,
        by: &Identity,
        user: UserId,
        origin: &Origin,
    ) -> Result<Secret, AccessError> {
        let password = generated()?;
        self.replace_password(by, user, password.expose(), origin).await?;
        Ok(password)
    }

    /// Changes one's own password, and ends all logins.
    ///
    /// # Errors
    /// [`AccessError::Credentials`] if the present password is wrong, [`AccessError::WeakPassword`].
    pub async fn change_password(
        &self,
        identity: &Identity,
        present: &str,
        new: &str,
        origin: &Origin,
    ) -> Result<(), AccessError> {
        let user = identity.user_id.ok_or(AccessError::Token(Refusal::Unknown))?;
        let user = self
            .store()
            .begin_identity_read()
            .await?
            .users()
            .get(user)
            .await?;
        if !self
            .access()
            .passwords
            .verify(present, user.password_hash.as_deref())
            .await?
        {
            return Err(AccessError::Credentials);
        }
        self.replace_password(identity, user.id, new, origin).await
    }

    /// Sets a password and ends all logins.
    pub async fn replace_password(
        &self,
        by: &Identity,
        user: UserId,
        new: &str,
        origin: &Origin,
    ) -> Result<(), AccessError> {
        let found = self
            .store()
            .begin_identity_read()
            .await?
            .users()
            .get(user)
            .await?;
        Passwords::check(new, &found.email)?;
        let hash = self.access().passwords.hash(new).await?;
        let uow = self.store().begin_identity().await?;
        uow.users().set_password_hash(user, &hash).await?;
        uow.tokens().revoke_all_of(user).await?;
        uow.commit().await?;
        self.access().forget();
        self.note_user("password_changed", "a password was changed", by, &found, origin)
            .await;
        Ok(())
    }

    /// The user of a new subject of an identity provider: the one with the same verified address, or a new one.
    pub(super) async fn link(
        &self,
        provider: &Provider,
        claims: &Claims,
    ) -> Result<users::Model, AccessError> {
        let uow = self.store().begin_identity().await?;
        let verified = claims.email.as_deref().filter(|_| claims.email_verified);
        let existing = match verified.filter(|_| provider.terms().link_by_email) {
            Some(email) => uow.users().by_email(email).await?,
            None => None,
        };
        let user = match existing {
            Some(user) => user,
            None if provider.terms().create_users => {
                // An address that the provider has not verified may be somebody else's: it makes nobody that user.
                let email = match verified {
                    Some(email) if uow.users().by_email(email).await?.is_none() => email.to_owned(),
                    _ => format!("{}@{}", claims.subject, provider.host()),
                };
                let row = NewUser {
                    email,
                    password_hash: None,
                    first_name: claims.given_name.clone(),
                    last_name: claims.family_name.clone(),
                    is_verified: verified.is_some(),
                };
                uow.users().create(row).await?
            }
            None => {
                return Err(AccessError::Token(Refusal::Jwt(
                    "its subject is no user here".to_owned(),
                )));
            }
        };
        uow.users()
            .link(user.id, provider.issuer(), &claims.subject)
            .await?;
        uow.users().logged_in(user.id).await?;
        uow.commit().await?;
        let event = Event {
            actor_email: Some(user.email.clone()),
            ..Event::authentication(
                "identity_linked",
                user.id.to_string(),
                format!("a subject of {} became a user", provider.issuer()),
            )
        };
        self.note(event, &Origin::default()).await;
        Ok(user)
    }

    async fn note_user(
        &self,
        kind: &'static str,
        what: &str,
        by: &Identity,
        user: &users::Model,
        origin: &Origin,
    ) {
        let event = Event {
            target: Some(user.id.to_string()),
            target_email: Some(user.email.clone()),
            ..Event::administration(kind, by, what)
        };
        self.note(event, origin).await;
    }
}
