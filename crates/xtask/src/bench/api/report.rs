//! What was measured, for a person and for a program.

use super::super::environment::Environment;
use super::load::Figures;
use crate::Result;
use serde::Serialize;

/// The figures of a run.
#[derive(Serialize)]
pub(super) struct ApiReport {
    environment: Environment,
    rows: u64,
    connections: u32,
    backends: Vec<Measured>,
}

/// The figures of one database.
#[derive(Serialize)]
pub(super) struct Measured {
    backend: &'static str,
    questions: Vec<Answer>,
}

/// The figures of one request.
#[derive(Serialize)]
struct Answer {
    question: &'static str,
    api: Figures,
    floor: Figures,
    /// The API's requests per second, as a share of the floor's.
    share: f64,
    promised: Option<f64>,
}

impl Measured {
    pub(super) fn new(backend: &'static str) -> Self {
        Self {
            backend,
            questions: Vec::new(),
        }
    }

    pub(super) fn add(
        &mut self,
        question: &'static str,
        api: Figures,
        floor: Figures,
        promised: Option<f64>,
    ) {
        self.questions.push(Answer {
            question,
            api,
            floor,
            share: api.requests_per_second / floor.requests_per_second,
            promised,
        });
    }
}

impl ApiReport {
    pub(super) fn new(rows: u64, connections: u32) -> Self {
        Self {
            environment: Environment::of_this_machine(),
            rows,
            connections,
            backends: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, measured: Measured) {
        self.backends.push(measured);
    }

    pub(super) fn print(&self) {
        for line in self.environment.lines() {
            eprintln!("{line}");
        }
        eprintln!("{} assets, {} connections", self.rows, self.connections);
        eprintln!(
            "{:<9} {:<24} {:>10} {:>9} {:>9} {:>10} {:>9} {:>9} {:>6}",
            "database", "request", "API req/s", "p50 ms", "p99 ms", "floor", "p50 ms", "p99 ms", "share"
        );
        for measured in &self.backends {
            for Answer {
                question,
                api,
                floor,
                share,
                ..
            } in &measured.questions
            {
                eprintln!(
                    "{:<9} {question:<24} {:>10.0} {:>9.2} {:>9.2} {:>10.0} {:>9.2} {:>9.2} {share:>6.2}",
                    measured.backend,
                    api.requests_per_second,
                    api.p50_ms,
                    api.p99_ms,
                    floor.requests_per_second,
                    floor.p50_ms,
                    floor.p99_ms,
                );
            }
        }
    }

    /// Fails if a promise was not kept, naming each.
    pub(super) fn verdict(&self) -> Result {
        let answers = self
            .backends
            .iter()
            .flat_map(|measured| measured.questions.iter().map(|answer| (measured.backend, answer)));
        let broken: Vec<String> = answers
            .filter_map(|(backend, answer)| {
                let promised = answer.promised.filter(|promised| answer.share < *promised)?;
                let Answer { question, share, .. } = answer;
                Some(format!(
                    "{backend}: {question} has {share:.2} of the floor, not {promised}"
                ))
            })
            .collect();
        if broken.is_empty() {
            Ok(())
        } else {
            Err(broken.join("; ").into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_that_is_not_kept_is_named() {
        let of = |requests_per_second| Figures {
            requests_per_second,
            p50_ms: 1.0,
            p99_ms: 2.0,
        };
        let mut report = ApiReport::new(1, 1);
        let mut measured = Measured::new("sqlite");
        measured.add("GET /a", of(10.0), of(100.0), None);
        measured.add("GET /b", of(71.0), of(100.0), Some(0.7));
        report.add(measured);
        assert!(report.verdict().is_ok());
        let mut measured = Measured::new("postgres");
        measured.add("GET /b", of(69.0), of(100.0), Some(0.7));
        report.add(measured);
        assert_eq!(
            report.verdict().unwrap_err().to_string(),
            "postgres: GET /b has 0.69 of the floor, not 0.7"
        );
    }
}
