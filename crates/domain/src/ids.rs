//! Typed ids. All are UUID version 7, made here and nowhere else, so that rows of one tenant lie in the order of their making.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A new UUID v7 for rows whose id has no type of its own.
#[expect(clippy::disallowed_methods, reason = "the one place where ids are made")]
pub fn new_uuid() -> Uuid {
    Uuid::now_v7()
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "orm", derive(sea_orm::DeriveValueType))]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = Uuid))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id, later in order than every id made before it.
            #[expect(clippy::new_without_default, reason = "a default id would be a new one each time")]
            pub fn new() -> Self {
                Self(new_uuid())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.trim().parse().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        #[cfg(feature = "orm")]
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    };
}

id!(
    /// A client account: the tenant. First column of every key of tenant data.
    ClientAccountId
);
id!(
    /// An engagement of a client account: one programme of work for one client.
    EngagementId
);
id!(
    /// A person or service account.
    UserId
);
id!(
    /// A master flow (`crewai_flow_state_extensions.flow_id`).
    MasterFlowId
);
id!(
    /// A data import.
    ImportId
);
id!(
    /// A discovery flow (`discovery_flows.flow_id`).
    DiscoveryFlowId
);
id!(
    /// An asset of the inventory.
    AssetId
);

/// Client accounts with a fixed meaning.
pub mod fixed {
    use super::{ClientAccountId, EngagementId};
    use uuid::uuid;

    /// Holds test data; never shown among customers.
    pub const TEST_CLIENT_ACCOUNT: ClientAccountId =
        ClientAccountId(uuid!("7e577e57-7e57-4e57-8e57-7e577e577e57"));
    /// The test tenant's engagement.
    pub const TEST_ENGAGEMENT: EngagementId = EngagementId(uuid!("7e577e57-7e57-4e57-8e57-7e577e570001"));
    /// First demo client account.
    pub const DEMO_RETAIL: ClientAccountId = ClientAccountId(uuid!("de300001-de30-4e30-8e30-de30de300001"));
    /// The first demo client account's engagement.
    pub const DEMO_RETAIL_ENGAGEMENT: EngagementId =
        EngagementId(uuid!("de300001-de30-4e30-8e30-de30de30e001"));
    /// Second demo client account.
    pub const DEMO_BANK: ClientAccountId = ClientAccountId(uuid!("de300002-de30-4e30-8e30-de30de300002"));
    /// The second demo client account's engagement.
    pub const DEMO_BANK_ENGAGEMENT: EngagementId =
        EngagementId(uuid!("de300002-de30-4e30-8e30-de30de30e002"));
    /// Receives rows of a legacy database whose tenant is missing or unknown.
    pub const QUARANTINE_CLIENT_ACCOUNT: ClientAccountId =
        ClientAccountId(uuid!("0a7a0a7a-0a7a-4a7a-8a7a-0a7a0a7a0a7a"));
    /// The quarantine tenant's engagement.
    pub const QUARANTINE_ENGAGEMENT: EngagementId =
        EngagementId(uuid!("0a7a0a7a-0a7a-4a7a-8a7a-0a7a0a7a0001"));
}
