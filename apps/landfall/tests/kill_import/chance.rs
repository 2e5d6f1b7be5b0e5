//! Chance that can be repeated, and how often it is tried.

use std::time::Duration;

/// Kills unless more are asked for.
const KILLS: u32 = 3;

/// Draws that follow from a seed (`SplitMix64`).
pub(crate) struct Chance {
    seed: u64,
    state: u64,
    kills: u32,
}

impl Chance {
    /// A new seed, or the one of `LANDFALL_SOAK_SEED`; as many kills as `LANDFALL_SOAK_KILLS` says.
    #[expect(
        clippy::disallowed_methods,
        reason = "a test's own settings, not the program's"
    )]
    pub(crate) fn from_settings() -> Self {
        let set = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
        let seed =
            set("LANDFALL_SOAK_SEED").unwrap_or_else(|| landfall_domain::ids::new_uuid().as_u64_pair().1);
        let kills = set("LANDFALL_SOAK_KILLS").and_then(|number| u32::try_from(number).ok());
        Self {
            seed,
            state: seed,
            kills: kills.unwrap_or(KILLS),
        }
    }

    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    pub(crate) fn kills(&self) -> u32 {
        self.kills
    }

    /// A moment before `end`.
    pub(crate) fn moment_before(&mut self, end: Duration) -> Duration {
        let micros = u64::try_from(end.as_micros()).unwrap().max(1);
        Duration::from_micros(self.next() % micros)
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}
