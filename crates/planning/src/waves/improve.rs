//! Local improvement: a group moves to a wave of a neighbour, or the one before or after, if that lowers the penalty. The
//! order of tries is fixed, so the result is, too; each step lowers the penalty by at least 1, so it ends. A round is linear in
//! the connections.

use super::capacity::{Load, limit};
use super::groups::{Group, Groups};
use super::neighbours::{Neighbours, neighbours};
use super::order::Order;
use super::rules::RuleId;
use super::schedule::close_gaps;
use super::settings::WaveSettings;

/// Connections of a group beyond which its moves are not tried: what everything needs stays where it is.
const MANY: usize = 2_000;

/// Penalties of the rules that improvement weighs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Penalties {
    pub(super) order: u64,
    pub(super) rehearsal: u64,
    pub(super) mixed: u64,
    pub(super) early: [u64; 2],
    pub(super) size: u64,
    pub(super) effort: u64,
    pub(super) storage: u64,
}

impl Penalties {
    pub(super) fn of(settings: &WaveSettings) -> Self {
        let penalty = |rule| settings.severity(rule).penalty();
        Self {
            order: penalty(RuleId::DependencyOrder),
            rehearsal: penalty(RuleId::NonProductionFirst),
            mixed: penalty(RuleId::EnvironmentsApart),
            early: [
                penalty(RuleId::EarlyCriticality),
                penalty(RuleId::EarlyComplexity),
            ],
            size: penalty(RuleId::WaveSize),
            effort: penalty(RuleId::EffortCapacity),
            storage: penalty(RuleId::StorageCapacity),
        }
    }
}

/// What a wave holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) load: Load,
    /// Workloads of each environment class.
    pub(super) classes: [u64; 2],
}

impl Content {
    fn plus(self, group: &Group) -> Self {
        Self {
            load: self.load.plus(group.load),
            classes: [
                self.classes[0] + group.classes[0],
                self.classes[1] + group.classes[1],
            ],
        }
    }

    fn minus(self, group: &Group) -> Self {
        Self {
            load: self.load.minus(group.load),
            classes: [
                self.classes[0] - group.classes[0],
                self.classes[1] - group.classes[1],
            ],
        }
    }

    /// Breaches of wave size, effort, storage (per started 100 GB) and environments, as (workloads over or 1 if under,
    /// points over, storage over, workloads of the smaller class).
    pub(super) fn breaches(self, settings: &WaveSettings, wave: u32) -> [u64; 4] {
        let most = limit(settings, wave);
        let over = |load: u64, most: u64| load.saturating_sub(most);
        let under =
            u64::from(self.load.workloads > 0 && self.load.workloads < u64::from(settings.min_workloads));
        [
            over(self.load.workloads, most.workloads) + under,
            over(self.load.effort, most.effort),
            over(self.load.storage_mb, most.storage_mb).div_ceil(100 * 1024),
            self.classes[0].min(self.classes[1]),
        ]
    }

    fn penalty(self, settings: &WaveSettings, penalties: &Penalties, wave: u32) -> u64 {
        let [size, effort, storage, mixed] = self.breaches(settings, wave);
        size * penalties.size
            + effort * penalties.effort
            + storage * penalties.storage
            + mixed * penalties.mixed
    }
}

/// Waves of groups with at most the penalty of the given ones.
pub(super) fn improve(
    settings: &WaveSettings,
    groups: &Groups,
    order: &Order,
    mut waves: Vec<u32>,
    fixed: u32,
) -> Vec<u32> {
    let penalties = Penalties::of(settings);
    let last = waves.iter().copied().max().unwrap_or(0);
    let mut contents = vec![Content::default(); usize::try_from(last).unwrap_or(0) + 2];
    for (group, wave) in groups.all.iter().zip(&waves) {
        let content = &mut contents[*wave as usize];
        *content = content.plus(group);
    }
    let around = neighbours(order, groups.all.len(), &penalties);
    let mut seen = Neighbours::default();
    for _ in 0..settings.improvement_rounds {
        let mut is_better = false;
        for (number, group) in groups.all.iter().enumerate() {
            if group.pinned.is_some() || around.row(number).len() > MANY {
                continue;
            }
            let from = waves[number];
            seen.look(from, around.row(number), &waves, &penalties);
            let early = |wave: u32| {
                let is_early = u64::from(wave <= settings.early_waves);
                is_early * (group.early[0] * penalties.early[0] + group.early[1] * penalties.early[1])
            };
            let left = contents[from as usize].minus(group);
            let leaving = contents[from as usize].penalty(settings, &penalties, from);
            let staying: u64 = seen
                .strains()
                .filter(|(wave, _)| *wave == from)
                .map(|(_, strain)| strain)
                .sum();
            let before = staying + early(from) + leaving;
            let best = seen
                .strains()
                // Waves that have something in them: improvement makes no new ones.
                .filter(|(to, _)| {
                    *to != from && (1..=last).contains(to) && contents[*to as usize].load.workloads > 0
                })
                .filter_map(|(to, strain)| {
                    let joined = contents[to as usize].plus(group);
                    // Ties may make a wave larger than its limit, but not without end.
                    if joined.load.workloads
                        > limit(settings, to)
                            .workloads
                            .max(u64::from(settings.max_group_workloads))
                    {
                        return None;
                    }
                    let before = before + contents[to as usize].penalty(settings, &penalties, to);
                    let after = strain
                        + early(to)
                        + left.penalty(settings, &penalties, from)
                        + joined.penalty(settings, &penalties, to);
                    (after < before).then(|| (before - after, std::cmp::Reverse(to)))
                })
                .max();
            if let Some((_, std::cmp::Reverse(to))) = best {
                contents[from as usize] = left;
                contents[to as usize] = contents[to as usize].plus(group);
                waves[number] = to;
                is_better = true;
            }
        }
        if !is_better {
            break;
        }
    }
    close_gaps(&mut waves, fixed);
    waves
}
