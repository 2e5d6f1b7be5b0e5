//! Pages on the wire.

use crate::error::{ApiError, ApiResult};
use crate::extract::{check_names, properties};
use actix_web::HttpResponse;
use landfall_domain::{Cursor, Page, PageRequest};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, PartialSchema, ToSchema};
use validator::Validate;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PageOut<T: ToSchema> {
    /// The rows.
    pub(crate) items: Vec<T>,
    /// Pass it as `cursor` to get the next page; null on the last page.
    #[schema(value_type = Option<String>)]
    pub(crate) next: Option<Cursor>,
}

impl<M, T: From<M> + ToSchema> From<Page<M>> for PageOut<T> {
    fn from(page: Page<M>) -> Self {
        let Page { items, next } = page;
        Self {
            items: items.into_iter().map(T::from).collect(),
            next,
        }
    }
}

/// Which page of a list without filters is wanted.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageOf {
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

impl PageOf {
    /// The page.
    pub(crate) fn request(self) -> PageRequest {
        page_request(self.limit, self.cursor)
    }
}

/// All rows of a list that is never long.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListOut<T: ToSchema> {
    /// The rows.
    pub(crate) items: Vec<T>,
}

impl<M, T: From<M> + ToSchema> From<Vec<M>> for ListOut<T> {
    fn from(rows: Vec<M>) -> Self {
        Self {
            items: rows.into_iter().map(T::from).collect(),
        }
    }
}

/// The page, with only the `fields` of each row that were asked for (comma separated); `id` is always sent.
///
/// # Errors
/// A name that no row has.
pub(crate) fn chosen<T>(page: PageOut<T>, fields: Option<&str>) -> ApiResult<HttpResponse>
where
    T: Serialize + ToSchema + PartialSchema,
{
    let Some(fields) = fields else {
        return Ok(HttpResponse::Ok().json(page));
    };
    let names: Vec<&str> = fields
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect();
    check_names(names.iter().copied(), &properties::<T>(), "field of these rows")?;
    let mut page = serde_json::to_value(page).map_err(ApiError::internal)?;
    for row in page["items"].as_array_mut().into_iter().flatten() {
        if let Some(row) = row.as_object_mut() {
            row.retain(|name, _| name == "id" || names.contains(&name.as_str()));
        }
    }
    Ok(HttpResponse::Ok().json(page))
}

/// Rows of a page unless the request says otherwise.
const DEFAULT_LIMIT: u32 = 50;

/// The page that the parameters `limit` and `cursor` ask for. The limit was checked with the other parameters.
pub(crate) fn page_request(limit: Option<u32>, cursor: Option<String>) -> PageRequest {
    let first = PageRequest::first(limit.unwrap_or(DEFAULT_LIMIT));
    PageRequest {
        after: cursor.map(Cursor),
        ..first
    }
}
