//! Analyses: one per asset or application, with what counts of its last iteration.

use super::SixrRepository;
use crate::keyset::{self, Sort};
use crate::scoped::{ScopedWrites, conflict, delete, insert};
use crate::{StoreError, StoreResult};
use landfall_domain::{AnalysisStatus, AssetId, MasterFlowId, Page, PageRequest, SixrStrategy, ids};
use landfall_entities::{TenantScoped, sixr_analyses};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde_json::Value;
use sixr_analyses::{Column, Model};
use uuid::Uuid;

/// What an analysis is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// One asset.
    Asset(AssetId),
    /// An application with its assets.
    Application(Uuid),
}

impl Subject {
    /// What an analysis is about; none for what an older system left without one.
    pub fn of(analysis: &Model) -> Option<Self> {
        let application = analysis.application_id.map(Self::Application);
        analysis.asset_id.map(Self::Asset).or(application)
    }
}

/// An analysis to be made.
#[derive(Clone, Debug)]
pub struct NewAnalysis {
    /// Its name.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// 1 comes first.
    pub priority: Option<i32>,
    /// What it is about.
    pub subject: Subject,
    /// The master flow that it hangs on.
    pub master_flow_id: MasterFlowId,
    /// What persons gave, a JSON object.
    pub configuration: Value,
}

/// A person's decision against the recommendation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overridden {
    /// What is to be done.
    pub strategy: SixrStrategy,
    /// Why.
    pub reason: String,
}

/// Which analyses are listed.
#[derive(Clone, Debug, Default)]
pub struct AnalysisFilter {
    /// In one of these states; in any if empty.
    pub statuses: Vec<AnalysisStatus>,
    /// That end in one of these strategies, a person's decision included; in any if empty.
    pub strategies: Vec<SixrStrategy>,
    /// Whether a person decided otherwise.
    pub is_overridden: Option<bool>,
    /// Confidence below this.
    pub confidence_below: Option<f64>,
    /// About this asset.
    pub asset_id: Option<AssetId>,
    /// About this application.
    pub application_id: Option<Uuid>,
}

impl AnalysisFilter {
    fn condition(&self) -> Condition {
        let mut all = Condition::all();
        if !self.statuses.is_empty() {
            all = all.add(Column::Status.is_in(self.statuses.iter().copied()));
        }
        if !self.strategies.is_empty() {
            all = all.add(Column::FinalRecommendation.is_in(self.strategies.iter().copied()));
        }
        if let Some(is_overridden) = self.is_overridden {
            let overridden = Column::OverrideStrategy;
            all = all.add(if is_overridden {
                overridden.is_not_null()
            } else {
                overridden.is_null()
            });
        }
        if let Some(limit) = self.confidence_below {
            all = all.add(Column::ConfidenceScore.lt(limit));
        }
        if let Some(asset) = self.asset_id {
            all = all.add(Column::AssetId.eq(asset));
        }
        if let Some(application) = self.application_id {
            all = all.add(Column::ApplicationId.eq(application));
        }
        all
    }
}

