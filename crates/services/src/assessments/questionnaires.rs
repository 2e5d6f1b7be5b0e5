//! Questionnaires of an engagement: imported, listed, and the one that ships.

use super::AssessmentError;
use crate::Services;
use landfall_domain::{Page, PageRequest, Scope};
use landfall_planning::assessments::{DEFAULT_QUESTIONNAIRE, Questionnaire};
pub use landfall_repositories::entities::questionnaires::Model as StoredQuestionnaire;
use landfall_repositories::{Change, NewQuestionnaire, QuestionnairePatch, StoreResult, Uow, retry};
use serde_json::{Value, json};
use uuid::Uuid;

/// Who wrote the questionnaire that ships.
const OWN: &str = "landfall";

impl Services {
    /// Adds a questionnaire from YAML or JSON in Konveyor's form. Answers in it are taken away: it is blank.
    pub async fn import_questionnaire(
        &self,
        scope: &Scope,
        text: &str,
    ) -> Result<StoredQuestionnaire, AssessmentError> {
        let mut read = Questionnaire::read(text)?;
        read.clear();
        self.add_questionnaire(scope, &read, "manual").await
    }

    /// Adds the questionnaire that ships, or gives it if it is there.
    pub async fn default_questionnaire(&self, scope: &Scope) -> Result<StoredQuestionnaire, AssessmentError> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let stored = obtain_default(&uow).await?;
            uow.commit().await?;
            Ok(stored)
        })
        .await
    }

    async fn add_questionnaire(
        &self,
        scope: &Scope,
        questionnaire: &Questionnaire,
        source: &str,
    ) -> Result<StoredQuestionnaire, AssessmentError> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            if let Some(known) = uow.questionnaires().find(&questionnaire.name).await? {
                return Err(AssessmentError::NameTaken {
                    what: "a questionnaire",
                    name: known.name,
                });
            }
            let made = uow.questionnaires().create(row(questionnaire, source)?).await?;
            let after = json!({ "name": made.name });
            log(&uow, "added", &made, None, Some(after)).await?;
            uow.commit().await?;
            Ok(made)
        })
        .await
    }

    /// Questionnaires by name.
    pub async fn questionnaires(
        &self,
        scope: &Scope,
        page: &PageRequest,
    ) -> StoreResult<Page<StoredQuestionnaire>> {
        let uow = self.store().begin_read(scope).await?;
        uow.questionnaires().list(page).await
    }

    /// One questionnaire.
    pub async fn questionnaire(&self, scope: &Scope, id: Uuid) -> StoreResult<StoredQuestionnaire> {
        self.store()
            .begin_read(scope)
            .await?
            .questionnaires()
            .get(id)
            .await
    }

    /// Says whether applications must have answered a questionnaire to count as assessed. `expected` is the version that the
    /// person saw; `None` changes it whatever the version.
    pub async fn require_questionnaire(
        &self,
        scope: &Scope,
        id: Uuid,
        expected: Option<i64>,
        is_required: bool,
    ) -> StoreResult<StoredQuestionnaire> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let before = uow.questionnaires().get(id).await?;
            let patch = QuestionnairePatch {
                is_required: Some(is_required),
                ..QuestionnairePatch::default()
            };
            let expected = expected.unwrap_or(before.version);
            let changed = uow.questionnaires().update(id, expected, patch).await?;
            let (was, is) = (before.is_required, is_required);
            let facts = |required: bool| Some(json!({ "is_required": required }));
            log(&uow, "changed", &changed, facts(was), facts(is)).await?;
            uow.commit().await?;
            Ok(changed)
        })
        .await
    }

    /// Deletes a questionnaire that no assessment was made by.
    pub async fn delete_questionnaire(&self, scope: &Scope, id: Uuid) -> StoreResult<()> {
        retry(|| async {
            let uow = self.store().begin(scope).await?;
            let known = uow.questionnaires().get(id).await?;
            uow.questionnaires().delete(id).await?;
            let before = json!({ "name": known.name });
            log(&uow, "deleted", &known, Some(before), None).await?;
            uow.commit().await
        })
        .await
    }
}

/// The questionnaire that ships, added to the engagement if it is not there.
pub(super) async fn obtain_default(uow: &Uow) -> Result<StoredQuestionnaire, AssessmentError> {
    let own = Questionnaire::read(DEFAULT_QUESTIONNAIRE)?;
    if let Some(known) = uow.questionnaires().find(&own.name).await? {
        return Ok(known);
    }
    Ok(uow.questionnaires().create(row(&own, OWN)?).await?)
}

/// The questionnaire that is stored in a row.
pub(super) fn stored(row: &StoredQuestionnaire) -> Result<Questionnaire, AssessmentError> {
    serde_json::from_value(row.document.clone()).map_err(|error| AssessmentError::Unreadable {
        what: "the questionnaire",
        id: row.id,
        reason: error.to_string(),
    })
}

fn row(questionnaire: &Questionnaire, source: &str) -> Result<NewQuestionnaire, AssessmentError> {
    let document = serde_json::to_value(questionnaire)
        .map_err(|error| AssessmentError::Interrupted(error.to_string()))?;
    Ok(NewQuestionnaire {
        name: questionnaire.name.trim().to_owned(),
        description: Some(questionnaire.description.clone()).filter(|text| !text.is_empty()),
        is_required: questionnaire.required,
        source: source.to_owned(),
        document,
    })
}

async fn log(
    uow: &Uow,
    action: &str,
    of: &StoredQuestionnaire,
    before: Option<Value>,
    after: Option<Value>,
) -> StoreResult<()> {
    uow.change_log()
        .record(Change {
            entity_type: "questionnaire",
            entity_id: of.id.to_string(),
            action,
            before,
            after,
        })
        .await
}
