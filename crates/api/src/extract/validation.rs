//! Rules of bodies and queries, told all at once, in order of the fields and without the rejected values.

use crate::error::{ApiError, ApiResult, Detail};
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

/// Checks the rules that are declared on the fields.
pub(super) fn check(value: &impl Validate) -> ApiResult<()> {
    let Err(errors) = value.validate() else {
        return Ok(());
    };
    let mut details = Vec::new();
    collect("", &errors, &mut details);
    details.sort_by(|a, b| a.field.cmp(&b.field).then_with(|| a.code.cmp(&b.code)));
    Err(ApiError::validation(details))
}

fn collect(prefix: &str, errors: &ValidationErrors, details: &mut Vec<Detail>) {
    for (field, kind) in errors.errors() {
        let path = if prefix.is_empty() {
            field.to_string()
        } else {
            format!("{prefix}.{field}")
        };
        match kind {
            ValidationErrorsKind::Field(faults) => details.extend(faults.iter().map(|fault| {
                let message = match &fault.message {
                    Some(message) => format!("{path} {message}"),
                    None => format!("{path} breaks the rule '{}'", fault.code),
                };
                Detail::of(path.clone(), fault.code.clone(), message)
            })),
            ValidationErrorsKind::Struct(inner) => collect(&path, inner, details),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    collect(&format!("{path}[{index}]"), inner, details);
                }
            }
        }
    }
}
