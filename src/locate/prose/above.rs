//! What the lines above the one in hand tell of, as far as it reaches down to it: lines with ordinals nest (一、 above （一） above 1.), one ends what
//! its like and those below it told, and a heading ends all.

use std::sync::Arc;

use super::Reader;
use super::functions::Function;
use super::heads::Head;
use super::naming::Named;
use super::section::{self, SectionFunding};
use super::sentence::List;
use super::text::Paragraph;
use super::tokens::{Cut, Token, Word};
use crate::model::{Funding, Label, Ordinal};

/// What lines told, each with its line's level, the outermost first.
#[derive(Debug)]
pub(super) struct Nested<T>(Vec<(u8, T)>);

impl<T> Default for Nested<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Nested<T> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A line of this level stands below those of less.
    pub(super) fn leave(&mut self, level: u8) {
        self.0.retain(|(above, _)| *above < level);
    }

    /// What a line of this level told is over, and what is below it goes on.
    fn end(&mut self, level: u8) -> Option<T> {
        let at = self.0.iter().position(|(above, _)| *above == level)?;
        Some(self.0.remove(at).1)
    }

    pub(super) fn enter(&mut self, level: u8, told: T) {
        self.0.push((level, told));
    }

    pub(super) fn innermost(&self) -> Option<(u8, &T)> {
        self.0.last().map(|(level, told)| (*level, told))
    }

    /// From the innermost outwards.
    pub(super) fn outwards(&self) -> impl Iterator<Item = &T> {
        self.0.iter().rev().map(|(_, told)| told)
    }
}

/// What the lines above tell of.
#[derive(Debug, Default)]
pub(super) struct Above {
    /// The places of the classification that lines with ordinals began with.
    pub(super) places: Nested<Arc<str>>,
    /// A line stands below the last heading.
    pub(super) begun: bool,
    /// A line with an ordinal does, which the lines behind it without one may go on with.
    pub(super) numbered: bool,
    /// A line since the last heading was not understood: it may have named a place for those below it.
    pub(super) lost: bool,
    /// What lines told of first, where its words name its funding.
    pub(super) funds: Nested<Named>,
    /// A paragraph without an ordinal since the last heading was not understood, or told of several funds: which the lines below divide,
    /// nobody knows.
    pub(super) fund_lost: bool,
    /// What lines told of first with an amount, which the lines below may divide.
    pub(super) heads: Nested<Head>,
    /// The list that a line left open (其中：).
    pub(super) list: Option<List>,
    /// The level of that line, or else of the heading above it: a line of this level is no part of the list.
    list_from: Option<u8>,
    /// What the paragraph before divided: 按支出性质分类, or 其中.
    pub(super) divided: Option<List>,
}

impl Above {
    /// A line with an ordinal of this level follows.
    pub(super) fn leave(&mut self, level: u8) {
        self.places.leave(level);
        self.funds.leave(level);
        self.heads.leave(level);
        if self.list_from.is_some_and(|from| level <= from) {
            self.list = None;
        }
    }

    /// A heading follows. One of a place of the classification stands amid an open list.
    pub(super) fn end(&mut self, heads_place: bool) {
        let list = self.list.take().filter(|_| heads_place);
        *self = Self { list, list_from: self.list_from, ..Self::default() };
    }

    /// A line of this level left a list open.
    pub(super) fn open_list(&mut self, list: List, level: Option<u8>) {
        (self.list, self.list_from) = (Some(list), level);
    }
}

impl Reader<'_> {
    /// The level of the line, or else of the section that it stands in.
    pub(super) fn level_or_section(&self) -> Option<u8> {
        self.level.or_else(|| self.sections.level())
    }

    /// 一般公共预算财政拨款支出90万元。 / 1.教育支出30万元: what the line told of first is above those below it, where its words name its funding.
    pub(super) fn remember_fund(&mut self, cut: &Cut<'_>) {
        let first = self.first.take_label().filter(|first| first.own_funding.is_some());
        let Some(level) = self.level.or_else(|| self.sections.level()) else { return };
        if self.level.is_some() {
            first.into_iter().for_each(|first| self.above.funds.enter(level, first));
            return;
        }
        let before = match self.sections.current() {
            Some(section) if section.funding == SectionFunding::NotTold => {
                self.above.funds.leave(level);
                None
            }
            _ => self.above.funds.end(level),
        };
        self.above.fund_lost |= self.stumbled;
        if let Some(first) = first.filter(|first| self.heads_lines(first, before.as_ref(), cut)) {
            self.above.funds.enter(level, first);
        }
    }

    /// The paragraph without an ordinal stands above the lines that have one, where the heading tells no funding, the paragraph ends with
    /// a colon, or tells of the heading's own item: 基本支出情况 / 一般公共预算基本支出90万元。 / 1.人员经费80万元.
    fn heads_lines(&mut self, first: &Named, before: Option<&Named>, cut: &Cut<'_>) -> bool {
        let Some(section) = self.sections.current() else { return false };
        if section.funding == SectionFunding::NotTold {
            return true;
        }
        let apart = |fund: Funding| fund != Funding::Appropriation && Some(fund) != first.own_funding;
        let other = |told: &Named| told.own_funding.filter(|fund| apart(*fund));
        let mut told = self.told.iter().chain(before);
        let of_several = told.any(|told| told.items == first.items && other(told).is_some());
        let announces = matches!(cut.tokens.last().map(|last| &last.word), Some(Word::Mark(':')));
        let of_topic = section.topics.iter().any(|topic| topic.items == first.items && !topic.is_total());
        self.above.fund_lost |= of_several && of_topic;
        !of_several && (announces && !self.stumbled || of_topic && !self.above.fund_lost)
    }

    /// 1.公共安全支出（类）1560万元，…。 / （1）公安（款）…: a line that begins with a place heads the deeper lines behind it.
    pub(super) fn remember_place(&mut self, paragraph: &Paragraph, cut: &Cut<'_>, from: usize) {
        self.above.lost |= self.stumbled;
        if self.stumbled {
            self.above.places = Nested::default();
        } else if from == 0
            && cut.ordinal != Ordinal::None
            && let Some(code) = cut.tokens.first().and_then(|token| self.place_of(token, paragraph))
        {
            self.above.places.enter(section::level(cut.ordinal), code);
        }
    }

    /// The code that a word names: a path, or a 类 with its 支出.
    fn place_of(&self, token: &Token<'_>, paragraph: &Paragraph) -> Option<Arc<str>> {
        match &token.word {
            Word::Function(Function::Known(code)) => Some(code.clone()),
            Word::Phrase(senses) if senses.category => {
                let name = &paragraph.text[token.start..token.end];
                let codes = self.words.codes;
                let of_both = codes.economic.knows_name(&Label::new(name));
                codes.functional.code_of(name, 3, "", Some(self.frame.fiscal_year)).filter(|_| !of_both)
            }
            _ => None,
        }
    }
}
