//! A bank with a configuration database, applications that name their servers, and old core systems on a sheet of their own.

use super::table::{csv, scattered};
use super::{ExportFile, Tenant};
use landfall_domain::ids::fixed;

/// Servers of one application: its id, name, what servers are called, how many, operating system with version, cores, GB.
type Group = (
    &'static str,
    &'static str,
    &'static str,
    usize,
    (&'static str, &'static str),
    usize,
    usize,
);

const GROUPS: &[Group] = &[
    (
        "app-pay",
        "Payments",
        "pay-app",
        6,
        ("Red Hat Enterprise Linux", "8.8"),
        8,
        64,
    ),
    (
        "app-pay",
        "Payments",
        "pay-db",
        2,
        ("Oracle Linux", "7.9"),
        32,
        512,
    ),
    (
        "app-cards",
        "Cards",
        "card-app",
        4,
        ("Red Hat Enterprise Linux", "7.9"),
        8,
        32,
    ),
    (
        "app-cards",
        "Cards",
        "card-db",
        2,
        ("Oracle Linux", "7.9"),
        16,
        256,
    ),
    (
        "app-web",
        "Online banking",
        "web-front",
        6,
        ("Ubuntu", "22.04"),
        4,
        16,
    ),
    (
        "app-web",
        "Online banking",
        "web-app",
        4,
        ("Red Hat Enterprise Linux", "8.8"),
        8,
        32,
    ),
    (
        "app-risk",
        "Risk models",
        "risk-calc",
        8,
        ("CentOS", "7.9"),
        32,
        256,
    ),
    (
        "app-aml",
        "Transaction screening",
        "aml-app",
        3,
        ("Windows Server 2016", "10.0.14393"),
        8,
        64,
    ),
    (
        "app-aml",
        "Transaction screening",
        "aml-db",
        1,
        ("Windows Server 2016", "10.0.14393"),
        16,
        128,
    ),
    (
        "app-docs",
        "Document archive",
        "doc-app",
        3,
        ("Windows Server 2012 R2", "6.3.9600"),
        4,
        32,
    ),
    (
        "app-branch",
        "Branch desktop",
        "brn-app",
        5,
        ("Windows Server 2008 R2", "6.1.7601"),
        4,
        16,
    ),
    (
        "app-dir",
        "Sign-on",
        "iam-node",
        4,
        ("Windows Server 2019", "10.0.17763"),
        4,
        16,
    ),
];

/// What each application needs.
const NEEDS: &[(&str, &str)] = &[
    ("app-pay", "app-aml;app-dir"),
    ("app-cards", "app-pay;app-dir"),
    ("app-web", "app-pay;app-cards;app-dir"),
    ("app-risk", "app-pay"),
    ("app-branch", "app-docs;app-dir"),
];

pub(super) fn tenant() -> Tenant {
    let file = |name, filename, content| ExportFile {
        name,
        filename,
        review: false,
        content,
    };
    Tenant {
        client_account: fixed::DEMO_BANK,
        name: "Demo Bank",
        industry: "banking",
        engagement: fixed::DEMO_BANK_ENGAGEMENT,
        engagement_name: "Core renewal",
        currency: "CHF",
        files: vec![
            file("Bank servers", "cmdb_ci_server.csv", servers()),
            file("Bank applications", "cmdb_ci_appl.csv", applications()),
            file("Bank core systems", "core-systems.csv", core_systems()),
        ],
    }
}

fn hostnames(group: &Group) -> impl Iterator<Item = String> {
    let (prefix, number) = (group.2, group.3);
    (1..=number).map(move |at| format!("{prefix}-{at:02}"))
}

