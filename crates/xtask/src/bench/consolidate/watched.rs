//! A program that is watched until it ends.

use crate::Result;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How often its memory is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// What a program took.
pub(super) struct Watched {
    pub(super) seconds: f64,
    /// The most memory that it has held, in bytes.
    pub(super) peak_memory: u64,
}

/// Runs it to its end; an error if it fails.
pub(super) fn run(command: &mut Command) -> Result<Watched> {
    let begin = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
    let mut peak_memory = 0;
    let status = loop {
        peak_memory = peak_memory.max(held(&child));
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(LOOK);
    };
    if !status.success() {
        return Err(format!("{command:?} failed: {status}").into());
    }
    Ok(Watched {
        seconds: begin.elapsed().as_secs_f64(),
        peak_memory,
    })
}

/// The most that it has held so far; nothing where the system does not tell, or it has just ended.
fn held(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok())
        .map_or(0, |kibibytes| kibibytes * 1024)
}
