//! Addresses of databases. They may hold passwords, and are never shown whole.

use migration::run::Target;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// The address of a database: `sqlite://FILE` or `postgres://USER@HOST/DATABASE`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The address with everything that is secret in it.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the database is a file of this machine.
    pub(crate) fn is_embedded(&self) -> bool {
        self.0.starts_with("sqlite:")
    }

    /// The file of an embedded database.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        let place = self.0.strip_prefix("sqlite:")?;
        let place = place.strip_prefix("//").unwrap_or(place);
        let path = place.split('?').next().unwrap_or_default();
        (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
    }

    /// The address for the migrations, which make the file of an embedded database where they may.
    pub(crate) fn to_migrate(&self) -> Target {
        let mut url = self.0.clone();
        if self.is_embedded() && !url.contains("mode=") {
            url.push_str(if url.contains('?') {
                "&mode=rwc"
            } else {
                "?mode=rwc"
            });
        }
        Target::from(&url)
    }
}

impl From<String> for DatabaseUrl {
    fn from(url: String) -> Self {
        Self(url)
    }
}

impl FromStr for DatabaseUrl {
    type Err = std::convert::Infallible;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        Ok(Self(url.to_owned()))
    }
}

/// As it may be shown: without password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.file() {
            Some(file) => file.display().fmt(f),
            None => Target::from(&self.0).fmt(f),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::DatabaseUrl;
    use std::path::Path;

    #[test]
    fn an_address_is_shown_without_its_password() {
        let url: DatabaseUrl = "postgres://ann:s3cret@db.example/landfall?sslmode=require"
            .parse()
            .unwrap();
        assert_eq!(url.to_string(), "postgres://ann@db.example:5432/landfall");
        assert!(!format!("{url:?}").contains("s3cret"));
    }

    #[test]
    fn the_file_of_an_embedded_database_is_found_in_every_spelling() {
        for url in ["sqlite://a/b.db", "sqlite:a/b.db", "sqlite:a/b.db?mode=rwc"] {
            let url: DatabaseUrl = url.parse().unwrap();
            assert_eq!(url.file().as_deref(), Some(Path::new("a/b.db")));
            assert!(url.is_embedded());
        }
        let server: DatabaseUrl = "postgres://db/landfall".parse().unwrap();
        assert_eq!(server.file(), None);
    }
}
