//! Everything that talks to the database: the [`Store`], units of work and one repository per feature.
//!
//! Nothing is read or written without a [`Scope`](landfall_domain::Scope): [`Store::begin`] gives a [`Uow`], repositories
//! come from it, and each query starts from its scope. PostgreSQL repeats the rule with row-level security. Someone else's
//! row and a row that does not exist are the same [`StoreError::NotFound`].
//!
//! ```no_run
//! # async fn example(store: landfall_repositories::Store, scope: landfall_domain::Scope, import: landfall_domain::ImportId)
//! # -> landfall_repositories::StoreResult<()> {
//! let uow = store.begin(&scope).await?;
//! uow.imports().complete(import, serde_json::json!({ "assets": 12 })).await?;
//! uow.commit().await // without it, nothing has happened
//! # }
//! ```
//!
//! # Adding a repository
//! 1. Make `src/<feature>.rs` with `pub struct <Feature>Repository<'u> { uow: &'u Uow }`, and in the same file the method of
//!    [`Uow`] that gives it. It is a plain struct; there is no trait to implement.
//! 2. Start every read with `<entity>::Entity::of(scope)`, every update and deletion with `update_of(scope)` and
//!    `delete_of(scope)` of the crate's `scoped` module. What a person edits is filtered by the version that the person saw,
//!    and answers [`StoreError::Conflict`] otherwise. Lists are read with the crate's `keyset::page`.
//! 3. Declare the module and its types below. A new table under row-level security also goes into `tenant_tables`, before
//!    the tables that its rows refer to.
//! 4. Test it in `tests/<feature>.rs` with `both_backends!`: what it does, and that a foreign scope finds nothing.

mod access;
mod applications;
mod archetypes;
mod assessments;
mod assets;
mod bulk;
mod change_log;
mod compat_usage;
mod dependencies;
mod discovery;
mod error;
mod findings;
mod flows;
mod idempotency;
mod identity;
mod imports;
mod inventory;
mod jobs;
mod keyset;
mod mappings;
mod numbered;
mod plans;
mod price_catalogues;
mod profiles;
mod questionnaires;
mod records;
mod retry;
mod reviews;
mod rows;
mod scoped;
mod sixr;
mod stakeholders;
mod store;
mod system;
mod tags;
mod tenant_tables;
mod tenants;
mod text_range;
mod uow;

pub use access::{AccessRepository, Grant};
pub use applications::{
    ApplicationFilter, ApplicationPatch, ApplicationRepository, NewApplication, NewProposal, ProposalFilter,
    ProposalRepository, application_key,
};
pub use archetypes::{ArchetypePatch, ArchetypeRepository, NewArchetype, TagPurpose};
pub use assessments::{
    AssessmentFilter, AssessmentRepository, AssessmentState, AssessmentSubject, MachineDetails,
    NewAssessment, SizeTotals,
};
pub use assets::{
    AssetChange, AssetColumn, AssetCondition, AssetFilter, AssetPatch, AssetRepository, AssetSort,
    FieldProvenance, NewAsset, Operator, StatedAsset, Statement, field_values,
};
pub use bulk::Bulk;
pub use change_log::{Change, ChangeFilter, ChangeLogRepository};
pub use compat_usage::{CompatUsageRepository, CompatUse, UseKind};
pub use dependencies::{
    DependencyChange, DependencyFilter, DependencyPatch, DependencyRepository, NewDependency,
};
pub use discovery::{DiscoveryFilter, DiscoveryFlowRepository, DiscoverySort, FlowChange, NewDiscoveryFlow};
pub use error::{StoreError, StoreResult};
pub use findings::{FindingFilter, FindingRepository, NewFinding};
pub use flows::{
    DiscoveryProgress, FlowChildren, FlowProgress, MasterFlowFilter, MasterFlowProgress,
    MasterFlowRepository, NewMasterFlow,
};
pub use idempotency::{IdempotencyRepository, KeptAnswer, KeyState};
pub use identity::{
    AccessDecision, ApiKeyRepository, EventRepository, IdentityUow, NewApiKey, NewToken, NewUser,
    SecurityEvent, Severity, TokenKind, TokenRepository, UserRepository,
};
pub use imports::{DataImportRepository, ImportFilter, ImportSort, NewImport, SourceShape};
pub use inventory::{
    AssetOrigin, AssetRow, ImportProgress, InventoryReader, KnownIdentity, NameHit, NameWanted, RawRow,
    RecordFault, RecordOutcome,
};
pub use jobs::{DEFAULT_ATTEMPTS, JobFilter, JobListener, JobQueue, JobRepository, NewJob};
pub use landfall_entities as entities;
pub use mappings::{Decision, MappingDecisions, MappingRepository, NewMapping};
pub use numbered::{NumberedPage, PageNumber};
pub use plans::{
    NewPlan, PlanPatch, PlanRepository, PlanSave, PlannedAsset, PlannedStrategy, ViolationFilter, WavePatch,
    WaveRepository, WorkloadLink, WorkloadRow,
};
pub use price_catalogues::{NewPriceCatalogue, PriceCatalogueRepository};
pub use profiles::{NewProfile, ProfileRepository};
pub use questionnaires::{NewQuestionnaire, QuestionnairePatch, QuestionnaireRepository};
pub use records::{RawRecordRepository, RecordCounts};
pub use retry::{ATTEMPTS, Transient, retry};
pub use reviews::{ReviewFilter, ReviewRepository, ReviewSubject, Verdict};
pub use sixr::{
    AnalysisFilter, AskedQuestion, IterationRows, NewAnalysis, NewPolicy, NewRun, Overridden, RunCounts,
    SixrRepository, Subject,
};
pub use stakeholders::{Concern, NewStakeholder, StakeholderPatch, StakeholderRepository};
pub use store::{Store, StoreOptions};
pub use system::SystemUow;
pub use tags::TagRepository;
pub use tenant_tables::{TenantTable, tenant_tables};
pub use tenants::{EngagementRepository, ErasedRows, NewClientAccount, NewEngagement, TenantDirectory};
pub use uow::Uow;
