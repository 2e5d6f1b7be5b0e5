//! Filters and order in the query: `field=value`, `field[operator]=value`, `sort=-field`.

use super::refused;
use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::{check_names, nearest, pairs};
use landfall_compat::{Name, Resource, current_name};
use landfall_domain::PageRequest;
use landfall_services::assets::{AssetColumn, AssetFilter, AssetSort, ExportFormat, Operator};
use serde_json::Value;
use std::collections::HashMap;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

/// The operators, with what they find.
const OPERATORS: [(&str, &str); 9] = [
    ("eq", "has this value"),
    ("ne", "has another value, or none"),
    ("lt", "is less"),
    ("lte", "is less or equal"),
    ("gt", "is greater"),
    ("gte", "is greater or equal"),
    ("in", "has one of these values, comma separated"),
    ("prefix", "begins with this text, letter case included"),
    ("null", "has no value (true) or any value (false)"),
];

/// Which assets, in which order, which page.
#[derive(Debug)]
pub(crate) struct AssetQuery {
    pub(super) filter: AssetFilter,
    pub(super) sort: AssetSort,
    pub(super) limit: Option<u32>,
    pub(super) cursor: Option<String>,
    pub(super) fields: Option<String>,
}

/// Which assets, in which file format.
#[derive(Debug)]
pub(crate) struct ExportQuery {
    pub(super) filter: AssetFilter,
    pub(super) format: ExportFormat,
}

impl AssetQuery {
    pub(super) fn read(query: &str) -> ApiResult<Self> {
        let mut given = Given::read(query, &["sort", "limit", "cursor", "fields"])?;
        let sort = given
            .only("sort")
            .map_or(Ok(AssetSort::default()), |text| sort(&text))?;
        let limit = given.only("limit").map(|text| limit(&text)).transpose()?;
        Ok(Self {
            sort,
            limit,
            cursor: given.only("cursor"),
            fields: given.only("fields"),
            filter: given.filter()?,
        })
    }
}

impl ExportQuery {
    pub(super) fn read(query: &str) -> ApiResult<Self> {
        let mut given = Given::read(query, &["format"])?;
        let format = given.only("format").unwrap_or_else(|| "csv".to_owned());
        let format = format
            .parse()
            .map_err(|message: String| refused("format", "format", message))?;
        Ok(Self {
            format,
            filter: given.filter()?,
        })
    }
}

fn sort(text: &str) -> ApiResult<AssetSort> {
    let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
    if name == "id" {
        return Ok(AssetSort {
            column: None,
            descending,
        });
    }
    let column = AssetColumn::named(name).map_err(|_| {
        let near = nearest(name, AssetColumn::all().map(AssetColumn::name));
        let hint = near.map_or_else(String::new, |near| format!("; did you mean '{near}'?"));
        refused(
            "sort",
            "unknown_name",
            format!("assets cannot be sorted by '{name}'{hint}"),
        )
    })?;
    Ok(AssetSort {
        column: Some(column),
        descending,
    })
}

fn limit(text: &str) -> ApiResult<u32> {
    let known = text
        .parse()
        .ok()
        .filter(|limit| (1..=PageRequest::MAX).contains(limit));
    known.ok_or_else(|| {
        refused(
            "limit",
            "range",
            format!("limit must be from 1 to {}", PageRequest::MAX),
        )
    })
}

/// What the query says, by name and operator, in the order in which it was first said.
struct Given(Vec<(String, String, Vec<String>)>);

impl Given {
    /// Reads a query that may have columns with operators, and these `plain` parameters.
    fn read(query: &str, plain: &[&str]) -> ApiResult<Self> {
        let mut known: Vec<String> = AssetColumn::all()
            .map(|column| column.name().to_owned())
            .collect();
        known.extend(plain.iter().map(|name| (*name).to_owned()));
        let mut given = Self(Vec::new());
        let mut places: HashMap<(String, String), usize> = HashMap::new();
        for (key, value) in pairs(query) {
            let (name, operator) = split(&key);
            let name = match current_name(Resource::Assets, name) {
                Name::Old(current) => current,
                Name::Current(_) | Name::Dropped => name,
            };
            check_names([name], &known, "parameter here")?;
            check_operator(&key, operator, plain.contains(&name))?;
            let place = (name.to_owned(), operator.to_owned());
            if let Some((_, _, values)) = places.get(&place).and_then(|at| given.0.get_mut(*at)) {
                values.push(value);
            } else {
                places.insert(place, given.0.len());
                given.0.push((name.to_owned(), operator.to_owned(), vec![value]));
            }
        }
        Ok(given)
    }

    /// Takes the value of a plain parameter; the last one if it was given several times.
    fn only(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(given, ..)| given == name)?;
        self.0.remove(at).2.pop()
    }

    fn filter(self) -> ApiResult<AssetFilter> {
        let mut filter = AssetFilter::all();
        for (name, word, values) in self.0 {
            for operator in operators(&name, &word, values)? {
                filter = filter.and(&name, operator)?;
            }
        }
        Ok(filter)
    }
}

/// `name[operator]` in its parts; without brackets the operator is `eq`.
fn split(key: &str) -> (&str, &str) {
    match key.split_once('[') {
        Some((name, rest)) => (name, rest.strip_suffix(']').unwrap_or(rest)),
        None => (key, "eq"),
    }
}

fn check_operator(key: &str, operator: &str, plain: bool) -> ApiResult<()> {
    let known = OPERATORS.iter().any(|(word, _)| *word == operator);
    if known && !(plain && key.contains('[')) {
        return Ok(());
    }
    let words: Vec<&str> = OPERATORS.iter().map(|(word, _)| *word).collect();
    let message = if plain {
        format!("'{key}': this parameter takes no operator")
    } else {
        format!(
            "'{key}': '{operator}' is no operator; known are {}",
            words.join(", ")
        )
    };
    Err(ApiError::malformed(message.clone()).detail(Detail::of(key, "unknown_operator", message)))
}

