//! Whole rows of wide tables, read faster than sea-orm's own way.
//!
//! sea-orm looks every value up by its column's name and makes an error message for each NULL; sqlx copies every value of
//! SQLite and hands rows from thread to thread one by one. For a page of a hundred assets, 81 columns each, that is most of
//! the time. Here values are read by position on PostgreSQL, and SQLite hands over the whole result as one JSON text.

mod postgres;
mod sqlite;

use crate::StoreResult;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ColumnType, ConnectionTrait, DbBackend, DbErr, EntityTrait, IdenStatic,
    Iterable, QueryTrait, Select, TryIntoModel, Value,
};

/// What a column holds, as far as reading it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Uuid,
    Integer,
    BigInteger,
    Double,
    Boolean,
    Json,
    Timestamp,
    Text,
}

impl Kind {
    fn of(kind: &ColumnType) -> Self {
        match kind {
            ColumnType::Uuid => Self::Uuid,
            ColumnType::TinyInteger | ColumnType::SmallInteger | ColumnType::Integer => Self::Integer,
            ColumnType::BigInteger => Self::BigInteger,
            ColumnType::Float | ColumnType::Double => Self::Double,
            ColumnType::Boolean => Self::Boolean,
            ColumnType::Json | ColumnType::JsonBinary => Self::Json,
            ColumnType::DateTime | ColumnType::Timestamp | ColumnType::TimestampWithTimeZone => {
                Self::Timestamp
            }
            _ => Self::Text,
        }
    }

    /// NULL of this kind.
    fn null(self) -> Value {
        match self {
            Self::Uuid => Value::Uuid(None),
            Self::Integer => Value::Int(None),
            Self::BigInteger => Value::BigInt(None),
            Self::Double => Value::Double(None),
            Self::Boolean => Value::Bool(None),
            Self::Json => Value::Json(None),
            Self::Timestamp => Value::ChronoDateTimeUtc(None),
            Self::Text => Value::String(None),
        }
    }
}

/// The rows that the query finds, in its order. They are held in memory together: for pages and batches.
pub(crate) async fn all<E, C>(connection: &C, query: Select<E>) -> StoreResult<Vec<E::Model>>
where
    E: EntityTrait,
    E::ActiveModel: TryIntoModel<E::Model>,
    C: ConnectionTrait,
{
    let columns: Vec<(E::Column, Kind)> = E::Column::iter()
        .map(|column| (column, Kind::of(column.def().get_column_type())))
        .collect();
    let mut rows = Vec::new();
    let take = |values: &mut dyn Iterator<Item = Result<Value, DbErr>>| {
        let mut row = <E::ActiveModel as ActiveModelTrait>::default();
        for ((column, _), value) in columns.iter().zip(values) {
            row.try_set(*column, value?)?;
        }
        rows.push(row.try_into_model()?);
        Ok(())
    };
    let kinds: Vec<Kind> = columns.iter().map(|(_, kind)| *kind).collect();
    if connection.get_database_backend() == DbBackend::Postgres {
        let statement = query.build(DbBackend::Postgres);
        postgres::read(connection, statement, &kinds, take).await?;
    } else {
        let names: Vec<&str> = columns.iter().map(|(column, _)| column.as_str()).collect();
        let statement = query.build(DbBackend::Sqlite);
        sqlite::read(connection, statement, &names, &kinds, take).await?;
    }
    Ok(rows)
}
