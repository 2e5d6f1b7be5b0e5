//! List scheduling: groups whose needs are placed go, the earliest environment and highest priority first, into the first
//! wave that has room and is not before what they need.

use super::capacity::{Load, Room};
use super::groups::{Group, Groups};
use super::order::Order;
use super::pins::Pins;
use super::settings::WaveSettings;
use chrono::NaiveDate;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// No wave is sought later than so many beyond what is needed, however late a day a pin names: its wave then starts later.
const LATEST: u32 = 1_000;

/// Wave of each group, from 1. `n log n`.
pub(super) fn schedule(settings: &WaveSettings, pins: &Pins, groups: &Groups, order: &Order) -> Vec<u32> {
    let count = groups.all.len();
    let ramp = u32::try_from(settings.ramp.len()).unwrap_or(0);
    let beyond = settings.early_waves.max(ramp) + LATEST + pins.last_wave() + 1;
    let mut room = Room::new(settings, count + usize::try_from(beyond).unwrap_or(0));
    let mut waves = vec![0_u32; count];
    for (number, group) in groups.all.iter().enumerate() {
        if let Some(wave) = group.pinned {
            waves[number] = wave;
            room.take(group.class, wave, group.load);
        }
    }
    let deadlines = deadlines(groups, order);
    let mut waiting: Vec<usize> = order.needs.rows().map(<[u32]>::len).collect();
    let key = |number: usize| {
        Reverse((
            deadlines[number],
            order.rank[number],
            Reverse(order.priority[number]),
            order.level[number],
            number,
        ))
    };
    let mut ready: BinaryHeap<_> = (0..count)
        .filter(|number| waiting[*number] == 0)
        .map(key)
        .collect();
    while let Some(Reverse((_, _, _, _, number))) = ready.pop() {
        let group = &groups.all[number];
        if group.pinned.is_none() {
            let needed = order.needs.row(number).iter().map(|needed| {
                let needed = *needed as usize;
                let wave = waves[needed];
                // The other environment cannot share the wave: look behind it at once.
                if groups.all[needed].class == group.class {
                    wave
                } else {
                    wave + 1
                }
            });
            let least = needed
                .max()
                .unwrap_or(1)
                .max(earliest(settings, pins, group, groups.members.row(number)))
                .min(beyond);
            let wave = place(&room, settings, group, least);
            waves[number] = wave;
            room.take(group.class, wave, group.load);
        }
        for next in order.needed_by.row(number).iter().map(|next| *next as usize) {
            waiting[next] -= 1;
            if waiting[next] == 0 {
                ready.push(key(next));
            }
        }
    }
    waves
}

fn place(room: &Room, settings: &WaveSettings, group: &Group, least: u32) -> u32 {
    room.first(group.class, least, group.load)
        .or_else(|| {
            // Larger than any wave: an empty one of full size.
            let ramp = u32::try_from(settings.ramp.len()).unwrap_or(0).max(1);
            let whole = super::capacity::limit(settings, u32::MAX);
            room.first(
                group.class,
                least.max(ramp),
                Load {
                    effort: 0,
                    storage_mb: 0,
                    ..whole
                },
            )
        })
        .unwrap_or(least)
}

/// The first wave that the group may be in for its own sake.
fn earliest(settings: &WaveSettings, pins: &Pins, group: &Group, members: &[u32]) -> u32 {
    let after_early = if group.early == [0, 0] {
        1
    } else {
        settings.early_waves + 1
    };
    let day = members
        .iter()
        .filter_map(|member| pins.not_before.get(&(*member as usize)))
        .max();
    after_early.max(day.map_or(1, |day| wave_of_day(settings, *day)))
}

/// The wave that starts on or after a day, if each takes a rehost's time.
fn wave_of_day(settings: &WaveSettings, day: NaiveDate) -> u32 {
    let days = (day - settings.start_date).num_days().max(0).unsigned_abs();
    let lead = u64::from(settings.lead(None)) * 7;
    let waves = days.div_ceil(lead.max(1)) * u64::from(settings.parallel_waves);
    u32::try_from(waves.min(u64::from(LATEST))).unwrap_or(LATEST) + 1
}

/// The wave by which each group should be placed, because something that is pinned waits for it.
fn deadlines(groups: &Groups, order: &Order) -> Vec<u32> {
    let mut deadline: Vec<u32> = groups
        .all
        .iter()
        .map(|group| group.pinned.unwrap_or(u32::MAX))
        .collect();
    let mut by_level: Vec<usize> = (0..groups.all.len()).collect();
    by_level.sort_unstable_by_key(|group| Reverse(order.level[*group]));
    for group in by_level {
        let own = deadline[group];
        for needed in order.needs.row(group) {
            let needed = &mut deadline[*needed as usize];
            *needed = (*needed).min(own);
        }
    }
    deadline
}

/// Renumbers waves so that none is empty. Up to `fixed`, numbers stay: a person has used them.
pub(super) fn close_gaps(waves: &mut [u32], fixed: u32) {
    let mut used: Vec<u32> = waves.iter().copied().filter(|wave| *wave > fixed).collect();
    used.sort_unstable();
    used.dedup();
    for wave in waves.iter_mut().filter(|wave| **wave > fixed) {
        if let Ok(place) = used.binary_search(wave) {
            *wave = fixed + 1 + u32::try_from(place).unwrap_or(u32::MAX - 1 - fixed);
        }
    }
}
