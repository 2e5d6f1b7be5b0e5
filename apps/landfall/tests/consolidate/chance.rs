//! Chance that can be repeated, and how often it is tried.

use std::time::Duration;

/// Draws that follow from a seed (`SplitMix64`).
pub(crate) struct Chance {
    seed: u64,
    state: u64,
}

impl Chance {
    /// A new seed, or the one of `LANDFALL_SOAK_SEED`.
    pub(crate) fn from_settings() -> Self {
        let seed =
            set("LANDFALL_SOAK_SEED").unwrap_or_else(|| landfall_domain::ids::new_uuid().as_u64_pair().1);
        Self { seed, state: seed }
    }

    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// A moment before `end`.
    pub(crate) fn moment_before(&mut self, end: Duration) -> Duration {
        let micros = u64::try_from(end.as_micros()).unwrap().max(1);
        Duration::from_micros(self.next() % micros)
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).unwrap()).unwrap()
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

/// How often something is tried: as the variable says, or `usual`.
pub(crate) fn times(variable: &str, usual: u64) -> u64 {
    set(variable).unwrap_or(usual)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test's own settings, not the program's"
)]
fn set(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
