use crate::world::{AssetMaker, World, master_flow};
use landfall_domain::{AssessmentStatus, AssessmentType, PageRequest, RiskLevel, SixrStrategy};
use landfall_repositories::{
    ArchetypePatch, AssessmentFilter, AssessmentState, AssessmentSubject, Concern, NewApplication,
    NewArchetype, NewAssessment, NewPriceCatalogue, NewQuestionnaire, NewStakeholder, QuestionnairePatch,
    ReviewFilter, ReviewSubject, StakeholderPatch, StoreError, TagPurpose, Uow, Verdict,
};
use landfall_testkit::both_backends;
use serde_json::json;
use uuid::Uuid;

async fn application(uow: &Uow, name: &str) -> Uuid {
    let new = NewApplication {
        name: name.to_owned(),
        ..NewApplication::default()
    };
    uow.applications().create(new).await.unwrap().id
}

async fn questionnaire(uow: &Uow, name: &str) -> Uuid {
    let new = NewQuestionnaire {
        name: name.to_owned(),
        description: None,
        is_required: true,
        source: "manual".to_owned(),
        document: json!({ "name": name }),
    };
    uow.questionnaires().create(new).await.unwrap().id
}

fn state(status: AssessmentStatus, risk_level: Option<RiskLevel>) -> AssessmentState {
    AssessmentState {
        status,
        risk_level,
        confidence_level: 0.7,
        identified_risks: json!([]),
        risk_mitigation: json!([]),
        results: json!({ "answers": 1 }),
    }
}

