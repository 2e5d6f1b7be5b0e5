//! Who asks, and what they may do in a client account.

use chrono::{DateTime, Utc};
use landfall_domain::{Actor, ClientAccountId, EngagementId, Role, UserId};
use landfall_repositories::Grant;
use std::collections::HashMap;
use uuid::Uuid;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// As what.
    pub subject: Subject,
    /// A name for logs: e-mail address, how a key begins, `local`.
    pub name: String,
    /// The user, if it is one or stands for one.
    pub user_id: Option<UserId>,
    /// Resources that may be asked for, such as `imports`; empty for all.
    pub resources: Vec<String>,
    /// When the token ends.
    pub expires_at: Option<DateTime<Utc>>,
}

/// As what somebody asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Somebody on the machine itself, where authentication is off.
    Local,
    /// A user who logged in, here or at an identity provider.
    User {
        /// Whether he may do things across tenants.
        is_platform_admin: bool,
        /// The login, if it was here: its tokens end together.
        login: Option<Uuid>,
    },
    /// An API key.
    Key {
        /// Which.
        id: Uuid,
        /// The client account in which it works; absent for all.
        client_account_id: Option<ClientAccountId>,
        /// The one engagement in which it works; absent for all.
        engagement_id: Option<EngagementId>,
        /// What it may do at most.
        role: Role,
    },
    /// A page that listens to an event stream.
    Stream {
        /// In this client account.
        client_account_id: ClientAccountId,
        /// In this engagement.
        engagement_id: EngagementId,
        /// Whether its user must still have a role there. A key has its own, and who may see every tenant needs none.
        needs_role: bool,
    },
}

impl Identity {
    /// Somebody on the machine itself.
    pub fn local() -> Self {
        Self::program("local")
    }

    /// A part of the program, such as `cli`: who can start it can do everything anyway.
    pub fn program(name: &str) -> Self {
        Self {
            subject: Subject::Local,
            name: name.to_owned(),
            user_id: None,
            resources: Vec::new(),
            expires_at: None,
        }
    }

    /// As it is written into logs of changes.
    pub fn actor(&self, request_id: Option<String>) -> Actor {
        Actor {
            user_id: self.user_id,
            name: self.name.clone(),
            request_id,
        }
    }

    /// Whether it may do things across tenants.
    pub fn is_platform_admin(&self) -> bool {
        match self.subject {
            Subject::Local => true,
            Subject::User {
                is_platform_admin, ..
            } => is_platform_admin,
            Subject::Key {
                client_account_id: None,
                role,
                ..
            } => self.user_id.is_none() && role == Role::Admin,
            Subject::Key { .. } | Subject::Stream { .. } => false,
        }
    }

    /// Whether it may ask for this resource at all.
    pub fn may_ask_for(&self, resource: &str) -> bool {
        self.resources.is_empty() || self.resources.iter().any(|allowed| allowed == resource)
    }

    /// Whether what it may do depends on roles of its user.
    pub(super) fn needs_roles(&self) -> bool {
        match self.subject {
            Subject::Local => false,
            Subject::User {
                is_platform_admin, ..
            } => !is_platform_admin,
            Subject::Key { .. } => self.user_id.is_some(),
            Subject::Stream { needs_role, .. } => needs_role,
        }
    }

    /// What it may do in a client account in which its user, if it has one, has these roles.
    pub(super) fn access_with(&self, client: ClientAccountId, grants: &[Grant]) -> Access {
        let most = if self.needs_roles() {
            Access::of(grants)
        } else {
            Access::everywhere(Role::Admin)
        };
        match self.subject {
            Subject::Local | Subject::User { .. } => most,
            Subject::Key {
                client_account_id: Some(own),
                ..
            }
            | Subject::Stream {
                client_account_id: own,
                ..
            } if own != client => Access::default(),
            Subject::Key {
                engagement_id, role, ..
            } => most.at_most(role, engagement_id),
            Subject::Stream { engagement_id, .. } => most.at_most(Role::Viewer, Some(engagement_id)),
        }
    }

