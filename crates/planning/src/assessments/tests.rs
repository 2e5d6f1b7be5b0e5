//! Konveyor's formulas on cases worked out by hand, and the rules of questionnaires.

mod properties;

use super::archetypes::{Assessed, memberships, standing};
use super::score::{combined_confidence, combined_risk};
use super::*;
use serde_json::json;
use std::collections::BTreeSet;

fn counts(red: u32, yellow: u32, green: u32, unknown: u32) -> RiskCounts {
    RiskCounts {
        red,
        yellow,
        green,
        unknown,
    }
}

/// Thresholds of Konveyor's own questionnaire.
const THRESHOLDS: Thresholds = Thresholds {
    red: 5,
    yellow: 30,
    unknown: 5,
};

/// Worked out by hand from the formula: counts (red, yellow, green, unknown), confidence, and the sum before it is cut.
#[rustfmt::skip]
const CONFIDENCES: &[(RiskCounts, u8, &str)] = &[
    (RiskCounts { red: 0, yellow: 0, green: 0, unknown: 0 }, 0, "no questions"),
    (RiskCounts { red: 0, yellow: 0, green: 1, unknown: 0 }, 100, "100 / 100"),
    (RiskCounts { red: 0, yellow: 0, green: 20, unknown: 0 }, 100, "2000 / 2000"),
    (RiskCounts { red: 0, yellow: 0, green: 0, unknown: 1 }, 70, "70 / 100"),
    (RiskCounts { red: 0, yellow: 0, green: 1, unknown: 1 }, 85, "170 / 200"),
    (RiskCounts { red: 0, yellow: 0, green: 3, unknown: 1 }, 92, "370 / 400 = 92.5"),
    (RiskCounts { red: 0, yellow: 1, green: 0, unknown: 0 }, 78, "80 * 0.98 = 78.4 / 100"),
    (RiskCounts { red: 0, yellow: 1, green: 1, unknown: 0 }, 88, "(78.4 + 98) / 200 = 88.2"),
    (RiskCounts { red: 0, yellow: 1, green: 9, unknown: 0 }, 96, "(78.4 + 882) / 1000 = 96.04"),
    (RiskCounts { red: 0, yellow: 2, green: 0, unknown: 0 }, 74, "a = 0.9604: 76.832 * 0.95 + 76.832 = 149.8224 / 200 = 74.91"),
    (RiskCounts { red: 0, yellow: 2, green: 2, unknown: 0 }, 85, "(149.8224 + 192.08) / 400 = 85.48"),
    (RiskCounts { red: 0, yellow: 3, green: 0, unknown: 0 }, 71, "a = 0.941192: 75.29536 * (0.9025 + 0.95 + 1) = 214.78 / 300 = 71.59"),
    (RiskCounts { red: 0, yellow: 1, green: 0, unknown: 1 }, 73, "(78.4 + 68.6) / 200 = 73.5"),
    (RiskCounts { red: 1, yellow: 0, green: 0, unknown: 0 }, 0, "0.5 / 100"),
    (RiskCounts { red: 1, yellow: 0, green: 1, unknown: 0 }, 25, "(0.5 + 50) / 200 = 25.25"),
    (RiskCounts { red: 1, yellow: 0, green: 9, unknown: 0 }, 45, "(0.5 + 450) / 1000 = 45.05"),
    (RiskCounts { red: 1, yellow: 0, green: 19, unknown: 0 }, 47, "(0.5 + 950) / 2000 = 47.525"),
    (RiskCounts { red: 1, yellow: 0, green: 0, unknown: 1 }, 17, "(0.5 + 35) / 200 = 17.75"),
    (RiskCounts { red: 1, yellow: 1, green: 0, unknown: 0 }, 19, "a = 0.49: 0.49 * 0.95 + 39.2 = 39.6655 / 200 = 19.83"),
    (RiskCounts { red: 1, yellow: 1, green: 2, unknown: 0 }, 34, "(39.6655 + 98) / 400 = 34.42"),
    (RiskCounts { red: 1, yellow: 1, green: 1, unknown: 1 }, 30, "(39.6655 + 49 + 34.3) / 400 = 30.74"),
    (RiskCounts { red: 2, yellow: 0, green: 0, unknown: 0 }, 0, "a = 0.25: 0.25 * 0.6 + 0.25 = 0.4 / 200"),
    (RiskCounts { red: 2, yellow: 0, green: 8, unknown: 0 }, 20, "(0.4 + 200) / 1000 = 20.04"),
    (RiskCounts { red: 2, yellow: 2, green: 4, unknown: 2 }, 16, "a = 0.2401: red 0.38416; * 0.95 + 19.208 = 19.572952; * 0.95 + 19.208 = 37.8023; + 96.04 + 33.614 = 167.4563 / 1000 = 16.7"),
    (RiskCounts { red: 3, yellow: 0, green: 7, unknown: 0 }, 8, "a = 0.125: 0.125 * (0.36 + 0.6 + 1) = 0.245 + 87.5 = 87.745 / 1000 = 8.77"),
    (RiskCounts { red: 0, yellow: 5, green: 10, unknown: 5 }, 77, "a = 0.9039208: 72.313664 * 4.5243812 = 327.17, + 903.92 + 316.37 = 1547.46 / 2000 = 77.37"),
];

