//! When waves start and end.

use super::settings::WaveSettings;
use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// First and last day of a wave, both inclusive. It cuts over in its last days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaveDates {
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
}

/// What the calendar must know of a wave.
#[derive(Clone, Debug, Default)]
pub(super) struct Timing {
    /// Weeks that it takes.
    pub(super) weeks: u32,
    /// The day that a person set.
    pub(super) fixed: Option<NaiveDate>,
    /// The latest day before which something in it may not start.
    pub(super) not_before: Option<NaiveDate>,
    /// Earlier waves of which it needs something.
    pub(super) needs: Vec<u32>,
}

/// The Monday on or after a day.
pub fn next_monday(day: NaiveDate) -> NaiveDate {
    let days = (7 - day.weekday().days_since(Weekday::Mon)) % 7;
    later(day, days)
}

fn later(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days)))
        .unwrap_or(NaiveDate::MAX)
}

/// Dates of the waves, in order of their numbers. A wave starts when one of the parallel ones has ended, not before the wave
/// before it, on a Monday outside of freeze windows; it ends after its lead time, not before the waves that it needs, with
/// its cut-over outside of freeze windows. What a person set is kept as it is.
pub(super) fn dates(settings: &WaveSettings, waves: &BTreeMap<u32, Timing>) -> BTreeMap<u32, WaveDates> {
    let mut lanes = vec![settings.start_date; usize::try_from(settings.parallel_waves.max(1)).unwrap_or(1)];
    let mut found: BTreeMap<u32, WaveDates> = BTreeMap::new();
    let mut previous = settings.start_date;
    for (number, timing) in waves {
        let lane = lanes
            .iter()
            .enumerate()
            .min_by_key(|(_, free)| **free)
            .map_or(0, |(lane, _)| lane);
        let start = timing.fixed.unwrap_or_else(|| {
            let least = lanes[lane]
                .max(previous)
                .max(timing.not_before.unwrap_or(NaiveDate::MIN));
            unfrozen_start(
                settings,
                if least == settings.start_date {
                    least
                } else {
                    next_monday(least)
                },
            )
        });
        // A pinned day must still keep what may not start before another.
        let start = start.max(timing.not_before.unwrap_or(NaiveDate::MIN));
        let needed = timing
            .needs
            .iter()
            .filter_map(|wave| found.get(wave))
            .map(|dates| dates.end)
            .max();
        let end = later(start, timing.weeks.max(1) * 7 - 1).max(needed.unwrap_or(NaiveDate::MIN));
        let end = unfrozen_end(settings, end);
        found.insert(*number, WaveDates { start, end });
        lanes[lane] = later(end, 1);
        previous = start;
    }
    found
}

fn unfrozen_start(settings: &WaveSettings, mut start: NaiveDate) -> NaiveDate {
    while let Some(after) = behind(settings, start, start) {
        start = next_monday(after);
    }
    start
}

fn unfrozen_end(settings: &WaveSettings, mut end: NaiveDate) -> NaiveDate {
    while let Some(after) = behind(settings, first_cutover_day(settings, end), end) {
        end = later(after, settings.cutover_days.saturating_sub(1));
    }
    end
}

/// The first day of the cut-over of a wave that ends on this day.
pub(super) fn first_cutover_day(settings: &WaveSettings, end: NaiveDate) -> NaiveDate {
    end.checked_sub_days(Days::new(u64::from(settings.cutover_days.saturating_sub(1))))
        .unwrap_or(NaiveDate::MIN)
}

/// The day after a freeze window that touches these days, if there is one and the calendar does not end before.
fn behind(settings: &WaveSettings, from: NaiveDate, to: NaiveDate) -> Option<NaiveDate> {
    let window = settings
        .freeze_windows
        .iter()
        .find(|window| window.from <= to && from <= window.to)?;
    window.to.succ_opt()
}
