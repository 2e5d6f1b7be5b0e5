//! What a planner reads of the inventory: few columns of many rows, in batches.

use super::PlanRepository;
use crate::StoreResult;
use landfall_domain::{AnalysisStatus, AssetId, AssetType, SixrStrategy};
use landfall_entities::{
    TenantScoped, application_assets, applications, asset_dependencies, assets, sixr_analyses,
    sixr_analysis_parameters,
};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// What is planned of an asset.
#[derive(Clone, Debug, FromQueryResult)]
pub struct WorkloadRow {
    /// The asset.
    pub id: AssetId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub asset_type: AssetType,
    /// Its environment.
    pub environment: Option<String>,
    /// How critical the asset is.
    pub criticality: Option<String>,
    /// How critical it is for the business.
    pub business_criticality: Option<String>,
    /// Who answers for it in the business.
    pub business_owner: Option<String>,
    /// Who answers for it in IT.
    pub technical_owner: Option<String>,
    /// How hard its move is.
    pub migration_complexity: Option<String>,
    /// What is done with it.
    pub six_r_strategy: Option<SixrStrategy>,
    /// How ready it is.
    pub sixr_ready: Option<String>,
    /// Operating system.
    pub operating_system: Option<String>,
    /// Cores.
    pub cpu_cores: Option<i32>,
    /// Memory in gigabytes.
    pub memory_gb: Option<f64>,
    /// Storage in gigabytes.
    pub storage_gb: Option<f64>,
}

/// A dependency as a planner needs it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct WorkloadLink {
    /// Its id.
    pub id: Uuid,
    /// The asset that needs the other.
    pub asset_id: AssetId,
    /// The asset that is needed.
    pub depends_on_asset_id: AssetId,
    /// Kind.
    pub dependency_type: String,
    /// Port; 0 if unknown.
    pub port: i32,
    /// How strong it is.
    pub weight: f64,
    /// Whether the two cannot be separated.
    pub is_hard: bool,
}

/// What an analysis recommends for an asset or an application.
#[derive(Clone, Debug, FromQueryResult)]
pub struct PlannedStrategy {
    /// The analysis.
    pub id: Uuid,
    /// The asset, if it is about one.
    pub asset_id: Option<AssetId>,
    /// The application, if it is about one.
    pub application_id: Option<Uuid>,
    /// What it recommends, or what a person decided.
    pub final_recommendation: Option<SixrStrategy>,
}

impl PlanRepository<'_> {
    /// Assets after one with this id (none to begin), in order of ids, at most `limit`.
    pub async fn workloads(&self, after: Option<AssetId>, limit: u64) -> StoreResult<Vec<WorkloadRow>> {
        use assets::Column;
        let mut rows = assets::Entity::of(self.uow.scope());
        if let Some(after) = after {
            rows = rows.filter(Column::Id.gt(after));
        }
        Ok(rows
            .order_by_asc(Column::Id)
            .limit(limit)
            .select_only()
            .columns([
                Column::Id,
                Column::Name,
                Column::AssetType,
                Column::Environment,
                Column::Criticality,
                Column::BusinessCriticality,
                Column::BusinessOwner,
                Column::TechnicalOwner,
                Column::MigrationComplexity,
                Column::SixRStrategy,
                Column::SixrReady,
                Column::OperatingSystem,
                Column::CpuCores,
                Column::MemoryGb,
                Column::StorageGb,
            ])
            .into_model()
            .all(&self.uow.connection)
            .await?)
    }

    /// Dependencies after one with this id (none to begin), in order of ids, at most `limit`.
    pub async fn links(&self, after: Option<Uuid>, limit: u64) -> StoreResult<Vec<WorkloadLink>> {
        use asset_dependencies::Column;
        let mut rows = asset_dependencies::Entity::of(self.uow.scope());
        if let Some(after) = after {
            rows = rows.filter(Column::Id.gt(after));
        }
        Ok(rows
            .order_by_asc(Column::Id)
            .limit(limit)
            .select_only()
            .columns([
                Column::Id,
                Column::AssetId,
                Column::DependsOnAssetId,
                Column::DependencyType,
                Column::Port,
                Column::Weight,
                Column::IsHard,
            ])
            .into_model()
            .all(&self.uow.connection)
            .await?)
    }

    /// Id, name and criticality of every application, by id.
    pub async fn applications(&self) -> StoreResult<Vec<(Uuid, String, Option<String>)>> {
        use applications::Column;
        Ok(applications::Entity::of(self.uow.scope())
            .order_by_asc(Column::Id)
            .select_only()
            .columns([Column::Id, Column::Name, Column::Criticality])
            .into_tuple()
            .all(&self.uow.connection)
            .await?)
    }

    /// Every asset that belongs to an application, with it. An asset of several has several rows, the oldest first.
    pub async fn memberships(&self) -> StoreResult<Vec<(AssetId, Uuid)>> {
        use application_assets::Column;
        Ok(application_assets::Entity::of(self.uow.scope())
            .order_by_asc(Column::AssetId)
            .order_by_asc(Column::Id)
            .select_only()
            .columns([Column::AssetId, Column::ApplicationId])
            .into_tuple()
            .all(&self.uow.connection)
            .await?)
    }

    /// What completed analyses recommend, the oldest first.
    pub async fn strategies(&self) -> StoreResult<Vec<PlannedStrategy>> {
        use sixr_analyses::Column;
        Ok(sixr_analyses::Entity::of(self.uow.scope())
            .filter(Column::Status.eq(AnalysisStatus::Completed))
            .order_by_asc(Column::Id)
            .select_only()
            .columns([
                Column::Id,
                Column::AssetId,
                Column::ApplicationId,
                Column::FinalRecommendation,
            ])
            .into_model()
            .all(&self.uow.connection)
            .await?)
    }

    /// The business value (1 to 10) that each analysis was made with, in order of its iterations.
    pub async fn business_values(&self) -> StoreResult<Vec<(Uuid, f64)>> {
        use sixr_analysis_parameters::Column;
        Ok(sixr_analysis_parameters::Entity::of(self.uow.scope())
            .order_by_asc(Column::AnalysisId)
            .order_by_asc(Column::IterationNumber)
            .select_only()
            .columns([Column::AnalysisId, Column::BusinessValue])
            .into_tuple()
            .all(&self.uow.connection)
            .await?)
    }

    /// Names of assets: for a page of them.
    pub async fn names(&self, ids: &[AssetId]) -> StoreResult<HashMap<AssetId, String>> {
        use assets::Column;
        let rows: Vec<(AssetId, String)> = assets::Entity::of(self.uow.scope())
            .filter(Column::Id.is_in(ids.iter().copied()))
            .select_only()
            .columns([Column::Id, Column::Name])
            .into_tuple()
            .all(&self.uow.connection)
            .await?;
        Ok(rows.into_iter().collect())
    }
}
