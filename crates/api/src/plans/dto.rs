//! Plans on the wire.

use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::{Body, Change};
use chrono::{DateTime, NaiveDate, Utc};
use landfall_domain::{AssetId, MasterFlowId, PageRequest};
use landfall_services::plans::{
    Comparison, ImportedPlan, Move, Pin, Plan, PlanChange, PlanEdit, PlanRequest, PlanVersion, PlanViolation,
    PlannedWave, Rule, ViolationFilter, WaveAsset,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// Which page.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    pub(crate) limit: Option<u32>,
    /// `next` of the page before.
    pub(crate) cursor: Option<String>,
}

/// Which plans are listed.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PlanListQuery {
    /// `planning`, `ready`, `failed` or `committed`.
    pub(super) status: Option<String>,
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    pub(super) limit: Option<u32>,
    /// `next` of the page before.
    pub(super) cursor: Option<String>,
}

/// Which violations are listed.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ViolationQuery {
    /// Of this rule.
    #[param(example = "dependency_order")]
    rule: Option<String>,
    /// `critical` or `advisory`.
    severity: Option<String>,
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

impl ViolationQuery {
    pub(super) fn read(self) -> (ViolationFilter, PageRequest) {
        let filter = ViolationFilter {
            rule: self.rule,
            severity: self.severity,
        };
        (filter, crate::page::page_request(self.limit, self.cursor))
    }
}

/// What is compared: two versions, or this plan with another.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CompareQuery {
    /// The earlier version; the one before `to` if absent.
    pub(super) from: Option<i32>,
    /// The later version; the present one if absent.
    pub(super) to: Option<i32>,
    /// Another plan, instead of versions.
    pub(super) other: Option<Uuid>,
}

/// Which file.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportQuery {
    /// `csv` (if absent), `xlsx`, `mgn`, `cmf`, `azure`, `jira` or `ics`.
    #[param(example = "csv")]
    pub(super) format: Option<String>,
    /// AWS account for `mgn` and `cmf`.
    #[validate(length(max = 32, message = "must have at most 32 characters"))]
    pub(super) account_id: Option<String>,
    /// AWS region for `mgn` and `cmf`.
    #[validate(length(max = 32, message = "must have at most 32 characters"))]
    pub(super) region: Option<String>,
}

/// How a file is read back.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportQuery {
    /// Say what would change, and change nothing.
    pub(super) dry_run: bool,
}

/// A plan to be made.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Data centre exit", "settings": {"start_date": "2027-01-04", "max_workloads": 40}}))]
pub(crate) struct PlanIn {
    /// Its name.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    name: String,
    /// Free text.
    #[validate(length(max = 4000, message = "must have at most 4000 characters"))]
    description: Option<String>,
    /// Settings that differ from the defaults.
    #[serde(default)]
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
}

impl Body for PlanIn {}

impl PlanIn {
    pub(super) fn into_request(self) -> PlanRequest {
        PlanRequest {
            name: self.name,
            description: self.description,
            settings: self.settings,
        }
    }
}

/// What changes of a plan. What is absent stays.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"settings": {"max_workloads": 30}}))]
pub(crate) struct PlanPatchIn {
    /// Its name.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    name: Option<String>,
    /// Free text; null takes it away.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    description: Change<String>,
    /// Settings to be changed, by name.
    #[schema(value_type = Option<Object>)]
    settings: Option<Map<String, Value>>,
}

impl Body for PlanPatchIn {}

impl PlanPatchIn {
    pub(super) fn into_change(self) -> PlanChange {
        PlanChange {
            name: self.name,
            description: match self.description {
                Change::Absent => None,
                Change::Null => Some(None),
                Change::To(text) => Some(Some(text)),
            },
            settings: self.settings,
        }
    }
}

/// Assets that move.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"moves": [{"asset_id": "0199d6a2-7c1f-7c30-9a44-3f1f6f0a7b11", "wave": 3}], "note": "Licence ends in May"}))]
pub(crate) struct MovesIn {
    /// Which asset goes where.
    #[validate(length(min = 1, max = 10000, message = "must have 1 to 10000 entries"))]
    moves: Vec<MoveIn>,
    /// Whether the assets stay there when the plan is made again; yes if absent.
    pin: Option<bool>,
    /// Why.
    #[validate(length(max = 1000, message = "must have at most 1000 characters"))]
    note: Option<String>,
}

/// An asset that moves.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoveIn {
    /// The asset.
    asset_id: AssetId,
    /// Its wave, from 1; null takes it out of the plan.
    wave: Option<u32>,
}

impl Body for MovesIn {}

impl MovesIn {
    pub(super) fn into_edit(self) -> PlanEdit {
        let moves = self.moves.into_iter().map(|step| Move {
            asset_id: step.asset_id,
            wave: step.wave,
        });
        PlanEdit {
            moves: moves.collect(),
            pin: self.pin.unwrap_or(true),
            pins: None,
            note: self.note,
        }
    }
}

