use crate::world::{AssetMaker, World, discovery_flow, object};
use chrono::TimeDelta;
use landfall_domain::fields::{FIELDS, Field, FieldKind, Storage};
use landfall_domain::{AssetType, PageRequest, SixrStrategy};
use landfall_repositories::entities::assets::Column;
use landfall_repositories::{AssetColumn, AssetFilter, AssetPatch, ChangeFilter, NewAsset, StoreError};
use landfall_testkit::both_backends;
use sea_orm::{ColumnTrait, ColumnType, IdenStatic, Iterable, ModelTrait};
use serde_json::{Map, Value, json};

fn patch(fields: Value) -> AssetPatch {
    AssetPatch {
        fields: object(fields),
        custom_attributes: Map::new(),
    }
}

/// Every field that is a column.
fn columns() -> impl Iterator<Item = (Column, &'static Field)> {
    let column = |name: &str| Column::iter().find(|column| column.as_str() == name).unwrap();
    FIELDS
        .iter()
        .filter(|field| field.storage == Storage::Column)
        .map(move |field| (column(field.name), field))
}

both_backends! {
    async fn an_asset_made_by_discovery_keeps_every_field_and_hangs_on_both_flows(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let flow = discovery_flow(&uow).await;
        let mut fields = Map::new();
        for (column, field) in columns() {
            let sample = match (field.kind, column.def().get_column_type()) {
                (FieldKind::AssetType, _) => json!("database"),
                (FieldKind::SixrStrategy, _) => json!("rehost"),
                (_, ColumnType::Integer | ColumnType::BigInteger) => json!(7),
                (_, ColumnType::Double) => json!(7.5),
                (_, ColumnType::Boolean) => json!(true),
                _ => json!(format!("a {}", field.name)),
            };
            fields.insert(field.name.to_owned(), sample);
        }
        fields.insert("Rack Unit".to_owned(), json!(12));
        fields.insert("is_mock".to_owned(), json!(true));
        fields.insert("custom_attributes".to_owned(), json!({"Blade": "3"}));
        let stated = fields.clone();
        let (new, report) = NewAsset::from_object(fields, "rvtools");
        assert_eq!(report.dropped, ["is_mock"]);

        let asset = uow.assets().create_from_discovery(new, flow.flow_id, flow.master_flow_id).await.unwrap();
        for (column, field) in columns() {
            let kept = sea_orm::sea_query::sea_value_to_json_value(&asset.get(column));
            assert_eq!(kept, stated[field.name], "{}", field.name);
        }
        assert_eq!(asset.custom_attributes, json!({"Blade": "3", "Rack Unit": 12}));
        assert_eq!((asset.master_flow_id, asset.discovery_flow_id), (Some(flow.master_flow_id), Some(flow.flow_id)));
        assert_eq!((asset.asset_type, asset.six_r_strategy), (AssetType::Database, Some(SixrStrategy::Rehost)));
        assert_eq!(uow.assets().get(asset.id).await.unwrap(), asset);
    }

    async fn an_asset_needs_a_name_and_values_that_its_fields_take(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let flow = discovery_flow(&uow).await;
        for (fields, named) in [
            (json!({"cpu_cores": 4}), "name"),
            (json!({"name": "a", "cpu_cores": "many"}), "'cpu_cores'"),
            (json!({"name": "a", "asset_type": "toaster"}), "toaster"),
        ] {
            let (new, _) = NewAsset::from_object(object(fields), "test");
            let made = uow.assets().create_from_discovery(new, flow.flow_id, flow.master_flow_id).await;
            let error = made.unwrap_err();
            assert!(matches!(error, StoreError::Invalid { .. }), "{error}");
            assert!(error.to_string().contains(named), "{error}");
        }
    }

    async fn a_change_is_made_once_and_leaves_a_log_entry_and_the_word_of_a_person(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let maker = AssetMaker::new(&uow).await;
        let asset = maker.asset(&uow, json!({"name": "web1", "cpu_cores": 4, "Rack": "7"})).await;
        world.clock.advance(TimeDelta::hours(1));
        let mut change = patch(json!({"cpu_cores": 8, "environment": "Production", "name": "web1"}));
        change.custom_attributes = object(json!({"Rack": null, "Row": "B"}));
        let changed = uow.assets().update(asset.id, 1, &change).await.unwrap();
        assert_eq!((changed.cpu_cores, changed.environment.as_deref(), changed.version), (Some(8), Some("Production"), 2));
        assert_eq!(changed.custom_attributes, json!({"Row": "B"}));
        assert!(changed.updated_at > asset.updated_at);

        let log = uow.change_log().page(&ChangeFilter::of("asset", &asset.id), &PageRequest::default()).await.unwrap();
        assert_eq!(log.items.len(), 1);
        let entry = &log.items[0];
        assert_eq!(entry.actor_name, "test");
        let before = json!({"cpu_cores": 4, "environment": null, "custom_attributes": {"Rack": "7", "Row": null}});
        assert_eq!(entry.before, Some(before));
        let after = json!({"cpu_cores": 8, "environment": "Production", "custom_attributes": {"Rack": null, "Row": "B"}});
        assert_eq!(entry.after, Some(after));

        // Nothing new: no version, no log.
        let same = uow.assets().update(asset.id, 2, &patch(json!({"cpu_cores": "8"}))).await.unwrap();
        assert_eq!(same.version, 2);
        let log = uow.change_log().page(&ChangeFilter::default(), &PageRequest::default()).await.unwrap();
        assert_eq!(log.items.len(), 1);
    }

    async fn a_change_of_another_version_an_unknown_field_or_a_required_value_is_refused(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let asset = AssetMaker::new(&uow).await.named(&uow, "web1").await;
        let error = uow.assets().update(asset, 7, &patch(json!({"cpu_cores": 8}))).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict { expected: 7, actual: 1, .. }), "{error}");
        for fields in [json!({"version": 9}), json!({"colour": "red"}), json!({"name": null}), json!({"six_r_strategy": "x"})] {
            let error = uow.assets().update(asset, 1, &patch(fields)).await.unwrap_err();
            assert!(matches!(error, StoreError::Invalid { .. }), "{error}");
        }
        assert_eq!(uow.assets().get(asset).await.unwrap().version, 1);
    }

    async fn provenance_says_who_said_what_and_that_a_person_outweighs_a_source(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let maker = AssetMaker::new(&uow).await;
        let asset = maker.asset(&uow, json!({"name": "web1", "cpu_cores": 4, "Rack": "7"})).await.id;
        uow.assets().update(asset, 1, &patch(json!({"cpu_cores": 8}))).await.unwrap();
        let provenance = uow.assets().provenance(asset).await.unwrap();
        let names: Vec<_> = provenance.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(names, ["cpu_cores", "custom_attributes.Rack", "name"]);
        let cores: Vec<_> =
            provenance[0].statements.iter().map(|s| (s.source.as_str(), s.value.clone(), s.precedence, s.wins)).collect();
        assert_eq!(cores, [("person", json!(8), 100, true), ("test", json!(4), 0, false)]);
    }

    async fn assets_are_counted_by_the_values_of_a_column(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let maker = AssetMaker::new(&uow).await;
        for (name, cores) in [("a", json!(4)), ("b", json!(4)), ("c", json!(8)), ("d", Value::Null)] {
            maker.asset(&uow, json!({"name": name, "cpu_cores": cores})).await;
        }
        let cores = AssetColumn::named("cpu_cores").unwrap();
        let mut counts = uow.assets().count_by(cores, &AssetFilter::all(), 10).await.unwrap();
        assert_eq!(counts.remove(0), (Some("4".to_owned()), 2));
        counts.sort();
        assert_eq!(counts, [(None, 1), (Some("8".to_owned()), 1)]);
    }

    async fn a_deleted_asset_is_gone_and_its_deletion_is_logged(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let asset = AssetMaker::new(&uow).await.named(&uow, "web1").await;
        uow.assets().delete(asset).await.unwrap();
        assert!(matches!(uow.assets().get(asset).await, Err(StoreError::NotFound { .. })));
        let log = uow.change_log().page(&ChangeFilter::default(), &PageRequest::default()).await.unwrap();
        assert_eq!((log.items[0].action.as_str(), log.items[0].entity_id.clone()), ("deleted", asset.to_string()));
    }
}
