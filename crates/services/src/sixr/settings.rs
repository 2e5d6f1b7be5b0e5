//! What is said for a whole engagement: values of inputs where no asset says otherwise, and what is open in it.

use super::{InputValues, SixrError, SixrQuestion, given};
use crate::Services;
use chrono::{DateTime, Utc};
use landfall_domain::Scope;
use landfall_repositories::{Change, StoreResult, retry};
use serde_json::{Value as Json, json};

/// A value said for the whole engagement.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// The input.
    pub input: String,
    /// Its value.
    pub value: Json,
    /// Who said it and why.
    pub description: Option<String>,
    /// When.
    pub updated_at: DateTime<Utc>,
}

impl Services {
    /// What is said for the whole engagement, by input.
    pub async fn sixr_settings(&self, scope: &Scope) -> StoreResult<Vec<Setting>> {
        let rows = self.store().begin_read(scope).await?.sixr().settings().await?;
        let setting = |row: landfall_repositories::entities::sixr_parameters::Model| Setting {
            input: row.parameter_key,
            value: row.value,
            description: row.description,
            updated_at: row.updated_at,
        };
        Ok(rows.into_iter().map(setting).collect())
    }

    /// Says values for the whole engagement; null takes one back. A parameter holds for every subject that nobody gave
    /// another one, a fact for every subject of which it is not known. The next run takes them up.
    ///
    /// # Errors
    /// [`SixrError::Values`] with every value that cannot be taken.
    pub async fn change_sixr_settings(
        &self,
        scope: &Scope,
        values: &InputValues,
        note: Option<String>,
    ) -> Result<Vec<Setting>, SixrError> {
        let checked = given::checked(values)?;
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let known = uow.sixr().settings().await?;
            for (input, value) in &checked {
                let name = input.name();
                let described = note
                    .clone()
                    .unwrap_or_else(|| format!("Said by {}.", scope.actor.name));
                match value {
                    Some(value) => {
                        uow.sixr()
                            .put_setting(name, value.clone(), Some(described))
                            .await?;
                    }
                    None if known.iter().any(|setting| setting.parameter_key == name) => {
                        uow.sixr().remove_setting(name).await?;
                    }
                    None => {}
                }
            }
            uow.change_log()
                .record(Change {
                    entity_type: "sixr_settings",
                    entity_id: scope.engagement_id.to_string(),
                    action: "changed",
                    before: None,
                    after: Some(json!(values)),
                })
                .await?;
            uow.commit().await?;
            Ok::<(), SixrError>(())
        })
        .await?;
        Ok(self.sixr_settings(scope).await?)
    }

    /// What the last run found open in the engagement: the question whose answer could change most decisions first.
    pub async fn sixr_questions(&self, scope: &Scope) -> StoreResult<Vec<SixrQuestion>> {
        self.store().begin_read(scope).await?.sixr().questions().await
    }
}
