//! What somebody may do in a client account or engagement.

use crate::labels::UnknownLabel;
use serde::{Deserialize, Serialize};

/// What somebody may do. Each role includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads everything and changes nothing.
    Viewer,
    /// Imports, and changes the inventory and what is planned.
    Editor,
    /// Decides: on strategies and waves.
    Approver,
    /// Says who else may do what, and makes and ends engagements.
    Admin,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Editor, Self::Approver, Self::Admin];

    /// The role's word, as stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Approver => "approver",
            Self::Admin => "admin",
        }
    }

    /// Whether somebody with this role may do what needs `least`.
    pub fn allows(self, least: Self) -> bool {
        self >= least
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::str::FromStr for Role {
    type Err = UnknownLabel;

    fn from_str(word: &str) -> Result<Self, UnknownLabel> {
        let wanted = word.trim().to_ascii_lowercase();
        let found = Self::ALL.into_iter().find(|role| role.as_str() == wanted);
        found.ok_or_else(|| UnknownLabel {
            word: word.to_owned(),
            kind: "role",
            known: Self::ALL.map(Self::as_str).join(", "),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_allows_what_lesser_roles_allow_and_nothing_more() {
        for (at, role) in Role::ALL.into_iter().enumerate() {
            for (least_at, least) in Role::ALL.into_iter().enumerate() {
                assert_eq!(role.allows(least), at >= least_at, "{role} for {least}");
            }
            assert_eq!(role.as_str().to_uppercase().parse(), Ok(role));
        }
        let unknown = "owner".parse::<Role>().unwrap_err().to_string();
        assert_eq!(
            unknown,
            "'owner' is no role; known: viewer, editor, approver, admin"
        );
    }
}
