//! Everything that talks to the database: the [`Store`], units of work and one repository per feature.
//!
//! Nothing is read or written without a [`Scope`](landfall_domain::Scope): [`Store::begin`] gives a [`Uow`], repositories
//! come from it, and each query starts from its scope. PostgreSQL repeats the rule with row-level security.

mod error;
mod retry;
mod store;
mod system;
mod tenant_tables;
mod uow;

pub use error::{StoreError, StoreResult};
pub use landfall_entities as entities;
pub use retry::{ATTEMPTS, Transient, retry};
pub use store::{Store, StoreOptions};
pub use system::SystemUow;
pub use tenant_tables::{TenantTable, tenant_tables};
pub use uow::Uow;
