use super::{Engine, Policy, inputs};
use crate::sixr::{DEFAULT_POLICY, PolicyFaults};
use landfall_domain::SixrStrategy;
use serde_json::json;

/// The faults of the default policy after some replacements.
fn faults(replacements: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut text = DEFAULT_POLICY.to_owned();
    for (from, to) in replacements {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    let PolicyFaults(faults) = Policy::read(&text).unwrap_err();
    faults
        .into_iter()
        .map(|fault| (fault.path, fault.message))
        .collect()
}

#[test]
fn the_default_policy_is_without_fault_and_defines_every_strategy() {
    let policy = Policy::standard().unwrap();
    assert_eq!(policy.name(), "Landfall standard");
    for strategy in SixrStrategy::ALL {
        assert!(policy.definition(*strategy).len() > 20);
        assert!(
            policy.source(*strategy).contains("20"),
            "{strategy}: a source has a year"
        );
    }
    for rule in policy.gates.iter().chain(&policy.blocks) {
        assert!(rule.title.ends_with('.'), "{}", rule.id);
    }
}

#[test]
fn all_faults_are_told_at_once_with_their_places() {
    let found = faults(&[
        ("ask_below = 0.5", "ask_below = 5"),
        ("base = 5", "base = \"five\""),
        (
            "weight = 0.25, values = { ended = 0,",
            "weight = 0.35, values = { over = 0,",
        ),
        ("id = \"retire.unused\"", "id = \"retire.idle\""),
        (
            "{ input = \"active_users\", at_most = 0 }",
            "{ input = \"active_users\", at_most = \"nobody\" }",
        ),
        ("strategy = \"replace\"", "strategy = \"rebuild\""),
        ("decisive_margin", "decisive_margins"),
    ]);
    let has = |path: &str, message: &str| {
        assert!(
            found
                .iter()
                .any(|(at, said)| at == path && said.contains(message)),
            "{path}: {message} not in {found:#?}"
        );
    };
    has("settings.ask_below", "from 0 to 1");
    has("settings.decisive_margins", "is not known here");
    has("settings.decisive_margin", "is missing");
    has("parameters.business_value.base", "must be a number from 1 to 10");
    has("strategies.rehost.terms[0].values.over", "is not known here");
    has("strategies.rehost.terms[0].values.ended", "is missing");
    has("strategies.rehost.terms", "must add up to 1, not 1.1");
    has("retire.idle", "is the id of two rules");
    has("gates[4].when[0].at_most", "a number from 0 to");
    has("gates[15].strategy", "'rebuild' is no sixr_strategy");
    assert_eq!(found.len(), 10, "{found:#?}");
}

#[test]
fn a_text_that_is_no_toml_is_refused_with_its_line() {
    let PolicyFaults(faults) = Policy::read("name = \"x\"\n[settings\n").unwrap_err();
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].path, "line 2");
}

#[test]
fn curves_conditions_and_blocks_must_fit_their_inputs() {
    let found = faults(&[
        (
            "points = [[0, 0], [5, 1], [20, 3], [100, 5]]",
            "points = [[5, 0], [5, 1]]",
        ),
        (
            "{ input = \"cpu_percent\", below = 2 }",
            "{ input = \"cpu_percent\", below = 2, above = 1 }",
        ),
        (
            "{ input = \"role\", is = \"database\" }",
            "{ input = \"role\", below = \"database\" }",
        ),
        (
            "strategy = \"rehost\"\ntitle = \"Its platform is not",
            "strategy = \"retain\"\ntitle = \"Its platform is not",
        ),
        (
            "{ input = \"criticality\", values",
            "{ input = \"risk_tolerance\", values",
        ),
    ]);
    let text = format!("{found:?}");
    for part in [
        "numbers must ascend",
        "needs one of below, at_most",
        "use is or not",
        "retain cannot be blocked",
        "not from parameters",
    ] {
        assert!(text.contains(part), "{part} not in {text}");
    }
}

#[test]
fn another_policy_gives_another_result() {
    let subject = inputs(&json!({"cpu_percent": 4, "observation_days": 30}));
    let strict = DEFAULT_POLICY.replacen(
        "input = \"cpu_percent\", below = 2",
        "input = \"cpu_percent\", below = 5",
        1,
    );
    let standard = Engine::new(Policy::standard().unwrap());
    let strict = Engine::new(Policy::read(&strict).unwrap());
    assert_ne!(standard.strategy(&subject), SixrStrategy::Retire);
    assert_eq!(strict.strategy(&subject), SixrStrategy::Retire);
}
