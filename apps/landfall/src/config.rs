//! Settings: from a file, over which the environment goes, over which flags go.
//!
//! A setting is declared once, as a field of [`Config`]. Its name in the file is the field's name, in the environment that
//! name in capitals after `LANDFALL_`.

use crate::arguments::Settings as Flags;
use crate::database::DatabaseUrl;
use crate::failure::Failure;
use chrono::TimeDelta;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use ipnet::IpNet;
use landfall_consolidation::PostgresPrograms;
use landfall_services::Settings;
use landfall_services::access::IdentityProvider;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The file that is read if it is there and no other is named.
const FILE: &str = "landfall.toml";
/// What the names of settings begin with in the environment.
const PREFIX: &str = "LANDFALL_";

/// Everything that an operator can set.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// The database that is served and worked on.
    pub(crate) database_url: DatabaseUrl,
    /// PostgreSQL: the same database as its owner, to migrate and restore it.
    pub(crate) migration_database_url: Option<DatabaseUrl>,
    /// PostgreSQL: the same database as a member of `landfall_system`, to work across tenants.
    pub(crate) system_database_url: Option<DatabaseUrl>,
    /// Connections to the database at most.
    pub(crate) max_connections: u32,
    /// Apply pending migrations before doing anything else. Without it, done for an embedded database only.
    pub(crate) auto_migrate: Option<bool>,
    /// Where uploads are kept.
    pub(crate) data_dir: PathBuf,
    /// Where the API listens.
    pub(crate) listen: SocketAddr,
    /// Who may ask. Without it, everybody on this machine, and nobody from elsewhere.
    pub(crate) auth: Option<Auth>,
    /// Identity providers whose tokens are taken.
    pub(crate) identity_providers: Vec<IdentityProvider>,
    /// Requests per second that one caller may make where authentication is on, with bursts of five times as many; 0 for any
    /// number.
    pub(crate) requests_per_second: u32,
    /// Networks of proxies that are believed when they say for whom they ask.
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// Other sites whose pages may use the API.
    pub(crate) cors_origins: Vec<String>,
    /// Jobs done at the same time in this process. Without it, 1 on an embedded database, 2 on PostgreSQL.
    pub(crate) workers: Option<u16>,
    /// How long running requests may take to end after the signal to stop.
    pub(crate) shutdown_seconds: u64,
    /// Largest upload in bytes.
    pub(crate) upload_limit: u64,
    /// Rows of one batch.
    pub(crate) batch_rows: usize,
    /// How long a worker may be silent before another takes its job, in seconds; at least 1.
    pub(crate) job_lease_seconds: u32,
    /// Confidence, 0 to 1, from which a suggested mapping is used without a person.
    pub(crate) approval_threshold: f64,
    /// How logs are written.
    pub(crate) log_format: LogFormat,
    /// What is logged, in the words of `RUST_LOG`.
    pub(crate) log: Option<String>,
    /// PostgreSQL: the directory of `pg_dump` and `pg_restore`.
    pub(crate) pg_bin_dir: Option<PathBuf>,
}

/// Who may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Auth {
    /// Everybody on this machine.
    None,
    /// Who bears an API key, the token of a login, or the token of an identity provider.
    Bearer,
}

/// How logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object per line.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        let settings = Settings::default();
        Self {
            database_url: DatabaseUrl::from("sqlite://./landfall.db".to_owned()),
            migration_database_url: None,
            system_database_url: None,
            max_connections: 10,
            auto_migrate: None,
            data_dir: PathBuf::from("./landfall-data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            auth: None,
            identity_providers: Vec::new(),
            requests_per_second: 100,
            trusted_proxies: Vec::new(),
            cors_origins: Vec::new(),
            workers: None,
            shutdown_seconds: 30,
            upload_limit: settings.upload_limit,
            batch_rows: settings.batch_rows,
            job_lease_seconds: u32::try_from(settings.job_lease.num_seconds()).unwrap_or(u32::MAX),
            approval_threshold: settings.approval_threshold,
            log_format: LogFormat::Text,
            log: None,
            pg_bin_dir: None,
        }
    }
}

impl Config {
    /// Reads the settings. `command_flags` are those of one command, by the names of the settings, or null.
    pub(crate) fn load(flags: &Flags, command_flags: &Value) -> Result<Self, Failure> {
        let defaults = serde_json::to_value(Self::default())?;
        let mut figment = Figment::from(Serialized::defaults(&defaults));
        if let Some(file) = settings_file(flags.config.as_deref())? {
            figment = figment.merge(Toml::file_exact(file));
        }
        // Only names of settings: other programs name variables too, such as an orchestrator after its services.
        let names: Vec<String> = defaults
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        figment = figment
            .merge(Env::prefixed(PREFIX).only(&names))
            .merge(Serialized::defaults(flags));
        if command_flags.is_object() {
            figment = figment.merge(Serialized::defaults(command_flags));
        }
        figment
            .extract()
            .map_err(|error| Failure::usage(format!("the settings cannot be used: {}", told(&error))))
    }

