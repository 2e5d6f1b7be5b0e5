//! What happens to every request, whatever it asks for. From the outside in: [`envelope`] gives it an id and every failure
//! its body, [`Spans`] opens its span, [`measure`] counts and logs it, then come security headers, CORS and compression,
//! who it is, what old clients need ([`compat`]), [`conditional`], which spares what the client has already, and
//! [`idempotency`], which spares what was done already.

mod compat;
mod conditional;
mod envelope;
mod fallback;
mod idempotency;
mod measure;
mod security;
mod span;

pub(crate) use compat::compat;
pub(crate) use conditional::conditional;
pub(crate) use envelope::envelope;
pub(crate) use fallback::{Routes, fallback};
pub(crate) use idempotency::{REPLAYED, idempotency};
pub(crate) use measure::{describe as describe_metrics, measure};
pub(crate) use security::{cors, security_headers};
pub(crate) use span::Spans;
