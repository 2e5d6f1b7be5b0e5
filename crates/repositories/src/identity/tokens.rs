//! Tokens of logins and of event streams.

use super::IdentityUow;
use crate::StoreResult;
use crate::scoped::insert;
use auth_tokens::Column;
use chrono::{DateTime, Utc};
use landfall_domain::{ClientAccountId, EngagementId, UserId, ids};
use landfall_entities::auth_tokens;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// Every token.
#[derive(Debug)]
pub struct TokenRepository<'u> {
    uow: &'u IdentityUow,
}

/// What a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Asking as its user.
    Access,
    /// Getting the next pair of tokens, once.
    Refresh,
    /// Reading event streams of one engagement.
    Stream,
}

impl TokenKind {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
            Self::Stream => "stream",
        }
    }
}

/// A token to be kept.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is good for.
    pub kind: TokenKind,
    /// Tokens of one login are a family, and end together.
    pub family: Uuid,
    /// Hash of the token.
    pub hash: String,
    /// Whose login it is.
    pub user: Option<UserId>,
    /// Whose key it was got with.
    pub api_key: Option<Uuid>,
    /// Where an event stream may be read.
    pub place: Option<(ClientAccountId, EngagementId)>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

impl IdentityUow {
    /// Tokens.
    pub fn tokens(&self) -> TokenRepository<'_> {
        TokenRepository { uow: self }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tokens are looked up before there is a tenant"
)]
impl TokenRepository<'_> {
    /// Keeps a token.
    pub async fn create(&self, new: NewToken) -> StoreResult<()> {
        let row = auth_tokens::Model {
            id: ids::new_uuid(),
            family_id: new.family,
            kind: new.kind.as_str().to_owned(),
            token_hash: new.hash,
            user_id: new.user,
            api_key_id: new.api_key,
            client_account_id: new.place.map(|(client, _)| client),
            engagement_id: new.place.map(|(_, engagement)| engagement),
            created_at: self.uow.now(),
            expires_at: new.expires_at,
            used_at: None,
            revoked_at: None,
        };
        insert(&self.uow.connection, row).await
    }

    /// The token with this hash, if there is one.
    pub async fn by_hash(&self, kind: TokenKind, hash: &str) -> StoreResult<Option<auth_tokens::Model>> {
        Ok(auth_tokens::Entity::find()
            .filter(Column::TokenHash.eq(hash))
            .filter(Column::Kind.eq(kind.as_str()))
            .one(&self.uow.connection)
            .await?)
    }

    /// Uses a token up. Gives false if that was done before: then somebody else has it too.
    pub async fn use_up(&self, id: Uuid) -> StoreResult<bool> {
        let used = auth_tokens::Entity::update_many()
            .col_expr(Column::UsedAt, Expr::val(self.uow.now()))
            .filter(Column::Id.eq(id))
            .filter(Column::UsedAt.is_null())
            .exec(&self.uow.connection)
            .await?;
        Ok(used.rows_affected == 1)
    }

    /// Ends all tokens of a login.
    pub async fn revoke_family(&self, family: Uuid) -> StoreResult<u64> {
        self.revoke(Column::FamilyId.eq(family)).await
    }

    /// Ends all tokens of a user.
    pub async fn revoke_all_of(&self, user: UserId) -> StoreResult<u64> {
        self.revoke(Column::UserId.eq(user)).await
    }

    /// Forgets tokens that ended before this time. Used refresh tokens are kept until they end: their reuse is noticed.
    pub async fn forget_ended(&self, before: DateTime<Utc>) -> StoreResult<u64> {
        let deleted = auth_tokens::Entity::delete_many()
            .filter(Column::ExpiresAt.lt(before))
            .exec(&self.uow.connection)
            .await?;
        Ok(deleted.rows_affected)
    }

    async fn revoke(&self, which: sea_orm::sea_query::SimpleExpr) -> StoreResult<u64> {
        let revoked = auth_tokens::Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::val(self.uow.now()))
            .filter(which)
            .filter(Column::RevokedAt.is_null())
            .exec(&self.uow.connection)
            .await?;
        Ok(revoked.rows_affected)
    }
}
