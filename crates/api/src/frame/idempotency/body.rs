//! What a request's body is, told by a hash that is made while the operation reads it.

use super::key::Key;
use actix_web::HttpMessage;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

/// The hash of a body. The boundary of a form is left out: it differs each time the same form is sent.
#[derive(Clone)]
pub(super) struct BodyHash {
    hasher: Sha256,
    boundary: Option<Vec<u8>>,
    /// The end of what came, which may be the beginning of a boundary.
    rest: Vec<u8>,
}

impl BodyHash {
    /// Of a body under this key.
    pub(super) fn of(key: &Key) -> Self {
        Self {
            hasher: Sha256::new(),
            boundary: key.boundary.clone(),
            rest: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, chunk: &[u8]) {
        let Some(boundary) = &self.boundary else {
            self.hasher.update(chunk);
            return;
        };
        self.rest.extend_from_slice(chunk);
        let mut from = 0;
        while let Some(rest) = self.rest.get(from..) {
            let Some(at) = find(rest, boundary) else { break };
            self.hasher.update(&rest[..at]);
            from += at + boundary.len();
        }
        let kept = boundary.len().saturating_sub(1);
        let sure = self.rest.len().saturating_sub(kept).max(from);
        if let Some(text) = self.rest.get(from..sure) {
            self.hasher.update(text);
        }
        self.rest.drain(..sure.min(self.rest.len()));
    }

    pub(super) fn finish(mut self) -> String {
        self.hasher.update(&self.rest);
        hex::encode(self.hasher.finalize())
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.iter().position(|byte| *byte == first)?;
        if text.get(at..)?.starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// A body that is read by the operation and hashed meanwhile.
pub(super) struct WatchedBody(Rc<RefCell<Watched>>);

struct Watched {
    payload: Payload,
    hash: BodyHash,
    broken: bool,
}

struct Reading(Rc<RefCell<Watched>>);

impl Stream for Reading {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut watched = self.0.borrow_mut();
        let polled = watched.payload.poll_next_unpin(context);
        match &polled {
            Poll::Ready(Some(Ok(chunk))) => watched.hash.add(chunk),
            Poll::Ready(Some(Err(_))) => watched.broken = true,
            Poll::Ready(None) | Poll::Pending => {}
        }
        polled
    }
}

impl WatchedBody {
    /// Puts itself between a request and its body.
    pub(super) fn put_into(request: &mut ServiceRequest, hash: BodyHash) -> Self {
        let watched = Rc::new(RefCell::new(Watched {
            payload: request.take_payload(),
            hash,
            broken: false,
        }));
        let payload: Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>> =
            Box::pin(Reading(watched.clone()));
        request.set_payload(Payload::from(payload));
        Self(watched)
    }

    /// The hash of the whole body: what the operation did not care to read is read now.
    pub(super) async fn finish(self) -> String {
        let mut rest = Reading(self.0.clone());
        while !self.0.borrow().broken && rest.next().await.is_some() {}
        self.0.borrow().hash.clone().finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hash(boundary: &str, chunks: &[&[u8]]) -> String {
        let boundary = (!boundary.is_empty()).then(|| boundary.as_bytes().to_vec());
        let mut hash = BodyHash {
            hasher: Sha256::new(),
            boundary,
            rest: Vec::new(),
        };
        for chunk in chunks {
            hash.add(chunk);
        }
        hash.finish()
    }

    proptest! {
        #[test]
        fn the_same_form_has_one_hash_whatever_its_boundary_and_its_chunks(
            parts in proptest::collection::vec("[ab\r\n-]{0,12}", 1..4),
            one in "[xy]{3,8}", other in "[xyz]{3,8}", size in 1..9_usize
        ) {
            let form = |boundary: &str| format!("--{boundary}{}--", parts.join(&format!("--{boundary}")));
            let (first, second) = (form(&one), form(&other));
            let chunks: Vec<&[u8]> = second.as_bytes().chunks(size).collect();
            prop_assert_eq!(hash(&one, &[first.as_bytes()]), hash(&other, &chunks));
        }
    }

    #[test]
    fn other_bodies_have_other_hashes() {
        assert_ne!(hash("", &[b"a"]), hash("", &[b"b"]));
        assert_eq!(hash("", &[b"a", b"b"]), hash("", &[b"ab"]));
        assert_ne!(hash("xyz", &[b"--xyz1--xyz"]), hash("xyz", &[b"--xyz2--xyz"]));
    }
}
