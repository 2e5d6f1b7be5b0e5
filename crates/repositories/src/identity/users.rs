//! Users: people and services that log in.

use super::IdentityUow;
use crate::keyset::{self, Sort};
use crate::scoped::insert;
use crate::{StoreError, StoreResult};
use landfall_domain::{ClientAccountId, Page, PageRequest, UserId, ids};
use landfall_entities::{user_account_associations, user_identities, user_profiles, user_roles, users};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use users::Column;

/// `user_roles.role_type` of those who may do things across tenants.
const PLATFORM_ADMIN: &str = "platform_admin";

/// Every user.
#[derive(Debug)]
pub struct UserRepository<'u> {
    uow: &'u IdentityUow,
}

/// A user to be made.
#[derive(Clone, Debug, Default)]
pub struct NewUser {
    /// E-mail address, by which the user logs in. Upper and lower case are the same.
    pub email: String,
    /// Hash of the password; without one the user cannot log in here, only through an identity provider.
    pub password_hash: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Whether the address is known to be the user's.
    pub is_verified: bool,
}

impl IdentityUow {
    /// Users.
    pub fn users(&self) -> UserRepository<'_> {
        UserRepository { uow: self }
    }
}

fn plain(email: &str) -> String {
    email.trim().to_lowercase()
}

