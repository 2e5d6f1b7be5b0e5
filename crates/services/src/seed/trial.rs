//! The test client account: a small inventory to try things on.

use super::table::csv;
use super::{ExportFile, Tenant};
use landfall_domain::ids::fixed;

pub(super) fn tenant() -> Tenant {
    Tenant {
        client_account: fixed::TEST_CLIENT_ACCOUNT,
        name: "Test",
        industry: "testing",
        engagement: fixed::TEST_ENGAGEMENT,
        engagement_name: "Trial",
        currency: "USD",
        files: vec![ExportFile {
            name: "Trial inventory",
            filename: "trial-inventory.csv",
            review: false,
            content: inventory(),
        }],
    }
}

fn inventory() -> Vec<u8> {
    let header = [
        "Hostname",
        "IP Address",
        "Operating System",
        "CPU Cores",
        "Memory (GB)",
        "Environment",
        "Application",
        "Depends On",
    ];
    let systems = [
        "Ubuntu 22.04",
        "Windows Server 2019",
        "Red Hat Enterprise Linux 7.9",
        "Windows Server 2012 R2",
    ];
    let rows = systems
        .iter()
        .cycle()
        .take(12)
        .enumerate()
        .map(|(number, system)| {
            let (host, needed) = (format!("trial{:02}", number + 1), format!("trial{number:02}"));
            [
                host,
                format!("192.0.2.{}", number + 10),
                (*system).to_owned(),
                (2 << (number % 4)).to_string(),
                (8 << (number % 3)).to_string(),
                if number < 8 { "Production" } else { "Test" }.to_owned(),
                format!("Trial application {}", number / 4 + 1),
                if number % 4 == 0 { String::new() } else { needed },
            ]
        });
    csv(header, rows)
}
