//! Version 1 of the 6R interface: what its requests and answers were called.
//!
//! An old analysis could name several applications; each has its own analysis now, and an answer is about the first. Ids are
//! UUIDs, as they always were in the database.

use serde_json::{Map, Value, json};

/// The old names of the seven parameters are the present ones; these beside them are taken too.
const PARAMETERS: [&str; 8] = [
    "business_value",
    "technical_complexity",
    "migration_urgency",
    "compliance_requirements",
    "cost_sensitivity",
    "risk_tolerance",
    "innovation_priority",
    "application_type",
];

/// Words for priorities, the most urgent first.
const PRIORITIES: [&str; 4] = ["critical", "high", "medium", "low"];

/// A request to analyse, in present words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnalyzeRequest {
    /// Assets or applications.
    pub ids: Vec<String>,
    /// Name of the analysis.
    pub name: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// 1 comes first.
    pub priority: Option<i32>,
    /// Input → value.
    pub inputs: Map<String, Value>,
}

/// A request for another iteration, in present words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IterateRequest {
    /// A name for the iteration.
    pub name: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// What stakeholders say.
    pub feedback: Option<String>,
    /// Input → value.
    pub inputs: Map<String, Value>,
    /// Input → answer.
    pub answers: Map<String, Value>,
}

/// The body of `POST /analyze` and of `POST /bulk`.
pub fn analyze_request(body: &Map<String, Value>) -> AnalyzeRequest {
    let ids = body.get("application_ids").and_then(Value::as_array);
    let ids = ids.into_iter().flatten().map(plain).collect();
    let mut inputs = Map::new();
    for key in ["parameters", "initial_parameters"] {
        inputs.extend(parameters(body.get(key)));
    }
    AnalyzeRequest {
        ids,
        name: text(body, "analysis_name"),
        description: text(body, "description"),
        priority: body.get("priority").and_then(priority),
        inputs,
    }
}

/// The body of `PUT /{id}/parameters`: the parameters themselves, or under `parameters`.
pub fn parameters_request(body: &Map<String, Value>) -> IterateRequest {
    let given = body.get("parameters");
    let inputs = match given {
        Some(_) => parameters(given),
        None => parameters(Some(&Value::Object(body.clone()))),
    };
    IterateRequest {
        reason: text(body, "update_reason").or_else(|| text(body, "parameter_notes")),
        inputs,
        ..IterateRequest::default()
    }
}

/// The body of `POST /{id}/questions`: `responses` of `question_id` and `response`.
pub fn questions_request(body: &Map<String, Value>) -> IterateRequest {
    let responses = body.get("responses").and_then(Value::as_array);
    let answer = |response: &Value| {
        let question = response.get("question_id")?.as_str()?.to_owned();
        let value = response
            .get("response")
            .or_else(|| response.get("response_value"))?;
        Some((question, value.clone()))
    };
    IterateRequest {
        answers: responses.into_iter().flatten().filter_map(answer).collect(),
        ..IterateRequest::default()
    }
}

/// The body of `POST /{id}/iterate`.
pub fn iterate_request(body: &Map<String, Value>) -> IterateRequest {
    IterateRequest {
        name: text(body, "iteration_name"),
        reason: text(body, "iteration_notes").or_else(|| text(body, "iteration_reason")),
        feedback: text(body, "stakeholder_feedback"),
        inputs: parameters(body.get("parameter_changes")),
        answers: Map::new(),
    }
}

/// An analysis in old words, from the present ones.
pub fn analysis(detail: &Value) -> Value {
    let of = |key: &str| detail.get(key).cloned().unwrap_or(Value::Null);
    let recommended = detail.get("recommendation").filter(|found| found.is_object());
    let is_done = recommended.is_some();
    let subject = if of("asset_id").is_null() {
        of("application_id")
    } else {
        of("asset_id")
    };
    json!({
        "analysis_id": of("id"),
        "analysis_name": of("name"),
        "description": of("description"),
        "status": of("status"),
        "priority": of("priority"),
        "current_iteration": of("iteration"),
        "applications": [{ "id": subject, "name": of("name") }],
        "parameters": old_parameters(detail),
        "qualifying_questions": old_questions(recommended),
        "recommendation": recommended.map(|_| recommendation(detail)),
        "final_recommendation": of("strategy"),
        "confidence_score": of("confidence"),
        "progress_percentage": if is_done { 100.0 } else { 0.0 },
        "estimated_completion": Value::Null,
        "created_at": of("created_at"),
        "updated_at": of("updated_at"),
    })
}

