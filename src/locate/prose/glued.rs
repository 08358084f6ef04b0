//! Headings that stand at the end of the paragraph before, several in one line, or before the text below them in its line:
//! `占12%；三、支出决算情况说明`, `（二）收入决算情况说明2020年度收入合计…`.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::heading;
use super::text::{Gap, Paragraph};
use super::tokens::{self, Words};
use crate::mapping::{Vocabulary, behind_any, ends_with_any};
use crate::model::Ordinal;

/// The numbers of the headings 一、 二、 … read so far.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    last: usize,
}

impl Numbering {
    /// Parts a line before each heading that is glued to what stands before it.
    ///
    /// Such a heading has a later number than the one above, and no number of its own up to its end; any word of headings
    /// in it is enough, so that a word that is not understood does not leave the section before to govern what follows.
    pub(super) fn apart(&mut self, line: Paragraph, words: &Words<'_>, vocabulary: &Vocabulary) -> Vec<Paragraph> {
        let mut pieces = Vec::new();
        let mut rest = line;
        loop {
            let heading = self.next_heading(&rest, words, vocabulary);
            let bracketed = next_bracketed_heading(&rest, words, vocabulary);
            let counted = next_counted_heading(&rest, words, vocabulary);
            let text = text_behind_heading(&rest, words, vocabulary);
            let page = next_page_number(&rest, !pieces.is_empty(), words, vocabulary);
            let all = [heading.map(|(at, _)| at), bracketed, counted, text, page];
            let Some(at) = all.into_iter().flatten().min() else { break };
            if let Some((_, number)) = heading.filter(|(start, _)| *start == at) {
                self.last = number;
            }
            let behind = rest.split_off(at);
            pieces.push(std::mem::replace(&mut rest, behind));
        }
        pieces.push(rest);
        pieces
    }

    /// Where the first glued heading of a text begins, and its number.
    fn next_heading(
        &mut self,
        paragraph: &Paragraph,
        words: &Words<'_>,
        vocabulary: &Vocabulary,
    ) -> Option<(usize, usize)> {
        let text = paragraph.text.as_str();
        if let Some((number, _)) = chinese_ordinal(text) {
            self.last = number;
        }
        for at in ENUMERATION_MARK.find_iter(text.as_bytes()) {
            let Some(start) = ordinal_before(text, at).filter(|start| *start > 0) else { continue };
            let Some((number, _)) = chinese_ordinal(&text[start..]) else { continue };
            let parted =
                text[..start].ends_with(['。', ';', '%', '元', ')']) || paragraph.gap_before(start) == Gap::Blank;
            let behind = &text[at + '、'.len_utf8()..];
            let heads = || {
                is_heading(&text[start..], words, vocabulary)
                    || heading_length(behind, true, words, vocabulary).is_some()
            };
            if parted && number > self.last && number <= self.last + 4 && heads() {
                return Some((start, number));
            }
        }
        None
    }
}

/// Where the first `（一）…情况` or `（一）…说明` that is glued to the end of something else begins.
fn next_bracketed_heading(paragraph: &Paragraph, words: &Words<'_>, vocabulary: &Vocabulary) -> Option<usize> {
    let text = paragraph.text.as_str();
    text.match_indices('(').map(|(at, _)| at).filter(|at| *at > 0).find(|at| {
        let Some(behind) = behind_bracketed_ordinal(&text[*at..]) else { return false };
        let parted = text[..*at].ends_with(['。', ';', '%', '元'])
            || ends_with_any(&text[..*at], &words.lexicon.parts().explanations)
            || paragraph.gap_before(*at) == Gap::Blank;
        parted && heading_length(behind, false, words, vocabulary).is_some()
    })
}

/// Where the first `2.…情况` or `2.…说明` begins that stands between a sentence and the text below it.
fn next_counted_heading(paragraph: &Paragraph, words: &Words<'_>, vocabulary: &Vocabulary) -> Option<usize> {
    let text = paragraph.text.as_str();
    paragraph.blanks().filter(|at| text[..*at].ends_with(['。', ';'])).find(|at| {
        behind_digit_ordinal(&text[*at..])
            .is_some_and(|behind| heading_length(behind, true, words, vocabulary).is_some())
    })
}

