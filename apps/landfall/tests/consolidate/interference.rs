//! Others are at work while a run is: they write, they hold tables, they end its connections, they run it too.

use crate::content::{self, checksums, number, texts};
use crate::program::{Answer, Program};
use landfall_testkit::{LegacyDatabase, TestDatabase};
use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Somebody who goes on writing assets under the old name, and knows what should be there.
async fn write(connection: DatabaseConnection, stop: Arc<AtomicBool>) -> BTreeMap<String, Option<String>> {
    let mut expected = BTreeMap::new();
    let attempt = async |statement: String| {
        // Those who cut over take the table for a moment; a client of the old days tries again.
        for _ in 0..100 {
            match connection.execute_unprepared(&statement).await {
                Ok(result) => return Ok(result.rows_affected()),
                Err(error)
                    if error.to_string().contains("does not exist")
                        || error.to_string().contains("timeout") =>
                {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(error) => return Err(format!("{statement}: {error}")),
            }
        }
        Err(format!("{statement}: never"))
    };
    for number in 0_u32.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let id = format!("b0000000-0000-4000-8000-{number:012}");
        let old = format!("srv-{:07}", 1 + number % 240);
        attempt(format!(
            "INSERT INTO migration.assets (id, name, asset_type, client_account_id, engagement_id, description, is_mock) \
             SELECT '{id}', 'written-{number}', 'SERVER', client_account_id, id, 'first', false FROM migration.engagements \
             WHERE name = 'Engagement {}' ORDER BY created_at LIMIT 1",
            1 + number % 6
        ))
        .await
        .unwrap();
        expected.insert(format!("written-{number}"), Some("first".to_owned()));
        attempt(format!(
            "UPDATE migration.assets SET description = 'since {number}' WHERE name = '{old}'"
        ))
        .await
        .unwrap();
        expected.insert(old, Some(format!("since {number}")));
        if number % 3 == 0 {
            attempt(format!("DELETE FROM migration.assets WHERE id = '{id}'"))
                .await
                .unwrap();
            expected.insert(format!("written-{number}"), None);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    expected
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_old_clients_write_during_a_run_is_there_afterwards() {
    let database = TestDatabase::legacy(LegacyDatabase::small().without_cases()).await;
    let program = Program::on(&database);
    let stop = Arc::new(AtomicBool::new(false));
    let writing = tokio::spawn(write(content::connection(&database).await, Arc::clone(&stop)));
    let answer = tokio::task::spawn_blocking(move || {
        let answer = program.consolidate(&["run", "--batch", "50"]);
        (answer, program)
    });
    let (answer, program) = answer.await.unwrap();
    // Some more under the old names, which are views now.
    tokio::time::sleep(Duration::from_millis(500)).await;
    stop.store(true, Ordering::Relaxed);
    let expected = writing.await.unwrap();
    answer.exits(0);
    let connection = content::connection(&database).await;
    assert!(expected.len() > 10, "{} writes", expected.len());
    for (name, description) in &expected {
        // What discovery had found under the same name as a thing of another type is an asset beside it.
        let question = format!(
            "SELECT coalesce(description, '') FROM landfall.assets WHERE name = '{name}' \
             AND discovery_source IS DISTINCT FROM 'discovery_assets'"
        );
        let found = texts(&connection, &question).await;
        let wanted: Vec<String> = description.iter().cloned().collect();
        assert_eq!(found, wanted, "{name}");
    }
    program.json(&["verify"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_over_gives_up_rather_than_hold_readers_up() {
    let database = TestDatabase::legacy(LegacyDatabase::small().without_cases()).await;
    let program = Program::on(&database);
    let connection = content::connection(&database).await;
    let holder = connection.begin().await.unwrap();
    holder
        .execute_unprepared("SELECT count(*) FROM migration.tags")
        .await
        .unwrap();
    let running = tokio::task::spawn_blocking(move || {
        let answer = program.consolidate(&["run", "--lock-timeout", "1000"]);
        (answer, program)
    });
    let mut longest = Duration::ZERO;
    while !running.is_finished() {
        let begin = Instant::now();
        number(&connection, "SELECT count(*) FROM migration.tags").await;
        longest = longest.max(begin.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (answer, program) = running.await.unwrap();
    assert_ne!(answer.code, 0, "{}", answer.stdout);
    assert!(
        answer.stderr.contains("tags") || answer.stderr.contains("in use"),
        "{}",
        answer.stderr
    );
    assert!(
        longest < Duration::from_secs(5),
        "a reader waited for {longest:?}"
    );
    holder.rollback().await.unwrap();
    program.consolidate(&["run"]).exits(0);
    program.json(&["verify"]);
}

#[tokio::test]
async fn a_second_run_at_the_same_time_is_refused_at_once_and_takes_over_from_a_killed_one() {
    let database = TestDatabase::legacy(LegacyDatabase::small().without_cases()).await;
    let program = Program::on(&database);
    let mut first = program.start(&["run", "--batch", "20", "--throttle", "200"]);
    // Until it is at work.
    let begin = Instant::now();
    while !program.consolidate(&["status"]).stdout.contains("at work") {
        assert!(first.try_wait().unwrap().is_none(), "it ended");
        assert!(begin.elapsed() < Duration::from_mins(1), "it does not begin");
    }
    let begin = Instant::now();
    program.consolidate(&["run"]).exits(3).says("at work");
    let refused_after = begin.elapsed();
    assert!(
        refused_after < Duration::from_secs(3),
        "refused after {refused_after:?}"
    );
    program.consolidate(&["rollback"]).exits(3);
    assert!(first.try_wait().unwrap().is_none(), "the first goes on");
    first.kill().unwrap();
    first.wait().unwrap();
    program.consolidate(&["run"]).exits(0);
    program.json(&["verify"]);
}

#[tokio::test]
async fn a_run_whose_connections_are_ended_goes_on_when_it_is_run_again() {
    let undisturbed = TestDatabase::legacy(LegacyDatabase::small()).await;
    Program::on(&undisturbed).consolidate(&["run"]).exits(0);
    let expected = checksums(&content::connection(&undisturbed).await).await;
    let database = TestDatabase::legacy(LegacyDatabase::small()).await;
    let program = Program::on(&database);
    let connection = content::connection(&database).await;
    let mut ended = 0;
    for _ in 0..3 {
        let mut running = program.start(&["run", "--batch", "20"]);
        tokio::time::sleep(Duration::from_millis(700)).await;
        let end = "SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE datname = current_database() AND application_name LIKE 'landfall%' AND pid <> pg_backend_pid()) AS t";
        ended += number(&connection, end).await;
        let output = running.wait_with_output_or_kill();
        if output.code != 0 {
            assert_ne!(output.code, -1, "it ended by itself: {}", output.stderr);
        }
    }
    assert_ne!(ended, 0, "connections ended");
    program.consolidate(&["run"]).exits(0);
    for (table, checksum) in checksums(&connection).await {
        assert_eq!(expected.get(&table), Some(&checksum), "{table}");
    }
}

/// Waits for a child that must end soon.
trait Ending {
    fn wait_with_output_or_kill(&mut self) -> Answer;
}

impl Ending for std::process::Child {
    fn wait_with_output_or_kill(&mut self) -> Answer {
        use std::io::Read;
        let begin = Instant::now();
        let status = loop {
            if let Some(status) = self.try_wait().unwrap() {
                break status;
            }
            if begin.elapsed() > Duration::from_mins(1) {
                self.kill().unwrap();
                break self.wait().unwrap();
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        self.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        Answer {
            code: status.code().unwrap_or(-1),
            stdout,
            stderr,
        }
    }
}

#[tokio::test]
async fn a_statement_timeout_of_the_database_does_not_end_a_run_halfway() {
    let database = TestDatabase::legacy(LegacyDatabase::small().without_cases()).await;
    let connection = content::connection(&database).await;
    content::run(
        &connection,
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET statement_timeout = ''20ms''', current_database()); \
         EXECUTE format('ALTER DATABASE %I SET idle_in_transaction_session_timeout = ''100ms''', current_database()); END $$",
    )
    .await;
    let program = Program::on(&database);
    program.consolidate(&["run"]).exits(0);
    program.json(&["verify"]);
}