/// A recommendation in old words, from an analysis in the present ones.
pub fn recommendation(detail: &Value) -> Value {
    let recommended = detail.get("recommendation").cloned().unwrap_or(Value::Null);
    let of = |key: &str| recommended.get(key).cloned().unwrap_or(Value::Null);
    let within = |key: &str, inner: &str| {
        let outer = recommended.get(key).and_then(|outer| outer.get(inner));
        outer.cloned().unwrap_or(Value::Null)
    };
    let texts = |key: &str| -> Vec<Value> {
        let items = recommended.get(key).and_then(Value::as_array);
        let items = items.into_iter().flatten();
        items.filter_map(|item| item.get("text").cloned()).collect()
    };
    let scores = recommended.get("scores").and_then(Value::as_array);
    let score = |score: &Value| json!({ "strategy": score.get("strategy"), "score": score.get("score"), "confidence": of("confidence") });
    json!({
        "recommended_strategy": detail.get("strategy").filter(|strategy| !strategy.is_null()).cloned()
            .unwrap_or_else(|| of("strategy")),
        "confidence_score": of("confidence"),
        "strategy_scores": scores.into_iter().flatten().map(score).collect::<Vec<_>>(),
        "key_factors": texts("key_factors"),
        "assumptions": of("assumptions"),
        "next_steps": of("next_steps"),
        "estimated_effort": within("effort", "size"),
        "estimated_timeline": weeks(&within("timeline", "least_weeks"), &within("timeline", "most_weeks")),
        "estimated_cost_impact": within("cost_impact", "level"),
        "risk_factors": texts("risks"),
        "business_benefits": texts("business_benefits"),
        "technical_benefits": texts("technical_benefits"),
        "iteration_number": of("iteration"),
        "created_at": of("created_at"),
    })
}

/// A list in old words.
pub fn list(analyses: &[Value], total: u64, page: u64, page_size: u64) -> Value {
    json!({
        "analyses": analyses.iter().map(analysis).collect::<Vec<_>>(),
        "total_count": total,
        "page": page,
        "page_size": page_size,
        "has_next": page.saturating_mul(page_size) < total,
        "has_previous": page > 1,
    })
}

/// A run in old words.
pub fn bulk(run: &Value) -> Value {
    let results = run.get("results").cloned().unwrap_or(Value::Null);
    json!({
        "bulk_analysis_id": run.get("id"),
        "analysis_name": run.get("name"),
        "status": run.get("status"),
        "total_applications": results.get("total"),
        "completed_applications": run.get("judged"),
        "summary": results.get("by_strategy"),
        "created_at": run.get("created_at"),
    })
}

