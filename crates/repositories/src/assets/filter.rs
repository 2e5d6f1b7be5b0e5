//! Which assets are wanted.

use super::AssetColumn;
use crate::text_range::begins_with;
use crate::{StoreError, StoreResult};
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
            Operator::Prefix(prefix) => return Ok(begins_with(column, prefix, backend)),
            Operator::IsNull => column.is_null(),
            Operator::IsNotNull => column.is_not_null(),
        };
        Ok(Condition::all().add(expression))
    }
}
