//! Names under which clients send their tenant. HTTP compares header names without regard to case; the first that is sent
//! counts.

/// The client account.
pub const CLIENT_ACCOUNT: [&str; 4] = [
    "x-client-account-id",
    "x-context-client-id",
    "client-account-id",
    "x-client-id",
];

/// The engagement.
pub const ENGAGEMENT: [&str; 3] = ["x-engagement-id", "x-context-engagement-id", "engagement-id"];
