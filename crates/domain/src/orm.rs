//! sea-orm value traits for labels that are stored as text.

macro_rules! text_value {
    ($name:ident) => {
        impl From<$name> for sea_orm::Value {
            fn from(label: $name) -> Self {
                sea_orm::Value::String(Some(label.as_str().to_owned()))
            }
        }

        impl sea_orm::TryGetable for $name {
            fn try_get_by<I: sea_orm::ColIdx>(
                row: &sea_orm::QueryResult,
                index: I,
            ) -> Result<Self, sea_orm::TryGetError> {
                let word: String = row
                    .try_get_by(index)
                    .map_err(sea_orm::TryGetError::DbErr)
                    .or_else(|error| {
                        // A NULL must stay distinguishable, so that `Option<label>` columns read as `None`.
                        match row.try_get_by::<Option<String>, I>(index) {
                            Ok(None) => Err(sea_orm::TryGetError::Null(stringify!($name).to_owned())),
                            _ => Err(error),
                        }
                    })?;
                word.parse().map_err(|e: crate::labels::UnknownLabel| {
                    sea_orm::TryGetError::DbErr(sea_orm::DbErr::Type(e.to_string()))
                })
            }
        }

        impl sea_orm::sea_query::ValueType for $name {
            fn try_from(value: sea_orm::Value) -> Result<Self, sea_orm::sea_query::ValueTypeErr> {
                match value {
                    sea_orm::Value::String(Some(word)) => {
                        word.parse().map_err(|_| sea_orm::sea_query::ValueTypeErr)
                    }
                    _ => Err(sea_orm::sea_query::ValueTypeErr),
                }
            }

            fn type_name() -> String {
                stringify!($name).to_owned()
            }

            fn array_type() -> sea_orm::sea_query::ArrayType {
                sea_orm::sea_query::ArrayType::String
            }

            fn column_type() -> sea_orm::ColumnType {
                sea_orm::ColumnType::Text
            }
        }

        impl sea_orm::sea_query::Nullable for $name {
            fn null() -> sea_orm::Value {
                sea_orm::Value::String(None)
            }
        }
    };
}

pub(crate) use text_value;
