//! The template of AWS Migration Evaluator, sheet "Template" of its workbook. Shares are fractions: 0.60 is 60 %.

use std::collections::BTreeSet;

use landfall_domain::AssetType;

use super::cells::{cell, number_in, yes};
use super::fingerprint::Fingerprint;
use super::{Format, Headers, KnownColumn, Metric, MetricFact, Recognised, Row, RowRole};
use crate::cleansing::SourceUnit::{Fraction, Gib, Mib, PerYear};

/// AWS Migration Evaluator.
pub(super) struct AwsMigrationEvaluator;

const FINGERPRINT: Fingerprint = Fingerprint {
    all: &[
        &["Server Name"],
        &["CPU Cores", "CPU Count"],
        &["Memory (MB)"],
        &["Provisioned Storage (GB)"],
    ],
    some: &[
        "Is Virtual?",
        "Hypervisor Name",
        "Cpu String",
        "SQL Edition",
        "Cpu Utilization Peak (%)",
        "Cpu Utilization Avg (%)",
        "Memory Utilization Peak (%)",
        "Time In-Use (%)",
        "Annual Cost (USD)",
        "Storage Type",
    ],
    least: 1,
};

const COLUMNS: &[KnownColumn] = &[
    KnownColumn::field("server name", "name"),
    KnownColumn::field("cpu cores", "cpu_cores"),
    KnownColumn::field("cpu count", "cpu_cores"),
    KnownColumn::field("memory (mb)", "memory_gb").unit(Mib),
    KnownColumn::field("provisioned storage (gb)", "storage_gb").unit(Gib),
    KnownColumn::field("operating system", "operating_system"),
    KnownColumn::field("is virtual?", "is_virtual"),
    KnownColumn::field("hypervisor name", "hypervisor_host"),
    KnownColumn::field("environment", "environment"),
    KnownColumn::field("application", "application_name"),
    KnownColumn::field("sql edition", "technology_stack"),
    KnownColumn::field("cpu utilization avg (%)", "cpu_utilization_percent").unit(Fraction),
    KnownColumn::field("cpu utilization peak (%)", "cpu_utilization_percent")
        .unit(Fraction)
        .priority(1),
    KnownColumn::field("memory utilization avg (%)", "memory_utilization_percent").unit(Fraction),
    KnownColumn::field("memory utilization peak (%)", "memory_utilization_percent")
        .unit(Fraction)
        .priority(1),
    KnownColumn::field("annual cost (usd)", "current_monthly_cost").unit(PerYear),
];

/// A fraction as percent; a value above 1 was written as percent already.
fn percent(row: &Row, names: &[&str]) -> Option<f64> {
    let signed = cell(row, names).is_some_and(|text| text.ends_with('%'));
    if signed {
        return super::cells::percent_in(row, names);
    }
    number_in(row, names)
        .map(|share| if share <= 1.0 { share * 100.0 } else { share })
        .filter(|share| (0.0..=100.0).contains(share))
}

impl Format for AwsMigrationEvaluator {
    fn id(&self) -> &'static str {
        "aws_migration_evaluator"
    }

    fn label(&self) -> &'static str {
        "AWS Migration Evaluator"
    }

    fn recognise(&self, headers: &Headers) -> Option<Recognised> {
        FINGERPRINT.recognise(self, None, headers)
    }

    fn columns(&self) -> &'static [KnownColumn] {
        COLUMNS
    }

    fn role(&self, row: &Row, _include: &BTreeSet<String>) -> RowRole {
        if cell(row, &["Server Name"]).is_none() {
            return RowRole::skipped("no_name", "the row names no server");
        }
        let virtual_machine = yes(row, &["Is Virtual?"]) == Some(true);
        RowRole::asset(if virtual_machine {
            AssetType::VirtualMachine
        } else {
            AssetType::Server
        })
    }

    fn metrics(&self, row: &Row) -> Vec<MetricFact> {
        let fact = |metric, stem: &str| {
            let (average, peak) = (format!("{stem} Avg (%)"), format!("{stem} Peak (%)"));
            MetricFact::of(metric, percent(row, &[&average]), percent(row, &[&peak]))
        };
        let facts = [
            fact(Metric::CpuUtilizationPercent, "Cpu Utilization"),
            fact(Metric::MemoryUtilizationPercent, "Memory Utilization"),
        ];
        facts.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fractions_are_percent_and_virtual_servers_are_machines() {
        let row = json!({"Server Name": "a", "Is Virtual?": "Yes", "Cpu Utilization Peak (%)": "0.60", "Memory Utilization Peak (%)": "95%"});
        let row = row.as_object().unwrap();
        let metrics = AwsMigrationEvaluator.metrics(row);
        assert_eq!((metrics[0].maximum, metrics[1].maximum), (Some(60.0), Some(95.0)));
        assert_eq!(
            AwsMigrationEvaluator.role(row, &BTreeSet::new()),
            RowRole::asset(AssetType::VirtualMachine)
        );
    }
}
