//! Reviews: what a person proposes to do with an application or archetype.

use crate::keyset::{self, Sort};
use crate::scoped::{ScopedWrites, conflict, delete, insert, one};
use crate::{StoreResult, Uow};
use landfall_domain::{Page, PageRequest, SixrStrategy, ids};
use landfall_entities::{TenantScoped, reviews};
use reviews::{Column, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, QueryFilter};
use uuid::Uuid;

/// Reviews of the unit of work's scope.
#[derive(Debug)]
pub struct ReviewRepository<'u> {
    uow: &'u Uow,
}

/// What is reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewSubject {
    /// An application.
    Application(Uuid),
    /// An archetype.
    Archetype(Uuid),
}

/// What a reviewer says.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What should be done.
    pub proposed_action: SixrStrategy,
    /// `small`, `medium`, `large` or `extra_large`.
    pub effort_estimate: String,
    /// 1 to 10.
    pub business_criticality: i32,
    /// 1 to 10, the greatest first.
    pub work_priority: i32,
    /// Free text.
    pub comments: Option<String>,
}

/// Which reviews are listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReviewFilter {
    /// Of this.
    pub subject: Option<ReviewSubject>,
    /// That propose this.
    pub proposed_action: Option<SixrStrategy>,
}

impl Uow {
    /// Reviews.
    pub fn reviews(&self) -> ReviewRepository<'_> {
        ReviewRepository { uow: self }
    }
}

impl ReviewRepository<'_> {
    /// Writes a review.
    ///
    /// # Errors
    /// [`crate::StoreError::Duplicate`] if the subject has one.
    pub async fn create(&self, subject: ReviewSubject, verdict: Verdict) -> StoreResult<Model> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let (application_id, archetype_id) = match subject {
            ReviewSubject::Application(id) => (Some(id), None),
            ReviewSubject::Archetype(id) => (None, Some(id)),
        };
        let row = Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            application_id,
            archetype_id,
            proposed_action: verdict.proposed_action,
            effort_estimate: verdict.effort_estimate,
            business_criticality: verdict.business_criticality,
            work_priority: verdict.work_priority,
            comments: verdict.comments,
            reviewer: scope.actor.name.clone(),
            version: 1,
            created_at: now,
            updated_at: now,
        };
        insert(&self.uow.connection, row.clone()).await?;
        Ok(row)
    }

    /// The review with this id.
    pub async fn get(&self, id: Uuid) -> StoreResult<Model> {
        one::<reviews::Entity>(self.uow, Column::Id.eq(id), "review", id).await
    }

    /// The review of something, if there is one.
    pub async fn of(&self, subject: ReviewSubject) -> StoreResult<Option<Model>> {
        Ok(reviews::Entity::of(self.uow.scope())
            .filter(condition(subject))
            .one(&self.uow.connection)
            .await?)
    }

    /// Reviews in the order in which they were written.
    pub async fn list(&self, filter: &ReviewFilter, request: &PageRequest) -> StoreResult<Page<Model>> {
        let wanted = Condition::all()
            .add_option(filter.subject.map(condition))
            .add_option(
                filter
                    .proposed_action
                    .map(|action| Column::ProposedAction.eq(action)),
            );
        let rows = reviews::Entity::of(self.uow.scope()).filter(wanted);
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by_id(Column::Id, false),
            request,
        )
        .await
    }

    /// Changes a review, if it still has the version that the person saw.
    pub async fn update(&self, id: Uuid, expected: i64, verdict: Verdict) -> StoreResult<Model> {
        let mut changed = reviews::Entity::update_of(self.uow.scope())
            .filter(Column::Id.eq(id))
            .filter(Column::Version.eq(expected))
            .col_expr(Column::Version, Expr::val(expected + 1))
            .col_expr(Column::UpdatedAt, Expr::val(self.uow.now()))
            .col_expr(Column::ProposedAction, Expr::val(verdict.proposed_action))
            .col_expr(Column::EffortEstimate, Expr::val(verdict.effort_estimate))
            .col_expr(
                Column::BusinessCriticality,
                Expr::val(verdict.business_criticality),
            )
            .col_expr(Column::WorkPriority, Expr::val(verdict.work_priority))
            .col_expr(Column::Comments, Expr::val(verdict.comments))
            .col_expr(Column::Reviewer, Expr::val(self.uow.scope().actor.name.clone()))
            .exec_with_returning(&self.uow.connection)
            .await?;
        match changed.pop() {
            Some(row) => Ok(row),
            None => Err(conflict("review", id, expected, self.get(id).await?.version)),
        }
    }

    /// Deletes a review.
    pub async fn delete(&self, id: Uuid) -> StoreResult<()> {
        delete::<reviews::Entity>(self.uow, Column::Id.eq(id), "review", id).await
    }
}

fn condition(subject: ReviewSubject) -> Condition {
    Condition::all().add(match subject {
        ReviewSubject::Application(id) => Column::ApplicationId.eq(id),
        ReviewSubject::Archetype(id) => Column::ArchetypeId.eq(id),
    })
}
