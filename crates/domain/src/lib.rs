//! The words Landfall is written in: ids, labels, the tenant scope and roles, pages, the clock and the registry of asset fields.
//!
//! Nothing here does I/O. The feature `orm` adds the sea-orm value traits, `openapi` the schemas.

pub mod clock;
pub mod fields;
pub mod ids;
pub mod labels;
#[cfg(feature = "orm")]
mod orm;
pub mod page;
pub mod phases;
pub mod roles;
pub mod scope;

pub use clock::{Clock, FakeClock, SystemClock};
pub use ids::{AssetId, ClientAccountId, DiscoveryFlowId, EngagementId, ImportId, MasterFlowId, UserId};
pub use labels::{
    AnalysisStatus, AssessmentStatus, AssessmentType, AssetStatus, AssetType, FlowStatus, FlowType,
    ImportStatus, JobState, MappingStatus, MatchType, MigrationPhase, MigrationStatus, QuestionType,
    RiskLevel, SixrStrategy, UnknownLabel,
};
pub use page::{Cursor, Page, PageRequest};
pub use phases::Phase;
pub use roles::Role;
pub use scope::{Actor, Scope};
