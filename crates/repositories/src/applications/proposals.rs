//! Applications that were found in the inventory and wait for a person's decision.

use crate::keyset::{self, Sort};
use crate::scoped::{ScopedWrites, conflict, insert_rows, one};
use crate::{StoreResult, Uow};
use application_proposals::{Column, Model};
use landfall_domain::{AssetId, Page, PageRequest, ids};
use landfall_entities::{TenantScoped, application_proposals};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect};
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

/// Ids of one `IN` list.
const IDS_PER_STATEMENT: usize = 500;
/// What nobody has decided on.
const PROPOSED: &str = "proposed";

/// Proposals of the unit of work's scope.
#[derive(Debug)]
pub struct ProposalRepository<'u> {
    uow: &'u Uow,
}

/// A proposal to be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct NewProposal {
    /// Name of the application.
    pub name: String,
    /// What it was found by, such as `dependencies`.
    pub source: String,
    /// Why, in a sentence.
    pub rationale: String,
    /// How sure it is, 0 to 1.
    pub confidence_score: f64,
    /// The same for the same proposal: what was decided on is not proposed again.
    pub fingerprint: String,
    /// Its assets.
    pub assets: Vec<AssetId>,
}

/// Which proposals are listed.
#[derive(Clone, Debug, Default)]
pub struct ProposalFilter {
    /// `proposed`, `accepted` or `rejected`.
    pub status: Option<String>,
    /// Found by this.
    pub source: Option<String>,
}

impl Uow {
    /// Proposals of applications.
    pub fn proposals(&self) -> ProposalRepository<'_> {
        ProposalRepository { uow: self }
    }
}

impl ProposalRepository<'_> {
    /// Replaces the undecided proposals of these sources. What is proposed again keeps its id, what was decided on stays
    /// decided. Gives how many are new.
    pub async fn replace(&self, sources: &[&str], new: Vec<NewProposal>) -> StoreResult<u64> {
        let kept: HashSet<&str> = new.iter().map(|proposal| proposal.fingerprint.as_str()).collect();
        let undecided: Vec<(Uuid, String)> = application_proposals::Entity::of(self.uow.scope())
            .filter(Column::Status.eq(PROPOSED))
            .filter(Column::Source.is_in(sources.iter().copied()))
            .select_only()
            .columns([Column::Id, Column::Fingerprint])
            .into_tuple()
            .all(&self.uow.connection)
            .await?;
        let gone: Vec<Uuid> = undecided
            .into_iter()
            .filter_map(|(id, fingerprint)| (!kept.contains(fingerprint.as_str())).then_some(id))
            .collect();
        for chunk in gone.chunks(IDS_PER_STATEMENT) {
            application_proposals::Entity::delete_of(self.uow.scope())
                .filter(Column::Id.is_in(chunk.iter().copied()))
                .exec(&self.uow.connection)
                .await?;
        }
        let rows = new.into_iter().map(|proposal| self.row(proposal)).collect();
        let keep = OnConflict::new().do_nothing().to_owned();
        insert_rows(&self.uow.connection, rows, Some(keep)).await
    }

    /// The proposal with this id.
    pub async fn get(&self, id: Uuid) -> StoreResult<Model> {
        one::<application_proposals::Entity>(self.uow, Column::Id.eq(id), "proposal", id).await
    }

    /// Proposals in the order in which they were found.
    pub async fn list(&self, filter: &ProposalFilter, request: &PageRequest) -> StoreResult<Page<Model>> {
        let condition = Condition::all()
            .add_option(filter.status.as_ref().map(|status| Column::Status.eq(status)))
            .add_option(filter.source.as_ref().map(|source| Column::Source.eq(source)));
        let rows = application_proposals::Entity::of(self.uow.scope()).filter(condition);
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by_id(Column::Id, false),
            request,
        )
        .await
    }

    /// Writes down what was decided: accepted as this application, or rejected.
    ///
    /// # Errors
    /// [`crate::StoreError::Conflict`] if somebody has decided meanwhile.
    pub async fn decide(&self, proposal: &Model, accepted_as: Option<Uuid>) -> StoreResult<Model> {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        let status = if accepted_as.is_some() {
            "accepted"
        } else {
            "rejected"
        };
        let mut changed = application_proposals::Entity::update_of(scope)
            .filter(Column::Id.eq(proposal.id))
            .filter(Column::Version.eq(proposal.version))
            .col_expr(Column::Status, Expr::val(status))
            .col_expr(Column::ApplicationId, Expr::val(accepted_as))
            .col_expr(Column::DecidedBy, Expr::val(scope.actor.name.clone()))
            .col_expr(Column::DecidedAt, Expr::val(now))
            .col_expr(Column::Version, Expr::val(proposal.version + 1))
            .col_expr(Column::UpdatedAt, Expr::val(now))
            .exec_with_returning(&self.uow.connection)
            .await?;
        if let Some(row) = changed.pop() {
            Ok(row)
        } else {
            let now = self.get(proposal.id).await?.version;
            Err(conflict("proposal", proposal.id, proposal.version, now))
        }
    }

    fn row(&self, new: NewProposal) -> Model {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            name: new.name,
            source: new.source,
            rationale: new.rationale,
            confidence_score: new.confidence_score,
            fingerprint: new.fingerprint,
            status: PROPOSED.to_owned(),
            asset_count: i32::try_from(new.assets.len()).unwrap_or(i32::MAX),
            asset_ids: json!(new.assets),
            application_id: None,
            decided_by: None,
            decided_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}
