use super::*;

fn spread(number: usize) -> (Portfolio, Waves) {
    let waves = (0..number)
        .map(|n| (id(n), u32::try_from(n).unwrap() + 1))
        .collect();
    (portfolio((0..number).map(workload).collect(), vec![]), waves)
}

fn starts_and_ends(evaluation: &Evaluation) -> Vec<(String, String)> {
    evaluation
        .waves
        .iter()
        .map(|wave| (wave.dates.start.to_string(), wave.dates.end.to_string()))
        .collect()
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter()
        .map(|(start, end)| ((*start).to_owned(), (*end).to_owned()))
        .collect()
}

#[test]
fn as_many_waves_as_allowed_run_at_once() {
    let (three, assigned) = spread(3);
    let one = WaveSettings {
        parallel_waves: 1,
        ..plain()
    };
    assert_eq!(
        starts_and_ends(&evaluate(&three, &one, &[], &assigned)),
        pairs(&[
            ("2027-01-04", "2027-01-31"),
            ("2027-02-01", "2027-02-28"),
            ("2027-03-01", "2027-03-28")
        ])
    );
    assert_eq!(
        starts_and_ends(&evaluate(&three, &plain(), &[], &assigned)),
        pairs(&[
            ("2027-01-04", "2027-01-31"),
            ("2027-01-04", "2027-01-31"),
            ("2027-02-01", "2027-02-28")
        ])
    );
}

#[test]
fn a_wave_takes_as_long_as_its_longest_strategy_and_ends_no_earlier_than_what_it_needs() {
    let refactor = Workload {
        strategy: Some(SixrStrategy::Refactor),
        ..workload(0)
    };
    let two = portfolio(vec![refactor, workload(1)], vec![call(1, 0)]);
    let evaluation = evaluate(&two, &plain(), &[], &waves(&[(0, 1), (1, 2)]));
    // Sixteen weeks; the rehost of four waits with its cut-over.
    assert_eq!(
        starts_and_ends(&evaluation),
        pairs(&[("2027-01-04", "2027-04-25"), ("2027-01-04", "2027-04-25")])
    );
}

#[test]
fn waves_neither_start_nor_cut_over_in_a_freeze_window() {
    let (two, assigned) = spread(2);
    let settings = WaveSettings {
        parallel_waves: 1,
        freeze_windows: vec![
            FreezeWindow {
                name: "Year end".to_owned(),
                from: day("2027-01-25"),
                to: day("2027-02-03"),
            },
            FreezeWindow {
                name: "Audit".to_owned(),
                from: day("2027-02-08"),
                to: day("2027-02-09"),
            },
        ],
        ..plain()
    };
    let evaluation = evaluate(&two, &settings, &[], &assigned);
    // The first cuts over on 4 and 5 February; the second may start on Monday the 8th, which is frozen, so on the 15th.
    assert_eq!(
        starts_and_ends(&evaluation),
        pairs(&[("2027-01-04", "2027-02-05"), ("2027-02-15", "2027-03-14")])
    );
    assert_eq!(breaches(&evaluation), []);
    let pinned = [Pin::WaveStart {
        wave: 2,
        date: day("2027-02-08"),
    }];
    let evaluation = evaluate(&two, &settings, &pinned, &assigned);
    assert_eq!(evaluation.waves[1].dates.start, day("2027-02-08"));
    assert_eq!(breaches(&evaluation), [(RuleId::FreezeWindow, 1)]);
    assert_eq!(
        evaluation.violations[0].message,
        "Wave 2 starts on 2027-02-08, in the freeze window Audit (2027-02-08 to 2027-02-09)."
    );
}

#[test]
fn the_monday_of_a_monday_is_itself() {
    assert_eq!(next_monday(day("2027-01-04")), day("2027-01-04"));
    assert_eq!(next_monday(day("2027-01-05")), day("2027-01-11"));
    assert_eq!(next_monday(day("2027-01-10")), day("2027-01-11"));
}
