//! Pages by number, with a total: for clients of the API's first version 3, whose lists know no cursors. A page costs what
//! lies before it, so they are offered only where an engagement has few rows.

use crate::StoreResult;
use sea_orm::{
    ConnectionTrait, EntityTrait, FromQueryResult, Order, PaginatorTrait, QueryOrder, QuerySelect, Select,
};

/// Which page of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageNumber {
    /// The page, from 1.
    pub page: u64,
    /// Rows of a page.
    pub size: u64,
}

/// A page of a list, and how many rows the whole list has.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberedPage<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Rows of the whole list.
    pub total: u64,
}

impl PageNumber {
    fn offset(self) -> u64 {
        // Both databases count in signed 64 bits.
        (self.page.max(1) - 1)
            .saturating_mul(self.size)
            .min(i64::MAX as u64)
    }
}

/// The page of `rows` in the order of a column, the id breaking ties.
pub(crate) async fn page<E, C>(
    connection: &C,
    rows: Select<E>,
    sort: (E::Column, E::Column),
    descending: bool,
    number: PageNumber,
) -> StoreResult<NumberedPage<E::Model>>
where
    E: EntityTrait,
    E::Model: FromQueryResult + Send + Sync,
    C: ConnectionTrait,
{
    let order = if descending { Order::Desc } else { Order::Asc };
    let total = rows.clone().count(connection).await?;
    let items = rows
        .order_by(sort.0, order.clone())
        .order_by(sort.1, order)
        .offset(number.offset())
        .limit(number.size)
        .all(connection)
        .await?;
    Ok(NumberedPage { items, total })
}