#[test]
fn confidence_is_what_the_formula_gives_by_hand() {
    for (counts, expected, working) in CONFIDENCES {
        assert_eq!(counts.confidence(), *expected, "{counts:?}: {working}");
    }
}

#[test]
fn the_first_threshold_that_is_reached_decides_the_risk() {
    let cases = [
        (counts(0, 0, 0, 0), Risk::Unknown, "nothing was asked"),
        (counts(1, 0, 19, 0), Risk::Red, "5 % are red"),
        (counts(1, 0, 20, 0), Risk::Green, "4.8 % are red"),
        (counts(1, 10, 9, 0), Risk::Red, "red comes before yellow"),
        (counts(0, 6, 14, 0), Risk::Yellow, "30 % are yellow"),
        (counts(0, 5, 15, 0), Risk::Green, "25 % are yellow"),
        (counts(0, 6, 4, 10), Risk::Yellow, "yellow comes before unknown"),
        (counts(0, 5, 14, 1), Risk::Unknown, "5 % are unknown"),
        (counts(0, 0, 20, 1), Risk::Green, "4.8 % are unknown"),
        (counts(0, 0, 0, 20), Risk::Unknown, "nobody has answered"),
        (counts(0, 0, 20, 0), Risk::Green, "all green"),
    ];
    for (counts, expected, why) in cases {
        assert_eq!(counts.risk(&THRESHOLDS), expected, "{why}");
    }
    // A threshold of nothing is always reached, as in the formula's source.
    let always = Thresholds { red: 0, ..THRESHOLDS };
    assert_eq!(counts(0, 0, 9, 0).risk(&always), Risk::Red);
}

#[test]
fn several_assessments_take_the_worst_with_unknown_worse_than_yellow() {
    use Risk::{Green, Red, Unknown, Yellow};
    assert_eq!(combined_risk([]), None);
    assert_eq!(combined_risk([Green, Green]), Some(Green));
    assert_eq!(combined_risk([Green, Yellow]), Some(Yellow));
    assert_eq!(combined_risk([Yellow, Unknown]), Some(Unknown));
    assert_eq!(combined_risk([Unknown, Red, Yellow]), Some(Red));
    assert_eq!(combined_confidence(&[]), None);
    assert_eq!(combined_confidence(&[100, 45]), Some(72));
}

/// Two sections, tags and facts.
const SAMPLE: &str = r"
name: Sample
thresholds: {red: 5, yellow: 30, unknown: 5}
sections:
  - order: 1
    name: Runtime
    questions:
      - order: 1
        text: Language
        answers:
          - {order: 1, text: Java, risk: green, autoAnswerFor: [{category: Language, tag: Java}], applyTags: [{category: Runtime, tag: JVM}]}
          - {order: 2, text: COBOL, risk: red, rationale: Rare, mitigation: Hire, autoAnswerFor: [{category: Language, tag: COBOL}]}
      - order: 2
        text: Application server
        includeFor: [{category: Language, tag: Java}]
        answers:
          - {order: 1, text: Current, risk: green}
          - {order: 2, text: Old, risk: yellow}
  - order: 2
    questions:
      - order: 1
        text: Memory
        excludeFor: [{category: Size, tag: Tiny}]
        answers:
          - {order: 1, text: Much, risk: yellow, autoAnswerWhen: [{field: memory_gb, atLeast: 64}]}
          - {order: 2, text: Little, risk: green, autoAnswerWhen: [{field: memory_gb, atMost: 63.9}]}
