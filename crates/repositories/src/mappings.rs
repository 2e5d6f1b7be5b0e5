//! Mappings: which column of an import is which field, and who decided it.

use crate::scoped::{ScopedWrites, conflict, insert_rows, one};
use crate::{StoreError, StoreResult, Uow};
use import_field_mappings::Column;
use landfall_domain::fields::field;
use landfall_domain::{ImportId, MappingStatus, MasterFlowId, MatchType, ids};
use landfall_entities::{TenantScoped, import_field_mappings};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, UpdateMany};
use serde_json::Value;
use uuid::Uuid;

/// Mappings of the unit of work's scope.
#[derive(Debug)]
pub struct MappingRepository<'u> {
    uow: &'u Uow,
}

/// A proposal for one column.
#[derive(Clone, Debug)]
pub struct NewMapping {
    /// Header of the column.
    pub source_field: String,
    /// The field it seems to be; none if nothing fits.
    pub target_field: Option<String>,
    /// How it was found.
    pub match_type: MatchType,
    /// Certainty, 0–1.
    pub confidence_score: Option<f64>,
    /// Decision so far; a proposal above the threshold comes approved.
    pub status: MappingStatus,
    /// A sentence for a person.
    pub reason: Option<String>,
    /// Other fields it could be, best first: `[{target, confidence, reason}]`.
    pub alternatives: Value,
    /// What proposed it.
    pub suggested_by: Option<String>,
    /// How values are converted.
    pub transformation_rules: Value,
}

/// How often persons decided the same about columns with the same header.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct MappingDecisions {
    /// The header.
    pub source_field: String,
    /// The field that it was said to be, or not to be.
    pub target_field: Option<String>,
    /// What was decided.
    pub status: MappingStatus,
    /// How often.
    pub times: i64,
}

/// A decision on a mapping.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// The proposal is right.
    Approve,
    /// The column is no field; it stays a custom attribute.
    Reject,
    /// The column is another field.
    Modify {
        /// The field.
        target_field: String,
        /// How values are converted; as before if absent.
        transformation_rules: Option<Value>,
    },
}

impl Uow {
    /// Mappings.
    pub fn mappings(&self) -> MappingRepository<'_> {
        MappingRepository { uow: self }
    }
}

