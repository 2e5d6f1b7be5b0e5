//! Sizing machines, and the prices that they are placed by.

use crate::failure::Failure;
use crate::output::{json, line, table};
use clap::{Args, ValueEnum};
use landfall_domain::{AssessmentType, PageRequest, Scope};
use landfall_services::Services;
use landfall_services::assessments::{
    Assessment, AssessmentFilter, Criterion, Percentile, SAMPLE_CATALOGUE, SizeOptions, SizeRequest,
    SizeSummary,
};
use serde_json::{Value, json};
use std::path::PathBuf;
use uuid::Uuid;

#[derive(Clone, Copy, Debug, ValueEnum)]
enum CriterionWord {
    /// Measured load times comfort factor
    Performance,
    /// What is allocated today
    AsOnPremises,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum PercentileWord {
    /// The median
    P50,
    /// The 95th percentile
    P95,
    /// The greatest value
    Maximum,
}

/// Flags of `assess sizes`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// What a size is chosen by
    #[arg(long, value_enum, default_value_t = CriterionWord::Performance)]
    criterion: CriterionWord,
    /// Which statistic of the load counts
    #[arg(long, value_enum, default_value_t = PercentileWord::P95)]
    percentile: PercentileWord,
    /// Factor on measured load, 1 to 10
    #[arg(long, default_value_t = SizeOptions::default().comfort_factor)]
    comfort_factor: f64,
    /// Days of load that a full rating needs
    #[arg(long, default_value_t = SizeOptions::default().performance_days)]
    performance_days: u16,
    /// Hours that a machine runs in a month [default: the catalogue's]
    #[arg(long)]
    hours_per_month: Option<u32>,
    /// Discount on all prices in percent
    #[arg(long, default_value_t = 0)]
    discount: u8,
    /// Id of the price catalogue [default: the sample that ships]
    #[arg(long, value_name = "ID")]
    prices: Option<Uuid>,
    /// What one unit of the catalogue's currency is worth in the engagement's, such as 0.92
    #[arg(long, value_name = "RATE", value_parser = micros)]
    exchange_rate: Option<u64>,
    /// Machines that are listed at most
    #[arg(long, default_value_t = 20)]
    limit: u32,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

/// A rate such as 0.92 in millionths, without the detour over binary fractions.
fn micros(text: &str) -> Result<u64, String> {
    let refused = || format!("'{text}' is no rate such as 0.92, with at most six digits behind the point");
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || part.len() > 6 || !is_digits(whole) || !is_digits(part) {
        return Err(refused());
    }
    let rate: u64 = format!("{whole}{part:0<6}").parse().map_err(|_| refused())?;
    if rate == 0 { Err(refused()) } else { Ok(rate) }
}

impl Run {
    fn request(&self) -> SizeRequest {
        SizeRequest {
            options: SizeOptions {
                criterion: match self.criterion {
                    CriterionWord::Performance => Criterion::Performance,
                    CriterionWord::AsOnPremises => Criterion::AsOnPremises,
                },
                percentile: match self.percentile {
                    PercentileWord::P50 => Percentile::P50,
                    PercentileWord::P95 => Percentile::P95,
                    PercentileWord::Maximum => Percentile::Maximum,
                },
                comfort_factor: self.comfort_factor,
                performance_days: self.performance_days,
                hours_per_month: self.hours_per_month,
                discount_percent: self.discount,
            },
            price_catalogue_id: self.prices,
            exchange_rate_micros: self.exchange_rate,
        }
    }