";

fn sample() -> Questionnaire {
    Questionnaire::read(SAMPLE).unwrap()
}

fn tags(tags: &[(&str, &str)]) -> BTreeSet<Tag> {
    tags.iter()
        .map(|(category, tag)| Tag::new(*category, *tag))
        .collect()
}

#[test]
fn tags_and_facts_choose_questions_and_answer_them() {
    let mut java = sample();
    let mut facts = Facts::default();
    facts.add("memory_gb", json!(128));
    java.prepare(&tags(&[("Language", "Java")]), &facts);
    let given: Vec<(&str, bool)> = java
        .selected()
        .map(|selected| (selected.answer.text.as_str(), selected.answer.auto_answered))
        .collect();
    assert_eq!(given, [("Java", true), ("Much", true)]);
    assert_eq!(java.counts(), counts(0, 1, 1, 1));
    assert_eq!(java.progress(), Progress::Empty);
    assert_eq!(java.applied_tags(), tags(&[("Runtime", "JVM")]));

    let mut tiny = sample();
    tiny.prepare(
        &tags(&[("Language", "COBOL"), ("Size", "Tiny")]),
        &Facts::default(),
    );
    assert_eq!(tiny.questions().count(), 1);
    assert_eq!(tiny.progress(), Progress::Complete);
    assert_eq!(tiny.risk(), Risk::Red);
}

