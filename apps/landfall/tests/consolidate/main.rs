//! The predecessor's database is taken over by the program as operators run it: nothing is lost, what is lost by force is
//! found, whatever is interrupted goes on, and there is a way back from each step.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed, and says what it did"
)]

mod backups;
mod chance;
mod clients;
mod conflicts;
mod content;
mod corruption;
mod discovered;
mod elsewhere;
mod faults;
mod interference;
mod kills;
mod program;
mod proxy;
mod refusals;
mod rollback;
mod scripts;
mod whole_way;
