use crate::world::{AssetMaker, World};
use landfall_domain::PageRequest;
use landfall_repositories::{ApplicationFilter, NewApplication, NewProposal, ProposalFilter, StoreError};
use landfall_testkit::both_backends;

fn application(name: &str) -> NewApplication {
    NewApplication {
        name: name.to_owned(),
        ..NewApplication::default()
    }
}

both_backends! {
    async fn an_application_bears_its_own_tags_and_those_of_its_assets(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let web = AssetMaker::new(&uow).await.named(&uow, "web").await;
        let shop = uow.applications().create(application("Shop")).await.unwrap();
        let other = uow.applications().create(application("Other")).await.unwrap();
        uow.applications().add_assets(shop.id, &[web], "manual").await.unwrap();
        let java = uow.tags().obtain("Language", "Java", None).await.unwrap();
        let dmz = uow.tags().obtain("Network", "DMZ", None).await.unwrap();
        uow.tags().assign(web, java.id).await.unwrap();
        uow.applications().add_tags(shop.id, &[dmz.id], "manual").await.unwrap();
        uow.applications().add_tags(shop.id, &[dmz.id, java.id], "assessment").await.unwrap();
        assert_eq!(uow.applications().add_tags(shop.id, &[dmz.id], "manual").await.unwrap(), 0);

        let said = |found: Vec<(uuid::Uuid, landfall_repositories::entities::tags::Model, String)>| {
            found.into_iter().map(|(id, tag, source)| (id, tag.name, source)).collect::<Vec<_>>()
        };
        let of = |name: &str, source: &str| (shop.id, name.to_owned(), source.to_owned());
        let both = [shop.id, other.id];
        assert_eq!(
            said(uow.applications().tags(&both).await.unwrap()),
            [of("Java", "assessment"), of("Java", "assets"), of("DMZ", "assessment"), of("DMZ", "manual")]
        );
        // What an assessment says goes with it; what a person says stays.
        assert_eq!(uow.applications().remove_tags(shop.id, None, "assessment").await.unwrap(), 2);
        assert_eq!(said(uow.applications().tags(&both).await.unwrap()), [of("Java", "assets"), of("DMZ", "manual")]);
    }

    async fn applications_are_found_by_the_beginning_of_their_name_and_by_their_assets(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let web = AssetMaker::new(&uow).await.named(&uow, "web").await;
        let shop = uow.applications().create(application("Web Shop")).await.unwrap();
        let portal = uow.applications().create(application("Web Portal")).await.unwrap();
        uow.applications().create(application("Archive")).await.unwrap();
        uow.applications().add_assets(shop.id, &[web], "manual").await.unwrap();
        let list = |filter: ApplicationFilter| {
            let uow = &uow;
            async move {
                let page = uow.applications().list(&filter, &PageRequest::default()).await.unwrap();
                assert_eq!(page.items.len() as u64, uow.applications().count(&filter).await.unwrap());
                page.items.into_iter().map(|row| row.id).collect::<Vec<_>>()
            }
        };
        let prefix = ApplicationFilter { name_prefix: Some("WEB".to_owned()), ..ApplicationFilter::default() };
        assert_eq!(list(prefix).await, [portal.id, shop.id]);
        let of_asset = ApplicationFilter { asset_id: Some(web), ..ApplicationFilter::default() };
        assert_eq!(list(of_asset).await, [shop.id]);
        assert_eq!(uow.applications().memberships(&[web]).await.unwrap(), [(web, shop.id)]);
        assert_eq!(uow.applications().asset_counts(&[shop.id, portal.id]).await.unwrap(), [(shop.id, 1)]);
    }

    async fn what_was_decided_on_is_not_proposed_again(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let web = AssetMaker::new(&uow).await.named(&uow, "web").await;
        let proposal = |name: &str| NewProposal {
            name: name.to_owned(),
            source: "dependencies".to_owned(),
            rationale: "they talk".to_owned(),
            confidence_score: 0.5,
            fingerprint: name.to_owned(),
            assets: vec![web],
        };
        let first = ["a", "b", "c"].map(proposal).to_vec();
        assert_eq!(uow.proposals().replace(&["dependencies"], first).await.unwrap(), 3);
        let all = ProposalFilter::default();
        let found = uow.proposals().list(&all, &PageRequest::default()).await.unwrap().items;
        let shop = uow.applications().create(application("Shop")).await.unwrap();
        uow.proposals().decide(&found[0], None).await.unwrap();
        let accepted = uow.proposals().decide(&found[1], Some(shop.id)).await.unwrap();
        assert_eq!((accepted.status.as_str(), accepted.application_id), ("accepted", Some(shop.id)));
        let late = uow.proposals().decide(&found[1], None).await.unwrap_err();
        assert!(matches!(late, StoreError::Conflict { .. }), "{late}");

        let again = ["a", "b", "d"].map(proposal).to_vec();
        assert_eq!(uow.proposals().replace(&["dependencies"], again).await.unwrap(), 1);
        let left: Vec<(String, String)> = uow.proposals().list(&all, &PageRequest::default()).await.unwrap()
            .items.into_iter().map(|row| (row.name, row.status)).collect();
        let is = |name: &str, status: &str| (name.to_owned(), status.to_owned());
        assert_eq!(left, [is("a", "rejected"), is("b", "accepted"), is("d", "proposed")]);

        uow.commit().await.unwrap();
        let foreign = world.store.begin(&world.theirs).await.unwrap();
        assert!(foreign.proposals().list(&all, &PageRequest::default()).await.unwrap().items.is_empty());
    }
}
