//! Which columns a batch writes, and what happens when a row is there already.

use sea_orm::{ColumnTrait, ColumnType, EntityTrait, IdenStatic, Iterable};

/// A table and the columns that a batch writes.
#[derive(Clone, Debug)]
pub(crate) struct TableShape {
    pub(crate) table: String,
    pub(crate) columns: Vec<ColumnShape>,
}

#[derive(Clone, Debug)]
pub(crate) struct ColumnShape {
    pub(crate) name: String,
    /// Type of the column in a staging table on PostgreSQL. Labels are staged as text.
    pub(crate) staging_type: &'static str,
}

impl TableShape {
    /// Every column of the entity.
    pub(crate) fn of<E: EntityTrait>() -> Self {
        Self::with::<E>(E::Column::iter())
    }

    /// Some columns of the entity, in this order.
    pub(crate) fn with<E: EntityTrait>(columns: impl IntoIterator<Item = E::Column>) -> Self {
        Self {
            table: E::default().table_name().to_owned(),
            columns: columns
                .into_iter()
                .map(|column| ColumnShape {
                    name: column.as_str().to_owned(),
                    staging_type: staging_type(column.def().get_column_type()),
                })
                .collect(),
        }
    }

    pub(crate) fn width(&self) -> usize {
        self.columns.len()
    }

    /// The column names, quoted and comma separated.
    pub(crate) fn column_list(&self) -> String {
        let names: Vec<_> = self
            .columns
            .iter()
            .map(|column| format!("\"{}\"", column.name))
            .collect();
        names.join(", ")
    }
}

fn staging_type(column: &ColumnType) -> &'static str {
    match column {
        ColumnType::Uuid => "uuid",
        ColumnType::Integer => "integer",
        ColumnType::BigInteger => "bigint",
        ColumnType::Double => "double precision",
        ColumnType::Boolean => "boolean",
        ColumnType::TimestampWithTimeZone => "timestamptz",
        ColumnType::Json | ColumnType::JsonBinary => "jsonb",
        _ => "text",
    }
}

/// What happens to a row whose key is there already.
#[derive(Clone, Debug)]
pub(crate) enum Conflict {
    /// It stays as it is. Makes a repeated batch harmless.
    Keep,
    /// All columns but the key take the new values.
    Replace {
        /// The key.
        key: &'static [&'static str],
    },
    /// What the given `SET` list says; new values are `excluded.column`.
    Set {
        /// The key.
        key: &'static [&'static str],
        /// The list, in SQL that both backends understand.
        assignments: String,
    },
}

impl Conflict {
    /// The clause for an insert into the table.
    pub(crate) fn clause(&self, shape: &TableShape) -> String {
        match self {
            Self::Keep => "ON CONFLICT DO NOTHING".to_owned(),
            Self::Replace { key } => {
                let assignments: Vec<_> = shape
                    .columns
                    .iter()
                    .filter(|column| !key.contains(&column.name.as_str()))
                    .map(|column| format!("\"{0}\" = excluded.\"{0}\"", column.name))
                    .collect();
                format!(
                    "ON CONFLICT ({}) DO UPDATE SET {}",
                    key.join(", "),
                    assignments.join(", ")
                )
            }
            Self::Set { key, assignments } => {
                format!("ON CONFLICT ({}) DO UPDATE SET {assignments}", key.join(", "))
            }
        }
    }
}