/// Pins of a plan. Each has a `kind`: `wave` (`asset_id`, `wave`), `together` (`asset_ids`), `not_before` (`asset_id`,
/// `date`), `wave_start` (`wave`, `date`).
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"pins": [{"kind": "wave_start", "wave": 2, "date": "2027-03-01"}]}))]
pub(crate) struct PinsIn {
    /// The pins.
    #[validate(length(max = 100_000, message = "must have at most 100000 entries"))]
    #[schema(value_type = Vec<Object>)]
    pins: Vec<Value>,
    /// Why.
    #[validate(length(max = 1000, message = "must have at most 1000 characters"))]
    note: Option<String>,
}

impl Body for PinsIn {}

impl PinsIn {
    pub(super) fn into_edit(self) -> ApiResult<PlanEdit> {
        let (mut pins, mut faults) = (Vec::new(), Vec::new());
        for (number, pin) in self.pins.into_iter().enumerate() {
            match serde_json::from_value::<Pin>(pin) {
                Ok(pin) => pins.push(pin),
                Err(error) => faults.push(Detail::of(format!("pins[{number}]"), "pin", error.to_string())),
            }
        }
        if !faults.is_empty() {
            return Err(ApiError::validation(faults));
        }
        Ok(PlanEdit {
            pins: Some(pins),
            note: self.note,
            ..PlanEdit::default()
        })
    }
}

/// The pins of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PinsOut {
    /// The pins.
    #[schema(value_type = Vec<Object>)]
    pub(super) pins: Value,
}

/// Which version the plan goes back to.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct RestoreIn {
    /// The version.
    #[validate(range(min = 1, message = "must be at least 1"))]
    #[schema(example = 1)]
    pub(super) plan_version: i32,
}

impl Body for RestoreIn {}

/// A copy to be made.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct CopyIn {
    /// Its name; `Copy of …` if absent.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    #[schema(example = "What if we had two teams")]
    pub(super) name: Option<String>,
}

impl Body for CopyIn {}

/// A plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanOut {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
    /// Free text.
    description: Option<String>,
    /// `planning`, `ready`, `failed` or `committed`.
    #[schema(example = "ready")]
    status: String,
    /// Why it could not be made.
    error_message: Option<String>,
    /// The plan that it is a copy of.
    based_on_plan_id: Option<Uuid>,
    /// Settings.
    #[schema(value_type = Object)]
    settings: Value,
    /// Figures of the present version: waves, assets, dates, penalty, violations, risk, confidence, what crosses waves, and
    /// the critical path. Null while it is made for the first time.
    #[schema(value_type = Option<Object>)]
    summary: Option<Value>,
    /// Its present version, from 1; 0 while it is made for the first time.
    plan_version: i32,
    /// When it was committed.
    committed_at: Option<DateTime<Utc>>,
    /// The planning flow.
    master_flow_id: MasterFlowId,
    /// Who made it.
    created_by: Option<String>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was changed last.
    updated_at: DateTime<Utc>,
    /// Grows with each change; also the `ETag`.
    version: i64,
}

impl From<Plan> for PlanOut {
    fn from(plan: Plan) -> Self {
        Self {
            id: plan.id,
            name: plan.name,
            description: plan.description,
            status: plan.status,
            error_message: plan.error_message,
            based_on_plan_id: plan.based_on_plan_id,
            settings: plan.settings,
            summary: plan.summary,
            plan_version: plan.plan_version,
            committed_at: plan.committed_at,
            master_flow_id: plan.master_flow_id,
            created_by: plan.created_by,
            created_at: plan.created_at,
            updated_at: plan.updated_at,
            version: plan.version,
        }
    }
}

/// A wave of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlannedWaveOut {
    /// Its number.
    number: i32,
    /// Its name.
    name: String,
    /// The wave that is carried out, if the plan is committed.
    wave_id: Option<Uuid>,
    /// Content, dates, risk and confidence.
    #[schema(value_type = Object)]
    evaluation: Option<Value>,
}

impl From<PlannedWave> for PlannedWaveOut {
    fn from(wave: PlannedWave) -> Self {
        Self {
            number: wave.wave_number,
            name: wave
                .wave_name
                .unwrap_or_else(|| format!("Wave {}", wave.wave_number)),
            wave_id: wave.wave_id,
            evaluation: wave.evaluation,
        }
    }
}

/// An asset in a wave.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WaveAssetOut {
    /// The asset.
    asset_id: AssetId,
    /// Its name.
    name: String,
    /// Whether a person put it there.
    is_pinned: bool,
    /// Why it is there.
    reason: Option<String>,
}

