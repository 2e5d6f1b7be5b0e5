//! `landfall openapi`: the description of the API.

use crate::failure::Failure;
use crate::output::line;

pub(crate) fn run() -> Result<(), Failure> {
    line(landfall_api::openapi().to_pretty_json()?)
}
