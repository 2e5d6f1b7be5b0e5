//! Every operation of the API's description, asked without a tenant, by another tenant, in another engagement, by nobody, and
//! with each role. An operation that is missing from the table in `resources` fails the test.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod ask;
mod engagements;
mod operation;
mod resources;
mod roles;
mod strangers;
mod things;

use std::collections::BTreeSet;

#[test]
fn every_operation_of_the_description_is_walked() {
    let document = serde_json::to_value(landfall_api::openapi()).unwrap();
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            described.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let operations = resources::operations();
    let walked: BTreeSet<String> = operations.iter().map(operation::Operation::name).collect();
    let missing: Vec<_> = described.difference(&walked).collect();
    assert!(missing.is_empty(), "not in the table of the walk: {missing:#?}");
    let gone: Vec<_> = walked.difference(&described).collect();
    assert!(
        gone.is_empty(),
        "in the table and not in the description: {gone:#?}"
    );
    assert_eq!(
        operations.len(),
        walked.len(),
        "an operation is in the table twice"
    );
}
