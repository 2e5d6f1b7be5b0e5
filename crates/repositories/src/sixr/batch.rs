//! What a run writes, batch by batch, and how a decision reaches the inventory.

use super::{IterationRows, SixrRepository};
use crate::StoreResult;
use crate::bulk::{Bulk, Conflict};
use chrono::{DateTime, Utc};
use landfall_entities::sixr_analyses;
use sea_orm::{ConnectionTrait, IntoActiveModel, Statement, Value};
use uuid::Uuid;

/// Ids of one statement.
const IDS_PER_STATEMENT: usize = 400;

/// What an iteration changes of an analysis that is there. A person's decision is not touched, whenever it was made.
const ASSIGNMENTS: &str = "status = excluded.status, current_iteration = excluded.current_iteration, \
    progress_percentage = excluded.progress_percentage, confidence_score = excluded.confidence_score, \
    recommended_strategy = excluded.recommended_strategy, application_data = excluded.application_data, \
    final_recommendation = COALESCE(sixr_analyses.override_strategy, excluded.recommended_strategy), \
    policy_version = excluded.policy_version, input_digest = excluded.input_digest, \
    updated_by = excluded.updated_by, updated_at = excluded.updated_at, version = sixr_analyses.version + 1";

impl Bulk {
    /// Writes analyses with what their iteration came to. What a person decided, or gave, stays.
    pub async fn put_analyses(&mut self, rows: Vec<sixr_analyses::Model>) -> StoreResult<u64> {
        let conflict = Conflict::Set {
            key: &["client_account_id", "id"],
            assignments: ASSIGNMENTS.to_owned(),
        };
        self.insert(
            rows.into_iter().map(IntoActiveModel::into_active_model),
            &conflict,
        )
        .await
    }

    /// Adds iterations. One that is there already is left alone.
    pub async fn add_iterations(&mut self, rows: Vec<IterationRows>) -> StoreResult<u64> {
        let mut parameters = Vec::with_capacity(rows.len());
        let mut iterations = Vec::with_capacity(rows.len());
        let mut recommendations = Vec::with_capacity(rows.len());
        for row in rows {
            parameters.push(row.parameters.into_active_model());
            iterations.push(row.iteration.into_active_model());
            recommendations.extend(row.recommendation.map(IntoActiveModel::into_active_model));
        }
        self.insert(parameters, &Conflict::Keep).await?;
        let added = self.insert(iterations, &Conflict::Keep).await?;
        self.insert(recommendations, &Conflict::Keep).await?;
        Ok(added)
    }

    /// Writes the strategies of analyses to the assets that they are about. What a person set on the asset itself stays.
    pub async fn decide_assets(&mut self, analyses: &[Uuid], now: DateTime<Utc>) -> StoreResult<u64> {
        let mut decided = 0;
        for chunk in analyses.chunks(IDS_PER_STATEMENT) {
            for sql in statements(chunk.len()) {
                let values = values(self.scope().client_account_id.into(), now, chunk);
                decided += self.execute(&sql, values).await?;
            }
        }
        Ok(decided)
    }
}

impl SixrRepository<'_> {
    /// Writes the strategies of analyses to the assets that they are about. What a person set on the asset itself stays.
    pub async fn decide_assets(&self, analyses: &[Uuid]) -> StoreResult<u64> {
        let mut decided = 0;
        let backend = self.uow.connection.get_database_backend();
        for chunk in analyses.chunks(IDS_PER_STATEMENT) {
            for sql in statements(chunk.len()) {
                let client = self.uow.scope().client_account_id.into();
                let statement =
                    Statement::from_sql_and_values(backend, sql, values(client, self.uow.now(), chunk));
                decided += self.uow.connection.execute_raw(statement).await?.rows_affected();
            }
        }
        Ok(decided)
    }
}

fn values(client: Value, now: DateTime<Utc>, analyses: &[Uuid]) -> Vec<Value> {
    let ids = analyses.iter().map(|id| Value::Uuid(Some(*id)));
    [client, now.into()].into_iter().chain(ids).collect()
}

/// For analyses of assets, and for those of applications, whose members take their strategy.
fn statements(analyses: usize) -> [String; 2] {
    let list: Vec<String> = (3..analyses + 3).map(|number| format!("${number}")).collect();
    let list = list.join(", ");
    let update = |from: &str| {
        format!(
            "UPDATE assets SET six_r_strategy = d.strategy, updated_at = $2, version = assets.version + 1, \
             migration_status = CASE WHEN assets.migration_status IS NULL OR assets.migration_status = 'discovered' \
             THEN 'assessed' ELSE assets.migration_status END FROM ({from}) d \
             WHERE assets.client_account_id = $1 AND assets.id = d.asset_id AND d.strategy IS NOT NULL \
             AND (assets.six_r_strategy IS NULL OR assets.six_r_strategy <> d.strategy) \
             AND NOT EXISTS (SELECT 1 FROM asset_field_sources s WHERE s.client_account_id = assets.client_account_id \
             AND s.asset_id = assets.id AND s.data_import_id IS NULL AND s.source = 'person' \
             AND s.field_values ->> 'six_r_strategy' IS NOT NULL)"
        )
    };
    [
        update(&format!(
            "SELECT n.asset_id, n.final_recommendation AS strategy FROM sixr_analyses n \
             WHERE n.client_account_id = $1 AND n.asset_id IS NOT NULL AND n.id IN ({list})"
        )),
        update(&format!(
            "SELECT a.asset_id, MIN(n.final_recommendation) AS strategy FROM sixr_analyses n \
             JOIN application_assets a ON a.client_account_id = n.client_account_id \
             AND a.application_id = n.application_id \
             WHERE n.client_account_id = $1 AND n.id IN ({list}) GROUP BY a.asset_id \
             HAVING MIN(n.final_recommendation) = MAX(n.final_recommendation)"
        )),
    ]
}
