//! What holds for every assessment.

use super::counts;
use crate::assessments::archetypes::memberships;
use crate::assessments::score::combined_risk;
use crate::assessments::{Questionnaire, Risk, RiskCounts, Tag};
use proptest::prelude::*;
use std::collections::BTreeSet;

proptest! {
    #[test]
    fn confidence_lies_between_0_and_100_and_a_worse_answer_never_raises_it(
        red in 0_u32..8, yellow in 0_u32..30, green in 1_u32..60, unknown in 0_u32..30
    ) {
        let before = counts(red, yellow, green, unknown);
        prop_assert!(before.confidence() <= 100);
        for after in [
            counts(red + 1, yellow, green - 1, unknown),
            counts(red, yellow + 1, green - 1, unknown),
            counts(red, yellow, green - 1, unknown + 1),
        ] {
            prop_assert!(after.confidence() <= before.confidence(), "{before:?} {after:?}");
        }
    }

    #[test]
    fn the_order_of_risks_and_of_archetypes_does_not_matter(mut risks in proptest::collection::vec(0_u8..4, 0..12)) {
        let risk = |code: &u8| [Risk::Red, Risk::Yellow, Risk::Green, Risk::Unknown][usize::from(*code)];
        let before = (combined_risk(risks.iter().map(risk)), RiskCounts::of(risks.iter().map(risk)));
        risks.reverse();
        prop_assert_eq!(before, (combined_risk(risks.iter().map(risk)), RiskCounts::of(risks.iter().map(risk))));
    }

    #[test]
    fn reading_any_text_gives_a_questionnaire_or_a_sentence(text in ".{0,200}") {
        if let Err(error) = Questionnaire::read(&text) {
            prop_assert!(error.to_string().starts_with("the questionnaire"));
        }
    }

    #[test]
    fn a_member_bears_all_criteria_and_no_archetype_is_dominated(
        criteria in proptest::collection::vec(proptest::collection::btree_set(0_u8..5, 0..4), 0..6),
        borne in proptest::collection::btree_set(0_u8..5, 0..5)
    ) {
        let tag = |numbers: &BTreeSet<u8>| -> BTreeSet<Tag> {
            numbers.iter().map(|number| Tag::new("c", number.to_string())).collect()
        };
        let criteria: Vec<_> = criteria.iter().map(tag).collect();
        let borne = tag(&borne);
        let found = memberships(&criteria, &borne);
        for &position in &found {
            prop_assert!(criteria[position].is_subset(&borne));
            prop_assert!(!found.iter().any(|&other| criteria[position].is_subset(&criteria[other]) && criteria[position] != criteria[other]));
        }
    }
}
