use crate::world::{World, import};
use landfall_domain::{MappingStatus, MatchType, PageRequest};
use landfall_repositories::{Decision, NewMapping, NewProfile, StoreError};
use landfall_testkit::both_backends;
use serde_json::json;

fn proposal(column: &str, target: Option<&str>, confidence: f64) -> NewMapping {
    NewMapping {
        source_field: column.to_owned(),
        target_field: target.map(str::to_owned),
        match_type: MatchType::Fuzzy,
        confidence_score: Some(confidence),
        status: MappingStatus::Suggested,
        reason: None,
        alternatives: json!([]),
        suggested_by: Some("names".to_owned()),
        transformation_rules: json!({}),
    }
}

both_backends! {
    async fn new_proposals_replace_old_ones_but_not_what_a_person_decided(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let import = import(&uow, "a.csv").await.id;
        let first = vec![proposal("Host", Some("hostname"), 0.9), proposal("Adr", Some("ip_address"), 0.5)];
        let first = uow.mappings().replace_suggestions(import, None, first).await.unwrap();
        assert_eq!(first.iter().map(|row| row.source_field.as_str()).collect::<Vec<_>>(), ["Host", "Adr"]);
        let decision = Decision::Modify { target_field: "fqdn".to_owned(), transformation_rules: None };
        uow.mappings().decide(first[0].id, 1, &decision).await.unwrap();

        let second = vec![proposal("Host", Some("name"), 1.0), proposal("Adr", Some("mac_address"), 0.6)];
        let second = uow.mappings().replace_suggestions(import, None, second).await.unwrap();
        let targets: Vec<_> =
            second.iter().map(|row| (row.source_field.as_str(), row.target_field.as_deref().unwrap())).collect();
        assert_eq!(targets, [("Host", "fqdn"), ("Adr", "mac_address")]);
        assert_eq!(second[0].status, MappingStatus::Modified);
        assert_eq!(second[0].approved_by.as_deref(), Some("test"));
    }

    async fn a_decision_needs_the_version_that_was_seen_and_a_field_that_exists(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let import = import(&uow, "a.csv").await.id;
        let proposals = vec![proposal("Host", Some("hostname"), 0.9)];
        let id = uow.mappings().replace_suggestions(import, None, proposals).await.unwrap()[0].id;
        let nonsense = Decision::Modify { target_field: "colour".to_owned(), transformation_rules: None };
        let error = uow.mappings().decide(id, 1, &nonsense).await.unwrap_err();
        assert!(error.to_string().contains("'colour'"), "{error}");
        assert_eq!(uow.mappings().decide(id, 1, &Decision::Approve).await.unwrap().status, MappingStatus::Approved);
        let error = uow.mappings().decide(id, 1, &Decision::Reject).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict { actual: 2, .. }), "{error}");
        let rejected = uow.mappings().decide_column(import, "Host", &Decision::Reject).await.unwrap();
        assert_eq!(rejected.status, MappingStatus::Rejected);
        let error = uow.mappings().decide_column(import, "Nowhere", &Decision::Reject).await.unwrap_err();
        assert!(matches!(error, StoreError::NotFound { .. }), "{error}");
    }

    async fn certain_proposals_are_approved_together(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let import = import(&uow, "a.csv").await.id;
        let proposals = vec![
            proposal("Host", Some("hostname"), 0.9),
            proposal("Adr", Some("ip_address"), 0.5),
            proposal("Junk", None, 0.95),
        ];
        uow.mappings().replace_suggestions(import, None, proposals).await.unwrap();
        assert_eq!(uow.mappings().decide_suggested(import, 0.8, &Decision::Approve).await.unwrap(), 1);
        let statuses: Vec<_> = uow.mappings().list(import).await.unwrap().into_iter().map(|row| row.status).collect();
        assert_eq!(statuses, [MappingStatus::Approved, MappingStatus::Suggested, MappingStatus::Suggested]);
        assert_eq!(uow.mappings().clear(import).await.unwrap(), 3);
    }

    async fn the_newest_version_of_a_profile_is_the_one_that_is_found(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let profile = |field: &str| NewProfile {
            name: "RVTools".to_owned(),
            description: None,
            fingerprint: "f1".to_owned(),
            source_format: Some("rvtools".to_owned()),
            columns: json!(["VM"]),
            mappings: json!({ "VM": field }),
        };
        assert_eq!(uow.profiles().find("f1").await.unwrap(), None);
        let first = uow.profiles().save(profile("hostname")).await.unwrap();
        let second = uow.profiles().save(profile("name")).await.unwrap();
        assert_eq!((first.profile_version, second.profile_version), (1, 2));
        uow.profiles().mark_used(second.id).await.unwrap();
        let found = uow.profiles().find("f1").await.unwrap().unwrap();
        assert_eq!((found.id, found.usage_count), (second.id, 1));
        assert!(found.last_used_at.is_some());
        let active = uow.profiles().list(&PageRequest::default()).await.unwrap();
        assert_eq!(active.items.iter().map(|row| row.id).collect::<Vec<_>>(), [second.id]);
        assert!(!uow.profiles().get(first.id).await.unwrap().is_active);
    }
}
