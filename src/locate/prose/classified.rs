//! Places of the classification that a sentence names, by code, by name or by a path of names.

use std::sync::Arc;

use super::functions;
use super::naming::Named;
use super::reading::Reading;
use super::section::SectionFunding;
use super::tokens::{Token, Word};
use crate::mapping::{LabelSense, Senses, WordSense};
use crate::model::Funding;

impl Reading<'_, '_> {
    /// 本年支出合计, of which a function is a part.
    pub(super) fn expenditure(&self, at: usize) -> Named {
        Named { words: self.text(at).into(), items: self.reader.expenditure.clone(), funded: true, ..Named::default() }
    }

    /// The code of a 类; a name that the economic classification or a fund (国有资本经营预算支出) has too must stand among other 类, and
    /// not where that fund is what the section is about.
    pub(super) fn category(&self, at: usize, senses: &Senses) -> Option<Arc<str>> {
        let year = self.reader.frame.fiscal_year;
        let fund = senses.label.as_ref().and_then(|label| label.funding);
        let of_both =
            fund.is_some() || self.reader.words.codes.economic.knows_name(&crate::model::Label::new(&self.text(at)));
        let before = self.state.subject.last().or(self.reader.subject.last());
        // Among those of another fund it is no 类 of that one.
        let goes_with = |of: Funding| fund.is_none_or(|fund| of.merged(fund).is_some());
        let among =
            |named: &Named| named.function.len() == 3 && named.doubt.is_none() && named.funding.is_none_or(goes_with);
        let section = self.reader.sections.current().filter(|_| fund.is_some());
        let of_section = section.is_some_and(|section| section.funding == SectionFunding::Told(fund));
        if of_both && (of_section || !before.is_some_and(among)) {
            return None;
        }
        self.reader.words.codes.functional.code_of(&self.text(at), 3, "", Some(year))
    }

    pub(super) fn function(&mut self, at: usize, function: &functions::Function) {
        let code = match function {
            functions::Function::Known(_) if functions::is_short(self.word_at(at)) && !self.is_among_categories(at) => {
                None
            }
            functions::Function::Known(code) => Some(code.clone()),
            functions::Function::Below(levels) => {
                let governing = self
                    .state
                    .subject
                    .iter()
                    .chain(self.state.list.iter().flat_map(|list| &list.total))
                    .find(|named| named.doubt.is_none() && !named.function.is_empty());
                // Without a 类 above it, 款 and 项 together may be those of one 类 alone.
                let parent = governing.map(|named| &*named.function).or((levels.len() > 1).then_some(""));
                let (codes, year) = (self.reader.words.codes, self.reader.frame.fiscal_year);
                // 其中：行政运行（项）80万元，执法办案（项）20万元: the second one stands beside the first.
                let beside = levels.first().map_or(0, |(digits, _)| digits.saturating_sub(2));
                // 就业补助 without its bracket may be a 款 or a 项.
                let bare = !self.text(at).contains('(');
                // 水利（款）680万元，其中：行政运行346万元: a part of that, and of no other 款 of its 类.
                let list = self.state.list.iter().filter(|list| list.doubt.is_none() && !list.of_several);
                let divided = list.flat_map(|list| &list.total).find(|total| total.function.len() == 5);
                let divided = divided.map(|total| total.function.clone()).filter(|_| bare);
                let below = |parent: &str| {
                    // Beside others of its 类, whatever governs.
                    let parent = match &divided {
                        Some(divided) if parent.starts_with(&**divided) => divided,
                        _ if bare => parent.get(..3).unwrap_or(parent),
                        _ => parent,
                    };
                    let resolved = |levels: &[(usize, String)]| {
                        functions::resolve(levels, parent.get(..beside).unwrap_or(parent), codes, year)
                    };
                    let section = || match levels.as_slice() {
                        [(7, name)] if bare && parent.len() == 3 => resolved(&[(5, name.clone())]),
                        _ => None,
                    };
                    match (resolved(levels), section()) {
                        (Some(_), Some(_)) => None,
                        (item, section) => item.or(section),
                    }
                };
                let above = || self.reader.above.places.innermost().and_then(|(_, above)| below(above));
                let free =
                    bare && self.reader.above.places.is_empty() && !self.reader.above.lost && self.state.list.is_none();
                let alone = || if free { self.only_place_of(levels) } else { None };
                parent.and_then(below).or_else(|| if governing.is_none() { above().or_else(alone) } else { None })
            }
        };
        match code {
            Some(code) => {
                let named = Named { function: code, ..self.expenditure(at) };
                self.name(named);
            }
            // 行政运行: a name that several places have, and no word that might be anything.
            None if !self.text(at).contains('(') => {
                self.block_at(at);
            }
            None => self.not_understood(at),
        }
    }

