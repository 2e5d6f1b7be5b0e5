//! Look-ups for a batch of records.

use super::wanted::wanted;
use crate::{StoreResult, Uow, rows};
use landfall_domain::{AssessmentType, AssetId, AssetType, ImportId};
use landfall_entities::{
    TenantScoped, application_assets, applications, assessments, asset_field_sources, asset_identities,
    assets,
};
use landfall_entities::{asset_tags, raw_import_records, tags};
use sea_orm::{
    ColumnTrait, ConnectionTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Statement,
};
use serde_json::Value as Json;
use std::collections::HashMap;

/// Ids of one `IN` list: well below the parameters that each backend takes.
const IDS_PER_QUERY: usize = 5_000;

/// The columns of a [`RawRow`].
const RECORD_COLUMNS: [raw_import_records::Column; 6] = [
    raw_import_records::Column::RecordIndex,
    raw_import_records::Column::RowNumber,
    raw_import_records::Column::RawData,
    raw_import_records::Column::CleansedData,
    raw_import_records::Column::ValidationErrors,
    raw_import_records::Column::AssetId,
];

/// Reads the inventory of the unit of work's scope.
#[derive(Debug)]
pub struct InventoryReader<'u> {
    pub(super) uow: &'u Uow,
}

/// An identity that an asset is known by.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct KnownIdentity {
    /// Kind, such as `serial_number`.
    pub kind: String,
    /// Normalised value.
    pub value: String,
    /// Whose.
    pub asset_id: AssetId,
    /// The import that stated it first; absent if a person did.
    pub data_import_id: Option<ImportId>,
}

/// A raw record as the pipeline needs it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct RawRow {
    /// Position in the import, from 0.
    pub record_index: i64,
    /// Row as a person sees it in the file, from 1.
    pub row_number: Option<i64>,
    /// The row as it came.
    pub raw_data: Json,
    /// The row after cleansing, if an outside executor handed it in.
    pub cleansed_data: Option<Json>,
    /// What is wrong with it so far.
    pub validation_errors: Option<Json>,
    /// The asset that it became or joined.
    pub asset_id: Option<AssetId>,
}

impl Uow {
    /// Batch look-ups in the inventory.
    pub fn inventory(&self) -> InventoryReader<'_> {
        InventoryReader { uow: self }
    }
}

