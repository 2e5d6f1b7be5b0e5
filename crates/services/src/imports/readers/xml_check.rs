//! Checks of a workbook's XML parts while they are unpacked, before a spreadsheet library allocates for them: no document
//! type, no NUL characters (UTF-16 would hide the first), no endless text, and a table of texts as large as it says.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{FileFault, Limits};

/// Bytes kept from the start of a part to read its root element.
const HEAD: usize = 64 << 10;
/// Longest mark looked for, less one: what may be cut between two steps.
const OVERLAP: usize = 8;
/// Bytes of one cell or text of a table, markup included.
const LONGEST_CELL: u64 = 64 << 20;

/// Running check of one part.
pub(super) struct XmlCheck<'a> {
    part: String,
    limits: &'a Limits,
    head: Vec<u8>,
    window: Vec<u8>,
    size: u64,
    texts: u64,
    /// Bytes since the last start of a cell, row or text.
    since_cell: u64,
}

impl<'a> XmlCheck<'a> {
    /// A check, if the entry is a part that could be read as XML.
    pub(super) fn of(name: &str, limits: &'a Limits) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let xml = [".xml", ".rels", ".vml"]
            .iter()
            .any(|ending| lower.ends_with(ending))
            || lower.starts_with("xl/");
        let picture = lower.starts_with("xl/media/")
            || [".bin", ".png", ".jpeg", ".jpg"]
                .iter()
                .any(|e| lower.ends_with(e));
        (xml && !picture).then(|| Self {
            part: name.to_owned(),
            limits,
            head: Vec::new(),
            window: Vec::new(),
            size: 0,
            texts: 0,
            since_cell: 0,
        })
    }

    /// Looks at the next bytes.
    pub(super) fn step(&mut self, bytes: &[u8]) -> Result<(), FileFault> {
        self.size += bytes.len() as u64;
        if self.head.len() < HEAD {
            let take = bytes.len().min(HEAD - self.head.len());
            self.head.extend_from_slice(bytes.get(..take).unwrap_or_default());
        }
        if bytes.contains(&0) {
            return Err(FileFault::BrokenWorkbook {
                reason: format!("part '{}' is not UTF-8 text", self.part),
            });
        }
        self.window.extend_from_slice(bytes);
        let window = std::mem::take(&mut self.window);
        let decided = window.len().saturating_sub(OVERLAP);
        self.scan(&window, decided)?;
        self.window = window.get(decided..).unwrap_or_default().to_vec();
        Ok(())
    }

    /// Looks at every tag that starts before `decided`.
    fn scan(&mut self, window: &[u8], decided: usize) -> Result<(), FileFault> {
        let mut last = 0;
        for place in window
            .iter()
            .take(decided)
            .enumerate()
            .filter(|(_, byte)| **byte == b'<')
            .map(|(place, _)| place)
        {
            let tag = window.get(place + 1..).unwrap_or_default();
            if tag
                .get(..8)
                .is_some_and(|start| start.eq_ignore_ascii_case(b"!DOCTYPE"))
            {
                return Err(FileFault::DocumentType {
                    part: self.part.clone(),
                });
            }
            let text = starts_element(tag, b"si");
            self.texts += u64::from(text);
            if text || starts_element(tag, b"c") || starts_element(tag, b"row") {
                last = place;
                self.since_cell = 0;
            }
        }
        self.since_cell += decided.saturating_sub(last) as u64;
        if self.since_cell > LONGEST_CELL {
            return Err(FileFault::BrokenWorkbook {
                reason: format!(
                    "part '{}' holds an element of more than {LONGEST_CELL} bytes",
                    self.part
                ),
            });
        }
        Ok(())
    }