fn parameters(given: Option<&Value>) -> Map<String, Value> {
    let given = given.and_then(Value::as_object).into_iter().flatten();
    given
        .filter(|(name, value)| PARAMETERS.contains(&name.as_str()) && !value.is_null())
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn old_parameters(detail: &Value) -> Value {
    let Some(Value::Object(present)) = detail.get("parameters") else {
        return Value::Null;
    };
    let mut old = present.clone();
    if let Some(source) = old.remove("source") {
        old.insert("parameter_source".to_owned(), source);
    }
    old.insert(
        "confidence_level".to_owned(),
        detail.get("confidence").cloned().unwrap_or(Value::Null),
    );
    Value::Object(old)
}

fn old_questions(recommended: Option<&Value>) -> Vec<Value> {
    let questions = recommended
        .and_then(|found| found.get("questions"))
        .and_then(Value::as_array);
    let question = |question: &Value| {
        json!({
            "id": question.get("input"), "question": question.get("text"), "category": "6r",
            "required": question.get("is_required"), "priority": question.get("impact"),
            "help_text": question.get("answers"),
        })
    };
    questions.into_iter().flatten().map(question).collect()
}

fn weeks(least: &Value, most: &Value) -> Value {
    match (least.as_f64(), most.as_f64()) {
        (Some(least), Some(most)) => Value::String(format!("{least}-{most} weeks")),
        _ => Value::Null,
    }
}

fn priority(value: &Value) -> Option<i32> {
    if let Some(number) = value.as_i64() {
        return i32::try_from(number).ok().filter(|number| *number > 0);
    }
    let word = value.as_str()?.to_ascii_lowercase();
    let place = PRIORITIES.iter().position(|known| *known == word)?;
    i32::try_from(place + 1).ok()
}

fn text(body: &Map<String, Value>, key: &str) -> Option<String> {
    let text = body.get(key)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// An id as text, whether it was sent as text or number.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(json: &Value) -> Map<String, Value> {
        json.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn requests_lose_what_has_no_meaning_and_keep_the_rest_under_present_names() {
        let body = json!({
            "application_ids": ["a", 7], "analysis_name": "Wave 1", "priority": "high",
            "parameters": {"business_value": 8, "parameter_source": "user_input", "risk_tolerance": null}
        });
        let request = analyze_request(&object(&body));
        assert_eq!(request.ids, ["a", "7"]);
        assert_eq!(
            (request.name.as_deref(), request.priority),
            (Some("Wave 1"), Some(2))
        );
        assert_eq!(Value::Object(request.inputs), json!({"business_value": 8}));
        let update = parameters_request(&object(&json!({"migration_urgency": 9, "update_reason": "exit"})));
        assert_eq!(Value::Object(update.inputs), json!({"migration_urgency": 9}));
        assert_eq!(update.reason.as_deref(), Some("exit"));
        let answers = questions_request(&object(&json!({"responses": [
            {"question_id": "active_users", "response": 0, "confidence": 0.9}, {"question_id": "broken"}
        ]})));
        assert_eq!(Value::Object(answers.answers), json!({"active_users": 0}));
        let next = iterate_request(&object(
            &json!({"iteration_notes": "why", "parameter_changes": {"cost_sensitivity": 2}}),
        ));
        assert_eq!(
            (next.reason.as_deref(), Value::Object(next.inputs)),
            (Some("why"), json!({"cost_sensitivity": 2}))
        );
    }

    #[test]
    fn an_answer_has_the_old_names() {
        let detail = json!({
            "id": "x", "name": "web01", "status": "completed", "iteration": 2, "asset_id": "a", "strategy": "retain",
            "confidence": 0.8, "parameters": {"business_value": 8.0, "source": "derived"},
            "recommendation": {
                "strategy": "rehost", "confidence": 0.8, "scores": [{"strategy": "rehost", "score": 70.1}],
                "key_factors": [{"text": "supported"}], "timeline": {"least_weeks": 2.0, "most_weeks": 6.0},
                "effort": {"size": "small"}, "cost_impact": {"level": "medium"},
                "questions": [{"input": "active_users", "text": "How many?", "is_required": true}]
            }
        });
        let old = analysis(&detail);
        assert_eq!(old["analysis_id"], "x");
        assert_eq!(old["parameters"]["parameter_source"], "derived");
        assert_eq!(old["qualifying_questions"][0]["id"], "active_users");
        let recommended = &old["recommendation"];
        assert_eq!(
            recommended["recommended_strategy"], "retain",
            "a person's decision counts"
        );
        assert_eq!(recommended["strategy_scores"][0]["score"], 70.1);
        assert_eq!(recommended["estimated_timeline"], "2-6 weeks");
        assert_eq!(recommended["key_factors"], json!(["supported"]));
        let page = list(&[detail], 3, 1, 2);
        assert_eq!(
            (&page["has_next"], &page["has_previous"]),
            (&json!(true), &json!(false))
        );
    }
}
