//! The inventory in batches: recognising assets, and writing what an import found.
//!
//! Reads go through a [`Uow`]; writes through a [`Bulk`], so that rows and the job's cursor are committed together.
//! Cost per batch: one look-up per table and one statement (PostgreSQL) or one per 50 rows (SQLite) per table.

mod asset_row;
mod dependencies;
mod forget;
mod names;
mod read;
mod unresolved;
mod wanted;
mod write;

pub use asset_row::{AssetOrigin, AssetRow};
pub use names::{NameHit, NameWanted};
pub use read::{InventoryReader, KnownIdentity, RawRow};
pub(crate) use write::active;
pub use write::{ImportProgress, RecordFault, RecordOutcome};
