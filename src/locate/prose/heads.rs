//! What the lines above tell of, where the lines below divide it: （二）项目支出40万元。 / 1.农林水支出30万元 is what of the projects was spent for that,
//! and no amount of 农林水支出; what is divided so has no key.

use std::sync::Arc;

use super::Reader;
use super::functions;
use super::naming::Named;
use super::reading::Reading;
use super::tokens::{Cut, Token, Word};
use crate::mapping::{Only, Senses};

/// What a line tells of first, with an amount.
#[derive(Clone, Debug)]
pub(super) enum Head {
    /// A function, a kind of expenditure or a total.
    Label(Named),
    /// What its label names is not understood.
    Unknown(Arc<str>),
}

impl Reader<'_> {
    /// The line that was read stands above those below it. One without an ordinal ends what lines of its level and deeper ones told, if it tells of
    /// something new.
    pub(super) fn remember_head(&mut self, cut: &Cut<'_>, text: &str, from: usize) {
        let Some(number) = cut.tokens[from..].iter().position(super::tokens::is_number) else { return };
        let head = match &self.first {
            Some(_) if self.first_of_several => None,
            Some(first) => Some(Head::Label(first.clone())),
            None => match unknown_before(cut, text, from, from + number) {
                Some(words) => Some(Head::Unknown(words)),
                None => return,
            },
        };
        let Some(level) = self.level.or_else(|| self.sections.level()) else { return };
        let divides = |(.., above): &(u8, bool, Head)| match (&head, above) {
            (Some(Head::Label(first)), Head::Label(above)) => first.crosses(above, self.vocabulary),
            (Some(Head::Label(first)), Head::Unknown(_)) => !first.function.is_empty(),
            _ => false,
        };
        if self.level.is_none() && self.heads.iter().any(divides) {
            return;
        }
        self.heads.retain(|(above, ..)| *above < level);
        self.heads.extend(head.map(|head| (level, self.level.is_some(), head)));
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
        match &self.reader.first {
            None => self.reader.first = Some(named.clone()),
            Some(first) => {
                let apart = !named.same_as(first)
                    && !named.is_part_of(first, vocabulary)
                    && !first.is_part_of(named, vocabulary)
                    && !named.crosses(first, vocabulary);
                self.reader.first_of_several |= apart;
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
        let divided = |ordinal: bool, head: &Head| match head {
            // One without an ordinal heads the lines that have one.
            _ if !numbered && !ordinal => false,
            // 1.教育支出（类）30万元。 / 基本支出80万元: that of all again, where it has no ordinal.
            Head::Label(above) => {
                (of_function || numbered) && (named.crosses(above, vocabulary) || named.is_left_of(above, vocabulary))
            }
            Head::Unknown(_) => of_function || numbered && ordinal && named.is_kind(vocabulary),
        };
        let mut heads = self.reader.heads.iter().rev();
        let (.., found) = heads.find(|(_, ordinal, head)| divided(*ordinal, head))?;
        Some(match found {
            Head::Label(above) => format!("{} {}", above.words, named.words),
            Head::Unknown(words) => words.to_string(),
        })
    }
}
