//! The program itself as a child process: as users run it, to be measured and to be killed.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// How long the program may take to listen.
const START: Duration = Duration::from_mins(1);
/// Lines of its log that are kept for a failure's message.
const LINES_KEPT: usize = 30;
/// What stands in the line that tells its address.
const ADDRESS_PREFIX: &str = "http://";
const ADDRESS_SUFFIX: &str = "/api/v3";

/// A running `landfall serve`. It is killed when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts the program on a free port of the loopback address and waits until it listens. `settings` are environment
    /// variables, such as `LANDFALL_DATABASE_URL`.
    ///
    /// # Errors
    /// The program ended, with the last lines that it wrote.
    pub fn start(program: &Path, settings: &[(&str, &str)], folder: &Path) -> io::Result<Self> {
        let mut child = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .envs(settings.iter().copied())
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| io::Error::other(format!("cannot run {}: {error}", program.display())))?;
        let Some(stderr) = child.stderr.take() else {
            return Err(io::Error::other("the program's error output cannot be read"));
        };
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || follow(stderr, &sender));
        match receiver.recv_timeout(START) {
            Ok(Ok(address)) => Ok(Self { child, address }),
            Ok(Err(last_lines)) => {
                let _ = child.wait();
                Err(io::Error::other(format!(
                    "landfall ended before it listened:\n{last_lines}"
                )))
            }
            Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                Err(io::Error::other(format!(
                    "landfall does not listen after {} s",
                    START.as_secs()
                )))
            }
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends it as a power failure would: it gets no chance to finish anything.
    pub fn kill(mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(drop)
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> io::Result<bool> {
        Ok(self.child.try_wait()?.is_none())
    }

    /// The most memory that it has held so far, in bytes. Linux only.
    pub fn peak_memory(&self) -> io::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kibibytes = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
        kibibytes
            .map(|number| number * 1024)
            .ok_or_else(|| io::Error::other("the system does not tell VmHWM"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads what the program says to its end, so that it never waits for a reader, and sends the address as soon as it is told.
fn follow(stderr: ChildStderr, sender: &mpsc::Sender<Result<SocketAddr, String>>) {
    let mut last: VecDeque<String> = VecDeque::new();
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        let told = line
            .split_once(ADDRESS_PREFIX)
            .and_then(|(_, rest)| rest.strip_suffix(ADDRESS_SUFFIX));
        if let Some(address) = told.and_then(|text| text.parse().ok()) {
            // Only the first is waited for.
            let _ = sender.send(Ok(address));
        }
        if last.len() == LINES_KEPT {
            last.pop_front();
        }
        last.push_back(line);
    }
    let _ = sender.send(Err(Vec::from(last).join("\n")));
}
