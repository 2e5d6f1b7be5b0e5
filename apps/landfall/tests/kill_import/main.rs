//! A server that is killed at any moment of an import and started again ends in the inventory of an undisturbed one.
//!
//! Each test kills three times. `cargo xtask soak kills` does it as often as it is told, over several imports.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed, and says what it did"
)]

mod chance;
mod dump;
mod inventory_file;
mod trial;

mod endurance {
    use super::chance::Chance;
    use super::dump;
    use super::trial::Trial;
    use landfall_testkit::{TestDatabase, both_backends};
    use std::path::Path;

    /// Kills in one import: more than one, since the work after a restart must bear it as well.
    const KILLS_PER_IMPORT: u32 = 3;

    both_backends! {
        async fn a_server_killed_at_any_moment_of_an_import_ends_in_the_same_inventory(database: TestDatabase) {
            let backend = database.backend();
            let program = Path::new(env!("CARGO_BIN_EXE_landfall"));
            let mut chance = Chance::from_settings();
            println!("{backend:?}: seed {}", chance.seed());
            let (undisturbed, whole) = Trial::new(program, &database).undisturbed();
            println!("{backend:?}: an undisturbed import takes {:.1} s", whole.as_secs_f64());
            let expected = dump::of(&database).await;
            assert!(expected.contains_key("asset_dependencies") && expected.contains_key("tech_debt_findings"));
            let (mut hits, mut imports) = (0, 0);
            while hits < chance.kills() {
                let database = TestDatabase::new(backend).await;
                let kills = KILLS_PER_IMPORT.min(chance.kills() - hits);
                let disturbed = Trial::new(program, &database).with_kills(kills, whole, &mut chance);
                assert_eq!(disturbed.summary, undisturbed, "the summary, seed {}", chance.seed());
                dump::assert_equal(&expected, &dump::of(&database).await, chance.seed());
                hits += disturbed.hits;
                imports += 1;
            }
            println!("{backend:?}: {hits} kills in {imports} imports, each time the same inventory");
        }
    }
}
