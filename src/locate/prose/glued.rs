//! Headings that stand at the end of the paragraph before, or several in one line: `占12%；三、支出决算情况说明`.

use super::section;
use super::text::{Gap, Paragraph};
use super::tokens::{self, Words};
use crate::mapping::Vocabulary;
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
        while let Some(at) = self.next_heading(&rest, words, vocabulary) {
            let behind = rest.split_off(at);
            pieces.push(std::mem::replace(&mut rest, behind));
        }
        pieces.push(rest);
        pieces
    }

    /// Where the first glued heading of a text begins.
    fn next_heading(&mut self, paragraph: &Paragraph, words: &Words<'_>, vocabulary: &Vocabulary) -> Option<usize> {
        let text = paragraph.text.as_str();
        if let Some((number, _)) = chinese_ordinal(text) {
            self.last = number;
        }
        for (at, _) in text.match_indices('、') {
            let Some(start) = ordinal_before(text, at).filter(|start| *start > 0) else { continue };
            let Some((number, _)) = chinese_ordinal(&text[start..]) else { continue };
            let parted =
                text[..start].ends_with(['。', ';', '%', '元', ')']) || paragraph.gap_before(start) == Gap::Blank;
            if parted && number > self.last && number <= self.last + 4 && is_heading(&text[start..], words, vocabulary)
            {
                self.last = number;
                return Some(start);
            }
        }
        None
    }
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
    let read = section::read(&cut.tokens, head, false, words.fiscal_year, vocabulary);
    cut.ordinal == Ordinal::Chinese
        && !cut.tokens.iter().any(tokens::is_number)
        && (read.opens_section || read.funding.is_some() || read.ends_as_heading)
}

const NUMERALS: &str = "一二三四五六七八九十";

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
    fn chinese_ordinals_have_their_numbers() {
        for (text, number) in [("一、甲", 1), ("十、甲", 10), ("十二、甲", 12), ("二十、甲", 20), ("二十一、甲", 21)]
        {
            assert_eq!(chinese_ordinal(text).map(|(number, _)| number), Some(number), "{text}");
        }
        assert_eq!(chinese_ordinal("一是甲"), None);
    }
}
