//! Points by hand: weight × factor × 100, for each term of each strategy.

use super::{engine, inputs, strategy};
use serde_json::{Value as Json, json};

/// Strategy, input, value, points.
fn rows() -> Vec<(&'static str, &'static str, Json, f64)> {
    let row = |strategy, input, value, points| (strategy, input, value, points);
    vec![
        row("rehost", "os_support", json!("supported"), 25.0),
        row("rehost", "os_support", json!("ends_soon"), 17.5),
        row("rehost", "os_support", json!("extended_only"), 8.75),
        row("rehost", "os_support", json!("ended"), 0.0),
        row("rehost", "technical_complexity", json!(10), 6.0),
        row("rehost", "migration_urgency", json!(10), 15.0),
        row("rehost", "software_support", json!("ends_soon"), 8.0),
        row("rehost", "innovation_priority", json!(5.5), 5.0),
        row("rehost", "risk_tolerance", json!(10), 4.0),
        row("rehost", "is_virtual", json!(true), 10.0),
        row("rehost", "cost_sensitivity", json!(10), 4.0),
        row("replatform", "database_engine", json!("managed_equivalent"), 25.0),
        row("replatform", "os_support", json!("extended_only"), 20.0),
        row("replatform", "software_support", json!("ended"), 12.0),
        row("replatform", "container_ready", json!(true), 10.0),
        row("replatform", "innovation_priority", json!(5.5), 10.0),
        row("replatform", "cost_sensitivity", json!(1), 3.0),
        row("replatform", "technical_complexity", json!(10), 2.0),
        row("refactor", "business_value", json!(5), 7.5),
        row("refactor", "innovation_priority", json!(10), 20.0),
        row("refactor", "source_available", json!(true), 15.0),
        row("refactor", "releases_per_year", json!(6), 5.0),
        row("refactor", "software_support", json!("extended_only"), 8.0),
        row("refactor", "risk_tolerance", json!(10), 10.0),
        row("refactor", "migration_urgency", json!(1), 10.0),
        row("rearchitect", "business_value", json!(8), 15.0),
        row("rearchitect", "technical_complexity", json!(5.5), 10.0),
        row("rearchitect", "innovation_priority", json!(5), 4.0),
        row("rearchitect", "source_available", json!(true), 10.0),
        row("rearchitect", "risk_tolerance", json!(5.5), 5.0),
        row("rearchitect", "migration_urgency", json!(10), 0.0),
        row("rearchitect", "dependencies", json!(10), 2.5),
        row("replace", "source_available", json!(false), 25.0),
        row("replace", "business_value", json!(10), 20.0),
        row("replace", "software_support", json!("ended"), 15.0),
        row("replace", "application_type", json!("hybrid"), 5.0),
        row("replace", "innovation_priority", json!(10), 10.0),
        row("replace", "technical_complexity", json!(10), 10.0),
        row("replace", "os_support", json!("extended_only"), 3.0),
        row("replace", "migration_urgency", json!(5.5), 2.5),
        row("repurchase", "application_type", json!("cots"), 30.0),
        row("repurchase", "saas_available", json!(true), 30.0),
        row("repurchase", "customisation", json!("medium"), 6.0),
        row("repurchase", "months_to_licence_end", json!(15), 7.5),
        row("repurchase", "innovation_priority", json!(10), 8.0),
        row("repurchase", "cost_sensitivity", json!(10), 5.0),
        row("retire", "business_value", json!(2), 20.0),
        row("retire", "cpu_percent", json!(3.5), 14.0),
        row("retire", "active_users", json!(5), 10.0),
        row("retire", "lifecycle", json!("inactive"), 10.5),
        row("retire", "power", json!("off"), 10.0),
        row("retire", "has_duplicate", json!(true), 10.0),
        row("retain", "compliance_requirements", json!(7), 10.0),
        row("retain", "risk_tolerance", json!(1), 15.0),
        row("retain", "migration_urgency", json!(1), 15.0),
        row("retain", "platform", json!("proprietary"), 15.0),
        row("retain", "recently_upgraded", json!(true), 10.0),
        row("retain", "months_to_exit", json!(24), 6.5),
        row("retain", "months_to_replacement", json!(18), 5.5),
    ]
}

#[test]
fn each_weight_counts_as_worked_out_by_hand() {
    let engine = engine();
    for (name, input, value, points) in rows() {
        let subject = inputs(&json!({input: value}));
        let result = engine.recommend(&subject);
        let score = result
            .scores
            .iter()
            .find(|score| score.strategy == strategy(name))
            .unwrap();
        let term = score
            .terms
            .iter()
            .find(|term| term.input.name() == input)
            .unwrap();
        assert!(
            (term.points - points).abs() < 0.006,
            "{name}, {input} = {value}: {} instead of {points}",
            term.points
        );
    }
    let tried: std::collections::BTreeSet<(&str, &str)> = rows().iter().map(|row| (row.0, row.1)).collect();
    let terms: usize = engine
        .policy()
        .strategies
        .iter()
        .map(|rule| rule.terms.len())
        .sum();
    assert_eq!(tried.len(), terms, "every term has a row");
}

