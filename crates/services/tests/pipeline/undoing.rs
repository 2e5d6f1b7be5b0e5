//! Undoing imports.

use crate::inventory::SERVERS;
use crate::world::World;
use landfall_domain::{ImportStatus, PageRequest};
use landfall_services::imports::ImportError;
use landfall_testkit::both_backends;

both_backends! {
    async fn undoing_the_only_import_empties_the_inventory_and_keeps_the_raw_records(database: TestDatabase) {
        let world = World::new(database).await;
        let import = world.import("servers.csv", SERVERS).await;
        let report = world.services.undo(&world.scope, import.id).await.unwrap();
        assert_eq!((report.removed, report.restored, report.kept.len()), (4, 0, 0));
        assert!(world.assets().await.is_empty() && world.dependencies().await.is_empty());
        let uow = world.services.store().begin_read(&world.scope).await.unwrap();
        let counts = uow.records().counts(import.id).await.unwrap();
        drop(uow);
        assert!(counts.total >= 4 && counts.linked == 0, "{counts:?}");
        assert_eq!(world.import_row(import.id).await.status, ImportStatus::Cancelled);
        let again = world.services.undo(&world.scope, import.id).await.unwrap_err();
        assert!(matches!(again, ImportError::Gone(_)), "{again}");

        let anew = world.import("servers.csv", SERVERS).await;
        assert_eq!(anew.summary["inventory"]["created"], 4);
    }

    async fn undoing_the_later_import_brings_back_what_the_earlier_said(database: TestDatabase) {
        let world = World::new(database).await;
        world.import("servers.csv", SERVERS).await;
        let before = world.asset("Web 1").await;
        let second = SERVERS.replace(",4,16,prod,", ",8,32,prod,").replace("Colour Code", "Shelf");
        let import = world.import("servers.csv", &second).await;
        assert_eq!(world.asset("Web 1").await.cpu_cores, Some(8));
        assert_eq!(world.asset("Web 1").await.custom_attributes["Shelf"], "12");

        let report = world.services.undo(&world.scope, import.id).await.unwrap();
        assert_eq!((report.removed, report.restored), (0, 4));
        let after = world.asset("Web 1").await;
        assert_eq!((after.cpu_cores, after.memory_gb), (before.cpu_cores, before.memory_gb));
        assert_eq!(after.custom_attributes, before.custom_attributes);
        let edges = world.dependencies().await;
        assert_eq!(edges.len(), 4);
        assert!(edges.iter().all(|(_, _, edge)| (edge.weight - 1.0).abs() < 1e-9), "{edges:?}");

        let third = world.import("servers.csv", SERVERS).await;
        assert_eq!(third.summary["inventory"]["created"], 0);
    }

    async fn undoing_the_earlier_import_keeps_what_the_later_states_as_well(database: TestDatabase) {
        let world = World::new(database).await;
        let first = world.import("servers.csv", SERVERS).await;
        world.import("servers.csv", SERVERS).await;
        world.services.undo(&world.scope, first.id).await.unwrap();
        assert_eq!(world.assets().await.len(), 4);
        let web = world.asset("Web 1").await;
        let uow = world.services.store().begin_read(&world.scope).await.unwrap();
        let applications = uow.inventory().applications(&["shop".to_owned(), "billing".to_owned()]).await.unwrap();
        let members = uow.applications().assets(applications["shop"], &PageRequest::first(10)).await.unwrap();
        drop(uow);
        assert!(members.items.iter().any(|member| member.asset_id == web.id), "{members:?}");
        assert_eq!(world.dependencies().await.len(), 4);
        assert_eq!(world.import("servers.csv", SERVERS).await.summary["inventory"]["created"], 0);
    }
}
