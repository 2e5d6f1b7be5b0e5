//! A run that is killed at any moment, and started again, ends in what an undisturbed one makes.
//!
//! Each test kills a few times; `cargo xtask soak consolidate` does it as often as it is told.

mod endurance {
    use crate::chance::{Chance, times};
    use crate::content::{self, checksums, number};
    use crate::program::Program;
    use landfall_testkit::{LegacyDatabase, TestDatabase};
    use std::time::{Duration, Instant};

    /// Kills in one run: more than one, since what goes on after a kill must bear it as well.
    const KILLS_PER_RUN: u64 = 4;
    /// Kills unless more are asked for.
    const KILLS: u64 = 6;
    /// Many batches, so that there are many moments between two of them.
    const ARGUMENTS: [&str; 3] = ["run", "--batch", "25"];

    #[tokio::test]
    async fn a_run_killed_at_any_moment_goes_on_to_the_same_result() {
        let legacy = LegacyDatabase::small();
        let mut chance = Chance::from_settings();
        println!("seed {}", chance.seed());
        let undisturbed = TestDatabase::legacy(legacy).await;
        let begin = Instant::now();
        Program::on(&undisturbed).consolidate(&ARGUMENTS).exits(0);
        let whole = begin.elapsed();
        println!("an undisturbed run takes {:.1} s", whole.as_secs_f64());
        let expected = checksums(&content::connection(&undisturbed).await).await;
        assert!(expected.len() > 50, "{expected:?}");

        let (mut hits, mut runs) = (0, 0);
        let wanted = times("LANDFALL_SOAK_KILLS", KILLS);
        while hits < wanted {
            let database = TestDatabase::legacy(legacy).await;
            let program = Program::on(&database);
            let mut last = whole;
            for _ in 0..KILLS_PER_RUN.min(wanted - hits) {
                let mut running = program.start(&ARGUMENTS);
                let moment = chance.moment_before(last);
                std::thread::sleep(moment);
                let ended = running.try_wait().unwrap();
                running.kill().unwrap();
                let output = running.wait_with_output().unwrap();
                if let Some(status) = ended {
                    let said = String::from_utf8_lossy(&output.stderr);
                    assert!(
                        status.success(),
                        "it ended by itself, seed {}: {said}",
                        chance.seed()
                    );
                    break;
                }
                hits += 1;
                println!("  killed after {:.3} s", moment.as_secs_f64());
                // What is left takes less time than the whole.
                last = last.mul_f64(0.8).max(Duration::from_millis(500));
            }
            program.consolidate(&ARGUMENTS).exits(0);
            runs += 1;
            let connection = content::connection(&database).await;
            for (table, checksum) in checksums(&connection).await {
                assert_eq!(
                    expected.get(&table),
                    Some(&checksum),
                    "{table}, seed {}",
                    chance.seed()
                );
            }
            let proof = program.json(&["verify"]);
            assert_eq!(
                proof["differences"],
                serde_json::json!([]),
                "seed {}",
                chance.seed()
            );
            let retired = "SELECT count(*) FROM pg_tables WHERE schemaname = 'legacy_retired'";
            assert_eq!(number(&connection, retired).await, 53, "seed {}", chance.seed());
        }
        println!("{hits} kills in {runs} runs, each time the same result");
    }
}
