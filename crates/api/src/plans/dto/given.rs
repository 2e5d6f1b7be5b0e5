//! What is sent.

use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::{Body, Change};
use landfall_domain::AssetId;
use landfall_services::plans::{Move, Pin, PlanChange, PlanEdit, PlanRequest};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;

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
    pub(in crate::plans) fn into_request(self) -> PlanRequest {
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
    pub(in crate::plans) fn into_change(self) -> PlanChange {
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
    pub(in crate::plans) fn into_edit(self) -> PlanEdit {
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
    pub(in crate::plans) fn into_edit(self) -> ApiResult<PlanEdit> {
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

/// Which version the plan goes back to.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct RestoreIn {
    /// The version.
    #[validate(range(min = 1, message = "must be at least 1"))]
    #[schema(example = 1)]
    pub(in crate::plans) plan_version: i32,
}

impl Body for RestoreIn {}

/// A copy to be made.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct CopyIn {
    /// Its name; `Copy of …` if absent.
    #[validate(length(min = 1, max = 255, message = "must have 1 to 255 characters"))]
    #[schema(example = "What if we had two teams")]
    pub(in crate::plans) name: Option<String>,
}

impl Body for CopyIn {}
