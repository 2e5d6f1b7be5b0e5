//! What an operation needs, written in its signature.

use landfall_domain::Role;

/// A role as a type: the parameter of [`Tenant`](super::Tenant) and [`ClientAccount`](super::ClientAccount).
pub(crate) trait Permission: 'static {
    /// The least role that may do it.
    const ROLE: Role;
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub(crate) enum $name {}

            impl Permission for $name {
                const ROLE: Role = Role::$name;
            }
        )+
    };
}

permissions! {
    /// The operation only reads.
    Viewer,
    /// The operation changes the inventory or what is planned.
    Editor,
    /// The operation decides: on strategies and waves.
    Approver,
    /// The operation is about who may do what, or about the engagement as a whole.
    Admin,
}
