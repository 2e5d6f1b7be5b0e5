//! A file that was exported, edited by hand and handed back: every row that differs becomes an edit, judged with the rest.

use super::edit::{Move, PlanEdit};
use super::run::computed;
use super::{Pin, Plan, PlanError, pins_of};
use crate::Services;
use crate::imports::readers::{OpenOptions, open};
use landfall_domain::{AssetId, Scope};
use landfall_repositories::PlannedAsset;
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use uuid::Uuid;

/// Something wrong with a row of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRowFault {
    /// The row as a person sees it, from 1.
    pub row: u64,
    /// The column.
    pub column: &'static str,
    /// A sentence.
    pub message: String,
}

/// What an import did, or would do.
#[derive(Clone, Debug)]
pub struct ImportedPlan {
    /// The plan as it is now.
    pub plan: Plan,
    /// Rows that were read.
    pub rows: u64,
    /// Assets that moved.
    pub moved: u64,
    /// Pins that were set or taken away, beside those of moved assets.
    pub pins_changed: u64,
}

/// A row that could be read.
struct Row {
    asset: Uuid,
    wave: Option<u32>,
    pinned: Option<bool>,
}

impl Services {
    /// Reads a file back. Rows that are missing change nothing; with `dry_run` nothing does.
    ///
    /// # Errors
    /// [`PlanError::Rows`] with every row that cannot be used; nothing is changed then.
    pub async fn import_plan(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
        filename: &str,
        bytes: Vec<u8>,
        dry_run: bool,
    ) -> Result<ImportedPlan, PlanError> {
        let plan = self.editable(scope, id, expected).await?;
        let uow = self.store().begin_read(scope).await?;
        let known: HashMap<Uuid, PlannedAsset> = uow
            .plans()
            .assignment(id)
            .await?
            .into_iter()
            .map(|asset| (asset.asset_id.into(), asset))
            .collect();
        drop(uow);
        let filename = filename.to_owned();
        let (rows, known) =
            computed(move || read(&filename, &bytes, &known).map(|rows| (rows, known))).await??;
        let mut edit = PlanEdit {
            pin: true,
            note: Some("Read back from a file.".to_owned()),
            ..PlanEdit::default()
        };
        let mut pins = pins_of(&plan)?;
        let (count, before) = (rows.len() as u64, pins.clone());
        for row in rows {
            let Some(asset) = known.get(&row.asset) else {
                continue;
            };
            let wave = u32::try_from(asset.wave_number).ok().filter(|wave| *wave > 0);
            if row.wave != wave {
                edit.moves.push(Move {
                    asset_id: AssetId::from(row.asset),
                    wave: row.wave,
                });
            } else if let (Some(pinned), Some(wave)) = (row.pinned, wave)
                && pinned != asset.is_pinned
            {
                pins.retain(|pin| !matches!(pin, Pin::Wave { workload, .. } if *workload == row.asset));
                if pinned {
                    pins.push(Pin::Wave {
                        workload: row.asset,
                        wave,
                    });
                }
            }
        }
        let pins_changed = changed(&before, &pins);
        let moved = edit.moves.len() as u64;
        if pins_changed > 0 {
            edit.pins = Some(pins);
        }
        let plan = if dry_run || (moved == 0 && pins_changed == 0) {
            plan
        } else {
            self.edit_plan(scope, id, Some(plan.version), edit).await?
        };
        Ok(ImportedPlan {
            plan,
            rows: count,
            moved,
            pins_changed,
        })
    }
}

fn changed(before: &[Pin], after: &[Pin]) -> u64 {
    let (before, after): (BTreeSet<&Pin>, BTreeSet<&Pin>) = (before.iter().collect(), after.iter().collect());
    before.symmetric_difference(&after).count() as u64
}

fn read(filename: &str, bytes: &[u8], known: &HashMap<Uuid, PlannedAsset>) -> Result<Vec<Row>, PlanError> {
    let broken = |error: std::io::Error| PlanError::Write(error.to_string());
    let mut file = tempfile::NamedTempFile::new().map_err(broken)?;
    file.write_all(bytes).map_err(broken)?;
    let source = open(file.path(), filename, &OpenOptions::default())?;
    let columns = source.columns.clone();
    let column = |names: &[&str]| {
        columns
            .iter()
            .find(|column| names.contains(&column.trim().to_lowercase().as_str()))
            .cloned()
    };
    let missing = |name: &str| PlanError::Input {
        field: "file",
        message: format!(
            "the file has no column '{name}'; its columns are {}",
            columns
                .iter()
                .map(|column| format!("'{column}'"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    };
    let id_column = column(&["asset_id"]).ok_or_else(|| missing("asset_id"))?;
    let wave_column = column(&["wave"])
        .or_else(|| column(&["wave_name", "wave name"]))
        .ok_or_else(|| missing("wave"))?;
    let pinned_column = column(&["pinned"]);
    let (mut rows, mut faults, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for record in source {
        let record = record?;
        let mut refuse = |column: &'static str, message: String| {
            faults.push(PlanRowFault {
                row: record.row_number,
                column,
                message,
            });
        };
        let id = cell(&record.data, &id_column);
        let asset = match id.parse::<Uuid>() {
            Ok(asset) if known.contains_key(&asset) => asset,
            Ok(_) => {
                refuse("asset_id", format!("no asset of the plan has the id {id}"));
                continue;
            }
            Err(_) => {
                refuse("asset_id", format!("'{id}' is no id of an asset"));
                continue;
            }
        };
        if !seen.insert(asset) {
            refuse(
                "asset_id",
                format!("the asset {id} has another row before this one"),
            );
            continue;
        }
        let wave = match wave(&cell(&record.data, &wave_column)) {
            Ok(wave) => wave,
            Err(message) => {
                refuse("wave", message);
                continue;
            }
        };
        let word = pinned_column
            .as_ref()
            .map(|column| cell(&record.data, column))
            .unwrap_or_default();
        let pinned = match word.to_lowercase().as_str() {
            "" => None,
            "yes" | "true" | "1" => Some(true),
            "no" | "false" | "0" => Some(false),
            _ => {
                refuse("pinned", format!("'{word}' is neither yes nor no"));
                continue;
            }
        };
        rows.push(Row { asset, wave, pinned });
    }
    if faults.is_empty() {
        Ok(rows)
    } else {
        Err(PlanError::Rows { faults })
    }
}

fn cell(row: &Map<String, Value>, column: &str) -> String {
    match row.get(column) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(other) => other.to_string(),
    }
}

/// `3`, `3.0` and `Wave 3` are the third wave; nothing is no wave.
fn wave(cell: &str) -> Result<Option<u32>, String> {
    let number = cell.to_lowercase();
    let number = number.trim_start_matches("wave").trim();
    let number = number.strip_suffix(".0").unwrap_or(number);
    match number {
        "" => Ok(None),
        number => number
            .parse::<u32>()
            .ok()
            .filter(|wave| (1..=10_000).contains(wave))
            .map(Some)
            .ok_or_else(|| {
                format!("'{cell}' is no wave: write its number, or nothing for an asset that does not move")
            }),
    }
}