impl From<WaveAsset> for WaveAssetOut {
    fn from(asset: WaveAsset) -> Self {
        Self {
            asset_id: asset.asset_id,
            name: asset.name,
            is_pinned: asset.is_pinned,
            reason: asset.reason,
        }
    }
}

/// A breach of a rule.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ViolationOut {
    /// The rule.
    #[schema(example = "dependency_order")]
    rule: String,
    /// `critical` or `advisory`.
    severity: String,
    /// Waves that it concerns.
    #[schema(value_type = Vec<u32>)]
    waves: Value,
    /// Some of the assets that it concerns, at most ten.
    #[schema(value_type = Vec<Uuid>)]
    asset_ids: Value,
    /// How many breaches it stands for.
    breaches: i64,
    /// What is wrong.
    message: String,
    /// What to do about it.
    mitigation: String,
}

impl From<PlanViolation> for ViolationOut {
    fn from(violation: PlanViolation) -> Self {
        Self {
            rule: violation.rule,
            severity: violation.severity,
            waves: violation.waves,
            asset_ids: violation.asset_ids,
            breaches: violation.breaches,
            message: violation.message,
            mitigation: violation.mitigation,
        }
    }
}

/// A version of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanVersionOut {
    /// Its number.
    plan_version: i32,
    /// What was done: generated, regenerated, edited, pinned, settings changed, restored, copied.
    action: String,
    /// Why.
    note: Option<String>,
    /// Assets that it moved.
    moved_assets: i32,
    /// Figures of the plan then.
    #[schema(value_type = Object)]
    summary: Value,
    /// Who did it.
    created_by: Option<String>,
    /// When.
    created_at: DateTime<Utc>,
}

impl From<PlanVersion> for PlanVersionOut {
    fn from(version: PlanVersion) -> Self {
        Self {
            plan_version: version.plan_version,
            action: version.action,
            note: version.note,
            moved_assets: version.moved_assets,
            summary: version.summary,
            created_by: version.created_by,
            created_at: version.created_at,
        }
    }
}

/// What differs between two plans.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComparisonOut {
    /// Assets in another wave.
    moved: Vec<MovedOut>,
    /// Waves with other dates.
    shifted: Vec<ShiftedOut>,
}

/// An asset in another wave.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MovedOut {
    /// The asset.
    asset_id: Uuid,
    /// Its wave in the first plan; null if it did not move there.
    from: Option<u32>,
    /// Its wave in the second plan.
    to: Option<u32>,
}

/// A wave with other dates.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShiftedOut {
    /// The wave.
    wave: u32,
    /// First day in the first plan.
    from_start: Option<NaiveDate>,
    /// Last day in the first plan.
    from_end: Option<NaiveDate>,
    /// First day in the second plan.
    to_start: Option<NaiveDate>,
    /// Last day in the second plan.
    to_end: Option<NaiveDate>,
}

impl From<Comparison> for ComparisonOut {
    fn from(comparison: Comparison) -> Self {
        let moved = comparison.moved.into_iter().map(|moved| MovedOut {
            asset_id: moved.workload,
            from: moved.from,
            to: moved.to,
        });
        let shifted = comparison.shifted.into_iter().map(|shifted| ShiftedOut {
            wave: shifted.wave,
            from_start: shifted.from.map(|dates| dates.start),
            from_end: shifted.from.map(|dates| dates.end),
            to_start: shifted.to.map(|dates| dates.start),
            to_end: shifted.to.map(|dates| dates.end),
        });
        Self {
            moved: moved.collect(),
            shifted: shifted.collect(),
        }
    }
}

/// What reading a file back did, or would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportedPlanOut {
    /// The plan as it is now.
    plan: PlanOut,
    /// Rows that were read.
    rows: u64,
    /// Assets that moved.
    moved: u64,
    /// Pins that were set or taken away, beside those of moved assets.
    pins_changed: u64,
}

impl From<ImportedPlan> for ImportedPlanOut {
    fn from(imported: ImportedPlan) -> Self {
        Self {
            plan: imported.plan.into(),
            rows: imported.rows,
            moved: imported.moved,
            pins_changed: imported.pins_changed,
        }
    }
}

/// A rule that plans are judged by.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RuleOut {
    /// Its name.
    #[schema(example = "dependency_order")]
    id: &'static str,
    /// How bad a breach is, unless a plan's settings say otherwise.
    severity: &'static str,
    /// What must hold.
    condition: &'static str,
    /// What to do about a breach.
    mitigation: &'static str,
}

impl From<&Rule> for RuleOut {
    fn from(rule: &Rule) -> Self {
        Self {
            id: rule.id.as_str(),
            severity: rule.severity.as_str(),
            condition: rule.condition,
            mitigation: rule.mitigation,
        }
    }
}