fn servers() -> Vec<u8> {
    let header = [
        "sys_id",
        "name",
        "hostname",
        "fqdn",
        "ip_address",
        "os",
        "os_version",
        "ram_gb",
        "cpus",
        "company",
        "environment",
        "business_criticality",
        "location",
        "virtual",
        "subnet",
        "serial_number",
    ];
    let rows = GROUPS.iter().enumerate().flat_map(|(place, group)| {
        hostnames(group).enumerate().map(move |(number, host)| {
            let (_, _, _, _, (system, version), cores, memory) = *group;
            let unique = place * 100 + number;
            let site = if scattered(unique, 3) == 0 {
                "Geneva"
            } else {
                "Zurich"
            };
            [
                format!("{:032x}", 0x5eed_0000_u64 + unique as u64),
                host.clone(),
                host.clone(),
                format!("{host}.bank.example"),
                format!("10.80.{}.{}", place + 1, number + 21),
                system.to_owned(),
                version.to_owned(),
                memory.to_string(),
                cores.to_string(),
                "Demo Bank".to_owned(),
                "production".to_owned(),
                if matches!(group.0, "app-pay" | "app-cards" | "app-web") {
                    "critical"
                } else {
                    "medium"
                }
                .to_owned(),
                site.to_owned(),
                (memory < 256).to_string(),
                format!("10.80.{}.0/24", place + 1),
                format!("BK{:06}", 410_000 + unique * 7),
            ]
        })
    });
    csv(header, rows)
}

fn applications() -> Vec<u8> {
    let header = [
        "app_id",
        "name",
        "tier",
        "env",
        "server_hostnames",
        "depends_on",
        "notes",
    ];
    let mut ids: Vec<&str> = GROUPS.iter().map(|group| group.0).collect();
    ids.dedup();
    let known = ids.into_iter().map(|id| {
        let of_app = GROUPS.iter().filter(|group| group.0 == id);
        let name = of_app.clone().map(|group| group.1).next().unwrap_or_default();
        let hosts: Vec<String> = of_app.flat_map(hostnames).collect();
        let needs = NEEDS
            .iter()
            .find(|(app, _)| *app == id)
            .map_or("", |(_, needs)| needs);
        [id, name, "backend", "prod", &hosts.join(";"), needs, ""].map(str::to_owned)
    });
    // Bought as a service: they have no servers here.
    let services = ["Market data", "Letters"].map(|name| {
        let id = format!(
            "app-{}",
            name.split(' ').next().unwrap_or_default().to_lowercase()
        );
        [
            id.as_str(),
            name,
            "service",
            "prod",
            "",
            "app-dir",
            "run by a supplier",
        ]
        .map(str::to_owned)
    });
    csv(header, known.chain(services))
}

fn core_systems() -> Vec<u8> {
    let header = [
        "Hostname",
        "IP Address",
        "Operating System",
        "CPU Cores",
        "Memory (GB)",
        "Storage (GB)",
        "Environment",
        "Location",
        "Application",
        "Technology",
        "Business Criticality",
        "Depends On",
    ];
    let rows = (1..=6).flat_map(|number| {
        [
            ("core", "AIX 7.1", "DB2 10.5", 24, 384, "pay-db-01"),
            (
                "ledger",
                "Solaris 10",
                "Oracle Database 11.2",
                16,
                256,
                "core01; pay-db-02",
            ),
        ]
        .into_iter()
        .map(move |(kind, system, technology, cores, memory, needs)| {
            [
                format!("{kind}{number:02}"),
                format!("10.81.{}.{}", if kind == "core" { 1 } else { 2 }, number + 10),
                system.to_owned(),
                cores.to_string(),
                memory.to_string(),
                (memory * 12).to_string(),
                if number > 4 { "Test" } else { "Production" }.to_owned(),
                "Zurich".to_owned(),
                if kind == "core" {
                    "Core banking"
                } else {
                    "General ledger"
                }
                .to_owned(),
                technology.to_owned(),
                if number > 4 { "Low" } else { "Critical" }.to_owned(),
                if kind == "core" && number == 1 {
                    "pay-db-01"
                } else {
                    needs
                }
                .to_owned(),
            ]
        })
    });
    csv(header, rows)
}
