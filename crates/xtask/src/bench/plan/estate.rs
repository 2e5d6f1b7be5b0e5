//! A generated estate: the same one for the same numbers.

/// Assets, which application each belongs to, and who needs whom.
pub(super) struct Estate {
    pub(super) assets: Vec<Asset>,
    pub(super) applications: usize,
    /// Needs, needed: by place of the asset.
    pub(super) dependencies: Vec<(u32, u32)>,
}

/// An asset as an inventory has it.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Asset {
    pub(super) application: usize,
    pub(super) operating_system: &'static str,
    /// Whether its operating system is out of support, and its software.
    pub(super) os_ended: bool,
    pub(super) software_ended: bool,
    pub(super) technology_stack: Option<&'static str>,
    pub(super) environment: &'static str,
    pub(super) criticality: &'static str,
    pub(super) status: &'static str,
    pub(super) is_database: bool,
    pub(super) is_virtual: bool,
    pub(super) has_owner: bool,
    pub(super) cpu_percent: Option<f64>,
    pub(super) observation_days: Option<f64>,
    pub(super) cpu_cores: f64,
    pub(super) memory_gb: f64,
    pub(super) storage_gb: f64,
    pub(super) monthly_cost: Option<f64>,
}

const SYSTEMS: [(&str, bool); 6] = [
    ("Ubuntu 24.04", false),
    ("Windows Server 2022", false),
    ("Windows Server 2012 R2", true),
    ("CentOS 7", true),
    ("Red Hat Enterprise Linux 9", false),
    ("AIX 7.2", false),
];
const STACKS: [Option<&str>; 7] = [
    None,
    Some("Tomcat 9, Java 11"),
    Some("PostgreSQL 15"),
    Some("SQL Server 2014"),
    Some("SharePoint Server 2016"),
    Some("Oracle 12c"),
    Some("nginx, node.js"),
];
const ENVIRONMENTS: [&str; 4] = ["Production", "Test", "Development", "DR"];
const CRITICALITIES: [&str; 4] = ["Low", "Medium", "High", "Critical"];
const STATUSES: [&str; 5] = ["Active", "Active", "Active", "Inactive", "Retired"];

impl Estate {
    pub(super) fn generate(assets: usize, applications: usize, dependencies: usize) -> Self {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let list = (0..assets)
            .map(|place| random.asset(place % applications))
            .collect();
        let edges = (0..dependencies)
            .map(|_| (random.below(assets), random.below(assets)))
            .filter(|(from, to)| from != to)
            .filter_map(|(from, to)| Some((u32::try_from(from).ok()?, u32::try_from(to).ok()?)))
            .collect();
        Self {
            assets: list,
            applications,
            dependencies: edges,
        }
    }
}

/// `SplitMix64` (Steele, Lea and Flood, 2014): small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap_or(1).max(1);
        usize::try_from(self.next() % limit).unwrap_or_default()
    }

    fn one_in(&mut self, number: usize) -> bool {
        self.below(number) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn number(&mut self, limit: usize) -> f64 {
        super::number(self.below(limit))
    }

    fn asset(&mut self, application: usize) -> Asset {
        let (operating_system, os_ended) = self.pick(&SYSTEMS);
        let technology_stack = self.pick(&STACKS);
        let is_measured = !self.one_in(3);
        Asset {
            application,
            operating_system,
            os_ended,
            software_ended: technology_stack.is_some() && self.one_in(4),
            technology_stack,
            environment: self.pick(&ENVIRONMENTS),
            criticality: self.pick(&CRITICALITIES),
            status: self.pick(&STATUSES),
            is_database: self.one_in(6),
            is_virtual: !self.one_in(5),
            has_owner: !self.one_in(3),
            cpu_percent: is_measured.then(|| self.number(1000) / 10.0),
            observation_days: is_measured.then(|| self.number(120)),
            cpu_cores: 1.0 + self.number(64),
            memory_gb: 1.0 + self.number(512),
            storage_gb: 10.0 + self.number(20_000),
            monthly_cost: (!self.one_in(2)).then(|| self.number(5_000)),
        }
    }
}
