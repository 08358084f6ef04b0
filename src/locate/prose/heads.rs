//! What the lines above tell of, where the lines below divide it: （二）项目支出40万元。 / 1.农林水支出30万元 is what of the projects was spent for that,
//! and no amount of 农林水支出; what is divided so has no key. So it may be below 其中项目支出40万元。, where no line has an ordinal.

use std::sync::Arc;

use super::Reader;
use super::functions;
use super::naming::Named;
use super::reading::Reading;
use super::tokens::{Cut, Token, Word};
use crate::mapping::{Only, Senses, WordSense};

/// A line that tells of something with an amount, above those that may divide it.
#[derive(Debug)]
pub(super) struct Head {
    of: HeadOf,
    /// It has an ordinal.
    numbered: bool,
    /// It may tell of a part of what stands above it: 其中项目支出40万元。
    of_part: bool,
}

/// What such a line tells of first.
#[derive(Debug)]
enum HeadOf {
    /// A function, a kind of expenditure or a total.
    Label(Named),
    /// What its label names is not understood.
    Unknown(Arc<str>),
}

/// The first label of a line that one fund or another may pay.
#[derive(Debug, Default)]
pub(super) struct FirstLabel {
    label: Option<Named>,
    /// The line names another such label that stands beside the first: 基本支出80万元，项目支出40万元.
    of_several: bool,
}

impl FirstLabel {
    pub(super) fn take_label(&mut self) -> Option<Named> {
        self.label.take()
    }
}

impl Reader<'_> {
    /// The line that was read stands above those below it. One without an ordinal ends what lines of its level and deeper ones told, if it tells of
    /// something new.
    pub(super) fn remember_head(&mut self, cut: &Cut<'_>, text: &str, from: usize) {
        let Some(number) = cut.tokens[from..].iter().position(super::tokens::is_number) else { return };
        let of = match &self.first {
            FirstLabel { of_several: true, .. } => None,
            FirstLabel { label: Some(first), .. } => Some(HeadOf::Label(first.clone())),
            FirstLabel { label: None, .. } => match unknown_before(cut, text, from, from + number) {
                Some(words) => Some(HeadOf::Unknown(words)),
                None => return,
            },
        };
        let Some(level) = self.level_or_section() else { return };
        let numbered = self.level.is_some();
        let divides = |above: &Head| match (&of, &above.of) {
            (Some(HeadOf::Label(first)), HeadOf::Label(above)) => first.crosses(above, self.vocabulary),
            (Some(HeadOf::Label(first)), HeadOf::Unknown(_)) => !first.function.is_empty(),
            (Some(HeadOf::Unknown(_)), _) => above.of_part,
            _ => false,
        };
        if !numbered && self.above.heads.outwards().any(divides) {
            return;
        }
        let may_open_parts = |token: &Token<'_>| match &token.word {
            Word::Unknown => true,
            Word::Phrase(senses) => senses.word == Some(WordSense::PartsOpen),
            _ => false,
        };
        let of_part = cut.tokens[from..from + number].iter().any(may_open_parts);
        self.above.heads.leave(level);
        if let Some(of) = of {
            self.above.heads.enter(level, Head { of, numbered, of_part });
        }
    }
}

/// The word that is not understood before a number, where no label stands there.
fn unknown_before(cut: &Cut<'_>, text: &str, from: usize, number: usize) -> Option<Arc<str>> {
    let before = &cut.tokens[from..number];
    let names = |senses: &Senses| {
        senses.category
            || senses.label.as_ref().is_some_and(|label| !matches!(label.only, Some(Only::Weak | Only::Nothing)))
    };
    let labelled = before.iter().any(|token| match &token.word {
        Word::Function(_) => true,
        Word::Phrase(senses) => names(senses),
        _ => false,
    });
    let is_unknown = |token: &&Token<'_>| matches!(token.word, Word::Unknown);
    let mut unknown = before.iter().filter(is_unknown).map(|token| &text[token.start..token.end]).peekable();
    // 1.甲乙（项）3万元: a place, whichever.
    let is_place = |word: &str| functions::levels().any(|level| word.contains(&level[1..]));
    let first = *unknown.peek()?;
    (!labelled && !unknown.any(is_place)).then(|| Arc::from(first))
}

impl Reading<'_, '_> {
    /// The first label of the line, and whether others stand beside it.
    pub(super) fn remember_first(&mut self, named: &Named) {
        if !named.funded || self.state.aside {
            return;
        }
        let vocabulary = self.reader.vocabulary;
        match &self.reader.first.label {
            None => self.reader.first.label = Some(named.clone()),
            Some(first) => {
                let apart = !named.same_as(first)
                    && !named.is_part_of(first, vocabulary)
                    && !first.is_part_of(named, vocabulary)
                    && !named.crosses(first, vocabulary);
                self.reader.first.of_several |= apart;
            }
        }
    }

    /// What the line above tells of, where the label divides that.
    pub(super) fn below_another_kind(&self, named: &Named) -> Option<String> {
        if named.items.is_empty() || named.only.is_some() || named.own_funding.is_some() {
            return None;
        }
        let vocabulary = self.reader.vocabulary;
        let section = self.reader.sections.all().iter().rev().find(|section| section.of_carried);
        if let Some(section) = section.filter(|_| !named.function.is_empty() || named.is_kind(vocabulary)) {
            // 年末结转和结余情况 / 农林水支出15万元: what is left of it.
            return Some(section.title.clone());
        }
        let numbered = self.reader.level.is_some();
        let of_function = !named.function.is_empty();
        // （二）项目支出200万元。 / 1.会议费5万元: of the projects, not all of it.
        let is_whole = numbered && !named.funded && !named.is_carried(vocabulary);
        let within = |above: &Named| !above.function.is_empty() || above.is_kind(vocabulary);
        let divided = |head: &&Head| match &head.of {
            // One without an ordinal heads the lines that have one, and one of a part those without, too.
            HeadOf::Label(above) if !numbered && !head.numbered => {
                head.of_part && of_function && named.crosses(above, vocabulary)
            }
            HeadOf::Unknown(_) if !numbered && !head.numbered => head.of_part && of_function,
            HeadOf::Label(above) if head.numbered && is_whole && within(above) => true,
            // 1.教育支出（类）30万元。 / 基本支出80万元: that of all again, where it has no ordinal.
            HeadOf::Label(above) => {
                (of_function || numbered) && (named.crosses(above, vocabulary) || named.is_left_of(above, vocabulary))
            }
            HeadOf::Unknown(_) => of_function || numbered && head.numbered && (is_whole || named.is_kind(vocabulary)),
        };
        Some(match &self.reader.above.heads.outwards().find(divided)?.of {
            HeadOf::Label(above) => format!("{} {}", above.words, named.words),
            HeadOf::Unknown(words) => words.to_string(),
        })
    }
}
