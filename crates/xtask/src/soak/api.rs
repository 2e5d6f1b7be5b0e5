//! `cargo xtask soak api`: schemathesis against a running server. From the API's own description it makes requests that are
//! allowed and requests that are not, single ones and chains of them, and checks each answer: its status and shape are
//! described, nothing fails inside, what is refused should be, and what is made can be found.

use crate::workspace::{built, command};
use crate::{Result, setup};
use landfall_testkit::{HttpAnswer, HttpConnection, HttpFile, Server};
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;

/// Requests of a full run, at least.
pub(crate) const CASES: u64 = 20_000;

/// Requests are repeatable: the same seed makes the same ones.
const SEED: &str = "20260701";

/// Operations of the predecessor's three families ignore names that they do not know, as it did: there a body with one more
/// name than described is no mistake. The others refuse them.
const CONFIGURATION: &str = r#"
[[operations]]
include-path-regex = "^/api/v3/(data-import|discovery-flow|field-mapping)(/|$)"
checks.negative_data_rejection.enabled = false
"#;

/// An inventory for the requests to find something in.
const INVENTORY: &str = "samples/harbour-foods-cmdb.csv";

/// Serves a fresh database with an inventory in it, and sends requests until there were `cases` of them.
pub(crate) fn run(cases: u64) -> Result {
    let program = setup::schemathesis()?;
    let folder = tempfile::tempdir()?;
    let database = format!("sqlite://{}", folder.path().join("landfall.db").display());
    let data = folder.path().join("data");
    let settings = [
        ("LANDFALL_DATABASE_URL", database.as_str()),
        ("LANDFALL_DATA_DIR", &data.to_string_lossy()),
        ("LANDFALL_LOG", "error"),
    ];
    let server = Server::start(&built("landfall")?, &settings, folder.path())?;
    let headers = tenant(server.address())?;
    std::fs::write(folder.path().join("schemathesis.toml"), CONFIGURATION)?;
    let operations = operations(server.address())?;
    // Each operation gets as many examples; the chains and the edges of values come on top.
    let examples = (cases / operations.max(1) + 1).to_string();
    let url = format!("http://{}/api/v3/openapi.json", server.address());
    let mut command = command(
        &program,
        &[
            "run",
            "--checks",
            "all",
            "--mode",
            "all",
            "--seed",
            SEED,
            "--max-examples",
            &examples,
        ],
    );
    command.args(["--workers", "2", "--continue-on-failure", "--no-color"]);
    for (name, value) in &headers {
        command.args(["--header", &format!("{name}: {value}")]);
    }
    let mut child = command
        .arg(url)
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut sent = None;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            sent = sent.or_else(|| number_of_cases(&line));
            writeln!(std::io::stdout(), "{line}")?;
        }
    }
    if !child.wait()?.success() {
        return Err("the API does not do what it says: see above".into());
    }
    match sent {
        Some(sent) if sent >= cases => Ok(()),
        sent => Err(format!("{} requests were sent, not {cases}", sent.unwrap_or(0)).into()),
    }
}

/// Makes a tenant with an inventory, and gives the headers that name it.
fn tenant(address: SocketAddr) -> Result<[(&'static str, String); 2]> {
    let made = |answer: &HttpAnswer| -> Result<String> {
        let body: Value = serde_json::from_slice(&answer.body)?;
        let id = body["id"].as_str().ok_or_else(|| answer.text())?;
        Ok(id.to_owned())
    };
    let mut anybody = HttpConnection::new(address, &[]);
    let client = made(&anybody.post_json("/api/v3/tenants", r#"{"name": "Soak"}"#)?)?;
    let mut owner = HttpConnection::new(address, &[("X-Client-Account-ID", &client)]);
    let engagement = made(&owner.post_json("/api/v3/engagements", r#"{"name": "Soak"}"#)?)?;
    let headers = [("X-Client-Account-ID", client), ("X-Engagement-ID", engagement)];
    let named: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let inventory = std::fs::read(Path::new(crate::workspace::root()).join(INVENTORY))?;
    let file = HttpFile {
        name: "inventory.csv",
        length: inventory.len() as u64,
        content: &mut |out| out.write_all(&inventory),
    };
    let answer = HttpConnection::new(address, &named).upload("/api/v3/imports", &[], file)?;
    if answer.status != 201 {
        return Err(answer.text().into());
    }
    Ok(headers)
}

/// How many operations the description has.
fn operations(address: SocketAddr) -> Result<u64> {
    let answer = HttpConnection::new(address, &[]).get("/api/v3/openapi.json")?;
    let document: Value = serde_json::from_slice(&answer.body)?;
    let paths = document["paths"]
        .as_object()
        .ok_or("the description has no paths")?;
    let methods = paths
        .values()
        .filter_map(Value::as_object)
        .map(|item| item.len() as u64);
    Ok(methods.sum())
}

/// The number in a line such as `  20123 generated, 20123 passed`.
fn number_of_cases(line: &str) -> Option<u64> {
    let (before, _) = line.split_once(" generated")?;
    before
        .split_whitespace()
        .next_back()?
        .replace(',', "")
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::number_of_cases;

    #[test]
    fn the_number_of_requests_is_read_from_the_summary() {
        assert_eq!(
            number_of_cases("  20123 generated, 20000 passed, 123 skipped"),
            Some(20_123)
        );
        assert_eq!(number_of_cases("Test cases:"), None);
    }
}
