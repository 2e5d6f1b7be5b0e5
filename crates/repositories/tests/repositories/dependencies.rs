use crate::world::{AssetMaker, World};
use landfall_domain::{AssetId, PageRequest, RiskLevel};
use landfall_repositories::{
    ApplicationPatch, DependencyFilter, DependencyPatch, FindingFilter, NewApplication, NewDependency,
    NewFinding, StoreError,
};
use landfall_testkit::both_backends;

fn observed(from: AssetId, to: AssetId, port: i32, weight: f64) -> NewDependency {
    NewDependency {
        port,
        weight,
        is_hard: false,
        source: "flow log".to_owned(),
        ..NewDependency::stated(from, to)
    }
}

both_backends! {
    async fn observations_of_one_dependency_add_their_weight(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let maker = AssetMaker::new(&uow).await;
        let (web, db) = (maker.named(&uow, "web").await, maker.named(&uow, "db").await);
        let first = uow.dependencies().add(observed(web, db, 5432, 2.5)).await.unwrap();
        let again = uow.dependencies().add(observed(web, db, 5432, 4.0)).await.unwrap();
        assert_eq!((again.id, again.version), (first.id, 2));
        assert!((again.weight - 6.5).abs() < f64::EPSILON);
        assert!(!again.is_hard);
        // Within one batch, too, and a hard observation makes it hard; another port is another dependency.
        let hard = NewDependency { port: 5432, ..NewDependency::stated(web, db) };
        let batch = vec![observed(web, db, 5432, 1.0), hard, observed(web, db, 22, 1.0), observed(db, web, 0, 1.0)];
        uow.dependencies().add_all(batch).await.unwrap();
        let after = uow.dependencies().get(first.id).await.unwrap();
        assert!((after.weight - 8.5).abs() < f64::EPSILON);
        assert!(after.is_hard);
        assert_eq!(uow.dependencies().count(DependencyFilter::All).await.unwrap(), 3);
        assert_eq!(uow.dependencies().count(DependencyFilter::NeededBy(web)).await.unwrap(), 2);
        let needing = uow.dependencies().list(DependencyFilter::Needing(web), &PageRequest::default()).await.unwrap();
        assert_eq!(needing.items.iter().map(|row| row.asset_id).collect::<Vec<_>>(), [db]);
    }

    async fn a_dependency_on_itself_or_on_an_unknown_asset_is_refused(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let web = AssetMaker::new(&uow).await.named(&uow, "web").await;
        let error = uow.dependencies().add(NewDependency::stated(web, web)).await.unwrap_err();
        assert!(matches!(error, StoreError::Invalid { .. }), "{error}");
        let error = uow.dependencies().add(NewDependency::stated(web, AssetId::new())).await.unwrap_err();
        assert!(matches!(error, StoreError::MissingReference { .. }), "{error}");
    }

    async fn a_dependency_is_changed_in_the_version_that_was_seen_and_goes_with_its_asset(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let maker = AssetMaker::new(&uow).await;
        let (web, db) = (maker.named(&uow, "web").await, maker.named(&uow, "db").await);
        let id = uow.dependencies().add(NewDependency::stated(web, db)).await.unwrap().id;
        let soft = DependencyPatch { is_hard: Some(false), ..DependencyPatch::default() };
        assert!(!uow.dependencies().update(id, 1, soft.clone()).await.unwrap().is_hard);
        let error = uow.dependencies().update(id, 1, soft).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict { actual: 2, .. }), "{error}");
        uow.assets().delete(db).await.unwrap();
        assert!(matches!(uow.dependencies().get(id).await, Err(StoreError::NotFound { .. })));
    }

    async fn an_application_is_one_whatever_its_letter_case_and_holds_its_assets(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let maker = AssetMaker::new(&uow).await;
        let (web, db) = (maker.named(&uow, "web").await, maker.named(&uow, "db").await);
        let shop = NewApplication { name: "Web  Shop".to_owned(), ..NewApplication::default() };
        let shop = uow.applications().create(shop).await.unwrap();
        assert_eq!(uow.applications().find("web shop ").await.unwrap(), Some(shop.clone()));
        assert_eq!(uow.applications().add_assets(shop.id, &[web, db], "manual").await.unwrap(), 2);
        assert_eq!(uow.applications().add_assets(shop.id, &[web], "manual").await.unwrap(), 0);
        assert_eq!(uow.applications().of_asset(db).await.unwrap(), [shop.id]);
        uow.applications().remove_asset(shop.id, db).await.unwrap();
        let members = uow.applications().assets(shop.id, &PageRequest::default()).await.unwrap();
        assert_eq!(members.items.iter().map(|row| row.asset_id).collect::<Vec<_>>(), [web]);
        let rename = ApplicationPatch { name: Some("Shop".to_owned()), ..ApplicationPatch::default() };
        assert_eq!(uow.applications().update(shop.id, 1, rename).await.unwrap().name_key, "shop");
        let again = NewApplication { name: "SHOP".to_owned(), ..NewApplication::default() };
        assert!(matches!(uow.applications().create(again).await, Err(StoreError::Duplicate { .. })));
    }

    async fn a_tag_is_made_once_and_is_borne_by_the_assets_it_was_put_on(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let maker = AssetMaker::new(&uow).await;
        let (web, db) = (maker.named(&uow, "web").await, maker.named(&uow, "db").await);
        let tag = uow.tags().obtain("env", "prod", None).await.unwrap();
        assert_eq!(uow.tags().obtain("env", "prod", None).await.unwrap().id, tag.id);
        for _ in 0..2 {
            uow.tags().assign(web, tag.id).await.unwrap();
        }
        let borne = uow.tags().of_assets(&[web, db]).await.unwrap();
        assert_eq!(borne.iter().map(|(asset, tag)| (*asset, tag.id)).collect::<Vec<_>>(), [(web, tag.id)]);
        uow.tags().unassign(web, tag.id).await.unwrap();
        assert!(matches!(uow.tags().unassign(web, tag.id).await, Err(StoreError::NotFound { .. })));
        uow.tags().delete(tag.id).await.unwrap();
        assert!(uow.tags().list().await.unwrap().is_empty());
    }

    async fn a_newer_finding_of_the_same_product_replaces_the_older(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let web = AssetMaker::new(&uow).await.named(&uow, "web").await;
        let finding = |severity, product: &str| NewFinding {
            asset_id: web,
            discovery_flow_id: None,
            kind: "operating_system".to_owned(),
            severity,
            product: product.to_owned(),
            product_version: Some("7".to_owned()),
            end_of_support: Some("2024-06-30".to_owned()),
            explanation: "support has ended".to_owned(),
            catalogue_source: "vendor".to_owned(),
            catalogue_date: "2026-01-01".to_owned(),
        };
        uow.findings().put(vec![finding(RiskLevel::High, "CentOS"), finding(RiskLevel::Low, "OpenSSL")]).await.unwrap();
        uow.findings().put(vec![finding(RiskLevel::Critical, "CentOS")]).await.unwrap();
        let all = FindingFilter::default();
        assert_eq!(uow.findings().list(&all, &PageRequest::default()).await.unwrap().items.len(), 2);
        let mut counts = uow.findings().count_by_severity(&all).await.unwrap();
        counts.sort();
        assert_eq!(counts, [(RiskLevel::Low, 1), (RiskLevel::Critical, 1)]);
        assert_eq!(uow.findings().clear(web).await.unwrap(), 2);
    }
}
