//! What kind of dependency it is.

use landfall_domain::AssetType;
use serde::{Deserialize, Serialize};

/// The kind of a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DependencyType {
    /// An application or service is called.
    Application,
    /// Data of a database or search engine is used.
    Database,
    /// Files or blocks of another system are used.
    Storage,
    /// A service of the network: names, directory, time, mail, administration.
    Network,
    /// It runs on the other.
    Hosting,
}

/// Ports that databases and search engines listen on, as registered with IANA or set by their makers.
const DATABASE_PORTS: &[u16] = &[
    1433, 1434, 1521, 1522, 1526, 2483, 2484, 3306, 5432, 5984, 6379, 7000, 9042, 9200, 9300, 11_211, 27_017,
    27_018, 27_019, 30_015, 33_060, 50_000,
];
/// Ports of file and block services: portmapper, SMB, NFS, iSCSI, rsync, AFP.
const STORAGE_PORTS: &[u16] = &[111, 139, 445, 548, 873, 2049, 3260];
/// Ports of network services: remote shells, mail, DNS, DHCP, Kerberos, NTP, SNMP, LDAP, syslog, remote desktop, `WinRM`.
const NETWORK_PORTS: &[u16] = &[
    22, 23, 25, 53, 67, 68, 88, 123, 161, 162, 389, 464, 465, 514, 587, 636, 3268, 3269, 3389, 5985, 5986,
];
/// Ports of web servers, application servers and message brokers.
const APPLICATION_PORTS: &[u16] = &[
    80, 443, 1414, 5671, 5672, 7001, 7002, 8000, 8005, 8008, 8009, 8080, 8081, 8443, 8888, 9080, 9092, 9443,
    61_613, 61_616,
];

/// Words of process and application names.
const DATABASE_WORDS: &[&str] = &[
    "sqlservr",
    "mssql",
    "sqlserver",
    "oracle",
    "tnslsnr",
    "postgres",
    "postgresql",
    "mysqld",
    "mysql",
    "mariadbd",
    "mariadb",
    "mongod",
    "mongodb",
    "redis",
    "db2sysc",
    "db2",
    "cassandra",
    "elasticsearch",
];
const STORAGE_WORDS: &[&str] = &[
    "nfsd",
    "nfs",
    "smbd",
    "smb",
    "cifs",
    "iscsi",
    "rpcbind",
    "lanmanserver",
];

/// What is known of a dependency that tells its kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence<'a> {
    /// What the source says.
    pub stated: Option<DependencyType>,
    /// Port at the needed side.
    pub port: Option<u16>,
    /// Process or application at the needed side.
    pub process: Option<&'a str>,
    /// What the asset is that needs.
    pub from: Option<AssetType>,
    /// What the asset is that is needed.
    pub to: Option<AssetType>,
}

impl DependencyType {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::Application,
        Self::Database,
        Self::Storage,
        Self::Network,
        Self::Hosting,
    ];

    /// The word that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Database => "database",
            Self::Storage => "storage",
            Self::Network => "network",
            Self::Hosting => "hosting",
        }
    }

    /// The kind of a connection to a well-known port.
    pub fn of_port(port: u16) -> Option<Self> {
        [
            (DATABASE_PORTS, Self::Database),
            (STORAGE_PORTS, Self::Storage),
            (NETWORK_PORTS, Self::Network),
            (APPLICATION_PORTS, Self::Application),
        ]
        .into_iter()
        .find_map(|(ports, kind)| ports.contains(&port).then_some(kind))
    }

    /// The kind that the name of a process tells, by whole words: `sqlservr` and `mysqld.exe`, not `oraclegate`.
    pub fn of_process(process: &str) -> Option<Self> {
        let process = process.to_lowercase();
        let mut words = process.split(|letter: char| !letter.is_alphanumeric());
        words.find_map(|word| {
            if DATABASE_WORDS.contains(&word) {
                Some(Self::Database)
            } else {
                STORAGE_WORDS.contains(&word).then_some(Self::Storage)
            }
        })
    }

    /// The kind that the scheme of a connection string tells: `jdbc:postgresql`, `nfs`, `https`.
    pub fn of_scheme(scheme: &str) -> Option<Self> {
        let scheme = scheme.to_lowercase();
        let mut words = scheme.split([':', '+']);
        words.find_map(|word| match word {
            "jdbc" | "odbc" | "postgresql" | "postgres" | "mysql" | "mariadb" | "sqlserver" | "mssql"
            | "oracle" | "mongodb" | "redis" | "rediss" | "db2" | "cassandra" => Some(Self::Database),
            "nfs" | "smb" | "cifs" | "iscsi" | "ftp" | "ftps" | "sftp" | "file" => Some(Self::Storage),
            "http" | "https" | "ws" | "wss" | "grpc" | "amqp" | "amqps" | "mq" | "jms" | "kafka" | "tcp" => {
                Some(Self::Application)
            }
            "ldap" | "ldaps" | "dns" | "ssh" | "smtp" | "smtps" => Some(Self::Network),
            _ => None,
        })
    }

    /// The kind of a dependency. A source that says database, storage or hosting is believed; application and network
    /// are said of anything, so port, process and the needed asset's type speak first.
    pub fn classify(evidence: Evidence<'_>) -> Self {
        let exact = evidence
            .stated
            .filter(|kind| matches!(kind, Self::Database | Self::Storage | Self::Hosting));
        exact
            .or_else(|| evidence.port.and_then(Self::of_port))
            .or_else(|| evidence.process.and_then(Self::of_process))
            .or_else(|| Self::of_assets(evidence.from, evidence.to))
            .or(evidence.stated)
            .unwrap_or(Self::Application)
    }

    /// The kind that the types of the two assets tell.
    fn of_assets(from: Option<AssetType>, to: Option<AssetType>) -> Option<Self> {
        match to? {
            AssetType::Database => Some(Self::Database),
            AssetType::Storage => Some(Self::Storage),
            AssetType::Network | AssetType::LoadBalancer | AssetType::SecurityGroup => Some(Self::Network),
            AssetType::Application | AssetType::Service => Some(Self::Application),
            AssetType::Server | AssetType::VirtualMachine | AssetType::Container => {
                matches!(from, Some(AssetType::Application | AssetType::Service)).then_some(Self::Hosting)
            }
            AssetType::Other | AssetType::Unknown => None,
        }
    }
}

impl std::fmt::Display for DependencyType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::str::FromStr for DependencyType {
    type Err = landfall_domain::UnknownLabel;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL
            .into_iter()
            .find(|kind| kind.as_str().eq_ignore_ascii_case(word.trim()));
        known.ok_or_else(|| landfall_domain::UnknownLabel {
            word: word.to_owned(),
            kind: "dependency type",
            known: Self::ALL.map(Self::as_str).join(", "),
        })
    }
}