impl MappingRepository<'_> {
    /// Replaces all mappings of an import by new proposals, except those that a person decided: a proposal for such a
    /// column is ignored.
    pub async fn replace_suggestions(
        &self,
        import: ImportId,
        flow: Option<MasterFlowId>,
        proposals: Vec<NewMapping>,
    ) -> StoreResult<Vec<import_field_mappings::Model>> {
        let by_person = Column::ApprovedBy.is_not_null();
        import_field_mappings::Entity::delete_of(self.uow.scope())
            .filter(Column::DataImportId.eq(import))
            .filter(by_person.clone().not())
            .exec(&self.uow.connection)
            .await?;
        let decided = self
            .of(import)
            .filter(by_person)
            .all(&self.uow.connection)
            .await?;
        let is_decided = |column: &str| decided.iter().any(|mapping| mapping.source_field == column);
        let rows: Vec<_> = proposals
            .into_iter()
            .filter(|proposal| !is_decided(&proposal.source_field))
            .map(|proposal| self.row(import, flow, proposal))
            .collect();
        insert_rows(&self.uow.connection, rows, None).await?;
        self.list(import).await
    }

    /// Mappings of an import in the order in which they were proposed.
    pub async fn list(&self, import: ImportId) -> StoreResult<Vec<import_field_mappings::Model>> {
        Ok(self
            .of(import)
            .order_by_asc(Column::Id)
            .all(&self.uow.connection)
            .await?)
    }

    /// Mappings of several imports, each import's in the order in which they were proposed.
    pub async fn of_imports(&self, imports: &[ImportId]) -> StoreResult<Vec<import_field_mappings::Model>> {
        if imports.is_empty() {
            return Ok(Vec::new());
        }
        Ok(import_field_mappings::Entity::of(self.uow.scope())
            .filter(Column::DataImportId.is_in(imports.iter().copied()))
            .order_by_asc(Column::Id)
            .all(&self.uow.connection)
            .await?)
    }

    /// One mapping.
    pub async fn get(&self, id: Uuid) -> StoreResult<import_field_mappings::Model> {
        one::<import_field_mappings::Entity>(self.uow, Column::Id.eq(id), "mapping", id).await
    }

    /// Decides on a mapping, if it still has the version that the person saw.
    pub async fn decide(
        &self,
        id: Uuid,
        expected: i64,
        decision: &Decision,
    ) -> StoreResult<import_field_mappings::Model> {
        let update = self
            .decision(decision)?
            .filter(Column::Id.eq(id))
            .filter(Column::Version.eq(expected));
        match update.exec_with_returning(&self.uow.connection).await?.pop() {
            Some(row) => Ok(row),
            None => Err(conflict("mapping", id, expected, self.get(id).await?.version)),
        }
    }

    /// Decides on all undecided mappings of an import that propose a field with at least this certainty. Gives their number.
    pub async fn decide_suggested(
        &self,
        import: ImportId,
        at_least: f64,
        decision: &Decision,
    ) -> StoreResult<u64> {
        let decided = self
            .decision(decision)?
            .filter(Column::DataImportId.eq(import))
            .filter(Column::Status.eq(MappingStatus::Suggested))
            .filter(Column::TargetField.is_not_null())
            .filter(Column::ConfidenceScore.gte(at_least))
            .exec(&self.uow.connection)
            .await?;
        Ok(decided.rows_affected)
    }

    /// Decides on the mapping of one column of an import, whatever its version: for mapping files, which name columns.
    pub async fn decide_column(
        &self,
        import: ImportId,
        source_field: &str,
        decision: &Decision,
    ) -> StoreResult<import_field_mappings::Model> {
        self.decision(decision)?
            .filter(Column::DataImportId.eq(import))
            .filter(Column::SourceField.eq(source_field))
            .exec_with_returning(&self.uow.connection)
            .await?
            .pop()
            .ok_or_else(|| StoreError::not_found("mapping of column", source_field))
    }

    /// Keeps what a person said about the mapping of a column beside the decision: how sure it is (0–1), and why.
    pub async fn annotate(
        &self,
        import: ImportId,
        source_field: &str,
        confidence: Option<f64>,
        reason: Option<String>,
    ) -> StoreResult<()> {
        let mut update = import_field_mappings::Entity::update_of(self.uow.scope())
            .filter(Column::DataImportId.eq(import))
            .filter(Column::SourceField.eq(source_field))
            .col_expr(Column::UpdatedAt, Expr::val(self.uow.now()));
        if let Some(confidence) = confidence {
            update = update.col_expr(Column::ConfidenceScore, Expr::val(confidence));
        }
        if let Some(reason) = reason {
            update = update.col_expr(Column::Reason, Expr::val(reason));
        }
        update.exec(&self.uow.connection).await?;
        Ok(())
    }

    /// What persons decided about columns with these headers so far, in all imports of the scope.
    pub async fn decisions(&self, source_fields: &[String]) -> StoreResult<Vec<MappingDecisions>> {
        if source_fields.is_empty() {
            return Ok(Vec::new());
        }
        Ok(import_field_mappings::Entity::of(self.uow.scope())
            .filter(Column::ApprovedBy.is_not_null())
            .filter(Column::SourceField.is_in(source_fields))
            .select_only()
            .column(Column::SourceField)
            .column(Column::TargetField)
            .column(Column::Status)
            .expr_as(Column::Id.count(), "times")
            .group_by(Column::SourceField)
            .group_by(Column::TargetField)
            .group_by(Column::Status)
            .into_model()
            .all(&self.uow.connection)
            .await?)
    }

    /// Removes all mappings of an import. Gives their number.
    pub async fn clear(&self, import: ImportId) -> StoreResult<u64> {
        let deleted = import_field_mappings::Entity::delete_of(self.uow.scope())
            .filter(Column::DataImportId.eq(import))
            .exec(&self.uow.connection)
            .await?;
        Ok(deleted.rows_affected)
    }

    fn of(&self, import: ImportId) -> sea_orm::Select<import_field_mappings::Entity> {
        import_field_mappings::Entity::of(self.uow.scope()).filter(Column::DataImportId.eq(import))
    }

    fn decision(&self, decision: &Decision) -> StoreResult<UpdateMany<import_field_mappings::Entity>> {
        let now = self.uow.now();
        let update = import_field_mappings::Entity::update_of(self.uow.scope())
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .col_expr(Column::ApprovedBy, Expr::val(self.decider()))
            .col_expr(Column::ApprovedAt, Expr::val(now))
            .col_expr(Column::UpdatedAt, Expr::val(now));
        Ok(match decision {
            Decision::Approve => update.col_expr(Column::Status, Expr::val(MappingStatus::Approved)),
            Decision::Reject => update.col_expr(Column::Status, Expr::val(MappingStatus::Rejected)),
            Decision::Modify {
                target_field,
                transformation_rules,
            } => {
                if field(target_field).is_none() {
                    return Err(StoreError::invalid(format!(
                        "'{target_field}' is no field of an asset"
                    )));
                }
                let update = update
                    .col_expr(Column::Status, Expr::val(MappingStatus::Modified))
                    .col_expr(Column::MatchType, Expr::val(MatchType::Manual))
                    .col_expr(Column::TargetField, Expr::val(target_field.clone()))
                    .col_expr(Column::ConfidenceScore, Expr::val(1.0));
                match transformation_rules {
                    Some(rules) => update.col_expr(Column::TransformationRules, Expr::val(rules.clone())),
                    None => update,
                }
            }
        })
    }

    fn decider(&self) -> String {
        let actor = &self.uow.scope().actor;
        actor
            .user_id
            .map_or_else(|| actor.name.clone(), |id| id.to_string())
    }

    fn row(
        &self,
        import: ImportId,
        flow: Option<MasterFlowId>,
        new: NewMapping,
    ) -> import_field_mappings::Model {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        import_field_mappings::Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            data_import_id: import,
            master_flow_id: flow,
            source_field: new.source_field,
            target_field: new.target_field,
            match_type: new.match_type,
            confidence_score: new.confidence_score,
            status: new.status,
            reason: new.reason,
            alternatives: new.alternatives,
            suggested_by: new.suggested_by,
            approved_by: None,
            approved_at: None,
            transformation_rules: new.transformation_rules,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}
