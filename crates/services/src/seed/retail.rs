//! A retailer that leaves its `VMware` data centres: machines, applications, observed traffic, and a list of store servers
//! whose headers only its author understands.

mod applications;
mod machines;
mod network;

use super::{ExportFile, Tenant};
use landfall_domain::ids::fixed;

/// One tier of an application.
struct Tier {
    application: &'static str,
    /// What its machines are called before their number.
    prefix: &'static str,
    machines: usize,
    system: &'static str,
    cores: usize,
    memory_mib: usize,
    disk_gib: usize,
    /// The tier that it talks to, and the port there.
    needs: &'static [(&'static str, u16)],
}

const fn tier(
    application: &'static str,
    prefix: &'static str,
    (machines, cores, memory_gib, disk_gib): (usize, usize, usize, usize),
    system: &'static str,
    needs: &'static [(&'static str, u16)],
) -> Tier {
    Tier {
        application,
        prefix,
        machines,
        system,
        cores,
        memory_mib: memory_gib * 1024,
        disk_gib,
        needs,
    }
}

const TIERS: &[Tier] = &[
    tier(
        "Online shop",
        "shop-web",
        (6, 4, 16, 120),
        "Ubuntu Linux (64-bit)",
        &[("shop-app", 8080)],
    ),
    tier(
        "Online shop",
        "shop-app",
        (4, 8, 32, 200),
        "Red Hat Enterprise Linux 8 (64-bit)",
        &[("shop-db", 5432), ("bus-mq", 5672)],
    ),
    tier(
        "Online shop",
        "shop-db",
        (2, 16, 128, 1800),
        "Red Hat Enterprise Linux 7 (64-bit)",
        &[],
    ),
    tier(
        "Stock",
        "stock-app",
        (4, 8, 32, 250),
        "Microsoft Windows Server 2012 (64-bit)",
        &[("stock-db", 1433), ("bus-mq", 5672)],
    ),
    tier(
        "Stock",
        "stock-db",
        (2, 16, 96, 2400),
        "Microsoft Windows Server 2012 (64-bit)",
        &[],
    ),
    tier(
        "Customer cards",
        "card-app",
        (3, 4, 16, 100),
        "CentOS 7 (64-bit)",
        &[("card-db", 3306)],
    ),
    tier(
        "Customer cards",
        "card-db",
        (2, 8, 64, 700),
        "CentOS 7 (64-bit)",
        &[],
    ),
    tier(
        "Price labels",
        "label-app",
        (2, 4, 8, 80),
        "Microsoft Windows Server 2008 R2 (64-bit)",
        &[("stock-db", 1433)],
    ),
    tier(
        "Reports",
        "report-app",
        (2, 8, 64, 400),
        "Microsoft Windows Server 2019 (64-bit)",
        &[("shop-db", 5432), ("stock-db", 1433)],
    ),
    tier(
        "Messaging",
        "bus-mq",
        (3, 4, 16, 150),
        "Ubuntu Linux (64-bit)",
        &[],
    ),
    tier(
        "Directory",
        "dir-dc",
        (4, 4, 16, 120),
        "Microsoft Windows Server 2016 (64-bit)",
        &[],
    ),
    tier(
        "Build",
        "ci-node",
        (6, 8, 32, 300),
        "Debian GNU/Linux 10 (64-bit)",
        &[],
    ),
];

pub(super) fn tenant() -> Tenant {
    Tenant {
        client_account: fixed::DEMO_RETAIL,
        name: "Demo Retail",
        industry: "retail",
        engagement: fixed::DEMO_RETAIL_ENGAGEMENT,
        engagement_name: "Leave the data centres",
        currency: "EUR",
        files: vec![
            file(
                "Retail virtual machines",
                "RVTools_tabvInfo.csv",
                machines::machines(),
                false,
            ),
            file(
                "Retail applications",
                "applications.csv",
                applications::applications(),
                false,
            ),
            file(
                "Retail network flows",
                "dependencies.csv",
                network::traffic(),
                false,
            ),
            file("Store servers", "store-servers.csv", network::stores(), true),
        ],
    }
}

fn file(name: &'static str, filename: &'static str, content: Vec<u8>, review: bool) -> ExportFile {
    ExportFile {
        name,
        filename,
        review,
        content,
    }
}

fn names(tier: &Tier) -> impl Iterator<Item = String> {
    (1..=tier.machines).map(move |number| format!("{}{number:02}", tier.prefix))
}
