//! Cuts a stream of JSON into its objects without parsing them: only strings and braces are followed. One object is held at
//! a time and none may be larger than a row.

use std::io::Read;

use super::envelope::Keys;
use crate::imports::readers::{FileFault, Limits};

/// Bytes read at once.
const STEP: usize = 64 << 10;

/// One object, still as text.
pub(super) struct Piece<'a> {
    /// Line, or position among the objects, from 1.
    pub(super) number: u64,
    /// Its text.
    pub(super) text: &'a str,
    /// Whether objects stand one to a line, so that a broken one leaves the next intact.
    pub(super) by_line: bool,
}

/// How the objects stand in the stream.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// Not yet known.
    Unknown,
    /// One complete object to a line.
    Lines,
    /// After one another, with or without line breaks.
    Sequence,
    /// Elements of an array.
    Array,
    /// Elements of an array within an object.
    Enveloped,
}

/// The objects of a stream.
pub(super) struct Objects<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    layout: Layout,
    piece: Vec<u8>,
    number: u64,
    line: u64,
    record_bytes: usize,
    finished: bool,
}

impl<R: Read> Objects<R> {
    pub(super) fn new(input: R, limits: &Limits) -> Self {
        Self {
            input,
            buffer: vec![0; STEP],
            start: 0,
            end: 0,
            layout: Layout::Unknown,
            piece: Vec::new(),
            number: 0,
            line: 1,
            record_bytes: limits.record_bytes,
            finished: false,
        }
    }

    /// Bytes of the object given out last.
    pub(super) fn last_len(&self) -> usize {
        self.piece.len()
    }

