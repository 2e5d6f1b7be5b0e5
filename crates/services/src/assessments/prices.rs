//! Price catalogues of an engagement, and the sample that ships.

use super::AssessmentError;
use crate::Services;
use landfall_domain::{Page, PageRequest, Scope};
use landfall_planning::sizing::{PriceCatalogue, SAMPLE_CATALOGUE};
pub use landfall_repositories::entities::price_catalogues::Model as StoredCatalogue;
use landfall_repositories::{NewPriceCatalogue, StoreResult, Uow, retry};
use uuid::Uuid;

impl Services {
    /// Price catalogues by name.
    pub async fn price_catalogues(
        &self,
        scope: &Scope,
        page: &PageRequest,
    ) -> StoreResult<Page<StoredCatalogue>> {
        let uow = self.store().begin_read(scope).await?;
        uow.price_catalogues().list(page).await
    }

    /// One price catalogue.
    pub async fn price_catalogue(&self, scope: &Scope, id: Uuid) -> StoreResult<StoredCatalogue> {
        self.store()
            .begin_read(scope)
            .await?
            .price_catalogues()
            .get(id)
            .await
    }

    /// Adds a price catalogue from TOML or JSON.
    pub async fn import_prices(&self, scope: &Scope, text: &str) -> Result<StoredCatalogue, AssessmentError> {
        let read = PriceCatalogue::read(text)?;
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            if let Some(known) = uow.price_catalogues().find(&read.name).await? {
                return Err(AssessmentError::NameTaken {
                    what: "a price catalogue",
                    name: known.name,
                });
            }
            let made = uow.price_catalogues().create(row(&read)?).await?;
            uow.commit().await?;
            Ok(made)
        })
        .await
    }

    /// Replaces a price catalogue. `expected` is the version that the person saw; `None` replaces it whatever the version.
    pub async fn replace_prices(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
        text: &str,
    ) -> Result<StoredCatalogue, AssessmentError> {
        let read = PriceCatalogue::read(text)?;
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let before = uow.price_catalogues().get(id).await?;
            if let Some(known) = uow
                .price_catalogues()
                .find(&read.name)
                .await?
                .filter(|known| known.id != id)
            {
                return Err(AssessmentError::NameTaken {
                    what: "a price catalogue",
                    name: known.name,
                });
            }
            let expected = expected.unwrap_or(before.version);
            let replaced = uow.price_catalogues().replace(id, expected, row(&read)?).await?;
            uow.commit().await?;
            Ok(replaced)
        })
        .await
    }

    /// Deletes a price catalogue; what was computed with it keeps its figures.
    pub async fn delete_prices(&self, scope: &Scope, id: Uuid) -> StoreResult<()> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            uow.price_catalogues().delete(id).await?;
            uow.commit().await
        })
        .await
    }
}

/// The catalogue with this id; the sample that ships if there is none.
pub(super) async fn chosen(uow: &Uow, id: Option<Uuid>) -> Result<PriceCatalogue, AssessmentError> {
    let Some(id) = id else {
        return Ok(PriceCatalogue::read(SAMPLE_CATALOGUE)?);
    };
    let stored = uow.price_catalogues().get(id).await?;
    serde_json::from_value(stored.document).map_err(|error| AssessmentError::Unreadable {
        what: "the price catalogue",
        id,
        reason: error.to_string(),
    })
}

fn row(catalogue: &PriceCatalogue) -> Result<NewPriceCatalogue, AssessmentError> {
    let document =
        serde_json::to_value(catalogue).map_err(|error| AssessmentError::Interrupted(error.to_string()))?;
    Ok(NewPriceCatalogue {
        name: catalogue.name.trim().to_owned(),
        source: catalogue.source.clone(),
        as_of: catalogue.as_of.to_string(),
        currency: catalogue.currency.clone(),
        document,
    })
}
