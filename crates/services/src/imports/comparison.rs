//! What two imports have in common and where they differ.

use super::ImportError;
use super::columns::{ImportColumns, rounded, type_word};
use super::quality::{clean_share, folded};
use super::sketch::ValueSet;
use crate::cleansing::{cell_text, is_absent};
use crate::services::Services;
use landfall_domain::{ImportId, Scope};
use serde::Serialize;
use std::collections::BTreeMap;

/// Two imports beside each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportComparison {
    /// Their columns.
    pub schema_comparison: SchemaComparison,
    /// Their rows and values.
    pub data_comparison: DataComparison,
    /// What follows from it, sentences.
    pub recommendations: Vec<String>,
}

/// The columns of two imports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SchemaComparison {
    /// Columns that both have.
    pub common_fields: Vec<String>,
    /// Columns of the first alone.
    pub unique_to_import1: Vec<String>,
    /// Columns of the second alone.
    pub unique_to_import2: Vec<String>,
    /// Columns that hold different kinds of values.
    pub data_type_differences: BTreeMap<String, TypeDifference>,
}

/// What a column holds in each import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TypeDifference {
    /// In the first.
    pub import1_type: &'static str,
    /// In the second.
    pub import2_type: &'static str,
}

/// The rows and values of two imports.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct DataComparison {
    /// Records of the second less those of the first.
    pub record_count_diff: i64,
    /// Part of the records with nothing wrong, in the second less in the first.
    pub quality_score_diff: f64,
    /// Distinct values that both have, by common column.
    pub common_values: BTreeMap<String, u64>,
    /// Distinct values that only one has, by common column.
    pub value_differences: BTreeMap<String, ValueDifference>,
}

/// Distinct values of a column that only one import has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ValueDifference {
    /// Only the first.
    pub import1_unique: u64,
    /// Only the second.
    pub import2_unique: u64,
}

impl Services {
    /// Compares two imports; values are compared without regard to case and superfluous spaces. Cost: one pass over the rows
    /// of each; memory 32 KiB for each common column and import.
    pub async fn compare_imports(
        &self,
        scope: &Scope,
        first: ImportId,
        second: ImportId,
    ) -> Result<ImportComparison, ImportError> {
        let a = self.import_columns(scope, first).await?;
        let b = self.import_columns(scope, second).await?;
        let schema = schemas(&a, &b);
        let in_a = self.value_sets(scope, &a, &schema.common_fields).await?;
        let in_b = self.value_sets(scope, &b, &schema.common_fields).await?;
        let mut data = DataComparison {
            record_count_diff: i64::try_from(b.records).unwrap_or(i64::MAX)
                - i64::try_from(a.records).unwrap_or(i64::MAX),
            quality_score_diff: rounded(clean(&b) - clean(&a)),
            ..DataComparison::default()
        };
        for (name, (a, b)) in schema.common_fields.iter().zip(in_a.iter().zip(&in_b)) {
            let common = a.common(b);
            data.common_values.insert(name.clone(), common);
            let difference = ValueDifference {
                import1_unique: a.distinct().saturating_sub(common),
                import2_unique: b.distinct().saturating_sub(common),
            };
            data.value_differences.insert(name.clone(), difference);
        }
        Ok(ImportComparison {
            recommendations: recommendations(&schema, &data),
            schema_comparison: schema,
            data_comparison: data,
        })
    }

    async fn value_sets(
        &self,
        scope: &Scope,
        columns: &ImportColumns,
        names: &[String],
    ) -> Result<Vec<ValueSet>, ImportError> {
        let mut sets = vec![ValueSet::default(); names.len()];
        if names.is_empty() {
            return Ok(sets);
        }
        let mut rows = self.import_rows(scope, &columns.import).await?;
        loop {
            let batch = rows.next().await?;
            if batch.is_empty() {
                return Ok(sets);
            }
            for row in &batch {
                for (name, set) in names.iter().zip(&mut sets) {
                    if let Some(text) = row.raw_data.get(name).and_then(cell_text)
                        && !is_absent(&text)
                    {
                        set.add(&folded(&text));
                    }
                }
            }
        }
    }
}

fn clean(columns: &ImportColumns) -> f64 {
    clean_share(columns.import.total_records, columns.import.failed_records)
}

fn schemas(a: &ImportColumns, b: &ImportColumns) -> SchemaComparison {
    let mut schema = SchemaComparison::default();
    for profile in &a.profiles {
        let Some(other) = b.profile(&profile.name) else {
            schema.unique_to_import1.push(profile.name.clone());
            continue;
        };
        schema.common_fields.push(profile.name.clone());
        let (import1_type, import2_type) = (type_word(profile.column_type()), type_word(other.column_type()));
        if import1_type != import2_type {
            let difference = TypeDifference {
                import1_type,
                import2_type,
            };
            schema
                .data_type_differences
                .insert(profile.name.clone(), difference);
        }
    }
    let only_second = b
        .profiles
        .iter()
        .filter(|profile| a.profile(&profile.name).is_none());
    schema.unique_to_import2 = only_second.map(|profile| profile.name.clone()).collect();
    schema
}

fn recommendations(schema: &SchemaComparison, data: &DataComparison) -> Vec<String> {
    let mut found = Vec::new();
    if schema.common_fields.is_empty() {
        found.push("the imports share no column: they are probably about different things".to_owned());
    }
    for (name, difference) in &schema.data_type_differences {
        found.push(format!(
            "'{name}' holds {} in the first import and {} in the second: check its mapping in both",
            difference.import1_type, difference.import2_type
        ));
    }
    if !schema.unique_to_import1.is_empty() || !schema.unique_to_import2.is_empty() {
        found
            .push("columns came or went: look at the mappings of both before a profile is reused".to_owned());
    }
    if data.quality_score_diff < -0.05 {
        found.push(
            "the second import has more faulty records than the first: look at its cleansing suggestions"
                .to_owned(),
        );
    }
    found
}
