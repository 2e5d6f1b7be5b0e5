//! Many things in one request, with what became of each.

use crate::error::{ApiError, ApiResult, Code, Detail};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Items of one request at most, all lists together.
pub(crate) const MAX_ITEMS: usize = 500;

/// What became of each item, in the order of the request.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct BulkOut {
    /// What became of what should be made.
    create: Vec<BulkItemOut>,
    /// What became of what should be changed.
    update: Vec<BulkItemOut>,
    /// What became of what should be deleted.
    delete: Vec<BulkItemOut>,
    /// How many items were done.
    #[schema(example = 2)]
    succeeded: usize,
    /// How many were refused.
    #[schema(example = 0)]
    failed: usize,
}

/// What became of one item.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BulkItemOut {
    /// Its place in its list, from 0.
    #[schema(example = 0)]
    index: usize,
    /// The status that the same request for it alone would have had.
    #[schema(example = 201)]
    status: u16,
    /// Its id; null if nothing was made.
    id: Option<Uuid>,
    /// Its version now; null if it is gone or was never there.
    version: Option<i64>,
    /// Why it was refused; null if it was done.
    error: Option<ItemErrorOut>,
}

/// Why one item was refused.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ItemErrorOut {
    /// What kind of failure it is, one word for programs.
    #[schema(example = "VALIDATION_ERROR")]
    error: &'static str,
    /// What is wrong and what to do, one sentence for a person.
    message: String,
    /// Each fault, where there is more to say.
    details: Vec<Detail>,
}

/// What became of a list: for each item its id and version, or why it was refused.
pub(crate) type Outcomes = Vec<Result<(Uuid, Option<i64>), ApiError>>;

impl BulkOut {
    /// The answer to a request of which each item stood for itself.
    pub(crate) fn of(create: Outcomes, update: Outcomes, delete: Outcomes) -> Self {
        let mut out = Self {
            create: items(create, 201),
            update: items(update, 200),
            delete: items(delete, 204),
            ..Self::default()
        };
        let all = || out.create.iter().chain(&out.update).chain(&out.delete);
        let failed = all().filter(|item| item.error.is_some()).count();
        (out.succeeded, out.failed) = (all().count() - failed, failed);
        out
    }

    /// The failure of a request that should have been done as a whole.
    pub(crate) fn refused(self) -> ApiError {
        let lists = [
            ("create", self.create),
            ("update", self.update),
            ("delete", self.delete),
        ];
        let faults = lists
            .into_iter()
            .flat_map(|(list, items)| items.into_iter().map(move |item| (list, item)));
        let details = faults
            .filter_map(|(list, item)| Some((format!("{list}[{}]", item.index), item.error?)))
            .flat_map(|(place, error)| located(&place, error))
            .collect();
        ApiError::validation(details)
    }
}

/// The faults of an item as faults of the request.
fn located(place: &str, error: ItemErrorOut) -> Vec<Detail> {
    if error.details.is_empty() {
        return vec![Detail::of(place, error.error.to_lowercase(), error.message)];
    }
    let at = |field: Option<String>| match field {
        Some(field) => format!("{place}.{field}"),
        None => place.to_owned(),
    };
    let details = error.details.into_iter();
    details
        .map(|detail| Detail {
            field: Some(at(detail.field)),
            ..detail
        })
        .collect()
}

fn items(outcomes: Outcomes, done: u16) -> Vec<BulkItemOut> {
    outcomes
        .into_iter()
        .enumerate()
        .map(|(index, outcome)| match outcome {
            Ok((id, version)) => BulkItemOut {
                index,
                status: done,
                id: Some(id),
                version,
                error: None,
            },
            Err(error) => {
                let (code, message, details) = error.into_facts();
                BulkItemOut {
                    index,
                    status: code.status().as_u16(),
                    id: None,
                    version: None,
                    error: Some(ItemErrorOut {
                        error: code.as_str(),
                        message,
                        details,
                    }),
                }
            }
        })
        .collect()
}

/// Refuses a request with nothing in it, or too much.
pub(crate) fn check_size(items: usize) -> ApiResult<()> {
    if (1..=MAX_ITEMS).contains(&items) {
        return Ok(());
    }
    let message =
        format!("create, update and delete must have 1 to {MAX_ITEMS} items together, and have {items}");
    Err(ApiError::new(Code::Validation, message.clone()).detail(Detail::of("create", "items", message)))
}
