//! Price catalogues on the wire.

use chrono::{DateTime, Utc};
use landfall_services::assessments::StoredCatalogue;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A price catalogue without its sizes and volumes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CatalogueRowOut {
    /// Its id.
    id: Uuid,
    /// Its name.
    #[schema(example = "Contract 2026")]
    name: String,
    /// Where the prices are from.
    source: String,
    /// As of which day.
    #[schema(example = "2026-01-01")]
    as_of: String,
    /// ISO 4217 code.
    #[schema(example = "EUR")]
    currency: String,
    /// Grows with each change; also the `ETag`.
    version: i64,
    /// When it was added.
    created_at: DateTime<Utc>,
    /// When it was replaced last.
    updated_at: DateTime<Utc>,
}

impl From<StoredCatalogue> for CatalogueRowOut {
    fn from(row: StoredCatalogue) -> Self {
        let StoredCatalogue {
            id,
            name,
            source,
            as_of,
            currency,
            version,
            created_at,
            updated_at,
            ..
        } = row;
        Self {
            id,
            name,
            source,
            as_of,
            currency,
            version,
            created_at,
            updated_at,
        }
    }
}

/// A price catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CatalogueOut {
    #[serde(flatten)]
    row: CatalogueRowOut,
    /// Platform, licences, sizes and volumes with their prices in millionths of the currency's unit.
    #[schema(value_type = Object)]
    document: Value,
}

impl From<StoredCatalogue> for CatalogueOut {
    fn from(row: StoredCatalogue) -> Self {
        let document = row.document.clone();
        Self {
            row: row.into(),
            document,
        }
    }
}