#[expect(clippy::disallowed_methods, reason = "users belong to no tenant")]
impl UserRepository<'_> {
    /// Makes a user.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if the address is in use.
    pub async fn create(&self, new: NewUser) -> StoreResult<users::Model> {
        let now = self.uow.now();
        let user = users::Model {
            id: UserId::new(),
            email: plain(&new.email),
            password_hash: new.password_hash,
            first_name: new.first_name,
            last_name: new.last_name,
            is_active: true,
            is_verified: new.is_verified,
            created_at: now,
            updated_at: now,
            last_login: None,
            default_client_id: None,
            default_engagement_id: None,
        };
        insert(&self.uow.connection, user.clone()).await?;
        let profile = user_profiles::Model {
            user_id: user.id,
            status: "active".to_owned(),
            approval_requested_at: None,
            approved_at: Some(now),
            approved_by: None,
            registration_reason: None,
            organization: None,
            role_description: None,
            requested_access_level: None,
            phone_number: None,
            manager_email: None,
            linkedin_profile: None,
            last_login_at: None,
            login_count: Some(0),
            failed_login_attempts: Some(0),
            last_failed_login: None,
            notification_preferences: None,
            created_at: now,
            updated_at: now,
        };
        insert(&self.uow.connection, profile).await?;
        Ok(user)
    }

    /// The user with this id.
    pub async fn get(&self, id: UserId) -> StoreResult<users::Model> {
        users::Entity::find_by_id(id)
            .one(&self.uow.connection)
            .await?
            .ok_or_else(|| StoreError::not_found("user", id))
    }

    /// The user with this address, if there is one.
    pub async fn by_email(&self, email: &str) -> StoreResult<Option<users::Model>> {
        Ok(users::Entity::find()
            .filter(Column::Email.eq(plain(email)))
            .one(&self.uow.connection)
            .await?)
    }

    /// The users with these ids, in no order.
    pub async fn with_ids(&self, ids: &[UserId]) -> StoreResult<Vec<users::Model>> {
        Ok(users::Entity::find()
            .filter(Column::Id.is_in(ids.iter().copied()))
            .all(&self.uow.connection)
            .await?)
    }

    /// Every user, in the order in which they were made.
    pub async fn list(&self, request: &PageRequest) -> StoreResult<Page<users::Model>> {
        let sort = Sort::by_id(Column::Id, false);
        keyset::page(&self.uow.connection, users::Entity::find(), &sort, request).await
    }

    /// Whether there is any user.
    pub async fn any(&self) -> StoreResult<bool> {
        let first = users::Entity::find().order_by_asc(Column::Id);
        Ok(first.one(&self.uow.connection).await?.is_some())
    }

    /// The user whom an identity provider knows by this subject, if one was linked.
    pub async fn by_identity(&self, issuer: &str, subject: &str) -> StoreResult<Option<users::Model>> {
        use user_identities::Column;
        let link = user_identities::Entity::find()
            .filter(Column::Issuer.eq(issuer))
            .filter(Column::Subject.eq(subject))
            .one(&self.uow.connection)
            .await?;
        match link {
            Some(link) => self.get(link.user_id).await.map(Some),
            None => Ok(None),
        }
    }

    /// Remembers that an identity provider knows the user by this subject.
    pub async fn link(&self, user: UserId, issuer: &str, subject: &str) -> StoreResult<()> {
        let now = self.uow.now();
        let link = user_identities::Model {
            id: ids::new_uuid(),
            user_id: user,
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            created_at: now,
            last_login_at: Some(now),
        };
        insert(&self.uow.connection, link).await
    }

    /// Replaces the hash of the password.
    pub async fn set_password_hash(&self, id: UserId, hash: &str) -> StoreResult<()> {
        let update = users::Entity::update_many()
            .col_expr(Column::PasswordHash, Expr::val(hash))
            .col_expr(Column::UpdatedAt, Expr::val(self.uow.now()))
            .filter(Column::Id.eq(id));
        found(update.exec(&self.uow.connection).await?.rows_affected, id)
    }

    /// Lets the user in, or keeps him out.
    pub async fn set_active(&self, id: UserId, is_active: bool) -> StoreResult<()> {
        let update = users::Entity::update_many()
            .col_expr(Column::IsActive, Expr::val(is_active))
            .col_expr(Column::UpdatedAt, Expr::val(self.uow.now()))
            .filter(Column::Id.eq(id));
        found(update.exec(&self.uow.connection).await?.rows_affected, id)
    }

    /// Removes the user, with what is linked to him.
    pub async fn delete(&self, id: UserId) -> StoreResult<()> {
        let deleted = users::Entity::delete_by_id(id).exec(&self.uow.connection).await?;
        found(deleted.rows_affected, id)
    }

    /// Counts a login.
    pub async fn logged_in(&self, id: UserId) -> StoreResult<()> {
        use user_profiles::Column as Profile;
        let now = self.uow.now();
        users::Entity::update_many()
            .col_expr(Column::LastLogin, Expr::val(now))
            .filter(Column::Id.eq(id))
            .exec(&self.uow.connection)
            .await?;
        user_profiles::Entity::update_many()
            .col_expr(Profile::LastLoginAt, Expr::val(now))
            .col_expr(Profile::LoginCount, one_more(Profile::LoginCount))
            .col_expr(Profile::FailedLoginAttempts, Expr::val(0))
            .filter(Profile::UserId.eq(id))
            .exec(&self.uow.connection)
            .await?;
        Ok(())
    }

    /// Counts a login that failed.
    pub async fn login_failed(&self, id: UserId) -> StoreResult<()> {
        use user_profiles::Column as Profile;
        user_profiles::Entity::update_many()
            .col_expr(Profile::LastFailedLogin, Expr::val(self.uow.now()))
            .col_expr(
                Profile::FailedLoginAttempts,
                one_more(Profile::FailedLoginAttempts),
            )
            .filter(Profile::UserId.eq(id))
            .exec(&self.uow.connection)
            .await?;
        Ok(())
    }

    /// Whether the user may do things across tenants.
    pub async fn is_platform_admin(&self, id: UserId) -> StoreResult<bool> {
        use user_roles::Column;
        let roles = user_roles::Entity::find()
            .filter(Column::UserId.eq(id))
            .filter(Column::RoleType.eq(PLATFORM_ADMIN))
            .filter(Column::ScopeClientId.is_null())
            .filter(Column::IsActive.eq(true))
            .all(&self.uow.connection)
            .await?;
        let now = self.uow.now();
        Ok(roles
            .iter()
            .any(|role| role.expires_at.is_none_or(|end| end > now)))
    }

    /// Lets the user do things across tenants, or no longer.
    pub async fn set_platform_admin(&self, id: UserId, by: Option<UserId>, is: bool) -> StoreResult<()> {
        use user_roles::Column;
        user_roles::Entity::delete_many()
            .filter(Column::UserId.eq(id))
            .filter(Column::RoleType.eq(PLATFORM_ADMIN))
            .exec(&self.uow.connection)
            .await?;
        if !is {
            return Ok(());
        }
        let now = self.uow.now();
        let role = user_roles::Model {
            id: ids::new_uuid(),
            user_id: id,
            role_type: PLATFORM_ADMIN.to_owned(),
            role_name: "Platform administrator".to_owned(),
            description: None,
            permissions: None,
            scope_type: Some("global".to_owned()),
            scope_client_id: None,
            scope_engagement_id: None,
            is_active: true,
            assigned_at: Some(now),
            assigned_by: by,
            expires_at: None,
            created_at: now,
            updated_at: now,
        };
        insert(&self.uow.connection, role).await
    }

    /// The client accounts that the user belongs to.
    pub async fn client_accounts(&self, id: UserId) -> StoreResult<Vec<ClientAccountId>> {
        use user_account_associations::Column;
        let memberships = user_account_associations::Entity::find()
            .filter(Column::UserId.eq(id))
            .all(&self.uow.connection)
            .await?;
        Ok(memberships.into_iter().map(|row| row.client_account_id).collect())
    }
}

fn one_more<C: ColumnTrait>(column: C) -> Expr {
    Expr::expr(sea_orm::sea_query::Func::coalesce([
        Expr::col(column),
        Expr::val(0),
    ]))
    .add(1)
}

fn found(rows: u64, id: UserId) -> StoreResult<()> {
    if rows == 0 {
        return Err(StoreError::not_found("user", id));
    }
    Ok(())
}
