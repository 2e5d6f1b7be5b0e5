//! The encoding of a text file. A mark decides; without one the file is UTF-8 if every byte of it is, else Windows-1252 is
//! guessed and the guess is stated.

use std::io::{self, Read};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use encoding_rs_io::DecodeReaderBytesBuilder;

use super::bytes::{ByteSource, count_of, read_full};
use super::detect::wide_without_mark;
use super::{FileFault, Notes};

/// Bytes looked at in one step.
const STEP: usize = 64 << 10;

/// The encoding of a source, after all of it was checked.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextEncoding {
    encoding: &'static Encoding,
    /// Whether the bytes are UTF-8 throughout and need no decoding.
    is_utf8: bool,
}

impl TextEncoding {
    /// Reads the source once to the end: finds the encoding and refuses NUL characters, which no database text can hold.
    pub(super) fn detect(source: &ByteSource, notes: &Notes) -> Result<Self, FileFault> {
        let mut reader = source.open()?;
        let mut buffer = vec![0; STEP];
        let filled = read_full(&mut *reader, &mut buffer)?;
        let head = buffer.get(..filled).unwrap_or_default();
        if let Some((encoding, _)) = Encoding::for_bom(head) {
            let check = if encoding == UTF_8 {
                Check::utf8()
            } else {
                Check::utf16(encoding == UTF_16LE)
            };
            let outcome = check.run(&mut *reader, &mut buffer, filled)?;
            if encoding == UTF_8 && !outcome.valid_utf8 {
                notes.add("invalid_text", "the file is marked as UTF-8 but holds bytes that are not; they were replaced by '\u{FFFD}'");
            }
            return Ok(Self {
                encoding,
                is_utf8: encoding == UTF_8 && outcome.valid_utf8,
            });
        }
        if let Some(little) = wide_without_mark(head) {
            Check::utf16(little).run(&mut *reader, &mut buffer, filled)?;
            let encoding = if little { UTF_16LE } else { UTF_16BE };
            notes.add(
                "encoding_guessed",
                format!("the file has no byte order mark; {} was guessed", encoding.name()),
            );
            return Ok(Self {
                encoding,
                is_utf8: false,
            });
        }
        if Check::utf8().run(&mut *reader, &mut buffer, filled)?.valid_utf8 {
            return Ok(Self {
                encoding: UTF_8,
                is_utf8: true,
            });
        }
        notes.add(
            "encoding_guessed",
            "the file is not UTF-8; Windows-1252 was guessed: check letters such as ä, é, ñ",
        );
        Ok(Self {
            encoding: WINDOWS_1252,
            is_utf8: false,
        })
    }

    /// The name as registered, such as `UTF-8`.
    pub(super) fn name(self) -> &'static str {
        if self.encoding == WINDOWS_1252 {
            "windows-1252"
        } else {
            self.encoding.name()
        }
    }

    /// The source as UTF-8 without a mark.
    pub(super) fn reader(self, source: &ByteSource) -> io::Result<Box<dyn Read + Send>> {
        let decoder = DecodeReaderBytesBuilder::new()
            .encoding(Some(self.encoding))
            .strip_bom(true)
            .bom_override(true)
            .utf8_passthru(self.is_utf8)
            .build(source.open()?);
        Ok(Box::new(decoder))
    }
}

/// One pass over the bytes.
struct Check {
    /// `Some(little_endian)` for UTF-16.
    wide: Option<bool>,
    line: u64,
    valid_utf8: bool,
    /// Bytes of a character cut by the end of a step.
    carry: Vec<u8>,
}

impl Check {
    const fn utf8() -> Self {
        Self {
            wide: None,
            line: 1,
            valid_utf8: true,
            carry: Vec::new(),
        }
    }

    const fn utf16(little: bool) -> Self {
        Self {
            wide: Some(little),
            line: 1,
            valid_utf8: true,
            carry: Vec::new(),
        }
    }

    fn run(mut self, reader: &mut dyn Read, buffer: &mut [u8], filled: usize) -> Result<Self, FileFault> {
        let mut filled = filled;
        while filled > 0 {
            let step = buffer.get(..filled).unwrap_or_default();
            match self.wide {
                Some(little) => self.wide_step(step, little)?,
                None => self.narrow_step(step)?,
            }
            filled = read_full(reader, buffer)?;
        }
        if self.wide.is_none() && !self.carry.is_empty() {
            self.valid_utf8 = false;
        }
        Ok(self)
    }