    /// Looks at the whole after its last byte.
    pub(super) fn finish(mut self) -> Result<(), FileFault> {
        let window = std::mem::take(&mut self.window);
        self.scan(&window, window.len())?;
        let named = self.part.to_ascii_lowercase().ends_with("sharedstrings.xml");
        let Some(declared) = declared_texts(&self.head) else {
            return if named {
                Err(FileFault::BrokenWorkbook {
                    reason: format!("part '{}' is no table of texts", self.part),
                })
            } else {
                Ok(())
            };
        };
        // The shortest text takes 5 bytes: <si/>.
        let most = declared.max(self.texts);
        if self.size > self.limits.shared_string_bytes
            || most > self.limits.shared_strings
            || declared > self.size / 5
        {
            return Err(FileFault::SharedStrings {
                declared: most,
                bytes: self.size,
                limit: self.limits.shared_strings,
            });
        }
        Ok(())
    }
}

/// Whether a tag, without its `<`, opens this element, with or without a namespace prefix of up to two letters.
fn starts_element(tag: &[u8], name: &[u8]) -> bool {
    let plain = |tag: &[u8]| {
        tag.strip_prefix(name)
            .is_some_and(|rest| matches!(rest.first(), Some(b' ' | b'>' | b'/' | b'\t' | b'\r' | b'\n')))
    };
    plain(tag)
        || tag
            .iter()
            .take(3)
            .position(|byte| *byte == b':')
            .is_some_and(|colon| plain(tag.get(colon + 1..).unwrap_or_default()))
}

/// The number of texts that a table of texts declares; none if the part is something else.
fn declared_texts(head: &[u8]) -> Option<u64> {
    let mut reader = Reader::from_reader(head);
    loop {
        match reader.read_event() {
            Ok(Event::Start(root) | Event::Empty(root)) => {
                return (root.local_name().as_ref() == b"sst").then(|| declared_in(&root));
            }
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

/// The number of different texts, for which a library would reserve memory; an unreadable one counts as the largest.
fn declared_in(root: &BytesStart<'_>) -> u64 {
    match root.try_get_attribute("uniqueCount") {
        Ok(None) => 0,
        Ok(Some(attribute)) => std::str::from_utf8(&attribute.value)
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(u64::MAX),
        Err(_) => u64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, part: &str) -> Result<(), FileFault> {
        let limits = Limits {
            shared_strings: 100,
            ..Limits::default()
        };
        let mut check = XmlCheck::of(name, &limits).unwrap();
        // Small steps, so that marks are cut between them.
        for step in part.as_bytes().chunks(3) {
            check.step(step)?;
        }
        check.finish()
    }

    #[test]
    fn a_document_type_is_found_even_across_steps() {
        let fault = check(
            "xl/workbook.xml",
            "<?xml version=\"1.0\"?><!doctype x [<!ENTITY a 'b'>]><x/>",
        )
        .unwrap_err();
        assert_eq!(fault.code(), "document_type");
        check("xl/workbook.xml", "<?xml version=\"1.0\"?><workbook/>").unwrap();
    }

    #[test]
    fn a_table_of_texts_that_declares_more_than_it_can_hold_is_refused() {
        let part = "<sst uniqueCount=\"99\"><si><t>a</t></si></sst>";
        assert_eq!(
            check("xl/sharedStrings.xml", part).unwrap_err().code(),
            "shared_strings"
        );
        let part = "<x:sst xmlns:x='y' count='9' uniqueCount=\"4000000000000\"><si/></x:sst>";
        assert_eq!(check("xl/other.xml", part).unwrap_err().code(), "shared_strings");
        check(
            "xl/sharedStrings.xml",
            "<sst count=\"5000\" uniqueCount=\"1\"><si><t>a</t></si></sst>",
        )
        .unwrap();
    }

    #[test]
    fn more_texts_than_allowed_are_refused_even_if_fewer_are_declared() {
        let part = format!("<sst uniqueCount=\"1\">{}</sst>", "<si><t>a</t></si>".repeat(101));
        assert_eq!(
            check("xl/sharedStrings.xml", &part).unwrap_err().code(),
            "shared_strings"
        );
    }

    #[test]
    fn parts_in_a_wide_encoding_are_refused() {
        assert_eq!(
            check("xl/workbook.xml", "<\0x\0>\0").unwrap_err().code(),
            "broken_workbook"
        );
    }
}