/// The conditions of one name and operator. Equality with several values is any of them; all else must hold each.
fn operators(name: &str, word: &str, values: Vec<String>) -> ApiResult<Vec<Operator>> {
    let json = Value::String;
    if word == "eq" && values.len() > 1 {
        return Ok(vec![Operator::In(values.into_iter().map(json).collect())]);
    }
    values
        .into_iter()
        .map(|value| {
            Ok(match word {
                "ne" => Operator::Ne(json(value)),
                "lt" => Operator::Lt(json(value)),
                "lte" => Operator::Lte(json(value)),
                "gt" => Operator::Gt(json(value)),
                "gte" => Operator::Gte(json(value)),
                "in" => Operator::In(
                    value
                        .split(',')
                        .map(|item| json(item.trim().to_owned()))
                        .collect(),
                ),
                "prefix" => Operator::Prefix(value),
                "null" => match value.as_str() {
                    "true" => Operator::IsNull,
                    "false" => Operator::IsNotNull,
                    _ => {
                        return Err(refused(
                            name,
                            "boolean",
                            format!("{name}[null] takes true or false"),
                        ));
                    }
                },
                _ => Operator::Eq(json(value)),
            })
        })
        .collect()
}

fn parameter(name: &str, kind: Type, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(kind).build()))
        .build()
}

/// A parameter for each field of the registry; the operators are told once.
fn filters() -> Vec<Parameter> {
    let words: Vec<String> = OPERATORS
        .iter()
        .map(|(word, meaning)| format!("`[{word}]` {meaning}"))
        .collect();
    let operators = format!("Operators, here and on all others: {}.", words.join(", "));
    let mut filters = Vec::new();
    for column in AssetColumn::all() {
        let field = landfall_domain::fields::field(column.name());
        let description = field.map_or("Kept by Landfall.", |field| field.description);
        let description = if filters.is_empty() {
            format!("{description} {operators}")
        } else {
            description.to_owned()
        };
        filters.push(parameter(column.name(), Type::String, &description));
    }
    filters
}

impl IntoParams for AssetQuery {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut parameters = vec![
            parameter(
                "sort",
                Type::String,
                "The field to sort by, with `-` before it for the greatest first; rows without a value come last. By `id`, the order in which they were made, if absent.",
            ),
            parameter("limit", Type::Integer, "Rows of a page, 1 to 500; 50 if absent."),
            parameter("cursor", Type::String, "`next` of the page before."),
            parameter(
                "fields",
                Type::String,
                "Which fields of each asset are sent, comma separated; all if absent. `id` is always sent.",
            ),
        ];
        parameters.extend(filters());
        parameters
    }
}

impl IntoParams for ExportQuery {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut parameters = vec![parameter(
            "format",
            Type::String,
            "`csv`, `ndjson` or `xlsx`; `csv` if absent.",
        )];
        parameters.extend(filters());
        parameters
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;
    use serde_json::json;

    fn conditions(query: &str) -> Vec<(String, Operator)> {
        let filter = AssetQuery::read(query).unwrap().filter;
        filter
            .conditions
            .into_iter()
            .map(|c| (c.column.name().to_owned(), c.operator))
            .collect()
    }

    #[test]
    fn names_values_and_operators_become_conditions() {
        assert_eq!(
            conditions(
                "asset_type=server&asset_type=database&memory_gb[gte]=8&hostname%5Bprefix%5D=web&fqdn[null]=true"
            ),
            [
                (
                    "asset_type".to_owned(),
                    Operator::In(vec![json!("server"), json!("database")])
                ),
                ("memory_gb".to_owned(), Operator::Gte(json!("8"))),
                ("hostname".to_owned(), Operator::Prefix("web".to_owned())),
                ("fqdn".to_owned(), Operator::IsNull),
            ]
        );
        assert_eq!(
            conditions("environment[in]=Test, Production"),
            [(
                "environment".to_owned(),
                Operator::In(vec![json!("Test"), json!("Production")])
            )]
        );
    }

    #[test]
    fn order_and_page_are_read() {
        let query = AssetQuery::read("sort=-memory_gb&limit=10&cursor=abc").unwrap();
        assert!(query.sort.descending && query.sort.column.unwrap().name() == "memory_gb");
        assert_eq!((query.limit, query.cursor.as_deref()), (Some(10), Some("abc")));
        assert!(AssetQuery::read("sort=id").unwrap().sort.column.is_none());
    }

    #[test]
    fn what_is_unknown_is_refused_with_what_was_probably_meant() {
        for (query, code, word) in [
            ("memry_gb=1", Code::Malformed, "memory_gb"),
            ("client_account_id=1", Code::Malformed, "no parameter"),
            ("memory_gb[atleast]=1", Code::Malformed, "gte"),
            ("limit[gte]=1", Code::Malformed, "no operator"),
            ("sort=memori_gb", Code::Validation, "memory_gb"),
            ("limit=0", Code::Validation, "1 to 500"),
            ("fqdn[null]=perhaps", Code::Validation, "true or false"),
        ] {
            let error = AssetQuery::read(query).unwrap_err();
            assert_eq!(error.code(), code, "{query}: {error}");
            assert!(error.to_string().contains(word), "{query}: {error}");
        }
        assert_eq!(
            ExportQuery::read("format=pdf").unwrap_err().code(),
            Code::Validation
        );
        assert_eq!(ExportQuery::read("limit=1").unwrap_err().code(), Code::Malformed);
    }
}