impl InventoryReader<'_> {
    /// The next records of an import after position `after` (-1 to begin), at most `limit`.
    pub async fn records_after(&self, import: ImportId, after: i64, limit: u64) -> StoreResult<Vec<RawRow>> {
        use raw_import_records::Column;
        Ok(raw_import_records::Entity::of(self.uow.scope())
            .filter(Column::DataImportId.eq(import))
            .filter(Column::RecordIndex.gt(after))
            .order_by_asc(Column::RecordIndex)
            .limit(limit)
            .select_only()
            .columns(RECORD_COLUMNS)
            .into_model()
            .all(&self.uow.connection)
            .await?)
    }

    /// The records of an import at these positions.
    pub async fn records_at(&self, import: ImportId, positions: &[i64]) -> StoreResult<Vec<RawRow>> {
        use raw_import_records::Column;
        let mut found = Vec::with_capacity(positions.len());
        for chunk in positions.chunks(IDS_PER_QUERY) {
            let rows: Vec<RawRow> = raw_import_records::Entity::of(self.uow.scope())
                .filter(Column::DataImportId.eq(import))
                .filter(Column::RecordIndex.is_in(chunk.iter().copied()))
                .order_by_asc(Column::RecordIndex)
                .select_only()
                .columns(RECORD_COLUMNS)
                .into_model()
                .all(&self.uow.connection)
                .await?;
            found.extend(rows);
        }
        Ok(found)
    }

    /// The assets that are known by any of the identities. One statement with one parameter, however many there are.
    pub async fn find_identities(&self, keys: &[(&str, &str)]) -> StoreResult<Vec<KnownIdentity>> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let backend = self.uow.connection.get_database_backend();
        let sql = format!(
            "{} SELECT i.kind, i.value, i.asset_id, i.data_import_id FROM wanted w CROSS JOIN asset_identities i \
             WHERE i.client_account_id = $2 AND i.engagement_id = $3 AND i.kind = w.kind AND i.value = w.value",
            wanted(backend, &["kind", "value"])
        );
        let list = serde_json::to_string(keys)?;
        let scope = self.uow.scope();
        let values = [
            list.into(),
            scope.client_account_id.into(),
            scope.engagement_id.into(),
        ];
        let statement = Statement::from_sql_and_values(backend, sql, values);
        Ok(KnownIdentity::find_by_statement(statement)
            .all(&self.uow.connection)
            .await?)
    }

    /// What the assets are.
    pub async fn asset_types(&self, ids: &[AssetId]) -> StoreResult<HashMap<AssetId, AssetType>> {
        let mut found = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(IDS_PER_QUERY) {
            let rows: Vec<(AssetId, AssetType)> = assets::Entity::of(self.uow.scope())
                .filter(assets::Column::Id.is_in(chunk.iter().copied()))
                .select_only()
                .columns([assets::Column::Id, assets::Column::AssetType])
                .into_tuple()
                .all(&self.uow.connection)
                .await?;
            found.extend(rows);
        }
        Ok(found)
    }

    /// Every identity of the assets.
    pub async fn identities_of(&self, ids: &[AssetId]) -> StoreResult<Vec<KnownIdentity>> {
        let mut found = Vec::new();
        for chunk in ids.chunks(IDS_PER_QUERY) {
            let rows = asset_identities::Entity::of(self.uow.scope())
                .filter(asset_identities::Column::AssetId.is_in(chunk.iter().copied()))
                .into_model()
                .all(&self.uow.connection)
                .await?;
            found.extend::<Vec<KnownIdentity>>(rows);
        }
        Ok(found)
    }

    /// The assets with these ids.
    pub async fn assets(&self, ids: &[AssetId]) -> StoreResult<Vec<assets::Model>> {
        let mut found = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(IDS_PER_QUERY) {
            let of_chunk =
                assets::Entity::of(self.uow.scope()).filter(assets::Column::Id.is_in(chunk.iter().copied()));
            found.extend(rows::all(&self.uow.connection, of_chunk).await?);
        }
        Ok(found)
    }

    /// What was said about the assets, oldest first, with the precedence of each statement.
    pub async fn sources_of(&self, ids: &[AssetId]) -> StoreResult<Vec<asset_field_sources::Model>> {
        use asset_field_sources::Column;
        let mut found = Vec::new();
        for chunk in ids.chunks(IDS_PER_QUERY) {
            let rows = asset_field_sources::Entity::of(self.uow.scope())
                .filter(Column::AssetId.is_in(chunk.iter().copied()))
                .order_by_asc(Column::AssetId)
                .order_by_asc(Column::RecordedAt)
                .order_by_asc(Column::Id)
                .all(&self.uow.connection)
                .await?;
            found.extend(rows);
        }
        Ok(found)
    }

    /// What persons said about the assets.
    pub async fn person_sources_of(&self, ids: &[AssetId]) -> StoreResult<Vec<asset_field_sources::Model>> {
        use asset_field_sources::Column;
        let mut found = Vec::new();
        for chunk in ids.chunks(IDS_PER_QUERY) {
            let rows = asset_field_sources::Entity::of(self.uow.scope())
                .filter(Column::AssetId.is_in(chunk.iter().copied()))
                .filter(Column::DataImportId.is_null())
                .all(&self.uow.connection)
                .await?;
            found.extend(rows);
        }
        Ok(found)
    }

    /// The tags with these names, by category and name.
    pub async fn tags(&self, names: &[String]) -> StoreResult<HashMap<(String, String), uuid::Uuid>> {
        let mut found = HashMap::new();
        for chunk in names.chunks(IDS_PER_QUERY) {
            let rows: Vec<(String, String, uuid::Uuid)> = tags::Entity::of(self.uow.scope())
                .filter(tags::Column::Name.is_in(chunk.iter().cloned()))
                .select_only()
                .columns([tags::Column::Category, tags::Column::Name, tags::Column::Id])
                .into_tuple()
                .all(&self.uow.connection)
                .await?;
            found.extend(
                rows.into_iter()
                    .map(|(category, name, id)| ((category, name), id)),
            );
        }
        Ok(found)
    }

    /// The applications with these name keys, by key.
    pub async fn applications(&self, keys: &[String]) -> StoreResult<HashMap<String, uuid::Uuid>> {
        let mut found = HashMap::new();
        for chunk in keys.chunks(IDS_PER_QUERY) {
            let rows: Vec<(String, uuid::Uuid)> = applications::Entity::of(self.uow.scope())
                .filter(applications::Column::NameKey.is_in(chunk.iter().cloned()))
                .select_only()
                .columns([applications::Column::NameKey, applications::Column::Id])
                .into_tuple()
                .all(&self.uow.connection)
                .await?;
            found.extend(rows);
        }
        Ok(found)
    }

    /// The next records of an import after position `after` (-1 to begin) that became or joined an asset, at most `limit`.
    pub async fn linked_records_after(
        &self,
        import: ImportId,
        after: i64,
        limit: u64,
    ) -> StoreResult<Vec<(i64, AssetId)>> {
        use raw_import_records::Column;
        Ok(raw_import_records::Entity::of(self.uow.scope())
            .filter(Column::DataImportId.eq(import))
            .filter(Column::RecordIndex.gt(after))
            .filter(Column::AssetId.is_not_null())
            .order_by_asc(Column::RecordIndex)
            .limit(limit)
            .select_only()
            .columns([Column::RecordIndex, Column::AssetId])
            .into_tuple()
            .all(&self.uow.connection)
            .await?)
    }

    /// The next assets after `after` in order of their ids, at most `limit`.
    pub async fn assets_after(&self, after: Option<AssetId>, limit: u64) -> StoreResult<Vec<assets::Model>> {
        let mut query = assets::Entity::of(self.uow.scope())
            .order_by_asc(assets::Column::Id)
            .limit(limit);
        if let Some(after) = after {
            query = query.filter(assets::Column::Id.gt(after));
        }
        Ok(query.all(&self.uow.connection).await?)
    }

    /// Whether anything but imports was hung on the assets: ids of those with tags or application members made by
    /// hand, or assessed by questionnaire.
    pub async fn assets_with_manual_links(&self, ids: &[AssetId]) -> StoreResult<Vec<AssetId>> {
        let mut found = Vec::new();
        for chunk in ids.chunks(IDS_PER_QUERY) {
            let members: Vec<AssetId> = application_assets::Entity::of(self.uow.scope())
                .filter(application_assets::Column::AssetId.is_in(chunk.iter().copied()))
                .filter(application_assets::Column::DataImportId.is_null())
                .select_only()
                .column(application_assets::Column::AssetId)
                .into_tuple()
                .all(&self.uow.connection)
                .await?;
            let tagged: Vec<AssetId> = asset_tags::Entity::of(self.uow.scope())
                .filter(asset_tags::Column::AssetId.is_in(chunk.iter().copied()))
                .filter(asset_tags::Column::DataImportId.is_null())
                .select_only()
                .column(asset_tags::Column::AssetId)
                .into_tuple()
                .all(&self.uow.connection)
                .await?;
            // Sizes are computed again at any time; answers of people are not.
            let assessed: Vec<Option<AssetId>> = assessments::Entity::of(self.uow.scope())
                .filter(assessments::Column::AssetId.is_in(chunk.iter().copied()))
                .filter(assessments::Column::AssessmentType.ne(AssessmentType::TechnicalAssessment))
                .select_only()
                .column(assessments::Column::AssetId)
                .into_tuple()
                .all(&self.uow.connection)
                .await?;
            found.extend(
                members
                    .into_iter()
                    .chain(tagged)
                    .chain(assessed.into_iter().flatten()),
            );
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
}
