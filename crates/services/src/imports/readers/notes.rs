//! Remarks about a file that a person should read, gathered while it is being read.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

/// A remark that stops nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Stable word for programs.
    pub code: &'static str,
    /// How often it was met.
    pub count: u64,
    /// Sentence for a person, about the first time.
    pub message: String,
}

/// Most different messages kept for one code; further ones only raise the count of the last.
const MESSAGES_PER_CODE: usize = 20;

/// Notes shared between a source and whoever reads them afterwards. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Notes(Arc<Mutex<Vec<Note>>>);

impl Notes {
    /// Adds a remark. The same code and message again only raises the count.
    pub fn add(&self, code: &'static str, message: impl Into<String>) {
        self.add_many(code, message, 1);
    }

    /// Adds a remark about something met `count` times; none for 0.
    pub fn add_many(&self, code: &'static str, message: impl Into<String>, count: u64) {
        if count == 0 {
            return;
        }
        let message = message.into();
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut last_of_code = None;
        let mut of_code = 0;
        for (index, note) in notes.iter().enumerate() {
            if note.code == code {
                of_code += 1;
                last_of_code = Some(index);
                if note.message == message {
                    break;
                }
            }
        }
        let full = of_code >= MESSAGES_PER_CODE;
        match last_of_code.and_then(|index| notes.get_mut(index)) {
            Some(note) if full || note.message == message => note.count += count,
            _ => notes.push(Note { code, count, message }),
        }
    }

    /// Raises the count of a code whose first remark stays the message.
    pub(crate) fn again(&self, code: &'static str, first: impl FnOnce() -> String) {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match notes.iter_mut().find(|note| note.code == code) {
            Some(note) => note.count += 1,
            None => notes.push(Note {
                code,
                count: 1,
                message: first(),
            }),
        }
    }

    /// All remarks so far, in order of first appearance.
    pub fn list(&self) -> Vec<Note> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_remark_is_counted_and_a_flood_is_capped() {
        let notes = Notes::default();
        notes.add("a", "one");
        notes.add("a", "one");
        notes.add_many("b", "none", 0);
        assert_eq!(
            notes.list(),
            vec![Note {
                code: "a",
                count: 2,
                message: "one".into()
            }]
        );
        for n in 0..1_000 {
            notes.add("c", format!("{n}"));
        }
        let of_c: Vec<_> = notes.list().into_iter().filter(|note| note.code == "c").collect();
        assert_eq!(of_c.len(), MESSAGES_PER_CODE);
        assert_eq!(of_c.iter().map(|note| note.count).sum::<u64>(), 1_000);
    }
}
