//! Everything that talks to the database: the [`Store`], units of work and one repository per feature.
//!
//! Nothing is read or written without a [`Scope`](landfall_domain::Scope): [`Store::begin`] gives a [`Uow`], repositories
//! come from it, and each query starts from its scope. PostgreSQL repeats the rule with row-level security.

mod assets;
mod bulk;
mod change_log;
mod discovery;
mod error;
mod flows;
mod imports;
mod inventory;
mod jobs;
mod keyset;
mod mappings;
mod profiles;
mod records;
mod retry;
mod scoped;
mod store;
mod system;
mod tenant_tables;
mod tenants;
mod uow;

pub use assets::{
    AssetColumn, AssetCondition, AssetFilter, AssetPatch, AssetRepository, AssetSort, FieldProvenance, NewAsset, Operator,
    Statement,
};
pub use bulk::Bulk;
pub use change_log::{Change, ChangeLogRepository};
pub use discovery::{DiscoveryFilter, DiscoveryFlowRepository, FlowChange, NewDiscoveryFlow};
pub use error::{StoreError, StoreResult};
pub use flows::{FlowChildren, MasterFlowFilter, MasterFlowRepository, NewMasterFlow};
pub use imports::{DataImportRepository, ImportFilter, NewImport, SourceShape};
pub use inventory::{
    AssetOrigin, AssetRow, ImportProgress, InventoryReader, KnownIdentity, NameHit, NameWanted, RawRow, RecordFault, RecordOutcome,
};
pub use jobs::{DEFAULT_ATTEMPTS, JobFilter, JobListener, JobQueue, JobRepository, NewJob};
pub use landfall_entities as entities;
pub use mappings::{Decision, MappingRepository, NewMapping};
pub use profiles::{NewProfile, ProfileRepository};
pub use records::{RawRecordRepository, RecordCounts};
pub use retry::{ATTEMPTS, Transient, retry};
pub use store::{Store, StoreOptions};
pub use system::SystemUow;
pub use tenant_tables::{TenantTable, tenant_tables};
pub use tenants::{EngagementRepository, ErasedRows, NewClientAccount, NewEngagement, TenantDirectory};
pub use uow::Uow;
