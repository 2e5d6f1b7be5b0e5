//! Sizes on the wire.

use crate::extract::Body;
use landfall_domain::MasterFlowId;
use landfall_services::assessments::{Criterion, Percentile, SizeOptions, SizeRequest, SizeRun, SizeSummary};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What a size is chosen by.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CriterionIn {
    /// Measured load times comfort factor.
    Performance,
    /// What is allocated today.
    AsOnPremises,
}

/// Which statistic of the measured load counts.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PercentileIn {
    /// The median.
    P50,
    /// The 95th percentile.
    P95,
    /// The greatest value.
    Maximum,
}

/// How machines are sized.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"criterion": "performance", "percentile": "p95", "comfort_factor": 1.3}))]
pub(crate) struct SizesIn {
    /// What a size is chosen by; `performance` if absent.
    criterion: Option<CriterionIn>,
    /// Which statistic of the load counts; `p95` if absent.
    percentile: Option<PercentileIn>,
    /// Factor on measured load; 1.3 if absent.
    #[validate(range(min = 1.0, max = 10.0, message = "must be from 1 to 10"))]
    comfort_factor: Option<f64>,
    /// Days of load that a full rating needs; 30 if absent.
    #[validate(range(min = 1, max = 365, message = "must be from 1 to 365"))]
    performance_days: Option<u16>,
    /// Hours that a machine runs in a month; the catalogue's if absent.
    #[validate(range(min = 1, max = 744, message = "must be from 1 to 744"))]
    hours_per_month: Option<u32>,
    /// Discount on all prices in percent; none if absent.
    #[validate(range(max = 100, message = "must be from 0 to 100"))]
    discount_percent: Option<u8>,
    /// The price catalogue; the sample that ships if absent.
    price_catalogue_id: Option<Uuid>,
    /// What one unit of the catalogue's currency is worth in the engagement's, in millionths: 920000 for 0.92. Without it,
    /// prices in another currency are kept in that one and not compared with today's cost.
    #[validate(range(min = 1, message = "must be 1 or more"))]
    exchange_rate_micros: Option<u64>,
}

impl Body for SizesIn {}

impl SizesIn {
    pub(super) fn into_request(self) -> SizeRequest {
        let default = SizeOptions::default();
        let options = SizeOptions {
            criterion: self
                .criterion
                .map_or(default.criterion, |criterion| match criterion {
                    CriterionIn::Performance => Criterion::Performance,
                    CriterionIn::AsOnPremises => Criterion::AsOnPremises,
                }),
            percentile: self
                .percentile
                .map_or(default.percentile, |percentile| match percentile {
                    PercentileIn::P50 => Percentile::P50,
                    PercentileIn::P95 => Percentile::P95,
                    PercentileIn::Maximum => Percentile::Maximum,
                }),
            comfort_factor: self.comfort_factor.unwrap_or(default.comfort_factor),
            performance_days: self.performance_days.unwrap_or(default.performance_days),
            hours_per_month: self.hours_per_month,
            discount_percent: self.discount_percent.unwrap_or(default.discount_percent),
        };
        SizeRequest {
            options,
            price_catalogue_id: self.price_catalogue_id,
            exchange_rate_micros: self.exchange_rate_micros,
        }
    }
}

/// A run that was begun.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SizesRunOut {
    /// The master flow that says how far it is.
    master_flow_id: MasterFlowId,
}

impl From<SizeRun> for SizesRunOut {
    fn from(run: SizeRun) -> Self {
        Self {
            master_flow_id: run.master_flow_id,
        }
    }
}

/// The sizes of an engagement, added up.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SizesSummaryOut {
    /// Machines that were sized.
    #[schema(example = 57)]
    machines: i64,
    /// Ready as they are.
    #[schema(example = 40)]
    ready: i64,
    /// Ready under conditions.
    #[schema(example = 12)]
    ready_with_conditions: i64,
    /// Nobody can say.
    #[schema(example = 3)]
    unknown: i64,
    /// Not ready.
    #[schema(example = 2)]
    not_ready: i64,
    /// Cost of a month today, minor units, of those machines that state it.
    current_cost: i64,
    /// Cost of a month on the target, minor units, of those that were placed and priced in the engagement's currency.
    target_cost: i64,
    /// The engagement's currency.
    #[schema(example = "EUR")]
    currency: String,
    /// Percent of the data points that were there, over all machines.
    #[schema(example = 38)]
    data_points_percent: u8,
    /// 1 to 5: how sure the sizes are; null where nothing was sized by its load.
    #[schema(example = 2)]
    stars: Option<u8>,
}

impl From<SizeSummary> for SizesSummaryOut {
    fn from(summary: SizeSummary) -> Self {
        let SizeSummary {
            machines,
            readiness,
            current_cost,
            target_cost,
            currency,
            data_points_percent,
            stars,
        } = summary;
        Self {
            machines,
            ready: readiness.ready,
            ready_with_conditions: readiness.ready_with_conditions,
            unknown: readiness.unknown,
            not_ready: readiness.not_ready,
            current_cost,
            target_cost,
            currency,
            data_points_percent,
            stars,
        }
    }
}
