//! Room in waves, and the first wave with enough of it.

use super::settings::WaveSettings;
use super::workload::EnvironmentClass;

/// What a group takes up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Load {
    pub(super) workloads: u64,
    pub(super) effort: u64,
    pub(super) storage_mb: u64,
}

impl Load {
    pub(super) fn fits(self, room: Self) -> bool {
        self.workloads <= room.workloads && self.effort <= room.effort && self.storage_mb <= room.storage_mb
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            workloads: self.workloads + other.workloads,
            effort: self.effort.saturating_add(other.effort),
            storage_mb: self.storage_mb.saturating_add(other.storage_mb),
        }
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self {
            workloads: self.workloads.saturating_sub(other.workloads),
            effort: self.effort.saturating_sub(other.effort),
            storage_mb: self.storage_mb.saturating_sub(other.storage_mb),
        }
    }

    fn max(self, other: Self) -> Self {
        Self {
            workloads: self.workloads.max(other.workloads),
            effort: self.effort.max(other.effort),
            storage_mb: self.storage_mb.max(other.storage_mb),
        }
    }
}

/// What a wave, from 1, may hold. Effort and storage ramp as workloads do.
pub(super) fn limit(settings: &WaveSettings, wave: u32) -> Load {
    let workloads = u64::from(settings.capacity(wave));
    let ramped = |most: Option<u64>| {
        most.map_or(u64::MAX, |most| {
            (most * workloads / u64::from(settings.max_workloads.max(1))).max(1)
        })
    };
    Load {
        workloads,
        effort: ramped(settings.max_effort_points.map(u64::from)),
        storage_mb: ramped(settings.max_storage_gb.map(|gb| u64::from(gb) * 1024)),
    }
}

/// Room of every wave for both environment classes, in two trees of which each node knows the most room below it. A wave
/// belongs to the class that came first: the other finds no room in it.
#[derive(Clone, Debug)]
pub(super) struct Room {
    leaves: usize,
    trees: [Vec<Load>; 2],
}

impl Room {
    pub(super) fn new(settings: &WaveSettings, waves: usize) -> Self {
        let leaves = waves.max(1).next_power_of_two();
        let mut tree = vec![Load::default(); leaves * 2];
        for wave in 0..leaves {
            tree[leaves + wave] = limit(settings, number(wave));
        }
        for node in (1..leaves).rev() {
            tree[node] = tree[node * 2].max(tree[node * 2 + 1]);
        }
        Self {
            leaves,
            trees: [tree.clone(), tree],
        }
    }

    /// The first wave, from 1, not before `least`, with room for the load.
    pub(super) fn first(&self, class: EnvironmentClass, least: u32, load: Load) -> Option<u32> {
        find(
            &self.trees[class as usize],
            1,
            (0, self.leaves),
            index(least),
            load,
        )
        .map(number)
    }

    /// Takes room in a wave, and the wave for the class.
    pub(super) fn take(&mut self, class: EnvironmentClass, wave: u32, load: Load) {
        let leaf = self.leaves + index(wave);
        let own = self.trees[class as usize][leaf].minus(load);
        for (tree, room) in [(class as usize, own), (1 - class as usize, Load::default())] {
            let tree = &mut self.trees[tree];
            let mut node = leaf;
            tree[node] = room;
            while node > 1 {
                node /= 2;
                tree[node] = tree[node * 2].max(tree[node * 2 + 1]);
            }
        }
    }
}

fn index(wave: u32) -> usize {
    usize::try_from(wave.saturating_sub(1)).unwrap_or(usize::MAX)
}

fn number(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

/// The first leaf, not before `least`, of a tree's node that stands for the `width` leaves after `from`, in which the load
/// has room.
fn find(
    tree: &[Load],
    node: usize,
    (from, width): (usize, usize),
    least: usize,
    load: Load,
) -> Option<usize> {
    if from + width <= least || !load.fits(tree[node]) {
        return None;
    }
    if width == 1 {
        return Some(from);
    }
    let half = width / 2;
    find(tree, node * 2, (from, half), least, load)
        .or_else(|| find(tree, node * 2 + 1, (from + half, half), least, load))
}
