//! Saying what would happen, and refusing what may not.

use crate::inventory::SERVERS;
use crate::world::World;
use landfall_services::imports::{ImportError, ImportOptions, UploadRequest};
use landfall_testkit::both_backends;
use std::io::Read;

both_backends! {
    async fn a_dry_run_says_what_the_import_then_does_and_stores_nothing(database: TestDatabase) {
        let world = World::new(database).await;
        let rehearse = || {
            world.services.dry_run(&world.scope, world.stage("servers.csv", SERVERS), UploadRequest::default())
        };
        let first = rehearse().await.unwrap();
        assert!(world.assets().await.is_empty());
        assert_eq!((first.inventory.created, first.inventory.updated), (4, 0));
        assert!(first.faulty_rows >= 1 && first.faults >= 2, "{} {}", first.faulty_rows, first.faults);
        let mut corrected = String::new();
        first.corrected_rows.reopen().unwrap().read_to_string(&mut corrected).unwrap();
        assert!(corrected.starts_with("hostname,ip_address,name,"), "{corrected}");
        assert!(corrected.contains("999.1.1.1"), "{corrected}");

        let import = world.import("servers.csv", SERVERS).await;
        assert_eq!(import.summary["inventory"]["created"], first.inventory.created);
        let second = rehearse().await.unwrap();
        assert_eq!((second.inventory.created, second.inventory.updated), (0, 4));
    }

    async fn a_strict_import_with_a_fault_stores_nothing(database: TestDatabase) {
        let world = World::new(database).await;
        let request = UploadRequest {
            options: ImportOptions { strict: true, ..ImportOptions::default() },
            ..UploadRequest::default()
        };
        let refused =
            world.services.upload(&world.scope, world.stage("s.csv", SERVERS), request).await.unwrap_err();
        let ImportError::Strict { faults, report } = refused else { panic!("{refused}") };
        assert_eq!(faults, report.faults);
        let uow = world.services.store().begin_read(&world.scope).await.unwrap();
        assert_eq!(uow.imports().count(&Default::default()).await.unwrap(), 0);
    }

    async fn a_mapping_that_does_not_fit_is_refused_with_every_mistake(database: TestDatabase) {
        let world = World::new(database).await;
        let mapping = [("no such column".to_owned(), "hostname".to_owned()), ("name".to_owned(), "nonsense".to_owned())];
        let request = UploadRequest {
            options: ImportOptions { mapping: mapping.into_iter().collect(), ..ImportOptions::default() },
            ..UploadRequest::default()
        };
        let refused =
            world.services.upload(&world.scope, world.stage("s.csv", SERVERS), request).await.unwrap_err().to_string();
        assert!(refused.contains("no such column") && refused.contains("nonsense"), "{refused}");
    }
}
