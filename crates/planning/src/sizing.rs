//! From a machine to its place on the target: can it run there, in which size, for how much, and how sure is that.
//!
//! The stages and rules are those of Azure Migrate (Microsoft, "Assessment calculations in Azure Migrate", 2018): readiness
//! first; who is not ready is not sized; utilization times comfort factor; the cheapest size that fits; stars by the share of
//! the data points that were there. Limits and prices are the catalogue's, which a client account can replace.

mod catalogue;
mod confidence;
mod exchange;
mod machine;
mod readiness;
mod rightsize;

#[cfg(test)]
mod tests;

pub use catalogue::{CatalogueError, Licence, Platform, PriceCatalogue, Size, Volume};
pub use confidence::{DataPoints, stars};
pub use exchange::{exchanged, minor_unit_digits};
pub use machine::{Disk, Machine, Measured, Metric, OsFamily};
pub use readiness::{Readiness, Reason};
pub use rightsize::{
    Criterion, Demand, MonthlyCost, Options, OptionsError, Percentile, PlacedDisk, Placement,
};

use serde::{Deserialize, Serialize};

/// The price catalogue that ships with the program, as TOML.
pub const SAMPLE_CATALOGUE: &str = include_str!("../data/sample-prices.toml");

/// What became of a machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sizing {
    /// Whether it can run on the target.
    pub readiness: Readiness,
    /// Why it is not simply ready.
    pub reasons: Vec<Reason>,
    /// What it needs there.
    pub demand: Demand,
    /// Where it would be placed; `None` if it cannot be.
    pub placement: Option<Placement>,
    /// How many of the data points that sizing needs were there; `None` where utilization is not considered.
    pub data_points: Option<DataPoints>,
    /// 1 to 5 by [`stars`].
    pub stars: Option<u8>,
}

/// Judges, sizes and prices a machine. The same machine, catalogue and options always give the same.
pub fn assess(machine: &Machine, catalogue: &PriceCatalogue, options: &Options) -> Sizing {
    let demand = Demand::of(machine, options);
    let mut reasons = readiness::reasons(machine, &demand, catalogue);
    let mut placement = None;
    if readiness::verdict(&reasons).can_be_sized() {
        match rightsize::place(machine, &demand, catalogue, options) {
            Ok(found) => placement = Some(found),
            Err(reason) => reasons.push(reason),
        }
    }
    let data_points = (options.criterion == Criterion::Performance).then(|| DataPoints::of(machine, options));
    Sizing {
        readiness: readiness::verdict(&reasons),
        reasons,
        demand,
        placement,
        data_points,
        stars: data_points.map(|points| stars(points.percent())),
    }
}
