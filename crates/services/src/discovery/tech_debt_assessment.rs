//! Technical debt assessment: what the inventory runs on that is out of support.

use super::executor::{DiscoveryError, PhaseContext, PhaseExecutor, PhaseOutcome};
use super::tech_debt::{Assessor, AssetFacts, Finding, TechDebt};
use async_trait::async_trait;
use landfall_domain::ids::new_uuid;
use landfall_domain::{AssetId, Phase, RiskLevel};
use landfall_repositories::entities::{assets, tech_debt_findings};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Compares the import's assets with the catalogue. Cost: one pass over the records and the assets that they became.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TechDebtAssessment;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Position {
    last_index: Option<i64>,
    assets: u64,
    findings: u64,
    by_severity: BTreeMap<RiskLevel, u64>,
    by_kind: BTreeMap<String, u64>,
    by_product: BTreeMap<String, u64>,
}

#[async_trait]
impl PhaseExecutor for TechDebtAssessment {
    fn phase(&self) -> Phase {
        Phase::TechDebtAssessment
    }

    async fn execute(&self, context: &mut PhaseContext) -> Result<PhaseOutcome, DiscoveryError> {
        let mut position: Position = context.cursor(self.phase());
        let catalogue =
            TechDebt::catalogue().map_err(|error| DiscoveryError::Interrupted(error.to_string()))?;
        let mut assessor = Assessor::new(&catalogue, context.services.now().date_naive());
        let limit = context.services.settings().batch_rows as u64;
        loop {
            let uow = context.services.store().begin_read(&context.scope).await?;
            let after = position.last_index.unwrap_or(-1);
            let linked = uow
                .inventory()
                .linked_records_after(context.import.id, after, limit)
                .await?;
            let Some((last, _)) = linked.last() else {
                return Ok(PhaseOutcome::Completed(report(&position)));
            };
            let ids: BTreeSet<AssetId> = linked.iter().map(|(_, id)| *id).collect();
            let ids: Vec<AssetId> = ids.into_iter().collect();
            let batch = uow.inventory().assets(&ids).await?;
            drop(uow);
            let rows = batch
                .iter()
                .flat_map(|asset| {
                    assess(&mut assessor, asset)
                        .into_iter()
                        .map(move |finding| (asset.id, finding))
                })
                .map(|(asset, finding)| position.take(context, asset, finding))
                .collect();
            position.assets += batch.len() as u64;
            position.last_index = Some(*last);
            let mut bulk = context.services.store().begin_bulk(context.scope.clone()).await?;
            bulk.clear_findings(&ids).await?;
            bulk.put_findings(rows).await?;
            context.commit(bulk, self.phase(), &position).await?;
        }
    }

    async fn accept(
        &self,
        context: &mut PhaseContext,
        output: Value,
    ) -> Result<PhaseOutcome, DiscoveryError> {
        let findings: Vec<HandedIn> = output
            .get("findings")
            .and_then(|findings| serde_json::from_value(findings.clone()).ok())
            .ok_or_else(|| DiscoveryError::NotAResult {
                phase: self.phase(),
                reason: "a list 'findings' of {asset_id, kind, severity, product, explanation, source} is expected"
                    .to_owned(),
            })?;
        let count = findings.len();
        let rows = findings.into_iter().map(|finding| finding.row(context)).collect();
        let mut bulk = context.services.store().begin_bulk(context.scope.clone()).await?;
        bulk.put_findings(rows).await?;
        context.commit(bulk, self.phase(), &Position::default()).await?;
        Ok(PhaseOutcome::Completed(
            json!({ "findings": count, "by": "outside" }),
        ))
    }
}

fn assess(assessor: &mut Assessor<'_>, asset: &assets::Model) -> Vec<Finding> {
    assessor.assess(&AssetFacts {
        operating_system: asset.operating_system.as_deref(),
        os_version: asset.os_version.as_deref(),
        technology_stack: asset.technology_stack.as_deref(),
        application_name: asset.application_name.as_deref(),
        environment: asset.environment.as_deref(),
        business_criticality: asset.business_criticality.as_deref(),
    })
}

impl Position {
    fn take(
        &mut self,
        context: &PhaseContext,
        asset: AssetId,
        finding: Finding,
    ) -> tech_debt_findings::Model {
        self.findings += 1;
        *self.by_severity.entry(finding.severity).or_default() += 1;
        *self.by_kind.entry(finding.kind.as_str().to_owned()).or_default() += 1;
        let version = finding.version.as_deref().unwrap_or("of unknown version");
        *self
            .by_product
            .entry(format!("{} {version}", finding.product))
            .or_default() += 1;
        let now = context.services.now();
        tech_debt_findings::Model {
            client_account_id: context.scope.client_account_id,
            id: new_uuid(),
            engagement_id: context.scope.engagement_id,
            asset_id: asset,
            discovery_flow_id: Some(context.flow.flow_id),
            kind: finding.kind.as_str().to_owned(),
            severity: finding.severity,
            product: finding.product,
            product_version: finding.version,
            end_of_support: finding.end_of_support.map(|day| day.to_string()),
            explanation: finding.explanation,
            catalogue_source: finding.catalogue_source,
            catalogue_date: finding.catalogue_date.to_string(),
            created_at: now,
            updated_at: now,
        }
    }
}

fn report(position: &Position) -> Value {
    json!({
        "assets": position.assets,
        "findings": position.findings,
        "by_severity": position.by_severity,
        "by_kind": position.by_kind,
        "by_product": position.by_product,
    })
}

/// A finding that somebody else worked out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HandedIn {
    asset_id: AssetId,
    kind: String,
    severity: RiskLevel,
    product: String,
    product_version: Option<String>,
    end_of_support: Option<chrono::NaiveDate>,
    explanation: String,
    source: String,
}

impl HandedIn {
    fn row(self, context: &PhaseContext) -> tech_debt_findings::Model {
        let now = context.services.now();
        tech_debt_findings::Model {
            client_account_id: context.scope.client_account_id,
            id: new_uuid(),
            engagement_id: context.scope.engagement_id,
            asset_id: self.asset_id,
            discovery_flow_id: Some(context.flow.flow_id),
            kind: self.kind,
            severity: self.severity,
            product: self.product,
            product_version: self.product_version,
            end_of_support: self.end_of_support.map(|day| day.to_string()),
            explanation: self.explanation,
            catalogue_source: self.source,
            catalogue_date: now.date_naive().to_string(),
            created_at: now,
            updated_at: now,
        }
    }
}
