use super::{
    V3Phase, flow_status, flow_status_to_v3, flow_statuses_of, import_status, mapping_status, match_type,
    role,
};
use landfall_domain::{FlowStatus, ImportStatus, MappingStatus, MatchType, Phase, Role};

#[test]
fn every_state_of_a_flow_has_a_v3_word_that_reads_back_except_that_waiting_is_paused() {
    for status in FlowStatus::ALL.iter().copied() {
        let expected = if status == FlowStatus::Waiting {
            FlowStatus::Paused
        } else {
            status
        };
        assert_eq!(flow_status(flow_status_to_v3(status)), Some(expected));
        assert_eq!(flow_status(status.as_str()), Some(status));
    }
    assert_eq!(flow_status("initializing"), Some(FlowStatus::Pending));
    assert_eq!(flow_status("WAITING_FOR_USER"), Some(FlowStatus::Waiting));
    assert_eq!(flow_status("asleep"), None);
}

#[test]
fn a_filter_for_paused_flows_finds_waiting_ones_but_not_the_other_way_round() {
    assert_eq!(
        flow_statuses_of("paused"),
        [FlowStatus::Paused, FlowStatus::Waiting]
    );
    assert_eq!(flow_statuses_of("waiting"), [FlowStatus::Waiting]);
    assert_eq!(flow_statuses_of("in_progress"), [FlowStatus::Running]);
    assert_eq!(flow_statuses_of("completed"), [FlowStatus::Completed]);
    assert!(flow_statuses_of("asleep").is_empty());
}

#[test]
fn every_phase_of_ours_has_v3_phases_and_every_v3_phase_reads_back() {
    for phase in Phase::ALL {
        assert!(V3Phase::of(phase).count() >= 1, "{phase}");
        assert_eq!(
            V3Phase::parse(phase.as_str()).and_then(V3Phase::phase),
            Some(phase)
        );
    }
    for phase in V3Phase::ALL {
        assert_eq!(V3Phase::parse(phase.as_str()), Some(phase));
    }
    assert_eq!(V3Phase::of(Phase::DependencyAnalysis).count(), 2);
    assert_eq!(V3Phase::parse("attribute_mapping"), Some(V3Phase::FieldMapping));
    assert_eq!(V3Phase::Completed.phase(), None);
    assert_eq!(V3Phase::parse("lunch"), None);
}

#[test]
fn words_that_real_imports_and_mappings_bear_are_understood() {
    assert_eq!(
        import_status("discovery_initiated"),
        Some(ImportStatus::Processing)
    );
    assert_eq!(import_status("discovery_failed"), Some(ImportStatus::Failed));
    assert_eq!(import_status("UPLOADED"), Some(ImportStatus::Pending));
    assert_eq!(import_status("cancelled"), Some(ImportStatus::Cancelled));
    assert_eq!(mapping_status("pending"), Some(MappingStatus::Suggested));
    assert_eq!(mapping_status("implemented"), Some(MappingStatus::Approved));
    assert_eq!(match_type("ai_suggested"), Some(MatchType::Semantic));
    assert_eq!(match_type("direct"), Some(MatchType::Exact));
    assert_eq!(match_type("alias"), Some(MatchType::Alias));
    assert_eq!(match_type("psychic"), None);
}

#[test]
fn levels_of_access_become_roles_and_a_strange_word_becomes_none() {
    for (word, expected) in [
        ("read_only", Some(Role::Viewer)),
        ("READ_WRITE", Some(Role::Editor)),
        ("engagement_manager", Some(Role::Approver)),
        ("super_admin", Some(Role::Admin)),
        ("approver", Some(Role::Approver)),
        ("owner", None),
    ] {
        assert_eq!(role(word), expected, "{word}");
    }
}
