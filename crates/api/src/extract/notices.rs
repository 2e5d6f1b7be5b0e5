//! What a request used that it should not: old names, and names that nobody knows. Extractors write it down, the frame tells
//! it in the answer and counts it.

use actix_web::http::header::HeaderValue;
use actix_web::{HttpMessage, HttpRequest};
use landfall_compat::Resource;

/// Longest header with ignored names, in bytes.
const LONGEST_HEADER: usize = 2_000;

/// Names that a request used.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notices {
    /// Old names with the resource that they are of.
    pub(crate) old: Vec<(Resource, &'static str)>,
    /// Names that nobody knows, which were ignored.
    pub(crate) ignored: Vec<String>,
}

impl Notices {
    /// The ignored names for a header, each once; what no header can hold is percent-encoded.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let mut text = String::new();
        for name in &self.ignored {
            let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
            if text.len() + name.len() > LONGEST_HEADER {
                break;
            }
            if !text.is_empty() {
                text.push_str(", ");
            }
            text.push_str(&name);
        }
        (!text.is_empty()).then(|| HeaderValue::from_str(&text).ok())?
    }
}

/// Writes down that a request used an old name.
pub(crate) fn note_old(request: &HttpRequest, resource: Resource, name: &'static str) {
    metrics::counter!("landfall_compat_field_total", "resource" => resource.as_str(), "field" => name)
        .increment(1);
    with(request, |notices| notices.old.push((resource, name)));
}

/// Writes down that a request used a name that nobody knows.
pub(crate) fn note_ignored(request: &HttpRequest, name: &str) {
    metrics::counter!("landfall_compat_ignored_total").increment(1);
    with(request, |notices| {
        if !notices.ignored.iter().any(|known| known == name) {
            notices.ignored.push(name.to_owned());
        }
    });
}

fn with(request: &HttpRequest, change: impl FnOnce(&mut Notices)) {
    let mut extensions = request.extensions_mut();
    if let Some(notices) = extensions.get_mut::<Notices>() {
        change(notices);
    } else {
        let mut notices = Notices::default();
        change(&mut notices);
        extensions.insert(notices);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_holds_every_name_once_and_nothing_that_breaks_it() {
        let request = actix_web::test::TestRequest::default().to_http_request();
        for name in ["colour", "a\r\nb", "colour", "é"] {
            note_ignored(&request, name);
        }
        let notices = request.extensions().get::<Notices>().cloned().unwrap();
        assert_eq!(notices.header().unwrap(), "colour, a%0D%0Ab, %C3%A9");
        assert!(Notices::default().header().is_none());
    }
}
