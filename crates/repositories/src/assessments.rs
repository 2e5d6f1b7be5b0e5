//! Assessments: by questionnaire of applications, archetypes and assets, and the computed sizes of assets.

mod sizes;

use crate::keyset::{self, Sort};
use crate::scoped::{ScopedWrites, conflict, delete, insert, one};
use crate::{StoreResult, Uow};
use assessments::{Column, Model};
use landfall_domain::{
    AssessmentStatus, AssessmentType, AssetId, FlowType, MasterFlowId, Page, PageRequest, RiskLevel, ids,
};
use landfall_entities::{TenantScoped, assessments, master_flows};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder};
use serde_json::{Map, Value, json};
pub use sizes::{MachineDetails, SizeTotals};
use uuid::Uuid;

/// Assessments of the unit of work's scope.
#[derive(Debug)]
pub struct AssessmentRepository<'u> {
    uow: &'u Uow,
}

/// What is assessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssessmentSubject {
    /// An asset.
    Asset(AssetId),
    /// An application.
    Application(Uuid),
    /// An archetype, for its members.
    Archetype(Uuid),
}

/// An assessment by questionnaire to be made.
#[derive(Clone, Debug)]
pub struct NewAssessment {
    /// What is assessed.
    pub subject: AssessmentSubject,
    /// By which questionnaire.
    pub questionnaire_id: Uuid,
    /// A name for people.
    pub title: String,
    /// The master flow that it is part of.
    pub master_flow_id: MasterFlowId,
    /// How it stands.
    pub state: AssessmentState,
}

/// How an assessment stands.
#[derive(Clone, Debug, PartialEq)]
pub struct AssessmentState {
    /// How far it is.
    pub status: AssessmentStatus,
    /// How risky; `None` where nobody knows.
    pub risk_level: Option<RiskLevel>,
    /// 0 to 1.
    pub confidence_level: f64,
    /// The risks that the answers name.
    pub identified_risks: Value,
    /// What can be done about them.
    pub risk_mitigation: Value,
    /// Questionnaire with answers, and what was computed from them.
    pub results: Value,
}

/// Which assessments are listed.
#[derive(Clone, Debug, Default)]
pub struct AssessmentFilter {
    /// Of this kind.
    pub assessment_type: Option<AssessmentType>,
    /// As far as this.
    pub status: Option<AssessmentStatus>,
    /// As risky as this.
    pub risk_level: Option<RiskLevel>,
    /// Of this.
    pub subject: Option<AssessmentSubject>,
    /// By this questionnaire.
    pub questionnaire_id: Option<Uuid>,
}

impl Uow {
    /// Assessments.
    pub fn assessments(&self) -> AssessmentRepository<'_> {
        AssessmentRepository { uow: self }
    }
}