/// Where the number of a page begins that stands between a heading or a sentence and the text of the next page, or where
/// that text begins behind the number (`inside` a line only: at its beginning it is a number of something else).
fn next_page_number(paragraph: &Paragraph, inside: bool, words: &Words<'_>, vocabulary: &Vocabulary) -> Option<usize> {
    let text = paragraph.text.as_str();
    let is_blank = |at: usize| paragraph.gap_before(at) == Gap::Blank;
    let number_ends = |at: usize| {
        let digits = text[at..].bytes().take_while(u8::is_ascii_digit).count();
        let stands_alone = (1..=3).contains(&digits) && !text[at..].starts_with('0') && is_blank(at + digits);
        (stands_alone && opens_text(text, at + digits, words)).then_some(at + digits)
    };
    if let Some(end) = number_ends(0).filter(|_| inside) {
        return Some(end);
    }
    let headed = |at: usize| {
        let behind = chinese_ordinal(text).map(|(_, length)| &text[length..]);
        let behind = behind.or_else(|| behind_bracketed_ordinal(text)).or_else(|| behind_digit_ordinal(text));
        behind.is_some_and(|behind| {
            let start = text.len() - behind.len();
            start < at && heading_length(&text[start..at], false, words, vocabulary) == Some(at - start)
        })
    };
    paragraph.blanks().find(|at| number_ends(*at).is_some() && (text[..*at].ends_with('。') || headed(*at)))
}

/// The number of a page, perhaps, and a sentence or a heading behind it.
fn page_turns(text: &str, words: &Words<'_>) -> bool {
    let behind = text.trim_start_matches(|c: char| c.is_ascii_digit());
    (1..=3).contains(&(text.len() - behind.len())) && opens_sentence(behind, words)
}

/// A bracket, or a word that sentences begin with and headings do not.
fn opens_sentence(text: &str, words: &Words<'_>) -> bool {
    text.starts_with('(') || behind_any(text, &words.lexicon.parts().sentence_begins).is_some()
}

/// What stands at `at` may begin the text of a section, or the heading of the next.
fn opens_text(text: &str, at: usize, words: &Words<'_>) -> bool {
    let behind = &text[at..];
    behind.starts_with("20")
        || opens_sentence(behind, words)
        || behind_digit_ordinal(behind).is_some()
        || words.unit_names.iter().any(|name| !name.of_kind && behind.starts_with(name.text.as_str()))
        || words.lexicon.beginning_at(text, at).any(|found| found.senses.label.is_some())
}

/// Where the text begins that stands in one line with the heading above it.
fn text_behind_heading(paragraph: &Paragraph, words: &Words<'_>, vocabulary: &Vocabulary) -> Option<usize> {
    let text = paragraph.text.as_str();
    let behind = match chinese_ordinal(text) {
        Some((_, length)) => &text[length..],
        None => behind_bracketed_ordinal(text).or_else(|| behind_digit_ordinal(text))?,
    };
    let at = text.len() - behind.len() + heading_length(behind, true, words, vocabulary)?;
    (at < text.len()).then_some(at)
}

/// The bytes of the heading that a text begins with: all its words are those of headings, the last one 情况 or 说明, and
/// behind it stands nothing, or what begins a sentence (with `goes_on`, that must stand there).
fn heading_length(text: &str, goes_on: bool, words: &Words<'_>, vocabulary: &Vocabulary) -> Option<usize> {
    const LONGEST: usize = 45 * 3;
    let longest = &text[..text.floor_char_boundary(LONGEST)];
    let mut end = 0;
    let ends = |from: usize| {
        let words = words.lexicon.parts().explanations.iter();
        words.filter_map(|word| Some(from + longest[from..].find(word.as_str())? + word.len())).min()
    };
    while let Some(next) = ends(end) {
        end = next;
        let head = &text[..end];
        if head.contains(['。', ';', ',', ':']) || head.contains(|c: char| c.is_ascii_digit()) && !goes_on {
            return None;
        }
        let behind = &text[end..];
        let opens = opens_text(text, end, words) || page_turns(behind, words);
        let stops = behind.is_empty() || behind.starts_with(['。', ':']);
        if !(opens || !goes_on && stops) {
            continue;
        }
        let cut = words.cut(&Paragraph::of_text(head));
        let read = heading::read(&cut.tokens, head, false, words.fiscal_year, vocabulary);
        let known = read.doubt.is_none() && (read.opens_section || read.funding.is_some()) && read.ends_as_heading;
        if known && !cut.tokens.iter().any(tokens::is_number) {
            return Some(end);
        }
    }
    None
}

