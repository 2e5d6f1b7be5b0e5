//! One import in a database of its own, with the server killed and started again meanwhile.

use super::chance::Chance;
use super::inventory_file::{ROWS, text};
use landfall_testkit::{HttpConnection, Role, Server, TestDatabase};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long an import may take after the last kill, in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_mins(5);
const LOOK: Duration = Duration::from_millis(50);
/// How long a started server waits at most for the lease of the killed one to end: the lease, and a worker's pause.
const RESUMPTION: Duration = Duration::from_secs(3);

/// An import in its own database and folder.
pub(crate) struct Trial {
    program: PathBuf,
    folder: TempDir,
    database_url: String,
    tenant: Option<(String, String)>,
}

/// What came of an import whose server was killed.
pub(crate) struct Disturbed {
    /// The counts that a person is told.
    pub(crate) summary: Value,
    /// How often the server was killed before the import was completed.
    pub(crate) hits: u32,
}

impl Trial {
    pub(crate) fn new(program: &Path, database: &TestDatabase) -> Self {
        Self {
            program: program.to_owned(),
            folder: tempfile::tempdir().unwrap(),
            // The program takes the serving role itself.
            database_url: database.url_as(Role::Superuser),
            tenant: None,
        }
    }

    /// Imports without any kill. Gives the summary, and what it took from the first byte to the end.
    pub(crate) fn undisturbed(mut self) -> (Value, Duration) {
        let server = self.start();
        let begin = Instant::now();
        let mut connection = self.connection(&server);
        upload(&mut connection).expect("the upload is answered");
        let summary = until_completed(&mut connection);
        (summary, begin.elapsed())
    }

    /// Imports while the server is killed this often, each time at a moment of the work that is left.
    pub(crate) fn with_kills(mut self, kills: u32, whole: Duration, chance: &mut Chance) -> Disturbed {
        let mut server = self.start();
        let (mut hits, mut work) = (0, whole);
        for _ in 0..kills {
            let moment = chance.moment_before(work);
            self.upload_and_kill(server, moment);
            server = self.start();
            let found = imports(&mut self.connection(&server)).pop();
            let state = found.as_ref().map_or("not accepted yet".to_owned(), |import| {
                format!("{} at {} %", import["status"], import["progress_percentage"])
            });
            println!("  killed after {:.3} s: {state}", moment.as_secs_f64());
            if found.is_some_and(|import| import["status"] == "completed") {
                break;
            }
            hits += 1;
            work = RESUMPTION + whole.mul_f64(0.5);
        }
        let mut connection = self.connection(&server);
        if imports(&mut connection).is_empty() {
            upload(&mut connection).expect("the upload is answered");
        }
        Disturbed {
            summary: until_completed(&mut connection),
            hits,
        }
    }

    /// Sends the file unless it was accepted already, and kills the server at the moment, whatever it is doing then.
    fn upload_and_kill(&self, server: Server, moment: Duration) {
        let mut connection = self.connection(&server);
        let is_uploaded = !imports(&mut connection).is_empty();
        let victim = Arc::new(Mutex::new(Some(server)));
        let killer = thread::spawn({
            let victim = Arc::clone(&victim);
            move || {
                thread::sleep(moment);
                let server = victim.lock().unwrap().take();
                server.map(Server::kill)
            }
        });
        if !is_uploaded {
            // Killed before it answers, the server may have accepted the file or not: it is asked after its restart.
            let _ = upload(&mut connection);
        }
        killer.join().unwrap().unwrap().unwrap();
    }

    fn start(&mut self) -> Server {
        let settings = [
            ("LANDFALL_DATABASE_URL", self.database_url.as_str()),
            ("LANDFALL_DATA_DIR", "data"),
            // Many batches, so that there are many moments between two of them.
            ("LANDFALL_BATCH_ROWS", "100"),
            ("LANDFALL_JOB_LEASE_SECONDS", "1"),
            ("LANDFALL_LOG", "warn"),
        ];
        let server = Server::start(&self.program, &settings, self.folder.path()).unwrap();
        if self.tenant.is_none() {
            self.tenant = Some(tenant(&server));
        }
        server
    }

    fn connection(&self, server: &Server) -> HttpConnection {
        let (client, engagement) = self.tenant.as_ref().unwrap();
        HttpConnection::new(
            server.address(),
            &[("X-Client-Account-ID", client), ("X-Engagement-ID", engagement)],
        )
    }
}

fn tenant(server: &Server) -> (String, String) {
    let create = |headers: &[(&str, &str)], path: &str| {
        let answer = HttpConnection::new(server.address(), headers)
            .post_json(path, r#"{"name": "Acme"}"#)
            .unwrap();
        assert_eq!(answer.status, 201, "{}", answer.text());
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        body["id"].as_str().unwrap().to_owned()
    };
    let client = create(&[], "/api/v3/tenants");
    let engagement = create(&[("X-Client-Account-ID", &client)], "/api/v3/engagements");
    (client, engagement)
}

fn upload(connection: &mut HttpConnection) -> std::io::Result<()> {
    let answer = connection.upload_bytes("/api/v3/imports", &[], "inventory.csv", text().as_bytes())?;
    assert_eq!(answer.status, 201, "{}", answer.text());
    Ok(())
}

fn imports(connection: &mut HttpConnection) -> Vec<Value> {
    let answer = connection.get("/api/v3/imports").unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mut body: Value = serde_json::from_slice(&answer.body).unwrap();
    body["items"].as_array_mut().map(std::mem::take).unwrap()
}

/// Waits for the end, and gives the counts that a person is told. There must be one import, however often it was sent.
fn until_completed(connection: &mut HttpConnection) -> Value {
    let begin = Instant::now();
    loop {
        let imports = imports(connection);
        assert_eq!(imports.len(), 1, "{imports:#?}");
        let import = &imports[0];
        match import["status"].as_str().unwrap() {
            // The job ends a moment after the work.
            "completed" if is_at_rest(connection) => {
                assert_eq!(import["processed_records"], ROWS);
                return serde_json::json!({
                    "total_records": import["total_records"],
                    "failed_records": import["failed_records"],
                    "progress_percentage": import["progress_percentage"],
                    "summary": import["summary"],
                });
            }
            "failed" | "cancelled" => panic!("the import failed: {import:#}"),
            _ => assert!(begin.elapsed() < PATIENCE, "the import does not end: {import:#}"),
        }
        thread::sleep(LOOK);
    }
}

/// Whether no job waits or runs.
fn is_at_rest(connection: &mut HttpConnection) -> bool {
    let answer = connection.get("/api/v3/jobs").unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    let jobs = body["items"].as_array().unwrap();
    jobs.iter().all(|job| job["state"] == "succeeded")
}
