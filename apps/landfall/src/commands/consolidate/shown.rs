//! What the commands answer, for people.

use crate::failure::Failure;
use crate::output::{line, table};
use landfall_consolidation::{
    Finished, Plan, Proof, Report, RolledBack, RunReport, RunState, Severity, Status, StepState, TableOutcome,
};

/// Rows that a list shows at most.
const SHOWN: usize = 20;

pub(super) fn plan(plan: &Plan) -> Result<(), Failure> {
    line(format_args!("From {} to {}", plan.source, plan.target))?;
    let mut tables = table(&[
        "legacy table",
        "rows",
        "goes to",
        "columns kept",
        "converted",
        "archived",
    ]);
    for planned in &plan.tables {
        let count = |outcomes: &[&str]| {
            planned
                .columns
                .iter()
                .filter(|column| outcomes.contains(&column.outcome.as_str()))
                .count()
        };
        tables.add_row([
            planned.table.clone(),
            planned.rows.to_string(),
            planned.target.clone().unwrap_or_else(|| "the archive".to_owned()),
            count(&["kept", "renamed"]).to_string(),
            count(&["converted"]).to_string(),
            count(&["archived"]).to_string(),
        ]);
    }
    line(tables)?;
    for (severity, title) in [
        (Severity::Blocks, "To be decided first"),
        (Severity::Note, "Worth knowing"),
    ] {
        let found: Vec<_> = plan
            .findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .collect();
        if found.is_empty() {
            continue;
        }
        line(format_args!("\n{title}:"))?;
        for finding in found {
            line(format_args!("- {}", finding.message))?;
        }
    }
    line(format_args!(
        "\n{} rows; about {:.0} seconds and {} MB of disk space.",
        plan.rows,
        plan.estimated_seconds.ceil(),
        plan.disk_bytes.div_euclid(1_000_000) + 1
    ))
}

pub(super) fn run(run: &RunReport) -> Result<(), Failure> {
    let mut steps = table(&["step", "state", "seconds"]);
    for step in &run.steps {
        let seconds = match (step.started_at, step.completed_at) {
            (Some(from), Some(to)) => format!("{:.1}", (to - from).as_seconds_f64()),
            _ => String::new(),
        };
        let state = match step.state {
            StepState::Pending => "to do",
            StepState::Running => "begun",
            StepState::Done => "done",
        };
        steps.add_row([step.step.to_string(), state.to_owned(), seconds]);
    }
    line(steps)?;
    if let Some(backup) = &run.backup {
        line(format_args!("Backup: {}", backup.in_words()))?;
    }
    if let Some(error) = &run.error {
        line(format_args!("It stopped: {error}"))?;
    }
    let state = match run.state {
        RunState::Running => "Not cut over; `consolidate run` goes on, `consolidate rollback` takes it back.",
        RunState::CutOver => {
            "Cut over; old clients find their tables as views. `consolidate rollback` takes it back, `consolidate finish` drops the \
             retired tables."
        }
        RunState::Finished => "Finished.",
    };
    line(format_args!(
        "Run {}: {} of {} rows moved. {state}",
        run.run_id, run.rows_done, run.rows_total
    ))
}

pub(super) fn status(status: &Status) -> Result<(), Failure> {
    match &status.run {
        None => line("No consolidation was begun in this database."),
        Some(report) => {
            run(report)?;
            if status.at_work {
                line("Somebody is at work on it now.")?;
            }
            Ok(())
        }
    }
}

fn outcomes(tables: &[TableOutcome]) -> Result<(), Failure> {
    let mut shown = table(&["legacy table", "rows", "kept", "merged", "archived", "rejected"]);
    for outcome in tables {
        shown.add_row([
            outcome.table.clone(),
            outcome.rows.to_string(),
            outcome.kept.to_string(),
            outcome.merged.to_string(),
            outcome.archived.to_string(),
            outcome.rejected.to_string(),
        ]);
    }
    line(shown)
}

pub(super) fn proof(proof: &Proof) -> Result<(), Failure> {
    outcomes(&proof.tables)?;
    for difference in &proof.differences {
        line(format_args!("- {}", difference.message))?;
    }
    let columns: i64 = proof.rebuilt.iter().map(|table| table.columns).sum();
    let end = if proof.closes() {
        "The proof closes: every value is accounted for."
    } else {
        "The proof does not close."
    };
    line(format_args!(
        "{} tables and {columns} columns compared in {:.1} seconds. {end}",
        proof.rebuilt.len(),
        proof.seconds
    ))?;
    if proof.written_since > 0 {
        line(format_args!(
            "{} rows were written since the cut-over and left out.",
            proof.written_since
        ))?;
    }
    Ok(())
}

pub(super) fn report(report: &Report) -> Result<(), Failure> {
    run(&report.run)?;
    outcomes(&report.tables)?;
    let mut rules = table(&["rule", "table", "column", "rows"]);
    for rule in report
        .rules
        .iter()
        .chain(&report.made)
        .chain(&report.conflicts)
        .chain(&report.quarantine)
    {
        rules.add_row([
            rule.rule.clone(),
            rule.table.clone(),
            rule.column.clone().unwrap_or_default(),
            rule.rows.to_string(),
        ]);
    }
    line(rules)?;
    line("The numbers of every column: `consolidate report --html FILE` or `--json`.")
}

pub(super) fn rolled_back(done: &RolledBack) -> Result<(), Failure> {
    line("The database is as it was before the run.")?;
    if done.writes.is_empty() {
        return Ok(());
    }
    let what = if done.writes_kept {
        "written into the legacy tables"
    } else {
        "lost"
    };
    line(format_args!(
        "{} rows written since the cut-over were {what}:",
        done.writes.len()
    ))?;
    for change in done.writes.iter().take(SHOWN) {
        line(format_args!(
            "- {} {} ({})",
            change.table, change.key, change.operation
        ))?;
    }
    if done.writes.len() > SHOWN {
        line("  …")?;
    }
    Ok(())
}

pub(super) fn finished(done: &Finished) -> Result<(), Failure> {
    let views = if done.views_dropped {
        " The views under the old names are gone too."
    } else {
        ""
    };
    line(format_args!(
        "{} retired tables were dropped.{views}",
        done.tables_dropped
    ))?;
    match &done.dump {
        Some(dump) => line(format_args!("They are in {}.", dump.in_words())),
        None => Ok(()),
    }
}
