//! The entities and the migrations describe the same schema: each is compared with what the database's catalogue says.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use landfall_domain::fields::{FIELDS, FieldKind, Storage, ValueType};
use landfall_domain::labels;
use landfall_entities::{ColumnDescription, EntityDescription, ForeignKeyDescription};
use landfall_testkit::{Role, TestDatabase};
use migration::validate::{DatabaseShape, TableShape, read_shape};
use sea_orm::ColumnType;
use std::collections::{BTreeMap, BTreeSet};

fn entities() -> BTreeMap<String, EntityDescription> {
    landfall_entities::all()
        .into_iter()
        .map(|entity| (entity.table.clone(), entity))
        .collect()
}

async fn catalogue(database: &TestDatabase) -> DatabaseShape {
    read_shape(&database.url_as(Role::Owner))
        .await
        .expect("the catalogue can be read")
}

/// Calls `check` with each entity and its table.
async fn for_each_table(database: &TestDatabase, check: impl Fn(&EntityDescription, &TableShape)) {
    let catalogue = catalogue(database).await;
    for (name, entity) in entities() {
        check(
            &entity,
            catalogue
                .tables
                .get(&name)
                .unwrap_or_else(|| panic!("no table {name}")),
        );
    }
}

/// The names that the catalogues of SQLite and PostgreSQL may give to the type of this column.
fn type_names(column: &ColumnDescription) -> [&'static str; 2] {
    match column.kind {
        ColumnType::Uuid => ["BLOB", "uuid"],
        ColumnType::Integer => ["INTEGER", "integer"],
        ColumnType::BigInteger => ["INTEGER", "bigint"],
        ColumnType::Double => ["REAL", "double precision"],
        ColumnType::Boolean => ["INTEGER", "boolean"],
        ColumnType::TimestampWithTimeZone => ["TEXT", "timestamp with time zone"],
        ColumnType::JsonBinary => ["TEXT", "jsonb"],
        ColumnType::Text | ColumnType::String(_) => ["TEXT", "text"],
        ref other => panic!("{}: no column is of type {other:?}", column.name),
    }
}

landfall_testkit::both_backends! {
    async fn every_table_has_an_entity_and_every_entity_a_table(database: TestDatabase) {
        let tables: Vec<String> = catalogue(&database).await.tables.into_keys().collect();
        assert_eq!(entities().into_keys().collect::<Vec<_>>(), tables);
    }

    async fn entities_have_the_columns_of_their_tables_with_the_same_nullability(database: TestDatabase) {
        for_each_table(&database, |entity, table| {
            let ours: BTreeMap<_, _> = entity.columns.iter().map(|column| (column.name.clone(), column.nullable)).collect();
            let theirs: BTreeMap<_, _> = table.columns.iter().map(|(name, column)| (name.clone(), column.nullable)).collect();
            assert_eq!(ours, theirs, "{}", entity.table);
        })
        .await;
    }

    async fn entities_have_the_column_types_of_their_tables(database: TestDatabase) {
        let label_types = catalogue(&database).await.label_types;
        for_each_table(&database, |entity, table| {
            for column in &entity.columns {
                let kind = table.columns.get(&column.name).map(|found| found.kind.as_str()).unwrap_or_default();
                // A named type is text on the wire.
                let kind = if label_types.contains_key(kind) { "text" } else { kind };
                let kind = kind.split(" COLLATE ").next().unwrap_or(kind);
                assert!(type_names(column).contains(&kind), "{}.{}: {kind}", entity.table, column.name);
            }
        })
        .await;
    }

    async fn entities_have_the_primary_keys_of_their_tables(database: TestDatabase) {
        for_each_table(&database, |entity, table| {
            let ours: BTreeSet<_> = entity.primary_key.iter().collect();
            assert_eq!(ours, table.primary_key.iter().collect(), "{}", entity.table);
        })
        .await;
    }

    async fn entities_have_the_foreign_keys_of_their_tables(database: TestDatabase) {
        for_each_table(&database, |entity, table| {
            let theirs: BTreeSet<_> = table
                .foreign_keys
                .iter()
                .map(|key| ForeignKeyDescription {
                    columns: key.columns.clone(),
                    table: key.table.clone(),
                    references: key.references.clone(),
                })
                .collect();
            assert_eq!(entity.foreign_keys.iter().cloned().collect::<BTreeSet<_>>(), theirs, "{}", entity.table);
        })
        .await;
    }

    async fn every_asset_field_that_is_kept_in_a_column_has_one_of_its_kind(database: TestDatabase) {
        let catalogue = catalogue(&database).await;
        for field in FIELDS.iter().filter(|field| field.storage == Storage::Column) {
            let column = catalogue.tables["assets"].columns.get(field.name).unwrap_or_else(|| panic!("no column {}", field.name));
            let kinds: &[&str] = match (field.kind, field.kind.value_type()) {
                (FieldKind::AssetType, _) => &["TEXT", "asset_type"],
                (FieldKind::SixrStrategy, _) => &["TEXT", "sixr_strategy"],
                (FieldKind::Money, _) => &["INTEGER", "bigint"],
                (_, ValueType::Integer) => &["INTEGER", "integer"],
                (_, ValueType::Number) => &["REAL", "double precision"],
                (_, ValueType::Boolean) => &["INTEGER", "boolean"],
                (_, ValueType::Timestamp) => &["TEXT", "timestamp with time zone"],
                (_, ValueType::Text) => &["TEXT", "text COLLATE \"C\""],
                (_, ValueType::TextList) => panic!("{}: a list has no column", field.name),
            };
            assert!(kinds.contains(&column.kind.as_str()), "{}: {}", field.name, column.kind);
        }
    }
}

/// The labels of the domain by the name of their type.
fn domain_labels() -> BTreeMap<&'static str, Vec<&'static str>> {
    macro_rules! by_type {
        ($($name:ident)+) => {
            BTreeMap::from([$((labels::$name::TYPE_NAME, labels::$name::ALL.iter().map(|label| label.as_str()).collect()),)+])
        };
    }
    by_type!(
        AssetType FlowStatus FlowType ImportStatus SixrStrategy MatchType MappingStatus JobState AssetStatus AnalysisStatus
        AssessmentStatus AssessmentType MigrationPhase MigrationStatus QuestionType RiskLevel
    )
}

#[test]
fn the_domain_and_the_migrations_know_the_same_labels() {
    let migrated: BTreeMap<_, _> = migration::expected_label_types()
        .iter()
        .map(|kind| (kind.name, kind.labels.to_vec()))
        .collect();
    assert_eq!(domain_labels(), migrated);
}

#[test]
fn entities_of_tenant_tables_know_their_tenant_columns() {
    let tenant: Vec<_> = migration::expected_tables()
        .into_iter()
        .filter(|table| table.ownership == migration::schema::Ownership::Tenant)
        .collect();
    assert!(tenant.len() > 30);
    for table in tenant {
        let entity = entities().remove(table.name).expect("the table has an entity");
        for column in ["client_account_id", "engagement_id"] {
            let found = entity
                .columns
                .iter()
                .find(|found| found.name == column)
                .expect("a tenant column");
            assert!(
                !found.nullable && found.kind == ColumnType::Uuid,
                "{}.{column}",
                table.name
            );
        }
    }
}
