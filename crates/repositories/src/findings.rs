//! Findings: what is out of support, with the reason. Assessments write them in batches, see [`Bulk`](crate::Bulk).

use crate::keyset::{self, Sort};
use crate::scoped::{ScopedWrites, insert_rows};
use crate::{StoreResult, Uow};
use landfall_domain::{AssetId, DiscoveryFlowId, Page, PageRequest, RiskLevel, ids};
use landfall_entities::{TenantScoped, tech_debt_findings};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};
use tech_debt_findings::Column;

/// Findings of the unit of work's scope.
#[derive(Debug)]
pub struct FindingRepository<'u> {
    uow: &'u Uow,
}

/// Something found.
#[derive(Clone, Debug)]
pub struct NewFinding {
    /// At which asset.
    pub asset_id: AssetId,
    /// In which flow.
    pub discovery_flow_id: Option<DiscoveryFlowId>,
    /// Kind, such as `operating_system`.
    pub kind: String,
    /// How bad it is.
    pub severity: RiskLevel,
    /// The product.
    pub product: String,
    /// Its version.
    pub product_version: Option<String>,
    /// Last day of support, ISO 8601.
    pub end_of_support: Option<String>,
    /// A sentence with the reason.
    pub explanation: String,
    /// Where the facts are from.
    pub catalogue_source: String,
    /// As of which day.
    pub catalogue_date: String,
}

/// Which findings are listed.
#[derive(Clone, Debug, Default)]
pub struct FindingFilter {
    /// At this asset.
    pub asset_id: Option<AssetId>,
    /// This bad.
    pub severity: Option<RiskLevel>,
    /// Of this flow.
    pub discovery_flow_id: Option<DiscoveryFlowId>,
    /// Of this kind.
    pub kind: Option<String>,
    /// About this product.
    pub product: Option<String>,
}

impl Uow {
    /// Findings.
    pub fn findings(&self) -> FindingRepository<'_> {
        FindingRepository { uow: self }
    }
}

impl FindingRepository<'_> {
    /// Writes findings, up to a thousand, one per asset, kind and product; a newer one replaces the older.
    pub async fn put(&self, new: Vec<NewFinding>) -> StoreResult<u64> {
        let rows: Vec<_> = new.into_iter().map(|new| self.row(new)).collect();
        let replace = OnConflict::columns([
            Column::ClientAccountId,
            Column::AssetId,
            Column::Kind,
            Column::Product,
        ])
        .update_columns([
            Column::DiscoveryFlowId,
            Column::Severity,
            Column::ProductVersion,
            Column::EndOfSupport,
            Column::Explanation,
            Column::CatalogueSource,
            Column::CatalogueDate,
            Column::UpdatedAt,
        ])
        .to_owned();
        insert_rows(&self.uow.connection, rows, Some(replace)).await
    }

    /// Findings in the order in which they were made.
    pub async fn list(
        &self,
        filter: &FindingFilter,
        request: &PageRequest,
    ) -> StoreResult<Page<tech_debt_findings::Model>> {
        let rows = tech_debt_findings::Entity::of(self.uow.scope()).filter(condition(filter));
        keyset::page(
            &self.uow.connection,
            rows,
            &Sort::by_id(Column::Id, false),
            request,
        )
        .await
    }

    /// The findings of several assets, in one query: for a batch.
    pub async fn of_assets(&self, assets: &[AssetId]) -> StoreResult<Vec<tech_debt_findings::Model>> {
        Ok(tech_debt_findings::Entity::of(self.uow.scope())
            .filter(Column::AssetId.is_in(assets.iter().copied()))
            .order_by_asc(Column::Id)
            .all(&self.uow.connection)
            .await?)
    }

    /// How many findings there are of each severity.
    pub async fn count_by_severity(&self, filter: &FindingFilter) -> StoreResult<Vec<(RiskLevel, i64)>> {
        Ok(tech_debt_findings::Entity::of(self.uow.scope())
            .filter(condition(filter))
            .select_only()
            .column(Column::Severity)
            .expr_as(Column::Id.count(), "number")
            .group_by(Column::Severity)
            .into_tuple()
            .all(&self.uow.connection)
            .await?)
    }

    /// Removes the findings of an asset, before it is assessed again. Gives their number.
    pub async fn clear(&self, asset: AssetId) -> StoreResult<u64> {
        let deleted = tech_debt_findings::Entity::delete_of(self.uow.scope())
            .filter(Column::AssetId.eq(asset))
            .exec(&self.uow.connection)
            .await?;
        Ok(deleted.rows_affected)
    }

    fn row(&self, new: NewFinding) -> tech_debt_findings::Model {
        let (scope, now) = (self.uow.scope(), self.uow.now());
        tech_debt_findings::Model {
            client_account_id: scope.client_account_id,
            id: ids::new_uuid(),
            engagement_id: scope.engagement_id,
            asset_id: new.asset_id,
            discovery_flow_id: new.discovery_flow_id,
            kind: new.kind,
            severity: new.severity,
            product: new.product,
            product_version: new.product_version,
            end_of_support: new.end_of_support,
            explanation: new.explanation,
            catalogue_source: new.catalogue_source,
            catalogue_date: new.catalogue_date,
            created_at: now,
            updated_at: now,
        }
    }
}

fn condition(filter: &FindingFilter) -> Condition {
    Condition::all()
        .add_option(filter.asset_id.map(|asset| Column::AssetId.eq(asset)))
        .add_option(filter.severity.map(|severity| Column::Severity.eq(severity)))
        .add_option(filter.kind.as_ref().map(|kind| Column::Kind.eq(kind)))
        .add_option(filter.product.as_ref().map(|product| Column::Product.eq(product)))
        .add_option(
            filter
                .discovery_flow_id
                .map(|flow| Column::DiscoveryFlowId.eq(flow)),
        )
}