impl AssessmentRepository<'_> {
    /// The engagement's newest master flow of kind assessment, which its assessments are part of; none if nobody has begun.
    pub async fn flow(&self) -> StoreResult<Option<MasterFlowId>> {
        let newest = master_flows::Entity::of(self.uow.scope())
            .filter(master_flows::Column::FlowType.eq(FlowType::Assessment))
            .order_by_desc(master_flows::Column::CreatedAt)
            .order_by_desc(master_flows::Column::FlowId)
            .one(&self.uow.connection)
            .await?;
        Ok(newest.map(|flow| flow.flow_id))
    }

    /// Makes an assessment by questionnaire.
    pub async fn create(&self, new: NewAssessment) -> StoreResult<Model> {
        let mut row = self.blank(new.master_flow_id, AssessmentType::RiskAssessment, new.title);
        match new.subject {
            AssessmentSubject::Asset(id) => row.asset_id = Some(id),
            AssessmentSubject::Application(id) => row.application_id = Some(id),
            AssessmentSubject::Archetype(id) => row.archetype_id = Some(id),
        }
        row.questionnaire_id = Some(new.questionnaire_id);
        row.status = Some(new.state.status);
        row.risk_level = new.state.risk_level;
        row.confidence_level = Some(new.state.confidence_level);
        row.identified_risks = Some(new.state.identified_risks);
        row.risk_mitigation = Some(new.state.risk_mitigation);
        row.results = new.state.results;
        insert(&self.uow.connection, row.clone()).await?;
        Ok(row)
    }

    /// The assessment with this id.
    pub async fn get(&self, id: Uuid) -> StoreResult<Model> {
        one::<assessments::Entity>(self.uow, Column::Id.eq(id), "assessment", id).await
    }

    /// Assessments in the order in which they were made.
    pub async fn list(&self, filter: &AssessmentFilter, request: &PageRequest) -> StoreResult<Page<Model>> {
        let rows = assessments::Entity::of(self.uow.scope()).filter(condition(filter));
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by_id(Column::Id, false),
            request,
        )
        .await
    }

    /// The assessments by questionnaire of these applications and archetypes, in one query: for a page of applications.
    pub async fn by_questionnaire(
        &self,
        applications: &[Uuid],
        archetypes: &[Uuid],
    ) -> StoreResult<Vec<Model>> {
        let of = Condition::any()
            .add(Column::ApplicationId.is_in(applications.iter().copied()))
            .add(Column::ArchetypeId.is_in(archetypes.iter().copied()));
        Ok(assessments::Entity::of(self.uow.scope())
            .filter(Column::QuestionnaireId.is_not_null())
            .filter(of)
            .order_by_asc(Column::Id)
            .all(&self.uow.connection)
            .await?)
    }

    /// Changes how an assessment stands, if it still has the version that the person saw. The actor becomes its assessor.
    pub async fn update(&self, id: Uuid, expected: i64, state: AssessmentState) -> StoreResult<Model> {
        let now = self.uow.now();
        let mut update = assessments::Entity::update_of(self.uow.scope())
            .filter(Column::Id.eq(id))
            .filter(Column::Version.eq(expected))
            .col_expr(Column::Version, Expr::val(expected + 1))
            .col_expr(Column::UpdatedAt, Expr::val(now))
            .col_expr(Column::Assessor, Expr::val(self.uow.scope().actor.name.clone()))
            .col_expr(Column::Status, Expr::val(state.status))
            .col_expr(Column::RiskLevel, Expr::val(state.risk_level))
            .col_expr(Column::ConfidenceLevel, Expr::val(state.confidence_level))
            .col_expr(Column::IdentifiedRisks, Expr::val(state.identified_risks))
            .col_expr(Column::RiskMitigation, Expr::val(state.risk_mitigation))
            .col_expr(Column::Results, Expr::val(state.results));
        update = match state.status {
            AssessmentStatus::Completed => update.col_expr(Column::AssessmentDate, Expr::val(now)),
            AssessmentStatus::Reviewed | AssessmentStatus::Rejected => {
                update.col_expr(Column::ReviewDate, Expr::val(now))
            }
            AssessmentStatus::Approved => update.col_expr(Column::ApprovalDate, Expr::val(now)),
            AssessmentStatus::Pending | AssessmentStatus::InProgress => update,
        };
        match update.exec_with_returning(&self.uow.connection).await?.pop() {
            Some(row) => Ok(row),
            None => Err(conflict("assessment", id, expected, self.get(id).await?.version)),
        }
    }

    /// Deletes an assessment.
    pub async fn delete(&self, id: Uuid) -> StoreResult<()> {
        delete::<assessments::Entity>(self.uow, Column::Id.eq(id), "assessment", id).await
    }

    /// A row of this kind in which nothing has been found yet.
    pub fn blank(&self, flow: MasterFlowId, assessment_type: AssessmentType, title: String) -> Model {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            migration_id: None,
            asset_id: None,
            assessment_type,
            status: Some(AssessmentStatus::Pending),
            title,
            description: None,
            overall_score: None,
            risk_level: None,
            confidence_level: None,
            recommended_strategy: None,
            alternative_strategies: None,
            strategy_rationale: None,
            current_cost: None,
            estimated_migration_cost: None,
            estimated_target_cost: None,
            cost_savings_potential: None,
            roi_months: None,
            identified_risks: Some(json!([])),
            risk_mitigation: Some(json!([])),
            blockers: Some(json!([])),
            dependencies_impact: None,
            technical_complexity: None,
            compatibility_score: None,
            modernization_opportunities: None,
            performance_impact: None,
            business_criticality: None,
            downtime_requirements: None,
            user_impact: None,
            compliance_considerations: None,
            ai_insights: None,
            ai_confidence: None,
            ai_model_version: None,
            estimated_effort_hours: None,
            estimated_duration_days: None,
            recommended_wave: None,
            prerequisites: None,
            assessor: Some(scope.actor.name.clone()),
            assessment_date: None,
            review_date: None,
            approval_date: None,
            created_at: now,
            updated_at: now,
            master_flow_id: flow,
            application_id: None,
            archetype_id: None,
            questionnaire_id: None,
            results: Value::Object(Map::new()),
            version: 1,
        }
    }
}

fn condition(filter: &AssessmentFilter) -> Condition {
    Condition::all()
        .add_option(filter.assessment_type.map(|kind| Column::AssessmentType.eq(kind)))
        .add_option(filter.status.map(|status| Column::Status.eq(status)))
        .add_option(filter.risk_level.map(|risk| Column::RiskLevel.eq(risk)))
        .add_option(filter.subject.map(|subject| match subject {
            AssessmentSubject::Asset(id) => Column::AssetId.eq(id),
            AssessmentSubject::Application(id) => Column::ApplicationId.eq(id),
            AssessmentSubject::Archetype(id) => Column::ArchetypeId.eq(id),
        }))
        .add_option(filter.questionnaire_id.map(|id| Column::QuestionnaireId.eq(id)))
}
