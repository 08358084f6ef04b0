//! Lines that are one paragraph: a page, or a program that copied one, ends them inside a sentence, a word or a heading.

use super::headings::{Shape, announced};
use super::text::Paragraph;
use super::tokens::{self, Cut, Word};
use super::{Reader, functions, opens_list, pages};
use crate::mapping::{WordSense, ends_with_any};
use crate::model::Ordinal;

/// A paragraph, as far as its lines were joined, and its words.
pub(super) struct Piece<'a> {
    pub(super) paragraph: Paragraph,
    pub(super) cut: Cut<'a>,
}

impl<'a> Reader<'a> {
    /// A line that ends inside a sentence goes on in the next, but never across a heading.
    pub(super) fn goes_on(&self, before: &Piece<'a>, next: &Piece<'a>) -> bool {
        if self.lists_an_expense(before, next) {
            return true;
        }
        let announces = announced(&before.paragraph, &before.cut, self.words.lexicon.parts()).is_some();
        let parts = self.words.lexicon.parts();
        // …占12%。图1：收入决算结构图
        let ends_with_caption =
            before.paragraph.text.rsplit_once('。').is_some_and(|(_, end)| pages::is_caption(end, parts));
        let tells_unit = |piece: &Piece<'a>| self.words.unit_told_by(&piece.paragraph, &piece.cut).is_some();
        if tells_unit(before) || tells_unit(next) {
            return false;
        }
        if before.paragraph.is_complete() || next.cut.ordinal != Ordinal::None || announces || ends_with_caption {
            return false;
        }
        if parts_a_path(before, next) || self.parts_a_word(before, next) || self.ends_a_heading(before, next) {
            return true;
        }
        if self.stands_alone(before, next) || opens_list(&before.cut) && !self.fills_its_line(&before.paragraph) {
            return false;
        }
        match self.shape(&next.cut, &next.paragraph) {
            Shape::Sentence => true,
            // 完成 | 预算的: the page broke the line.
            Shape::Heading => {
                self.fills_its_line(&before.paragraph)
                    && !ends_with_any(&next.paragraph.text, &self.words.lexicon.parts().heading_ends)
            }
            Shape::Caption => false,
        }
    }

    /// The last line of a paragraph is as wide as the page.
    fn fills_its_line(&self, paragraph: &Paragraph) -> bool {
        self.page_width.is_some_and(|width| pages::is_full(self.lines[paragraph.last_line()].text, width))
    }

    /// The line's end stands inside a word: 支 | 出决算, 年初 | 预算.
    ///
    /// What stands before the line's end, or behind it, is no known word, or is a time, with which no line ends; together they are a
    /// known word.
    fn parts_a_word(&self, before: &Piece<'a>, next: &Piece<'a>) -> bool {
        let unknown =
            |token: Option<&tokens::Token<'_>>| token.is_some_and(|token| matches!(token.word, Word::Unknown));
        let time = before.cut.tokens.last().is_some_and(|token| match &token.word {
            Word::Phrase(senses) => matches!(senses.word, Some(WordSense::Time(_))) && senses.label.is_none(),
            _ => false,
        });
        if !time && !unknown(before.cut.tokens.last()) && !unknown(next.cut.tokens.first()) {
            return false;
        }
        let end = before.paragraph.text.len();
        let mut whole = before.paragraph.clone();
        whole.append(&next.paragraph);
        let cut = self.words.cut(&whole);
        let over = cut.tokens.iter().find(|token| token.start < end && token.end > end);
        over.is_some_and(|token| matches!(token.word, Word::Phrase(_) | Word::Function(_)))
    }

    /// The next line is the end of a heading that the line's end parts: …支出决算 | 情况说明.
    fn ends_a_heading(&self, before: &Piece<'a>, next: &Piece<'a>) -> bool {
        self.ends_a_long_heading(before, next) || self.is_only_a_headings_end(before, next)
    }

