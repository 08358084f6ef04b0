//! The lines of a text and what kind each is of.

use std::ops::Range;

use memchr::{memchr, memchr3};

/// A line without its end.
#[derive(Debug)]
pub(super) struct Line {
    /// Its bytes in the text.
    pub(super) bytes: Range<usize>,
    /// Characters before it in the text.
    pub(super) offset: usize,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// White space only, and no tab at its start.
    Blank,
    /// Begins with a tab: a cell of a table.
    Tab,
    /// Begins with `|`: a row of a table.
    Pipe,
    /// Parts two tables that follow one another.
    Separator,
    /// Anything else.
    Plain,
}

/// Splits at `\n`, `\r\n`, lone `\r`, form feeds and Unicode's line and paragraph separators.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::with_capacity(text.len() / 40);
    let (mut start, mut offset) = (0, 0);
    while start < text.len() {
        let rest = &text[start..];
        let length = line_length(rest);
        let line = &rest[..length];
        let end = match rest[length..].chars().next() {
            Some('\r') if rest[length + 1..].starts_with('\n') => 2,
            Some(end) => end.len_utf8(),
            None => 0,
        };
        lines.push(Line { bytes: start..start + length, offset, kind: Kind::of(line) });
        offset += line.chars().count() + rest[length..length + end].chars().count();
        start += length + end;
    }
    lines
}

/// Bytes before the first line end.
fn line_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = memchr3(b'\n', b'\r', 0xc, bytes).unwrap_or(bytes.len());
    // U+2028 and U+2029.
    let mut from = 0;
    while let Some(at) = memchr(0xe2, &bytes[from..end]).map(|at| from + at) {
        if matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xa8 | 0xa9])) {
            end = at;
        } else {
            from = at + 1;
        }
    }
    end
}

impl Kind {
    fn of(line: &str) -> Kind {
        if line.starts_with('\t') {
            return Kind::Tab;
        }
        let trimmed = line.trim_start();
        match trimmed.chars().next() {
            None => Kind::Blank,
            Some('|') if trimmed.trim_end().len() > 1 => Kind::Pipe,
            Some('-') if trimmed.trim_end() == "--- next table" => Kind::Separator,
            Some(_) => Kind::Plain,
        }
    }
}
