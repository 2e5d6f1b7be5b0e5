use crate::world::{World, import};
use landfall_domain::{ImportId, PageRequest, ids};
use landfall_repositories::RecordCounts;
use landfall_repositories::entities::raw_import_records;
use landfall_testkit::both_backends;
use serde_json::json;

/// `size` records of which every fifth has something wrong.
async fn records(world: &World, size: i64) -> ImportId {
    let uow = world.begin().await;
    let import = import(&uow, "rows.csv").await.id;
    uow.commit().await.unwrap();
    let mut bulk = world.store.begin_bulk(world.ours.clone()).await.unwrap();
    let row = |index: i64| raw_import_records::Model {
        client_account_id: world.ours.client_account_id,
        id: ids::new_uuid(),
        engagement_id: world.ours.engagement_id,
        data_import_id: import,
        master_flow_id: None,
        record_index: index,
        row_number: Some(index + 2),
        raw_data: json!({ "n": index }),
        cleansed_data: None,
        validation_errors: None,
        is_processed: index % 2 == 0,
        is_valid: index % 5 != 0,
        processing_notes: None,
        asset_id: None,
        created_at: world.store.clock().now(),
        processed_at: None,
    };
    bulk.add_raw_records((0..size).map(row).collect()).await.unwrap();
    bulk.commit().await.unwrap();
    import
}

both_backends! {
    async fn records_are_read_in_the_order_of_the_file_by_page_range_and_batch(database: TestDatabase) {
        let world = World::new(database).await;
        let import = records(&world, 23).await;
        let uow = world.begin().await;
        let mut request = PageRequest::first(10);
        let mut indexes = Vec::new();
        loop {
            let page = uow.records().page(import, &request).await.unwrap();
            indexes.extend(page.items.iter().map(|row| row.record_index));
            request.after = page.next;
            if request.after.is_none() {
                break;
            }
        }
        assert_eq!(indexes, (0..23).collect::<Vec<_>>());
        let range = uow.records().range(import, 5..8).await.unwrap();
        assert_eq!(range.iter().map(|row| row.record_index).collect::<Vec<_>>(), [5, 6, 7]);
        let batch = uow.records().batch(import, 20, 10).await.unwrap();
        assert_eq!(batch.iter().map(|row| row.record_index).collect::<Vec<_>>(), [21, 22]);
        let invalid = uow.records().page_of_invalid(import, &PageRequest::default()).await.unwrap();
        assert_eq!(invalid.items.iter().map(|row| row.record_index).collect::<Vec<_>>(), [0, 5, 10, 15, 20]);
    }

    async fn records_are_counted_by_what_became_of_them(database: TestDatabase) {
        let world = World::new(database).await;
        let import = records(&world, 23).await;
        let uow = world.begin().await;
        let expected = RecordCounts { total: 23, valid: 18, invalid: 5, processed: 12, linked: 0 };
        assert_eq!(uow.records().counts(import).await.unwrap(), expected);
        assert_eq!(uow.records().counts(ImportId::new()).await.unwrap(), RecordCounts::default());
    }

    async fn a_sample_is_spread_over_the_whole_import(database: TestDatabase) {
        let world = World::new(database).await;
        let import = records(&world, 23).await;
        let uow = world.begin().await;
        let sample = uow.records().sample(import, 5).await.unwrap();
        let numbers: Vec<_> = sample.iter().map(|row| row["n"].as_i64().unwrap()).collect();
        assert_eq!(numbers, [0, 5, 10, 15, 20]);
        assert_eq!(uow.records().sample(import, 500).await.unwrap().len(), 23);
        assert!(uow.records().sample(ImportId::new(), 5).await.unwrap().is_empty());
    }

    async fn deleting_an_import_takes_its_records_along(database: TestDatabase) {
        let world = World::new(database).await;
        let import = records(&world, 3).await;
        let uow = world.begin().await;
        uow.imports().delete(import).await.unwrap();
        assert_eq!(uow.records().counts(import).await.unwrap().total, 0);
    }
}
