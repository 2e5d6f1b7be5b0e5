//! Which column says whose row it is.

use landfall_domain::Scope;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};

/// An entity whose rows belong to a client account. Reading one starts from [`TenantScoped::of`].
pub trait TenantScoped: EntityTrait {
    /// The column with the client account.
    const CLIENT_ACCOUNT: Self::Column;
    /// The column with the engagement; absent where rows belong to the client account as a whole.
    const ENGAGEMENT: Option<Self::Column>;

    /// The rows that the scope may see.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where a read is given its tenant"
    )]
    fn of(scope: &Scope) -> Select<Self> {
        let rows = Self::find().filter(Self::CLIENT_ACCOUNT.eq(scope.client_account_id));
        match Self::ENGAGEMENT {
            Some(engagement) => rows.filter(engagement.eq(scope.engagement_id)),
            None => rows,
        }
    }
}

/// Declares whose rows the entity of the current module holds.
#[doc(hidden)]
#[macro_export]
macro_rules! tenant_scoped {
    ($engagement:expr) => {
        impl $crate::TenantScoped for Entity {
            const CLIENT_ACCOUNT: Column = Column::ClientAccountId;
            const ENGAGEMENT: Option<Column> = $engagement;
        }
    };
}