impl SixrRepository<'_> {
    /// Makes a pending analysis.
    ///
    /// # Errors
    /// [`StoreError::MissingReference`] for an unknown asset or application.
    pub async fn create(&self, new: NewAnalysis) -> StoreResult<Model> {
        let row = self.new_row(new);
        insert(&self.uow.connection, row.clone()).await?;
        Ok(row)
    }

    /// The row of a pending analysis, for writers of batches.
    pub fn new_row(&self, new: NewAnalysis) -> Model {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let (asset_id, application_id) = match new.subject {
            Subject::Asset(id) => (Some(id), None),
            Subject::Application(id) => (None, Some(id)),
        };
        Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            migration_id: None,
            name: new.name,
            description: new.description,
            status: AnalysisStatus::Pending,
            priority: new.priority,
            application_ids: None,
            application_data: None,
            current_iteration: Some(0),
            progress_percentage: Some(0.0),
            estimated_completion: None,
            final_recommendation: None,
            confidence_score: None,
            created_by: Some(scope.actor.name.clone()),
            updated_by: Some(scope.actor.name.clone()),
            created_at: now,
            updated_at: now,
            analysis_config: Some(new.configuration),
            master_flow_id: new.master_flow_id,
            asset_id,
            application_id,
            version: 1,
            recommended_strategy: None,
            override_strategy: None,
            override_reason: None,
            overridden_by: None,
            overridden_at: None,
            policy_version: None,
            input_digest: None,
        }
    }

    /// The analysis with this id.
    pub async fn get(&self, id: Uuid) -> StoreResult<Model> {
        self.by_id(id)
            .one(&self.uow.connection)
            .await?
            .ok_or_else(|| StoreError::not_found("6R analysis", id))
    }

    /// The analysis, kept from others until the unit of work ends, if it still has the version that the person saw; any
    /// version if none is given.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for another version.
    pub async fn lock(&self, id: Uuid, expected: Option<i64>) -> StoreResult<Model> {
        let found = self.by_id(id).lock_exclusive().one(&self.uow.connection).await?;
        let row = found.ok_or_else(|| StoreError::not_found("6R analysis", id))?;
        match expected {
            Some(expected) if expected != row.version => {
                Err(conflict("6R analysis", id, expected, row.version))
            }
            _ => Ok(row),
        }
    }

    /// The analysis of an asset or application, the newest if there are several.
    pub async fn of_subject(&self, subject: Subject) -> StoreResult<Option<Model>> {
        let rows = sixr_analyses::Entity::of(self.uow.scope()).order_by_desc(Column::Id);
        let rows = match subject {
            Subject::Asset(id) => rows.filter(Column::AssetId.eq(id)),
            Subject::Application(id) => rows.filter(Column::ApplicationId.eq(id)),
        };
        Ok(rows.one(&self.uow.connection).await?)
    }

    /// Analyses in the order in which they were made.
    pub async fn list(&self, filter: &AnalysisFilter, request: &PageRequest) -> StoreResult<Page<Model>> {
        let rows = sixr_analyses::Entity::of(self.uow.scope()).filter(filter.condition());
        let sort = Sort::by_id(Column::Id, false);
        keyset::page(&self.uow.connection, rows, &sort, request).await
    }

    /// How many analyses the filter finds.
    pub async fn count(&self, filter: &AnalysisFilter) -> StoreResult<u64> {
        let rows = sixr_analyses::Entity::of(self.uow.scope()).filter(filter.condition());
        Ok(rows.count(&self.uow.connection).await?)
    }

    /// How many analyses end in each strategy; none for those without a result.
    pub async fn count_by_strategy(
        &self,
        filter: &AnalysisFilter,
    ) -> StoreResult<Vec<(Option<SixrStrategy>, i64)>> {
        Ok(sixr_analyses::Entity::of(self.uow.scope())
            .filter(filter.condition())
            .select_only()
            .column(Column::FinalRecommendation)
            .expr_as(Column::Id.count(), "number")
            .group_by(Column::FinalRecommendation)
            .into_tuple()
            .all(&self.uow.connection)
            .await?)
    }

    /// Writes an analysis that was read under [`SixrRepository::lock`] in this unit of work; its version grows.
    pub async fn save(&self, row: Model) -> StoreResult<Model> {
        let (id, expected) = (row.id, row.version);
        let now = self.uow.now();
        let update = sixr_analyses::Entity::update_of(self.uow.scope())
            .filter(Column::Id.eq(id))
            .filter(Column::Version.eq(expected))
            .col_expr(Column::Name, Expr::val(row.name))
            .col_expr(Column::Description, Expr::val(row.description))
            .col_expr(Column::Priority, Expr::val(row.priority))
            .col_expr(Column::Status, Expr::val(row.status))
            .col_expr(Column::ApplicationData, Expr::val(row.application_data))
            .col_expr(Column::CurrentIteration, Expr::val(row.current_iteration))
            .col_expr(Column::ProgressPercentage, Expr::val(row.progress_percentage))
            .col_expr(Column::FinalRecommendation, Expr::val(row.final_recommendation))
            .col_expr(Column::ConfidenceScore, Expr::val(row.confidence_score))
            .col_expr(Column::AnalysisConfig, Expr::val(row.analysis_config))
            .col_expr(Column::RecommendedStrategy, Expr::val(row.recommended_strategy))
            .col_expr(Column::OverrideStrategy, Expr::val(row.override_strategy))
            .col_expr(Column::OverrideReason, Expr::val(row.override_reason))
            .col_expr(Column::OverriddenBy, Expr::val(row.overridden_by))
            .col_expr(Column::OverriddenAt, Expr::val(row.overridden_at))
            .col_expr(Column::PolicyVersion, Expr::val(row.policy_version))
            .col_expr(Column::InputDigest, Expr::val(row.input_digest))
            .col_expr(Column::UpdatedBy, Expr::val(self.uow.scope().actor.name.clone()))
            .col_expr(Column::UpdatedAt, Expr::val(now))
            .col_expr(Column::Version, Expr::val(expected + 1));
        match update.exec_with_returning(&self.uow.connection).await?.pop() {
            Some(row) => Ok(row),
            None => Err(conflict("6R analysis", id, expected, self.get(id).await?.version)),
        }
    }

    /// Deletes an analysis with its iterations.
    pub async fn delete(&self, id: Uuid) -> StoreResult<()> {
        delete::<sixr_analyses::Entity>(self.uow, Column::Id.eq(id), "6R analysis", id).await
    }

    fn by_id(&self, id: Uuid) -> Select<sixr_analyses::Entity> {
        sixr_analyses::Entity::of(self.uow.scope()).filter(Column::Id.eq(id))
    }
}