    /// Who it is, for counting requests and writing down events: the same for all tokens of one user.
    pub fn key(&self) -> String {
        match &self.subject {
            Subject::Local => "local".to_owned(),
            Subject::Key { id, .. } => format!("key {id}"),
            Subject::User { .. } | Subject::Stream { .. } => self.name.clone(),
        }
    }
}

/// What somebody may do in one client account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    whole: Option<Role>,
    engagements: HashMap<EngagementId, Role>,
}

impl Access {
    /// The same role everywhere.
    pub fn everywhere(role: Role) -> Self {
        Self {
            whole: Some(role),
            engagements: HashMap::new(),
        }
    }

    /// A role in one engagement alone.
    pub fn in_one(engagement: EngagementId, role: Role) -> Self {
        Self {
            whole: None,
            engagements: HashMap::from([(engagement, role)]),
        }
    }

    /// What roles in the client account add up to: the greatest counts.
    pub fn of(grants: &[Grant]) -> Self {
        let mut access = Self::default();
        for grant in grants {
            match grant.engagement_id {
                None => access.whole = access.whole.max(Some(grant.role)),
                Some(engagement) => {
                    let role = access.engagements.entry(engagement).or_insert(grant.role);
                    *role = grant.role.max(*role);
                }
            }
        }
        access
    }

    /// No more than this role, and in no other engagement than this one, if one is given.
    pub fn at_most(mut self, role: Role, engagement: Option<EngagementId>) -> Self {
        if let Some(engagement) = engagement {
            return self
                .in_engagement(engagement)
                .map_or_else(Self::default, |own| Self::in_one(engagement, own.min(role)));
        }
        self.whole = self.whole.map(|own| own.min(role));
        self.engagements
            .values_mut()
            .for_each(|own| *own = role.min(*own));
        self
    }

    /// The role in the client account as a whole.
    pub fn in_client_account(&self) -> Option<Role> {
        self.whole
    }

    /// The role in an engagement: its own or the client account's, whichever is greater.
    pub fn in_engagement(&self, engagement: EngagementId) -> Option<Role> {
        self.whole.max(self.engagements.get(&engagement).copied())
    }

    /// Whether there is anything at all that may be seen.
    pub fn is_any(&self) -> bool {
        self.whole.is_some() || !self.engagements.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn grant(engagement: Option<EngagementId>, role: Role) -> Grant {
        Grant {
            user_id: UserId(Uuid::nil()),
            client_account_id: ClientAccountId(Uuid::nil()),
            engagement_id: engagement,
            role,
            expires_at: None,
            granted_by: UserId(Uuid::nil()),
        }
    }

    fn engagement(number: u128) -> EngagementId {
        EngagementId(Uuid::from_u128(number))
    }

    fn role() -> impl Strategy<Value = Role> {
        prop::sample::select(Role::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn a_role_is_the_greatest_that_was_given_for_the_place_and_never_one_for_another(
            given in prop::collection::vec((prop::option::of(0_u128..3), role()), 0..6),
            wanted in 0_u128..3,
        ) {
            let grants: Vec<Grant> = given.iter().map(|(at, role)| grant(at.map(engagement), *role)).collect();
            let access = Access::of(&grants);
            let expected = given.iter().filter(|(at, _)| at.is_none_or(|at| at == wanted)).map(|(_, role)| *role).max();
            prop_assert_eq!(access.in_engagement(engagement(wanted)), expected);
            prop_assert_eq!(access.is_any(), !given.is_empty());
        }

        #[test]
        fn a_limit_never_gives_more(
            given in prop::collection::vec((prop::option::of(0_u128..3), role()), 0..6),
            limit in role(),
            only in prop::option::of(0_u128..3),
            wanted in 0_u128..3,
        ) {
            let grants: Vec<Grant> = given.iter().map(|(at, role)| grant(at.map(engagement), *role)).collect();
            let access = Access::of(&grants);
            let own = access.in_engagement(engagement(wanted));
            let limited = access.at_most(limit, only.map(engagement)).in_engagement(engagement(wanted));
            let expected = own.map(|own| own.min(limit)).filter(|_| only.is_none_or(|only| only == wanted));
            prop_assert_eq!(limited, expected);
        }
    }
}
