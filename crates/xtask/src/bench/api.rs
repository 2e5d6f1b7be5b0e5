//! `cargo xtask bench api`: how many requests a second the API answers, beside the least that such an answer can cost.
//!
//! The floor is a bare actix handler that runs the same queries in the same scoped transaction and sends nothing. Both are
//! asked by wrk over the loopback address, in turns, on the same database.

mod load;
mod report;

use super::import::{self, Tenant};
use super::{Backends, folder, postgres, release_build, rows};
use crate::workspace::{Metadata, cargo, succeed};
use crate::{Result, setup};
use clap::Args;
use landfall_testkit::Server;
use load::{Figures, Load};
use report::{ApiReport, Measured};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

#[derive(Args)]
pub(crate) struct ApiArguments {
    /// Assets in the inventory
    #[arg(long, default_value_t = 20_000)]
    rows: u64,
    /// Seconds of each measurement
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Measurements of each, of which the median counts
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Connections that ask at the same time
    #[arg(long, default_value_t = 16)]
    connections: u32,
    /// The database
    #[arg(long, default_value = "both")]
    backend: Backends,
    /// Measure debug builds, to try the benchmark itself
    #[arg(long)]
    debug: bool,
    /// Write the figures to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// What is asked: a name, the API's path and the floor's.
struct Question {
    name: &'static str,
    path: String,
    floor: &'static str,
    /// The share of the floor's requests per second that is promised, if any is.
    promised: Option<f64>,
}

pub(super) fn run(arguments: &ApiArguments) -> Result {
    let load = Load {
        wrk: setup::wrk()?,
        seconds: arguments.seconds,
        connections: arguments.connections,
    };
    let programs = Programs::build(arguments.debug)?;
    let folder = folder()?;
    let file = folder.path().join("inventory.csv");
    let mut out = BufWriter::new(std::fs::File::create(&file)?);
    rows::write_csv(arguments.rows, &mut out)?;
    out.flush()?;
    let bench = |backend: &'static str, url: &str| {
        let bench = ApiBench {
            programs: &programs,
            folder: folder.path(),
            file: &file,
            load: &load,
            arguments,
        };
        bench.measure(backend, url)
    };
    let mut report = ApiReport::new(arguments.rows, arguments.connections);
    if arguments.backend != Backends::Postgres {
        let database = folder.path().join("api.db");
        report.add(bench("sqlite", &format!("sqlite://{}", database.display()))?);
    }
    if arguments.backend != Backends::Sqlite {
        report.add(postgres::with_database(folder.path(), |url| {
            bench("postgres", url)
        })?);
    }
    report.print();
    if let Some(file) = &arguments.json {
        std::fs::write(file, serde_json::to_string_pretty(&report)?)?;
    }
    if arguments.debug {
        return Ok(());
    }
    report.verdict()
}

/// The programs that are measured.
struct Programs {
    landfall: PathBuf,
    floor: PathBuf,
}

impl Programs {
    fn build(debug: bool) -> Result<Self> {
        let mut build = cargo(&["build", "--quiet", "--workspace", "--bin", "api_floor"]);
        if debug {
            succeed(&mut build)?;
            let target = Metadata::of_workspace()?.target_directory;
            return Ok(Self {
                landfall: crate::workspace::built("landfall")?,
                floor: target.join("debug/api_floor"),
            });
        }
        let landfall = release_build()?;
        succeed(build.arg("--release"))?;
        Ok(Self {
            floor: landfall.with_file_name("api_floor"),
            landfall,
        })
    }
}

struct ApiBench<'a> {
    programs: &'a Programs,
    folder: &'a Path,
    file: &'a Path,
    load: &'a Load,
    arguments: &'a ApiArguments,
}

impl ApiBench<'_> {
    /// Serves a database, imports the file, and asks both servers in turns.
    fn measure(&self, backend: &'static str, database_url: &str) -> Result<Measured> {
        let data = self.folder.join(format!("{backend}-data"));
        let data = data.to_string_lossy();
        let settings = [
            ("LANDFALL_DATABASE_URL", database_url),
            ("LANDFALL_AUTO_MIGRATE", "true"),
            ("LANDFALL_DATA_DIR", &data),
            ("LANDFALL_LOG", "warn"),
        ];
        let server = Server::start(&self.programs.landfall, &settings, self.folder)?;
        eprintln!("{backend}: imports {} rows", self.arguments.rows);
        let tenant = Tenant::create(server.address())?;
        import::measure(&server, &tenant, self.file, self.arguments.rows)?;
        let flows = import::json(&tenant.connection().get("/api/v3/flows")?, 200)?;
        let flow = flows["items"][0]["id"].as_str().ok_or("there is no flow")?;
        let floor = Floor::start(&self.programs.floor, database_url, &tenant, flow)?;
        let questions = [
            Question {
                name: "GET /assets?limit=100",
                path: "/api/v3/assets?limit=100".to_owned(),
                floor: "/assets",
                promised: None,
            },
            Question {
                name: "GET /flows/{id}/status",
                path: format!("/api/v3/flows/{flow}/status"),
                floor: "/status",
                promised: Some(0.7),
            },
        ];
        let mut measured = Measured::new(backend);
        for question in &questions {
            eprintln!("{backend}: {}", question.name);
            let (mut ours, mut least) = (Vec::new(), Vec::new());
            // Taking turns, so that what else the machine does falls on both.
            for _ in 0..self.arguments.rounds.max(1) {
                least.push(self.load.put_on(&floor.url(question.floor), &[])?);
                let url = format!("http://{}{}", server.address(), question.path);
                ours.push(self.load.put_on(&url, &tenant.headers())?);
            }
            measured.add(
                question.name,
                Figures::median(ours)?,
                Figures::median(least)?,
                question.promised,
            );
        }
        Ok(measured)
    }
}

/// The running floor. It is killed when dropped.
struct Floor {
    child: Child,
    address: String,
}

impl Floor {
    fn start(program: &Path, database_url: &str, tenant: &Tenant, flow: &str) -> Result<Self> {
        let [client, engagement] = tenant.ids();
        let mut child = Command::new(program)
            .args([database_url, client, engagement, flow])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut address = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut address)?;
        }
        let floor = Self {
            child,
            address: address.trim().to_owned(),
        };
        if floor.address.is_empty() {
            return Err("the floor of the benchmark ended before it listened".into());
        }
        Ok(floor)
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