    /// `STEP` is even, so a unit is never cut except at the end of the file.
    fn wide_step(&mut self, step: &[u8], little: bool) -> Result<(), FileFault> {
        for pair in step.chunks_exact(2) {
            let unit = match *pair {
                [low, high] if little => u16::from_le_bytes([low, high]),
                [high, low] => u16::from_be_bytes([high, low]),
                _ => continue,
            };
            if unit == 0 {
                return Err(FileFault::NulByte { line: self.line });
            }
            self.line += u64::from(unit == 10);
        }
        Ok(())
    }

    fn narrow_step(&mut self, step: &[u8]) -> Result<(), FileFault> {
        if let Some(place) = step.iter().position(|byte| *byte == 0) {
            let before = step.get(..place).unwrap_or_default();
            return Err(FileFault::NulByte {
                line: self.line + count_of(b'\n', before),
            });
        }
        self.line += count_of(b'\n', step);
        if self.valid_utf8 {
            self.check_utf8(step);
        }
        Ok(())
    }

    fn check_utf8(&mut self, step: &[u8]) {
        let mut rest = step;
        // Finish the character that the step before cut: at most three more bytes.
        while !self.carry.is_empty() {
            let Some((first, after)) = rest.split_first() else {
                return;
            };
            self.carry.push(*first);
            rest = after;
            match std::str::from_utf8(&self.carry) {
                Ok(_) => self.carry.clear(),
                Err(error) if error.error_len().is_some() => {
                    self.valid_utf8 = false;
                    return;
                }
                Err(_) => {}
            }
        }
        if let Err(error) = std::str::from_utf8(rest) {
            self.valid_utf8 = error.error_len().is_none();
            self.carry = rest.get(error.valid_up_to()..).unwrap_or_default().to_vec();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn detect(bytes: &[u8]) -> Result<(String, String, Notes), FileFault> {
        let notes = Notes::default();
        let source = ByteSource::Memory(bytes.into());
        let encoding = TextEncoding::detect(&source, &notes)?;
        let mut text = String::new();
        encoding.reader(&source)?.read_to_string(&mut text)?;
        Ok((encoding.name().to_owned(), text, notes))
    }

    #[test]
    fn marks_decide_and_are_removed() {
        let wide = |mark: [u8; 2], little: bool| {
            let units = "näme;b\r\n".encode_utf16();
            mark.into_iter()
                .chain(units.flat_map(|unit| {
                    if little {
                        unit.to_le_bytes()
                    } else {
                        unit.to_be_bytes()
                    }
                }))
                .collect::<Vec<u8>>()
        };
        assert_eq!(detect(b"\xEF\xBB\xBFa,b").unwrap().1, "a,b");
        let (name, text, _) = detect(&wide([0xFF, 0xFE], true)).unwrap();
        assert_eq!((name.as_str(), text.as_str()), ("UTF-16LE", "näme;b\r\n"));
        let (name, text, _) = detect(&wide([0xFE, 0xFF], false)).unwrap();
        assert_eq!((name.as_str(), text.as_str()), ("UTF-16BE", "näme;b\r\n"));
    }

    #[test]
    fn wide_text_without_a_mark_is_guessed_and_the_guess_is_stated() {
        let bytes: Vec<u8> = "host,ip\nweb,1\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let (name, text, notes) = detect(&bytes).unwrap();
        assert_eq!((name.as_str(), text.as_str()), ("UTF-16LE", "host,ip\nweb,1\n"));
        assert_eq!(notes.list()[0].code, "encoding_guessed");
    }

    #[test]
    fn text_that_is_not_utf8_is_read_as_windows_1252_with_a_note() {
        let (name, text, notes) = detect(b"ort\nM\xFCnchen \x80\n").unwrap();
        assert_eq!(
            (name.as_str(), text.as_str()),
            ("windows-1252", "ort\nMünchen €\n")
        );
        assert_eq!(notes.list()[0].code, "encoding_guessed");
    }

    #[test]
    fn a_character_cut_by_a_step_is_still_utf8() {
        let mut bytes = vec![b'a'; STEP - 1];
        bytes.extend("ä€".as_bytes());
        assert_eq!(detect(&bytes).unwrap().0, "UTF-8");
        bytes.pop();
        assert_eq!(detect(&bytes).unwrap().0, "windows-1252");
    }

    #[test]
    fn a_nul_byte_is_refused_with_its_line() {
        let fault = detect(b"a,b\n1,2\n1,\x002\n").unwrap_err();
        assert!(matches!(fault, FileFault::NulByte { line: 3 }), "{fault}");
    }

    proptest! {
        #[test]
        fn every_text_without_nul_is_read_back(text in "[^\\x00\\u{feff}]{0,200}") {
            prop_assert_eq!(detect(text.as_bytes()).unwrap().1, text);
        }
    }
}
