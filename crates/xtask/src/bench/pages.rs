//! How long a page of assets takes, asked for over HTTP from the same machine.

use super::import::json;
use crate::Result;
use landfall_testkit::HttpConnection;
use serde::Serialize;
use std::time::Instant;

/// Assets of a measured page.
const PAGE: u64 = 100;
/// Assets of a page on the way to the last one: as many as the API gives.
const STRIDE: u64 = 500;
/// Requests for each measured page.
const REQUESTS: usize = 300;
/// Requests before those that count.
const WARM_UP: usize = 20;

/// Latencies of the first and the last page.
#[derive(Serialize)]
pub(super) struct PageFigures {
    pub(super) first: Latency,
    pub(super) last: Latency,
}

/// Latencies in milliseconds.
#[derive(Serialize)]
pub(super) struct Latency {
    pub(super) p50: f64,
    pub(super) p99: f64,
}

pub(super) fn measure(connection: &mut HttpConnection, rows: u64) -> Result<PageFigures> {
    let first = format!("/api/v3/assets?limit={PAGE}");
    let last = format!("{first}&cursor={}", cursor_of_last_page(connection, rows)?);
    let page = json(&connection.get(&last)?, 200)?;
    if page["items"].as_array().map_or(0, Vec::len) as u64 != PAGE.min(rows) || !page["next"].is_null() {
        return Err("the cursor of the last page leads elsewhere".into());
    }
    // Taking turns, so that what else the machine does falls on both.
    let mut times: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
    for request in 0..WARM_UP + REQUESTS {
        for (path, times) in [&first, &last].into_iter().zip(&mut times) {
            let start = Instant::now();
            let answer = connection.get(path)?;
            let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
            if answer.status != 200 {
                return Err(format!("a page was answered with {}", answer.status).into());
            }
            if request >= WARM_UP {
                times.push(milliseconds);
            }
        }
    }
    let [first, last] = times.map(Latency::of);
    Ok(PageFigures { first, last })
}

/// Goes through the pages, since a cursor is only given with the page before. A page of odd length comes in between, so that
/// the last one is whole.
fn cursor_of_last_page(connection: &mut HttpConnection, rows: u64) -> Result<String> {
    let mut left = rows
        .checked_sub(PAGE)
        .filter(|left| *left > 0)
        .ok_or("there are too few rows for two pages")?;
    let mut cursor = String::new();
    while left > 0 {
        let limit = left.min(STRIDE);
        let after = if cursor.is_empty() {
            String::new()
        } else {
            format!("&cursor={cursor}")
        };
        let page = json(
            &connection.get(&format!("/api/v3/assets?limit={limit}{after}"))?,
            200,
        )?;
        let next = page["next"]
            .as_str()
            .ok_or_else(|| format!("the inventory ends {left} assets too early"))?;
        next.clone_into(&mut cursor);
        left -= limit;
    }
    Ok(cursor)
}

impl Latency {
    fn of(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        let at = |percent: usize| {
            times
                .get((times.len() * percent / 100).min(times.len() - 1))
                .copied()
                .unwrap_or(f64::NAN)
        };
        Self {
            p50: at(50),
            p99: at(99),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Latency;

    #[test]
    fn percentiles_are_those_of_the_sorted_times() {
        let latency = Latency::of((1_u8..=200).rev().map(f64::from).collect());
        assert!((latency.p50 - 101.0).abs() < 1e-9 && (latency.p99 - 199.0).abs() < 1e-9);
    }
}
