//! What becomes of rows.

use crate::world::World;
use landfall_domain::{AssetType, ImportStatus, PageRequest};
use landfall_repositories::AssetPatch;
use landfall_testkit::both_backends;

pub(crate) const SERVERS: &str = "\
hostname,ip_address,name,operating_system,cpu_cores,ram_gb,environment,application,depends_on,Colour Code
web01.example.com,10.0.0.1,Web 1,Ubuntu 20.04,4,16,prod,Shop,db01,12
web02.example.com,10.0.0.2,Web 2,Ubuntu 20.04,4,16,Production,Shop,db01,13
db01.example.com,10.0.0.3,Database,Windows Server 2008 R2,16,64,PROD,Shop,,14
app01.example.com,999.1.1.1,App,Red Hat Enterprise Linux 8,-2,32,test,Billing,\"web01,db01,ghost\",
,,,,,,,,,
";

both_backends! {
    async fn rows_become_assets_with_every_fault_told_and_nothing_dropped(database: TestDatabase) {
        let world = World::new(database).await;
        let import = world.import("servers.csv", SERVERS).await;
        assert_eq!(import.status, ImportStatus::Completed, "{:?} {:?}", import.error_message, import.error_details);
        assert_eq!(import.progress_percentage, 100.0);

        let web = world.asset("Web 1").await;
        assert_eq!(web.hostname.as_deref(), Some("web01"));
        assert_eq!(web.fqdn.as_deref(), Some("web01.example.com"));
        assert_eq!((web.cpu_cores, web.memory_gb), (Some(4), Some(16.0)));
        assert_eq!(web.environment.as_deref(), Some("Production"));
        assert_eq!(web.asset_type, AssetType::Server);
        assert_eq!(web.custom_attributes["Colour Code"], "12");
        assert!(web.master_flow_id.is_some() && web.discovery_flow_id.is_some());

        let app = world.asset("App").await;
        assert_eq!((app.ip_address, app.cpu_cores), (None, None));
        assert_eq!(app.custom_attributes["ip_address"], "999.1.1.1");
        assert_eq!(world.assets().await.len(), 4);

        let errors =
            world.services.import_errors(&world.scope, import.id, &PageRequest::first(100)).await.unwrap();
        let rules: Vec<_> = errors
            .items
            .iter()
            .flat_map(|row| row.errors.iter().map(|e| (row.row_number.unwrap(), e["rule"].as_str().unwrap())))
            .collect();
        assert!(rules.contains(&(5, "ip_address")), "{rules:?}");
        assert!(rules.iter().any(|(row, rule)| *row == 5 && *rule == "range"), "{rules:?}");
    }

    async fn a_name_that_nobody_has_is_looked_up_again_when_a_later_import_brings_it(database: TestDatabase) {
        let world = World::new(database).await;
        let first = world.import("servers.csv", SERVERS).await;
        assert_eq!(first.summary["dependencies"]["waiting"], 1);
        let second = world.import("more.csv", "hostname,ip_address\nghost,10.0.0.9\n").await;
        assert_eq!(second.summary["dependencies"]["resolved_later"], 1, "{}", second.summary);
        let to_ghost = |edges: Vec<(String, String, _)>| edges.into_iter().find(|(_, to, _)| to == "ghost");
        let (from, _, edge) = to_ghost(world.dependencies().await).unwrap();
        assert_eq!((from.as_str(), edge.data_import_id), ("App", Some(first.id)), "it is what the first import says");
        let third = world.import("third.csv", "hostname,ip_address\nother,10.0.0.8\n").await;
        assert_eq!(third.summary["dependencies"]["resolved_later"], 0, "it is found once");

        world.services.undo(&world.scope, first.id).await.unwrap();
        assert!(to_ghost(world.dependencies().await).is_none());
    }

    async fn dependencies_join_known_assets_and_unknown_names_are_reported(database: TestDatabase) {
        let world = World::new(database).await;
        let import = world.import("servers.csv", SERVERS).await;
        let edges: Vec<_> = world.dependencies().await.into_iter().map(|(from, to, _)| (from, to)).collect();
        let edge = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(
            edges,
            [edge("App", "Database"), edge("App", "Web 1"), edge("Web 1", "Database"), edge("Web 2", "Database")]
        );
        assert_eq!(import.summary["dependencies"]["unresolved"], 1);
        assert_eq!(import.summary["dependencies"]["unresolved_names"][0]["name"], "ghost");
    }

    async fn what_is_out_of_support_is_found_and_explained(database: TestDatabase) {
        let world = World::new(database).await;
        world.import("servers.csv", SERVERS).await;
        let uow = world.services.store().begin_read(&world.scope).await.unwrap();
        let findings = uow.findings().list(&Default::default(), &PageRequest::first(100)).await.unwrap();
        let database = world.asset("Database").await;
        let found = findings.items.iter().find(|finding| finding.asset_id == database.id).unwrap();
        assert!(found.product.contains("Windows Server"), "{}", found.product);
        assert!(found.explanation.contains("2008"), "{}", found.explanation);
    }

    async fn a_second_import_updates_the_same_assets_and_keeps_what_a_person_said(database: TestDatabase) {
        let world = World::new(database).await;
        world.import("servers.csv", SERVERS).await;
        let web = world.asset("Web 1").await;
        let uow = world.services.store().begin(&world.scope).await.unwrap();
        let fields = [("environment".to_owned(), serde_json::json!("Staging"))].into_iter().collect();
        let patch = AssetPatch { fields, ..AssetPatch::default() };
        uow.assets().update(web.id, web.version, &patch).await.unwrap();
        uow.commit().await.unwrap();

        let second = SERVERS.replace(",4,16,prod,", ",8,32,prod,");
        let import = world.import("servers.csv", &second).await;
        assert_eq!(world.assets().await.len(), 4);
        assert_eq!(import.summary["inventory"]["updated"], 4);
        assert_eq!(import.summary["inventory"]["created"], 0);
        let web = world.asset("Web 1").await;
        assert_eq!((web.cpu_cores, web.memory_gb), (Some(8), Some(32.0)));
        assert_eq!(web.environment.as_deref(), Some("Staging"));
        assert_eq!(world.dependencies().await.len(), 4);
    }

    async fn rows_of_one_file_that_are_the_same_machine_make_one_asset(database: TestDatabase) {
        let world = World::new(database).await;
        let file = "hostname,serial,os\na,SN1,AIX 7.2\nb,SN2,AIX 7.2\nA,sn1,AIX 7.3\nc,SN2,AIX 7.2\n";
        let import = world.import("machines.csv", file).await;
        let assets = world.assets().await;
        let names: Vec<_> = assets.iter().map(|asset| asset.name.as_str()).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        assert_eq!(import.summary["inventory"]["merged"], 1);
        assert_eq!(import.summary["inventory"]["conflicts"], 1);
    }

    async fn a_profile_is_learnt_and_chosen_by_itself_for_the_next_file(database: TestDatabase) {
        let world = World::new(database).await;
        let options = landfall_services::imports::ImportOptions {
            mapping: [("Zuordnung".to_owned(), "department".to_owned())].into_iter().collect(),
            ..Default::default()
        };
        world.upload("a.csv", "hostname,Zuordnung\na,Sales\n", options).await;
        world.work().await;
        let second = world.import("b.csv", "hostname,Zuordnung\nb,Finance\n").await;
        assert_eq!(second.status, ImportStatus::Completed);
        assert_eq!(world.asset("b").await.department.as_deref(), Some("Finance"));
    }
}