    /// The next object; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Piece<'_>>, FileFault> {
        if self.finished {
            return Ok(None);
        }
        let found = match self.layout {
            Layout::Unknown => self.first()?,
            Layout::Lines => self.next_line()?,
            Layout::Sequence => self.next_object()?,
            Layout::Array | Layout::Enveloped => self.next_element()?,
        };
        if !found {
            self.finished = true;
            return Ok(None);
        }
        let by_line = self.layout == Layout::Lines;
        let number = if by_line { self.line - 1 } else { self.number };
        let text = std::str::from_utf8(&self.piece).map_err(|error| self.broken(&error.to_string()))?;
        Ok(Some(Piece {
            number,
            text,
            by_line,
        }))
    }

    fn broken(&self, reason: &str) -> FileFault {
        FileFault::BrokenJson {
            place: format!("line {}", self.line),
            reason: reason.to_owned(),
        }
    }

    /// Learns the layout from the first characters.
    fn first(&mut self) -> Result<bool, FileFault> {
        match self.skip_space()? {
            None => Err(FileFault::Empty),
            Some(b'[') => {
                self.take()?;
                self.layout = Layout::Array;
                self.next_element()
            }
            Some(b'{') => self.first_object(),
            Some(_) => Err(self.broken("expected '[' or '{'")),
        }
    }

    /// Reads the first object, unless it turns out to be an envelope, in which case its array is entered.
    fn first_object(&mut self) -> Result<bool, FileFault> {
        let line = self.line;
        if self.cut_object(true)? {
            self.layout = Layout::Enveloped;
            return self.next_element();
        }
        let one_line = self.line == line;
        let ends_line = loop {
            match self.peek()? {
                None | Some(b'\n' | b'\r') => break true,
                Some(b' ' | b'\t') => self.start += 1,
                Some(_) => break false,
            }
        };
        self.layout = if one_line && ends_line {
            Layout::Lines
        } else {
            Layout::Sequence
        };
        self.number = 1;
        if self.layout == Layout::Lines {
            self.take_line_end()?;
        }
        Ok(true)
    }

    fn next_element(&mut self) -> Result<bool, FileFault> {
        if self.number > 0 {
            match self.skip_space()? {
                Some(b',') => self.start += 1,
                Some(b']') | None => {}
                Some(_) => return Err(self.broken("expected ',' or ']' after an object")),
            }
        }
        match self.skip_space()? {
            Some(b']') => self.leave_array().map(|()| false),
            Some(b'{') => {
                self.number += 1;
                self.cut_object(false)?;
                Ok(true)
            }
            Some(byte) => {
                let place = format!("record {}", self.number + 1);
                Err(FileFault::NotAnObject {
                    place,
                    found: if byte == b'[' { "an array" } else { "a plain value" },
                })
            }
            None => Err(self.broken("the file ends before the closing ']'")),
        }
    }

    /// Behind the array only the rest of an envelope may stand.
    fn leave_array(&mut self) -> Result<(), FileFault> {
        self.take()?;
        let mut rest = Vec::new();
        while let Some(byte) = self.peek()? {
            self.start += 1;
            rest.push(byte);
            if rest.len() > self.record_bytes {
                return Err(self.broken("too much text after the array"));
            }
        }
        let complete = if self.layout == Layout::Enveloped {
            let mut closed = b"{\"\":0".to_vec();
            closed.append(&mut rest);
            serde_json::from_slice::<serde::de::IgnoredAny>(&closed).is_ok()
        } else {
            rest.iter().all(u8::is_ascii_whitespace)
        };
        if complete {
            Ok(())
        } else {
            Err(self.broken("unexpected text after the closing ']'"))
        }
    }

    fn next_object(&mut self) -> Result<bool, FileFault> {
        match self.skip_space()? {
            None => Ok(false),
            Some(b'{') => {
                self.number += 1;
                self.cut_object(false)?;
                Ok(true)
            }
            Some(_) => Err(self.broken("expected '{' to start the next object")),
        }
    }

    fn next_line(&mut self) -> Result<bool, FileFault> {
        loop {
            self.piece.clear();
            if self.peek()?.is_none() {
                return Ok(false);
            }
            while let Some(byte) = self.peek()? {
                if matches!(byte, b'\n' | b'\r') {
                    break;
                }
                self.keep(byte)?;
            }
            self.take_line_end()?;
            if !self.piece.iter().all(u8::is_ascii_whitespace) {
                return Ok(true);
            }
        }
    }

    fn take_line_end(&mut self) -> Result<(), FileFault> {
        if self.peek()? == Some(b'\r') {
            self.start += 1;
        }
        if self.peek()? == Some(b'\n') {
            self.start += 1;
        }
        self.line += 1;
        Ok(())
    }

    /// Copies one object to `piece`. With `envelope`, stops behind the `[` of an array that carries the records, and says so.
    fn cut_object(&mut self, envelope: bool) -> Result<bool, FileFault> {
        self.piece.clear();
        let mut keys = Keys::watching(envelope);
        let (mut depth, mut in_text, mut escaped) = (0_u32, false, false);
        loop {
            let Some(byte) = self.peek()? else {
                return Err(self.broken("the file ends within an object"));
            };
            self.line += u64::from(byte == b'\n');
            self.keep(byte)?;
            if in_text {
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' => escaped = true,
                    b'"' => {
                        in_text = false;
                        keys.end_text(depth, &self.piece);
                    }
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => {
                    in_text = true;
                    keys.text_from = self.piece.len();
                }
                b'[' if depth == 1 && keys.opens_records() => return Ok(true),
                b'{' | b'[' => depth += 1,
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(false);
                    }
                }
                b':' if depth == 1 => keys.colon(),
                _ => {}
            }
        }
    }

    fn keep(&mut self, byte: u8) -> Result<(), FileFault> {
        self.start += 1;
        if self.piece.len() >= self.record_bytes {
            return Err(FileFault::RecordTooLong {
                row: self.number.max(1),
                line: self.line,
                limit: self.record_bytes,
            });
        }
        self.piece.push(byte);
        Ok(())
    }

    fn skip_space(&mut self) -> Result<Option<u8>, FileFault> {
        while let Some(byte) = self.peek()? {
            if !byte.is_ascii_whitespace() {
                return Ok(Some(byte));
            }
            self.line += u64::from(byte == b'\n');
            self.start += 1;
        }
        Ok(None)
    }

    fn take(&mut self) -> Result<(), FileFault> {
        self.peek()?;
        self.start += 1;
        Ok(())
    }

    fn peek(&mut self) -> Result<Option<u8>, FileFault> {
        while self.start >= self.end {
            match self.input.read(&mut self.buffer) {
                Ok(0) => return Ok(None),
                Ok(count) => (self.start, self.end) = (0, count),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(self.buffer.get(self.start).copied())
    }
}
