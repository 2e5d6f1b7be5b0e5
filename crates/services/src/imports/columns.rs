//! What the columns of an import hold: from the look that was taken at its file, which costs no more than its columns.

use super::{Import, ImportError, Inspection, RecordCounts};
use crate::discovery::INSPECTION;
use crate::mappings::{ColumnProfile, ColumnProfiler, ColumnType};
use crate::services::Services;
use landfall_domain::{ImportId, Phase, Scope};
use landfall_repositories::StoreError;
use landfall_repositories::entities::discovery_flows;
use serde_json::Value;
use std::collections::BTreeMap;

/// An import, its columns, and what is wrong with its values.
#[derive(Clone, Debug)]
pub struct ImportColumns {
    /// The import.
    pub import: Import,
    /// The flow that works on it.
    pub flow: Option<discovery_flows::Model>,
    /// Its columns in the order of the file.
    pub profiles: Vec<ColumnProfile>,
    /// Records in it.
    pub records: u64,
    /// How many values of a column break a rule, by column and rule.
    pub faults: BTreeMap<String, BTreeMap<String, u64>>,
    /// Its kept records, by what became of them.
    pub counts: RecordCounts,
}

impl ImportColumns {
    /// Values of a column that break a rule.
    pub fn faults_of(&self, column: &str) -> u64 {
        self.faults.get(column).map_or(0, |rules| rules.values().sum())
    }

    /// The column with this header.
    pub fn profile(&self, column: &str) -> Option<&ColumnProfile> {
        self.profiles.iter().find(|profile| profile.name == column)
    }
}

/// The word for what a column holds.
pub(crate) const fn type_word(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Empty => "empty",
        ColumnType::Integer => "integer",
        ColumnType::Number => "number",
        ColumnType::Boolean => "boolean",
        ColumnType::Timestamp => "datetime",
        ColumnType::IpAddress => "ip_address",
        ColumnType::MacAddress => "mac_address",
        ColumnType::Uuid => "uuid",
        ColumnType::Text => "string",
    }
}

/// The part of its records in which a column says something, 0–1.
pub(crate) fn completeness(profile: &ColumnProfile) -> f64 {
    share(profile.filled, profile.total)
}

/// A part of a whole, 0–1, to four decimals; of nothing it is 0.
#[expect(clippy::cast_precision_loss, reason = "shares for display")]
pub(crate) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    rounded((part as f64 / whole as f64).min(1.0))
}

/// Four decimals: more is noise.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

impl Services {
    /// The columns of an import. Cost: what is kept with its flow; where nothing is, one pass over its file, or over its
    /// records if it has none.
    pub async fn import_columns(&self, scope: &Scope, id: ImportId) -> Result<ImportColumns, ImportError> {
        let uow = self.store().begin_read(scope).await?;
        let import = uow.imports().get(id).await?;
        let flow = match uow.discovery().get_by_import(id).await {
            Ok(flow) => Some(flow),
            Err(StoreError::NotFound { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        let counts = uow.records().counts(id).await?;
        drop(uow);
        let profiles = match flow.as_ref().and_then(kept_profiles) {
            Some(profiles) => profiles,
            None if import.object_key.is_some() => self.inspect_kept(&import).await?.profiles,
            None => self.profile_records(scope, &import).await?,
        };
        let records = profiles.iter().map(|profile| profile.total).max();
        let known = import.total_records.and_then(|total| u64::try_from(total).ok());
        Ok(ImportColumns {
            records: records.or(known).unwrap_or(0),
            faults: flow.as_ref().map(faults_of).unwrap_or_default(),
            import,
            flow,
            profiles,
            counts,
        })
    }

    /// The columns of records whose file is not there: one pass over them.
    async fn profile_records(
        &self,
        scope: &Scope,
        import: &Import,
    ) -> Result<Vec<ColumnProfile>, ImportError> {
        let columns: Vec<String> = serde_json::from_value(import.source_columns.clone()).unwrap_or_default();
        let mut profiler = ColumnProfiler::new(columns);
        let mut after = -1;
        loop {
            let uow = self.store().begin_read(scope).await?;
            let limit = self.settings().batch_rows as u64;
            let rows = uow.inventory().records_after(import.id, after, limit).await?;
            drop(uow);
            let Some(last) = rows.last() else {
                return Ok(profiler.profiles());
            };
            after = last.record_index;
            for row in &rows {
                if let Value::Object(cells) = &row.raw_data {
                    profiler.feed(cells);
                }
            }
        }
    }
}

fn kept_profiles(flow: &discovery_flows::Model) -> Option<Vec<ColumnProfile>> {
    let kept = flow.flow_state.get(INSPECTION)?;
    let inspection: Inspection = serde_json::from_value(kept.clone()).ok()?;
    Some(inspection.profiles)
}

/// What cleansing has counted, once it has run.
fn faults_of(flow: &discovery_flows::Model) -> BTreeMap<String, BTreeMap<String, u64>> {
    flow.crew_outputs
        .get(Phase::DataCleansing.as_str())
        .and_then(|output| output.get("faults"))
        .and_then(|faults| serde_json::from_value(faults.clone()).ok())
        .unwrap_or_default()
}
