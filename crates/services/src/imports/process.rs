//! Working on an import, whatever state it is in.

use super::cleansing_suggestions::CleansingSuggestion;
use super::{Import, ImportError};
use crate::discovery::FlowControlError;
use crate::services::Services;
use landfall_domain::{ImportId, Scope};
use landfall_repositories::StoreError;
use serde_json::Map;

/// What is wanted of the work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProcessOptions {
    /// Applies the cleansing suggestions that are certain.
    pub auto_clean: bool,
    /// Refuses nothing, but has every row judged again by the rules of the fields.
    pub validate_again: bool,
}

impl From<FlowControlError> for ImportError {
    fn from(error: FlowControlError) -> Self {
        match error {
            FlowControlError::Store(error) => Self::Store(error),
            FlowControlError::Import(error) => *error,
            other => Self::Flow(Box::new(other)),
        }
    }
}

impl Services {
    /// Works on an import: begins, resumes or retries its flow. With `auto_clean` the certain cleansing suggestions are
    /// applied first. Cost: as for what is done; suggestions take one pass over the rows.
    pub async fn process_import(
        &self,
        scope: &Scope,
        id: ImportId,
        options: ProcessOptions,
    ) -> Result<Import, ImportError> {
        if options.auto_clean {
            let suggestions = self.cleansing_suggestions(scope, id).await?;
            let rules: Vec<_> = suggestions
                .into_iter()
                .filter(CleansingSuggestion::is_automatic)
                .filter_map(|suggestion| suggestion.rule)
                .collect();
            if !rules.is_empty() {
                self.apply_cleansing(scope, id, rules).await?;
            }
        }
        let uow = self.store().begin_read(scope).await?;
        uow.imports().get(id).await?;
        let flow = match uow.discovery().get_by_import(id).await {
            Ok(flow) => Some(flow),
            Err(StoreError::NotFound { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        drop(uow);
        match flow {
            None => {
                self.start_import(scope, id, None, Map::new()).await?;
            }
            Some(flow) if options.validate_again && flow.data_cleansing_completed => {
                self.redo(scope, &flow, landfall_domain::Phase::DataCleansing)
                    .await?;
            }
            Some(flow) => self.go_on(scope, &flow).await?,
        }
        Ok(self.import(scope, id).await?)
    }
}
