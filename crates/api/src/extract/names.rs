//! Names that nobody knows, and what was probably meant.

use crate::error::{ApiError, ApiResult, Detail};
use serde_json::json;

/// The known name that looks most like this one, if any does.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |name: &str| {
        name.chars()
            .filter(|c| c.is_alphanumeric())
            .collect::<String>()
            .to_lowercase()
    };
    let wanted = plain(name);
    let allowed = (wanted.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&wanted, &plain(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Refuses names that are not `known`, all of them at once. `what` is what they name, such as "field of the body".
pub(crate) fn check_names<'a>(
    given: impl IntoIterator<Item = &'a str>,
    known: &[String],
    what: &str,
) -> ApiResult<()> {
    let mut details: Vec<Detail> = Vec::new();
    for name in given {
        if known.iter().any(|known| known == name) || details.iter().any(|d| d.field.as_deref() == Some(name))
        {
            continue;
        }
        let near = nearest(name, known.iter().map(String::as_str));
        let message = match near {
            Some(near) => format!("'{name}' is no {what}; did you mean '{near}'?"),
            None => format!("'{name}' is no {what}; known are {}", known.join(", ")),
        };
        details.push(Detail::of(name, "unknown_name", message).with(json!({ "suggestion": near })));
    }
    match details.as_slice() {
        [] => Ok(()),
        [one] => Err(ApiError::malformed(one.message.clone()).details(details)),
        several => {
            let message = format!("{} names are unknown; each is listed in details", several.len());
            Err(ApiError::malformed(message).details(details))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_its_name_and_a_strange_word_finds_none() {
        let known = ["memory_gb", "cpu_cores", "hostname", "limit"];
        assert_eq!(nearest("memoryGB", known), Some("memory_gb"));
        assert_eq!(nearest("hostnmae", known), Some("hostname"));
        assert_eq!(nearest("limt", known), Some("limit"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("", known), None);
    }
}
