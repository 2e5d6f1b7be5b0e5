//! What is asked for in the query of a request.

use landfall_domain::PageRequest;
use landfall_services::plans::ViolationFilter;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

/// Which page.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    pub(crate) limit: Option<u32>,
    /// `next` of the page before.
    pub(crate) cursor: Option<String>,
}

/// Which plans are listed.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PlanListQuery {
    /// `planning`, `ready`, `failed` or `committed`.
    pub(in crate::plans) status: Option<String>,
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    pub(in crate::plans) limit: Option<u32>,
    /// `next` of the page before.
    pub(in crate::plans) cursor: Option<String>,
}

/// Which violations are listed.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ViolationQuery {
    /// Of this rule.
    #[param(example = "dependency_order")]
    rule: Option<String>,
    /// `critical` or `advisory`.
    severity: Option<String>,
    /// Rows of a page, 1 to 500; 50 if absent.
    #[validate(range(min = 1, max = 500, message = "must be from 1 to 500"))]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

impl ViolationQuery {
    pub(in crate::plans) fn read(self) -> (ViolationFilter, PageRequest) {
        let filter = ViolationFilter {
            rule: self.rule,
            severity: self.severity,
        };
        (filter, crate::page::page_request(self.limit, self.cursor))
    }
}

/// What is compared: two versions, or this plan with another.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CompareQuery {
    /// The earlier version; the one before `to` if absent.
    pub(in crate::plans) from: Option<i32>,
    /// The later version; the present one if absent.
    pub(in crate::plans) to: Option<i32>,
    /// Another plan, instead of versions.
    pub(in crate::plans) other: Option<Uuid>,
}

/// Which file.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportQuery {
    /// `csv` (if absent), `xlsx`, `mgn`, `cmf`, `azure`, `jira` or `ics`.
    #[param(example = "csv")]
    pub(in crate::plans) format: Option<String>,
    /// AWS account for `mgn` and `cmf`.
    #[validate(length(max = 32, message = "must have at most 32 characters"))]
    pub(in crate::plans) account_id: Option<String>,
    /// AWS region for `mgn` and `cmf`.
    #[validate(length(max = 32, message = "must have at most 32 characters"))]
    pub(in crate::plans) region: Option<String>,
}

/// How a file is read back.
#[derive(Debug, Default, Deserialize, IntoParams, Validate)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportQuery {
    /// Say what would change, and change nothing.
    pub(in crate::plans) dry_run: bool,
}