#[test]
fn answers_are_given_replaced_and_taken_back() {
    let mut answered = sample();
    answered.select(1, 1, Some(2)).unwrap();
    assert_eq!(answered.progress(), Progress::Started);
    answered.select(1, 1, Some(1)).unwrap();
    assert_eq!(answered.counts(), counts(0, 0, 1, 2));
    answered.select(1, 1, None).unwrap();
    assert_eq!(answered, sample());
    answered.comment(2, "by phone").unwrap();
    assert_eq!(answered.sections[1].comment, "by phone");
    for (section, question, answer, message) in [
        (9, 1, 1, "the questionnaire has no section 9"),
        (1, 9, 1, "the questionnaire has no question 9 in section 1"),
        (
            1,
            1,
            9,
            "the questionnaire has no answer 9 in question 1 of section 1",
        ),
    ] {
        let error = answered.select(section, question, Some(answer)).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    answered.select(1, 1, Some(2)).unwrap();
    answered.clear();
    assert_eq!(answered, sample());
}

#[test]
fn every_fault_of_a_questionnaire_is_told_at_once() {
    let faulty = r"
name: ' '
thresholds: {red: 101, yellow: 30, unknown: 5}
sections:
  - order: 1
    questions:
      - order: 1
        text: ''
        includeFor: [{category: A, tag: b}]
        excludeFor: [{category: A, tag: ''}]
        answers:
          - {order: 1, text: x, risk: green, selected: true, autoAnswerWhen: [{field: colour, equals: red}, {field: memory_gb}]}
          - {order: 1, text: '', risk: red, selected: true}
      - order: 1
        text: y
        answers: []
  - order: 1
    questions: []
";
    let QuestionnaireError::Faults(faults) = Questionnaire::read(faulty).unwrap_err() else {
        panic!("faults are expected");
    };
    assert_eq!(
        faults,
        [
            "it has no name",
            "the threshold red is 101, more than 100 percent",
            "two sections have the same order",
            "two questions of section 1 have the same order",
            "section 1, question 1: it has no text",
            "section 1, question 1: it has both includeFor and excludeFor",
            "section 1, question 1: two answers have the same order",
            "section 1, question 1: two answers are selected",
            "section 1, question 1: 'colour' is no field of an asset and no derived fact",
            "section 1, question 1: the condition on 'memory_gb' tests nothing: give equals, contains, atLeast or atMost",
            "section 1, question 1: answer 1 has no text",
            "section 1, question 1: a tag lacks its category or its name",
            "section 1, question 1: it has no answers",
            "section 1 has no questions",
        ]
    );
}

#[test]
fn a_misspelt_property_is_refused_and_what_an_api_adds_is_not() {
    let misspelt = SAMPLE.replace(
        "autoAnswerWhen: [{field: memory_gb, atLeast: 64}]",
        "autoanswerwhen: []",
    );
    assert!(matches!(
        Questionnaire::read(&misspelt),
        Err(QuestionnaireError::Unreadable(_))
    ));
    let exported = json!({
        "id": 3, "createUser": "admin", "createTime": "2023-10-01T00:00:00Z", "builtin": false,
        "name": "Exported", "description": "", "required": true,
        "thresholds": {"red": 5, "yellow": 30, "unknown": 5},
        "riskMessages": {"red": "r", "yellow": "y", "green": "g", "unknown": "u"},
        "sections": [{"order": 0, "name": "s", "questions": [{"order": 0, "text": "q", "explanation": "",
            "answers": [{"order": 0, "text": "a", "risk": "green", "rationale": "", "mitigation": ""}]}]}]
    });
    let read = Questionnaire::read(&exported.to_string()).unwrap();
    assert_eq!((read.name.as_str(), read.required), ("Exported", true));
}

#[test]
fn the_questionnaire_that_ships_is_sound_and_answers_what_the_inventory_knows() {
    let mut own = Questionnaire::read(DEFAULT_QUESTIONNAIRE).unwrap();
    assert_eq!(own.questions().count(), 15);
    assert!(own.questions().all(|(_, question)| {
        [Risk::Green, Risk::Red, Risk::Unknown]
            .iter()
            .all(|risk| question.answers.iter().any(|answer| answer.risk == *risk))
    }));
    let mut facts = Facts::default();
    facts.add("os_architecture", json!("x64"));
    facts.add("storage_gb", json!(4096.0));
    facts.add("finding_severity", json!("critical"));
    own.prepare(&BTreeSet::new(), &facts);
    assert_eq!(own.counts(), counts(1, 1, 1, 12));
    assert_eq!(own.risk(), Risk::Red);
}

#[test]
fn only_the_most_specific_archetypes_have_a_member() {
    let criteria = [
        tags(&[("Language", "Java")]),
        tags(&[("Language", "Java"), ("Server", "JBoss")]),
        tags(&[("Network", "DMZ")]),
        tags(&[("Language", "Go")]),
        tags(&[]),
    ];
    let of = |pairs: &[(&str, &str)]| memberships(&criteria, &tags(pairs));
    assert_eq!(of(&[("Language", "Java")]), [0]);
    assert_eq!(of(&[("Language", "Java"), ("Server", "JBoss")]), [1]);
    assert_eq!(
        of(&[("Language", "Java"), ("Server", "JBoss"), ("Network", "DMZ")]),
        [1, 2]
    );
    assert_eq!(of(&[("Other", "x")]), Vec::<usize>::new());
}

#[test]
fn an_application_inherits_only_where_it_has_no_assessment_of_its_own() {
    let assessed = |risk, confidence, is_complete| Assessed {
        risk,
        confidence,
        is_complete,
    };
    let inherited = [assessed(Risk::Red, 20, true), assessed(Risk::Green, 91, true)];
    let result = standing(&[], &inherited);
    assert_eq!((result.risk, result.confidence), (Some(Risk::Red), Some(55)));
    assert!(result.is_inherited && result.is_assessed);
    let own = standing(&[assessed(Risk::Yellow, 60, false)], &inherited);
    assert_eq!((own.risk, own.confidence), (Some(Risk::Yellow), Some(60)));
    assert!(!own.is_inherited && !own.is_assessed);
    let nobody = standing(&[], &[]);
    assert_eq!(
        (nobody.risk, nobody.is_assessed, nobody.is_inherited),
        (None, false, false)
    );
}
