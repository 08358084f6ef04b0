//! Lines folded for comparison and joined where a sentence goes on in the next line, with the way back to the file.

use super::Line;
use crate::model::{Ordinal, Place, fold_char, split_ordinal};

/// A line, or several that are one paragraph: folded, each byte with the character it came from.
#[derive(Clone, Debug, Default)]
pub(super) struct Paragraph {
    /// The folded text.
    pub(super) text: String,
    /// For each byte of the text, the line and the character of that line it came from.
    origins: Vec<(u32, u32)>,
    /// Bytes of the text at which `-` was written as a dash, not as a minus sign.
    dashes: Vec<usize>,
}

/// What stands between two neighbouring characters of a folded text in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Nothing.
    None,
    /// White space, or a character without a meaning.
    Blank,
    /// A line's end.
    LineEnd,
}

impl Paragraph {
    /// Folds one line.
    pub(super) fn of_line(line: &Line<'_>, number: usize) -> Paragraph {
        let mut paragraph = Paragraph {
            text: String::with_capacity(line.text.len()),
            origins: Vec::with_capacity(line.text.len()),
            dashes: Vec::new(),
        };
        for (index, source) in line.text.chars().enumerate() {
            if let Some(plain) = fold_char(source) {
                if matches!(source, '—' | '–' | '―' | '─') {
                    paragraph.dashes.push(paragraph.text.len());
                }
                paragraph.text.push(plain);
                let origin = (number as u32, index as u32);
                paragraph.origins.extend_from_slice(&[origin; 4][..plain.len_utf8()]);
            }
        }
        paragraph
    }

    /// A text that came from no line of the document.
    pub(super) fn of_text(text: &str) -> Paragraph {
        Paragraph { text: text.to_owned(), origins: vec![(0, 0); text.len()], dashes: Vec::new() }
    }

    /// Takes away what stands from byte `at` on, and gives it.
    pub(super) fn split_off(&mut self, at: usize) -> Paragraph {
        let (before, behind) = self.dashes.iter().copied().partition(|dash| *dash < at);
        self.dashes = before;
        let behind: Vec<usize> = behind;
        Paragraph {
            text: self.text.split_off(at),
            origins: self.origins.split_off(at),
            dashes: behind.into_iter().map(|dash| dash - at).collect(),
        }
    }

    /// Nothing but white space.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The sentence ends with the paragraph, so that the next line begins another one.
    pub(super) fn is_complete(&self) -> bool {
        self.text.ends_with(['。', '!', '?', '！', '？'])
    }

    /// The kind of ordinal it begins with, and the bytes it takes.
    pub(super) fn ordinal(&self) -> (Ordinal, usize) {
        leading_ordinal(&self.text)
    }

    /// Goes on with the next line.
    pub(super) fn append(&mut self, next: &Paragraph) {
        self.dashes.extend(next.dashes.iter().map(|at| at + self.text.len()));
        self.text.push_str(&next.text);
        self.origins.extend_from_slice(&next.origins);
    }

    /// The folded `-` at a byte was written as a minus sign or a hyphen, not as a dash.
    pub(super) fn written_is_minus(&self, at: usize) -> bool {
        !self.dashes.contains(&at)
    }

    /// What stands in the file before the character at byte `at`.
    pub(super) fn gap_before(&self, at: usize) -> Gap {
        let (Some(&(line, index)), Some(&(line_before, index_before))) =
            (self.origins.get(at), at.checked_sub(1).and_then(|before| self.origins.get(before)))
        else {
            return Gap::None;
        };
        if line != line_before {
            Gap::LineEnd
        } else if index <= index_before + 1 {
            Gap::None
        } else {
            Gap::Blank
        }
    }

    /// Where bytes `start..end` stand: the characters of the line in which they begin.
    pub(super) fn place(&self, lines: &[Line<'_>], start: usize, end: usize) -> (Place, Option<usize>) {
        let Some(&(line, first)) = self.origins.get(start) else {
            // An empty stretch behind the text: the place of its last line.
            let line = self.origins.last().map_or(0, |(line, _)| *line as usize);
            return (lines[line].place.clone(), lines[line].offset);
        };
        let last = self.origins[start..end.min(self.origins.len())]
            .iter()
            .take_while(|(other, _)| *other == line)
            .last()
            .map_or(first, |(_, index)| *index);
        let line = &lines[line as usize];
        (line.place.narrowed(first as usize, last as usize + 1), line.offset.map(|offset| offset + first as usize))
    }

    /// The characters of bytes `start..end` as they stand, without what the folding left out between them.
    pub(super) fn written(&self, lines: &[Line<'_>], start: usize, end: usize) -> String {
        let mut written = String::new();
        let mut at = start;
        while at < end {
            // One line's share of the stretch: its characters are taken in one pass.
            let (line, first) = self.origins[at];
            let mut source = lines[line as usize].text.chars().skip(first as usize);
            let mut index = first;
            let mut last = None;
            while at < end && self.origins[at].0 == line {
                let wanted = self.origins[at].1;
                if last != Some(wanted) {
                    let skip = (wanted - index) as usize;
                    written.extend(source.nth(skip));
                    index = wanted + 1;
                    last = Some(wanted);
                }
                at += 1;
            }
        }
        written
    }
}

/// The ordinal at the start of a folded text; `1.2020年` is an ordinal before a year.
pub(super) fn leading_ordinal(text: &str) -> (Ordinal, usize) {
    let (kind, part_of, rest) = split_ordinal(text);
    if kind != Ordinal::None && !part_of {
        return (kind, text.len() - rest.len());
    }
    if kind != Ordinal::None && !text.starts_with("其中") {
        // 1.其中:… : the ordinal alone.
        let end = text.find("其中").unwrap_or(0);
        return (kind, end);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=2).contains(&digits)
        && let Some(rest) = text[digits..].strip_prefix('.')
        && rest.len() > 7
        && rest.as_bytes()[..4].iter().all(u8::is_ascii_digit)
        && rest[4..].starts_with('年')
    {
        return (Ordinal::Digit, digits + 1);
    }
    (Ordinal::None, 0)
}