    /// …一般公共预算财政拨款 | 支出决算情况说明: a long line with an ordinal that does not end as headings do, and together with
    /// the next one does.
    fn ends_a_long_heading(&self, before: &Piece<'a>, next: &Piece<'a>) -> bool {
        /// No page is narrower.
        const SHORTEST: usize = 16;
        let is_plain = |piece: &Piece<'a>| {
            !piece.cut.tokens.iter().any(|token| match token.word {
                Word::Number(_) | Word::Function(_) => true,
                Word::Mark(mark) => mark != '、',
                _ => false,
            })
        };
        let ends = |text: &str| ends_with_any(text, &self.words.lexicon.parts().explanations);
        let (long, short) = (before.paragraph.text.chars().count(), next.paragraph.text.chars().count());
        let may = before.cut.ordinal != Ordinal::None && long >= SHORTEST && short <= long;
        if !(may && !ends(&before.paragraph.text) && ends(&next.paragraph.text) && is_plain(before) && is_plain(next)) {
            return false;
        }
        let mut whole = before.paragraph.clone();
        whole.append(&next.paragraph);
        let cut = self.words.cut(&whole);
        let heading = self.read_heading(&cut, &whole, cut.tokens.len());
        heading.ends_as_heading && heading.doubt.is_none()
    }

    /// …支出决算 | 情况说明: the next line says nothing of its own.
    fn is_only_a_headings_end(&self, before: &Piece<'a>, next: &Piece<'a>) -> bool {
        let is_end = |token: &tokens::Token<'_>| match &token.word {
            Word::Phrase(senses) => senses.heading_word && senses.heading.is_none() && senses.label.is_none(),
            _ => false,
        };
        let (Some(last), true) = (before.cut.tokens.last(), before.cut.ordinal != Ordinal::None) else { return false };
        let numbers = before.cut.tokens.iter().any(tokens::is_number);
        !numbers
            && !matches!(last.word, Word::Mark(_) | Word::Close)
            && next.paragraph.text.chars().count() <= 6
            && next.cut.tokens.iter().all(is_end)
            && (!self.text_ends_as_explanation(before) || self.is_last_word(before, next))
    }

    /// …总体情况 | 说明: nothing but the last word of explanations, which the heading has not yet.
    fn is_last_word(&self, before: &Piece<'a>, next: &Piece<'a>) -> bool {
        let (end, text) = (before.paragraph.text.as_str(), next.paragraph.text.as_str());
        self.words.lexicon.parts().explanations.iter().any(|word| word == text) && !end.ends_with(text)
    }

    /// A heading that has its last word already: …情况说明.
    fn text_ends_as_explanation(&self, piece: &Piece<'a>) -> bool {
        ends_with_any(&piece.paragraph.text, &self.words.lexicon.parts().explanations)
    }

    /// A heading, which the next line does not go on with.
    fn stands_alone(&self, piece: &Piece<'a>, next: &Piece<'a>) -> bool {
        let Piece { paragraph, cut } = piece;
        if cut.ordinal == Ordinal::None {
            return self.shape(cut, paragraph) != Shape::Sentence;
        }
        // With an ordinal: a short line that ends without a mark and has no number.
        let marks = cut.tokens.iter().any(|token| matches!(token.word, Word::Mark(mark) if mark != '、'));
        !marks && !cut.tokens.iter().any(tokens::is_number) && {
            let heading = self.read_heading(cut, paragraph, cut.tokens.len());
            heading.ends_as_heading || heading.doubt.is_some() || !begins_inside(&next.cut)
        }
    }
}

/// The line's end parts the names of the classification: …（款） | 行政运行（项）, 教育支出 | （类）….
fn parts_a_path(before: &Piece<'_>, next: &Piece<'_>) -> bool {
    let goes_on = functions::levels().any(|level| next.paragraph.text.starts_with(level));
    let behind_level = functions::levels().take(2).any(|level| before.paragraph.text.ends_with(level));
    goes_on
        || behind_level && matches!(next.cut.tokens.first().map(|token| &token.word), Some(Word::Function(_)))
        || parts_a_name(&before.paragraph.text, &next.paragraph.text)
}

/// …（款）其他 | 财政事务支出（项）: a name behind a level has its own level in the next line.
fn parts_a_name(before: &str, next: &str) -> bool {
    let is_name = |text: &str| !text.is_empty() && text.chars().all(char::is_alphabetic);
    functions::levels().zip(functions::levels().skip(1)).any(|(above, below)| {
        let begun = before.rsplit_once(above).is_some_and(|(_, name)| is_name(name));
        begun && next.split_once(below).is_some_and(|(name, _)| is_name(name))
    })
}

/// The line begins with a word that no sentence begins with: 决算, 为, a number.
fn begins_inside(cut: &Cut<'_>) -> bool {
    match cut.tokens.first().map(|token| &token.word) {
        Some(Word::Number(_) | Word::Mark(_)) => true,
        Some(Word::Phrase(senses)) => {
            matches!(senses.word, Some(WordSense::Measure(_) | WordSense::Link | WordSense::Direction(_)))
        }
        _ => false,
    }
}
