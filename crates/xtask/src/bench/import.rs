//! One import, watched from outside.

use crate::Result;
use landfall_testkit::{HttpAnswer, HttpConnection, HttpFile, Server};
use serde::Serialize;
use serde_json::Value;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

/// How often progress is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// The phases that are measured: from the file to the inventory.
const PHASES: [&str; 4] = [
    "data_validation",
    "field_mapping",
    "data_cleansing",
    "asset_inventory",
];

/// Whose inventory it is.
pub(super) struct Tenant {
    address: SocketAddr,
    client_account: String,
    engagement: String,
}

/// What an import took.
#[derive(Serialize)]
pub(super) struct ImportFigures {
    /// Sending the file, and its inspection.
    pub(super) upload_seconds: f64,
    /// From the file to the inventory.
    pub(super) seconds: f64,
    /// The same for each phase that is measured.
    pub(super) phases: Vec<PhaseFigures>,
    /// The phases after the inventory.
    pub(super) afterwards_seconds: f64,
    /// Rows per second over each tenth of the rows.
    pub(super) rates_by_tenth: Vec<f64>,
}

/// What a phase took.
#[derive(Serialize)]
pub(super) struct PhaseFigures {
    pub(super) phase: &'static str,
    pub(super) seconds: f64,
}

impl Tenant {
    /// Makes a client account with an engagement.
    pub(super) fn create(address: SocketAddr) -> Result<Self> {
        let mut connection = HttpConnection::new(address, &[]);
        let client_account = created(&connection.post_json("/api/v3/tenants", r#"{"name": "Benchmark"}"#)?)?;
        let headers = [("X-Client-Account-ID", client_account.as_str())];
        let mut connection = HttpConnection::new(address, &headers);
        let engagement = created(&connection.post_json("/api/v3/engagements", r#"{"name": "Benchmark"}"#)?)?;
        Ok(Self {
            address,
            client_account,
            engagement,
        })
    }

    /// Its ids: the client account's and the engagement's.
    pub(super) fn ids(&self) -> [&str; 2] {
        [&self.client_account, &self.engagement]
    }

    /// The headers that name it, as lines.
    pub(super) fn headers(&self) -> Vec<String> {
        let [client, engagement] = self.ids();
        vec![
            format!("X-Client-Account-ID: {client}"),
            format!("X-Engagement-ID: {engagement}"),
        ]
    }

    /// A connection that asks for the tenant.
    pub(super) fn connection(&self) -> HttpConnection {
        let headers = [
            ("X-Client-Account-ID", self.client_account.as_str()),
            ("X-Engagement-ID", &self.engagement),
        ];
        HttpConnection::new(self.address, &headers)
    }
}

/// Uploads the file and watches the work to its end.
pub(super) fn measure(server: &Server, tenant: &Tenant, file: &Path, rows: u64) -> Result<ImportFigures> {
    let mut connection = tenant.connection();
    let mut content = std::fs::File::open(file)?;
    let length = content.metadata()?.len();
    let start = Instant::now();
    let mut write = |out: &mut dyn std::io::Write| std::io::copy(&mut content, out).map(drop);
    let upload = HttpFile {
        name: "inventory.csv",
        length,
        content: &mut write,
    };
    let answer = json(&connection.upload("/api/v3/imports", &[], upload)?, 201)?;
    let upload_seconds = start.elapsed().as_secs_f64();
    let import = answer["import_id"]
        .as_str()
        .ok_or("the upload's answer has no import_id")?;
    let samples = watch(&mut connection, import, rows)?;
    eprintln!("  peak memory {} MB", server.peak_memory()? / 1_000_000);
    Ok(figures(upload_seconds, &samples, rows))
}

/// How far the import was at a moment.
struct Sample {
    at: f64,
    phase: String,
    progress: f64,
}

fn watch(connection: &mut HttpConnection, import: &str, rows: u64) -> Result<Vec<Sample>> {
    let start = Instant::now();
    let mut samples: Vec<Sample> = Vec::new();
    loop {
        let flows = json(&connection.get("/api/v3/flows?limit=1")?, 200)?;
        let import = json(&connection.get(&format!("/api/v3/imports/{import}"))?, 200)?;
        let phase = flows["items"][0]["current_phase"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let progress = import["progress_percentage"].as_f64().unwrap_or_default();
        if samples.last().is_none_or(|last| last.phase != phase) {
            eprintln!("  {:>7.1} s  {phase}", start.elapsed().as_secs_f64());
        }
        samples.push(Sample {
            at: start.elapsed().as_secs_f64(),
            phase,
            progress,
        });
        match import["status"].as_str() {
            Some("completed") => {
                let processed = import["processed_records"].as_u64().unwrap_or_default();
                if processed != rows {
                    return Err(format!("{processed} of {rows} rows were processed").into());
                }
                return Ok(samples);
            }
            Some("failed" | "cancelled") => return Err(format!("the import failed: {import}").into()),
            _ => std::thread::sleep(LOOK),
        }
    }
}

fn figures(upload_seconds: f64, samples: &[Sample], rows: u64) -> ImportFigures {
    let end = samples.last().map_or(0.0, |sample| sample.at);
    let mut seconds_by_tenth = [0.0; 10];
    let mut phases = Vec::new();
    for phase in PHASES {
        let of_phase: Vec<&Sample> = samples.iter().filter(|sample| sample.phase == phase).collect();
        let Some(first) = of_phase.first() else { continue };
        // A phase lasts until another is seen.
        let after = samples
            .iter()
            .find(|sample| sample.at > first.at && sample.phase != phase);
        let span = Span {
            samples: &of_phase,
            end: after.map_or(end, |sample| sample.at),
        };
        phases.push(PhaseFigures {
            phase,
            seconds: span.end - first.at,
        });
        if span.has_progress() {
            for (tenth, seconds) in (0_u8..).zip(&mut seconds_by_tenth) {
                let share = |part: u8| f64::from(part) / 10.0;
                *seconds += span.at(share(tenth + 1)) - span.at(share(tenth));
            }
        }
    }
    let seconds = phases.iter().map(|phase| phase.seconds).sum();
    #[expect(clippy::cast_precision_loss, reason = "rows of a benchmark")]
    let rates_by_tenth = seconds_by_tenth
        .iter()
        .map(|seconds| rows as f64 / 10.0 / seconds)
        .collect();
    let begin = samples.first().map_or(0.0, |sample| sample.at);
    ImportFigures {
        upload_seconds,
        seconds,
        phases,
        afterwards_seconds: end - begin - seconds,
        rates_by_tenth,
    }
}

/// One phase over the time that it took.
struct Span<'a> {
    samples: &'a [&'a Sample],
    end: f64,
}

impl Span<'_> {
    fn range(&self) -> (f64, f64) {
        let first = self.samples.first().map_or(0.0, |sample| sample.progress);
        (first, self.samples.last().map_or(first, |sample| sample.progress))
    }

    fn has_progress(&self) -> bool {
        let (first, last) = self.range();
        last > first
    }

    /// When this share of the phase's rows was done.
    fn at(&self, share: f64) -> f64 {
        let (first, last) = self.range();
        let wanted = first + (last - first) * share;
        let mut before = (self.samples.first().map_or(0.0, |sample| sample.at), first);
        for sample in self.samples {
            if sample.progress >= wanted && sample.progress > before.1 {
                let part = (wanted - before.1) / (sample.progress - before.1);
                return before.0 + (sample.at - before.0) * part;
            }
            if sample.progress > before.1 {
                before = (sample.at, sample.progress);
            }
        }
        if share <= 0.0 { before.0 } else { self.end }
    }
}

/// The answer's body, if it has the status that is expected.
pub(super) fn json(answer: &HttpAnswer, expected: u16) -> Result<Value> {
    if answer.status != expected {
        return Err(format!("the server answered {}: {}", answer.status, answer.text()).into());
    }
    Ok(serde_json::from_slice(&answer.body)?)
}

fn created(answer: &HttpAnswer) -> Result<String> {
    let body = json(answer, 201)?;
    body["id"]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| format!("there is no id in {body}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(list: &[(f64, &str, f64)]) -> Vec<Sample> {
        list.iter()
            .map(|(at, phase, progress)| Sample {
                at: *at,
                phase: (*phase).to_owned(),
                progress: *progress,
            })
            .collect()
    }

    #[test]
    fn a_tenth_of_the_rows_takes_what_it_takes_in_each_phase() {
        let watched = samples(&[
            (0.0, "data_validation", 0.0),
            (5.0, "data_validation", 15.0),
            (10.0, "data_validation", 30.0),
            (10.0, "asset_inventory", 50.0),
            (15.0, "asset_inventory", 95.0),
            (20.0, "asset_inventory", 100.0),
            (20.0, "dependency_analysis", 100.0),
            (23.0, "dependency_analysis", 100.0),
        ]);
        let figures = figures(1.0, &watched, 1000);
        assert!((figures.seconds - 20.0).abs() < 1e-9 && (figures.afterwards_seconds - 3.0).abs() < 1e-9);
        // A second for the first tenth in validation and 5/9 of one in the inventory; a second and five at the end.
        assert!((figures.rates_by_tenth[0] - 100.0 / (1.0 + 5.0 / 9.0)).abs() < 1e-6);
        assert!((figures.rates_by_tenth[9] - 100.0 / 6.0).abs() < 1e-6);
    }
}