    /// What the use cases take from the settings.
    pub(crate) fn service_settings(&self) -> Settings {
        Settings {
            upload_limit: self.upload_limit,
            batch_rows: self.batch_rows.max(1),
            job_lease: TimeDelta::seconds(self.job_lease_seconds.max(1).into()),
            approval_threshold: self.approval_threshold,
            identity_providers: self.identity_providers.clone(),
        }
    }

    /// Jobs done at the same time in this process.
    pub(crate) fn worker_count(&self) -> u16 {
        self.workers
            .unwrap_or(if self.database_url.is_embedded() { 1 } else { 2 })
    }

    /// PostgreSQL's client programs.
    pub(crate) fn postgres_programs(&self) -> PostgresPrograms {
        PostgresPrograms {
            directory: self.pg_bin_dir.clone(),
        }
    }

    /// Whether everybody must say who he is. Who names an identity provider means that.
    ///
    /// # Errors
    /// A usage failure if nobody would have to and others could ask, or if an identity provider cannot be trusted.
    pub(crate) fn authentication(&self) -> Result<bool, Failure> {
        if let Some(fault) = self.identity_providers.iter().find_map(IdentityProvider::fault) {
            return Err(Failure::usage(fault));
        }
        let on = match self.auth {
            Some(auth) => auth == Auth::Bearer,
            None => !self.identity_providers.is_empty(),
        };
        if on || self.listen.ip().is_loopback() {
            return Ok(on);
        }
        Err(Failure::usage(format_args!(
            "without authentication Landfall does not listen on {}, which others can reach: start with --auth bearer, or \
             listen on 127.0.0.1 or [::1]",
            self.listen
        )))
    }

    /// The address to migrate with.
    pub(crate) fn owner_url(&self) -> &DatabaseUrl {
        self.migration_database_url.as_ref().unwrap_or(&self.database_url)
    }
}

fn settings_file(named: Option<&Path>) -> Result<Option<PathBuf>, Failure> {
    match named {
        Some(file) if file.is_file() => Ok(Some(file.to_owned())),
        Some(file) => Err(Failure::usage(format!(
            "there is no file {} to read settings from",
            file.display()
        ))),
        None => Ok(Some(PathBuf::from(FILE)).filter(|file| file.is_file())),
    }
}

/// Each mistake with the place where it was made.
fn told(error: &figment::Error) -> String {
    let mistakes = error.clone().into_iter().map(|mistake| {
        let setting = mistake.path.join(".");
        let place = mistake.metadata.as_ref().map(|metadata| {
            let source = metadata
                .source
                .as_ref()
                .map(|source| format!(" {source}"))
                .unwrap_or_default();
            format!(" ({}{source})", metadata.name)
        });
        let of = if setting.is_empty() {
            String::new()
        } else {
            format!("{setting}: ")
        };
        format!("{of}{}{}", mistake.kind, place.unwrap_or_default())
    });
    mistakes.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::{Auth, Config};

    fn listening(on: &str, auth: Option<Auth>) -> Config {
        Config {
            listen: on.parse().unwrap(),
            auth,
            ..Config::default()
        }
    }

    #[test]
    fn only_addresses_of_the_machine_itself_are_served_without_authentication() {
        for own in ["127.0.0.1:8080", "127.8.8.8:1", "[::1]:8080"] {
            assert!(!listening(own, None).authentication().unwrap(), "{own}");
            assert!(
                !listening(own, Some(Auth::None)).authentication().unwrap(),
                "{own}"
            );
        }
        for open in ["0.0.0.0:8080", "[::]:8080", "192.168.1.5:8080"] {
            assert!(listening(open, None).authentication().is_err(), "{open}");
            assert!(
                listening(open, Some(Auth::None)).authentication().is_err(),
                "{open}"
            );
            assert!(
                listening(open, Some(Auth::Bearer)).authentication().unwrap(),
                "{open}"
            );
        }
    }

    #[test]
    fn who_names_an_identity_provider_means_authentication_and_one_that_cannot_be_trusted_is_refused() {
        let named = |toml: &str| Config {
            identity_providers: vec![toml::from_str(toml).unwrap()],
            ..Config::default()
        };
        let good = named("issuer = \"https://login.example.com/\"\naudience = [\"landfall\"]");
        assert!(good.authentication().unwrap());
        for bad in [
            "issuer = \"http://login.example.com/\"\naudience = [\"landfall\"]",
            "issuer = \"https://login.example.com/\"\naudience = []",
            "issuer = \"https://login.example.com/\"\naudience = [\"a\"]\njwks_uri = \"http://keys.example.com/\"",
        ] {
            assert!(named(bad).authentication().is_err(), "{bad}");
        }
    }
}