    /// 教育80万元、卫生健康20万元: another 类 with a longer name stands in the same sentence.
    fn is_among_categories(&self, at: usize) -> bool {
        let is_category = |token: &Token<'_>| match &token.word {
            Word::Function(functions::Function::Known(code)) => {
                code.len() == 3 && !functions::is_short(&self.paragraph.text[token.start..token.end])
            }
            Word::Phrase(senses) => senses.category,
            _ => false,
        };
        let ends = |token: &&Token<'_>| !matches!(token.word, Word::Mark('。'));
        let before = self.tokens[..at].iter().rev().take_while(ends);
        let behind = self.tokens[at + 1..].iter().take_while(ends);
        before.chain(behind).any(is_category)
    }

    /// 教育支出（类）甲乙（款）丙丁（项）: a whole path that the list does not have, or not so, and no word in it that tells anything else.
    pub(super) fn is_strange_path(&self, at: usize) -> bool {
        let text = self.text(at);
        let lexicon = self.reader.words.lexicon;
        let tells_more = |from: usize| {
            lexicon.beginning_at(&text, from).any(|found| {
                let is_word = text[found.start..found.end].chars().nth(1).is_some();
                let harmless = |word| {
                    use WordSense::{Aside, EndsExamples, Example, Itself, Joiner, Link, RepeatsUnit};
                    matches!(word, Aside | EndsExamples | Example | Itself | Joiner | Link | RepeatsUnit)
                };
                let names = |label: &Arc<LabelSense>| label.only.is_none();
                let senses = found.senses;
                is_word && (senses.word.is_some_and(|word| !harmless(word)) || senses.label.as_ref().is_some_and(names))
            })
        };
        // Its first level is one of all.
        let Some(end) = text.find("(类)") else { return false };
        let category = crate::model::Label::new(&text[..end]);
        let known = self.reader.words.codes.functional.knows_name(&category);
        known && text.contains("(项)") && !text.char_indices().any(|(from, _)| from >= end && tells_more(from))
    }

    /// Such a path takes away what governs until another label is named; that one, and the list, it leaves as they are.
    pub(super) fn strange_path(&mut self, at: usize) {
        let word = self.text(at);
        self.reader.stumbled = true;
        self.told.clear();
        self.state.block(&word, false);
    }

    /// 机关事业单位基本养老保险缴费支出年初预算60万元: a name without its 类 that one 项 of all has, and that means nothing else.
    fn only_place_of(&self, levels: &[(usize, String)]) -> Option<Arc<str>> {
        /// 培训支出, 安全监管: shorter names may be anything.
        const LONG: usize = 6;
        let codes = self.reader.words.codes;
        let [(7, name)] = levels else { return None };
        let label = crate::model::Label::new(name);
        let year = Some(self.reader.frame.fiscal_year);
        let of_section = codes.functional.code_of(name, 5, "", year).is_some();
        if name.chars().count() < LONG || of_section || codes.economic.knows_name(&label) {
            return None;
        }
        codes.functional.code_of(name, 7, "", year)
    }
}
