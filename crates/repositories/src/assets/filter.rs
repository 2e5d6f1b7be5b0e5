//! Which assets are wanted.

use super::AssetColumn;
use crate::{StoreError, StoreResult};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, DbBackend};
use serde_json::Value as Json;

/// Values of one `In` at most.
const MAX_VALUES: usize = 500;

/// Conditions that all must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AssetFilter {
    /// The conditions.
    pub conditions: Vec<AssetCondition>,
}

/// One condition on one column.
#[derive(Clone, Debug, PartialEq)]
pub struct AssetCondition {
    /// The column.
    pub column: AssetColumn,
    /// What must hold.
    pub operator: Operator,
}

/// How a column is compared.
#[derive(Clone, Debug, PartialEq)]
pub enum Operator {
    /// Has this value.
    Eq(Json),
    /// Has another value, or none.
    Ne(Json),
    /// Is less.
    Lt(Json),
    /// Is less or equal.
    Lte(Json),
    /// Is greater.
    Gt(Json),
    /// Is greater or equal.
    Gte(Json),
    /// Has one of these values.
    In(Vec<Json>),
    /// Begins with this text, letter case included.
    Prefix(String),
    /// Has no value.
    IsNull,
    /// Has a value.
    IsNotNull,
}

impl AssetFilter {
    /// Every asset.
    pub fn all() -> Self {
        Self::default()
    }

    /// The same filter with one more condition.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] if assets cannot be filtered by a column of that name.
    pub fn and(mut self, column: &str, operator: Operator) -> StoreResult<Self> {
        self.conditions.push(AssetCondition {
            column: AssetColumn::named(column)?,
            operator,
        });
        Ok(self)
    }

    pub(super) fn condition(&self, backend: DbBackend) -> StoreResult<Condition> {
        let mut all = Condition::all();
        for condition in &self.conditions {
            all = all.add(condition.expression(backend)?);
        }
        Ok(all)
    }
}

impl AssetCondition {
    fn expression(&self, backend: DbBackend) -> StoreResult<Condition> {
        let (column, name) = (self.column.column(), self.column.name());
        let value = |json: &Json| match json {
            Json::Null => Err(StoreError::invalid(format!(
                "compare '{name}' with a value, or ask for rows without one"
            ))),
            json => self.column.value(json),
        };
        let expression = match &self.operator {
            Operator::Eq(json) => column.eq(value(json)?),
            Operator::Ne(json) => {
                return Ok(Condition::any()
                    .add(column.ne(value(json)?))
                    .add(column.is_null()));
            }
            Operator::Lt(json) => column.lt(value(json)?),
            Operator::Lte(json) => column.lte(value(json)?),
            Operator::Gt(json) => column.gt(value(json)?),
            Operator::Gte(json) => column.gte(value(json)?),
            Operator::In(list) if list.len() > MAX_VALUES => {
                let sent = list.len();
                return Err(StoreError::invalid(format!(
                    "'{name}' can be compared with {MAX_VALUES} values at once, not {sent}"
                )));
            }
            Operator::In(list) => column.is_in(list.iter().map(value).collect::<StoreResult<Vec<_>>>()?),
            Operator::Prefix(_) if !self.column.is_text() => {
                return Err(StoreError::invalid(format!(
                    "'{name}' is no text: it has no beginning"
                )));
            }
            Operator::Prefix(prefix) => return Ok(self.begins_with(prefix, backend)),
            Operator::IsNull => column.is_null(),
            Operator::IsNotNull => column.is_not_null(),
        };
        Ok(Condition::all().add(expression))
    }

    /// A range instead of LIKE, which loses its index under row-level security. The range is one of code points, so the
    /// order must be too; SQLite's is by itself.
    fn begins_with(&self, prefix: &str, backend: DbBackend) -> Condition {
        let column = || {
            let column = self.column.column().into_expr();
            if backend == DbBackend::Postgres {
                Expr::cust_with_expr("$1 COLLATE \"C\"", column)
            } else {
                column
            }
        };
        let range = Condition::all().add(column().gte(prefix));
        match successor(prefix) {
            Some(end) => range.add(column().lt(end)),
            None => range,
        }
    }
}

/// The least text that is greater than every text that begins with `prefix`; none if there is no such text.
fn successor(prefix: &str) -> Option<String> {
    let mut letters: Vec<char> = prefix.chars().collect();
    while let Some(last) = letters.pop() {
        // Code points between the ranges of surrogates are no characters.
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            letters.push(next);
            return Some(letters.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::successor;
    use proptest::prelude::*;

    #[test]
    fn the_successor_steps_over_surrogates_and_the_last_character() {
        assert_eq!(successor("web0"), Some("web1".to_owned()));
        assert_eq!(successor("a\u{d7ff}"), Some("a\u{e000}".to_owned()));
        assert_eq!(successor("a\u{10ffff}"), Some("b".to_owned()));
        assert_eq!(successor("\u{10ffff}"), None);
        assert_eq!(successor(""), None);
    }

    proptest! {
        #[test]
        fn a_text_begins_with_the_prefix_exactly_if_it_lies_between_the_prefix_and_its_successor(
            prefix in "[a-c\u{d7fe}-\u{d7ff}\u{e000}]{0,3}", text in "[a-c\u{d7fe}-\u{d7ff}\u{e000}]{0,4}"
        ) {
            let inside = text >= prefix && successor(&prefix).is_none_or(|end| text < end);
            prop_assert_eq!(inside, text.starts_with(&prefix));
        }
    }
}
