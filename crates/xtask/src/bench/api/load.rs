//! Load by wrk, and what it says of it.

use crate::Result;
use crate::workspace::output;
use serde::Serialize;
use std::path::PathBuf;
use std::process::Command;

/// How load is put on a server.
pub(super) struct Load {
    /// The program.
    pub(super) wrk: PathBuf,
    /// How long.
    pub(super) seconds: u64,
    /// Connections that ask at the same time.
    pub(super) connections: u32,
}

/// What a server made of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct Figures {
    pub(super) requests_per_second: f64,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
}

impl Load {
    /// Asks for the URL with these headers for as long as said, after a second that does not count.
    pub(super) fn put_on(&self, url: &str, headers: &[String]) -> Result<Figures> {
        self.ask(url, headers, 1)?;
        Figures::read(&self.ask(url, headers, self.seconds)?)
    }

    fn ask(&self, url: &str, headers: &[String], seconds: u64) -> Result<String> {
        let mut command = Command::new(&self.wrk);
        let (connections, seconds) = (format!("-c{}", self.connections), format!("-d{seconds}s"));
        command.args(["-t1", &connections, &seconds, "--latency"]);
        for header in headers {
            command.args(["-H", header]);
        }
        output(command.arg(url))
    }
}

impl Figures {
    /// The figures in what wrk prints.
    fn read(text: &str) -> Result<Self> {
        if let Some(line) = text.lines().find(|line| line.contains("Non-2xx")) {
            return Err(format!("requests failed: {}", line.trim()).into());
        }
        let after = |word: &str| {
            text.lines()
                .find_map(|line| line.trim().strip_prefix(word))
                .map(str::trim)
                .ok_or_else(|| format!("wrk prints no '{word}':\n{text}"))
        };
        Ok(Self {
            requests_per_second: after("Requests/sec:")?.parse()?,
            p50_ms: milliseconds(after("50%")?)?,
            p99_ms: milliseconds(after("99%")?)?,
        })
    }

    /// The measurement in the middle, by requests per second.
    pub(super) fn median(mut all: Vec<Self>) -> Result<Self> {
        all.sort_by(|a, b| a.requests_per_second.total_cmp(&b.requests_per_second));
        all.get(all.len() / 2)
            .copied()
            .ok_or_else(|| "nothing was measured".into())
    }
}

/// A duration as wrk writes it, such as `850.00us`, `1.20ms` or `2.01s`.
fn milliseconds(text: &str) -> Result<f64> {
    for (unit, factor) in [("us", 0.001), ("ms", 1.0), ("s", 1000.0), ("m", 60_000.0)] {
        if let Some(number) = text.strip_suffix(unit) {
            return Ok(number.parse::<f64>()? * factor);
        }
    }
    Err(format!("'{text}' is no duration").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "Running 10s test @ http://127.0.0.1:1/
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     3.16ms    1.02ms  21.34ms   83.10%
  Latency Distribution
     50%    2.98ms
     75%    3.51ms
     90%    4.20ms
     99%    1.01s
  50521 requests in 10.00s, 8.14MB read
Requests/sec:   5051.23
Transfer/sec:    833.01KB
";

    #[test]
    fn the_figures_are_read_in_milliseconds() {
        let figures = Figures::read(SAID).unwrap();
        assert_eq!(
            (figures.requests_per_second, figures.p50_ms, figures.p99_ms),
            (5051.23, 2.98, 1010.0)
        );
        assert!((milliseconds("850us").unwrap() - 0.85).abs() < 1e-9);
    }

    #[test]
    fn a_run_with_failures_is_no_measurement() {
        let failed = format!("{SAID}  Non-2xx or 3xx responses: 12\n");
        assert!(Figures::read(&failed).unwrap_err().to_string().contains("12"));
        assert!(Figures::read("").is_err());
    }

    #[test]
    fn the_median_is_the_measurement_in_the_middle() {
        let of = |requests_per_second| Figures {
            requests_per_second,
            p50_ms: 1.0,
            p99_ms: 2.0,
        };
        let median = Figures::median(vec![of(3.0), of(1.0), of(2.0)]).unwrap();
        assert_eq!(median, of(2.0));
        assert!(Figures::median(Vec::new()).is_err());
    }
}