both_backends! {
    async fn an_assessment_is_made_changed_under_its_version_and_found_by_what_it_is_of(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let (shop, form) = (application(&uow, "Shop").await, questionnaire(&uow, "Form").await);
        assert_eq!(uow.assessments().flow().await.unwrap(), None);
        let new = NewAssessment {
            subject: AssessmentSubject::Application(shop),
            questionnaire_id: form,
            title: "Form of Shop".to_owned(),
            master_flow_id: master_flow(&uow).await,
            state: state(AssessmentStatus::Pending, None),
        };
        let made = uow.assessments().create(new).await.unwrap();
        let done = state(AssessmentStatus::Completed, Some(RiskLevel::High));
        let changed = uow.assessments().update(made.id, 1, done.clone()).await.unwrap();
        assert_eq!((changed.version, changed.risk_level), (2, Some(RiskLevel::High)));
        assert!(changed.assessment_date.is_some());
        let late = uow.assessments().update(made.id, 1, done).await.unwrap_err();
        assert!(matches!(late, StoreError::Conflict { actual: 2, .. }), "{late}");
        for (filter, found) in [
            (AssessmentFilter { risk_level: Some(RiskLevel::High), ..AssessmentFilter::default() }, 1),
            (AssessmentFilter { risk_level: Some(RiskLevel::Low), ..AssessmentFilter::default() }, 0),
            (AssessmentFilter { subject: Some(AssessmentSubject::Application(shop)), ..AssessmentFilter::default() }, 1),
            (AssessmentFilter { subject: Some(AssessmentSubject::Archetype(shop)), ..AssessmentFilter::default() }, 0),
            (AssessmentFilter { questionnaire_id: Some(form), status: Some(AssessmentStatus::Completed), ..AssessmentFilter::default() }, 1),
            (AssessmentFilter { assessment_type: Some(AssessmentType::CostAnalysis), ..AssessmentFilter::default() }, 0),
        ] {
            assert_eq!(uow.assessments().list(&filter, &PageRequest::default()).await.unwrap().items.len(), found, "{filter:?}");
        }
        assert_eq!(uow.assessments().by_questionnaire(&[shop], &[]).await.unwrap().len(), 1);
        // What answers hang on cannot go.
        assert!(matches!(uow.questionnaires().delete(form).await, Err(StoreError::MissingReference { .. })));
    }

    async fn sizes_are_replaced_and_added_up_and_go_with_their_asset(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let maker = AssetMaker::new(&uow).await;
        let (web, db) = (maker.named(&uow, "web").await, maker.named(&uow, "db").await);
        let flow = master_flow(&uow).await;
        let size = |asset, risk_level, target: Option<i64>| {
            let mut row = uow.assessments().blank(flow, AssessmentType::TechnicalAssessment, "Size".to_owned());
            row.asset_id = Some(asset);
            row.risk_level = risk_level;
            row.current_cost = Some(1_000);
            row.estimated_target_cost = target;
            row.results = json!({ "data_points": { "available": 2_000, "needed": 8_000 } });
            row
        };
        let rows = vec![size(web, Some(RiskLevel::Low), Some(700)), size(db, None, None)];
        let newer = vec![size(web, Some(RiskLevel::Low), Some(900))];
        uow.commit().await.unwrap();
        for batch in [(vec![web, db], rows), (vec![web], newer)] {
            let mut bulk = world.store.begin_bulk(world.ours.clone()).await.unwrap();
            bulk.replace_sizes(&batch.0, batch.1).await.unwrap();
            bulk.commit().await.unwrap();
        }
        let uow = world.begin().await;
        let mut totals = uow.assessments().size_totals().await.unwrap();
        totals.sort_by_key(|total| total.risk_level);
        let facts: Vec<_> = totals.iter()
            .map(|total| (total.risk_level, total.machines, total.current_cost, total.target_cost, total.available, total.needed))
            .collect();
        assert_eq!(facts, [(None, 1, 1_000, 0, 2_000, 8_000), (Some(RiskLevel::Low), 1, 1_000, 900, 2_000, 8_000)]);
        uow.assets().delete(web).await.unwrap();
        assert_eq!(uow.assessments().size_totals().await.unwrap().len(), 1);
        assert!(uow.assessments().machine_details(&[db]).await.unwrap().disks.is_empty());
    }

    async fn archetypes_and_stakeholders_keep_their_tags_and_roles(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let java = uow.tags().obtain("Language", "Java", None).await.unwrap();
        let jvm = uow.tags().obtain("Runtime", "JVM", None).await.unwrap();
        let new = NewArchetype { name: "Java".to_owned(), description: None };
        let kind = uow.archetypes().create(new).await.unwrap();
        uow.archetypes().set_tags(kind.id, TagPurpose::Criterion, &[java.id, jvm.id]).await.unwrap();
        uow.archetypes().set_tags(kind.id, TagPurpose::Criterion, &[java.id]).await.unwrap();
        uow.archetypes().set_tags(kind.id, TagPurpose::Given, &[jvm.id]).await.unwrap();
        let tags: Vec<_> = uow.archetypes().tags(None).await.unwrap().into_iter().map(|(_, purpose, tag)| (purpose, tag.id)).collect();
        assert_eq!(tags, [(TagPurpose::Criterion, java.id), (TagPurpose::Given, jvm.id)]);
        let rename = ArchetypePatch { name: Some("JVM".to_owned()), ..ArchetypePatch::default() };
        assert_eq!(uow.archetypes().update(kind.id, 1, rename).await.unwrap().name_key, "jvm");
        assert!(uow.archetypes().find("Jvm").await.unwrap().is_some());

        let new = NewStakeholder { name: "Ada".to_owned(), email: "ada@example.org".to_owned(), job_function: None };
        let ada = uow.stakeholders().create(new).await.unwrap();
        let patch = StakeholderPatch { job_function: Some(Some("Owner".to_owned())), ..StakeholderPatch::default() };
        assert_eq!(uow.stakeholders().update(ada.id, 1, patch).await.unwrap().job_function.as_deref(), Some("Owner"));
        let concern = Concern::Archetype(kind.id);
        uow.stakeholders().set(concern, &[(ada.id, "owner".to_owned())]).await.unwrap();
        uow.stakeholders().set(concern, &[(ada.id, "reviewer".to_owned())]).await.unwrap();
        let roles: Vec<_> = uow.stakeholders().of(concern).await.unwrap().into_iter().map(|(person, role)| (person.id, role)).collect();
        assert_eq!(roles, [(ada.id, "reviewer".to_owned())]);
        uow.stakeholders().delete(ada.id).await.unwrap();
        assert!(uow.stakeholders().of(concern).await.unwrap().is_empty());
        uow.archetypes().delete(kind.id).await.unwrap();
    }

    async fn a_subject_has_one_review_and_names_are_taken_once(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let shop = application(&uow, "Shop").await;
        let verdict = Verdict {
            proposed_action: SixrStrategy::Rehost,
            effort_estimate: "small".to_owned(),
            business_criticality: 5,
            work_priority: 7,
            comments: None,
        };
        let made = uow.reviews().create(ReviewSubject::Application(shop), verdict.clone()).await.unwrap();
        let retire = Verdict { proposed_action: SixrStrategy::Retire, ..verdict.clone() };
        assert_eq!(uow.reviews().update(made.id, 1, retire).await.unwrap().version, 2);
        assert_eq!(uow.reviews().of(ReviewSubject::Application(shop)).await.unwrap().map(|row| row.id), Some(made.id));
        let rehosting = ReviewFilter { proposed_action: Some(SixrStrategy::Rehost), ..ReviewFilter::default() };
        assert!(uow.reviews().list(&rehosting, &PageRequest::default()).await.unwrap().items.is_empty());
        let form = questionnaire(&uow, "Form").await;
        let optional = QuestionnairePatch { is_required: Some(false), ..QuestionnairePatch::default() };
        assert_eq!(uow.questionnaires().required().await.unwrap(), [form]);
        uow.questionnaires().update(form, 1, optional).await.unwrap();
        assert!(uow.questionnaires().required().await.unwrap().is_empty());
        let prices = NewPriceCatalogue {
            name: "Prices".to_owned(),
            source: "list".to_owned(),
            as_of: "2026-01-01".to_owned(),
            currency: "EUR".to_owned(),
            document: json!({}),
        };
        let kept = uow.price_catalogues().create(prices.clone()).await.unwrap();
        let newer = NewPriceCatalogue { as_of: "2026-02-01".to_owned(), ..prices.clone() };
        assert_eq!(uow.price_catalogues().replace(kept.id, 1, newer).await.unwrap().as_of, "2026-02-01");
        uow.commit().await.unwrap();
        let uow = world.begin().await;
        assert!(matches!(uow.price_catalogues().create(prices).await, Err(StoreError::Duplicate { .. })));
        drop(uow);
        let uow = world.begin().await;
        assert!(matches!(uow.reviews().create(ReviewSubject::Application(shop), verdict).await, Err(StoreError::Duplicate { .. })));
        drop(uow);
        let foreign = world.store.begin(&world.theirs).await.unwrap();
        assert!(matches!(foreign.reviews().get(made.id).await, Err(StoreError::NotFound { .. })));
    }
}
