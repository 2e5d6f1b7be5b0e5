//! The shared server starts once, survives what happens to test runs, and ends when nobody uses it.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use landfall_testkit::{Cluster, Home};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

fn home(directory: &tempfile::TempDir, grace: u64) -> Home {
    // The server may run under another account, which must reach its directory.
    Command::new("chmod")
        .arg("711")
        .arg(directory.path())
        .status()
        .unwrap();
    Home::at(&directory.path().join("home"), Duration::from_secs(grace)).unwrap()
}

fn postmaster(cluster: &Cluster) -> String {
    let file = fs::read_to_string(cluster.directory().join("data/postmaster.pid")).unwrap();
    file.lines().next().unwrap().to_owned()
}

fn waits_until_gone(directory: &Path) -> bool {
    let start = Instant::now();
    while directory.exists() && start.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(100));
    }
    !directory.exists()
}

#[test]
fn everybody_who_asks_at_the_same_moment_gets_the_same_server() {
    let directory = tempfile::tempdir().unwrap();
    let home = home(&directory, 60);
    let clusters: Vec<Cluster> = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..4).map(|_| scope.spawn(|| home.cluster().unwrap())).collect();
        asking.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(
        clusters
            .iter()
            .all(|cluster| *cluster == clusters[0] && cluster.answers())
    );
    end(&clusters[0]);
}

#[test]
fn a_server_that_was_killed_is_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let home = home(&directory, 60);
    let first = home.cluster().unwrap();
    Command::new("kill")
        .args(["-9", &postmaster(&first)])
        .status()
        .unwrap();
    while first.answers() {
        std::thread::sleep(Duration::from_millis(20));
    }
    let second = home.cluster().unwrap();
    assert_ne!(first, second);
    assert!(second.answers());
    assert!(
        !first.directory().exists(),
        "files of the killed server are removed"
    );
    end(&second);
}

#[test]
fn a_server_that_nobody_uses_any_more_ends_and_leaves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let home = home(&directory, 1);
    let cluster = home.cluster().unwrap();
    std::thread::sleep(Duration::from_secs(4));
    assert!(cluster.answers(), "this process has not ended");
    end(&cluster);
    assert!(!cluster.answers());
}

#[test]
fn release_ends_a_server_without_users_before_its_time() {
    let directory = tempfile::tempdir().unwrap();
    let home = home(&directory, 3600);
    let cluster = home.cluster().unwrap();
    forget_users(&cluster);
    home.release().unwrap();
    assert!(waits_until_gone(cluster.directory()));
}

/// As if this process had ended, which is when the watchdog ends the server.
fn end(cluster: &Cluster) {
    forget_users(cluster);
    fs::write(cluster.directory().join("release"), "").unwrap();
    assert!(
        waits_until_gone(cluster.directory()),
        "the watchdog ended the server and removed its files"
    );
}

fn forget_users(cluster: &Cluster) {
    for user in fs::read_dir(cluster.directory().join("users")).unwrap() {
        fs::remove_file(user.unwrap().path()).unwrap();
    }
}
