//! Lines folded for comparison and joined where a sentence goes on in the next line, with the way back to the file.

use compact_str::CompactString;

use super::{Line, functions};
use crate::model::{Ordinal, Place, dotted_ordinal, fold_char, split_ordinal};

/// A line, or several that are one paragraph: folded, with the way back to the characters of the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Paragraph {
    /// The folded text.
    pub(super) text: String,
    /// The stretches that the text consists of, in its order.
    stretches: Vec<Stretch>,
    /// Bytes of the text at which `-` was written as a dash, not as a minus sign.
    dashes: Vec<usize>,
    /// Bytes of the text where a line of digits alone begins, ends, or was left out.
    seams: Vec<usize>,
}

/// A part of the text whose characters stand side by side in a line of the file, one for one.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    /// The byte of the text where it begins; it ends where the next one begins.
    start: usize,
    /// The line.
    line: u32,
    /// Which of the line's characters its first one is.
    first: u32,
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
        let mut paragraph = Paragraph { text: String::with_capacity(line.text.len()), ..Paragraph::default() };
        let mut goes_on = false;
        // Most characters stay as they are: those between two that do not are copied at once.
        let mut copied = 0;
        for (index, (at, source)) in line.text.char_indices().enumerate() {
            let plain = fold_char(source);
            if plain == Some(source) && goes_on {
                continue;
            }
            paragraph.text.push_str(&line.text[copied..at]);
            copied = at + source.len_utf8();
            goes_on = match plain {
                Some(plain) => {
                    let start = paragraph.text.len();
                    if !goes_on {
                        paragraph.stretches.push(Stretch { start, line: number as u32, first: index as u32 });
                    }
                    if matches!(source, '—' | '–' | '―' | '─') {
                        paragraph.dashes.push(start);
                    }
                    paragraph.text.push(plain);
                    true
                }
                None => false,
            };
        }
        paragraph.text.push_str(&line.text[copied..]);
        paragraph
    }

    /// A text that came from no line of the document.
    pub(super) fn of_text(text: &str) -> Paragraph {
        let stretches = vec![Stretch { start: 0, line: 0, first: 0 }];
        Paragraph { text: text.to_owned(), stretches, ..Paragraph::default() }
    }

    /// Takes away what stands from byte `at` on, and gives it.
    pub(super) fn split_off(&mut self, at: usize) -> Paragraph {
        let part = |bytes: &mut Vec<usize>| -> Vec<usize> {
            let (before, behind) = bytes.iter().copied().partition(|byte| *byte < at);
            *bytes = before;
            let behind: Vec<usize> = behind;
            behind.into_iter().map(|byte| byte - at).collect()
        };
        let (dashes, seams) = (part(&mut self.dashes), part(&mut self.seams));
        let stretches = self.within(at, self.text.len()).map(|(stretch, bytes)| Stretch {
            start: bytes.start - at,
            first: self.character(stretch, bytes.start) as u32,
            ..stretch
        });
        let stretches = stretches.collect();
        self.stretches.retain(|stretch| stretch.start < at);
        Paragraph { text: self.text.split_off(at), stretches, dashes, seams }
    }

    /// The last of the lines that it consists of.
    pub(super) fn last_line(&self) -> usize {
        self.stretches.last().map_or(0, |stretch| stretch.line as usize)
    }

    /// Nothing but white space.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The sentence ends with the paragraph, so that the next line begins another one.
    pub(super) fn is_complete(&self) -> bool {
        let text = self.text.as_str();
        text.ends_with(['。', '!', '?', '！', '？']) || text.ends_with('.') && is_full_stop(text, text.len() - 1)
    }

    /// The kind of ordinal it begins with, and the bytes it takes.
    pub(super) fn ordinal(&self) -> (Ordinal, usize) {
        match leading_ordinal(&self.text) {
            (Ordinal::None, _) => self
                .damaged_ordinal()
                .or_else(|| self.bare_number())
                .or_else(|| bullet(&self.text))
                .unwrap_or((Ordinal::None, 0)),
            ordinal => ordinal,
        }
    }

    /// An ordinal behind which another mark stands than is usual, or a blank: `五，`, `五 `; `3；` before a path of the
    /// classification.
    fn damaged_ordinal(&self) -> Option<(Ordinal, usize)> {
        const LONGEST_HEADING: usize = 50 * 3;
        let text = self.text.as_str();
        let behind = text.trim_start_matches(|c: char| "一二三四五六七八九十".contains(c));
        let numeral = text.len() - behind.len();
        if numeral > 0 && numeral <= 9 && text.len() <= LONGEST_HEADING {
            let marked = behind.starts_with([',', ';', ':']).then_some(numeral + 1);
            let spaced = (self.gap_before(numeral) == Gap::Blank).then_some(numeral);
            return marked.or(spaced).map(|end| (Ordinal::Chinese, end));
        }
        let behind = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = text.len() - behind.len();
        let is_path = |text: &str| functions::levels().any(|level| text.contains(level));
        let marked = (1..=2).contains(&digits) && behind.starts_with([',', ';', ':']);
        (marked && is_path(behind) && !behind[1..].starts_with(|c: char| c.is_ascii_digit()))
            .then_some((Ordinal::Digit, digits + 1))
    }

    /// `2 决算情况`: the number of a short line without a mark or another number, and a blank behind it.
    fn bare_number(&self) -> Option<(Ordinal, usize)> {
        const LONGEST: usize = 20 * 3;
        let text = self.text.as_str();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let behind = &text[digits..];
        let plain = behind.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c) || matches!(c, '、' | '(' | ')'));
        let heads = (1..=2).contains(&digits)
            && plain
            && !behind.starts_with('第')
            && behind.chars().count() >= 4
            && text.len() <= LONGEST;
        (heads && self.gap_before(digits) == Gap::Blank).then_some((Ordinal::Digit, digits))
    }

    /// Goes on with the next line.
    pub(super) fn append(&mut self, next: &Paragraph) {
        let behind = self.text.len();
        self.dashes.extend(next.dashes.iter().map(|at| at + behind));
        self.seams.extend(next.seams.iter().map(|at| at + behind));
        self.stretches.extend(next.stretches.iter().map(|next| Stretch { start: next.start + behind, ..*next }));
        self.text.push_str(&next.text);
    }

    /// A line of digits alone begins here, or was left out before the first character.
    pub(super) fn begins_at_seam(&mut self) {
        self.seams.push(0);
    }

    /// A line of digits alone begins, ends, or was left out somewhere in `start..=end`.
    pub(super) fn has_seam(&self, start: usize, end: usize) -> bool {
        self.seams.iter().any(|seam| (start..=end).contains(seam))
    }

    /// Bytes `start..end` are all of a line of digits alone.
    pub(super) fn is_line_of_digits(&self, start: usize, end: usize) -> bool {
        self.seams.contains(&start)
            && (self.seams.contains(&end) || end == self.text.len())
            && !self.seams.iter().any(|seam| (start + 1..end).contains(seam))
    }

    /// The bytes at which the folded `-` was written as a dash, not as a minus sign or a hyphen.
    pub(super) fn dashes(&self) -> &[usize] {
        &self.dashes
    }

    /// The bytes of the text before which something stands in its line that has no meaning.
    pub(super) fn blanks(&self) -> impl Iterator<Item = usize> {
        let neighbours = self.stretches.iter().zip(self.stretches.iter().skip(1));
        neighbours.filter(|(before, behind)| before.line == behind.line).map(|(_, behind)| behind.start)
    }

    /// What stands in the file before the character at byte `at`.
    pub(super) fn gap_before(&self, at: usize) -> Gap {
        let Ok(index @ 1..) = self.stretches.binary_search_by_key(&at, |stretch| stretch.start) else {
            return Gap::None;
        };
        if self.stretches[index].line == self.stretches[index - 1].line { Gap::Blank } else { Gap::LineEnd }
    }

    /// The stretches that hold bytes `start..end`, each with the bytes that it holds of them.
    fn within(&self, start: usize, end: usize) -> impl Iterator<Item = (Stretch, std::ops::Range<usize>)> {
        let first = self.stretches.partition_point(|stretch| stretch.start <= start).saturating_sub(1);
        let ends = self.stretches.iter().skip(first + 1).map(|next| next.start).chain([self.text.len()]);
        let stretches = self.stretches.iter().skip(first).zip(ends);
        let within = move |(stretch, its_end): (&Stretch, usize)| {
            let bytes = stretch.start.max(start)..its_end.min(end);
            (bytes.start < bytes.end).then_some((*stretch, bytes))
        };
        stretches.map_while(within)
    }

    /// The character of its line at which the byte `at` of a stretch stands.
    fn character(&self, stretch: Stretch, at: usize) -> usize {
        stretch.first as usize + self.text[stretch.start..at].chars().count()
    }

    /// Where bytes `start..end` stand: the characters of the line in which they begin.
    pub(super) fn place(&self, lines: &[Line<'_>], start: usize, end: usize) -> (Place, Option<usize>) {
        // An empty stretch stands at the character behind it, where there is one.
        let Some((begins, bytes)) = self.within(start, end.max(start + 1)).next() else {
            // Behind the text: the place of its last line.
            let line = self.stretches.last().map_or(0, |stretch| stretch.line as usize);
            return (lines[line].place.clone(), lines[line].offset);
        };
        let of_line = self.within(start, end).take_while(|(stretch, _)| stretch.line == begins.line);
        let first = self.character(begins, bytes.start);
        let behind = of_line.last().map_or(first + 1, |(stretch, bytes)| self.character(stretch, bytes.end));
        let line = &lines[begins.line as usize];
        (line.place.narrowed(first, behind), line.offset.map(|offset| offset + first))
    }

    /// The characters of bytes `start..end` as they stand, without what the folding left out between them.
    pub(super) fn written(&self, lines: &[Line<'_>], start: usize, end: usize) -> CompactString {
        let mut written = CompactString::default();
        for (stretch, bytes) in self.within(start, end) {
            let first = self.character(stretch, bytes.start);
            let count = self.text[bytes].chars().count();
            let behind = behind_characters(lines[stretch.line as usize].text, first);
            written.push_str(&behind[..behind.len() - behind_characters(behind, count).len()]);
        }
        written
    }
}

/// What stands behind the first characters of a text, of which there are `count`.
fn behind_characters(text: &str, count: usize) -> &str {
    let mut characters = text.chars();
    if let Some(last) = count.checked_sub(1) {
        characters.nth(last);
    }
    characters.as_str()
}

/// A bullet, the dash of a list, `* ` of Markdown, or 第一，, and the bytes it takes.
fn bullet(text: &str) -> Option<(Ordinal, usize)> {
    let is_word = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let behind = text.trim_start_matches(['●', '◆', '■', '★', '▲', '◇', '□', '•', '◎', '▪', '➢', '※']);
    let dashed = || text.strip_prefix("--").map(|behind| behind.trim_start_matches('-'));
    let lettered = || text.strip_prefix(|c: char| c.is_ascii_alphabetic())?.strip_prefix(['.', '、', ')']);
    // `**` stands where a number should, and a dash before a number may be a minus.
    let marked = || text.strip_prefix(['*', '-']).filter(|behind| behind.starts_with(is_word));
    let counted =
        || text.strip_prefix('第')?.strip_prefix(|c| "一二三四五六七八九".contains(c))?.strip_prefix([',', '、']);
    let behind =
        if behind.len() < text.len() { behind } else { dashed().or_else(lettered).or_else(marked).or_else(counted)? };
    let begins_words = behind.starts_with(|c: char| is_word(c) || c.is_ascii_digit());
    begins_words.then_some((Ordinal::Bullet, text.len() - behind.len()))
}

/// The ordinal at the start of a folded text; `1.2020年` is an ordinal before a year.
pub(super) fn leading_ordinal(text: &str) -> (Ordinal, usize) {
    let (kind, part_of, rest) = split_ordinal(text);
    if matches!(kind, Ordinal::Digit | Ordinal::BracketedDigit | Ordinal::Circled)
        && let (Ordinal::Chinese, false, inner) = split_ordinal(rest)
    {
        // 5.五、…: numbered once by the program and once by hand.
        return (Ordinal::Chinese, text.len() - inner.len());
    }
    if kind != Ordinal::None && !part_of {
        return (kind, text.len() - rest.len());
    }
    if kind != Ordinal::None && !text.starts_with("其中") {
        // 1.其中:… : the ordinal alone.
        let end = text.find("其中").unwrap_or(0);
        return (kind, end);
    }
    if let Some((numbers, end)) = dotted_ordinal(text) {
        return (Ordinal::Dotted(numbers), end);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=2).contains(&digits)
        && let Some(rest) = text[digits..].strip_prefix('.')
        && (rest.len() > 7 && rest.as_bytes()[..4].iter().all(u8::is_ascii_digit) && rest[4..].starts_with('年')
            || begins_with_code(rest))
    {
        return (Ordinal::Digit, digits + 1);
    }
    (Ordinal::None, 0)
}

/// 2010601行政运行: the code of a 款 or 项 with a name directly behind it, behind an ordinal. 1.20106万元 is an amount.
pub(super) fn begins_with_code(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let is_name = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c) && !"万元千亿个人辆台套批次年".contains(c);
    matches!(digits, 5 | 7) && text.starts_with('2') && text[digits..].starts_with(|c| c == '(' || is_name(c))
}

/// The point at a byte ends a sentence, as it does where the marks of another language were typed: 增长8.8%.
///
/// One beside digits belongs to a number, several are what a template left blank.
pub(super) fn is_full_stop(text: &str, at: usize) -> bool {
    let ends_words = |c: char| !c.is_ascii() || matches!(c, '%' | ')');
    let begins_words = |c: char| !c.is_ascii() && c != '%';
    text[..at].ends_with(ends_words) && text[at + 1..].chars().next().is_none_or(begins_words)
}
