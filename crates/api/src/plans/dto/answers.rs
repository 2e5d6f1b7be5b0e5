//! What is answered.

use chrono::{DateTime, NaiveDate, Utc};
use landfall_domain::{AssetId, MasterFlowId};
use landfall_services::plans::{
    Comparison, ImportedPlan, Plan, PlanVersion, PlanViolation, PlannedWave, Rule, WaveAsset,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// The pins of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PinsOut {
    /// The pins.
    #[schema(value_type = Vec<Object>)]
    pub(in crate::plans) pins: Value,
}

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
