//! What a file is, by its first bytes; its name only decides where they leave it open.

use super::FileFault;

/// What the content looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Lines of separated values.
    Delimited,
    /// JSON of some shape.
    Json,
    /// A ZIP archive: XLSX, or CSV files.
    Zip,
    /// A compound file: a workbook of the old kind, or an encrypted one.
    Compound,
}

/// First bytes of things that people upload by mistake.
const MAGIC: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xFF\xD8\xFF", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"BM", "a bitmap image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"RIFF", "an image or sound"),
    (b"\x1F\x8B", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xFD7zXZ", "an xz archive"),
    (b"\x28\xB5\x2F\xFD", "a zstd archive"),
    (b"7z\xBC\xAF", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7FELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "an RTF document"),
];

/// Magic numbers that are also the start of plausible text.
const TEXTUAL_MAGIC: &[&[u8]] = &[b"BM", b"MZ", b"RIFF", b"GIF8", b"BZh", b"PAR1"];

/// Decides by the first bytes of the file; `name` is the name under which it was uploaded.
pub(super) fn detect(head: &[u8], name: &str) -> Result<Kind, FileFault> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Zip);
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Ok(Kind::Compound);
    }
    for (magic, found) in MAGIC {
        let textual = TEXTUAL_MAGIC.contains(magic) && !has_control_bytes(head);
        if head.starts_with(magic) && !textual {
            return Err(FileFault::NotTabular {
                found: (*found).to_owned(),
            });
        }
    }
    let text = head.strip_prefix(b"\xEF\xBB\xBF".as_slice()).unwrap_or(head);
    let wide = text.starts_with(b"\xFF\xFE") || text.starts_with(b"\xFE\xFF");
    let skipped = |byte: u8| byte.is_ascii_whitespace() || (wide && matches!(byte, 0 | 0xFE | 0xFF));
    let visible: Vec<u8> = text
        .iter()
        .copied()
        .filter(|byte| !skipped(*byte))
        .take(2)
        .collect();
    if visible.is_empty() {
        return Err(FileFault::Empty);
    }
    if starts_markup(text) {
        return Err(FileFault::NotTabular {
            found: "an HTML or XML document".to_owned(),
        });
    }
    if is_json(&visible, name) {
        return Ok(Kind::Json);
    }
    if !wide && control_share(text) > 0.05 && !looks_wide(text) {
        return Err(FileFault::NotTabular {
            found: "binary data".to_owned(),
        });
    }
    Ok(Kind::Delimited)
}

fn is_json(visible: &[u8], name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let named = [".json", ".ndjson", ".jsonl"]
        .iter()
        .any(|ending| lower.ends_with(ending));
    match visible {
        [b'{' | b'[', ..] if named => true,
        [b'{', b'"' | b'}'] | [b'[', b'{' | b']'] => true,
        _ => false,
    }
}

fn starts_markup(text: &[u8]) -> bool {
    let start: Vec<u8> = text
        .iter()
        .skip_while(|byte| byte.is_ascii_whitespace())
        .take(9)
        .map(u8::to_ascii_lowercase)
        .collect();
    [b"<!doctype".as_slice(), b"<html", b"<?xml", b"<svg"]
        .iter()
        .any(|mark| start.starts_with(mark))
}

const fn is_control(byte: u8) -> bool {
    (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1A | 0x1B)) || byte == 0x7F
}

fn has_control_bytes(head: &[u8]) -> bool {
    head.iter().any(|byte| is_control(*byte))
}

#[expect(clippy::cast_precision_loss, reason = "a share of a few thousand bytes")]
fn control_share(head: &[u8]) -> f64 {
    let controls: u32 = head.iter().map(|byte| u32::from(is_control(*byte))).sum();
    f64::from(controls) / head.len().max(1) as f64
}

/// Whether the text has the zeros of UTF-16 written without a byte order mark: at every second place and nowhere else.
pub(super) fn looks_wide(head: &[u8]) -> bool {
    wide_without_mark(head).is_some()
}

/// Byte order of UTF-16 without a mark: `Some(true)` for little-endian.
pub(super) fn wide_without_mark(head: &[u8]) -> Option<bool> {
    let pairs = head.len() / 2;
    let zeros = |odd: usize| {
        head.iter()
            .skip(odd)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    if pairs < 2 {
        None
    } else if even == 0 && odd * 10 > pairs * 8 {
        Some(true)
    } else if odd == 0 && even * 10 > pairs * 8 {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_before_the_name() {
        assert_eq!(detect(b"PK\x03\x04rest", "a.csv").unwrap(), Kind::Zip);
        assert_eq!(
            detect(b"\xEF\xBB\xBF [\n{\"a\":1}]", "a.csv").unwrap(),
            Kind::Json
        );
        assert_eq!(detect(b"a,b\n1,2\n", "a.json").unwrap(), Kind::Delimited);
        assert_eq!(detect(b"[DS1] path,b\n", "a.csv").unwrap(), Kind::Delimited);
        assert_eq!(detect(b"BMC ID,name\n1,2\n", "a.csv").unwrap(), Kind::Delimited);
    }

    #[test]
    fn things_that_are_no_table_are_named() {
        for (content, word) in [
            (b"%PDF-1.7".as_slice(), "PDF"),
            (b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
            (b"\x1F\x8B\x08\0", "gzip"),
            (b"  <!DOCTYPE html><p>", "HTML"),
            (b"\x01\x02\x03\x04\x05\x06", "binary"),
        ] {
            let fault = detect(content, "assets.csv").unwrap_err();
            assert_eq!(fault.code(), "not_tabular");
            assert!(fault.to_string().contains(word), "{fault}");
        }
        assert_eq!(detect(b" \r\n", "a.csv").unwrap_err().code(), "empty_file");
        assert_eq!(detect(b"", "a.csv").unwrap_err().code(), "empty_file");
    }
}
