//! Keyset pages. A page is found by comparing with the last row of the one before, so the last page costs what the first
//! does. Rows without a value come last in both directions, on every backend, and are read as a second part: then each
//! part is one range of an index.

mod cursor;

use crate::{StoreError, StoreResult, rows};
use cursor::{Part, Position};
use landfall_domain::{Page, PageRequest};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ModelTrait, Order, QueryFilter, QueryOrder, QuerySelect,
    Select, TryIntoModel,
};

/// In which order rows come: by one column, or by the id alone. The id breaks ties.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sort<C> {
    column: Option<C>,
    id: C,
    descending: bool,
}

impl<C: ColumnTrait> Sort<C> {
    /// By `column`, then by `id`, both in the same direction.
    pub(crate) fn by(column: C, id: C, descending: bool) -> Self {
        Self {
            column: Some(column),
            id,
            descending,
        }
    }

    /// By `id`, which is the order in which rows were made.
    pub(crate) fn by_id(id: C, descending: bool) -> Self {
        Self {
            column: None,
            id,
            descending,
        }
    }

    /// What a cursor must have been made for.
    fn name(&self) -> String {
        let direction = if self.descending { "-" } else { "" };
        format!("{direction}{}", self.column.as_ref().unwrap_or(&self.id).as_str())
    }

    fn order(&self) -> Order {
        if self.descending { Order::Desc } else { Order::Asc }
    }
}

/// The page of `found` that `request` asks for.
///
/// # Errors
/// [`StoreError::Invalid`] for a cursor that is damaged or was made for another order.
pub(crate) async fn page<E, C>(
    connection: &C,
    found: Select<E>,
    sort: &Sort<E::Column>,
    request: &PageRequest,
) -> StoreResult<Page<E::Model>>
where
    E: EntityTrait,
    E::ActiveModel: TryIntoModel<E::Model>,
    C: ConnectionTrait,
{
    let limit = u64::from(request.limit.clamp(1, PageRequest::MAX));
    let position = request
        .after
        .as_ref()
        .map(|after| Position::read(after, &sort.name()))
        .transpose()?;
    // One more than asked for tells whether there is another page.
    let wanted = limit + 1;

    let mut items = if position
        .as_ref()
        .is_some_and(|p| sort.column.is_some() && p.value == Part::Null)
    {
        Vec::new()
    } else {
        let page = with_value(found.clone(), sort, position.as_ref())?.limit(wanted);
        rows::all(connection, page).await?
    };
    let missing = wanted.saturating_sub(items.len() as u64);
    if missing > 0
        && let Some(column) = sort.column.as_ref().filter(|column| column.def().is_null())
    {
        let after = position.as_ref().filter(|p| p.value == Part::Null);
        let rest = without_value(found, *column, sort, after).limit(missing);
        items.extend(rows::all(connection, rest).await?);
    }
    finish(items, limit, sort)
}

/// The rows after `position` that have a value in the sort column.
fn with_value<E: EntityTrait>(
    rows: Select<E>,
    sort: &Sort<E::Column>,
    position: Option<&Position>,
) -> StoreResult<Select<E>> {
    let id = sort.id.as_column_ref();
    let Some(column) = sort.column else {
        let rows = rows.order_by(sort.id, sort.order());
        return Ok(match position {
            Some(position) => rows.filter(beyond(Expr::col(id), position.id().into(), sort.descending)),
            None => rows,
        });
    };
    let mut rows = rows
        .order_by(column, sort.order())
        .order_by(sort.id, sort.order());
    if column.def().is_null() {
        rows = rows.filter(column.is_not_null());
    }
    let Some(position) = position else { return Ok(rows) };
    let here = Expr::tuple([Expr::col(column.as_column_ref()), Expr::col(id)]);
    let there = Expr::tuple([Expr::val(position.value.bound()?), Expr::val(position.id())]);
    Ok(rows.filter(if sort.descending {
        here.lt(there)
    } else {
        here.gt(there)
    }))
}

/// The rows after `position` that have no value in the sort column.
fn without_value<E: EntityTrait>(
    rows: Select<E>,
    column: E::Column,
    sort: &Sort<E::Column>,
    position: Option<&Position>,
) -> Select<E> {
    let rows = rows.filter(column.is_null()).order_by(sort.id, sort.order());
    match position {
        Some(position) => {
            let id = Expr::col(sort.id.as_column_ref());
            rows.filter(beyond(id, position.id().into(), sort.descending))
        }
        None => rows,
    }
}

fn beyond(id: Expr, last: sea_orm::Value, descending: bool) -> Expr {
    if descending { id.lt(last) } else { id.gt(last) }
}

fn finish<M: ModelTrait>(
    mut items: Vec<M>,
    limit: u64,
    sort: &Sort<<M::Entity as EntityTrait>::Column>,
) -> StoreResult<Page<M>> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if items.len() <= limit {
        return Ok(Page { items, next: None });
    }
    items.truncate(limit);
    let next = items.last().map(|last| {
        let value = sort
            .column
            .map_or(Ok(Part::Null), |column| Part::of(last.get(column)))?;
        let Part::Id(id) = Part::of(last.get(sort.id))? else {
            return Err(StoreError::invalid(
                "rows without a UUID cannot be read page by page",
            ));
        };
        Position::new(sort.name(), value, id).write()
    });
    Ok(Page {
        items,
        next: next.transpose()?,
    })
}
