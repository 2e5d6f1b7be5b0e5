//! One analysis, for a person or a program.

use crate::failure::Failure;
use crate::output::{self, line, table};
use landfall_services::sixr::{AnalysisDetail, SixrRecommendation};
use serde_json::{Value, json};

/// What counts, in one line.
pub(super) fn verdict(detail: &AnalysisDetail) -> String {
    let analysis = &detail.analysis;
    let word = |strategy: Option<landfall_domain::SixrStrategy>| {
        strategy.map_or_else(|| "nothing yet".to_owned(), |one| one.to_string())
    };
    match &analysis.override_strategy {
        Some(decided) => format!(
            "{}: {decided}, decided by {} ({}); recommended is {}.",
            analysis.name,
            analysis.overridden_by.as_deref().unwrap_or("a person"),
            analysis.override_reason.as_deref().unwrap_or_default(),
            word(analysis.recommended_strategy)
        ),
        None => format!(
            "{}: {} with confidence {:.2} ({}).",
            analysis.name,
            word(analysis.final_recommendation),
            analysis.confidence_score.unwrap_or_default(),
            analysis.status
        ),
    }
}

/// The whole analysis for a person.
pub(super) fn text(detail: &AnalysisDetail) -> Result<(), Failure> {
    line(verdict(detail))?;
    let Some(result) = &detail.recommendation else {
        return Ok(());
    };
    let evidence = &result.rule_evidence;
    line("")?;
    let mut rows = table(&["Strategy", "Score", "Blocked by"]);
    for score in list(result.strategy_scores.as_ref()) {
        rows.add_row([
            plain(&score["strategy"]),
            score["score"]
                .as_f64()
                .map(|score| format!("{score:.1}"))
                .unwrap_or_default(),
            plain(&score["blocked_by"]),
        ]);
    }
    line(rows)?;
    section("Why", texts(result.key_factors.as_ref(), "text"))?;
    section(
        "What would change it",
        texts(Some(&result.counterfactuals), "text"),
    )?;
    section("Ask", texts(evidence.get("questions"), "text"))?;
    section("Risks", texts(result.risk_factors.as_ref(), "text"))?;
    section("Assumptions", strings(result.assumptions.as_ref()))?;
    section("Next steps", strings(result.next_steps.as_ref()))?;
    line("")?;
    line(format_args!(
        "Effort {}; time {}; cost {}. Completeness {}, margin {}, policy {}.",
        result.estimated_effort.as_deref().unwrap_or("unknown"),
        result.estimated_timeline.as_deref().unwrap_or("unknown"),
        result.estimated_cost_impact.as_deref().unwrap_or("unknown"),
        evidence["completeness"],
        evidence["margin"],
        result.policy_version.as_deref().unwrap_or("unknown"),
    ))
}

/// The whole analysis for a program.
pub(super) fn as_json(detail: &AnalysisDetail) -> Result<(), Failure> {
    let analysis = &detail.analysis;
    let result = |result: &SixrRecommendation| {
        json!({
            "strategy": result.recommended_strategy, "confidence": result.confidence_score,
            "scores": result.strategy_scores, "key_factors": result.key_factors, "assumptions": result.assumptions,
            "next_steps": result.next_steps, "risks": result.risk_factors,
            "business_benefits": result.business_benefits, "technical_benefits": result.technical_benefits,
            "counterfactuals": result.counterfactuals, "evidence": result.rule_evidence,
            "policy_version": result.policy_version,
        })
    };
    output::json(&json!({
        "id": analysis.id, "name": analysis.name, "status": analysis.status, "asset_id": analysis.asset_id,
        "application_id": analysis.application_id, "strategy": analysis.final_recommendation,
        "override": { "strategy": analysis.override_strategy, "reason": analysis.override_reason },
        "iteration": analysis.current_iteration, "recommendation": detail.recommendation.as_ref().map(result),
    }))
}

fn section(heading: &str, lines: Vec<String>) -> Result<(), Failure> {
    if lines.is_empty() {
        return Ok(());
    }
    line(format_args!("\n{heading}"))?;
    for text in lines {
        line(format_args!("  - {text}"))?;
    }
    Ok(())
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn texts(value: Option<&Value>, key: &str) -> Vec<String> {
    list(value).iter().map(|item| plain(&item[key])).collect()
}

fn strings(value: Option<&Value>) -> Vec<String> {
    list(value).iter().map(plain).collect()
}

fn plain(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
