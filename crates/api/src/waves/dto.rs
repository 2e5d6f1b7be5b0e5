//! Waves on the wire.

use crate::extract::{Body, Change};
use chrono::{DateTime, Utc};
use landfall_domain::MasterFlowId;
use landfall_services::plans::{MigrationWave, WavePatch};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// Which waves are listed.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WaveListQuery {
    /// `planned`, `in_progress`, `completed` or `cancelled`.
    pub(super) status: Option<String>,
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    pub(super) limit: Option<u32>,
    /// `next` of the page before.
    pub(super) cursor: Option<String>,
}

/// What changes of a wave. What is absent stays, null takes a value away.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"status": "in_progress"}))]
pub(crate) struct WavePatchIn {
    /// Its name.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    name: Option<String>,
    /// Free text.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    description: Change<String>,
    /// `planned`, `in_progress`, `completed` or `cancelled`.
    status: Option<String>,
    /// When it is to start.
    #[serde(default)]
    #[schema(value_type = Option<DateTime<Utc>>)]
    planned_start_date: Change<DateTime<Utc>>,
    /// When it is to end.
    #[serde(default)]
    #[schema(value_type = Option<DateTime<Utc>>)]
    planned_end_date: Change<DateTime<Utc>>,
    /// When it started.
    #[serde(default)]
    #[schema(value_type = Option<DateTime<Utc>>)]
    actual_start_date: Change<DateTime<Utc>>,
    /// When it ended.
    #[serde(default)]
    #[schema(value_type = Option<DateTime<Utc>>)]
    actual_end_date: Change<DateTime<Utc>>,
    /// Assets that have arrived.
    #[validate(range(min = 0, message = "must be at least 0"))]
    completed_assets: Option<i32>,
    /// Assets that were given up.
    #[validate(range(min = 0, message = "must be at least 0"))]
    failed_assets: Option<i32>,
}

impl Body for WavePatchIn {}

impl WavePatchIn {
    pub(super) fn into_patch(self) -> WavePatch {
        WavePatch {
            name: self.name,
            description: value(self.description),
            status: self.status,
            planned_start_date: value(self.planned_start_date),
            planned_end_date: value(self.planned_end_date),
            actual_start_date: value(self.actual_start_date),
            actual_end_date: value(self.actual_end_date),
            completed_assets: self.completed_assets,
            failed_assets: self.failed_assets,
        }
    }
}

#[expect(
    clippy::option_option,
    reason = "to leave a value and to take it away are two things"
)]
fn value<T>(change: Change<T>) -> Option<Option<T>> {
    match change {
        Change::Absent => None,
        Change::Null => Some(None),
        Change::To(value) => Some(Some(value)),
    }
}

/// A wave that is carried out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WaveOut {
    /// Its id.
    id: Uuid,
    /// Its number.
    wave_number: i32,
    /// Its name.
    name: String,
    /// Free text.
    description: Option<String>,
    /// `planned`, `in_progress`, `completed` or `cancelled`.
    #[schema(example = "planned")]
    status: Option<String>,
    /// When it is to start.
    planned_start_date: Option<DateTime<Utc>>,
    /// When it is to end.
    planned_end_date: Option<DateTime<Utc>>,
    /// When it started.
    actual_start_date: Option<DateTime<Utc>>,
    /// When it ended.
    actual_end_date: Option<DateTime<Utc>>,
    /// Assets in it.
    total_assets: Option<i32>,
    /// Assets that have arrived.
    completed_assets: Option<i32>,
    /// Assets that were given up.
    failed_assets: Option<i32>,
    /// The planning flow.
    master_flow_id: MasterFlowId,
    /// Grows with each change; also the `ETag`.
    version: i64,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was changed last.
    updated_at: DateTime<Utc>,
}

impl From<MigrationWave> for WaveOut {
    fn from(wave: MigrationWave) -> Self {
        Self {
            id: wave.id,
            wave_number: wave.wave_number,
            name: wave.name,
            description: wave.description,
            status: wave.status,
            planned_start_date: wave.planned_start_date,
            planned_end_date: wave.planned_end_date,
            actual_start_date: wave.actual_start_date,
            actual_end_date: wave.actual_end_date,
            total_assets: wave.total_assets,
            completed_assets: wave.completed_assets,
            failed_assets: wave.failed_assets,
            master_flow_id: wave.master_flow_id,
            version: wave.version,
            created_at: wave.created_at,
            updated_at: wave.updated_at,
        }
    }
}