#[test]
fn a_score_is_the_sum_of_its_terms_and_an_unknown_input_counts_as_the_policy_says() {
    let result = engine().recommend(&inputs(&json!({})));
    for score in &result.scores {
        let sum: f64 = score.terms.iter().map(|term| term.points).sum();
        assert!(
            (score.score - sum).abs() < 0.05,
            "{}: {} and {sum}",
            score.strategy,
            score.score
        );
    }
    let retire = &result.scores[strategy("retire") as usize];
    let cpu = retire
        .terms
        .iter()
        .find(|term| term.input.name() == "cpu_percent")
        .unwrap();
    assert!((cpu.factor - 0.1).abs() < 1e-9);
    let replatform = &result.scores[strategy("replatform") as usize];
    assert!((replatform.terms[0].factor - 0.5).abs() < 1e-9);
}

#[test]
fn confidence_is_completeness_times_margin() {
    // Rehost requires six inputs; four are known. The lead over replatform is beyond the decisive margin.
    let result = engine().recommend(&inputs(&json!({
        "os_support": "supported", "software_support": "supported", "is_virtual": true, "database_engine": "none",
        "cpu_cores": 4, "memory_gb": 16, "storage_gb": 100
    })));
    assert_eq!(result.strategy, strategy("rehost"));
    assert!(
        (result.completeness - 0.6667).abs() < 1e-9,
        "{}",
        result.completeness
    );
    assert!((result.margin - 1.0).abs() < 1e-9, "{}", result.margin);
    assert!((result.confidence - 0.6667).abs() < 1e-9);
    let missing: Vec<&str> = result.missing.iter().map(|input| input.name()).collect();
    assert_eq!(missing, ["cpu_percent", "dependencies"]);
}

#[test]
fn a_small_lead_is_a_share_of_the_decisive_margin() {
    let result = engine().recommend(&inputs(
        &json!({"os_support": "ends_soon", "database_engine": "other"}),
    ));
    let of = |strategy| result.scores[strategy as usize].score;
    let lead = (of(result.strategy) - of(result.runner_up.unwrap())) / 100.0;
    assert!(lead < 0.15, "{lead}");
    assert!(
        (result.margin - lead / 0.15).abs() < 0.001,
        "{} and {lead}",
        result.margin
    );
}

#[test]
fn equal_scores_go_to_the_least_effort() {
    let even = r"points = [[1, 0.5], [10, 0.5]], unknown = 0.5 }";
    let mut text: toml::Table = crate::sixr::DEFAULT_POLICY.parse().unwrap();
    for (_, strategy) in text["strategies"].as_table_mut().unwrap().iter_mut() {
        let term: toml::Table = format!("terms = [{{ input = \"business_value\", weight = 1, {even}]")
            .parse()
            .unwrap();
        strategy.as_table_mut().unwrap()["terms"] = term["terms"].clone();
    }
    let policy = crate::sixr::Policy::read(&text.to_string()).unwrap();
    let result = crate::sixr::Engine::new(policy).recommend(&inputs(&json!({})));
    assert_eq!(result.strategy, strategy("retain"), "one person-day");
    assert_eq!(result.runner_up, Some(strategy("retire")), "three person-days");
    assert!(result.margin.abs() < f64::EPSILON);
}

#[test]
fn effort_time_and_cost_follow_complexity_and_size() {
    let engine = engine();
    let of = |complexity: f64, servers: u32| {
        let subject = json!({"os_support": "supported", "is_virtual": true, "database_engine": "none", "target": "vmware",
            "hypervisor": "vmware", "technical_complexity": complexity, "servers": servers,
            "monthly_cost": 1000, "cloud_cost": 750});
        engine.recommend(&inputs(&subject)).estimates
    };
    // 5 days × (0.5 + 0.5) × 1; 2 + 4 × 0.5 weeks.
    let small = of(5.0, 1);
    assert_eq!(
        (small.effort.size.as_str(), small.effort.person_days),
        ("small", 5.0)
    );
    assert!((small.timeline.weeks - 4.0).abs() < f64::EPSILON);
    assert_eq!(small.cost_impact.level, "medium");
    assert_eq!(small.cost_impact.monthly_change, Some(-250.0));
    // 5 days × (0.5 + 0.9) × (1 + 0.4 × 4) = 18.2, to half a day.
    let medium = of(9.0, 5);
    assert_eq!(
        (medium.effort.size.as_str(), medium.effort.person_days),
        ("medium", 18.0)
    );
    assert_eq!(medium.cost_impact.level, "high");
    assert_eq!(of(4.0, 1).cost_impact.level, "low-medium");
    assert_eq!(of(10.0, 100).effort.size.points(), 8);
}
