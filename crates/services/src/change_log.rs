//! What changed, before and after, who did it and in which request.

use crate::Services;
use landfall_domain::{Page, PageRequest, Scope};
use landfall_repositories::StoreResult;
pub use landfall_repositories::entities::change_log::Model as LoggedChange;
pub use landfall_repositories::{Change, ChangeFilter};

impl Services {
    /// Changes that the filter finds, newest first.
    pub async fn changes(
        &self,
        scope: &Scope,
        filter: &ChangeFilter,
        page: &PageRequest,
    ) -> StoreResult<Page<LoggedChange>> {
        self.store()
            .begin_read(scope)
            .await?
            .change_log()
            .page(filter, page)
            .await
    }
}
