//! Plan and report as pages for a browser.

mod page;
mod plan;
mod report;

pub use plan::plan_html;
pub use report::report_html;
