//! Runs over a whole engagement, with their totals.

use super::SixrRepository;
use crate::keyset::{self, Sort};
use crate::scoped::{ScopedWrites, insert, one};
use crate::{StoreError, StoreResult};
use cmdb_sixr_analyses::{Column, Model};
use landfall_domain::{AnalysisStatus, Page, PageRequest, SixrStrategy, ids};
use landfall_entities::{TenantScoped, cmdb_sixr_analyses};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A run to be made.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// Its name.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// What it is about and how, a JSON object.
    pub results: Value,
}

/// Totals of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunCounts {
    /// Subjects that were judged.
    pub subjects: i64,
    /// Of each strategy, a person's decision included.
    pub by_strategy: BTreeMap<SixrStrategy, i64>,
    /// What they cost a month today, in minor units.
    pub current_cost: i64,
    /// What they would cost a month, in minor units; today's cost where nothing else is known.
    pub estimated_cost: i64,
}

impl SixrRepository<'_> {
    /// Makes a pending run.
    pub async fn create_run(&self, new: NewRun) -> StoreResult<Model> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let row = Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            analysis_name: new.name,
            description: new.description,
            status: Some(AnalysisStatus::Pending.as_str().to_owned()),
            total_assets: Some(0),
            rehost_count: Some(0),
            replatform_count: Some(0),
            refactor_count: Some(0),
            rearchitect_count: Some(0),
            retire_count: Some(0),
            retain_count: Some(0),
            total_current_cost: None,
            total_estimated_cost: None,
            potential_savings: None,
            analysis_results: Some(new.results),
            recommendations: None,
            created_at: now,
            updated_at: now,
            created_by: scope.actor.user_id,
        };
        insert(&self.uow.connection, row.clone()).await?;
        Ok(row)
    }

    /// The run with this id.
    pub async fn run(&self, id: Uuid) -> StoreResult<Model> {
        one::<cmdb_sixr_analyses::Entity>(self.uow, Column::Id.eq(id), "6R run", id).await
    }

    /// Runs, the newest first.
    pub async fn runs(&self, request: &PageRequest) -> StoreResult<Page<Model>> {
        let rows = cmdb_sixr_analyses::Entity::of(self.uow.scope());
        let sort = Sort::by(Column::CreatedAt, Column::Id, true);
        keyset::page(&self.uow.connection, rows, &sort, request).await
    }

    /// Writes how far a run has come, and what is said about it.
    pub async fn settle_run(
        &self,
        id: Uuid,
        status: AnalysisStatus,
        counts: &RunCounts,
        results: Value,
    ) -> StoreResult<()> {
        let of = |strategy| {
            let number = counts.by_strategy.get(&strategy).copied().unwrap_or_default();
            Expr::val(i32::try_from(number).unwrap_or(i32::MAX))
        };
        let updated = cmdb_sixr_analyses::Entity::update_of(self.uow.scope())
            .filter(Column::Id.eq(id))
            .col_expr(Column::Status, Expr::val(status.as_str()))
            .col_expr(
                Column::TotalAssets,
                Expr::val(i32::try_from(counts.subjects).unwrap_or(i32::MAX)),
            )
            .col_expr(Column::RehostCount, of(SixrStrategy::Rehost))
            .col_expr(Column::ReplatformCount, of(SixrStrategy::Replatform))
            .col_expr(Column::RefactorCount, of(SixrStrategy::Refactor))
            .col_expr(Column::RearchitectCount, of(SixrStrategy::Rearchitect))
            .col_expr(Column::RetireCount, of(SixrStrategy::Retire))
            .col_expr(Column::RetainCount, of(SixrStrategy::Retain))
            .col_expr(Column::TotalCurrentCost, Expr::val(counts.current_cost))
            .col_expr(Column::TotalEstimatedCost, Expr::val(counts.estimated_cost))
            .col_expr(
                Column::PotentialSavings,
                Expr::val(counts.current_cost - counts.estimated_cost),
            )
            .col_expr(Column::AnalysisResults, Expr::val(results))
            .col_expr(Column::UpdatedAt, Expr::val(self.uow.now()))
            .exec(&self.uow.connection)
            .await?;
        if updated.rows_affected == 0 {
            Err(StoreError::not_found("6R run", id))
        } else {
            Ok(())
        }
    }
}