/// What stands behind a `（一）`.
fn behind_bracketed_ordinal(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('(')?;
    let behind = inner.trim_start_matches(|c| NUMERALS.contains(c));
    (behind.len() < inner.len()).then(|| behind.strip_prefix(')')).flatten()
}

/// What stands behind a `1.` or `1、`.
fn behind_digit_ordinal(text: &str) -> Option<&str> {
    let behind = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - behind.len();
    (1..=2).contains(&digits).then(|| behind.strip_prefix(['.', '、'])).flatten()
}

/// The first words of a text, up to its first full stop, are those of a heading: no amounts, and a word of headings.
fn is_heading(text: &str, words: &Words<'_>, vocabulary: &Vocabulary) -> bool {
    let inside = text.char_indices().skip(3).find(|(at, c)| {
        matches!(c, '。' | ':' | ';' | ',') || ordinal_before(text, *at).is_some_and(|start| start > 0 && *c == '、')
    });
    let end = inside.map_or(text.len(), |(at, _)| at);
    let head = &text[..end];
    if head.chars().count() > 45 {
        return false;
    }
    let cut = words.cut(&Paragraph::of_text(head));
    let read = heading::read(&cut.tokens, head, false, words.fiscal_year, vocabulary);
    cut.ordinal == Ordinal::Chinese
        && !cut.tokens.iter().any(tokens::is_number)
        && (read.opens_section || read.funding.is_some() || read.ends_as_heading)
}

const NUMERALS: &str = "一二三四五六七八九十";

/// Every paragraph is searched for it.
static ENUMERATION_MARK: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("、"));

/// Where the Chinese numeral before the `、` at byte `at` begins.
fn ordinal_before(text: &str, at: usize) -> Option<usize> {
    let numeral: usize = text[..at].chars().rev().take_while(|c| NUMERALS.contains(*c)).map(char::len_utf8).sum();
    (numeral > 0).then_some(at - numeral)
}

/// `十二、` at the start of a text: 12, and the bytes it takes.
fn chinese_ordinal(text: &str) -> Option<(usize, usize)> {
    let numeral: String = text.chars().take_while(|c| NUMERALS.contains(*c)).collect();
    if numeral.is_empty() || !text[numeral.len()..].starts_with('、') {
        return None;
    }
    let digit = |c: char| NUMERALS.chars().position(|other| other == c).map(|at| at + 1);
    let chars: Vec<char> = numeral.chars().collect();
    let number = match chars.as_slice() {
        [one] => digit(*one)?,
        ['十', ones] => 10 + digit(*ones)?,
        [tens, '十'] => digit(*tens)? * 10,
        [tens, '十', ones] => digit(*tens)? * 10 + digit(*ones)?,
        _ => return None,
    };
    Some((number, numeral.len() + '、'.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_are_taken_off() {
        assert_eq!(behind_bracketed_ordinal("(十一)甲"), Some("甲"));
        assert_eq!(behind_bracketed_ordinal("(甲)乙"), None);
        assert_eq!(behind_digit_ordinal("12.甲"), Some("甲"));
        assert_eq!(behind_digit_ordinal("2020年"), None);
    }

    #[test]
    fn chinese_ordinals_have_their_numbers() {
        for (text, number) in [("一、甲", 1), ("十、甲", 10), ("十二、甲", 12), ("二十、甲", 20), ("二十一、甲", 21)]
        {
            assert_eq!(chinese_ordinal(text).map(|(number, _)| number), Some(number), "{text}");
        }
        assert_eq!(chinese_ordinal("一是甲"), None);
    }
}
