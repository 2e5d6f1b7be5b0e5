use crate::world::{World, import, master_flow, object};
use landfall_domain::{ImportStatus, PageRequest};
use landfall_repositories::entities::data_imports;
use landfall_repositories::{ImportFilter, NewImport, SourceShape, StoreError};
use landfall_testkit::both_backends;
use serde_json::json;

/// The row without what differs between two imports by nature.
fn comparable(row: data_imports::Model) -> data_imports::Model {
    data_imports::Model {
        id: landfall_domain::ImportId(uuid::Uuid::nil()),
        ..row
    }
}

both_backends! {
    async fn an_import_in_old_names_new_names_or_both_becomes_the_same_row(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let old = json!({
            "source_filename": "vms.csv", "file_size_bytes": 12, "file_type": "text/csv", "is_mock": false,
            "file_hash": "00ff", "import_config": {"a": 1}, "import_name": "VMs"
        });
        let new = json!({
            "filename": "vms.csv", "file_size": 12, "mime_type": "text/csv", "import_name": "VMs"
        });
        let both = json!({
            "filename": "vms.csv", "source_filename": "other.csv", "file_size": 12, "file_size_bytes": 99,
            "mime_type": "text/csv", "import_name": "VMs"
        });
        let (old, old_report) = uow.imports().create_import(object(old)).await.unwrap();
        let (new, new_report) = uow.imports().create_import(object(new)).await.unwrap();
        let (both, both_report) = uow.imports().create_import(object(both)).await.unwrap();
        assert_eq!(old_report.old_names().count(), 6);
        assert!(new_report.is_empty());
        assert_eq!(both_report.old_names().count(), 2);
        assert_eq!(comparable(old.clone()), comparable(new));
        assert_eq!(comparable(old.clone()), comparable(both));
        assert_eq!(uow.imports().get(old.id).await.unwrap(), old);
    }

    async fn a_name_that_is_neither_new_nor_old_and_a_missing_file_name_are_refused(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let unknown = object(json!({"filename": "a.csv", "colour": "red"}));
        let error = uow.imports().create_import(unknown).await.unwrap_err();
        assert!(matches!(error, StoreError::Invalid { .. }) && error.to_string().contains("colour"), "{error}");
        let error = uow.imports().create_import(object(json!({"file_size": 1}))).await.unwrap_err();
        assert!(error.to_string().contains("'filename'"), "{error}");
        let negative = NewImport { filename: "a.csv".to_owned(), file_size: Some(-1), ..NewImport::default() };
        let error = uow.imports().create(negative).await.unwrap_err();
        assert!(matches!(error, StoreError::Invalid { .. }), "{error}");
    }

    async fn an_import_goes_from_pending_to_completed_and_keeps_what_was_said(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let id = import(&uow, "vms.csv").await.id;
        let flow = master_flow(&uow).await;
        uow.imports().link_flow(id, flow).await.unwrap();
        uow.imports().set_status(id, ImportStatus::Processing).await.unwrap();
        let shape = SourceShape {
            source_format: Some("csv".to_owned()),
            columns: vec!["Name".to_owned(), "IP".to_owned()],
            header_fingerprint: Some("f1".to_owned()),
        };
        uow.imports().set_shape(id, &shape).await.unwrap();
        uow.imports().update_progress(id, Some(10), 4, 1, 40.0).await.unwrap();
        let done = uow.imports().complete(id, json!({"assets": 3})).await.unwrap();
        assert_eq!(done.status, ImportStatus::Completed);
        assert_eq!((done.total_records, done.processed_records, done.failed_records), (Some(10), 4, 1));
        assert_eq!(done.source_columns, json!(["Name", "IP"]));
        assert_eq!(done.summary, json!({"assets": 3}));
        assert!((done.progress_percentage - 100.0).abs() < f64::EPSILON);
        assert!(done.started_at.is_some() && done.completed_at.is_some());
        assert_eq!(done.version, 6);
        assert!(matches!(uow.imports().cancel(id).await, Err(StoreError::Invalid { .. })));
    }

    async fn a_failure_needs_a_type_and_is_kept_with_its_details(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let id = import(&uow, "broken.xlsx").await.id;
        assert!(matches!(uow.imports().fail(id, "broken", json!({})).await, Err(StoreError::Invalid { .. })));
        let details = json!({"type": "not_tabular", "row": 7});
        let failed = uow.imports().fail(id, "row 7 has no columns", details.clone()).await.unwrap();
        assert_eq!(failed.status, ImportStatus::Failed);
        assert_eq!(failed.error_message.as_deref(), Some("row 7 has no columns"));
        assert_eq!(failed.error_details, Some(details));
    }

    async fn imports_are_found_by_state_system_and_flow(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let flow = master_flow(&uow).await;
        let first = import(&uow, "a.csv").await.id;
        let second = NewImport {
            filename: "b.csv".to_owned(),
            source_system: Some("vcenter".to_owned()),
            master_flow_id: Some(flow),
            ..NewImport::default()
        };
        let second = uow.imports().create(second).await.unwrap().id;
        uow.imports().cancel(first).await.unwrap();
        let found = async |filter: ImportFilter| {
            let page = uow.imports().list(&filter, &PageRequest::default()).await.unwrap();
            assert_eq!(uow.imports().count(&filter).await.unwrap(), page.items.len() as u64);
            page.items.into_iter().map(|row| row.id).collect::<Vec<_>>()
        };
        assert_eq!(found(ImportFilter::default()).await, [second, first]);
        let cancelled = ImportFilter { statuses: vec![ImportStatus::Cancelled], ..ImportFilter::default() };
        assert_eq!(found(cancelled).await, [first]);
        let by_system = ImportFilter { source_system: Some("vcenter".to_owned()), ..ImportFilter::default() };
        assert_eq!(found(by_system).await, [second]);
        let by_flow = ImportFilter { master_flow_id: Some(flow), ..ImportFilter::default() };
        assert_eq!(found(by_flow).await, [second]);
    }

    async fn a_description_is_changed_only_in_the_version_that_was_seen(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let id = import(&uow, "a.csv").await.id;
        let changed = uow.imports().describe(id, 1, Some("A".to_owned()), Some(Some("all".to_owned()))).await.unwrap();
        assert_eq!((changed.import_name.as_str(), changed.description.as_deref(), changed.version), ("A", Some("all"), 2));
        let error = uow.imports().describe(id, 1, Some("B".to_owned()), None).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict { expected: 1, actual: 2, .. }), "{error}");
    }
}