    pub(crate) async fn run(&self, services: &Services, scope: &Scope) -> Result<(), Failure> {
        let summary = services.size_machines(scope, &self.request()).await?;
        let filter = AssessmentFilter {
            assessment_type: Some(AssessmentType::TechnicalAssessment),
            ..AssessmentFilter::default()
        };
        let found = services
            .assessments(scope, &filter, &PageRequest::first(self.limit))
            .await?
            .items;
        if self.json {
            let machines: Vec<Value> = found.iter().map(machine).collect();
            return json(&json!({ "summary": facts(&summary), "machines": machines }));
        }
        let mut rows = table(&["Machine", "Readiness", "Size", "A month", "Stars", "Why"]);
        for row in &found {
            rows.add_row(cells(row));
        }
        line(rows)?;
        tell(&summary)
    }
}

fn machine(row: &Assessment) -> Value {
    json!({
        "asset_id": row.asset_id, "title": row.title, "current_cost": row.current_cost,
        "estimated_target_cost": row.estimated_target_cost, "cost_savings_potential": row.cost_savings_potential,
        "results": row.results,
    })
}

fn facts(summary: &SizeSummary) -> Value {
    json!({
        "machines": summary.machines, "readiness": summary.readiness, "current_cost": summary.current_cost,
        "target_cost": summary.target_cost, "currency": summary.currency,
        "data_points_percent": summary.data_points_percent, "stars": summary.stars,
    })
}

fn cells(row: &Assessment) -> [String; 6] {
    let results = &row.results;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let cost = &results["placement"]["cost"];
    let price = cost["total"]
        .as_i64()
        .map(|total| format!("{} {}", money(total), text(&cost["currency"])));
    let reasons: Vec<&str> = results["reasons"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|reason| reason["message"].as_str())
        .collect();
    [
        row.title
            .strip_prefix("Size of ")
            .unwrap_or(&row.title)
            .to_owned(),
        text(&results["readiness"]).replace('_', " "),
        text(&results["placement"]["size"]),
        price.unwrap_or_default(),
        results["stars"]
            .as_u64()
            .map(|stars| stars.to_string())
            .unwrap_or_default(),
        reasons.join("; "),
    ]
}

/// Minor units of a currency with two digits, as people write them.
fn money(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, (minor % 100).abs())
}

fn tell(summary: &SizeSummary) -> Result<(), Failure> {
    let of = summary.readiness;
    line(format_args!(
        "{} machines: {} ready, {} ready with conditions, {} unknown, {} not ready.",
        summary.machines, of.ready, of.ready_with_conditions, of.unknown, of.not_ready
    ))?;
    line(format_args!(
        "A month costs {} {} today where that is known, and {} {} on the target where it is priced in this currency.",
        money(summary.current_cost),
        summary.currency,
        money(summary.target_cost),
        summary.currency
    ))?;
    match summary.stars {
        Some(stars) => line(format_args!(
            "Confidence: {stars} of 5 stars, {} % of the data points were there.",
            summary.data_points_percent
        )),
        None => line("Nothing was sized by its load, so there is no rating."),
    }
}

/// Flags of `assess prices`.
#[derive(Debug, Args)]
pub(crate) struct Prices {
    /// The catalogue, TOML or JSON
    #[arg(required_unless_present = "sample")]
    file: Option<PathBuf>,
    /// Write the sample that ships instead
    #[arg(long, conflicts_with = "file")]
    sample: bool,
}

/// Writes the sample that ships.
pub(crate) fn sample() -> Result<(), Failure> {
    line(SAMPLE_CATALOGUE.trim_end())
}

impl Prices {
    pub(crate) fn is_sample(&self) -> bool {
        self.sample
    }

    pub(crate) async fn run(&self, services: &Services, scope: &Scope) -> Result<(), Failure> {
        let Some(file) = &self.file else { return sample() };
        let text = std::fs::read_to_string(file)
            .map_err(|error| Failure::usage(format_args!("{} cannot be read: {error}", file.display())))?;
        let made = services
            .import_prices(scope, &text)
            .await
            .map_err(Failure::usage)?;
        line(format_args!(
            "Added the price catalogue \"{}\" ({}, as of {}) with the id {}.",
            made.name, made.currency, made.as_of, made.id
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_read_to_its_last_digit() {
        for (text, expected) in [
            ("0.92", 920_000),
            ("1", 1_000_000),
            ("150.5", 150_500_000),
            ("0.000001", 1),
        ] {
            assert_eq!(micros(text), Ok(expected), "{text}");
        }
        for text in ["", "-1", "0", "1.2345678", "a", "1,5", "."] {
            assert!(micros(text).is_err(), "{text}");
        }
    }

    #[test]
    fn money_is_written_with_two_digits() {
        assert_eq!(money(123_405), "1234.05");
        assert_eq!(money(7), "0.07");
    }
}
