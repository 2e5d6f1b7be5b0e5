//! Local improvement: a group moves to a wave of a neighbour, or the one before or after, if that lowers the penalty. The
//! order of tries is fixed, so the result is, too; each step lowers the penalty by at least 1, so it ends.

use super::capacity::{Load, limit};
use super::groups::{Group, Groups};
use super::order::{Connection, Order};
use super::rules::RuleId;
use super::schedule::close_gaps;
use super::settings::WaveSettings;

/// Connections of a group beyond which its moves are not tried: what everything needs stays where it is.
const MANY: usize = 2_000;
/// Waves of neighbours that are tried, those with the most connections.
const CANDIDATES: usize = 16;

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
    let mut of_group: Vec<Vec<usize>> = vec![Vec::new(); groups.all.len()];
    for (position, connection) in order.connections.iter().enumerate() {
        of_group[connection.from].push(position);
        of_group[connection.to].push(position);
    }
    for _ in 0..settings.improvement_rounds {
        let mut is_better = false;
        for (number, group) in groups.all.iter().enumerate() {
            if group.pinned.is_some() || of_group[number].len() > MANY {
                continue;
            }
            let from = waves[number];
            // Waves that have something in them: improvement makes no new ones.
            let candidates: Vec<u32> = candidates(number, &of_group[number], &order.connections, &waves)
                .into_iter()
                .filter(|to| {
                    *to != from && (1..=last).contains(to) && contents[*to as usize].load.workloads > 0
                })
                .collect();
            let own = |wave: u32, waves: &[u32]| -> u64 {
                let early = u64::from(wave <= settings.early_waves);
                let connected: u64 = of_group[number]
                    .iter()
                    .map(|position| {
                        let connection = &order.connections[*position];
                        let at = |group: usize| if group == number { wave } else { waves[group] };
                        strain(connection, at(connection.from), at(connection.to), &penalties)
                    })
                    .sum();
                connected
                    + early * (group.early[0] * penalties.early[0] + group.early[1] * penalties.early[1])
            };
            let left = contents[from as usize].minus(group);
            let leaving = contents[from as usize].penalty(settings, &penalties, from);
            let before = own(from, &waves) + leaving;
            let best = candidates
                .into_iter()
                .filter_map(|to| {
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
                    let after = own(to, &waves)
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

/// The waves that a group might better be in: those with most of its connections, and the ones before and after its own.
/// Their number is bounded, so that trying them is linear in the connections.
fn candidates(number: usize, of_group: &[usize], connections: &[Connection], waves: &[u32]) -> Vec<u32> {
    let mut neighbours: Vec<u32> = of_group
        .iter()
        .map(|position| {
            let connection = &connections[*position];
            waves[if connection.from == number {
                connection.to
            } else {
                connection.from
            }]
        })
        .collect();
    neighbours.sort_unstable();
    let mut counted: Vec<(usize, u32)> = neighbours
        .chunk_by(|a, b| a == b)
        .filter_map(|same| Some((same.len(), *same.first()?)))
        .collect();
    counted.sort_unstable_by_key(|(count, wave)| (std::cmp::Reverse(*count), *wave));
    let own = waves[number];
    let mut candidates: Vec<u32> = counted
        .into_iter()
        .take(CANDIDATES)
        .map(|(_, wave)| wave)
        .collect();
    candidates.extend([own.saturating_sub(1), own + 1]);
    candidates.sort_unstable();
    candidates.dedup();
    candidates
}

/// Penalty of a connection whose ends are in these waves.
fn strain(connection: &Connection, from: u32, to: u32, penalties: &Penalties) -> u64 {
    if from == to {
        // In one wave, production is not after its rehearsal.
        return if connection.rehearses {
            penalties.rehearsal
        } else {
            0
        };
    }
    let mut strain = connection.apart + connection.dependencies;
    if to > from {
        strain += connection.dependencies * penalties.order;
        strain += u64::from(connection.rehearses) * penalties.rehearsal;
    }
    strain
}
